//! The year of a day, as the function `year_of`.

use crate::plan::functions::scalar::Function;
use chrono::Datelike;
use datafusion::arrow::array::{ArrayRef, AsArray, Int64Array};
use datafusion::arrow::datatypes::{DataType, Date32Type};
use datafusion::arrow::temporal_conversions::date32_to_datetime;
use datafusion::error::Result;
use datafusion::logical_expr::{ColumnarValue, Expr, ScalarUDF};
use std::sync::{Arc, LazyLock};

static YEAR_OF: LazyLock<Arc<ScalarUDF>> =
    LazyLock::new(|| Function::of("year_of", vec![DataType::Date32], DataType::Int64, years_of));

/// The year of a day (Int64).
pub(in crate::plan) fn year_of(day: Expr) -> Expr {
    YEAR_OF.call(vec![day])
}

/// `year_of(day)`.
fn years_of(args: &[ColumnarValue], rows: usize) -> Result<Option<ArrayRef>> {
    let [days] = args else { return Ok(None) };
    let days = days.to_array(rows)?;
    let Some(days) = days.as_primitive_opt::<Date32Type>() else { return Ok(None) };
    let years = days.iter().map(|day| day.and_then(date32_to_datetime).map(|day| i64::from(day.year())));
    Ok(Some(Arc::new(years.collect::<Int64Array>())))
}
