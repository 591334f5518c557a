//! Another world than the shipped one: the city libraries in `examples/library`, with levels,
//! tables and measures of their own. What the program prints of them is also what their README
//! shows.

use std::fs;
use std::path::Path;
use std::process::Command;
use yardstick::report;

const FOLDER: &str = "examples/library";

/// What the program says to these arguments, without blanks at the ends of lines; it must end well.
fn said(arguments: &str) -> String {
    let done = Command::new(env!("CARGO_BIN_EXE_yardstick"))
        .args(arguments.split(' '))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    let said = String::from_utf8([done.stdout, done.stderr].concat()).unwrap();
    assert!(done.status.success(), "{arguments}:\n{said}");
    said.trim_end().lines().map(|line| format!("{}\n", line.trim_end())).collect()
}

#[test]
fn its_definitions_have_no_errors_and_no_warnings() {
    let said = said(&format!("check {FOLDER}/indicators"));
    assert!(said.ends_with("no errors\n"), "{said}");
}

#[test]
fn its_tests_pass() {
    let said = said(&format!("test {FOLDER}/indicators"));
    assert!(said.ends_with(" passed, 0 failed\n"), "{said}");
}

#[test]
fn its_scorecard_is_that_of_an_independent_calculation() {
    // When it was accepted, every number was calculated once more by a small program that shares
    // nothing with this one.
    let said = said(&format!("scorecard {FOLDER}/indicators --data {FOLDER}/data --level all"));
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("report/snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!("library", said));
}

#[test]
fn every_format_is_of_libraries_only() {
    for form in report::FORMATS.iter().filter(|f| f.kind != report::Kind::Binary).map(|f| f.name) {
        let said = said(&format!("scorecard {FOLDER}/indicators --data {FOLDER}/data --level all --format {form}"));
        let said = match form {
            "html" => format!("{}{}", said.to_lowercase(), crate::report::page::words(&said)),
            _ => said,
        };
        // As browsers say it.
        let said = ["-child", "firstchild", "children"].iter().fold(said, |said, word| said.replace(word, ""));
        for word in ["department", "bureau", "office", "worker", "child", "welfare", "county"] {
            assert!(!said.to_lowercase().contains(word), "{form} says `{word}` of libraries:\n{said}");
        }
    }
}

#[test]
fn its_readme_shows_what_the_program_prints() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(FOLDER).join("README.md");
    let readme = fs::read_to_string(&path).unwrap();
    let mut shown = 0;
    for block in readme.split("```console\n").skip(1) {
        let (command, output) = block.split_once("\n```").unwrap().0.split_once('\n').unwrap();
        let arguments = command.strip_prefix("$ cargo run -q -- ").unwrap_or_else(|| panic!("not run here: {command}"));
        assert_eq!(format!("{output}\n"), said(arguments), "{}: {command}", path.display());
        shown += 1;
    }
    assert!(shown >= 3, "the README shows too few commands");
}
