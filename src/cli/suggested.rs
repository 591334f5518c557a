//! `yardstick test --suggest`: boundary cases of an indicator, for somebody to approve.

use super::as_shown::AsShown;
use super::clause_text::{comparison, plain};
use super::failure::{Done, Exit, Failure};
use super::{definitions, output, progress};
use crate::diag::suggest;
use crate::history::{Bounds, Definition, Edge, Side, suggested};
use crate::interpret::Clause;
use crate::ir::{Indicator, Part};
use crate::source::{Sources, Span};
use crate::syntax::{self, ast, ast::Item};
use crate::visible;
use std::path::PathBuf;

/// For each edge so many histories are looked at.
const HISTORIES: usize = 3_000;

/// Prints the boundary cases on which no test lies.
pub(super) fn run(paths: &[PathBuf], id: &str) -> Done {
    let (sources, program) = definitions::load(paths)?.sound()?;
    let of = program.hierarchies().find_map(|program| Definition::find(program, id)).ok_or_else(|| {
        let ids: Vec<_> = program.hierarchies().flat_map(|of| &of.indicators).map(|i| i.id.as_str()).collect();
        Failure::usage(format!("there is no indicator `{id}`")).help(suggest::help(id, "indicators", &ids))
    })?;
    let clauses = clauses(&sources, id);
    let words = |edge: Edge| words(&sources, &clauses, of.indicator(), edge);
    let found = {
        let _sign_of_life = progress::spinner("looking for boundary cases");
        suggested(of, &AsShown, &words, Bounds { histories: HISTORIES, ..Bounds::default() })
    };
    let edges = if found.edges == 1 { "edge".to_owned() } else { format!("{} edges", found.edges) };
    let mut text = format!(
        "# {id} has {edges}; tests lie on {} of them, and for {} no rows were found that lie on them.\n",
        found.covered, found.not_found
    );
    text.extend(found.blocks.iter().map(|block| format!("\n{block}")));
    output::say(&visible::lines(&text))?;
    Ok(Exit::Fine)
}

type Written = (Span, ast::Clause);

/// The clauses of an indicator as they are written.
fn clauses(sources: &Sources, id: &str) -> Vec<Written> {
    let items = sources.iter().flat_map(|(file, _)| syntax::parse(sources, file).0.items);
    let declared = items.filter_map(|item| match item {
        Item::Indicator(of) if of.name.value == id => Some(of.clauses),
        _ => None,
    });
    declared.last().into_iter().flatten().map(|clause| (clause.span, clause.value)).collect()
}

/// An edge in the words of the file.
fn words(sources: &Sources, clauses: &[Written], of: &Indicator, edge: Edge) -> String {
    let Some(clause) = edge.clause else { return "a month that has no such day".to_owned() };
    let reason = |number: usize| of.exclusions.get(number).map_or("", |exclusion| exclusion.reason.as_str());
    let is = |written: &ast::Clause| match (clause, written) {
        (Clause::Cohort, ast::Clause::Cohort(_))
        | (Clause::Measure(Part::Numerator), ast::Clause::Numerator(_))
        | (Clause::Measure(Part::Denominator), ast::Clause::Denominator(_)) => true,
        (Clause::Exclude(number), ast::Clause::Exclude { reason: own, .. }) => own.value == reason(number),
        (Clause::Measure(part), ast::Clause::Measure(_)) => !matches!(part, Part::Numerator | Part::Denominator),
        _ => false,
    };
    let written = clauses.iter().find(|(_, clause)| is(clause));
    // A clause that is taken over stands in another indicator.
    let text = written.map_or("a clause that is taken over", |(span, _)| sources.text(*span));
    let side = match edge.side {
        Side::Own | Side::Months => "",
        Side::First => ", on the first day",
        Side::End => ", on the day after the last",
    };
    format!("`{}`{side}", plain(&comparison(text, edge.number, edge.of)))
}
