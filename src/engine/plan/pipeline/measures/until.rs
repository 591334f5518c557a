//! The time until something happens.

use super::followed::time_to_event;
use super::{Outcome, Outcomes, Planned, nothing, one_by_one};
use crate::plan::pipeline::context::Context;
use datafusion::error::Result;
use yardstick_language::ir::measure::Until;

impl Planned for Until {
    fn outcome(&self, ctx: &Context<'_>) -> Result<Outcome> {
        let (met, amount) = time_to_event(ctx, self.unit, &self.rows)?;
        Ok(Outcome { met, amount, exposure: nothing() })
    }

    fn outcomes(&self, _: &Context<'_>) -> Result<Outcomes> {
        one_by_one()
    }
}
