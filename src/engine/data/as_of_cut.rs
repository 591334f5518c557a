//! The as-of day cuts the data: what is dated after it has not happened, whatever the files hold.
//!
//! A row that begins later is not there, unless another of its days has come, or a row that is
//! there leads to it (see `later`). An end, or a day that has `missing means not yet`, that lies
//! later is still to come; any other day that is known once it comes is missing; so is what is
//! `known with` a later day. A day that is known with its row may lie ahead. So what is left is
//! what an extract taken at the end of the as-of day would have held, and is checked as such.

use super::report::Effect;
use super::staged_table::StagedTable;
use super::value;
use arrow::array::{Array, ArrayRef, AsArray, BooleanArray};
use arrow::compute::nullif;
use arrow::datatypes::{DataType, Date32Type, TimestampSecondType};
use arrow::error::ArrowError;
use yardstick_language::model::{ColumnId, Known};

/// Days of one column that lie after the as-of day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Ahead {
    pub(super) column: ColumnId,
    /// How many rows.
    pub(super) rows: u64,
    /// The number of the furthest day.
    pub(super) furthest: i32,
    pub(super) effect: Effect,
}

/// Cuts a table that has been read; `as_of` is the number of the last day that is left. Gives the
/// rows that begin later.
pub(super) fn cut(staged: &mut StagedTable<'_>, as_of: i32) -> Result<Vec<usize>, ArrowError> {
    if !staged.table.fed {
        return Ok(Vec::new());
    }
    let mut begin_later = Vec::new();
    let later: Vec<(ColumnId, (Vec<usize>, i32))> = staged
        .table
        .columns()
        .filter_map(|(id, _)| Some((id, later(&staged.columns[id.0 as usize], as_of)?)))
        .collect();
    for (id, (rows, furthest)) in &later {
        let effect = effect(staged, *id);
        staged.ahead.push(Ahead { column: *id, rows: rows.len() as u64, furthest: *furthest, effect });
        match effect {
            Effect::NotThere => begin_later = without_days(staged, rows, as_of),
            Effect::StillToCome | Effect::NotKnown => take_out(&mut staged.columns[id.0 as usize], rows)?,
            Effect::Kept => {}
        }
        let with: Vec<ColumnId> =
            staged.table.columns().filter(|(_, c)| c.known == Known::With(*id)).map(|(with, _)| with).collect();
        for with in with {
            take_out(&mut staged.columns[with.0 as usize], rows)?;
            staged.rejects.unknown.forget(with, rows);
        }
    }
    Ok(begin_later)
}

/// The rows that are not there at the end of the day, of a table that has not been cut.
pub(super) fn begin_later(staged: &StagedTable<'_>, as_of: i32) -> Vec<usize> {
    let begins = staged.table.begins.filter(|_| staged.table.fed);
    let found = begins.and_then(|begins| later(&staged.columns[begins.0 as usize], as_of));
    found.map(|(rows, _)| without_days(staged, &rows, as_of)).unwrap_or_default()
}

/// Of rows that begin later, those of which no other day has come either: what has happened to a
/// row says that it is there.
fn without_days(staged: &StagedTable<'_>, rows: &[usize], as_of: i32) -> Vec<usize> {
    let own = staged.table.columns().filter(|(_, c)| c.known == Known::OwnDay);
    let days: Vec<&ArrayRef> = own.map(|(id, _)| &staged.columns[id.0 as usize]).collect();
    let has_come =
        |values: &&ArrayRef, row: usize| values.is_valid(row) && day_at(values, row).is_some_and(|day| day <= as_of);
    rows.iter().copied().filter(|row| !days.iter().any(|values| has_come(values, *row))).collect()
}

/// The number of a day, or of the day of a time.
fn day_at(values: &ArrayRef, row: usize) -> Option<i32> {
    match values.data_type() {
        DataType::Date32 => Some(values.as_primitive::<Date32Type>().value(row)),
        DataType::Timestamp(..) => {
            Some(values.as_primitive::<TimestampSecondType>().value(row).div_euclid(value::DAY) as i32)
        }
        _ => None,
    }
}

fn effect(staged: &StagedTable<'_>, id: ColumnId) -> Effect {
    let column = staged.table.column(id);
    if staged.table.begins == Some(id) {
        return Effect::NotThere;
    }
    let ends = staged.table.spans.is_some_and(|s| s.until == id);
    match column.known {
        Known::OwnDay | Known::With(_) if ends || column.not_yet => Effect::StillToCome,
        Known::OwnDay => Effect::NotKnown,
        Known::WithRow | Known::With(_) => Effect::Kept,
    }
}

/// The rows of which a day or time lies after the as-of day, and the furthest of those days; `None`
/// when there is none.
fn later(values: &ArrayRef, as_of: i32) -> Option<(Vec<usize>, i32)> {
    let days: Vec<(usize, i32)> = match values.data_type() {
        DataType::Date32 => {
            let days = values.as_primitive::<Date32Type>();
            rows(days.values(), |day| day > as_of).map(|row| (row, days.value(row))).collect()
        }
        DataType::Timestamp(..) => {
            let times = values.as_primitive::<TimestampSecondType>();
            let end = (i64::from(as_of) + 1) * value::DAY;
            let day = |row| times.value(row).div_euclid(value::DAY) as i32;
            rows(times.values(), |time| time >= end).map(|row| (row, day(row))).collect()
        }
        _ => return None,
    };
    let days: Vec<(usize, i32)> = days.into_iter().filter(|(row, _)| values.is_valid(*row)).collect();
    let furthest = days.iter().map(|(_, day)| *day).max()?;
    Some((days.into_iter().map(|(row, _)| row).collect(), furthest))
}

fn rows<T: Copy>(values: &[T], is_later: impl Fn(T) -> bool) -> impl Iterator<Item = usize> {
    values.iter().enumerate().filter(move |(_, value)| is_later(**value)).map(|(row, _)| row)
}

/// Makes the values of these rows missing.
fn take_out(values: &mut ArrayRef, rows: &[usize]) -> Result<(), ArrowError> {
    let mut out = vec![false; values.len()];
    rows.iter().for_each(|row| out[*row] = true);
    *values = nullif(values, &BooleanArray::from(out))?;
    Ok(())
}
