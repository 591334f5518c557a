//! A count of different rows: the number of the row that each leads to.

use super::{Outcome, Outcomes, Planned, of_value, one_by_one};
use crate::plan::expression::lower::value;
use crate::plan::pipeline::context::Context;
use datafusion::arrow::datatypes::DataType;
use datafusion::error::Result;
use datafusion::logical_expr::cast;
use yardstick_language::ir::measure::Distinct;

impl Planned for Distinct {
    fn outcome(&self, ctx: &Context<'_>) -> Result<Outcome> {
        of_value(cast(value(&ctx.scope, &self.of)?, DataType::Int64))
    }

    fn outcomes(&self, _: &Context<'_>) -> Result<Outcomes> {
        one_by_one()
    }
}
