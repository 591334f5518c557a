//! Conditions that are always or never true, found by reading them alone and together.

use super::implication::Implied;
use crate::check::typer::Typed;
use crate::check::world::World;
use crate::diag::{Diagnostic, Diagnostics, code};
use crate::ir::{CompareOp, Expr, ExprKind, Missing, Ty};
use crate::syntax::ast;
use std::collections::BTreeSet;

/// Looks at the conditions of an indicator. `day_window`: its window is a single day.
pub(in crate::check) fn of_an_indicator(world: &World, day_window: bool, typed: &[Typed], out: &mut Diagnostics) {
    found(world, day_window, typed).into_iter().for_each(|finding| out.push(finding));
}

/// Looks at the conditions of a name that every indicator can use: only what holds in every window
/// is said of it.
pub(in crate::check) fn of_the_model(world: &World, typed: &[Typed], out: &mut Diagnostics) {
    let named = |finding: &Diagnostic| (finding.span(), finding.message.clone());
    let of_a_day: BTreeSet<_> = found(world, true, typed).iter().map(named).collect();
    let everywhere = found(world, false, typed).into_iter().filter(|finding| of_a_day.contains(&named(finding)));
    everywhere.for_each(|finding| out.push(finding));
}

fn found(world: &World, day_window: bool, typed: &[Typed]) -> Vec<Diagnostic> {
    let look = |typed: &Typed| match typed {
        Typed::Condition(written, condition) => alone(world, day_window, written, condition),
        Typed::Together(parts) => together(world, day_window, parts),
    };
    typed.iter().filter_map(look).collect()
}

/// Looks at one condition by itself.
fn alone(world: &World, day_window: bool, written: &ast::Expr, condition: &Expr) -> Option<Diagnostic> {
    // What stands behind `not` has been looked at already.
    if matches!(written.kind, ast::ExprKind::Not(_)) {
        return None;
    }
    let (truth, why, help) = verdict(world, day_window, condition)?;
    let (code, message) = match truth {
        true => (code::ALWAYS_TRUE, format!("this is always true: {why}")),
        false => (code::ALWAYS_FALSE, format!("this is never true: {why}")),
    };
    Some(Diagnostic::new(code, written.span, message).help(help))
}

/// Whether the condition has the same answer for every row, why, and what to do.
pub(super) fn verdict(world: &World, day_window: bool, condition: &Expr) -> Option<(bool, String, &'static str)> {
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
            let facts = Implied::new(world, day_window);
            let together = facts.compare_points(*op, left, right)?;
            return Some((together, "the window's points have a fixed order".into(), "remove it"));
        }
    }
    let (inner, listed) =
        if let ExprKind::Not(inner) = &condition.kind { (&**inner, false) } else { (condition, true) };
    let ExprKind::InCodes { value, codes } = &inner.kind else { return None };
    let Ty::Code(list) = value.ty else { return None };
    if codes.len() < list.words(&world.model).len() {
        return None;
    }
    Some((listed, "the list contains every possible word".into(), "write `is known` to ask whether there is a value"))
}

/// Looks at conditions joined by `and`.
fn together(world: &World, day_window: bool, parts: &[(&ast::Expr, Expr)]) -> Option<Diagnostic> {
    let mut facts = Implied::new(world, day_window);
    let mut found = None;
    for (written, condition) in parts {
        // What is always true by itself is so without the others.
        if found.is_none() && verdict(world, day_window, condition).is_none() && facts.imply(condition) {
            let message = "the conditions before it say this already";
            let finding = Diagnostic::new(code::ALWAYS_TRUE, written.span, message);
            found = Some(finding.help("remove it, or check what was meant"));
        }
        if !facts.add(condition) {
            let message = "no row can pass this together with the conditions before it";
            let finding = Diagnostic::new(code::ALWAYS_FALSE, written.span, message);
            return Some(finding.help("join them by `or`, or remove one"));
        }
    }
    found
}
