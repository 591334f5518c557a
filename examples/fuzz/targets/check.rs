//! The checker, on one text with all that it needs: findings in all their forms, their corrections,
//! and of what is right the descriptions, queries and tests.

use super::Target;
use super::bytes::below;
use super::ind::Corpus;
use super::parse::in_the_text;
use super::trial;
use crate::generated;
use crate::texts::{MODEL, every_text, root};
use chrono::NaiveDate;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use yardstick::diag::render::{self, Form};
use yardstick::diag::{Diagnostic, github, sarif};
use yardstick::ir::Program;
use yardstick::source::Sources;
use yardstick::sql::{self, Dialect};
use yardstick::{check, describe, syntax};

/// Larger worlds are left out: the shipped model alone takes as long as a hundred small ones.
const LONGEST: usize = 3_000;
/// Worlds that are generated.
const GENERATED: u64 = 12;

pub(super) struct Check {
    corpus: Corpus,
    /// Texts that bring their tables.
    worlds: Vec<String>,
    /// The shipped model, and indicators to be checked with it.
    model: String,
    shipped: Vec<String>,
}

impl Check {
    pub(super) fn new() -> Self {
        let brings_tables = |text: &str| text.starts_with("table ") || text.contains("\ntable ");
        let (mut worlds, mut shipped): (Vec<String>, Vec<String>) =
            every_text().into_iter().map(|(_, text)| text).partition(|text| brings_tables(text));
        worlds.retain(|text| text.len() < LONGEST);
        shipped.retain(|text| text.len() < LONGEST);
        for seed in 0..GENERATED {
            let mut rng = ChaCha8Rng::seed_from_u64(seed);
            let (text, parsed, model) = generated::model(&mut rng);
            let (indicators, ..) = generated::indicators(&mut rng, parsed, &model);
            worlds.extend(indicators.iter().map(|indicator| format!("{text}\n{indicator}")));
        }
        let model = std::fs::read_to_string(root().join(MODEL)).unwrap_or_default();
        Self { corpus: Corpus::new(), worlds, model, shipped }
    }
}

impl Target for Check {
    fn draw(&self, rng: &mut ChaCha8Rng) -> Vec<u8> {
        let text = if below(rng, 400) == 0 {
            let indicator = self.shipped[below(rng, self.shipped.len())].clone();
            format!("{}\n{}", self.corpus.mutated(rng, indicator), self.model)
        } else {
            let world = self.worlds[below(rng, self.worlds.len())].clone();
            self.corpus.mutated(rng, world)
        };
        text.into_bytes()
    }

    fn run(&mut self, input: &[u8]) -> u64 {
        let text = String::from_utf8_lossy(input);
        let mut sources = Sources::default();
        let file = sources.add("a.ind", text.as_ref());
        let (ast, mut found) = syntax::parse(&sources, file);
        let asts = [ast];
        let check::Checked { program, findings, .. } = check::check(&asts);
        found.extend(findings);
        let sound = !found.has_errors();
        found.extend(check::asked(&asts, &program, NaiveDate::from_ymd_opt(2026, 10, 31)));
        let all = found.sorted();
        all.iter().for_each(|finding| shown(&sources, finding));
        let document = sarif::document(&sources, &all, &[], "0");
        assert!(serde_json::from_str::<serde_json::Value>(&document).is_ok(), "no JSON: {document}");
        corrected(&text, &all);
        if sound {
            used(&program, &sources);
        }
        u64::from(sound)
    }
}

/// A finding in every form.
fn shown(sources: &Sources, finding: &Diagnostic) {
    in_the_text(sources, finding);
    for form in [Form::Plain, Form::Fancy { color: true, width: 80 }] {
        assert!(!render::text(sources, finding, form).is_empty(), "{finding:?}");
    }
    let line = render::json(sources, finding);
    assert!(serde_json::from_str::<serde_json::Value>(&line).is_ok(), "no JSON: {line}");
    assert_eq!(github::command(sources, finding).lines().count(), 1, "{finding:?}");
}

/// Makes the corrections that findings give, the first of each, and reads the text again.
fn corrected(text: &str, all: &[&Diagnostic]) {
    for finding in all.iter().filter(|finding| !finding.fix.is_empty()).take(3) {
        let mut edits = finding.fix.clone();
        edits.sort_by_key(|edit| edit.span.start);
        let (mut made, mut end) = (String::new(), 0);
        for edit in &edits {
            let (from, to) = (edit.span.start as usize, edit.span.end as usize);
            assert!(end <= from, "corrections of one place: {finding:?}");
            made = made + text.get(end..from).unwrap_or_default() + &edit.text;
            end = to;
        }
        made += text.get(end..).unwrap_or_default();
        let mut sources = Sources::default();
        let file = sources.add("a.ind", made);
        let _ = check::check(&[syntax::parse(&sources, file).0]);
    }
}

/// What is made of definitions that are right.
fn used(program: &Program, sources: &Sources) {
    let as_of = NaiveDate::from_ymd_opt(2026, 10, 31).unwrap_or_default();
    for indicator in program.indicators.iter().take(2) {
        assert!(!describe::page(program, indicator).sections.is_empty(), "{} is not described", indicator.id);
        let windows = indicator.windows(as_of, 3);
        for dialect in [Dialect::DuckDb, Dialect::Postgres] {
            let asked = sql::Asked { dialect, as_of, windows: &windows };
            if let Ok(query) = sql::query(program, indicator, sources, asked) {
                assert!(query.contains("SELECT"), "{query}");
            }
        }
    }
    for test in program.tests.iter().take(2) {
        // A row that breaks the model is told.
        let _ = trial::run(program, test, &trial::one_by_one);
    }
}
