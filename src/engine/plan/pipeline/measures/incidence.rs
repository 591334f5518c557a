//! An incidence: the days until a row ends, and how it does.

use super::followed::time_and_fate;
use super::{Outcome, Outcomes, Planned, nothing, one_by_one};
use crate::plan::pipeline::context::Context;
use datafusion::error::Result;
use yardstick_language::ir::measure::Incidence;

impl Planned for Incidence {
    fn outcome(&self, ctx: &Context<'_>) -> Result<Outcome> {
        let (met, amount) = time_and_fate(ctx, &self.of, self.by, &self.rows)?;
        Ok(Outcome { met, amount, exposure: nothing() })
    }

    fn outcomes(&self, _: &Context<'_>) -> Result<Outcomes> {
        one_by_one()
    }
}
