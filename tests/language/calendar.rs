//! The arithmetic of months, over the whole calendar.

use crate::oracle::months::plus_months;
use chrono::{Days, NaiveDate};
use yardstick::calendar::{add_days, add_months, months_between, years_between};

/// Counts around every boundary a measure uses: none, one, a quarter, half a year, years, 18 and 21
/// years, a century.
const COUNTS: [i64; 25] =
    [-1200, -216, -24, -13, -12, -11, -6, -2, -1, 0, 1, 2, 3, 5, 6, 9, 11, 12, 13, 18, 24, 36, 216, 252, 1200];

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

/// `add_months` and `months_between` are two sides of one law: n months have passed from x to y
/// exactly when `x + n months <= y`.
///
/// Shown for every day x of a 400-year cycle (after which the calendar repeats) at the two days y
/// where it could break: the day that the n months end, and the day before. `add_months` grows with
/// n, so that all other days y follow.
#[test]
fn months_added_and_months_between_obey_one_law_on_every_day_of_400_years() {
    let (mut x, end) = (day(1800, 1, 1), day(2200, 1, 1));
    while x < end {
        for n in COUNTS {
            let y = add_months(x, n).unwrap();
            assert_eq!(y, plus_months(x, n), "{x} + {n} months");
            assert_eq!(months_between(x, y), n, "months from {x} to {y}");
            let eve = y - Days::new(1);
            assert_eq!(months_between(x, eve), n - 1, "months from {x} to {eve}");
        }
        x = x + Days::new(1);
    }
}

#[test]
fn a_year_is_twelve_months_and_years_are_rounded_down() {
    let (mut x, end) = (day(1999, 1, 1), day(2005, 1, 1));
    while x < end {
        for n in -30..30 {
            let anniversary = add_months(x, n * 12).unwrap();
            assert_eq!(years_between(x, anniversary), n);
            assert_eq!(years_between(x, anniversary - Days::new(1)), n - 1);
        }
        x = x + Days::new(1);
    }
    assert_eq!(add_months(day(2000, 2, 29), 18 * 12), Some(day(2018, 2, 28)), "born on 29 February, 18 on 28 February");
    assert_eq!(years_between(day(2000, 2, 29), day(2018, 2, 28)), 18);
}

#[test]
fn nothing_lies_outside_the_years_1_to_9999() {
    assert_eq!(add_months(day(9999, 12, 31), 1), None);
    assert_eq!(add_months(day(1, 1, 31), -1), None);
    assert_eq!(add_days(day(9999, 12, 31), 1), None);
    assert_eq!(add_days(day(1, 1, 1), -1), None);
    assert_eq!(add_months(day(2000, 1, 1), i64::MAX), None);
    assert_eq!(add_days(day(2000, 1, 1), i64::MIN), None);
}
