//! Tests as data: an input file in `tests/golden/<stage>/`, and beside it the snapshot of what that stage makes of it.
//!
//! To add a test, add an `.ind` file and run `INSTA_UPDATE=always cargo test golden`; read the `.snap`, commit both.
//! This is the only file that calls the program for them, so a change of its interfaces is made here once.
//!
//! | folder | snapshot |
//! |---|---|
//! | `pages/E0203` | every finding in the first example of the page `src/diag/pages/E0203.md`, as `yardstick check` shows it |
//! | `errors/E0203-what.ind` | the same for further texts; one finding must have the code of the name |
//! | `check/what.ind` | its indicators in their canonical form |
//! | `describe/what.ind` | what `yardstick describe` says of its indicators |
//! | `describe/shipped/what` | the same for every indicator in `indicators/` |
//! | `plan/what.ind` | the plan of its first indicator |
//! | `sharing/what.ind` | what `yardstick explain --shared` says of its indicators |
//! | `test/what.ind` | what `yardstick test` says of its test blocks, all of which hold |
//!
//! A text that declares no table is read together with the shipped model.

use chrono::NaiveDate;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;
use yardstick::diag::render::{self, Form};
use yardstick::diag::{Code, Diagnostics, code};
use yardstick::ir::Program;
use yardstick::source::Sources;
use yardstick::syntax::ast::{Ast, Item};
use yardstick::{check, describe, run, syntax};

const MODEL: &str = "indicators/model.ind";

/// A text after all checks.
struct Checked {
    sources: Sources,
    program: Program,
    findings: Diagnostics,
}

/// Parses and checks a text, with the shipped model when it brings no tables.
fn checked(name: &str, text: &str) -> Checked {
    let mut sources = Sources::default();
    let mut findings = Diagnostics::default();
    let mut asts = vec![parsed(&mut sources, &mut findings, name, text)];
    let whole = |i: &Item| matches!(i, Item::Table(_) | Item::Levels(_));
    if !asts[0].items.iter().any(whole) {
        let model = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(MODEL)).unwrap();
        asts.push(parsed(&mut sources, &mut findings, MODEL, &model));
    }
    let (program, more) = check::check(&asts);
    findings.extend(more);
    Checked { sources, program, findings }
}

fn parsed(sources: &mut Sources, findings: &mut Diagnostics, name: &str, text: &str) -> Ast {
    let file = sources.add(name, text);
    let (ast, found) = syntax::parse(sources, file);
    findings.extend(found);
    ast
}

impl Checked {
    fn codes(&self) -> BTreeSet<&'static str> {
        self.findings.sorted().iter().map(|f| Code::as_str(f.code)).collect()
    }

    fn shown(&self) -> String {
        let all = self.findings.sorted().into_iter().map(|f| render::text(&self.sources, f, Form::Plain));
        all.collect::<Vec<_>>().join("\n")
    }
}

/// Compares `made` with the snapshot beside the input.
fn same_as_snapshot(input: &Path, made: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(input.parent().unwrap());
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(input.file_stem().unwrap().to_str().unwrap(), made));
}

/// Runs a check on every text of a folder, in order. (insta's own `glob!` is not used: the features it turns on in shared crates would
/// have `cargo run` and `cargo test` compile DataFusion twice.)
fn each(folder: &str, check: impl Fn(&Path)) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(folder);
    let mut inputs: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    inputs.retain(|path| path.extension().is_some_and(|e| e == "ind"));
    inputs.sort();
    assert!(!inputs.is_empty(), "no text in {}", folder.display());
    for input in inputs {
        check(&input);
    }
}

fn name(input: &Path) -> String {
    input.file_name().unwrap().to_string_lossy().into_owned()
}

#[test]
fn errors() {
    each("errors", |input| {
        let text = fs::read_to_string(input).unwrap();
        let checked = checked(&name(input), &text);
        let code: String = name(input).chars().take(5).collect();
        let codes = checked.codes();
        assert!(codes.contains(code.as_str()), "{}: found {codes:?}\n{}", name(input), checked.shown());
        same_as_snapshot(input, &format!("{text}\n{}\n{}", "-".repeat(80), checked.shown()));
    });
}

#[test]
fn programs() {
    each("check", |input| {
        let text = fs::read_to_string(input).unwrap();
        let checked = checked(&name(input), &text);
        assert!(!checked.findings.has_errors(), "{}", checked.shown());
        let Program { model, indicators, .. } = &checked.program;
        let made = indicators.iter().map(|i| format!("{}\n{}", i.id, yardstick::ir::print::definition(model, i)));
        same_as_snapshot(input, &format!("{text}\n{}\n{}", "-".repeat(80), made.collect::<Vec<_>>().join("\n")));
    });
}

#[test]
fn plans() {
    each("plan", |input| {
        let text = fs::read_to_string(input).unwrap();
        let checked = checked(&name(input), &text);
        assert!(!checked.findings.has_errors(), "{}", checked.shown());
        let as_of = NaiveDate::from_ymd_opt(2026, 10, 31).unwrap();
        let windows = checked.program.indicators[0].windows(as_of, 2);
        let plan = run::explain(&checked.program, 0, as_of, &windows).unwrap();
        same_as_snapshot(input, &format!("{text}\n{}\n{plan}", "-".repeat(80)));
    });
}

#[test]
fn test_blocks() {
    each("test", |input| same_as_snapshot(input, &said(&["test", MODEL], input)));
}

#[test]
fn what_indicators_share() {
    each("sharing", |input| same_as_snapshot(input, &said(&["explain", "--shared", "--indicators"], input)));
}

/// What the program says of a text that it has nothing to complain of.
fn said(words: &[&str], input: &Path) -> String {
    let done = Command::new(env!("CARGO_BIN_EXE_yardstick"))
        .args(words)
        .arg(input)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    let said = String::from_utf8(done.stdout).unwrap();
    assert!(done.status.success(), "{}\n{said}{}", name(input), String::from_utf8_lossy(&done.stderr));
    said
}

#[test]
fn descriptions() {
    each("describe", |input| {
        let text = fs::read_to_string(input).unwrap();
        let checked = checked(&name(input), &text);
        assert!(!checked.findings.has_errors(), "{}", checked.shown());
        let Program { model, indicators, .. } = &checked.program;
        let made = indicators.iter().map(|i| describe::indicator(model, i).text());
        same_as_snapshot(input, &format!("{text}\n{}\n{}", "-".repeat(80), made.collect::<Vec<_>>().join("\n")));
    });
}

#[test]
fn descriptions_of_what_ships() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (mut texts, mut open) = (Vec::new(), vec![root.join("indicators")]);
    while let Some(folder) = open.pop() {
        for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|e| e == "ind") {
                texts.push(fs::read_to_string(path).unwrap());
            }
        }
    }
    let shipped = checked("indicators.ind", &texts.join("\n"));
    assert!(!shipped.findings.has_errors(), "{}", shipped.shown());
    let Program { model, indicators, .. } = &shipped.program;
    for indicator in indicators {
        let page = describe::indicator(model, indicator);
        same_as_snapshot(&root.join("tests/golden/describe/shipped").join(&indicator.id), &page.text());
    }
}

/// The fenced `ind` blocks of a page.
fn examples(page: &str) -> Vec<String> {
    let mut blocks = Vec::new();
    let mut open: Option<String> = None;
    for line in page.lines() {
        match (&mut open, line.trim_end()) {
            (None, "```ind") => open = Some(String::new()),
            (Some(_), "```") => blocks.extend(open.take()),
            (Some(block), line) => *block += &format!("{line}\n"),
            (None, _) => {}
        }
    }
    blocks
}

/// A code's page shows a text that fails with the code, and then, where there is a second one, a text that is right.
#[test]
fn pages_show_what_they_say() {
    let mut wrong = Vec::new();
    for (code, page) in code::ALL {
        let code = code.as_str();
        let blocks = examples(page);
        // Problems of the data are not shown by a text.
        let Some(first) = blocks.first() else {
            if !code.starts_with("E08") {
                wrong.push(format!("{code}: its page has no ```ind block that fails with it"));
            }
            continue;
        };
        let failing = checked("example.ind", first);
        let shown = format!("{first}\n{}\n{}", "-".repeat(80), failing.shown());
        same_as_snapshot(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/pages").join(code), &shown);
        if !failing.codes().contains(code) {
            wrong.push(format!("{code}: its first ```ind block does not fail with it\n{}", failing.shown()));
        }
        if let Some(last) = blocks.get(1..).and_then(<[String]>::last) {
            let right = checked("example.ind", last);
            // Clauses that have nothing to do with it may be left out.
            let others = right.codes().into_iter().any(|c| c.starts_with('E') && c != code::CLAUSE_MISSING.as_str());
            if right.codes().contains(code) || others {
                wrong.push(format!("{code}: its last ```ind block must be right\n{}", right.shown()));
            }
        }
    }
    assert!(wrong.is_empty(), "Mend these pages (src/diag/pages/):\n{}", wrong.join("\n"));
}
