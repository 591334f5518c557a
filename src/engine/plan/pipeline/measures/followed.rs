//! Rows that are followed until something happens, and for which it may not have happened yet.

use crate::plan::expression::lower::value;
use crate::plan::pipeline::context::Context;
use datafusion::error::Result;
use datafusion::logical_expr::{Expr, lit, when};
use yardstick_language::ir::{At, CompareOp, Expr as IrExpr, ExprKind, Fate, Followed, Function, Missing, Period, Ty};
use yardstick_language::model::Counted;

/// Whether it has happened by the last day on which that is known, and the time until then;
/// where it has not, the time until that last day. Both are missing where a day is, and where
/// the time would be negative.
pub(in crate::plan) fn time_to_event(ctx: &Context<'_>, unit: Counted, rows: &Followed) -> Result<(Expr, Expr)> {
    let time = time_to(ctx, unit, rows, &[&rows.to, &rows.censor])?;
    let happened = value(&ctx.scope, &compared(CompareOp::Le, &rows.to, &rows.censor))?;
    Ok((when(time.clone().is_not_null(), happened).end()?, time))
}

/// Whether a row of an incidence is met, and the number of its days and its [`Fate`]. The first
/// is missing where it is not known how the row has ended, both where a day is missing or the
/// days would be negative.
pub(in crate::plan) fn time_and_fate(
    ctx: &Context<'_>,
    of: &IrExpr,
    by: Period,
    rows: &Followed,
) -> Result<(Expr, Expr)> {
    let last = last(&rows.from, by);
    let days = time_to(ctx, Counted::Days, rows, &[&rows.to, &rows.censor, &last])?;
    let ended = value(&ctx.scope, &compared(CompareOp::Le, &rows.to, &rows.censor))?;
    let ended = ended.and(value(&ctx.scope, &compared(CompareOp::Le, &rows.to, &last))?);
    let through = value(&ctx.scope, &compared(CompareOp::Ge, &rows.censor, &last))?;
    let of = value(&ctx.scope, of)?;
    let is = |fate: Fate| lit(fate.number());
    let kind = when(of.clone(), is(Fate::Met)).when(!of.clone(), is(Fate::Otherwise)).otherwise(is(Fate::Unclear))?;
    let fate = when(ended.clone(), kind).when(through, is(Fate::Through)).otherwise(is(Fate::Censored))?;
    let met = when(days.clone().is_null(), lit(datafusion::scalar::ScalarValue::Boolean(None)))
        .when(ended, of)
        .otherwise(lit(false))?;
    Ok((met, days * lit(Fate::PLACES) + fate))
}

/// The time from the first day to the earliest of others; missing when it would be negative.
fn time_to(ctx: &Context<'_>, unit: Counted, rows: &Followed, ends: &[&IrExpr]) -> Result<Expr> {
    let unknown = ends.iter().any(|end| end.missing == Missing::Unknown);
    let missing = if unknown { Missing::Unknown } else { Missing::Never };
    // An open end is later than every day, and the day of censoring is none, so the earliest is
    // never one.
    let of = ends.iter().map(|end| (*end).clone()).collect();
    let kind = ExprKind::Call { function: Function::Earliest, of };
    let time = value(
        &ctx.scope,
        &between(unit, rows.from.clone(), IrExpr { kind, ty: Ty::Date, missing, at: At::default() }),
    )?;
    when(time.clone().gt_eq(lit(0_i64)), time).end()
}

/// The last day on which a row of an incidence is looked at.
fn last(from: &IrExpr, by: Period) -> IrExpr {
    let number = |n: u32| i32::try_from(n).unwrap_or(i32::MAX);
    let (months, days) = (number(by.months), number(by.days));
    let kind = ExprKind::Shift { date: Box::new(from.clone()), months, days, minutes: 0 };
    IrExpr { kind, ty: Ty::Date, missing: from.missing, at: At::default() }
}

fn compared(op: CompareOp, left: &IrExpr, right: &IrExpr) -> IrExpr {
    let kind = ExprKind::Compare { op, left: Box::new(left.clone()), right: Box::new(right.clone()) };
    IrExpr { kind, ty: Ty::Bool, missing: Missing::Unknown, at: At::default() }
}

fn between(unit: Counted, from: IrExpr, to: IrExpr) -> IrExpr {
    let function = match unit {
        Counted::Days => Function::DaysBetween,
        Counted::BusinessDays => Function::BusinessDaysBetween,
        Counted::Months => Function::MonthsBetween,
        Counted::Years => Function::YearsBetween,
        Counted::Hours => Function::HoursBetween,
        Counted::Minutes => Function::MinutesBetween,
    };
    let ty = Ty::Length(unit);
    IrExpr { kind: ExprKind::Call { function, of: vec![from, to] }, ty, missing: Missing::Unknown, at: At::default() }
}
