//! What the page shows: findings, what each indicator means, and what its tests come to.

use crate::question::Question;
use crate::tested::{self, Tested};
use serde::Serialize;
use serde_json::Value;
use yardstick_language::check;
use yardstick_language::describe;
use yardstick_language::diag::code::Lint;
use yardstick_language::diag::{Diagnostics, render};
use yardstick_language::ir::Program;
use yardstick_language::source::{Sources, Span};
use yardstick_language::syntax;
use yardstick_language::syntax::ast::Ast;
use yardstick_language::visible;
use yardstick_results::trial;

/// The answer to a question.
#[derive(Debug, Default, Serialize)]
pub struct Answer {
    /// Why the texts were not looked at, if so.
    pub refused: Option<String>,
    /// The number of errors. With one, nothing below `findings` is told.
    pub errors: usize,
    /// The number of warnings.
    pub warnings: usize,
    /// As `yardstick check --format json` writes them, in its order.
    pub findings: Vec<Value>,
    /// What each indicator measures, in the order of their ids.
    pub indicators: Vec<Described>,
    /// The tests, in the order of the texts.
    pub tests: Vec<Tested>,
}

/// An indicator in English.
#[derive(Debug, Serialize)]
pub struct Described {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// What `yardstick describe` says of it.
    pub english: String,
}

/// A place in a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Place {
    /// The text's name.
    pub file: String,
    /// The line, from 1 on.
    pub line: usize,
}

impl Place {
    /// Where a span begins.
    #[must_use]
    pub fn of(sources: &Sources, span: Span) -> Self {
        let file = sources.file(span.file);
        Self { file: file.path.display().to_string(), line: file.line_column(span.start).0 }
    }
}

impl Answer {
    /// That the texts were not looked at, and why.
    #[must_use]
    pub fn refused(why: String) -> Self {
        Self { refused: Some(why), ..Self::default() }
    }
}

/// The answer to a question.
#[must_use]
pub fn answer(question: &Question) -> Answer {
    let mut sources = Sources::default();
    let mut findings = Diagnostics::default();
    let mut asts: Vec<Ast> = Vec::new();
    for file in &question.files {
        let file = sources.add(file.path.as_str(), file.text.as_str());
        let (ast, found) = syntax::parse(&sources, file);
        findings.extend(found);
        asts.push(ast);
    }
    let checked = check::check(&asts);
    findings.extend(checked.findings);
    if !findings.has_errors() {
        findings.extend(check::asked(&asts, &checked.program, None));
    }
    let is_sound = !findings.has_errors();
    findings.regrade(|code| Lint::of(code).map(|lint| lint.level));
    let (errors, warnings) = findings.counts();
    let written = |finding| serde_json::from_str(&render::json(&sources, finding)).ok();
    let findings = findings.sorted().into_iter().filter_map(written).collect();
    let told = Answer { errors, warnings, findings, ..Answer::default() };
    if !is_sound {
        return told;
    }
    let (indicators, tests) = (described(&checked.program), tested(&sources, &checked.program));
    Answer { indicators, tests, ..told }
}

/// Every indicator, of whichever hierarchy, once.
fn described(program: &Program) -> Vec<Described> {
    let mut all: Vec<Described> = Vec::new();
    for of in program.hierarchies() {
        for indicator in &of.indicators {
            if all.iter().all(|known| known.id != indicator.id) {
                let english = visible::lines(&describe::page(of, indicator).text()).into_owned();
                let title = visible::value(&indicator.about.title).into_owned();
                all.push(Described { id: indicator.id.clone(), title, english });
            }
        }
    }
    all.sort_by(|one, other| one.id.cmp(&other.id));
    all
}

fn tested(sources: &Sources, program: &Program) -> Vec<Tested> {
    trial::tests(program, |_, _| true).iter().filter_map(|parts| tested::tested(sources, parts)).collect()
}
