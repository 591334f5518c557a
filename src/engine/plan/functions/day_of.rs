//! The day of a time, as the function `day_of`: the engine's own cast goes by year, month and day,
//! and takes ten times as long.

use crate::plan::functions::scalar::Function;
use datafusion::arrow::array::{ArrayRef, AsArray, Date32Array};
use datafusion::arrow::datatypes::{DataType, Date32Type, TimeUnit, TimestampSecondType};
use datafusion::error::Result;
use datafusion::logical_expr::{ColumnarValue, Expr, ScalarUDF};
use std::sync::{Arc, LazyLock};

const SECONDS: i64 = 86_400;

static DAY_OF: LazyLock<Arc<ScalarUDF>> = LazyLock::new(|| {
    let time = DataType::Timestamp(TimeUnit::Second, None);
    Function::of("day_of", vec![time], DataType::Date32, days_of)
});

/// The day of a time.
pub(in crate::plan) fn day_of(time: Expr) -> Expr {
    DAY_OF.call(vec![time])
}

/// `day_of(time)`.
fn days_of(args: &[ColumnarValue], rows: usize) -> Result<Option<ArrayRef>> {
    let [times] = args else { return Ok(None) };
    let times = times.to_array(rows)?;
    let Some(times) = times.as_primitive_opt::<TimestampSecondType>() else { return Ok(None) };
    let days: Date32Array = times.unary::<_, Date32Type>(|t| t.div_euclid(SECONDS) as i32);
    Ok(Some(Arc::new(days)))
}
