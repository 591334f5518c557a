//! Days moved by numbers that are values themselves, and by business days.

use super::evaluate::Evaluator;
use super::rows::Rows;
use crate::functions::{Cell, Value};
use crate::ir::expr::FARTHEST;
use crate::ir::{Expr, Ty};
use chrono::{Datelike, NaiveDate, TimeDelta};

impl Evaluator<'_> {
    pub(super) fn moved(&self, date: &Expr, by: &Expr, back: bool, rows: &Rows) -> Cell {
        let (day, count) = (self.day(date, rows)?, self.number(by, rows)?);
        if count.unsigned_abs() > FARTHEST.unsigned_abs() {
            return None;
        }
        let count = if back { -count } else { count };
        let moved = match by.ty {
            Ty::Days => day.checked_add_signed(TimeDelta::days(count)),
            Ty::Months => self.asked.arithmetic.plus_months(day, count),
            Ty::Years => self.asked.arithmetic.plus_months(day, 12 * count),
            Ty::Bool | Ty::Int | Ty::Text | Ty::Date | Ty::Timestamp | Ty::Code(..) | Ty::Row(_) => {
                self.mistake(by, count)
            }
        };
        moved.map(Value::Date)
    }

    pub(super) fn business_day(&self, date: &Expr, days: i32, rows: &Rows) -> Cell {
        let mut day = self.day(date, rows)?;
        for _ in 0..days.unsigned_abs() {
            day = self.next_business_day(day, i64::from(days.signum()))?;
        }
        Some(Value::Date(day))
    }

    /// The nearest business day after a day, or before it.
    fn next_business_day(&self, mut day: NaiveDate, step: i64) -> Option<NaiveDate> {
        let world = self.asked.world;
        let business = world.model.business.as_ref().filter(|business| business.weekdays.contains(&true))?;
        let is_weekday = |day: NaiveDate| business.weekdays[day.weekday().num_days_from_monday() as usize];
        loop {
            day = day.checked_add_signed(TimeDelta::days(step))?;
            if is_weekday(day) && !world.holidays().contains(&day) {
                return Some(day);
            }
        }
    }
}
