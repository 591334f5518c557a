//! The cohort: which rows of the table count in which windows.

use super::WINDOW;
use super::answer::Build;
use super::date;
use super::quantifier::{outermost, uses_window};
use super::relation::{keep, names, with};
use crate::calendar::{Window, add_days, add_months};
use crate::ir::{CompareOp, Expr as IrExpr, ExprKind, Missing, Pick, Quantified, Ty, WindowLength, WindowPoint};
use chrono::{Datelike, NaiveDate};
use datafusion::error::Result;
use datafusion::functions_window::expr_fn::{lag, lead, row_number};
use datafusion::logical_expr::expr::Sort;
use datafusion::logical_expr::{Expr, ExprFunctionExt, JoinType, LogicalPlan, LogicalPlanBuilder, ident, lit};

impl Build<'_> {
    /// One row per (cohort row, window); `known` are answered before the rows are multiplied by windows when their answers
    /// do not depend on it.
    pub(super) fn cohort(&mut self, also_asked: &[&Quantified]) -> Result<LogicalPlan> {
        let cohort = &self.indicator.cohort;
        let mut rows = self.lower.rows.relation(crate::ir::RowId::COHORT)?;
        if let Some(pick) = cohort.pick.as_ref().filter(|p| p.ever) {
            rows = self.pick_numbered(rows, pick, &[])?;
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
        rows = self.answer(rows, &[self.row_key()], &early)?;
        for condition in &asking {
            rows = filter(rows, self.lower.expr(condition)?)?;
        }
        match cohort.pick.as_ref().filter(|p| !p.ever) {
            Some(pick) => match picked_day(pick, &moving) {
                Some(day) => self.pick_by_neighbour(rows, pick, day),
                None => {
                    let pairs = self.windows(rows, &moving)?;
                    self.pick_numbered(pairs, pick, &[ident(WINDOW)])
                }
            },
            None => self.windows(rows, &moving),
        }
    }

    /// The name of the column that numbers the cohort's rows.
    pub(super) fn row_key(&self) -> String {
        self.lower.rows.row_name(crate::ir::RowId::COHORT, &[])
    }

    /// The rows, once for each window in which the conditions hold. Who they belong to is asked before, where the day of
    /// attribution does not depend on the window.
    fn windows(&mut self, mut rows: LogicalPlan, conditions: &[&IrExpr]) -> Result<LogicalPlan> {
        if !self.indicator.attribution.at.uses_window() {
            rows = self.attribute(rows)?;
        }
        let (asking, plain): (Vec<&IrExpr>, Vec<&IrExpr>) = conditions.iter().copied().partition(|c| asks(c));
        let by_month = plain.iter().find_map(|c| match &c.kind {
            // A day that itself depends on the window is not known before the rows are multiplied.
            ExprKind::InWindow(day)
                if matches!(self.indicator.window, WindowLength::Months(_)) && !day.uses_window() =>
            {
                Some(&**day)
            }
            _ => None,
        });
        let mut pairs = match by_month {
            Some(day) => {
                let month = date::month_number(self.lower.expr(day)?);
                let rows = with(rows, vec![(month, "month".to_owned())])?;
                let windows = month_table(self.windows)?;
                let on = ident("month").eq(ident("w.month"));
                let pairs = LogicalPlanBuilder::from(rows).join_on(windows, JoinType::Inner, [on])?.build()?;
                keep(pairs, |name| name != "month" && name != "w.month")?
            }
            None => LogicalPlanBuilder::from(rows).cross_join(window_table(self.windows)?)?.build()?,
        };
        for condition in plain {
            pairs = filter(pairs, self.lower.expr(condition)?)?;
        }
        if asking.is_empty() {
            return Ok(pairs);
        }
        let mut asked = Vec::new();
        asking.iter().for_each(|c| outermost(c, &mut asked));
        asked.retain(|q| uses_window(q));
        pairs = self.answer(pairs, &self.pair_keys(), &asked)?;
        for condition in asking {
            pairs = filter(pairs, self.lower.expr(condition)?)?;
        }
        Ok(pairs)
    }

    /// What names a row of the multiplied plan.
    pub(super) fn pair_keys(&self) -> Vec<String> {
        vec![self.row_key(), WINDOW.to_owned()]
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
            ExprKind::Compare { op, left, right } if left.ty == Ty::Date => {
                let (op, fixed, moving) = match (left.uses_window(), right.uses_window()) {
                    (false, true) => (*op, left, right),
                    (true, false) => (op.turned(), right, left),
                    _ => return Ok(None),
                };
                let days: Option<Vec<NaiveDate>> = self.windows.iter().map(|w| point(moving, *w)).collect();
                let Some(days) = days.filter(|_| !asks(fixed)) else { return Ok(None) };
                let limit = match op {
                    CompareOp::Lt | CompareOp::Le => days.iter().max(),
                    CompareOp::Gt | CompareOp::Ge => days.iter().min(),
                    CompareOp::Eq | CompareOp::Ne => None,
                };
                let Some(limit) = limit else { return Ok(None) };
                let limit = IrExpr { kind: ExprKind::Date(*limit), ty: Ty::Date, missing: Missing::Never };
                let weaker = ExprKind::Compare { op, left: fixed.clone(), right: Box::new(limit) };
                Ok(Some(self.lower.expr(&IrExpr { kind: weaker, ty: Ty::Bool, missing: condition.missing })?))
            }
            _ => Ok(None),
        }
    }

    /// Keeps the first row for each of `groups` and `pick.per`.
    fn pick_numbered(&self, rows: LogicalPlan, pick: &Pick, groups: &[Expr]) -> Result<LogicalPlan> {
        let rows = self.can_be_picked(rows, pick)?;
        let per = groups.iter().cloned().chain([self.per(pick)]).collect::<Vec<_>>();
        let number = row_number().partition_by(per).order_by(self.order(pick, !pick.last)?).build()?;
        let rows = number_as(rows, number, "nth")?;
        let first = filter(rows, ident("nth").eq(lit(1_u64)))?;
        keep(first, |name| name != "nth")
    }

    /// The pick in every window at once: a row is the first of its window when the one before it (of the same `per`) lies before the
    /// window. Right when the order is that of `day`, and being in the window is the only thing asked of the window.
    fn pick_by_neighbour(&mut self, rows: LogicalPlan, pick: &Pick, day: &IrExpr) -> Result<LogicalPlan> {
        let rows = self.can_be_picked(rows, pick)?;
        let day_value = self.lower.expr(day)?;
        let rows = filter(rows, day_value.clone().is_not_null())?;
        let rows = with(rows, vec![(day_value, "day".to_owned())])?;
        let near = if pick.last { lead(ident("day"), Some(1), None) } else { lag(ident("day"), Some(1), None) };
        let near = near.partition_by(vec![self.per(pick)]).order_by(self.order(pick, true)?).build()?;
        let mut rows = number_as(rows, near, "near")?;
        if let WindowLength::Months(_) = self.indicator.window {
            // A window that holds a day holds its month: with a neighbour in the same month, the row is picked in none.
            let (near, day) = (date::month_number(ident("near")), date::month_number(ident("day")));
            let apart = if pick.last { near.gt(day) } else { near.lt(day) };
            rows = filter(rows, ident("near").is_null().or(apart))?;
        }
        let in_window = IrExpr { kind: ExprKind::InWindow(Box::new(day.clone())), ty: Ty::Bool, missing: day.missing };
        let pairs = self.windows(rows, &[&in_window])?;
        let beyond = if pick.last { ident("near").gt_eq(ident("w.end")) } else { ident("near").lt(ident("w.start")) };
        let picked = filter(pairs, ident("near").is_null().or(beyond))?;
        keep(picked, |name| name != "near" && name != "day")
    }

    /// Drops rows whose `per` or order is missing; an open end is no missing order.
    fn can_be_picked(&self, rows: LogicalPlan, pick: &Pick) -> Result<LogicalPlan> {
        let mut rows = filter(rows, self.per(pick).is_not_null())?;
        for by in pick.by.iter().filter(|by| by.missing != Missing::OpenEnd) {
            rows = filter(rows, self.lower.expr(by)?.is_not_null())?;
        }
        Ok(rows)
    }

    fn per(&self, pick: &Pick) -> Expr {
        ident(self.lower.rows.row_name(crate::ir::RowId::COHORT, &pick.per))
    }

    fn order(&self, pick: &Pick, ascending: bool) -> Result<Vec<Sort>> {
        let by = pick.by.iter().map(|by| self.lower.comparable(by)).collect::<Result<Vec<_>>>()?;
        Ok(by.into_iter().chain([ident(self.row_key())]).map(|e| e.sort(ascending, false)).collect())
    }
}

/// The day whose order the pick follows, when the window is asked of nothing else.
fn picked_day<'e>(pick: &Pick, moving: &[&'e IrExpr]) -> Option<&'e IrExpr> {
    let [only] = moving else { return None };
    let ExprKind::InWindow(day) = &only.kind else { return None };
    let by = pick.by.first()?;
    let follows = **day == *by || matches!(&day.kind, ExprKind::DayOf(time) if **time == *by);
    (follows && !day.uses_window() && !asks(day)).then_some(&**day)
}

fn asks(e: &IrExpr) -> bool {
    let mut found = Vec::new();
    outermost(e, &mut found);
    !found.is_empty()
}

/// The day that an expression of the window alone has in one window.
fn point(e: &IrExpr, window: Window) -> Option<NaiveDate> {
    match &e.kind {
        ExprKind::Window(WindowPoint::Start) => Some(window.start),
        ExprKind::Window(WindowPoint::End) => Some(window.end),
        ExprKind::Window(WindowPoint::LastDay) => Some(window.last_day()),
        ExprKind::Shift { date, months, days, .. } => {
            add_days(add_months(point(date, window)?, i64::from(*months))?, i64::from(*days))
        }
        _ => None,
    }
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

fn window_columns(number: usize, window: Window) -> Vec<Expr> {
    let number = i32::try_from(number).unwrap_or(i32::MAX);
    vec![lit(number), date::day(window.start), date::day(window.end), date::day(window.last_day())]
}

fn named_values(rows: Vec<Vec<Expr>>, names: &[&str]) -> Result<LogicalPlan> {
    let named = names.iter().enumerate().map(|(i, name)| ident(format!("column{}", i + 1)).alias(*name));
    LogicalPlanBuilder::values(rows)?.project(named.collect::<Vec<_>>())?.build()
}

/// One row per window.
fn window_table(windows: &[Window]) -> Result<LogicalPlan> {
    let rows = windows.iter().enumerate().map(|(i, w)| window_columns(i, *w)).collect();
    named_values(rows, &[WINDOW, "w.start", "w.end", "w.last"])
}

/// One row per window and calendar month in it: an event is in a window of whole months when its month is.
fn month_table(windows: &[Window]) -> Result<LogicalPlan> {
    let mut rows = Vec::new();
    for (i, window) in windows.iter().enumerate() {
        let number = |d: NaiveDate| d.year() * 12 + d.month0() as i32;
        for month in number(window.start)..number(window.end) {
            let mut row = window_columns(i, *window);
            row.push(lit(month));
            rows.push(row);
        }
    }
    named_values(rows, &[WINDOW, "w.start", "w.end", "w.last", "w.month"])
}
