//! Whether rows of a table, and the days of a column, keep coming in.
//!
//! Counted are the rows by the month in which they begin, backwards from the as-of day, and of a
//! column that is filled in when its day has come the days in it. They stand still when the last
//! months hold less than a quarter of what the twelve months before them would lead one to expect,
//! and so few that chance would bring it about in fewer than one of ten thousand cases (Poisson).
//! Rare events are no still table: of nine expected rows none may come by chance. Nor is a table
//! into which rows came in six of the twelve months or fewer: it is not fed month by month. Where
//! two to five of them are empty, months that held as little the year before are a season.
//!
//! Months are lost where that holds between others: less than a quarter, each, of what is usual
//! both in the twelve months before them and in those after, by the median, so that a month into
//! which much was moved says nothing of the next; a season is one by the year before or after.
//! Since as many years are looked at, chance must bring it about in fewer than one of a million
//! cases.

use super::report::{Gap, Still};
use super::value;
use arrow::array::{Array, ArrayRef, AsArray};
use arrow::datatypes::{DataType, Date32Type, TimestampSecondType};
use chrono::{Datelike, NaiveDate};
use yardstick_language::calendar::{add_days, add_months};

/// Months that are looked at, backwards; where the last rows came earlier, so many more.
const MONTHS: usize = 60;
/// Months before those in question that say what is to be expected.
const BEFORE: usize = 12;
/// Months that tell whether what came in has [`stopped`] within a year.
pub const LOOKED_AT: usize = 2 * BEFORE;
/// With rows in more of these months, no season explains that none come.
const STEADY: usize = BEFORE - 2;
/// In more of these months there must have been rows.
const FED: usize = BEFORE / 2;
/// Less than this part of what is to be expected is a collapse.
const COLLAPSE: f64 = 0.25;
/// What chance brings about more seldom is not taken for chance.
const CHANCE: f64 = 1e-4;
/// The same of one of many months.
const CHANCE_OF_ONE: f64 = 1e-6;

/// What was found of the rows of a table, or the days of a column.
#[derive(Debug, Default)]
pub(super) struct Arrivals {
    /// Since when none, or hardly any, have come in, if so.
    pub(super) still: Option<Still>,
    /// Months between others of which none, or hardly any, are there.
    pub(super) gaps: Vec<Gap>,
}

/// What is to be found; `days` has the day on which each row begins, or that of a column.
pub(super) fn of(days: &ArrayRef, as_of: i32) -> Arrivals {
    let found = || {
        let as_of = value::day(as_of)?;
        let months = by_month(days, as_of)?;
        let since = (1..months.len().saturating_sub(BEFORE)).rev().find(|last| has_collapsed(&months, *last, CHANCE));
        let start = |back: usize| add_months(add_days(as_of, 1)?, -i64::try_from(back).ok()?);
        let still = since.and_then(|since| {
            let rows = months.iter().take(since).sum();
            Some(Still { since: start(since)?.to_string(), rows })
        });
        let gap = |(late, early): (usize, usize)| {
            let (first, last) = (start(early)?, add_days(start(late)?, -1)?);
            let rows = months.get(late..early)?.iter().sum();
            Some(Gap { first: first.to_string(), last: last.to_string(), rows })
        };
        let gaps = lost(&months, since.unwrap_or_default()).into_iter().filter_map(gap).collect();
        Some(Arrivals { still, gaps })
    };
    found().unwrap_or_default()
}

/// Of the rows that come in month by month, the latest month first and [`LOOKED_AT`] of them: how
/// many last months they stand still, where they do. It is asked of many, so chance must bring it
/// about in fewer than one of a million cases.
#[must_use]
pub fn stopped(months: &[u64]) -> Option<usize> {
    (1..=months.len().saturating_sub(BEFORE)).rev().find(|last| has_collapsed(months, *last, CHANCE_OF_ONE))
}

/// The months that are lost between others, before the last so many: from one number up to another,
/// the oldest first.
fn lost(months: &[u64], last: usize) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut early = months.len().saturating_sub(BEFORE);
    while early > last + 1 {
        let before = months.get(early..early + BEFORE).unwrap_or_default();
        let is_low = |rows: &&u64| (**rows as f64) < COLLAPSE * median(before);
        let low = months.get(last..early).unwrap_or_default().iter().rev().take_while(is_low).count();
        let late = early - low;
        // Those up to the last ones are not between others.
        if low > 0 && late > last && is_lost(months, last, late, early) {
            found.push((late, early));
        }
        early = late.min(early - 1);
    }
    found
}

/// Whether so few of these months are there, each, that they are lost. The last ones, which stand
/// still, say nothing of a season.
fn is_lost(months: &[u64], last: usize, late: usize, early: usize) -> bool {
    let (of, after) = (months.get(late..early).unwrap_or_default(), following(months, late));
    let before = months.get(early..early + BEFORE).unwrap_or_default();
    let usual = median(before).min(median(after));
    let is_low = |rows: &u64| (*rows as f64) < COLLAPSE * usual;
    // The same months of another year, as far as they are not in question themselves.
    let low_in = |year: &mut dyn Iterator<Item = usize>| {
        let others = year.filter(|month| !(late..early).contains(month)).filter_map(|month| months.get(month));
        let is_low: Vec<bool> = others.map(is_low).collect();
        !is_low.is_empty() && is_low.iter().filter(|low| **low).count() * 2 >= is_low.len()
    };
    let year_before = &mut (late..early).map(|month| month + BEFORE);
    let year_after = &mut (late..early).filter_map(|month| month.checked_sub(BEFORE)).filter(|month| *month >= last);
    let is_season = low_in(year_before) || low_in(year_after);
    let filled = before.iter().filter(|rows| **rows > 0).count();
    let (rows, expected) = (of.iter().sum(), usual * of.len() as f64);
    filled > FED && of.iter().all(is_low) && !is_season && at_most(rows, expected) < CHANCE_OF_ONE
}

/// The twelve months after those from this one back, or as many as there are.
fn following(months: &[u64], late: usize) -> &[u64] {
    months.get(late.saturating_sub(BEFORE)..late).unwrap_or_default()
}

/// The median of some numbers, 0 of none.
fn median(of: &[u64]) -> f64 {
    let mut of = of.to_vec();
    of.sort_unstable();
    let middle = |at: usize| of.get(at).copied().unwrap_or_default() as f64;
    if of.is_empty() { 0.0 } else { (middle((of.len() - 1) / 2) + middle(of.len() / 2)) / 2.0 }
}

/// Whether so many last months hold too few rows, each of them, and chance brings that about more
/// seldom than said.
fn has_collapsed(months: &[u64], last: usize, chance: f64) -> bool {
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
    is_fed && late.iter().all(is_low) && at_most(rows, expected) < chance
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
    fn found(months: &[usize]) -> (Option<String>, Vec<String>) {
        let mut days = Vec::new();
        for (back, rows) in months.iter().rev().enumerate() {
            let first = add_months(NaiveDate::from_ymd_opt(2025, 1, 1).unwrap(), -(back as i64) - 1).unwrap();
            days.extend((0..*rows).map(|n| value::day_number(first) + n as i32 % 28));
        }
        let as_of = value::day_number(NaiveDate::from_ymd_opt(2024, 12, 31).unwrap());
        let days: ArrayRef = Arc::new(Date32Array::from(days));
        let Arrivals { still, gaps } = of(&days, as_of);
        let gaps = gaps.iter().map(|gap| format!("{} to {} {}", gap.first, gap.last, gap.rows));
        (still.map(|still| format!("{} {}", still.since, still.rows)), gaps.collect())
    }

    fn since(months: &[usize]) -> Option<String> {
        found(months).0
    }

    fn lost(months: &[usize]) -> Vec<String> {
        found(months).1
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

    #[test]
    fn months_that_are_lost_between_others_are_told() {
        let one = |rows| [vec![20; 19], vec![rows], vec![20; 4]].concat();
        assert_eq!(lost(&one(0)), ["2024-08-01 to 2024-08-31 0"]);
        assert_eq!(lost(&one(2)), ["2024-08-01 to 2024-08-31 2"]);
        assert_eq!((lost(&one(5)), lost(&one(20))), (Vec::new(), Vec::new()));
        let last = [vec![20; 14], vec![0; 8], vec![20; 1]].concat();
        assert_eq!(lost(&last), ["2024-04-01 to 2024-11-30 0"]);
        let long = [vec![20; 14], vec![0; 30], vec![20; 14]].concat();
        assert_eq!(lost(&long), ["2021-05-01 to 2023-10-31 0"]);
        let two = [vec![30; 13], vec![0; 1], vec![30; 3], vec![1; 2], vec![30; 9], vec![0; 3]].concat();
        assert_eq!(lost(&two), ["2023-07-01 to 2023-07-31 0", "2023-11-01 to 2023-12-31 2"]);
        assert_eq!(since(&two).as_deref(), Some("2024-10-01 0"));
    }

    #[test]
    fn what_may_be_chance_a_season_or_a_change_is_not_lost() {
        let none: [&str; 0] = [];
        assert_eq!(lost(&[vec![12; 19], vec![0; 1], vec![12; 4]].concat()), none, "twelve expected");
        let of_a_school = [vec![40; 5], vec![0; 2], vec![40; 10], vec![0; 2], vec![40; 10]].concat();
        assert_eq!(lost(&of_a_school), none, "the same months were empty the year before");
        let new_school = [vec![40; 14], vec![0; 2], vec![40; 10], vec![0; 2], vec![40; 3]].concat();
        assert_eq!(lost(&new_school), none, "or the year after");
        let moved_in = [vec![20; 14], vec![9000; 1], vec![20; 14]].concat();
        assert_eq!(lost(&moved_in), none, "much was moved in at once");
        let fell = [vec![200; 20], vec![30; 20]].concat();
        assert_eq!(lost(&fell), none, "it is as low since");
        assert_eq!(lost(&[[30, 0, 0]; 12].concat()), none, "by the quarter");
        assert_eq!(lost(&[vec![20; 3], vec![0; 1], vec![20; 9]].concat()), none, "new this year");
    }
}
