//! Pairs of a row and a window, by one number: `pairs_of` makes them of a row and its set of
//! windows, `window_day` gives a day of their window.

use super::scalar::Function;
use super::window_list::item;
use crate::plan::window_set::{self, MOST};
use datafusion::arrow::array::{ArrayRef, AsArray, Date32Array, Int64Array, ListArray};
use datafusion::arrow::buffer::OffsetBuffer;
use datafusion::arrow::datatypes::{DataType, Date32Type, Int32Type, Int64Type};
use datafusion::error::Result;
use datafusion::logical_expr::{ColumnarValue, ScalarUDF};
use datafusion::scalar::ScalarValue;
use std::sync::{Arc, LazyLock};

pub(in crate::plan) static PAIRS_OF: LazyLock<Arc<ScalarUDF>> = LazyLock::new(|| {
    let pairs = DataType::List(item());
    Function::of("pairs_of", vec![DataType::Int32, DataType::Int64], pairs, pairs_of)
});

pub(in crate::plan) static WINDOW_DAY: LazyLock<Arc<ScalarUDF>> =
    LazyLock::new(|| Function::any("window_day", 2, DataType::Date32, window_days).shared());

/// `pairs_of(row, set)`: for each window of the set the number of the pair.
fn pairs_of(args: &[ColumnarValue], rows: usize) -> Result<Option<ArrayRef>> {
    let [numbers, sets] = args else { return Ok(None) };
    let (numbers, sets) = (numbers.to_array(rows)?, sets.to_array(rows)?);
    let (Some(numbers), Some(sets)) = (numbers.as_primitive_opt::<Int32Type>(), sets.as_primitive_opt::<Int64Type>())
    else {
        return Ok(None);
    };
    let mut lengths = Vec::with_capacity(rows);
    let mut pairs = Vec::new();
    for (number, set) in numbers.iter().zip(sets) {
        let before = pairs.len();
        let number_and = |window: usize| i64::from(number.unwrap_or(0)) * MOST as i64 + window as i64;
        pairs.extend(window_set::each(number.and(set).unwrap_or(0)).map(number_and));
        lengths.push(pairs.len() - before);
    }
    let lists =
        ListArray::try_new(item(), OffsetBuffer::from_lengths(lengths), Arc::new(Int64Array::from(pairs)), None)?;
    Ok(Some(Arc::new(lists)))
}

/// `window_day(number of a window, [day of window 0, day of window 1, ...])`.
fn window_days(args: &[ColumnarValue], rows: usize) -> Result<Option<ArrayRef>> {
    let [numbers, ColumnarValue::Scalar(ScalarValue::List(days))] = args else { return Ok(None) };
    let days = days.value(0);
    let numbers = numbers.to_array(rows)?;
    let (Some(days), Some(numbers)) = (days.as_primitive_opt::<Date32Type>(), numbers.as_primitive_opt::<Int64Type>())
    else {
        return Ok(None);
    };
    let days = days.values();
    let days: Date32Array = numbers.iter().map(|n| days.get(usize::try_from(n?).ok()?).copied()).collect();
    Ok(Some(Arc::new(days)))
}
