//! Several hierarchies of levels: which one is shown, and what is said of it.

use super::results::rows;
use super::world::World;

/// The world of visits, with those who visit besides the wards.
fn world() -> World {
    let world = World::sound();
    let model = super::world::MODEL
        .replace("levels town > ward\n", "levels town > ward\nlevels providers: town > agency > nurse\n")
        .replace("  ward     -> ward\n", "  ward     -> ward\n  nurse    -> nurse?\n");
    let tables = "table agency { agency_id key }\ntable nurse { nurse_id key  agency -> agency }\n";
    world.write("indicators/model.ind", format!("{model}{tables}"));
    let text = super::world::INDICATOR;
    let both =
        text.replace("  attribute ward at came_on\n", "  attribute ward at came_on\n  attribute nurse at came_on\n");
    let ward_alone = text.split("scorecard").next().unwrap().replace("seen_share", "by_ward");
    let by_nurse = ward_alone.replace("by_ward", "by_nurse").replace("attribute ward", "attribute nurse");
    let card = "scorecard service \"Service scorecard\" { service: seen_share, by_ward, by_nurse }\n";
    let outside = "scorecard outside \"Outside\" { service: seen_share  hide counts under 11 }\n";
    let both = both.split("scorecard").next().unwrap();
    world.write("indicators/seen.ind", format!("{both}{ward_alone}{by_nurse}{card}{outside}"));
    world.write("data/ward.csv", "ward_id,name\nw1,North\nw2,South\n");
    world.write("data/agency.csv", "agency_id\na1\na2\n");
    world.write("data/nurse.csv", "nurse_id,agency_id\nn1,a1\nn2,a1\nn3,a2\n");
    let visits = "visit_id,ward_id,nurse_id,came_on,seen\nv1,w1,n1,2024-03-02,true\nv2,w1,n3,2024-03-02,false\n\
                  v3,w2,,2024-03-03,true\nv4,w2,n2,2024-03-04,true\n";
    world.write("data/visit.csv", visits);
    world
}

fn numbers(world: &World, words: &str) -> Vec<String> {
    let said = world.measure(&format!("scorecard --format csv {words}"));
    let of = |r: std::collections::BTreeMap<String, String>| {
        format!("{} {} {}: {} of {}", r["indicator"], r["level"], r["entity_id"], r["numerator"], r["denominator"])
    };
    rows(&said.fine().out).into_iter().map(of).collect()
}

#[test]
fn each_hierarchy_shows_the_indicators_that_are_attributed_in_it() {
    let world = world();
    let wards = ["ward w1: 1 of 2", "ward w2: 2 of 2", "ward unassigned: 0 of 0"];
    let of = |id: &str, rows: &[&str]| rows.iter().map(|row| format!("{id} {row}")).collect::<Vec<_>>();
    let first = [of("seen_share", &wards), of("by_ward", &wards)].concat();
    assert_eq!(numbers(&world, "--level ward"), first);
    let agencies = ["agency a1: 2 of 2", "agency a2: 0 of 1", "agency unassigned: 1 of 1"];
    let providers = [of("seen_share", &agencies), of("by_nurse", &agencies)].concat();
    // The level knows its hierarchy.
    assert_eq!(numbers(&world, "--level agency"), providers);
    assert_eq!(numbers(&world, "--levels providers --level agency"), providers);
    // The whole is shared, and the first hierarchy is meant by it.
    assert_eq!(
        numbers(&world, "--level town"),
        of("seen_share", &["town town: 3 of 4"])
            .into_iter()
            .chain(of("by_ward", &["town town: 3 of 4"]))
            .collect::<Vec<_>>()
    );
    assert_eq!(numbers(&world, "--levels providers --level nurse --entity a1").len(), 4);
    let said = world.measure("scorecard --levels providers");
    let said = &said.fine().out;
    assert!(said.contains("Shown in the levels town > agency > nurse"), "{said}");
    assert!(said.contains("Not attributed in these levels, and not shown: by_ward"), "{said}");
}

#[test]
fn measures_are_related_and_drawn_in_the_hierarchy_asked_for() {
    let world = world();
    let said = world.measure("relate seen_share by_nurse --level agency").fine().out.clone();
    assert!(said.contains("only 2 entities of level agency"), "{said}");
    world.measure("relate seen_share by_nurse").stopped(2, &["`by_nurse` is not attributed in these levels"]);
    let csv = world.measure("trend seen_share --level agency --entity a1 --format csv").fine().out.clone();
    let last = rows(&csv).pop().unwrap();
    assert_eq!((last["value"].as_str(), last["denominator"].as_str()), ("100", "2"));
    world.measure("trend by_nurse --levels providers").fine();
    world.measure("trend by_ward --levels providers").stopped(2, &["`by_ward` is not attributed"]);
}

#[test]
fn hierarchies_that_are_not_there_are_told() {
    let world = world();
    for (words, told) in [
        ("scorecard --levels provider", "did you mean `providers`?"),
        ("scorecard --levels providers --level ward", "there is no level `ward`"),
        ("cases by_ward --levels providers", "`by_ward` is not attributed in the levels `providers`"),
        ("scorecard --scorecard outside --levels providers", "hides counts is shown in the first hierarchy"),
        ("scorecard --scorecard outside --level agency", "hides counts is shown in the first hierarchy"),
    ] {
        let said = world.measure(words);
        assert!(said.code != Some(0) && said.err.contains(told), "{words}: {said:#?}");
    }
}

#[test]
fn cases_and_meanings_are_those_of_the_hierarchy() {
    let world = world();
    let cases = world.measure("cases by_nurse --entity a1");
    assert!(cases.fine().out.contains("2 met"), "{cases:#?}");
    let cases = world.measure("cases seen_share --level agency --entity a2");
    assert!(cases.fine().out.contains("v2") && !cases.out.contains("v1"), "{cases:#?}");
    let hashes = world.run("check --hash").fine().out.clone();
    let of = |what: &str| hashes.lines().find(|l| l.ends_with(what)).unwrap().split(' ').next().unwrap().to_owned();
    assert_ne!(of("  seen_share"), of("  seen_share, providers"));
    let csv = world.measure("scorecard --format csv --levels providers").fine().out.clone();
    assert!(rows(&csv).iter().any(|r| r["meaning"] == of("  seen_share, providers")), "{csv}");
    let said = world.run("describe seen_share").fine().out.clone();
    assert!(said.contains("In the levels \"providers\" (town > agency > nurse)"), "{said}");
    assert!(said.contains(&of("  seen_share, providers")), "{said}");
    assert!(world.run("explain by_nurse").fine().out.contains("providers"), "{said}");
}
