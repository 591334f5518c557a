//! What the rows of a table without a key are put in order by.
//!
//! First by what is known of a row as long as it is there, column by column, a missing value before all others; a value that is there though the
//! day is missing with which it should have come is known, too. Then by what has become known since, in the order in which it did: the row of
//! which something became known comes before one of which nothing has by then. So two rows that are not alike stand in the same order on
//! every later day, and whichever is picked of them stays picked: an end that is still open is taken to be after all that have come.

use super::sheet::Sheet;
use super::value;
use arrow::array::{Array, ArrayRef, AsArray, BooleanArray, Int64Array, PrimitiveArray, UInt8Array};
use arrow::compute::{is_not_null, nullif};
use arrow::datatypes::{ArrowPrimitiveType, DataType, Date32Type, TimestampSecondType};
use arrow::error::ArrowError;
use std::sync::Arc;
use yardstick_language::model::{Column, ColumnId, Known};

/// Columns to compare one after the other, a missing value first: of rows in which all of them are alike, all columns of the table are.
pub(super) fn by_history(sheet: &Sheet<'_>) -> Result<Vec<ArrayRef>, ArrowError> {
    let values = |id: ColumnId| &sheet.columns[id.0 as usize];
    let days: Vec<ColumnId> = sheet.table.columns().map(|(id, _)| id).filter(|id| sheet.table.comes(*id)).collect();
    let comes_with = |column: &Column| days.iter().position(|day| column.known == Known::With(*day));
    let others = sheet.table.columns().filter(|(id, _)| !days.contains(id));
    let (told_later, fixed): (Vec<_>, Vec<_>) = others.partition(|(_, column)| comes_with(column).is_some());
    let mut by: Vec<ArrayRef> = fixed.into_iter().map(|(id, _)| Arc::clone(values(id))).collect();
    for (id, column) in &told_later {
        let has_come = comes_with(column).map(|day| is_not_null(values(days[day]))).transpose()?;
        by.extend(has_come.map(|has_come| nullif(values(*id), &has_come)).transpose()?);
    }
    match days.as_slice() {
        [] => {}
        [day] => {
            by.push(missing_last(values(*day)));
            by.extend(told_later.into_iter().map(|(id, _)| Arc::clone(values(id))));
        }
        _ => {
            for (at, of) in events(&days.iter().map(|day| values(*day)).collect::<Vec<_>>()) {
                by.extend([Arc::new(at) as ArrayRef, Arc::new(of.clone())]);
                for (id, column) in &told_later {
                    let told = comes_with(column).map(|day| day as u8);
                    let of_others: BooleanArray = of.iter().map(|of| Some(of != told)).collect();
                    by.push(nullif(values(*id), &of_others)?);
                }
            }
        }
    }
    Ok(by)
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

/// What has become known of each row as the first, as the second ...: when, and in which of the columns.
fn events(days: &[&ArrayRef]) -> Vec<(Int64Array, UInt8Array)> {
    let rows = days.first().map_or(0, |days| days.len());
    let in_order = |row: usize| {
        let of_row = days.iter().zip(0_u8..).filter_map(|(days, of)| Some((second(days, row)?, of)));
        let mut of_row: Vec<(i64, u8)> = of_row.collect();
        of_row.sort_unstable();
        of_row
    };
    let all: Vec<Vec<(i64, u8)>> = (0..rows).map(in_order).collect();
    let nth = |n: usize| {
        let of_rows = || all.iter().map(move |of_row| of_row.get(n).copied());
        let at = of_rows().map(|event| event.map_or(i64::MAX, |(at, _)| at));
        (Int64Array::from_iter_values(at), of_rows().map(|event| event.map(|(_, of)| of)).collect())
    };
    (0..days.len()).map(nth).collect()
}

/// A time, or the first second of a day.
fn second(days: &ArrayRef, row: usize) -> Option<i64> {
    let is_there = days.is_valid(row);
    is_there.then(|| match days.data_type() {
        DataType::Date32 => i64::from(days.as_primitive::<Date32Type>().value(row)) * value::DAY,
        _ => days.as_primitive::<TimestampSecondType>().value(row),
    })
}
