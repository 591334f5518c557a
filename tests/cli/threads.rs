//! `--threads`: any number gives the same bytes, and none is no number.

use super::world::World;
use std::path::Path;
use std::process::Command;

/// What the program says in the folder of the project, where the example county lies.
pub(super) fn said(words: &str) -> Vec<u8> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_yardstick"));
    let done = command.args(words.split(' ')).current_dir(Path::new(env!("CARGO_MANIFEST_DIR"))).output().unwrap();
    assert!(done.status.success(), "yardstick {words}: {}", String::from_utf8_lossy(&done.stderr));
    done.stdout
}

/// Every command that reads case data.
pub(super) const COMMANDS: [&str; 4] = [
    "scorecard --data data --level all --format json",
    "scorecard --data data --format html",
    "cases seen_share --data data",
    "data data --format json",
];

/// Each command says the same with each of the options as without.
pub(super) fn says_the_same<'a>(commands: impl IntoIterator<Item = &'a str>, options: &[&str]) {
    let world = World::sound();
    for words in commands {
        let without = world.run(words);
        for option in options {
            assert_eq!(without.fine().out, world.run(&format!("{words} {option}")).fine().out, "{words}");
        }
    }
}

#[test]
fn the_example_county_gives_the_same_bytes_with_any_number() {
    let words = "scorecard --level all --months 3 --format csv --threads";
    let one = said(&format!("{words} 1"));
    assert!(one.iter().filter(|b| **b == b'\n').count() > 20_000);
    for number in [2, 5] {
        assert!(one == said(&format!("{words} {number}")), "{number} threads write other rows than one");
    }
}

#[test]
fn every_command_that_takes_a_number_says_the_same_with_any() {
    says_the_same(COMMANDS.into_iter().chain(["test"]), &["--threads 1", "--threads 3"]);
}

#[test]
fn no_thread_and_too_many_are_refused() {
    let world = World::sound();
    for command in ["scorecard", "cases seen_share", "data data", "test"] {
        world.run(&format!("{command} --threads 0")).stopped(2, &["'0'", "--threads <N>", "0 is not in 1..=512"]);
    }
    world.run("scorecard --threads 513").stopped(2, &["513 is not in 1..=512"]);
    world.run("scorecard --threads all").stopped(2, &["--threads <N>"]);
}
