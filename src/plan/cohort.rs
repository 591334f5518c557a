//! The cohort: which rows of the table count in which windows.

use super::answer::Build;
use super::quantifier::{outermost, uses_window};
use super::relation::{keep, names, with};
use super::taken::taken;
use super::{WINDOWS, date, moving, windows};
use crate::ir::{CompareOp, Expr as IrExpr, ExprKind, Missing, Pick, Quantified, Ty};
use chrono::NaiveDate;
use datafusion::error::Result;
use datafusion::logical_expr::{Expr, LogicalPlan, LogicalPlanBuilder, ident, lit, when};

/// What a pick leaves to a row.
const FREE: &str = "free";

impl Build<'_> {
    /// The rows that count in some window, with the set of those windows in [`WINDOWS`]. `also_asked` are answered with the
    /// cohort's own quantifiers where they do not depend on the window.
    pub(super) fn cohort(&mut self, also_asked: &[&Quantified]) -> Result<LogicalPlan> {
        let cohort = &self.indicator.cohort;
        let mut rows = self.slice()?;
        if let Some(pick) = cohort.pick.as_ref().filter(|p| p.ever) {
            rows = self.pick_ever(rows, pick)?;
        }
        let (fixed, moving): (Vec<&IrExpr>, Vec<&IrExpr>) =
            cohort.condition.conjuncts().into_iter().partition(|c| !c.uses_window());
        let (asking, plain): (Vec<&IrExpr>, Vec<&IrExpr>) = fixed.into_iter().partition(|c| asks(c));
        for condition in &plain {
            rows = filter(rows, self.lower.expr(condition)?)?;
        }
        for condition in &moving {
            if let Some(reach) = self.reach(condition)? {
                rows = filter(rows, reach)?;
            }
        }
        let mut early = Vec::new();
        cohort.condition.conjuncts().iter().for_each(|c| outermost(c, &mut early));
        early.retain(|q| !uses_window(q));
        for q in also_asked.iter().filter(|q| !uses_window(q)) {
            if !early.iter().any(|e| e.row == q.row) {
                early.push(q);
            }
        }
        rows = self.answer(rows, &[self.row_key()], &early, &asking)?;
        for condition in &asking {
            rows = filter(rows, self.lower.expr(condition)?)?;
        }
        rows = self.in_windows(rows, &moving)?;
        match cohort.pick.as_ref().filter(|p| !p.ever && !p.each_level) {
            Some(pick) => self.pick_in_windows(rows, pick, None),
            None => Ok(rows),
        }
    }

    /// The rows with the windows in which the conditions hold, those that ask about linked rows last.
    fn in_windows(&mut self, rows: LogicalPlan, conditions: &[&IrExpr]) -> Result<LogicalPlan> {
        let (asking, plain): (Vec<&IrExpr>, Vec<&IrExpr>) = conditions.iter().copied().partition(|c| asks(c));
        let truth = self.lower.truth_of_all(&plain, self.windows)?;
        let rows = self.counted(with(rows, vec![(truth.yes, WINDOWS.to_owned())])?)?;
        if asking.is_empty() {
            return Ok(rows);
        }
        let mut asked = Vec::new();
        asking.iter().for_each(|c| outermost(c, &mut asked));
        asked.retain(|q| uses_window(q));
        let rows = self.answer(rows, &[self.row_key()], &asked, &asking)?;
        let truth = self.lower.truth_of_all(&asking, self.windows)?;
        self.counted(fewer_windows(rows, &truth.yes)?)
    }

    /// Only the rows that count in some window.
    fn counted(&self, rows: LogicalPlan) -> Result<LogicalPlan> {
        filter(rows, ident(WINDOWS).not_eq(lit(0_i64)))
    }

    /// The name of the column that numbers the cohort's rows.
    pub(super) fn row_key(&self) -> String {
        self.lower.rows.row_name(crate::ir::RowId::COHORT, &[])
    }

    /// A weaker condition without the window, which every row that counts in any window passes; `None` when there is none.
    fn reach(&self, condition: &IrExpr) -> Result<Option<Expr>> {
        match &condition.kind {
            ExprKind::InWindow(day) if !day.uses_window() && !asks(day) => {
                let first = self.windows.iter().map(|w| w.start).min();
                let end = self.windows.iter().map(|w| w.end).max();
                let Some((first, end)) = first.zip(end) else { return Ok(None) };
                let value = self.lower.comparable(day)?;
                Ok(Some(value.clone().gt_eq(date::day(first)).and(value.lt(date::day(end)))))
            }
            ExprKind::Compare { op, left, right } => {
                let Some((op, fixed, moving)) =
                    moving::sides(*op, left, right).filter(|(_, fixed, _)| fixed.ty == Ty::Date)
                else {
                    return Ok(None);
                };
                let days: Option<Vec<NaiveDate>> = self.windows.iter().map(|w| windows::point(moving, *w)).collect();
                let Some(days) = days.filter(|_| !asks(fixed)) else { return Ok(None) };
                let limit = match op {
                    CompareOp::Lt | CompareOp::Le => days.iter().max(),
                    CompareOp::Gt | CompareOp::Ge => days.iter().min(),
                    CompareOp::Eq | CompareOp::Ne => None,
                };
                let Some(limit) = limit else { return Ok(None) };
                let limit = IrExpr { kind: ExprKind::Date(*limit), ty: Ty::Date, missing: Missing::Never };
                let weaker = ExprKind::Compare { op, left: Box::new(fixed.clone()), right: Box::new(limit) };
                Ok(Some(self.lower.expr(&IrExpr { kind: weaker, ty: Ty::Bool, missing: condition.missing })?))
            }
            _ => Ok(None),
        }
    }

    /// Keeps the first of all rows for each `pick.per`.
    fn pick_ever(&self, rows: LogicalPlan, pick: &Pick) -> Result<LogicalPlan> {
        let rows = self.free(rows, pick, None, lit(1_i64))?;
        let rows = filter(rows, ident(FREE).not_eq(lit(0_i64)))?;
        keep(rows, |name| name != FREE)
    }

    /// The first row for each `pick.per` (and each holder, where one is given) in every window: a row keeps the windows that no row before
    /// it has.
    pub(super) fn pick_in_windows(&self, rows: LogicalPlan, pick: &Pick, holder: Option<Expr>) -> Result<LogicalPlan> {
        let rows = self.free(rows, pick, holder, ident(WINDOWS))?;
        let rows = self.counted(fewer_windows(rows, &ident(FREE))?)?;
        keep(rows, |name| name != FREE)
    }

    /// The rows with what is left of their set in the column [`FREE`], after the rows that stand before them in the pick's order. Nothing
    /// is left to a row whose `per` or order is missing; an open end is no missing order.
    fn free(&self, rows: LogicalPlan, pick: &Pick, holder: Option<Expr>, set: Expr) -> Result<LogicalPlan> {
        let mut can_be_picked = self.per(pick).is_not_null();
        for by in pick.by.iter().filter(|by| by.missing != Missing::OpenEnd) {
            can_be_picked = can_be_picked.and(self.lower.expr(by)?.is_not_null());
        }
        let asked = when(can_be_picked, set).otherwise(lit(0_i64))?;
        let rows = with(rows, vec![(asked, "asked".to_owned())])?;
        let taken = taken(self.per(pick), holder, ident("asked"), self.order(pick)?, pick.last);
        let rows = number_as(rows, taken, "taken")?;
        let rows = with(rows, vec![(ident("asked") & windows::none_of(ident("taken")), FREE.to_owned())])?;
        keep(rows, |name| name != "asked" && name != "taken")
    }

    fn per(&self, pick: &Pick) -> Expr {
        ident(self.lower.rows.row_name(crate::ir::RowId::COHORT, &pick.per))
    }

    /// What is picked stands first; of a pick of the last, the order is read backwards.
    fn order(&self, pick: &Pick) -> Result<Vec<Expr>> {
        let by = pick.by.iter().map(|by| self.lower.comparable(by)).collect::<Result<Vec<_>>>()?;
        Ok(by.into_iter().chain([ident(self.row_key())]).collect())
    }
}

/// The rows with only those of their windows that are in the set.
pub(super) fn fewer_windows(rows: LogicalPlan, set: &Expr) -> Result<LogicalPlan> {
    let columns = names(&rows).into_iter().map(|name| match name.as_str() {
        WINDOWS => (ident(WINDOWS) & set.clone()).alias(WINDOWS),
        _ => ident(name),
    });
    let columns = columns.collect::<Vec<_>>();
    LogicalPlanBuilder::from(rows).project(columns)?.build()
}

fn asks(e: &IrExpr) -> bool {
    e.has(&|e| matches!(e.kind, ExprKind::Some(_)))
}

pub(super) fn filter(plan: LogicalPlan, condition: Expr) -> Result<LogicalPlan> {
    LogicalPlanBuilder::from(plan).filter(condition)?.build()
}

/// The plan with the column of a window function.
fn number_as(plan: LogicalPlan, function: Expr, name: &str) -> Result<LogicalPlan> {
    let columns = names(&plan);
    let long_name = function.schema_name().to_string();
    let numbered = LogicalPlanBuilder::window_plan(plan, [function])?;
    let all = columns.into_iter().map(ident).chain([ident(long_name).alias(name)]).collect::<Vec<_>>();
    LogicalPlanBuilder::from(numbered).project(all)?.build()
}
