//! Months, counted the slow way.

use chrono::{Datelike, NaiveDate};
use yardstick::interpret::Arithmetic;

/// The arithmetic of months below.
#[derive(Debug)]
pub(crate) struct Counted;

impl Arithmetic for Counted {
    fn plus_months(&self, day: NaiveDate, months: i64) -> Option<NaiveDate> {
        Some(plus_months(day, months))
    }

    fn months_between(&self, from: NaiveDate, to: NaiveDate) -> i64 {
        months_between(from, to)
    }
}

/// The same day of the month so many months on; when that month has no such day, its last day.
pub(crate) fn plus_months(day: NaiveDate, months: i64) -> NaiveDate {
    let count = i64::from(day.year()) * 12 + i64::from(day.month0()) + months;
    let (year, month) = (count.div_euclid(12) as i32, count.rem_euclid(12) as u32 + 1);
    (1..=day.day()).rev().find_map(|d| NaiveDate::from_ymd_opt(year, month, d)).unwrap()
}

/// The largest n with `from + n months <= to`, found by trying.
pub(crate) fn months_between(from: NaiveDate, to: NaiveDate) -> i64 {
    let mut n = i64::from(to.year() - from.year() + 1) * 12;
    while plus_months(from, n) > to {
        n -= 1;
    }
    n
}
