//! Whether rows of a table, and the days of a column, keep coming in.
//!
//! Counted are the rows by the month in which they begin, backwards from the as-of day, and of a
//! column that is filled in when its day has come the days in it. They stand still when the last
//! months hold less than a quarter of what the twelve months before them would lead one to expect,
//! and so few that chance would bring it about in fewer than one of ten thousand cases (Poisson).
//! Rare events are no still table: of nine expected rows none may come by chance. Nor is a table
//! into which rows came in six of the twelve months or fewer: it is not fed month by month. Where
//! two to five of them are empty, months that held as little the year before are a season.

use super::report::Still;
use super::value;
use arrow::array::{Array, ArrayRef, AsArray};
use arrow::datatypes::{DataType, Date32Type, TimestampSecondType};
use chrono::{Datelike, NaiveDate};
use yardstick_language::calendar::{add_days, add_months};

/// Months that are looked at, backwards; where the last rows came earlier, so many more.
const MONTHS: usize = 60;
/// Months before those in question that say what is to be expected.
const BEFORE: usize = 12;
/// With rows in more of these months, no season explains that none come.
const STEADY: usize = BEFORE - 2;
/// In more of these months there must have been rows.
const FED: usize = BEFORE / 2;
/// Less than this part of what is to be expected is a collapse.
const COLLAPSE: f64 = 0.25;
/// What chance brings about more seldom is not taken for chance.
const CHANCE: f64 = 1e-4;

/// Since when no rows, or hardly any, have come in, if so; `days` has the day on which each row
/// begins, or that of a column.
pub(super) fn still(days: &ArrayRef, as_of: i32) -> Option<Still> {
    let as_of = value::day(as_of)?;
    let months = by_month(days, as_of)?;
    let since = (1..months.len().saturating_sub(BEFORE)).rev().find(|last| has_collapsed(&months, *last))?;
    let rows: u64 = months.iter().take(since).sum();
    let day = add_months(add_days(as_of, 1)?, -i64::try_from(since).ok()?)?;
    Some(Still { since: day.to_string(), rows })
}

/// Whether so many last months hold too few rows, each of them.
fn has_collapsed(months: &[u64], last: usize) -> bool {
    let (late, before) = months.split_at(last);
    let before = before.get(..BEFORE).unwrap_or(before);
    let a_month = before.iter().sum::<u64>() as f64 / BEFORE as f64;
    let is_low = |rows: &u64| (*rows as f64) < COLLAPSE * a_month;
    let filled = before.iter().filter(|rows| **rows > 0).count();
    // Of the last months those whose month of the year before is one of the twelve.
    let a_year_before = before.iter().rev().take(last);
    let is_season = a_year_before.clone().filter(|rows| is_low(rows)).count() * 2 >= a_year_before.count();
    let is_fed = filled > STEADY || filled > FED && !is_season;
    let (rows, expected) = (late.iter().sum::<u64>(), a_month * last as f64);
    is_fed && late.iter().all(is_low) && at_most(rows, expected) < CHANCE
}

/// How likely so many or fewer are, where so many are to be expected.
fn at_most(rows: u64, expected: f64) -> f64 {
    let mut term = (-expected).exp();
    let mut sum = term;
    for n in 1..=rows {
        term *= expected / n as f64;
        sum += term;
    }
    sum
}

/// How many of these days lie in each month that ends on the as-of day, or months before it, the
/// latest first.
fn by_month(days: &ArrayRef, as_of: NaiveDate) -> Option<Vec<u64>> {
    let all: Vec<i32> = match days.data_type() {
        DataType::Date32 => days.as_primitive::<Date32Type>().iter().flatten().collect(),
        DataType::Timestamp(..) => {
            let times = days.as_primitive::<TimestampSecondType>();
            times.iter().flatten().map(|time| time.div_euclid(value::DAY) as i32).collect()
        }
        _ => return None,
    };
    let end = add_days(as_of, 1)?;
    let latest = value::day(*all.iter().filter(|day| **day < value::day_number(end)).max()?)?;
    let between = (as_of.year() - latest.year()) * 12 + as_of.month() as i32 - latest.month() as i32;
    let number = MONTHS.max(usize::try_from(between).ok()? + BEFORE + 2);
    // The first day of each of these months, the latest first, as far as the calendar goes.
    let starts = (1..=number as i64).map_while(|back| Some(value::day_number(add_months(end, -back)?)));
    let starts: Vec<i32> = starts.collect();
    let earliest = *starts.last()?;
    let mut by_day = vec![0_u64; usize::try_from(value::day_number(end) - earliest).ok()?];
    // Where the day lies before all of these months or after them, there is no such place.
    for day in all {
        if let Some(rows) = day.checked_sub(earliest).and_then(|at| by_day.get_mut(usize::try_from(at).ok()?)) {
            *rows += 1;
        }
    }
    let mut months = vec![0; starts.len()];
    for (rows, day) in by_day.into_iter().zip(earliest..) {
        if let Some(month) = months.get_mut(starts.partition_point(|start| *start > day)) {
            *month += rows;
        }
    }
    Some(months)
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow::array::Date32Array;
    use std::sync::Arc;

    /// So many rows in each month before 2025, the latest month last.
    fn since(months: &[usize]) -> Option<String> {
        let mut days = Vec::new();
        for (back, rows) in months.iter().rev().enumerate() {
            let first = add_months(NaiveDate::from_ymd_opt(2025, 1, 1).unwrap(), -(back as i64) - 1).unwrap();
            days.extend((0..*rows).map(|n| value::day_number(first) + n as i32 % 28));
        }
        let as_of = value::day_number(NaiveDate::from_ymd_opt(2024, 12, 31).unwrap());
        let days: ArrayRef = Arc::new(Date32Array::from(days));
        still(&days, as_of).map(|still| format!("{} {}", still.since, still.rows))
    }

    #[test]
    fn months_without_rows_are_told() {
        assert_eq!(since(&[20; 24]), None);
        assert_eq!(since(&[vec![20; 19], vec![0; 5]].concat()).as_deref(), Some("2024-08-01 0"));
        assert_eq!(since(&[vec![20; 23], vec![0; 1]].concat()).as_deref(), Some("2024-12-01 0"));
        assert_eq!(since(&[vec![20; 22], vec![2, 1]].concat()).as_deref(), Some("2024-11-01 3"));
        // Dead for two years, and for twenty: whoever wrote the years with two digits.
        assert_eq!(since(&[vec![20; 24], vec![0; 24]].concat()).as_deref(), Some("2023-01-01 0"));
        assert_eq!(since(&[vec![20; 24], vec![0; 240]].concat()).as_deref(), Some("2005-01-01 0"));
        assert_eq!(since(&[vec![20; 24], vec![0; 24_000]].concat()).as_deref(), Some("0025-01-01 0"));
        // Months that were lost before.
        assert_eq!(
            since(&[vec![20; 14], vec![0; 2], vec![20; 5], vec![0; 3]].concat()).as_deref(),
            Some("2024-10-01 0")
        );
    }

    #[test]
    fn rare_events_and_seasons_are_no_still_table() {
        assert_eq!(since(&[vec![1; 16], vec![0; 8]].concat()), None, "eight expected");
        assert_eq!(since(&[vec![1; 14], vec![0; 10]].concat()).as_deref(), Some("2024-03-01 0"), "ten expected");
        assert_eq!(since(&[vec![100; 22], vec![60, 40]].concat()), None, "a slow summer");
        assert_eq!(since(&[0; 24]), None);
        let of_a_school = [vec![40; 5], vec![0; 2], vec![40; 10], vec![0; 2]].concat();
        assert_eq!(since(&of_a_school), None, "the same months were empty the year before");
        assert_eq!(since(&[[30, 0, 0]; 8].concat()), None, "by the quarter");
        assert_eq!(since(&[vec![20; 8], vec![0; 1]].concat()), None, "new this year: the year before says nothing");
        assert_eq!(since(&[vec![0; 10], vec![25; 4], vec![0; 10]].concat()), None, "a few months of a test");
    }
}
