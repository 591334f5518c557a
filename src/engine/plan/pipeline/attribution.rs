//! Who a row belongs to: links followed from the row to a level's entity, and up from there, on the
//! attribution date.

use crate::plan::columns::{AT, WINDOWS, entity};
use crate::plan::expression::moving::Clipped;
use crate::plan::functions::date;
use crate::plan::functions::lookup::{self, holder_on, holders_in};
use crate::plan::functions::reached::list;
use crate::plan::functions::stays::{HOLDER, IN};
use crate::plan::pipeline::answer::Build;
use crate::plan::relational::verbs::{keep, keep_with, once_for_each, with};
use crate::store;
use datafusion::arrow::datatypes::DataType;
use datafusion::error::Result;
use datafusion::functions::core::expr_fn::get_field;
use datafusion::logical_expr::{Expr, LogicalPlan, ident, lit};
use datafusion::scalar::ScalarValue;
use yardstick_language::ir::Expr as IrExpr;
use yardstick_language::model::{Step, TableId};

/// The column of a row's holders, before it is there once for each.
const HELD: &str = "held";

/// No row of a level's table.
fn nobody() -> Expr {
    Expr::Literal(ScalarValue::Int32(None), None)
}

/// The day on which dated links are followed.
pub(in crate::plan) enum Day {
    /// Each row's own, in this column.
    OfRow(&'static str),
    /// The row's own in each window: what [`holders_in`] takes for it.
    InWindows(Vec<Expr>),
}

impl Build<'_> {
    /// The plan with the attribution date and the entity's row number at every level below the
    /// whole; missing is unassigned.
    ///
    /// A row whose attribution date depends on the window may belong to several: it is there once
    /// for each, with the windows in which it belongs to it.
    pub(in crate::plan) fn attribute(&self, plan: LogicalPlan) -> Result<LogicalPlan> {
        let (plan, day) = self.day(plan, &self.indicator.attribution.at)?;
        self.holders(plan, &day, entity)
    }

    /// The plan with the row number of who holds the row at every level below the whole on a day,
    /// in the columns that `entity` names.
    pub(in crate::plan) fn holders(
        &self,
        plan: LogicalPlan,
        day: &Day,
        entity: impl Fn(usize) -> String,
    ) -> Result<LogicalPlan> {
        let attribution = &self.indicator.attribution;
        let plain = self.plain_steps();
        let cohort = yardstick_language::ir::RowId::COHORT;
        let mut table = self.lower.rows.table_at(cohort, &plain);
        // A row that went is nobody itself.
        let first = match self.went() && plain.is_empty() {
            true => nobody(),
            false => ident(self.lower.rows.row_name(cohort, &plain)),
        };
        let mut plan = with(plan, vec![(first, "at.0".to_owned())])?;
        let mut at = "at.0".to_owned();
        for (i, step) in attribution.steps.iter().enumerate().skip(plain.len()) {
            let next = format!("at.{}", i + 1);
            (plan, table) = self.follow(plan, table, *step, &at, &next, day)?;
            at = next;
        }
        plan = with(plan, vec![(ident(&at), entity(attribution.level))])?;
        for level in (1..attribution.level).rev() {
            if let Some(above) = self.own_holder().filter(|_| level + 1 == attribution.level) {
                plan = with(plan, vec![(ident(self.lower.rows.row_name(cohort, &[above])), entity(level))])?;
                table = self.model().table(table).column(above).target().unwrap_or(table);
            } else if let Some(step) = self.model().levels[level + 1].up {
                (plan, table) = self.follow(plan, table, step, &entity(level + 1), &entity(level), day)?;
            }
        }
        let below = attribution.level + 1..self.model().levels.len();
        plan = with(plan, below.map(|level| (nobody(), entity(level))).collect())?;
        keep(plan, |name| !name.starts_with("at."))
    }

    /// The plan with the attribution date, or the date in each window.
    fn day(&self, plan: LogicalPlan, at: &IrExpr) -> Result<(LogicalPlan, Day)> {
        let (plan, value) = match self.windows {
            _ if self.is_split => (plan, self.lower.expr(at)?),
            [window] => (plan, self.lower.expr_in(at, 0, *window)?),
            _ if !at.uses_window() => (plan, self.lower.expr(at)?),
            windows => {
                if let Some(Clipped { points, by, latest }) = self.lower.clipped(at, windows)? {
                    let by = by.unwrap_or_else(date::open_end);
                    return Ok((plan, Day::InWindows(vec![list(&points), by, lit(latest)])));
                }
                let listed = with(plan, vec![(self.lower.in_each(at, windows)?, AT.to_owned())])?;
                return Ok((listed, Day::InWindows(vec![ident(AT)])));
            }
        };
        Ok((with(plan, vec![(value, AT.to_owned())])?, Day::OfRow(AT)))
    }

    /// Of a row that went and would be an entity itself, the link to the one above it.
    pub(in crate::plan) fn own_holder(&self) -> Option<yardstick_language::model::ColumnId> {
        let attribution = &self.indicator.attribution;
        let own = self.went() && attribution.steps.is_empty() && attribution.level > 1;
        match self.model().levels.get(attribution.level).filter(|_| own)?.up? {
            Step::Link(column) => Some(column),
            Step::Dated(_) => None,
        }
    }

    /// The link columns at the start of the attribution's path.
    pub(in crate::plan) fn plain_steps(&self) -> Vec<yardstick_language::model::ColumnId> {
        let steps = self.indicator.attribution.steps.iter();
        steps.map_while(|s| if let Step::Link(column) = s { Some(*column) } else { None }).collect()
    }

    /// Follows one step from the row of `table` numbered by the column `from`; the row reached is
    /// numbered by `to`.
    fn follow(
        &self,
        plan: LogicalPlan,
        table: TableId,
        step: Step,
        from: &str,
        to: &str,
        day: &Day,
    ) -> Result<(LogicalPlan, TableId)> {
        let model = self.model();
        match step {
            Step::Link(column) => {
                let link = model.table(table).column(column);
                let above = lookup::column(&model.table(table).name, &link.name, DataType::Int32, ident(from));
                Ok((with(plan, vec![(above, to.to_owned())])?, link.target().unwrap_or(table)))
            }
            Step::Dated(number) => {
                let (dated, target) =
                    (store::dated_name(model, table, number), model.table(table).dated[number].target);
                let plan = match day {
                    Day::OfRow(at) => with(plan, vec![(holder_on(&dated, ident(from), ident(*at)), to.to_owned())])?,
                    Day::InWindows(days) => {
                        parted(plan, holders_in(&dated, ident(from), ident(WINDOWS), days.clone()), to)?
                    }
                };
                Ok((plan, target))
            }
        }
    }
}

/// Each row once for each of its holders, who is in the column `to`, with the windows in which that
/// one holds it.
fn parted(rows: LogicalPlan, holders: Expr, to: &str) -> Result<LogicalPlan> {
    let rows = once_for_each(keep_with(rows, |name| name != WINDOWS, vec![(holders, HELD.to_owned())])?, HELD)?;
    let of = |field: &str| get_field(ident(HELD), field);
    keep_with(rows, |name| name != HELD, vec![(of(HOLDER), to.to_owned()), (of(IN), WINDOWS.to_owned())])
}
