//! A percentile: a value of each row.

use super::{Outcome, Outcomes, Planned, of_value, one_by_one};
use crate::plan::expression::lower::value;
use crate::plan::pipeline::context::Context;
use datafusion::error::Result;
use yardstick_language::ir::measure::Percentile;

impl Planned for Percentile {
    fn outcome(&self, ctx: &Context<'_>) -> Result<Outcome> {
        of_value(value(&ctx.scope, &self.of)?)
    }

    fn outcomes(&self, _: &Context<'_>) -> Result<Outcomes> {
        one_by_one()
    }
}
