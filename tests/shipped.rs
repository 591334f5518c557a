//! The definitions that come with the project: sound, tested, short enough to be read in a meeting.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// An indicator is read aloud before it is approved, so it fits on one page.
const LONGEST: usize = 40;
/// Tests that each indicator has at least.
const TESTS: usize = 5;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// What the program says to these arguments; it must end well.
fn said(arguments: &[&str]) -> String {
    let done = Command::new(env!("CARGO_BIN_EXE_yardstick")).args(arguments).current_dir(root()).output().unwrap();
    let said = String::from_utf8([done.stdout, done.stderr].concat()).unwrap();
    assert!(done.status.success(), "{arguments:?}:\n{said}");
    said
}

fn indicators() -> Vec<PathBuf> {
    let folders = fs::read_dir(root().join("indicators")).unwrap().map(|e| e.unwrap().path()).filter(|p| p.is_dir());
    let mut files: Vec<_> = folders.flat_map(|f| fs::read_dir(f).unwrap().map(|e| e.unwrap().path())).collect();
    files.sort();
    files
}

#[test]
fn shipped_definitions_have_no_errors_and_no_warnings() {
    let said = said(&["check"]);
    assert!(said.trim_end().ends_with("no errors"), "{said}");
}

#[test]
fn shipped_tests_pass() {
    let said = said(&["test", "--engine", "both"]);
    assert!(said.trim_end().ends_with(" passed, 0 failed"), "{said}");
}

#[test]
fn the_cheatsheet_is_sound_and_holds_every_word() {
    let sheet = "grammar/cheatsheet.ind";
    let checked = said(&["check", sheet, "--allow", "W0805", "--allow", "W0807", "--allow", "W0816"]);
    assert!(checked.trim_end().ends_with("no errors"), "{checked}");
    let tested = said(&["test", "--engine", "both", sheet]);
    assert!(tested.trim_end().ends_with(" passed, 0 failed"), "{tested}");
    let read = |path: &str| fs::read_to_string(root().join(path)).unwrap();
    let (grammar, sheet) = (read("grammar/indicator.pest").replace("\\\"", ""), read(sheet));
    let is_word = |word: &&str| word.len() > 1 && word.chars().all(|c| c.is_ascii_lowercase() || c == '_');
    // A word that stands in a comment beside the form it takes the place of is there, too.
    let parts = sheet.split('"').step_by(2).flat_map(|text| text.split(|c: char| !(c.is_alphanumeric() || c == '_')));
    let there: BTreeSet<&str> = parts.collect();
    // Words of the grammar's comments, and other forms of the same word.
    let others = ["hour", "minute", "weeks", "reason", "removals"];
    let words = grammar.split('"').skip(1).step_by(2).filter(is_word);
    let left_out: Vec<&str> = words.filter(|word| !there.contains(word) && !others.contains(word)).collect();
    assert!(left_out.is_empty(), "the cheatsheet has no {left_out:?}");
}

/// Cases that a reader made up and answered from `describe` alone (`tests/read/README.md`).
#[test]
fn the_cases_of_a_reader_of_the_descriptions_come_out_as_they_did() {
    let said = said(&["test", "--engine", "both", "indicators", "tests/read"]);
    assert!(said.trim_end().ends_with(" passed, 0 failed") && said.contains("guardianship"), "{said}");
}

#[test]
fn the_indicators_beside_the_example_county_are_sound() {
    let files = [
        "indicators/model.ind",
        "indicators/codes.ind",
        "examples/county/days_until_exit.ind",
        "examples/county/home_within_a_year.ind",
    ];
    let said = said(&[&["test", "--engine", "both"], &files[..]].concat());
    assert!(said.trim_end().ends_with(" passed, 0 failed"), "{said}");
}

#[test]
fn each_indicator_has_its_file_its_tests_and_one_page() {
    for file in indicators() {
        let text = fs::read_to_string(&file).unwrap();
        let id = file.file_stem().unwrap().to_str().unwrap();
        let (definition, _) = text.split_once("\ntest ").unwrap_or_else(|| panic!("{id} has no test"));
        let lines = definition.trim_end().lines().count();
        let tests = text.lines().filter(|l| l.starts_with(&format!("test {id} \""))).count();
        assert!(definition.contains(&format!("\nindicator {id} ")), "{id}: the file is not named after its indicator");
        assert!(lines < LONGEST, "{id}: {lines} lines before its tests; make it shorter than {LONGEST}");
        assert!(tests >= TESTS, "{id}: {tests} tests of its own; write at least {TESTS}");
    }
}
