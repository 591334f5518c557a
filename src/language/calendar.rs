//! Days, months and reporting windows: the one place that knows calendar arithmetic.
//!
//! `date + n months` keeps the day of the month, clamped to the month's last day, and
//! `months_between` is the largest `n` with `x + n months <= y`. The two obey one law, shown over a
//! 400-year cycle in the tests.

use chrono::{Datelike, Days, Months, NaiveDate};

/// The first and last days a file or a text may name.
pub const FIRST_YEAR: i32 = 1;
/// See [`FIRST_YEAR`].
pub const LAST_YEAR: i32 = 9999;

/// `date + months`, clamped to the month's last day; `None` outside the years 1 to 9999.
#[must_use]
pub fn add_months(date: NaiveDate, months: i64) -> Option<NaiveDate> {
    let amount = Months::new(u32::try_from(months.unsigned_abs()).ok()?);
    let moved = if months < 0 { date.checked_sub_months(amount) } else { date.checked_add_months(amount) };
    moved.filter(|d| (FIRST_YEAR..=LAST_YEAR).contains(&d.year()))
}

/// `date + days`; `None` outside the years 1 to 9999.
#[must_use]
pub fn add_days(date: NaiveDate, days: i64) -> Option<NaiveDate> {
    let amount = Days::new(days.unsigned_abs());
    let moved = if days < 0 { date.checked_sub_days(amount) } else { date.checked_add_days(amount) };
    moved.filter(|d| (FIRST_YEAR..=LAST_YEAR).contains(&d.year()))
}

/// The largest `n` with `from + n months <= to`; negative when `to` is earlier.
#[must_use]
pub fn months_between(from: NaiveDate, to: NaiveDate) -> i64 {
    let whole = i64::from(to.year() - from.year()) * 12 + i64::from(to.month()) - i64::from(from.month());
    let reached = from.day() <= to.day() || is_last_day_of_month(to);
    if reached { whole } else { whole - 1 }
}

/// Completed years, by the same law as [`months_between`].
#[must_use]
pub fn years_between(from: NaiveDate, to: NaiveDate) -> i64 {
    months_between(from, to).div_euclid(12)
}

/// Whether the next day is in another month.
#[must_use]
pub fn is_last_day_of_month(date: NaiveDate) -> bool {
    date.succ_opt().is_none_or(|next| next.month() != date.month())
}

/// The first day of the date's month.
#[must_use]
pub fn first_of_month(date: NaiveDate) -> NaiveDate {
    date.with_day(1).unwrap_or(date)
}

/// A reporting window: half-open `[start, end)`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Window {
    /// First day.
    pub start: NaiveDate,
    /// The day after the last.
    pub end: NaiveDate,
}

impl Window {
    /// How many days it has.
    #[must_use]
    pub fn days(self) -> i64 {
        self.end.signed_duration_since(self.start).num_days()
    }

    /// The last day, as shown to people.
    #[must_use]
    pub fn last_day(self) -> NaiveDate {
        self.end.pred_opt().unwrap_or(self.end)
    }
}
