//! A rate: events, and exposure.

use super::events::{events_in_each, events_of};
use super::{Outcome, Outcomes, Planned, other_windows};
use crate::plan::expression::lower::value;
use crate::plan::expression::values::in_each;
use crate::plan::functions::window_list::{above_zero, below_zero, known, known_in};
use crate::plan::pipeline::context::Context;
use crate::plan::window_set::none_of;
use datafusion::error::Result;
use datafusion::logical_expr::{lit, when};
use yardstick_language::ir::measure::Rate;

impl Planned for Rate {
    fn outcome(&self, ctx: &Context<'_>) -> Result<Outcome> {
        let exposure = value(&ctx.scope, &self.exposure)?;
        // Less exposure than none is a mistake in the row.
        let exposure = match self.exposure.never_negative() {
            true => exposure,
            false => when(exposure.clone().gt_eq(lit(0_i64)), exposure).end()?,
        };
        let (amount, sure) = events_of(ctx, &self.events)?;
        let exposed = || exposure.clone().is_not_null();
        let amount = when(exposed(), amount).otherwise(lit(0_i64))?;
        let known = sure.and(exposed());
        let met = when(known, amount.clone().gt(lit(0_i64))).end()?;
        Ok(Outcome { met, amount, exposure })
    }

    fn outcomes(&self, ctx: &Context<'_>) -> Result<Outcomes> {
        let ((events, sure), exposure) = (events_in_each(ctx, &self.events)?, in_each(&ctx.scope, &self.exposure)?);
        let exposure = match self.exposure.never_negative() {
            true => exposure,
            false => known(exposure.clone(), below_zero(exposure), None, ctx.windows().len()),
        };
        let exposed = || known_in(exposure.clone());
        let sure = known(sure, none_of(exposed()), None, ctx.windows().len());
        let known = known_in(events) & exposed();
        let met = known.clone() & above_zero(sure.clone());
        let unknown = other_windows(ctx, known);
        Ok(Outcomes { met, unknown, amounts: Some(sure), exposures: Some(exposure), truth: None })
    }
}
