//! A rate: events, and exposure.

use super::events::{events_in_each, events_of};
use super::{Outcome, Outcomes, Planned, other_windows};
use crate::plan::expression::lower::value;
use crate::plan::expression::values::in_each;
use crate::plan::functions::coalesce::coalesce;
use crate::plan::functions::window_list::{above_zero, below_zero, known, known_in};
use crate::plan::pipeline::context::Context;
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
        let known = sure.and(exposure.clone().is_not_null());
        let met = when(known, amount.clone().gt(lit(0_i64))).end()?;
        Ok(Outcome { met, amount, exposure: coalesce(vec![exposure, lit(0_i64)]) })
    }

    fn outcomes(&self, ctx: &Context<'_>) -> Result<Outcomes> {
        let ((events, sure), exposure) = (events_in_each(ctx, &self.events)?, in_each(&ctx.scope, &self.exposure)?);
        let exposure = match self.exposure.never_negative() {
            true => exposure,
            false => known(exposure.clone(), below_zero(exposure), None, ctx.windows().len()),
        };
        let known = known_in(events) & known_in(exposure.clone());
        let met = known.clone() & above_zero(sure.clone());
        let unknown = other_windows(ctx, known);
        Ok(Outcomes { met, unknown, amounts: Some(sure), exposures: Some(exposure), truth: None })
    }
}
