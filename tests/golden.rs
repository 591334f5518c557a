//! What the engine and the program make of texts, each with its snapshot beside it.
//!
//! To add a test, add an `.ind` file and run `INSTA_UPDATE=always cargo test golden`; read the
//! `.snap`, commit both.
//!
//! | folder of `golden/` | snapshot |
//! |---|---|
//! | `plan/what.ind` | the plan of its first indicator |
//! | `sharing/what.ind` | what `yardstick explain --shared` says of its indicators |
//! | `test/what.ind` | what `yardstick test` says of its test blocks, all of which hold by interpreter and engine; with the shipped model, unless it has its own |

use crate::texts::{MODEL, checked, each, name, root, same_as_snapshot};
use chrono::NaiveDate;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use yardstick::run::{self, Form};

#[test]
fn plans() {
    each("golden/plan", |input| {
        let text = fs::read_to_string(input).unwrap();
        let checked = checked(&name(input), &text);
        assert!(!checked.findings.has_errors(), "{}", checked.shown());
        let as_of = NaiveDate::from_ymd_opt(2026, 10, 31).unwrap();
        let windows = checked.program.indicators[0].windows(as_of, 2);
        let plan = run::explain(&checked.program, 0, as_of, &windows, Form::Steps).unwrap();
        same_as_snapshot(input, &format!("{text}\n{}\n{plan}", "-".repeat(80)));
    });
}

#[test]
fn test_blocks() {
    each("golden/test", |input| {
        let has_model = fs::read_to_string(input).unwrap().contains("\ntable ");
        let model: &[&str] = if has_model { &[] } else { &[MODEL] };
        same_as_snapshot(input, &said(&[&["test", "--engine", "both"], model].concat(), input));
    });
}

/// What other systems say is asked row by row in `tests/parity/main.rs`, and of the engine here.
#[test]
fn the_parity_pack_holds_by_the_engine_too() {
    let inside =
        |folder: &Path| -> Vec<PathBuf> { fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect() };
    let is_definition = |path: &&PathBuf| path.extension().is_some_and(|ending| ending == "ind");
    let mut texts = 0;
    for folder in inside(&root().join("tests/parity")).iter().filter(|path| path.is_dir()) {
        let files = inside(folder);
        let whole = files.iter().any(|path| path.ends_with("model.ind")).then(|| vec![folder]);
        for input in whole.unwrap_or_else(|| files.iter().filter(is_definition).collect()) {
            said(&["test", "--engine", "both"], input);
            texts += 1;
        }
    }
    assert!(texts > 8, "{texts}");
}

#[test]
fn what_indicators_share() {
    each("golden/sharing", |input| same_as_snapshot(input, &said(&["explain", "--shared", "--indicators"], input)));
}

/// What the program says of a text that it has nothing to complain of.
fn said(words: &[&str], input: &Path) -> String {
    let done =
        Command::new(env!("CARGO_BIN_EXE_yardstick")).args(words).arg(input).current_dir(root()).output().unwrap();
    let said = String::from_utf8(done.stdout).unwrap();
    assert!(done.status.success(), "{}\n{said}{}", name(input), String::from_utf8_lossy(&done.stderr));
    said
}
