//! `yardstick test --coverage`.

use super::world::World;
use serde_json::Value;
use std::path::Path;
use std::process::Command;

fn words(value: &Value) -> Vec<&str> {
    value.as_array().unwrap().iter().map(|word| word.as_str().unwrap()).collect()
}

#[test]
fn what_the_tests_have_shown_is_marked_in_the_text() {
    let world = World::sound();
    let said = world.run("test --coverage");
    insta::assert_snapshot!(said.fine().out);
    assert_eq!(world.run("test --coverage --threads 1").out, said.out);
}

#[test]
fn the_number_the_marks_and_the_list_say_the_same() {
    let world = World::sound();
    world.run("test --coverage -o coverage.json").fine();
    world.run("test --coverage -o coverage.html").fine();
    let all: Value = serde_json::from_str(&world.read("coverage.json").unwrap()).unwrap();
    let (text, page) = (world.run("test --coverage").out, world.read("coverage.html").unwrap());
    for of in all.as_array().unwrap() {
        let clauses = of["clauses"].as_array().unwrap();
        let goals: usize = clauses.iter().map(|clause| words(&clause["goals"]).len()).sum();
        let missing: usize = clauses.iter().map(|clause| words(&clause["missing"]).len()).sum();
        assert_eq!(
            (of["goals"].as_u64(), of["reached"].as_u64()),
            (Some(goals as u64), Some((goals - missing) as u64))
        );
        for clause in clauses {
            let (goals, reached) = (words(&clause["goals"]), words(&clause["reached"]));
            let letter = |goal: &&str| match (goals.contains(goal), reached.contains(goal)) {
                (false, _) => '.',
                (true, false) => '-',
                (true, true) => goal.chars().next().unwrap().to_ascii_uppercase(),
            };
            let marks: String = ["true", "false", "unknown", "decides"].iter().map(letter).collect();
            assert!(text.contains(&marks) && page.contains(&marks), "{marks}");
            let place = format!("{}:{}", clause["file"].as_str().unwrap(), clause["line"]);
            assert_eq!(text.contains(&place), !words(&clause["missing"]).is_empty(), "{place}\n{text}");
        }
    }
}

#[test]
fn less_than_is_asked_for_fails_and_says_of_which_indicator() {
    let world = World::sound();
    world.run("test --coverage --min 70").fine();
    world.run("test --coverage --min 75").stopped(1, &["1 indicator with a coverage under 75 %", "seen_share: 5 of 7"]);
    world.run("test --coverage --min 101").stopped(2, &["0 to 100"]);
    world.run("test --min 90").stopped(2, &["--coverage"]);
    world.run("test --coverage -o coverage.pdf").stopped(2, &[".pdf"]);
}

#[test]
fn coverage_is_told_of_tests_that_hold() {
    let world = World::sound();
    let text = world.read("indicators/seen.ind").unwrap();
    world.write("indicators/seen.ind", text.replace("1 of 2", "2 of 2"));
    let said = world.run("test --coverage");
    said.stopped(1, &["what tests show is told of tests that hold"]);
    assert!(said.out.contains("FAIL"), "{}", said.out);
}

/// Every line that the README shows of what tests show is printed.
#[test]
fn the_readme_shows_what_is_printed() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let readme = std::fs::read_to_string(root.join("README.md")).unwrap();
    let shown: Vec<&str> = readme.split("$ yardstick test ").skip(1).collect();
    assert_eq!(shown.len(), 2);
    for shown in shown {
        let mut lines = shown.split("```").next().unwrap().lines();
        let mut program = Command::new(env!("CARGO_BIN_EXE_yardstick"));
        let done = program.arg("test").args(lines.next().unwrap().split(' ')).current_dir(root).output().unwrap();
        let printed = String::from_utf8(done.stdout).unwrap();
        for line in lines.filter(|line| !["", "..."].contains(line)) {
            assert!(printed.lines().any(|other| other == line), "not printed: {line}\n{printed}");
        }
    }
}
