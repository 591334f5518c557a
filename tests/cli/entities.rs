//! `--entity` finds by id and by name, in every command that has it.

use super::world::World;

fn world() -> World {
    let world = World::sound();
    world.write("data/ward.csv", "ward_id,name\nw1,North\nw2,South\nw3,NORTH\nW4,Norah\nSouth,w2\n");
    world
}

#[test]
fn an_entity_is_found_by_its_id_and_by_its_name() {
    let world = World::sound();
    for command in [
        "scorecard --level ward --format csv",
        "cases seen_share --format csv",
        "trend seen_share --format csv",
        "book",
    ] {
        let of = |entity: &str| world.measure(&format!("{command} --entity {entity}")).fine().out.clone();
        for other in ["South", "south", "W2"] {
            assert_eq!(of("w2"), of(other), "{command}: {other}");
        }
        assert_ne!(of("w1"), of("w2"), "{command}");
    }
}

#[test]
fn an_id_comes_before_a_name_and_what_is_not_sure_is_asked() {
    let world = world();
    let csv = |entity: &str| world.measure(&format!("scorecard --level ward --format csv --entity {entity}"));
    // The id of one is the name of another.
    assert!(csv("w2").fine().out.contains(",w2,South,"), "{}", csv("w2").out);
    assert!(csv("South").fine().out.contains(",South,w2,"), "{}", csv("South").out);
    csv("w4").fine();
    csv("north").stopped(
        2,
        &[
            "`north` is the id or the name of several entities: `w1` (ward North), `w3` (ward NORTH)",
            "say which by its id",
        ],
    );
}

#[test]
fn what_nothing_is_called_names_what_is_near() {
    let world = world();
    world.measure("trend seen_share --entity Norh").stopped(
        2,
        &[
            "there is no entity with the id or the name `Norh`",
            "did you mean `w3` (ward NORTH), or `W4` (ward Norah), or `w1` (ward North)?",
        ],
    );
    world.measure("trend seen_share --entity xxxxxxxxx").stopped(2, &["lists every id and name"]);
}
