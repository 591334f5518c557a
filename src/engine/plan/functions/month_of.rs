//! The month of a day, 1 to 12, as the function `month_of`.

use crate::plan::functions::scalar::Function;
use chrono::Datelike;
use datafusion::arrow::array::{ArrayRef, AsArray, Int64Array};
use datafusion::arrow::datatypes::{DataType, Date32Type};
use datafusion::arrow::temporal_conversions::date32_to_datetime;
use datafusion::error::Result;
use datafusion::logical_expr::{ColumnarValue, Expr, ScalarUDF};
use std::sync::{Arc, LazyLock};

static MONTH_OF: LazyLock<Arc<ScalarUDF>> =
    LazyLock::new(|| Function::of("month_of", vec![DataType::Date32], DataType::Int64, months_of));

/// The month of a day, 1 to 12 (Int64).
pub(in crate::plan) fn month_of(day: Expr) -> Expr {
    MONTH_OF.call(vec![day])
}

/// `month_of(day)`.
fn months_of(args: &[ColumnarValue], rows: usize) -> Result<Option<ArrayRef>> {
    let [days] = args else { return Ok(None) };
    let days = days.to_array(rows)?;
    let Some(days) = days.as_primitive_opt::<Date32Type>() else { return Ok(None) };
    let months = days.iter().map(|day| day.and_then(date32_to_datetime).map(|day| i64::from(day.month())));
    Ok(Some(Arc::new(months.collect::<Int64Array>())))
}
