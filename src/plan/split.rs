//! Rows split by windows: each row once for each window of its set.
//!
//! A pair of a row and a window has a number of its own, made of those of both: one column by which pairs are joined and grouped.

use super::answer::Build;
use super::function::Function;
use super::relation::{keep, names, with};
use super::windows::MOST;
use super::{WINDOWS, date};
use crate::calendar::Window;
use chrono::NaiveDate;
use datafusion::arrow::array::{ArrayRef, AsArray, Date32Array, Int64Array, ListArray};
use datafusion::arrow::buffer::OffsetBuffer;
use datafusion::arrow::datatypes::{DataType, Date32Type, Field, Int32Type, Int64Type};
use datafusion::common::UnnestOptions;
use datafusion::error::Result;
use datafusion::logical_expr::{
    ColumnarValue, LogicalPlan, LogicalPlanBuilder, Operator, ScalarUDF, Signature, Volatility, binary_expr, ident, lit,
};
use datafusion::scalar::ScalarValue;
use std::sync::{Arc, LazyLock};

/// The column that numbers the pairs of a row and a window.
pub(super) const PAIR: &str = "pair";

static PAIRS_OF: LazyLock<Arc<ScalarUDF>> = LazyLock::new(|| {
    let pairs = DataType::List(Arc::new(Field::new_list_field(DataType::Int64, true)));
    Function::of("pairs_of", vec![DataType::Int32, DataType::Int64], pairs, pairs_of)
});

static WINDOW_DAY: LazyLock<Arc<ScalarUDF>> = LazyLock::new(|| {
    let signature = Signature::any(2, Volatility::Immutable);
    Function { name: "window_day", signature, returns: DataType::Date32, answers: window_days }.shared()
});

impl Build<'_> {
    /// Each row once for each of its windows, [`WINDOWS`] being that one alone, with [`PAIR`], and with the window's days in `w.start`,
    /// `w.end` and `w.last`.
    pub(super) fn split(&self, rows: LogicalPlan) -> Result<LogicalPlan> {
        let rows = with(rows, vec![(PAIRS_OF.call(vec![ident(self.row_key()), ident(WINDOWS)]), PAIR.to_owned())])?;
        let rows = keep(rows, |name| name != WINDOWS)?;
        let each = UnnestOptions::new().with_preserve_nulls(false);
        let rows = LogicalPlanBuilder::from(rows).unnest_column_with_options(PAIR, each)?.build()?;
        let window = || ident(PAIR) & lit(MOST as i64 - 1);
        let only = binary_expr(lit(1_i64), Operator::BitwiseShiftLeft, window());
        let days = |of: fn(&Window) -> NaiveDate| {
            let days = self.windows.iter().map(|w| ScalarValue::Date32(Some(date::day_number(of(w)))));
            let days = ScalarValue::new_list(&days.collect::<Vec<_>>(), &DataType::Date32, true);
            WINDOW_DAY.call(vec![window(), lit(ScalarValue::List(days))])
        };
        let own = names(&rows).into_iter().map(ident);
        let of_window = [
            only.alias(WINDOWS),
            days(|w| w.start).alias("w.start"),
            days(|w| w.end).alias("w.end"),
            days(|w| w.last_day()).alias("w.last"),
        ];
        LogicalPlanBuilder::from(rows).project(own.chain(of_window).collect::<Vec<_>>())?.build()
    }
}

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
        let mut left = number.and(set).unwrap_or(0);
        lengths.push(left.count_ones() as usize);
        while left != 0 {
            pairs.push(i64::from(number.unwrap_or(0)) * MOST as i64 + i64::from(left.trailing_zeros()));
            left &= left - 1;
        }
    }
    let item = Arc::new(Field::new_list_field(DataType::Int64, true));
    let lists = ListArray::try_new(item, OffsetBuffer::from_lengths(lengths), Arc::new(Int64Array::from(pairs)), None)?;
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
