//! A proportion: whether the numerator is true.

use super::{Outcome, Outcomes, Planned, nothing, other_windows};
use crate::plan::expression::lower::value;
use crate::plan::expression::truth::truth;
use crate::plan::pipeline::context::Context;
use datafusion::error::Result;
use yardstick_language::ir::measure::Proportion;

impl Planned for Proportion {
    fn outcome(&self, ctx: &Context<'_>) -> Result<Outcome> {
        Ok(Outcome { met: value(&ctx.scope, &self.numerator)?, amount: nothing(), exposure: nothing() })
    }

    fn outcomes(&self, ctx: &Context<'_>) -> Result<Outcomes> {
        let truth = truth(&ctx.scope, &self.numerator)?;
        let unknown = other_windows(ctx, truth.yes.clone() | truth.no.clone());
        Ok(Outcomes { met: truth.yes.clone(), unknown, amounts: None, exposures: None, truth: Some(truth) })
    }
}
