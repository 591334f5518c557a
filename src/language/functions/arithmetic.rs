//! The arithmetic of months, as a seam: the tests put their own, slower one in its place.

use crate::calendar;
use chrono::{Months, NaiveDate};
use std::fmt::Debug;

/// Calendar months.
pub trait Arithmetic: Debug + Sync {
    /// The day so many months later, clamped to the month's last day. The years are not limited to
    /// those that a file may name; `None` beyond the years that a date can hold.
    fn plus_months(&self, day: NaiveDate, months: i64) -> Option<NaiveDate>;

    /// The largest `n` with `from + n months <= to`.
    fn months_between(&self, from: NaiveDate, to: NaiveDate) -> i64;

    /// The largest `n` with `from + n business days <= to`; `None` where no business days are
    /// declared, as of months alone.
    fn business_days_between(&self, from: NaiveDate, to: NaiveDate) -> Option<i64> {
        let _ = (from, to);
        None
    }
}

/// The program's own calendar.
#[derive(Debug, Clone, Copy)]
pub struct Calendar;

impl Arithmetic for Calendar {
    fn plus_months(&self, day: NaiveDate, months: i64) -> Option<NaiveDate> {
        let amount = Months::new(u32::try_from(months.unsigned_abs()).ok()?);
        if months < 0 { day.checked_sub_months(amount) } else { day.checked_add_months(amount) }
    }

    fn months_between(&self, from: NaiveDate, to: NaiveDate) -> i64 {
        calendar::months_between(from, to)
    }
}
