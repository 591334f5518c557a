//! The weekday of a day, as the function `weekday_of`: 0 is Monday.

use crate::plan::functions::scalar::Function;
use datafusion::arrow::array::{ArrayRef, AsArray, Int32Array};
use datafusion::arrow::datatypes::{DataType, Date32Type, Int32Type};
use datafusion::error::Result;
use datafusion::logical_expr::{ColumnarValue, Expr, ScalarUDF};
use std::sync::{Arc, LazyLock};

/// 1970-01-01 was a Thursday.
const EPOCH: i32 = 3;

static WEEKDAY_OF: LazyLock<Arc<ScalarUDF>> =
    LazyLock::new(|| Function::of("weekday_of", vec![DataType::Date32], DataType::Int32, weekdays_of));

/// The place of a day's weekday in the list of weekdays, Monday first (Int32).
pub(in crate::plan) fn weekday_of(day: Expr) -> Expr {
    WEEKDAY_OF.call(vec![day])
}

/// `weekday_of(day)`.
fn weekdays_of(args: &[ColumnarValue], rows: usize) -> Result<Option<ArrayRef>> {
    let [days] = args else { return Ok(None) };
    let days = days.to_array(rows)?;
    let Some(days) = days.as_primitive_opt::<Date32Type>() else { return Ok(None) };
    let weekdays: Int32Array =
        days.unary::<_, Int32Type>(|day| (i64::from(day) + i64::from(EPOCH)).rem_euclid(7) as i32);
    Ok(Some(Arc::new(weekdays)))
}
