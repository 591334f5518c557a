//! Tests as data: an input file in a folder, and beside it the snapshot of what a stage makes of
//! it.
//!
//! A text that declares no table is read together with the shipped model.

use chrono::NaiveDate;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use yardstick::check::references::References;
use yardstick::diag::Diagnostics;
use yardstick::diag::render::{self, Form};
use yardstick::ir::Program;
use yardstick::source::Sources;
use yardstick::syntax::ast::{Ast, Item};
use yardstick::{check, syntax};

pub(crate) const MODEL: &str = "indicators/model.ind";

/// A text after all checks.
pub(crate) struct Checked {
    pub(crate) sources: Sources,
    pub(crate) program: Program,
    pub(crate) references: References,
    pub(crate) findings: Diagnostics,
    /// What `yardstick check` tells besides.
    pub(crate) asked: Diagnostics,
}

/// Parses and checks a text, with the shipped model when it brings no tables.
pub(crate) fn checked(name: &str, text: &str) -> Checked {
    let mut sources = Sources::default();
    let mut findings = Diagnostics::default();
    let mut asts = vec![parsed(&mut sources, &mut findings, name, text)];
    let whole = |i: &Item| matches!(i, Item::Table(_) | Item::Levels(_));
    if !asts[0].items.iter().any(whole) {
        let model = fs::read_to_string(root().join(MODEL)).unwrap();
        asts.push(parsed(&mut sources, &mut findings, MODEL, &model));
    }
    let check::Checked { program, references, findings: more, .. } = check::check(&asts);
    findings.extend(more);
    let asked = check::asked(&asts, &program, NaiveDate::from_ymd_opt(2026, 10, 31));
    Checked { sources, program, references, findings, asked }
}

fn parsed(sources: &mut Sources, findings: &mut Diagnostics, name: &str, text: &str) -> Ast {
    let file = sources.add(name, text);
    let (ast, found) = syntax::parse(sources, file);
    findings.extend(found);
    ast
}

impl Checked {
    /// With what is told besides and has this code.
    pub(crate) fn with_asked(mut self, code: &str) -> Self {
        let asked = std::mem::take(&mut self.asked);
        asked.into_found().filter(|found| found.code.as_str() == code).for_each(|found| self.findings.push(found));
        self
    }

    pub(crate) fn shown(&self) -> String {
        let all = self.findings.sorted().into_iter().map(|f| render::text(&self.sources, f, Form::Plain));
        all.collect::<Vec<_>>().join("\n")
    }
}

/// Compares `made` with the snapshot beside the input.
pub(crate) fn same_as_snapshot(input: &Path, made: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(input.parent().unwrap());
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(input.file_stem().unwrap().to_str().unwrap(), made));
}

/// The top of the project.
pub(crate) fn root() -> &'static Path {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let is_top = |folder: &&Path| folder.join("indicators").is_dir();
    package.ancestors().find(is_top).unwrap_or(package)
}

/// Runs a check on every text of a folder, in order. (insta's own `glob!` is not used: the features
/// it turns on in shared crates would have `cargo run` and `cargo test` compile DataFusion twice.)
pub(crate) fn each(folder: &str, check: impl Fn(&Path)) {
    let folder = root().join("tests").join(folder);
    let mut inputs: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    inputs.retain(|path| path.extension().is_some_and(|e| e == "ind"));
    inputs.sort();
    assert!(!inputs.is_empty(), "no text in {}", folder.display());
    for input in inputs {
        check(&input);
    }
}

pub(crate) fn name(input: &Path) -> String {
    input.file_name().unwrap().to_string_lossy().into_owned()
}

/// All texts of definitions in a folder and those below it, by path.
pub(crate) fn texts(folder: &Path) -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if path.is_dir() {
            all.extend(texts(&path));
        } else if path.extension().is_some_and(|e| e == "ind") {
            all.insert(path.display().to_string(), fs::read_to_string(&path).unwrap());
        }
    }
    all
}

/// Every `.ind` file of the project and every `ind` block of its pages, with their names.
pub(crate) fn every_text() -> Vec<(String, String)> {
    let mut all = Vec::new();
    for folder in ["indicators", "examples", "tests", "grammar", "src/language/diag/pages"] {
        collect(&root().join(folder), &mut all);
    }
    assert!(all.len() > 350, "{}", all.len());
    all
}

fn collect(folder: &Path, all: &mut Vec<(String, String)>) {
    let mut entries: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        let ending = path.extension().and_then(|e| e.to_str()).unwrap_or_default();
        let name = path.display().to_string();
        if path.is_dir() {
            collect(&path, all);
        } else if ending == "ind" {
            all.push((name, fs::read_to_string(&path).unwrap()));
        } else if ending == "md" {
            let page = fs::read_to_string(&path).unwrap();
            let blocks = page.split("```ind\n").skip(1).filter_map(|rest| rest.split("```").next());
            all.extend(blocks.enumerate().map(|(i, block)| (format!("{name}, example {}", i + 1), block.to_owned())));
        }
    }
}

/// All that ships, as one text.
pub(crate) fn shipped() -> Checked {
    let texts: Vec<String> = texts(&root().join("indicators")).into_values().collect();
    checked("indicators.ind", &texts.join("\n"))
}
