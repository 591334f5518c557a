//! The cohort: which rows of the table count in which windows.

use crate::plan::analysis::{self, asks, outermost, uses_window};
use crate::plan::columns::{COMES, COUNTED, LEAVES, WINDOWS};
use crate::plan::expression::lower::{comparable, lower};
use crate::plan::expression::truth::{Truth, truth, truth_of_all};
use crate::plan::functions::date;
use crate::plan::pipeline::context::Context;
use crate::plan::pipeline::pick::{CONTESTED, FIRST, pick_ever, pick_in_windows};
use crate::plan::pipeline::quantifier::{Keyed, answer};
use crate::plan::pipeline::slice::slice;
use crate::plan::pipeline::steps::Steps;
use crate::plan::relational::verbs::{add_columns, filter, in_some_window, restrict_sets};
use crate::plan::window_set;
use chrono::NaiveDate;
use datafusion::error::Result;
use datafusion::logical_expr::{Expr, LogicalPlan, ident, lit, when};
use yardstick_language::ir::{At, CompareOp, Expr as IrExpr, ExprKind, LinkedQuery, Missing, Ty, went};

/// The rows that count or may count in some window, with the set of those windows in
/// [`WINDOWS`]; where it is not known of every row, with the windows in which it counts in
/// [`COUNTED`], and those of them in which it may not belong after all in [`LEAVES`].
/// `also_asked` are answered with the cohort's own quantifiers where they do not depend on the
/// window.
pub(in crate::plan) fn cohort(
    ctx: &Context<'_>,
    steps: &mut Steps,
    also_asked: &[&LinkedQuery],
) -> Result<LogicalPlan> {
    let cohort = &ctx.indicator.cohort;
    let mut rows = slice(ctx, steps)?;
    if let Some(pick) = ctx.pick().filter(|p| p.ever) {
        rows = pick_ever(ctx, steps, rows, pick)?;
    }
    let (fixed, moving): (Vec<&IrExpr>, Vec<&IrExpr>) =
        cohort.condition.conjuncts().into_iter().partition(|c| !c.uses_window());
    let (asking, plain): (Vec<&IrExpr>, Vec<&IrExpr>) = fixed.into_iter().partition(|c| asks(c));
    for condition in &plain {
        rows = filter(rows, may_hold(ctx, condition, lower(&ctx.scope, condition)?))?;
    }
    for condition in &moving {
        if let Some(reach) = prefilter(ctx, condition)? {
            rows = filter(rows, may_hold(ctx, condition, reach))?;
        }
    }
    if steps.of_went {
        rows = steps.decisive(rows)?;
    }
    let mut early = Vec::new();
    cohort.condition.conjuncts().iter().for_each(|c| outermost(c, &mut early));
    early.retain(|q| !uses_window(q));
    for q in also_asked.iter().filter(|q| !uses_window(q)) {
        if !early.iter().any(|e| e.row == q.row) {
            early.push(q);
        }
    }
    rows = answer(ctx, steps, Keyed { plan: rows, keys: &[ctx.row_key()] }, &early, &asking)?;
    for condition in &asking {
        rows = filter(rows, may_hold(ctx, condition, lower(&ctx.scope, condition)?))?;
    }
    let doubtful: Vec<&IrExpr> = plain.into_iter().chain(asking).filter(|c| ctx.scope.rows.may_be_unknown(c)).collect();
    rows = in_windows(ctx, steps, rows, &moving, &doubtful)?;
    match ctx.pick().filter(|p| !p.ever && !p.each_level) {
        Some(pick) => pick_in_windows(ctx, steps, rows, pick, None),
        None => Ok(rows),
    }
}

/// The rows with the windows in which the conditions may hold, those that ask about linked rows
/// last. The fixed ones are not false, but of a row that may be picked whatever they are.
fn in_windows(
    ctx: &Context<'_>,
    steps: &mut Steps,
    rows: LogicalPlan,
    moving: &[&IrExpr],
    fixed: &[&IrExpr],
) -> Result<LogicalPlan> {
    let (asking, plain): (Vec<&IrExpr>, Vec<&IrExpr>) = moving.iter().copied().partition(|c| asks(c));
    let truth = truth_of_all(&ctx.scope, &plain)?;
    let mut columns = vec![(may(ctx, &plain, &truth), WINDOWS.to_owned())];
    if let Some(strangers) = strangers_in_windows(ctx)? {
        let comes = may(ctx, &plain, &truth) & window_set::not(truth_of_all(&ctx.scope, fixed)?.no, ctx.windows());
        columns = vec![(comes.clone() | strangers, WINDOWS.to_owned()), (comes, COMES.to_owned())];
    }
    if ctx.in_doubt {
        let (mut sure, mut leaves) = (truth.yes & truth_of_all(&ctx.scope, fixed)?.yes, lit(0_i64));
        if ctx.went() {
            sure = lit(0_i64);
        } else if ctx.pick().is_some_and(|p| p.ever) {
            (sure, leaves) = (sure & ident(FIRST), ident(CONTESTED));
        }
        columns.extend([(sure, COUNTED.to_owned()), (leaves, LEAVES.to_owned())]);
    }
    let rows = in_some_window(add_columns(rows, columns)?)?;
    if asking.is_empty() {
        return Ok(rows);
    }
    let mut asked = Vec::new();
    asking.iter().for_each(|c| outermost(c, &mut asked));
    asked.retain(|q| uses_window(q));
    let rows = answer(ctx, steps, Keyed { plan: rows, keys: &[ctx.row_key()] }, &asked, &asking)?;
    let truth = truth_of_all(&ctx.scope, &asking)?;
    let may = may(ctx, &asking, &truth);
    let windows = match strangers_in_windows(ctx)? {
        Some(strangers) => may.clone() | strangers,
        None => may.clone(),
    };
    in_some_window(restrict_sets(rows, &[(WINDOWS, windows), (COUNTED, truth.yes), (COMES, may)])?)
}

/// The windows in which a row that went, and would be picked for nobody knows what, may be picked
/// instead of one that is in the cohort; see [`Context::strangers`].
fn strangers_in_windows(ctx: &Context<'_>) -> Result<Option<Expr>> {
    let Some(strangers) = ctx.strangers() else { return Ok(None) };
    let precedes = went::may_precede(&ctx.indicator.cohort);
    let windows = window_set::not(truth(&ctx.scope, &precedes)?.no, ctx.windows());
    Ok(Some(when(strangers, windows).otherwise(lit(0_i64))?))
}

/// What passes every row of which a condition, or a weaker one, is true or unknown, or which may be
/// picked whatever it is.
fn may_hold(ctx: &Context<'_>, condition: &IrExpr, holds: Expr) -> Expr {
    let may = if ctx.scope.rows.may_be_unknown(condition) { holds.is_not_false() } else { holds };
    ctx.strangers().into_iter().fold(may, Expr::or)
}

/// The windows in which conditions hold or are not known.
fn may(ctx: &Context<'_>, conditions: &[&IrExpr], truth: &Truth) -> Expr {
    let open = conditions.iter().any(|c| ctx.scope.rows.may_be_unknown(c));
    if open { window_set::not(truth.no.clone(), ctx.windows()) } else { truth.yes.clone() }
}

/// A weaker condition without the window, true or unknown of every row that may count in any
/// window; `None` when there is none.
fn prefilter(ctx: &Context<'_>, condition: &IrExpr) -> Result<Option<Expr>> {
    match &condition.kind {
        ExprKind::InWindow(day) if !day.uses_window() && !asks(day) => {
            let first = ctx.windows().iter().map(|w| w.start).min();
            let end = ctx.windows().iter().map(|w| w.end).max();
            let Some((first, end)) = first.zip(end) else { return Ok(None) };
            let value = comparable(&ctx.scope, day)?;
            Ok(Some(value.clone().gt_eq(date::day(first)).and(value.lt(date::day(end)))))
        }
        ExprKind::Compare { op, left, right } => {
            let Some((op, fixed, moving)) =
                analysis::sides(*op, left, right).filter(|(_, fixed, _)| fixed.ty == Ty::Date)
            else {
                return Ok(None);
            };
            let days: Option<Vec<NaiveDate>> = ctx.windows().iter().map(|w| analysis::point(moving, *w)).collect();
            let Some(days) = days.filter(|_| !asks(fixed)) else { return Ok(None) };
            let limit = match op {
                CompareOp::Lt | CompareOp::Le => days.iter().max(),
                CompareOp::Gt | CompareOp::Ge => days.iter().min(),
                CompareOp::Eq | CompareOp::Ne => None,
            };
            let Some(limit) = limit else { return Ok(None) };
            let limit =
                IrExpr { kind: ExprKind::Date(*limit), ty: Ty::Date, missing: Missing::Never, at: At::default() };
            let weaker = ExprKind::Compare { op, left: Box::new(fixed.clone()), right: Box::new(limit) };
            Ok(Some(lower(
                &ctx.scope,
                &IrExpr { kind: weaker, ty: Ty::Bool, missing: condition.missing, at: At::default() },
            )?))
        }
        _ => Ok(None),
    }
}
