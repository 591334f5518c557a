//! Whether rows of a table keep coming in.
//!
//! Counted are the rows by the month in which they begin, backwards from the as-of day. A table
//! stands still when its last months hold less than a quarter of what the twelve months before them
//! would lead one to expect, and so few that chance would bring it about in fewer than one of ten
//! thousand cases (Poisson). Rare events are no still table: of nine expected rows none may come by
//! chance. Nor is a table into which no rows came in two of those months or more: it is not fed
//! month by month.

use super::report::Still;
use super::value;
use arrow::array::{Array, ArrayRef, AsArray};
use arrow::datatypes::{DataType, Date32Type, TimestampSecondType};
use chrono::NaiveDate;
use yardstick_language::calendar::{add_days, add_months};

/// Months that are looked at, backwards.
const MONTHS: usize = 60;
/// Months before those in question that say what is to be expected.
const BEFORE: usize = 12;
/// In more of these months there must have been rows.
const STEADY: usize = BEFORE - 2;
/// Less than this part of what is to be expected is a collapse.
const COLLAPSE: f64 = 0.25;
/// What chance brings about more seldom is not taken for chance.
const CHANCE: f64 = 1e-4;

/// Since when no rows, or hardly any, have come in, if so; `first` has the day on which each row
/// begins.
pub(super) fn still(first: &ArrayRef, as_of: i32) -> Option<Still> {
    let as_of = value::day(as_of)?;
    let months = by_month(first, as_of)?;
    let since = (1..MONTHS - BEFORE).rev().find(|last| has_collapsed(&months, *last))?;
    let rows: u64 = months.iter().take(since).sum();
    let day = add_months(add_days(as_of, 1)?, -i64::try_from(since).ok()?)?;
    Some(Still { since: day.to_string(), rows })
}

/// Whether so many last months hold too few rows, each of them.
fn has_collapsed(months: &[u64], last: usize) -> bool {
    let (late, before) = months.split_at(last);
    let steady = before.iter().take(BEFORE).filter(|rows| **rows > 0).count() > STEADY;
    let a_month = before.iter().take(BEFORE).sum::<u64>() as f64 / BEFORE as f64;
    let (rows, expected) = (late.iter().sum::<u64>(), a_month * last as f64);
    steady && late.iter().all(|rows| (*rows as f64) < COLLAPSE * a_month) && at_most(rows, expected) < CHANCE
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

/// How many rows begin in each month that ends on the as-of day, or months before it, the latest
/// first.
fn by_month(first: &ArrayRef, as_of: NaiveDate) -> Option<Vec<u64>> {
    // The first day of each of these months, the latest first.
    let end = add_days(as_of, 1)?;
    let starts: Vec<i32> =
        (1..=MONTHS as i64).map(|back| Some(value::day_number(add_months(end, -back)?))).collect::<Option<_>>()?;
    let earliest = *starts.last()?;
    let mut days = vec![0_u64; usize::try_from(value::day_number(end) - earliest).ok()?];
    // Where the day lies before all of these months or after them, there is no such place.
    let mut count = |day: i32| {
        if let Some(rows) = day.checked_sub(earliest).and_then(|at| days.get_mut(usize::try_from(at).ok()?)) {
            *rows += 1;
        }
    };
    match first.data_type() {
        DataType::Date32 => first.as_primitive::<Date32Type>().iter().flatten().for_each(&mut count),
        DataType::Timestamp(..) => {
            let times = first.as_primitive::<TimestampSecondType>();
            times.iter().flatten().for_each(|time| count(time.div_euclid(value::DAY) as i32));
        }
        _ => return None,
    }
    let mut months = vec![0; MONTHS];
    for (rows, day) in days.into_iter().zip(earliest..) {
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
        // Dead for two years.
        assert_eq!(since(&[vec![20; 24], vec![0; 24]].concat()).as_deref(), Some("2023-01-01 0"));
    }

    #[test]
    fn rare_events_and_seasons_are_no_still_table() {
        assert_eq!(since(&[vec![1; 16], vec![0; 8]].concat()), None, "eight expected");
        assert_eq!(since(&[vec![1; 14], vec![0; 10]].concat()).as_deref(), Some("2024-03-01 0"), "ten expected");
        assert_eq!(since(&[vec![100; 22], vec![60, 40]].concat()), None, "a slow summer");
        assert_eq!(since(&[0; 24]), None);
        assert_eq!(since(&[vec![0; 10], vec![25; 4], vec![0; 10]].concat()), None, "a few months of a test");
    }
}
