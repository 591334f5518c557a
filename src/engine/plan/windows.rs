//! Sets of windows, and in which windows a condition holds.
//!
//! Windows overlap: twenty-four windows of a year begin a month apart, and a row counts in twelve of them. A plan with one row for
//! each row and window does the same work twelve times. So a row stays one row and carries the set of the windows in which it
//! counts: an Int64 whose bit `n` stands for window `n` (hence [`MOST`]). A condition that looks at the window is asked once
//! for all windows, and its answer is two sets: where it is true, and where it is false; it is unknown in the others.
//! `and`, `or` and `not` of sets are those of integers. Comparisons with a day that moves with the window give a set at once (`moving`), other
//! conditions are asked window by window. Only the last step, the counting, looks at single windows (`tally`).

use super::coalesce::coalesce;
use super::counted::counted;
use super::expr::{Lower, answer_name};
use super::quantifier::uses_window;
use super::reached::reached;
use chrono::NaiveDate;
use datafusion::error::Result;
use datafusion::logical_expr::{Expr, ident, lit, when};
use yardstick_language::calendar::{Window, add_days, add_months};
use yardstick_language::ir::{Ask, CompareOp, Expr as IrExpr, ExprKind, Indicator, Quantified, Ty, WindowPoint};

/// How many windows one plan measures at most: the bits of a set.
pub(super) const MOST: usize = 64;

/// How many windows one plan of this indicator measures at most: a set's bits, or one where the cohort asks how many values there are that
/// differ from window to window themselves.
#[must_use]
pub fn at_once(indicator: &Indicator) -> usize {
    if counts_moving_values(&indicator.cohort.condition) { 1 } else { MOST }
}

/// Whether the rows of the cohort are split by windows before they are judged: where values are put in order, where every level is
/// measured by itself, and where different values are counted that differ from window to window themselves.
#[must_use]
pub fn splits(indicator: &Indicator) -> bool {
    !indicator.measure.is_additive()
        || indicator.by_level()
        || indicator.expressions().into_iter().any(counts_moving_values)
}

/// Whether different values are counted that depend on the window.
fn counts_moving_values(e: &IrExpr) -> bool {
    e.has(&|e| matches!(&e.kind, ExprKind::Some(q) if matches!(&q.ask, Ask::Distinct(value) if value.uses_window())))
}

/// Whether a number or a day made of rows in it depends on the window, and more is asked of it than to be compared with a number (see
/// `counted`).
fn has_moving_value(e: &IrExpr) -> bool {
    match &e.kind {
        ExprKind::And(all) | ExprKind::Or(all) => all.iter().any(has_moving_value),
        ExprKind::Not(inner) => has_moving_value(inner),
        ExprKind::Some(q) if q.ask == Ask::Some => has_moving_value(&q.condition),
        ExprKind::Compare { .. } if counted(e).is_some() => false,
        _ => e.has(&|e| matches!(&e.kind, ExprKind::Some(q) if q.ask != Ask::Some) && e.uses_window()),
    }
}

/// Whether the rows that a quantifier asks about can be asked in all windows at once: nothing inside it is a number or a day made of rows
/// that depends on the window, and what it adds up asks nothing of the window's rows.
pub(super) fn asks_in_sets(q: &Quantified) -> bool {
    let asks = |v: &IrExpr| v.has(&|e| matches!(&e.kind, ExprKind::Some(inner) if uses_window(inner)));
    !has_moving_value(&q.condition) && !q.ask.values().into_iter().any(asks)
}

/// The set of all of so many windows.
pub(super) fn all(windows: &[Window]) -> i64 {
    match windows.len() {
        n if n >= MOST => -1,
        n => (1_i64 << n).wrapping_sub(1),
    }
}

/// The windows of a set, the first one first.
pub(super) fn each(set: i64) -> impl Iterator<Item = usize> {
    let mut left = set as u64;
    std::iter::from_fn(move || {
        let window = (left != 0).then(|| left.trailing_zeros() as usize);
        left &= left.wrapping_sub(1);
        window
    })
}

/// The set of one window.
pub(super) fn only(window: usize) -> i64 {
    1 << window
}

/// The column of a quantifier's answer: the windows in which it is true, and in which it is false.
pub(super) fn answer_names(q: &Quantified) -> (String, String) {
    let name = answer_name(q);
    (format!("{name}.yes"), format!("{name}.no"))
}

/// The windows in which a condition is true, and those in which it is false.
#[derive(Debug, Clone)]
pub(super) struct Truth {
    pub(super) yes: Expr,
    pub(super) no: Expr,
}

impl Truth {
    fn and(self, other: Self) -> Self {
        Self { yes: self.yes & other.yes, no: self.no | other.no }
    }

    fn turned(self) -> Self {
        Self { yes: self.no, no: self.yes }
    }
}

impl Lower<'_> {
    /// In which windows the condition is true and false; `windows` are numbered as they stand.
    pub(super) fn truth(&self, e: &IrExpr, windows: &[Window]) -> Result<Truth> {
        if !e.uses_window() {
            let holds = self.expr(e)?;
            let everywhere = |c: Expr| when(c, lit(all(windows))).otherwise(lit(0_i64));
            return Ok(Truth { yes: everywhere(holds.clone())?, no: everywhere(!holds)? });
        }
        match &e.kind {
            ExprKind::And(conditions) => self.truth_of_all(&conditions.iter().collect::<Vec<_>>(), windows),
            ExprKind::Or(conditions) => {
                let mut none = Truth { yes: lit(all(windows)), no: lit(0_i64) };
                for condition in conditions {
                    none = none.and(self.truth(condition, windows)?.turned());
                }
                Ok(none.turned())
            }
            ExprKind::Not(inner) => Ok(self.truth(inner, windows)?.turned()),
            ExprKind::Some(q) => {
                let (yes, no) = answer_names(q);
                Ok(Truth { yes: ident(yes), no: ident(no) })
            }
            ExprKind::InWindow(day) if day.ty == Ty::Date && !day.uses_window() => {
                let day = self.comparable(day)?;
                let starts: Vec<_> = windows.iter().map(|w| w.start).collect();
                let ends: Vec<_> = windows.iter().map(|w| w.end).collect();
                Ok(known(reached(day.clone(), &starts) & not(reached(day, &ends), windows), windows))
            }
            ExprKind::Compare { op, left, right } => {
                if let Some(count) = counted(e).filter(|_| self.lists) {
                    return Ok(self.counted(&count, windows));
                }
                match self.compared(*op, left, right, windows)? {
                    Some(set) => Ok(known(set, windows)),
                    None => self.one_by_one(e, windows),
                }
            }
            ExprKind::Bool(_)
            | ExprKind::Int(_)
            | ExprKind::Text(_)
            | ExprKind::Date(_)
            | ExprKind::Code(_)
            | ExprKind::Window(_)
            | ExprKind::AsOf
            | ExprKind::Column { .. }
            | ExprKind::Row { .. }
            | ExprKind::InCodes { .. }
            | ExprKind::InWindow(_)
            | ExprKind::IsMissing(_)
            | ExprKind::Shift { .. }
            | ExprKind::BusinessDay { .. }
            | ExprKind::Move { .. }
            | ExprKind::DaysBetween(..)
            | ExprKind::MonthsBetween(..)
            | ExprKind::YearsBetween(..)
            | ExprKind::Extreme { .. }
            | ExprKind::FirstKnown(_)
            | ExprKind::Elsewhere(_)
            | ExprKind::DayOf(_) => self.one_by_one(e, windows),
        }
    }

    /// In which windows all conditions together are true and false.
    pub(super) fn truth_of_all(&self, conditions: &[&IrExpr], windows: &[Window]) -> Result<Truth> {
        let mut together = Truth { yes: lit(all(windows)), no: lit(0_i64) };
        for condition in conditions {
            together = together.and(self.truth(condition, windows)?);
        }
        Ok(together)
    }

    /// Any condition: it is asked in each window by itself.
    fn one_by_one(&self, e: &IrExpr, windows: &[Window]) -> Result<Truth> {
        let mut truth = Truth { yes: lit(0_i64), no: lit(0_i64) };
        for (n, window) in windows.iter().enumerate() {
            let holds = self.expr_in(e, n, *window)?;
            let here = |c: Expr| when(c, lit(only(n))).otherwise(lit(0_i64));
            truth = Truth { yes: truth.yes | here(holds.clone())?, no: truth.no | here(!holds)? };
        }
        Ok(truth)
    }
}

/// The windows in which a comparison holds, of those in which its left side is at most the right one, and is less.
pub(super) fn by_order(op: CompareOp, at_most: Expr, less: Expr, windows: &[Window]) -> Expr {
    match op {
        CompareOp::Le => at_most,
        CompareOp::Lt => less,
        CompareOp::Ge => not(less, windows),
        CompareOp::Gt => not(at_most, windows),
        CompareOp::Eq => at_most & not(less, windows),
        CompareOp::Ne => not(at_most, windows) | less,
    }
}

/// The windows that are not in the set.
pub(super) fn not(set: Expr, windows: &[Window]) -> Expr {
    set ^ lit(all(windows))
}

/// All bits that are not in the set.
pub(super) fn none_of(set: Expr) -> Expr {
    set ^ lit(-1_i64)
}

/// A condition that is true in the windows of the set and false in the others, or unknown everywhere when the set is missing.
fn known(set: Expr, windows: &[Window]) -> Truth {
    let or_none = |set| coalesce(vec![set, lit(0_i64)]);
    Truth { yes: or_none(set.clone()), no: or_none(not(set, windows)) }
}

/// The day that an expression of the window alone has in one window.
pub(super) fn point(e: &IrExpr, window: Window) -> Option<NaiveDate> {
    match &e.kind {
        ExprKind::Window(WindowPoint::Start) => Some(window.start),
        ExprKind::Window(WindowPoint::End) => Some(window.end),
        ExprKind::Window(WindowPoint::LastDay) => Some(window.last_day()),
        ExprKind::Shift { date, months, days, hours: 0 } => {
            add_days(add_months(point(date, window)?, i64::from(*months))?, i64::from(*days))
        }
        _ => None,
    }
}
