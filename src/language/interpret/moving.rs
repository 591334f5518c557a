//! Days moved by numbers that are values themselves, and by business days.

use super::evaluate::{Evaluator, Question};
use super::rows::Rows;
use super::table::World;
use crate::functions::{Arithmetic, Cell, Value};
use crate::ir::expr::FARTHEST;
use crate::ir::{Expr, Ty};
use crate::model::{BusinessDays, Counted};
use chrono::{Datelike, NaiveDate, TimeDelta};

impl Evaluator<'_> {
    pub(super) fn moved(&self, date: &Expr, by: &Expr, back: bool, rows: &Rows) -> Cell {
        let (day, count) = (self.day(date, rows)?, self.number(by, rows)?);
        if count.unsigned_abs() > FARTHEST.unsigned_abs() {
            return None;
        }
        let count = if back { -count } else { count };
        let moved = match by.ty {
            Ty::Length(Counted::Days) => day.checked_add_signed(TimeDelta::days(count)),
            Ty::Length(Counted::Months) => self.asked.arithmetic.plus_months(day, count),
            Ty::Length(Counted::Years) => self.asked.arithmetic.plus_months(day, 12 * count),
            Ty::Length(Counted::BusinessDays | Counted::Hours | Counted::Minutes)
            | Ty::Bool
            | Ty::Int
            | Ty::Decimal(_)
            | Ty::Text
            | Ty::Date
            | Ty::Timestamp
            | Ty::Code(..)
            | Ty::Row(_) => self.mistake(by, count),
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
        let business = self.arithmetic.business()?;
        loop {
            day = day.checked_add_signed(TimeDelta::days(step))?;
            if self.arithmetic.is_business_day(&business, day) {
                return Some(day);
            }
        }
    }
}

/// The arithmetic of months, and the business days of a world.
#[derive(Debug)]
pub(super) struct OfWorld<'a> {
    months: &'a dyn Arithmetic,
    world: &'a World<'a>,
}

impl<'a> OfWorld<'a> {
    /// The arithmetic for what is asked.
    pub(super) fn of(asked: &Question<'a>) -> Self {
        Self { months: asked.arithmetic, world: asked.world }
    }

    /// Which weekdays are business days; a week without any would have no end.
    fn business(&self) -> Option<BusinessDays> {
        self.world.model.business.filter(|business| business.weekdays.contains(&true))
    }

    fn is_business_day(&self, business: &BusinessDays, day: NaiveDate) -> bool {
        business.weekdays[day.weekday().num_days_from_monday() as usize] && !self.world.holidays().contains(&day)
    }
}

impl Arithmetic for OfWorld<'_> {
    fn plus_months(&self, day: NaiveDate, months: i64) -> Option<NaiveDate> {
        self.months.plus_months(day, months)
    }

    fn months_between(&self, from: NaiveDate, to: NaiveDate) -> i64 {
        self.months.months_between(from, to)
    }

    /// Walked day by day: the engine reckons with weeks.
    fn business_days_between(&self, from: NaiveDate, to: NaiveDate) -> Option<i64> {
        let business = self.business()?;
        let worked = |day: &NaiveDate| self.is_business_day(&business, *day);
        let count = |first: NaiveDate, days: i64| {
            let walk = first.iter_days().take(usize::try_from(days).unwrap_or_default());
            i64::try_from(walk.filter(worked).count()).ok()
        };
        let days = (to - from).num_days();
        if days >= 0 {
            return count(from.succ_opt()?, days);
        }
        // Backwards from `from`, the day itself left out; one step more where `to` is passed over.
        Some(-(count(to, -days)? + i64::from(!worked(&to))))
    }
}
