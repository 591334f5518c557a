//! What is measured of a row in its window, and which exclusion takes it out.

use crate::plan::columns::{AMOUNT, EXPOSURE, MET};
use crate::plan::expression::lower::value;
use crate::plan::pipeline::context::Context;
use crate::plan::pipeline::measures::{Outcome, planned};
use datafusion::error::Result;
use datafusion::logical_expr::{Expr, lit, when};
use datafusion::scalar::ScalarValue;

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

/// The columns [`MET`], [`AMOUNT`] and [`EXPOSURE`]: see [`Outcome`].
pub(in crate::plan) fn outcome(ctx: &Context<'_>) -> Result<Vec<(Expr, String)>> {
    let Outcome { met, amount, exposure } = planned(&ctx.indicator.measure).outcome(ctx)?;
    Ok(vec![(met, MET.to_owned()), (amount, AMOUNT.to_owned()), (exposure, EXPOSURE.to_owned())])
}
