//! Conditions that are always or never true, found by reading them alone, together, and beside the
//! cohort.

use super::clauses::Clauses;
use super::facts::Facts;
use super::typer::Typer;
use crate::diag::{Diagnostic, code};
use crate::ir::{Cohort, CompareOp, Exclusion, Expr, ExprKind, Missing, Ty};
use crate::source::Span;
use crate::syntax::ast;
use std::collections::HashSet;

/// Looks at one condition by itself.
pub(super) fn alone(typer: &mut Typer, e: &ast::Expr, condition: &Expr) {
    // What stands behind `not` has been looked at already.
    if matches!(e.kind, ast::ExprKind::Not(_)) {
        return;
    }
    let Some((truth, why, help)) = verdict(typer, condition) else { return };
    let (code, message) = match truth {
        true => (code::ALWAYS_TRUE, format!("this is always true: {why}")),
        false => (code::ALWAYS_FALSE, format!("this is never true: {why}")),
    };
    typer.found.push(Diagnostic::new(code, e.span, message).help(help));
}

/// Whether the condition has the same answer for every row, why, and what to do.
fn verdict(typer: &Typer, condition: &Expr) -> Option<(bool, String, &'static str)> {
    if let ExprKind::Bool(truth) = condition.kind {
        return Some((truth, "it says nothing about a row".into(), "write a condition, or remove it"));
    }
    if let ExprKind::IsMissing(value) = &condition.kind
        && value.missing == Missing::Never
    {
        return Some((
            false,
            "the value is never missing".into(),
            "remove it, or declare the column with `?` in the model",
        ));
    }
    if let ExprKind::Not(inner) = &condition.kind
        && let ExprKind::IsMissing(value) = &inner.kind
        && value.missing == Missing::Never
    {
        return Some((
            true,
            "the value is never missing".into(),
            "remove it, or declare the column with `?` in the model",
        ));
    }
    if let ExprKind::Compare { op, left, right } = &condition.kind {
        if left == right {
            let truth = matches!(op, CompareOp::Eq | CompareOp::Le | CompareOp::Ge);
            return Some((truth, "both sides are the same value".into(), "compare with another value"));
        }
        if matches!((&left.kind, &right.kind), (ExprKind::Window(_), ExprKind::Window(_))) {
            let facts = Facts::new(typer.world, typer.day_window);
            let together = facts.compare_points(*op, left, right)?;
            return Some((together, "the window's points have a fixed order".into(), "remove it"));
        }
    }
    let (inner, listed) =
        if let ExprKind::Not(inner) = &condition.kind { (&**inner, false) } else { (condition, true) };
    let ExprKind::InCodes { value, codes } = &inner.kind else { return None };
    let Ty::Code(list) = value.ty else { return None };
    if codes.len() < list.words(&typer.world.model).len() {
        return None;
    }
    Some((listed, "the list contains every possible word".into(), "write `is known` to ask whether there is a value"))
}

/// Looks at conditions joined by `and`.
pub(super) fn together(typer: &mut Typer, parts: &[ast::Expr], typed: &[Expr]) {
    let mut facts = Facts::new(typer.world, typer.day_window);
    let mut found = None;
    for (part, condition) in parts.iter().zip(typed) {
        // What is always true by itself is so without the others.
        if found.is_none() && verdict(typer, condition).is_none() && facts.imply(condition) {
            found = Some((
                code::ALWAYS_TRUE,
                part.span,
                "the conditions before it say this already",
                "remove it, or check what was meant",
            ));
        }
        if !facts.add(condition) {
            let why = "no row can pass this together with the conditions before it";
            found = Some((code::ALWAYS_FALSE, part.span, why, "join them by `or`, or remove one"));
            break;
        }
    }
    if let Some((code, span, message, help)) = found {
        typer.found.push(Diagnostic::new(code, span, message).help(help));
    }
}

/// Looks at exclusions and numerator beside what the cohort says already.
pub(super) fn against_cohort(
    typer: &mut Typer,
    clauses: &Clauses,
    cohort: &Cohort,
    exclusions: &[Exclusion],
    numerator: Option<&Expr>,
) {
    let mut facts = Facts::new(typer.world, typer.day_window);
    if !facts.add(&cohort.condition) {
        return;
    }
    let mut above = HashSet::new();
    for (exclusion, written) in exclusions.iter().zip(&clauses.exclusions) {
        let span = written.condition.span;
        let message = if !above.insert(&exclusion.condition) {
            "this excludes nothing: an exclusion above it excludes the same rows"
        } else if !facts.clone().add(&exclusion.condition) {
            "this excludes nothing: the cohort has no such rows"
        } else if facts.imply(&exclusion.condition) {
            always(typer, span, "this excludes every row of the cohort");
            continue;
        } else {
            continue;
        };
        typer.found.push(
            Diagnostic::new(code::DEAD_EXCLUDE, span, message).help("remove the exclusion, or check what was meant"),
        );
    }
    if let (Some(numerator), Some((written, _))) = (numerator, clauses.numerator) {
        let possible = Facts::new(typer.world, typer.day_window).add(numerator);
        if possible && !facts.clone().add(numerator) {
            let finding = Diagnostic::new(code::ALWAYS_FALSE, written.span, "no row of the cohort can be met");
            typer.found.push(finding.help("the cohort requires the opposite; check what was meant"));
        } else if verdict(typer, numerator).is_none() && facts.imply(numerator) {
            always(typer, written.span, "every row of the cohort is met: the cohort requires this already");
        }
    }
}

fn always(typer: &mut Typer, span: Span, message: &str) {
    typer.found.push(Diagnostic::new(code::ALWAYS_TRUE, span, message).help("check what was meant"));
}
