//! A mean: a value of each row.

use super::{Outcome, Outcomes, Planned, of_value, other_windows};
use crate::plan::expression::lower::value;
use crate::plan::expression::values::in_each;
use crate::plan::functions::window_list::known_in;
use crate::plan::pipeline::context::Context;
use datafusion::error::Result;
use datafusion::logical_expr::lit;
use yardstick_language::ir::measure::Mean;

impl Planned for Mean {
    fn outcome(&self, ctx: &Context<'_>) -> Result<Outcome> {
        of_value(value(&ctx.scope, &self.of)?)
    }

    fn outcomes(&self, ctx: &Context<'_>) -> Result<Outcomes> {
        let value = in_each(&ctx.scope, &self.of)?;
        let unknown = other_windows(ctx, known_in(value.clone()));
        Ok(Outcomes { met: lit(0_i64), unknown, amounts: Some(value), exposures: None, truth: None })
    }
}
