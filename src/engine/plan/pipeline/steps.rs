//! The plans that are run before the answer's.

use crate::plan::Step;
use crate::plan::pipeline::context::Context;
use crate::plan::relational::verbs::{names, scan};
use datafusion::arrow::datatypes::Schema;
use datafusion::error::Result;
use datafusion::logical_expr::LogicalPlan;
use std::sync::Arc;

/// The steps of one chain so far.
#[derive(Debug)]
pub(in crate::plan) struct Steps {
    /// The indicator: steps of several are under way at once.
    of: String,
    steps: Vec<Step>,
    /// How many there were before those.
    before: usize,
    /// Whether all that is planned is about rows that went: few, and often none in the windows.
    pub(in crate::plan) of_went: bool,
}

impl Steps {
    pub(in crate::plan) fn new(ctx: &Context<'_>) -> Self {
        Self { of: ctx.indicator.id.clone(), steps: Vec::new(), before: 0, of_went: ctx.went() }
    }

    /// Makes the plan a step of its own, and gives a scan of its rows: DataFusion would run a plan
    /// as often as it is used.
    pub(in crate::plan) fn materialize(&mut self, plan: LogicalPlan) -> Result<LogicalPlan> {
        self.step(plan, false)
    }

    /// The same of a plan whose rows everything after it is about: where there are none, nothing
    /// more is planned and run, which takes longer than to look for a few rows.
    pub(in crate::plan) fn decisive(&mut self, plan: LogicalPlan) -> Result<LogicalPlan> {
        self.step(plan, true)
    }

    fn step(&mut self, plan: LogicalPlan, decides: bool) -> Result<LogicalPlan> {
        let name = format!("{}#{}", self.of, self.before + self.steps.len() + 1);
        let schema: &Schema = plan.schema().as_arrow();
        let columns = names(&plan).into_iter().map(|n| (n.clone(), n)).collect::<Vec<_>>();
        let scan = scan(&name, &Arc::new(schema.clone()), &columns)?;
        self.steps.push(Step { name, plan, decides });
        Ok(scan)
    }

    /// The steps since those that were taken before, in the order in which they are to be run.
    pub(in crate::plan) fn take(&mut self) -> Vec<Step> {
        self.before += self.steps.len();
        std::mem::take(&mut self.steps)
    }
}
