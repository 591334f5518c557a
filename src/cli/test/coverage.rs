//! `yardstick test --coverage`: which clauses the tests have tried, and which a result hangs on.

use super::super::failure::{Done, Failure};
use super::super::output::{self, Target};
use super::super::progress;
use super::suite::Suite;
use super::{Arguments, marks, page};
use crate::coverage::{Clauses, Coverage, Goal};
use crate::ir::Program;
use crate::parallel;
use crate::source::{Sources, Span};
use clap::ValueEnum;
use serde_json::json;
use std::fmt::Write;
use std::ops::ControlFlow;

/// How it is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    /// For reading.
    Text,
    /// A page.
    Html,
    /// One object per indicator.
    Json,
}

/// An indicator and its coverage.
#[derive(Debug)]
pub(in crate::cli) struct Covered {
    pub(in crate::cli) id: String,
    pub(super) tests: usize,
    pub(in crate::cli) coverage: Coverage,
}

/// Shows the coverage of every indicator that is wanted. The tests hold.
pub(super) fn run(sources: &Sources, program: &Program, arguments: &Arguments) -> Done {
    let form = output::format(None, arguments.output.as_deref(), (Form::Text, "coverage"))?;
    let target = Target::open(arguments.output.as_deref())?;
    let all = of_all(program, arguments.filter.as_deref(), arguments.threads.number)?;
    let shown = match form {
        Form::Text => text(sources, &all),
        Form::Html => page::page(sources, &all),
        Form::Json => json(sources, &all)?,
    };
    target.put(shown.as_bytes(), form == Form::Text)?;
    let scores = all.iter().map(|of| (of.id.as_str(), of.coverage.reached(), of.coverage.goals()));
    super::enough(scores, arguments.min, "coverage")
}

/// The coverage of every indicator that is wanted, in the order of their ids. The tests hold.
pub(in crate::cli) fn of_all(
    program: &Program,
    filter: Option<&str>,
    threads: Option<usize>,
) -> Result<Vec<Covered>, Failure> {
    let texts: Vec<Span> = program.hierarchies().flat_map(|of| &of.indicators).map(|i| i.span).collect();
    let suites = Suite::all(program, filter);
    let bar = progress::bar("clause by clause", suites.len());
    let mut all = Vec::new();
    let work = |number: usize| {
        let found = covered(&suites[number], &texts);
        bar.step();
        found
    };
    let take = |one| {
        all.push(one);
        ControlFlow::Continue(())
    };
    parallel::ordered_map(suites.len(), parallel::threads(threads), work, take).map_err(Failure::internal)?;
    drop(bar);
    Ok(all)
}

fn covered(suite: &Suite, texts: &[Span]) -> Result<Covered, String> {
    let of = |part: &Program| part.indicators.first().map(|one| Clauses::of(&part.model, one, texts));
    let clauses: Vec<Clauses> = suite.parts.iter().filter_map(of).collect();
    let first = clauses.first().ok_or("internal error: an indicator is in no hierarchy")?;
    let seen = suite.seen(|part| clauses[part].indicator.clone())?;
    let fails = |clause, truth| suite.fails(|part| clauses[part].forced(clause, truth));
    let fails: Vec<(bool, bool)> = first.all.iter().map(|clause| (fails(clause, true), fails(clause, false))).collect();
    let tests = suite.parts.iter().map(|part| part.tests.len()).max().unwrap_or(0);
    Ok(Covered { id: suite.id.clone(), tests, coverage: first.counted(&seen, &fails) })
}

/// How much of all goals: `412 of 430 (95.8 %)`. Never 100.0 when one is missing.
pub(in crate::cli) fn share(reached: usize, goals: usize) -> String {
    let tenths = (reached * 1000).checked_div(goals).unwrap_or(1000);
    format!("{reached} of {goals} ({}.{} %)", tenths / 10, tenths % 10)
}

fn text(sources: &Sources, all: &[Covered]) -> String {
    let mut out = String::new();
    for of in all {
        let _ = writeln!(out, "{}: {}", of.id, share(of.coverage.reached(), of.coverage.goals()));
        out += &marks::text(sources, &of.coverage);
        for line in not_shown(sources, of) {
            let _ = writeln!(out, "  {line}");
        }
        out.push('\n');
    }
    for line in summary(all) {
        let _ = writeln!(out, "{line}");
    }
    out
}

/// What no test has shown, each with its place.
pub(in crate::cli) fn not_shown(sources: &Sources, of: &Covered) -> Vec<String> {
    let lines = of.coverage.clauses.iter().filter_map(|covered| {
        let missing: Vec<&str> = covered.missing().map(Goal::missing).collect();
        let (line, column) = sources.file(covered.clause.place.file).line_column(covered.clause.place.start);
        let path = sources.file(covered.clause.place.file).path.display();
        let clause = super::in_one_line(sources, covered.clause.place);
        let role = &covered.clause.role;
        (!missing.is_empty()).then(|| format!("{path}:{line}:{column}: {role}: `{clause}` {}", missing.join(", ")))
    });
    lines.collect()
}

/// The legend, what is not asked for, and the sum.
pub(super) fn summary(all: &[Covered]) -> Vec<String> {
    let sum = |of: fn(&Coverage) -> usize| all.iter().map(|one| of(&one.coverage)).sum::<usize>();
    let mut lines = vec![
        "T was true of a row, F false, U unknown; D decides: with another truth value in its place a test fails."
            .to_owned(),
        "- no test has shown it; . cannot occur, and is not asked for.".to_owned(),
    ];
    let never = sum(Coverage::never_unknown);
    if never > 0 {
        lines.push(format!("Not asked for: to be unknown, of clauses whose values are never missing: {never}."));
    }
    let constants = sum(Coverage::constants);
    if constants > 0 {
        lines.push(format!(
            "Not asked for: another truth value, of clauses that are the same of every row: {constants}."
        ));
    }
    let values = sum(|of| of.values);
    if values > 0 {
        lines.push(format!("Not counted: numbers and days that are measured, and are no conditions: {values}."));
    }
    lines.push(format!("{} in {}", share(sum(Coverage::reached), sum(Coverage::goals)), super::indicators(all.len())));
    lines
}

fn json(sources: &Sources, all: &[Covered]) -> Result<String, Failure> {
    let names = |goals: &[Goal]| goals.iter().map(|goal| format!("{goal:?}").to_lowercase()).collect::<Vec<_>>();
    let one = |of: &Covered| {
        let clause = |covered: &crate::coverage::Covered| {
            let place = covered.clause.place;
            let file = sources.file(place.file);
            let (line, column) = file.line_column(place.start);
            json!({
                "file": file.path.display().to_string(), "line": line, "column": column,
                "clause": covered.clause.role, "text": super::in_one_line(sources, place),
                "goals": names(&covered.clause.goals), "reached": names(&covered.reached),
                "missing": names(&covered.missing().collect::<Vec<_>>()),
                "fails_when_true": covered.fails_as_true, "fails_when_false": covered.fails_as_false,
            })
        };
        json!({
            "indicator": of.id, "tests": of.tests,
            "goals": of.coverage.goals(), "reached": of.coverage.reached(),
            "clauses": of.coverage.clauses.iter().map(clause).collect::<Vec<_>>(),
        })
    };
    let text = serde_json::to_string_pretty(&all.iter().map(one).collect::<Vec<_>>());
    text.map(|text| text + "\n").map_err(|e| Failure::internal(e.to_string()))
}
