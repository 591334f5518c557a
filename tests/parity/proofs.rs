//! The tests of a suite, run row by row: which facts they prove, and which of them do not hold.

use crate::facts::Suite;
use crate::root;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use yardstick_language::check;
use yardstick_language::decimal::Decimal;
use yardstick_language::diag::render::{self, Form};
use yardstick_language::ir::{Expect, ExpectKind, ExpectedFigure, Figures, Outcome, Program, Test};
use yardstick_language::source::Sources;
use yardstick_language::syntax;
use yardstick_results::trial::{self, Parts, one_by_one};

/// What the tests of a suite come to.
pub(crate) struct Proofs {
    /// The facts that have a proof.
    pub(crate) of: BTreeSet<String>,
    /// Tests that do not hold, that could not be run, or that prove nothing.
    pub(crate) misses: Vec<String>,
}

/// The program that some files make; with its findings as text where it has errors.
pub(crate) fn program(files: &[(String, String)]) -> Result<Program, String> {
    let (mut sources, mut asts, mut findings) = (Sources::default(), Vec::new(), Vec::new());
    for (name, text) in files {
        let file = sources.add(name, text);
        let (ast, found) = syntax::parse(&sources, file);
        asts.push(ast);
        findings.push(found);
    }
    let check::Checked { program, findings: more, .. } = check::check(&asts);
    findings.push(more);
    if findings.iter().all(|found| !found.has_errors()) {
        return Ok(program);
    }
    let errors = findings.iter().flat_map(|found| found.sorted());
    Err(errors.map(|found| render::text(&sources, found, Form::Plain)).collect::<Vec<_>>().join("\n"))
}

/// The texts of definitions in a folder and those below it.
fn texts(folder: &Path) -> Vec<(String, String)> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let mut all = Vec::new();
    for path in paths {
        if path.is_dir() {
            all.extend(texts(&path));
        } else if path.extension().is_some_and(|ending| ending == "ind") {
            all.push((path.display().to_string(), fs::read_to_string(&path).unwrap()));
        }
    }
    all
}

/// The programs of a suite: all files where one is `model.ind`, else each by itself; what ships
/// where the suite has none.
fn programs(suite: &Suite) -> Vec<Vec<(String, String)>> {
    let files = texts(&suite.folder);
    if files.is_empty() {
        return vec![texts(&root().join("indicators"))];
    }
    let is_model = |file: &(String, String)| Path::new(&file.0).ends_with("model.ind");
    match files.iter().any(is_model) {
        true => vec![files],
        false => files.into_iter().map(|file| vec![file]).collect(),
    }
}

/// The facts that a title names before its colon.
fn named(title: &str) -> Vec<String> {
    let is_name = |word: &str| {
        !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
    };
    let Some((names, _)) = title.split_once(": ") else { return Vec::new() };
    let names: Vec<String> = names.split(", ").map(str::to_owned).collect();
    if names.iter().all(|name| is_name(name)) { names } else { Vec::new() }
}

/// The facts that a test proves: those of its title, or of its rows.
fn proven(parts: &Parts) -> Vec<String> {
    let (_, test): (&Program, &Test) = parts[0];
    let names = named(&test.title);
    if !names.is_empty() {
        return names;
    }
    let expects = parts.iter().flat_map(|(_, test)| &test.expects);
    let rows = expects.filter_map(|expect| match &expect.kind {
        ExpectKind::Row { id, .. } => Some(id.clone()),
        ExpectKind::Figures(_) | ExpectKind::NotObservable => None,
    });
    rows.collect()
}

/// A line of a test that expects something else.
fn altered(expect: &Expect) -> Expect {
    let kind = match &expect.kind {
        ExpectKind::Row { id, outcome, held_by } => {
            let outcome = if *outcome == Outcome::Met { Outcome::Unmet } else { Outcome::Met };
            ExpectKind::Row { id: id.clone(), outcome, held_by: held_by.clone() }
        }
        ExpectKind::Figures(figures) => {
            let first = Decimal::of(999_983.0).map_or(ExpectedFigure::NotEstimable, ExpectedFigure::Above);
            ExpectKind::Figures(Figures { first, ..figures.clone() })
        }
        ExpectKind::NotObservable => ExpectKind::NotObservable,
    };
    Expect { kind, ..expect.clone() }
}

/// Whether a test fails in each of its lines when each expects something else.
fn can_fail(program: &Program, test: &Test) -> bool {
    let other = Test { expects: test.expects.iter().map(altered).collect(), ..test.clone() };
    trial::run(program, &other, &one_by_one).is_ok_and(|misses| misses.len() == other.expects.len())
}

impl Proofs {
    /// Runs all tests of a suite, and of what ships those that its facts name.
    pub(crate) fn of(suite: &Suite) -> Self {
        let mut made = Self { of: BTreeSet::new(), misses: Vec::new() };
        let named: BTreeMap<&str, &str> =
            suite.facts.iter().filter_map(|fact| Some((fact.shipped.as_deref()?, fact.id.as_str()))).collect();
        for files in programs(suite) {
            match program(&files) {
                Ok(program) => made.run(&program, &named),
                Err(errors) => made.misses.push(errors),
            }
        }
        made
    }

    fn run(&mut self, program: &Program, shipped: &BTreeMap<&str, &str>) {
        let wanted = |test: &Test| shipped.is_empty() || shipped.contains_key(test.title.as_str());
        for parts in trial::tests(program, |_, test| wanted(test)) {
            let (of, test) = parts[0];
            let name = format!("{} \"{}\"", of.indicators[test.indicator].id, test.title);
            match trial::run_parts(&parts, &one_by_one) {
                Ok(misses) => self.misses.extend(
                    misses.iter().map(|miss| format!("{name}: expected {}, found {}", miss.expected, miss.found)),
                ),
                Err(why) => self.misses.push(format!("{name}: {why}")),
            }
            if !parts.iter().all(|(of, test)| can_fail(of, test)) {
                self.misses.push(format!("{name}: another answer would not be noticed"));
            }
            let proven = match shipped.get(test.title.as_str()) {
                Some(fact) => vec![(*fact).to_owned()],
                None => proven(&parts),
            };
            if proven.is_empty() {
                self.misses.push(format!("{name}: it proves no fact"));
            }
            for fact in proven {
                if !self.of.insert(fact.clone()) && named(&test.title).is_empty() {
                    self.misses.push(format!("{name}: `{fact}` is proven twice"));
                }
            }
        }
    }
}
