//! `--memory`: the same bytes with little of it, nothing left behind, and what is said of amounts
//! and folders that cannot be.

use super::threads::{COMMANDS, said, says_the_same};
use super::world::World;
use std::fs;

#[test]
fn the_example_county_gives_the_same_bytes_with_little_memory() {
    let scratch = tempfile::tempdir().unwrap();
    let words = "scorecard --level all --months 12 --format csv";
    let frugal = format!("{words} --memory 64MiB --scratch {}", scratch.path().display());
    assert!(said(words) == said(&frugal), "with 64 MiB other rows are written");
    assert_eq!(fs::read_dir(scratch.path()).unwrap().count(), 0);
}

#[test]
fn every_command_that_reads_case_data_says_the_same_with_little_memory() {
    says_the_same(COMMANDS, &["--memory 64MiB"]);
}

#[test]
fn a_file_has_the_rows_that_standard_output_has() {
    let world = World::sound();
    for format in ["csv", "json"] {
        let words = format!("scorecard --data data --level all --months 6 --format {format}");
        let shown = world.run(&words).fine().out.clone();
        world.run(&format!("{words} -o out")).fine();
        assert_eq!(world.read("out").unwrap(), shown, "{format}");
    }
}

#[test]
fn amounts_and_folders_that_cannot_be_are_refused() {
    let world = World::sound();
    let refused = |more: &str, parts: &[&str]| {
        for command in ["scorecard --data data", "data data"] {
            world.run(&format!("{command} {more}")).stopped(2, parts);
        }
    };
    refused("--memory lots", &["`lots` is not a size", "`1GiB`"]);
    refused("--memory 12", &["12 B is too little", "64.0 MiB", "`1GiB`"]);
    refused("--memory 63MiB", &["63.0 MiB is too little"]);
    refused("--scratch data", &["--memory <SIZE>"]);
    refused("--memory 1GiB --scratch nowhere", &["`nowhere`", "there is no such file or folder", "--scratch"]);
}
