//! `--checked`: the same bytes, whether the copy is made or read, and a word where it was damaged
//! or cannot be written.

use super::threads::{COMMANDS, said, says_the_same};
use super::world::World;
use std::fs;
use std::path::{Path, PathBuf};

#[test]
fn every_command_that_reads_case_data_says_the_same_with_a_checked_copy() {
    // The first makes it, the second reads it, the third reads it into scratch files.
    says_the_same(COMMANDS, &["--checked copy", "--checked copy", "--checked copy --memory 64MiB"]);
}

#[test]
fn the_example_county_gives_the_same_bytes_with_a_checked_copy() {
    let copy = tempfile::tempdir().unwrap();
    let words = "scorecard --level all --months 12 --format csv";
    let checked = format!("{words} --checked {}", copy.path().display());
    let plain = said(words);
    assert!(plain == said(&checked), "when the copy is made");
    assert!(plain == said(&checked), "when the copy is read");
    assert!(plain == said(&format!("{checked} --memory 64MiB --threads 1")), "with little memory");
    let shown = "cases reentry_into_foster_care --format csv";
    assert!(said(shown) == said(&format!("{shown} --checked {}", copy.path().display())), "the rows behind a cell");
}

/// Some file of the copy that holds a column.
fn column(copy: &Path) -> PathBuf {
    let mut files: Vec<PathBuf> = Vec::new();
    for table in fs::read_dir(copy).unwrap() {
        files.extend(fs::read_dir(table.unwrap().path()).unwrap().map(|file| file.unwrap().path()));
    }
    files.retain(|file| file.extension().is_some_and(|e| e == "arrows"));
    files.sort();
    files.remove(0)
}

#[test]
fn a_damaged_copy_is_told_and_made_again() {
    let world = World::sound();
    let words = "scorecard --data data --format csv --checked copy";
    let sound = world.run(words).fine().out.clone();
    fs::write(column(&world.path().join("copy")), "something else").unwrap();
    let again = world.run(words);
    assert_eq!((again.code, &again.out), (Some(0), &sound));
    assert!(again.err.contains("the checked copy in `copy` was damaged; it has been made again"), "{again:?}");
    let after = world.run(words);
    assert_eq!((after.fine().out.as_str(), after.err.as_str()), (sound.as_str(), ""));
}

#[test]
fn what_was_read_and_what_was_made_is_in_the_timings() {
    let world = World::sound();
    let words = "scorecard --data data --format csv --checked copy --timings";
    let made = world.run(words);
    assert!(made.err.contains("writing the checked copy") && made.err.contains("value by value"), "{made:?}");
    let read = world.run(words);
    assert!(read.err.contains("reading the checked copy") && !read.err.contains("value by value"), "{read:?}");
}

#[test]
fn a_place_that_cannot_be_written_is_wrong_usage() {
    let world = World::sound();
    for words in ["scorecard --data data", "cases seen_share --data data", "data data"] {
        let parts = ["data/ward.csv: the checked copy cannot be written", "--checked", "E0817"];
        world.run(&format!("{words} --checked data/ward.csv")).stopped(2, &parts);
    }
}
