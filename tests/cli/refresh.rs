//! `refresh`: a folder for each month, what moved since the one before, and nothing half done.

use super::world::{INDICATOR, World};
use std::fs;

const OUTSIDE: &str = "scorecard outside \"For readers outside\" {\n  service: seen_share\n  hide counts under 5\n}\n";

/// With data through March, and a name that Markdown would read as marks.
fn world() -> World {
    let world = World::sound();
    world.write("data/ward.csv", "ward_id,name\nw1,\"North | <b>*one*</b>\"\nw2,South\n");
    world
}

/// April has come: a visit of April, and one of March that was entered late.
fn april(world: &World) {
    let visits = world.read("data/visit.csv").unwrap() + "v6,w1,2024-04-10,false\nv7,w2,2024-03-20,false\n";
    world.write("data/visit.csv", visits.replace("v4,w2,2024-03-16,\n", "v4,w2,2024-03-16,true\n"));
    world.write("data/dataset.toml", "as_of = 2024-04-30\nname = \"Two wards\"\n");
}

fn names(world: &World, folder: &str) -> Vec<String> {
    let entries = fs::read_dir(world.path().join(folder)).unwrap();
    let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn a_month_stands_beside_the_one_before_and_what_moved_is_said_with_its_reason() {
    let world = world();
    world.write("indicators/outside.ind", OUTSIDE);
    let first = world.measure("refresh").fine().out.clone();
    assert!(first.contains("no month before it") && first.contains("the scorecard outside"), "{first}");
    let files = ["data.txt", "definitions", "manifest.json", "results.csv.gz", "scorecard.html", "scorecard.xlsx"];
    assert_eq!(names(&world, "published/2024-03"), files);
    assert!(world.read("published/latest/scorecard.html").unwrap().contains("Mar 2024"));
    april(&world);
    world.measure("refresh").fine();
    assert_eq!(names(&world, "published"), [".refresh.lock", "2024-03", "2024-04", "latest"]);
    assert!(world.read("published/latest/scorecard.html").unwrap().contains("Apr 2024"));
    insta::assert_snapshot!("refresh_changes", world.read("published/2024-04/changes.md").unwrap());
    let manifest: serde_json::Value =
        serde_json::from_str(&world.read("published/latest/manifest.json").unwrap()).unwrap();
    assert_eq!((&manifest["before"]["month"], &manifest["tables"]["visit"]["read"]), (&"2024-03".into(), &7.into()));
    assert!(
        manifest["data"]["visit.csv"].is_string() && manifest["definitions"]["model.ind"].is_string(),
        "{manifest}"
    );
}

#[test]
fn the_same_month_again_changes_nothing_and_another_takes_its_place_only_when_asked() {
    let world = world();
    world.measure("refresh --keep-data").fine();
    let before = world.read("published/2024-03/manifest.json");
    let again = world.measure("refresh --keep-data").fine().out.clone();
    assert!(again.contains("nothing to do"), "{again}");
    world.write("indicators/seen.ind", INDICATOR.replace("at least 60%", "at least 70%"));
    let refused = world.measure("refresh");
    assert!(refused.code == Some(2) && refused.err.contains("1 file of the definitions"), "{refused:?}");
    assert_eq!(world.read("published/2024-03/manifest.json"), before);
    world.measure("refresh --replace").fine();
    assert_eq!(world.read("published/2024-03.replaced-1/manifest.json"), before);
    assert_ne!(world.read("published/2024-03/manifest.json"), before);
}

#[test]
fn a_month_is_made_again_byte_by_byte_from_what_its_folder_keeps() {
    let world = world();
    world.measure("refresh --keep-data").fine();
    april(&world);
    world.measure("refresh").fine();
    let said = world.run("refresh --verify 2024-03").fine().out.clone();
    assert!(said.contains("each made again with the same bytes"), "{said}");
    world.measure("refresh --verify 2024-04").fine();
    // The data it was made from is not there.
    let visits = world.read("data/visit.csv").unwrap() + "v8,w1,2024-04-11,true\n";
    world.write("data/visit.csv", visits);
    let refused = world.measure("refresh --verify 2024-04");
    assert!(refused.code == Some(3) && refused.err.contains("1 file of the data"), "{refused:?}");
    // Somebody wrote in the folder.
    world.write("published/2024-03/data.txt", "all is well\n");
    let refused = world.run("refresh --verify 2024-03");
    assert!(refused.code == Some(3) && refused.err.contains("not the file that was written"), "{refused:?}");
    for (words, message) in [("2024-13", "no month `2024-13`"), ("../data", "no month"), ("2023-01", "no month")] {
        let refused = world.run(&format!("refresh --verify {words}"));
        assert!(refused.code == Some(2) && refused.err.contains(message), "{refused:?}");
    }
}

#[test]
fn a_month_may_hold_a_book_of_each_entity_of_a_level() {
    let world = world();
    let said = world.measure("refresh --books ward --keep-data").fine().out.clone();
    assert!(said.contains("books/ (2 of ward)"), "{said}");
    assert_eq!(names(&world, "published/2024-03/books"), ["w1.html", "w2.html"]);
    april(&world);
    world.measure("refresh --books ward").fine();
    let book = world.read("published/2024-04/books/w2.html").unwrap();
    assert!(book.contains("what was published of it as of 31 Mar 2024") && !book.contains("BLAKE3"), "{book}");
    // As of the same month: with the same books, and with none.
    assert!(world.measure("refresh --books ward").fine().out.contains("nothing to do"));
    let refused = world.measure("refresh");
    assert!(refused.code == Some(2) && refused.err.contains("its books are of ward"), "{refused:?}");
    for month in ["2024-03", "2024-04"] {
        let said = world.measure(&format!("refresh --verify {month}")).fine().out.clone();
        assert!(said.contains("each made again with the same bytes"), "{said}");
    }
    let refused = world.measure("refresh --books wards --to elsewhere");
    assert!(refused.code == Some(2) && refused.err.contains("`wards`"), "{refused:?}");
    assert!(!world.path().join("elsewhere").exists());
}

#[test]
fn what_is_not_whole_or_not_the_month_is_refused() {
    let world = world();
    let refused = world.measure("refresh --as-of 2024-03-30");
    assert!(refused.code == Some(2) && refused.err.contains("--as-of 2024-02-29"), "{refused:?}");
    world.write("data/visit.csv", "visit_id,ward_id,came_on,seen\n");
    let refused = world.measure("refresh");
    assert!(refused.code == Some(3) && refused.err.contains("visit") && refused.err.contains("--allow"), "{refused:?}");
    assert_eq!(names(&world, "published"), [".refresh.lock"]);
    world.measure("refresh --allow").fine();
    let manifest = world.read("published/latest/manifest.json").unwrap();
    assert!(manifest.contains("visit"), "{manifest}");
}

#[test]
fn two_do_not_work_at_once_and_what_a_killed_one_left_is_taken_away() {
    let world = world();
    fs::create_dir_all(world.path().join("published/.refresh-2024-03-abc")).unwrap();
    let lock = fs::File::create(world.path().join("published/.refresh.lock")).unwrap();
    lock.lock().unwrap();
    let refused = world.measure("refresh");
    assert!(refused.code == Some(2) && refused.err.contains("another `refresh`"), "{refused:?}");
    lock.unlock().unwrap();
    world.measure("refresh").fine();
    assert_eq!(names(&world, "published"), [".refresh.lock", "2024-03", "latest"]);
}
