//! Completed hours and minutes between two times, as the function `elapsed`.

use crate::plan::functions::scalar::Function;
use datafusion::arrow::array::{ArrayRef, AsArray, Int64Array};
use datafusion::arrow::datatypes::{DataType, TimeUnit, TimestampSecondType};
use datafusion::error::Result;
use datafusion::logical_expr::{ColumnarValue, Expr, ScalarUDF, lit};
use datafusion::scalar::ScalarValue;
use std::sync::{Arc, LazyLock};

static ELAPSED: LazyLock<Arc<ScalarUDF>> = LazyLock::new(|| {
    let time = DataType::Timestamp(TimeUnit::Second, None);
    Function::of("elapsed", vec![time.clone(), time, DataType::Int64], DataType::Int64, counted)
});

/// How often so many seconds have passed from one time to another, rounded down (Int64).
pub(in crate::plan) fn elapsed(from: Expr, to: Expr, seconds: i64) -> Expr {
    ELAPSED.call(vec![from, to, lit(seconds)])
}

/// `elapsed(from, to, seconds)`.
fn counted(args: &[ColumnarValue], rows: usize) -> Result<Option<ArrayRef>> {
    let [from, to, ColumnarValue::Scalar(ScalarValue::Int64(Some(seconds)))] = args else { return Ok(None) };
    let (from, to) = (from.to_array(rows)?, to.to_array(rows)?);
    let times = from.as_primitive_opt::<TimestampSecondType>().zip(to.as_primitive_opt::<TimestampSecondType>());
    let Some((from, to)) = times else { return Ok(None) };
    let count = |from: i64, to: i64| to.checked_sub(from)?.checked_div_euclid(*seconds);
    let counts: Int64Array = from.iter().zip(to).map(|(from, to)| count(from?, to?)).collect();
    Ok(Some(Arc::new(counts)))
}
