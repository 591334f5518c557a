//! Conditions that are always or never true, found by reading them alone and together.

use super::typer::Typer;
use crate::ir::Expr;
use crate::source::Span;
use crate::syntax::ast;

/// Looks at one condition by itself.
pub(super) fn alone(typer: &mut Typer, span: Span, condition: &Expr) {
    let _ = (typer, span, condition);
}

/// Looks at conditions joined by `and`.
pub(super) fn together(typer: &mut Typer, parts: &[ast::Expr], typed: &[Expr]) {
    let _ = (typer, parts, typed);
}

/// Looks at exclusions and numerator beside what the cohort says already.
pub(super) fn against_cohort(
    typer: &mut Typer,
    clauses: &super::clauses::Clauses,
    cohort: &crate::ir::Cohort,
    exclusions: &[crate::ir::Exclusion],
    numerator: Option<&Expr>,
) {
    let _ = (typer, clauses, cohort, exclusions, numerator);
}
