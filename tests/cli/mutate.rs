//! `yardstick test --mutate`.

use super::world::World;
use serde_json::Value;
use std::process::Command;

#[test]
fn the_changes_that_no_test_notices_are_listed_in_the_words_of_the_file() {
    let world = World::sound();
    let said = world.run("test --mutate");
    insta::assert_snapshot!(said.fine().out);
    assert_eq!(world.run("test --mutate --threads 1").out, said.out);
    world.run("test --mutate --min 100").stopped(1, &["1 indicator with a share of noticed changes under 100 %"]);
    world.run("test --mutate --min 10").fine();
    world.run("test --mutate --coverage").stopped(2, &["cannot be used with"]);
    world.run("test --mutate -o changes.html").stopped(2, &["json"]);
}

#[test]
fn a_test_more_notices_more() {
    let world = World::sound();
    let survived = || {
        world.run("test --mutate -o changes.json").fine();
        let all: Value = serde_json::from_str(&world.read("changes.json").unwrap()).unwrap();
        let of = &all.as_array().unwrap()[0];
        let mutants = of["mutants"].as_array().unwrap();
        assert_eq!(
            of["of"].as_u64().unwrap() as usize,
            mutants.iter().filter(|m| matches!(m["fate"].as_str(), Some("noticed" | "survived"))).count()
        );
        mutants.iter().filter(|m| m["fate"] == "survived").map(|m| m["after"].to_string()).collect::<Vec<_>>()
    };
    let before = survived();
    assert!(before.iter().any(|after| after.contains("2 months")), "{before:?}");
    let first_day = "
test seen_share \"the day before the month is not in it\" {
  visit | visit_id | ward | came_on    | seen |
        | v1       | w1   | 2023-12-31 | true |
  expect window ending 2024-01-31: 0 of 0
}
";
    let text = world.read("indicators/seen.ind").unwrap();
    world.write("indicators/seen.ind", text + first_day);
    let after = survived();
    assert!(after.len() < before.len() && !after.iter().any(|after| after.contains("2 months")), "{after:?}");
}

/// In a debug build this takes some seconds, so that nothing has to be sampled.
#[test]
fn the_tests_of_the_shipped_library_notice_95_of_100_changes() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("changes.json");
    let mut program = Command::new(env!("CARGO_BIN_EXE_yardstick"));
    program.current_dir(env!("CARGO_MANIFEST_DIR")).args(["test", "--mutate", "-o"]).arg(&path);
    assert!(program.status().unwrap().success());
    let all: Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
    let sum = |what: &str| all.as_array().unwrap().iter().map(|of| of[what].as_u64().unwrap()).sum::<u64>();
    let (noticed, of) = (sum("noticed"), sum("of"));
    assert!(of > 800, "only {of} changes");
    let survivors: Vec<String> = all
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|of| of["mutants"].as_array().unwrap())
        .filter(|mutant| mutant["fate"] == "survived")
        .map(|mutant| format!("{}: {} -> {}", mutant["place"], mutant["before"], mutant["after"]))
        .collect();
    assert!(noticed * 100 >= 95 * of, "{noticed} of {of}; no test notices\n{}", survivors.join("\n"));
}
