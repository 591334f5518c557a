//! `fmt`.

use super::world::{INDICATOR, MODEL, Said, World};
use std::fs;
use std::io::Write;
use std::process::Stdio;

/// Runs with a text on standard input.
fn typed(words: &str, text: &str) -> Said {
    let world = World::sound();
    let mut command = world.command(words);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    Said::of(child.wait_with_output().unwrap())
}

#[test]
fn files_are_laid_out_and_only_those_that_are_not() {
    let world = World::sound();
    world.run("fmt").fine();
    let laid_out = world.read("indicators/model.ind").unwrap();
    assert!(laid_out.contains("  came_on      date\n"), "{laid_out}");
    world.write("indicators/other.ind", "codes   a={b}\n");
    let said = world.run("fmt");
    assert_eq!(said.fine().out, "indicators/other.ind was laid out\n1 of 3 files changed\n");
    assert_eq!(world.read("indicators/other.ind").unwrap(), "codes a = { b }\n");
    assert_eq!(world.run("fmt").fine().out, "3 files in the layout\n");
    assert_eq!(world.read("indicators/model.ind").unwrap(), laid_out);
    assert_eq!(fs::read_dir(world.path().join("indicators")).unwrap().count(), 3, "nothing is left behind");
}

#[test]
fn what_would_change_is_shown_and_nothing_is_written() {
    let world = World::sound();
    let said = world.run("fmt --check");
    said.stopped(1, &[]);
    insta::assert_snapshot!("fmt_check", said.out);
    assert_eq!(world.read("indicators/model.ind").unwrap(), MODEL);
    world.run("fmt").fine();
    world.run("fmt --check").fine();
}

#[test]
fn what_cannot_be_read_is_kept_and_reported() {
    let world = World::sound();
    let wrong = "indicator   x {\n    titel   1\n }";
    world.write("indicators/other.ind", format!("codes   a={{b}}\n{wrong}\n"));
    let said = world.run("fmt indicators/other.ind");
    said.stopped(1, &["E0103", "no clause begins with `titel`"]);
    assert_eq!(world.read("indicators/other.ind").unwrap(), format!("codes a = {{ b }}\n{wrong}\n"));
    // It is in its layout, and still not sound.
    world.run("fmt --check indicators/other.ind").stopped(1, &["E0103"]);
}

#[test]
fn marks_and_line_ends_are_kept() {
    let world = World::sound();
    world.write("indicators/other.ind", "\u{FEFF}codes   a={b}\r\n\r\n# c\r\n");
    world.run("fmt").fine();
    assert_eq!(world.read("indicators/other.ind").unwrap(), "\u{FEFF}codes a = { b }\r\n\r\n# c\r\n");
}

#[test]
fn a_file_that_is_write_protected_is_left() {
    let world = World::sound();
    let path = world.path().join("indicators/seen.ind");
    let mut rights = fs::metadata(&path).unwrap().permissions();
    rights.set_readonly(true);
    fs::set_permissions(&path, rights).unwrap();
    world.run("fmt indicators/seen.ind").stopped(2, &["was not changed: it is write-protected"]);
    assert!(world.read("indicators/seen.ind").unwrap().starts_with(INDICATOR));
}

#[test]
fn an_editor_gets_its_text_back() {
    let said = typed("fmt -", "codes   a={b}\r\n");
    assert_eq!((said.fine().out.as_str(), said.err.as_str()), ("codes a = { b }\r\n", ""));
    let said = typed("fmt -", "codes   a={b}\ncodes  c");
    said.stopped(1, &["standard input", "E0101"]);
    assert_eq!(said.out, "codes a = { b }\ncodes  c\n");
    let said = typed("fmt - --check", "codes   a={b}\n");
    said.stopped(1, &[]);
    assert!(said.out.starts_with("standard input is not in its layout\n"), "{}", said.out);
    assert_eq!(typed("fmt -", "").fine().out, "");
    typed("fmt - indicators", "").stopped(2, &["`-` stands for standard input, and is given alone"]);
    World::sound().run("fmt nowhere").stopped(2, &["`nowhere` cannot be read"]);
}
