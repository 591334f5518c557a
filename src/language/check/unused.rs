//! What is declared and never asked for, and what a reviewer misses.

use super::clauses::Clauses;
use super::declared::Declared;
use super::typer::Typer;
use crate::diag::{Diagnostic, Diagnostics, code};
use crate::syntax::ast;
use std::collections::BTreeSet;

/// Local names that no clause uses.
pub(super) fn lets(typer: &mut Typer, clauses: &Clauses) {
    for (name, _) in &clauses.lets {
        if typer.lets.contains_key(name.value.as_str()) && !typer.used_lets.contains(&name.value) {
            let message = format!("nothing uses `{}`", name.value);
            typer
                .found
                .push(Diagnostic::new(code::UNUSED_LET, name.span, message).help("remove the line, or use the name"));
        }
    }
}

/// Named sets of codes and rows that nothing asks for.
pub(super) fn sets(declared: &Declared, used: &BTreeSet<String>, out: &mut Diagnostics) {
    let codes = declared.codes.iter().map(|c| (c.name, "codes"));
    let rows = declared.rows.iter().map(|r| (r.name, "rows"));
    // What could not be read may use anything.
    if !declared.unread.is_empty() {
        return;
    }
    for (name, what) in codes.chain(rows) {
        if !used.contains(&name.value) {
            let message = format!("no indicator uses the {what} `{}`", name.value);
            out.push(Diagnostic::new(code::UNUSED_SET, name.span, message).help("remove the line, or use the name"));
        }
    }
}

/// Indicators that stand on no scorecard, when there is one.
pub(super) fn indicators(declared: &Declared, out: &mut Diagnostics) {
    if declared.scorecards.is_empty() {
        return;
    }
    let shown: BTreeSet<&str> = (declared.scorecards.iter())
        .flat_map(|s| s.rows.iter().flat_map(|(_, names)| names.iter().map(|n| n.value.as_str())))
        .collect();
    // A mistyped name may be the one that is missed.
    if !shown.is_subset(&declared.named) {
        return;
    }
    for indicator in &declared.indicators {
        let name = &indicator.name;
        if !shown.contains(name.value.as_str()) {
            let message = format!("no scorecard shows `{}`", name.value);
            out.push(Diagnostic::new(code::ON_NO_SCORECARD, name.span, message).help("add it to a row of a scorecard"));
        }
    }
}

/// Words without which nobody can approve an indicator.
pub(super) fn review(decl: &ast::Indicator, clauses: &Clauses, out: &mut Diagnostics) {
    let words = [
        (clauses.question.is_none(), "question"),
        (clauses.source.is_none(), "source"),
        (clauses.status.is_none(), "status"),
    ];
    let missing: Vec<_> = words.iter().filter(|(missing, _)| *missing).map(|(_, word)| format!("`{word}`")).collect();
    if missing.is_empty() {
        return;
    }
    let message = format!("`{}` has no {}, which a reviewer needs", decl.name.value, missing.join(", no "));
    out.push(
        Diagnostic::new(code::NOT_FOR_REVIEW, decl.name.span, message)
            .help("say what question it answers, where its definition comes from, and how close to it this is (`published`, `adapted`, `inferred`)"),
    );
}
