//! Which two days of a row are those of a stay, and which days are still to come.

use super::super::forms;
use super::super::value;
use super::columns::Kind;
use super::links::Named;
use super::names::says;
use super::profile::Column;
use std::collections::BTreeMap;
use yardstick_language::model::Form;

/// So many ends must not be before their starts.
const MOST: f64 = 0.98;
/// So many days must be on or after the day on which the row begins to be taken as still to come.
const LATER: f64 = 0.6;
/// When more rows than this have no end, it is not that of a stay.
const NEVER: f64 = 0.95;
/// Fewer rows than this say little.
pub(super) const FEW: u64 = 200;

const ENDS: [&str; 15] = [
    "end", "ended", "ends", "until", "to", "close", "closed", "exit", "left", "leave", "out", "finish", "finished",
    "stop", "through",
];

/// The ids of the first rows of a table, and a day of each.
type IdsAndDays = (Vec<Option<String>>, Vec<Option<i32>>);

/// The days of a table's rows.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Days {
    /// The column of the day on which a row begins.
    pub(super) begins: Option<usize>,
    /// The column of the end of its stay, and whether its name says so.
    pub(super) ends: Option<(usize, bool)>,
    /// Columns of days that are still to come while they are missing.
    pub(super) not_yet: Vec<usize>,
}

/// The day of a text, counted from 1970-01-01.
fn day(kind: &Kind, text: &str) -> Option<i32> {
    let forms = |forms: &[String]| forms.iter().filter_map(|form| Form::parse(form).ok()).collect::<Vec<_>>();
    match kind {
        Kind::Day(of) => forms::day(&forms(of), text),
        Kind::Time(of) => {
            forms::time(&forms(of), text).and_then(|time| i32::try_from(time.div_euclid(value::DAY)).ok())
        }
        Kind::Instant => text.get(..10).and_then(value::date),
        Kind::Truth | Kind::Whole(_) | Kind::Decimal(_) | Kind::Words(_) | Kind::Text | Kind::Other => None,
    }
}

fn days(column: &Column, kind: &Kind) -> Vec<Option<i32>> {
    column.kept.iter().map(|text| text.as_ref().and_then(|text| day(kind, text))).collect()
}

/// The share of rows with both days in which the second is on or after the first; `None` when no
/// row has both.
fn later(first: &[Option<i32>], second: &[Option<i32>]) -> Option<f64> {
    let both: Vec<(i32, i32)> = first.iter().zip(second).filter_map(|(a, b)| Some(((*a)?, (*b)?))).collect();
    let later = both.iter().filter(|(a, b)| b >= a).count();
    (!both.is_empty()).then(|| later as f64 / both.len() as f64)
}

/// The days of a table; `optional` says which columns may be missing.
pub(super) fn of(table: &Named<'_>, optional: &[bool]) -> Days {
    let columns = table.table.columns.iter().zip(&table.held).enumerate();
    let dated: Vec<(usize, &Column, &Kind)> = columns
        .filter(|(_, (_, held))| matches!(held.kind, Kind::Day(_) | Kind::Time(_) | Kind::Instant))
        .map(|(at, (column, held))| (at, column, &held.kind))
        .collect();
    let is_optional = |at: usize| optional.get(at).copied().unwrap_or(true);
    let Some((begins, first, kind)) = dated.iter().find(|(at, ..)| !is_optional(*at)).copied() else {
        return Days::default();
    };
    let start = days(first, kind);
    let mut found = Days { begins: Some(begins), ..Days::default() };
    let is_day = matches!(kind, Kind::Day(_));
    let mut ends: Vec<(bool, usize)> = Vec::new();
    for (at, column, kind) in dated.iter().copied().filter(|(at, ..)| *at != begins) {
        let Some(share) = later(&start, &days(column, kind)) else { continue };
        let named = table.columns.get(at).is_some_and(|name| says(name, &ENDS));
        let missing = column.missing as f64 / column.rows.max(1) as f64;
        let open = is_optional(at) && (column.rows < FEW || missing <= NEVER);
        if is_day && matches!(kind, Kind::Day(_)) && share >= MOST && at > begins && (open || named) {
            ends.push((named, at));
        }
        if is_optional(at) && share >= LATER {
            found.not_yet.push(at);
        }
    }
    // The one whose name says so, else the first.
    let end = ends.iter().find(|(named, _)| *named).or_else(|| ends.first());
    found.ends = end.map(|(named, at)| (*at, *named));
    found.not_yet.retain(|at| found.ends.is_none_or(|(end, _)| end != *at));
    found
}

/// Whether a day of another table is the end of the stays of this one: its name says so, and it is
/// on or after the start of the row that its own leads to. Both are given with a column of ids and
/// one of days.
pub(super) fn end_elsewhere(
    (own, key, begins): (&Named<'_>, usize, usize),
    (other, link, end): (&Named<'_>, usize, usize),
) -> bool {
    let of = |table: &Named<'_>, ids: usize, at: usize| -> Option<IdsAndDays> {
        let (ids, column, held) = (table.table.columns.get(ids)?, table.table.columns.get(at)?, table.held.get(at)?);
        matches!(held.kind, Kind::Day(_)).then(|| (ids.kept.clone(), days(column, &held.kind)))
    };
    let named = says(&other.name, &ENDS) || other.columns.get(end).is_some_and(|name| says(name, &ENDS));
    let (Some((ids, starts)), Some((links, ends))) = (of(own, key, begins), of(other, link, end)) else { return false };
    let starts: BTreeMap<String, i32> = ids.into_iter().zip(starts).filter_map(|(id, day)| Some((id?, day?))).collect();
    let start = links.into_iter().map(|id| id.and_then(|id| starts.get(&id).copied())).collect::<Vec<_>>();
    named && later(&start, &ends).is_some_and(|share| share >= MOST)
}

/// The day with which a value is known: missing in the same rows, but for a few.
pub(super) fn known_with(column: &Column, days: &[(usize, &Column)]) -> Option<usize> {
    let same = |day: &Column| {
        let both = column.kept.iter().zip(&day.kept);
        let same = both.clone().filter(|(a, b)| a.is_some() == b.is_some()).count();
        (column.missing > 0 && day.missing > 0).then(|| same as f64 / both.count().max(1) as f64)
    };
    let close = days.iter().filter_map(|(at, day)| Some((same(day)?, *at))).filter(|(share, _)| *share >= MOST);
    close.max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, at)| at)
}
