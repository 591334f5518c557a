//! Who a row belongs to: links followed from the row to a level's entity, and up from there, on the attribution date.

use super::answer::Build;
use super::cohort::fewer_windows;
use super::lists;
use super::relation::{keep, names, scan, with};
use super::timeline::{timeline_name, timeline_schema};
use super::{AT, WINDOWS, date, entity, windows};
use crate::ir::{Expr as IrExpr, Ty};
use crate::model::{Step, TableId};
use crate::store::{self, FROM, OWNER, ROW, TARGET, UNTIL};
use datafusion::error::{DataFusionError, Result};
use datafusion::logical_expr::{Expr, JoinType, LogicalPlan, LogicalPlanBuilder, ident, lit};
use datafusion::prelude::coalesce;
use datafusion::scalar::ScalarValue;

/// The day on which dated links are followed.
pub(super) enum Day {
    /// Each row's own, in this column.
    OfRow(&'static str),
    /// A day that moves with the window, taken apart (see `moving`).
    InWindows(IrExpr),
    /// The row's own in each window, in a list (see `lists`).
    InList,
}

impl Build<'_> {
    /// The plan with the attribution date and the entity's row number at every level below the whole; missing is unassigned.
    ///
    /// A row whose attribution date depends on the window may belong to several: it is there once for each, with the windows in which it
    /// belongs to it.
    pub(super) fn attribute(&mut self, plan: LogicalPlan) -> Result<LogicalPlan> {
        let (plan, day) = self.day(plan, &self.indicator.attribution.at)?;
        self.holders(plan, &day, entity)
    }

    /// The plan with the row number of who holds the row at every level below the whole on a day, in the columns that `entity` names.
    pub(super) fn holders(
        &mut self,
        plan: LogicalPlan,
        day: &Day,
        entity: impl Fn(usize) -> String,
    ) -> Result<LogicalPlan> {
        let plan = self.settle_slice(plan)?;
        let attribution = &self.indicator.attribution;
        let plain = self.plain_steps();
        let cohort = crate::ir::RowId::COHORT;
        let mut table = self.lower.rows.table_at(cohort, &plain);
        let mut plan = with(plan, vec![(ident(self.lower.rows.row_name(cohort, &plain)), "at.0".to_owned())])?;
        let mut at = "at.0".to_owned();
        for (i, step) in attribution.steps.iter().enumerate().skip(plain.len()) {
            let next = format!("at.{}", i + 1);
            (plan, table) = self.follow(plan, table, *step, &at, &next, day)?;
            at = next;
        }
        plan = with(plan, vec![(ident(&at), entity(attribution.level))])?;
        for level in (1..attribution.level).rev() {
            if let Some(step) = self.model().levels[level + 1].up {
                (plan, table) = self.follow(plan, table, step, &entity(level + 1), &entity(level), day)?;
            }
        }
        let below = attribution.level + 1..self.model().levels.len();
        let nobody = || Expr::Literal(ScalarValue::Int32(None), None);
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
                let any_day = date::day(self.lower.known.as_of);
                if self.lower.until(any_day, at, false, windows)?.is_some() {
                    return Ok((plan, Day::InWindows(at.clone())));
                }
                return Ok((with(plan, vec![(self.lower.in_each(at, windows)?, AT.to_owned())])?, Day::InList));
            }
        };
        Ok((with(plan, vec![(value, AT.to_owned())])?, Day::OfRow(AT)))
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
        day: &Day,
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
                let target = model.table(table).dated[number].target;
                let columns = named(&[(OWNER, "step.owner"), (TARGET, to), (FROM, "step.from"), (UNTIL, "step.until")]);
                let owned = ident(from).eq(ident("step.owner"));
                let (first, end) = (ident("step.from"), ident("step.until"));
                let joined = match day {
                    Day::OfRow(at) => {
                        let rows = scan(&store::dated_name(model, table, number), &store::dated_schema(), &columns)?;
                        // The stays of one owner share no day, so at most one row joins.
                        let on = [owned, ident(*at).gt_eq(first), ident(*at).lt(date::open_as_last(end, Ty::Date))];
                        LogicalPlanBuilder::from(plan).join_on(rows, JoinType::Left, on)?.build()?
                    }
                    Day::InWindows(_) | Day::InList => {
                        let rows = scan(&timeline_name(model, table, number), &timeline_schema(), &columns)?;
                        let held = self.held(first, end, day)?;
                        let on = [owned, (ident(WINDOWS) & held.clone()).not_eq(lit(0_i64))];
                        let joined = LogicalPlanBuilder::from(plan).join_on(rows, JoinType::Left, on)?.build()?;
                        // Without a stay, or a day, the row is nobody's in all of its windows.
                        fewer_windows(joined, &coalesce(vec![held, lit(windows::all(self.windows))]))?
                    }
                };
                (joined, target)
            }
        };
        Ok((keep(joined, |name| name == to || before.iter().any(|b| b == name))?, target))
    }

    /// The windows in which the day of the row falls into a stay; missing without a stay, and where a moving day is.
    fn held(&self, from: Expr, until: Expr, day: &Day) -> Result<Expr> {
        let until = date::open_as_last(until, Ty::Date);
        let Day::InWindows(at) = day else { return Ok(lists::held(ident(AT), from, until)) };
        let come = |day| {
            let set = self.lower.until(day, at, false, self.windows)?;
            set.ok_or_else(|| DataFusionError::Internal("the day of attribution was not taken apart".to_owned()))
        };
        Ok(come(from)? & windows::not(come(until)?, self.windows))
    }
}
