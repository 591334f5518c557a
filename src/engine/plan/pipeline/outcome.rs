//! What is measured of a row in its window, and which exclusion takes it out.

use crate::plan::columns::{AMOUNT, EXPOSURE, MET, sure_name};
use crate::plan::expression::lower::value;
use crate::plan::functions::coalesce::coalesce;
use crate::plan::pipeline::context::Context;
use crate::plan::pipeline::time_to_event::{time_and_fate, time_to_event};
use datafusion::error::Result;
use datafusion::logical_expr::{Expr, ident, lit, when};
use datafusion::scalar::ScalarValue;
use yardstick_language::ir::{Ask, Expr as IrExpr, ExprKind, Measure, Ty};

/// The number of the first exclusion that is true in the row's window.
pub(in crate::plan) fn exclusion(ctx: &Context<'_>) -> Result<Expr> {
    let nothing = || Expr::Literal(ScalarValue::Int32(None), None);
    let mut number = nothing();
    for (i, exclusion) in ctx.indicator.exclusions.iter().enumerate().rev() {
        let i = lit(i32::try_from(i).unwrap_or(i32::MAX));
        number = when(value(&ctx.scope, &exclusion.condition)?, i).otherwise(number)?;
    }
    Ok(number)
}

/// The columns [`MET`] (of a rate, whether there is an event; of a mean or a percentile, true),
/// missing when something that is needed is not known, [`AMOUNT`] and [`EXPOSURE`].
pub(in crate::plan) fn outcome(ctx: &Context<'_>) -> Result<Vec<(Expr, String)>> {
    let missing = || Expr::Literal(ScalarValue::Int64(None), None);
    let (met, amount, exposure) = match &ctx.indicator.measure {
        Measure::Proportion { numerator } => (value(&ctx.scope, numerator)?, missing(), missing()),
        Measure::Rate { events, exposure, .. } => {
            let days = value(&ctx.scope, exposure)?;
            // Fewer days than none are a mistake in the row.
            let days = match exposure.never_negative() {
                true => days,
                false => when(days.clone().gt_eq(lit(0_i64)), days).end()?,
            };
            let (amount, sure) = events_of(ctx, events)?;
            let known = sure.and(days.clone().is_not_null());
            let met = when(known, amount.clone().gt(lit(0_i64))).end()?;
            (met, amount, coalesce(vec![days, lit(0_i64)]))
        }
        Measure::Until { unit, rows, .. } => {
            let (happened, time) = time_to_event(ctx, *unit, rows)?;
            (happened, time, missing())
        }
        Measure::Incidence { of, by, rows } => {
            let (met, time) = time_and_fate(ctx, of, *by, rows)?;
            (met, time, missing())
        }
        Measure::Mean { of } | Measure::Percentile { of, .. } => {
            let value = value(&ctx.scope, of)?;
            (when(value.clone().is_not_null(), lit(true)).end()?, value, missing())
        }
    };
    Ok(vec![(met, MET.to_owned()), (amount, AMOUNT.to_owned()), (exposure, EXPOSURE.to_owned())])
}

/// The events of a row, and whether there can be no more: of a count, the rows that surely
/// count.
fn events_of(ctx: &Context<'_>, events: &IrExpr) -> Result<(Expr, Expr)> {
    let value = value(&ctx.scope, events)?;
    let known = value.clone().is_not_null();
    let amount = match &events.kind {
        ExprKind::Linked(q) if q.ask == Ask::Count => ident(sure_name(q)),
        _ if events.ty == Ty::Bool => when(value, lit(1_i64)).otherwise(lit(0_i64))?,
        _ => coalesce(vec![value, lit(0_i64)]),
    };
    Ok((amount, known))
}
