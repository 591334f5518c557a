//! A count: events.

use super::events::{events_in_each, events_of};
use super::{Outcome, Outcomes, Planned, nothing, other_windows};
use crate::plan::functions::window_list::{above_zero, known_in};
use crate::plan::pipeline::context::Context;
use datafusion::error::Result;
use datafusion::logical_expr::{lit, when};
use yardstick_language::ir::measure::Count;

impl Planned for Count {
    fn outcome(&self, ctx: &Context<'_>) -> Result<Outcome> {
        let (amount, sure) = events_of(ctx, &self.events)?;
        let met = when(sure, amount.clone().gt(lit(0_i64))).end()?;
        Ok(Outcome { met, amount, exposure: nothing() })
    }

    fn outcomes(&self, ctx: &Context<'_>) -> Result<Outcomes> {
        let (events, sure) = events_in_each(ctx, &self.events)?;
        let known = known_in(events);
        let met = known.clone() & above_zero(sure.clone());
        let unknown = other_windows(ctx, known);
        Ok(Outcomes { met, unknown, amounts: Some(sure), exposures: None, truth: None })
    }
}
