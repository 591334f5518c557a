//! What the rows of a table without a key are put in order by.
//!
//! First by what is known of a row as long as it is there, column by column, a missing value before
//! all others; a value that is there though the day is missing with which it should have come is
//! known, too. Then by what has become known since, in the order in which it did: the row of which
//! something became known comes before one of which nothing has by then. So two rows that are not
//! alike stand in the same order on every later day, and whichever is picked of them stays picked:
//! an end that is still open is taken to be after all that have come.

use super::staged_table::StagedTable;
use super::value;
use crate::scratch::Scratch;
use arrow::array::{Array, ArrayRef, AsArray, BooleanArray, Int64Array, PrimitiveArray, UInt16Array};
use arrow::compute::{is_not_null, nullif};
use arrow::datatypes::{ArrowPrimitiveType, DataType, Date32Type, TimestampSecondType, UInt16Type};
use arrow::error::ArrowError;
use std::ops::Range;
use std::sync::Arc;
use yardstick_language::model::{Column, ColumnId, Known, Table};

/// Columns to compare one after the other, a missing value first: of rows in which all of them are
/// alike, all columns of the table are.
pub(super) fn by_history(staged: &StagedTable<'_>, scratch: &Scratch) -> Result<Vec<ArrayRef>, ArrowError> {
    let values = |id: ColumnId| &staged.columns[id.0 as usize];
    let days = days(staged.table);
    let comes_with = |column: &Column| days.iter().position(|day| column.known == Known::With(*day));
    let (told_later, others): (Vec<_>, Vec<_>) =
        staged.table.columns().partition(|(_, column)| comes_with(column).is_some());
    let fixed = others.into_iter().map(|(id, _)| id).filter(|id| !staged.table.comes(*id));
    let mut by: Vec<ArrayRef> = fixed.map(|id| Arc::clone(values(id))).collect();
    let making = Making { rows: staged.rows(), scratch };
    for (id, column) in &told_later {
        let Some(day) = comes_with(column).map(|day| values(days[day])) else { continue };
        by.push(making.of(&|range| {
            let has_come = is_not_null(&slice(day, &range))?;
            nullif(&slice(values(*id), &range), &has_come)
        })?);
    }
    if let [day] = days.as_slice() {
        by.push(making.of(&|range| Ok(missing_last(&slice(values(*day), &range))))?);
        by.extend(told_later.into_iter().map(|(id, _)| Arc::clone(values(id))));
        return Ok(by);
    }
    let days: Vec<&ArrayRef> = days.iter().map(|day| values(*day)).collect();
    for nth in 0..days.len() {
        by.push(making.of(&|range| Ok(Arc::new(when(&days, nth, range))))?);
        let which = making.of(&|range| Ok(Arc::new(which(&days, nth, range))))?;
        by.push(Arc::clone(&which));
        for (id, column) in &told_later {
            let told = comes_with(column).map(|day| day as u16);
            by.push(making.of(&|range| {
                let which = slice(&which, &range);
                let of_others = which.as_primitive::<UInt16Type>().iter().map(|of| Some(of != told));
                nullif(&slice(values(*id), &range), &of_others.collect::<BooleanArray>())
            })?);
        }
    }
    Ok(by)
}

/// The days on which something may become known of a row: those that are not known before they have
/// come, and those with which something else is.
fn days(table: &Table) -> Vec<ColumnId> {
    let tells = |id: ColumnId| table.fed && table.columns().any(|(_, column)| column.known == Known::With(id));
    table.columns().map(|(id, _)| id).filter(|id| table.comes(*id) || tells(*id)).collect()
}

/// Columns made of others: where memory is short, stretch by stretch.
struct Making<'s> {
    rows: usize,
    scratch: &'s Scratch,
}

impl Making<'_> {
    fn of(&self, make: &dyn Fn(Range<usize>) -> Result<ArrayRef, ArrowError>) -> Result<ArrayRef, ArrowError> {
        let made = self.scratch.join(self.scratch.stretches(self.rows).map(make))?;
        made.map_or_else(|| make(0..0), Ok)
    }
}

fn slice(values: &ArrayRef, range: &Range<usize>) -> ArrayRef {
    values.slice(range.start, range.len())
}

/// Days or times, the missing ones after all others.
fn missing_last(days: &ArrayRef) -> ArrayRef {
    match days.data_type() {
        DataType::Date32 => Arc::new(or_last(days.as_primitive::<Date32Type>(), i32::MAX)),
        _ => Arc::new(or_last(days.as_primitive::<TimestampSecondType>(), i64::MAX)),
    }
}

fn or_last<T: ArrowPrimitiveType>(days: &PrimitiveArray<T>, last: T::Native) -> PrimitiveArray<T> {
    PrimitiveArray::from_iter_values(days.iter().map(|day| day.unwrap_or(last)))
}

/// When the n-th of these days of each row comes; after all others, where there is none.
fn when(days: &[&ArrayRef], nth: usize, rows: Range<usize>) -> Int64Array {
    Int64Array::from_iter_values(events(days, nth, rows).map(|event| event.map_or(i64::MAX, |(at, _)| at)))
}

/// Which of the days it is.
fn which(days: &[&ArrayRef], nth: usize, rows: Range<usize>) -> UInt16Array {
    events(days, nth, rows).map(|event| event.map(|(_, of)| of)).collect()
}

fn events(days: &[&ArrayRef], nth: usize, rows: Range<usize>) -> impl Iterator<Item = Option<(i64, u16)>> {
    let mut of_row: Vec<(i64, u16)> = Vec::with_capacity(days.len());
    rows.map(move |row| {
        of_row.clear();
        of_row.extend(days.iter().zip(0_u16..).filter_map(|(days, of)| Some((second(days, row)?, of))));
        of_row.sort_unstable();
        of_row.get(nth).copied()
    })
}

/// A time, or the first second of a day.
fn second(days: &ArrayRef, row: usize) -> Option<i64> {
    let is_there = days.is_valid(row);
    is_there.then(|| match days.data_type() {
        DataType::Date32 => i64::from(days.as_primitive::<Date32Type>().value(row)) * value::DAY,
        _ => days.as_primitive::<TimestampSecondType>().value(row),
    })
}
