//! Who a row belongs to: links followed from the row to a level's entity, and up from there, on the attribution date.

use super::answer::Build;
use super::relation::{keep, names, scan, with};
use super::{AT, date, entity};
use crate::ir::Ty;
use crate::model::{Step, TableId};
use crate::store::{self, FROM, OWNER, ROW, TARGET, UNTIL};
use datafusion::error::Result;
use datafusion::logical_expr::{Expr, JoinType, LogicalPlan, LogicalPlanBuilder, ident};
use datafusion::scalar::ScalarValue;

impl Build<'_> {
    /// The plan with the attribution date and the entity's row number at every level below the whole; missing is unassigned.
    pub(super) fn attribute(&self, plan: LogicalPlan) -> Result<LogicalPlan> {
        let attribution = &self.indicator.attribution;
        let plan = with(plan, vec![(self.lower.expr(&attribution.at)?, AT.to_owned())])?;
        let plain = self.plain_steps();
        let cohort = crate::ir::RowId::COHORT;
        let mut table = self.lower.rows.table_at(cohort, &plain);
        let mut plan = with(plan, vec![(ident(self.lower.rows.row_name(cohort, &plain)), "at.0".to_owned())])?;
        let mut at = "at.0".to_owned();
        for (i, step) in attribution.steps.iter().enumerate().skip(plain.len()) {
            let next = format!("at.{}", i + 1);
            (plan, table) = self.follow(plan, table, *step, &at, &next)?;
            at = next;
        }
        plan = with(plan, vec![(ident(&at), entity(attribution.level))])?;
        for level in (1..attribution.level).rev() {
            if let Some(step) = self.model().levels[level + 1].up {
                (plan, table) = self.follow(plan, table, step, &entity(level + 1), &entity(level))?;
            }
        }
        let below = attribution.level + 1..self.model().levels.len();
        let nobody = || Expr::Literal(ScalarValue::Int32(None), None);
        plan = with(plan, below.map(|level| (nobody(), entity(level))).collect())?;
        keep(plan, |name| !name.starts_with("at."))
    }

    /// The link columns at the start of the attribution's path.
    pub(super) fn plain_steps(&self) -> Vec<crate::model::ColumnId> {
        let steps = self.indicator.attribution.steps.iter();
        steps.map_while(|s| if let Step::Link(column) = s { Some(*column) } else { None }).collect()
    }

    /// Follows one step from the row of `table` numbered by the column `from`; the row reached is numbered by `to`.
    fn follow(
        &self,
        plan: LogicalPlan,
        table: TableId,
        step: Step,
        from: &str,
        to: &str,
    ) -> Result<(LogicalPlan, TableId)> {
        let model = self.model();
        let named = |pairs: &[(&str, &str)]| -> Vec<(String, String)> {
            pairs.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect()
        };
        let before = names(&plan);
        let (joined, target) = match step {
            Step::Link(column) => {
                let link = model.table(table).column(column);
                let columns = named(&[(ROW, "step.row"), (&link.name, to)]);
                let rows = scan(&model.table(table).name, &store::schema(model, table), &columns)?;
                let on = [ident(from).eq(ident("step.row"))];
                let target = link.target().unwrap_or(table);
                (LogicalPlanBuilder::from(plan).join_on(rows, JoinType::Left, on)?.build()?, target)
            }
            Step::Dated(number) => {
                let columns = named(&[(OWNER, "step.owner"), (TARGET, to), (FROM, "step.from"), (UNTIL, "step.until")]);
                let rows = scan(&store::dated_name(model, table, number), &store::dated_schema(), &columns)?;
                // The stays of one owner share no day, so at most one row joins.
                let on = [
                    ident(from).eq(ident("step.owner")),
                    ident(AT).gt_eq(ident("step.from")),
                    ident(AT).lt(date::open_as_last(ident("step.until"), Ty::Date)),
                ];
                let target = model.table(table).dated[number].target;
                (LogicalPlanBuilder::from(plan).join_on(rows, JoinType::Left, on)?.build()?, target)
            }
        };
        Ok((keep(joined, |name| name == to || before.iter().any(|b| b == name))?, target))
    }
}
