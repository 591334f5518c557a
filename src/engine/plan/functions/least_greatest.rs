//! The earlier and the later of two days or times, as functions: missing when one of them is, where
//! the engine's own `least` and `greatest` pass over it. Each side is looked at once, however deep
//! such choices are nested.

use crate::plan::functions::scalar::{Function, Implementation, two};
use datafusion::arrow::array::{ArrayRef, ArrowPrimitiveType, PrimitiveArray};
use datafusion::arrow::compute::binary;
use datafusion::arrow::datatypes::{DataType, Date32Type, TimeUnit, TimestampSecondType};
use datafusion::error::Result;
use datafusion::logical_expr::{ColumnarValue, Expr, ScalarUDF};
use std::sync::{Arc, LazyLock};
use yardstick_language::ir::Ty;

static EARLIER_DAY: LazyLock<Arc<ScalarUDF>> =
    LazyLock::new(|| of_two("earlier_day", DataType::Date32, chosen::<Date32Type, false>));
static LATER_DAY: LazyLock<Arc<ScalarUDF>> =
    LazyLock::new(|| of_two("later_day", DataType::Date32, chosen::<Date32Type, true>));
static EARLIER_TIME: LazyLock<Arc<ScalarUDF>> =
    LazyLock::new(|| of_two("earlier_time", time(), chosen::<TimestampSecondType, false>));
static LATER_TIME: LazyLock<Arc<ScalarUDF>> =
    LazyLock::new(|| of_two("later_time", time(), chosen::<TimestampSecondType, true>));

/// The earlier (or later) of two days, or of two times where that is their type.
pub(in crate::plan) fn extreme(latest: bool, ty: Ty, one: Expr, other: Expr) -> Expr {
    let function = match (ty, latest) {
        (Ty::Timestamp, false) => &EARLIER_TIME,
        (Ty::Timestamp, true) => &LATER_TIME,
        (_, false) => &EARLIER_DAY,
        (_, true) => &LATER_DAY,
    };
    function.call(vec![one, other])
}

fn time() -> DataType {
    DataType::Timestamp(TimeUnit::Second, None)
}

fn of_two(name: &'static str, of: DataType, answers: Implementation) -> Arc<ScalarUDF> {
    Function::of(name, vec![of.clone(); 2], of, answers)
}

fn chosen<T: ArrowPrimitiveType<Native: Ord>, const LATEST: bool>(
    args: &[ColumnarValue],
    rows: usize,
) -> Result<Option<ArrayRef>> {
    let Some((one, other)) = two::<T>(args, rows)? else { return Ok(None) };
    let chosen: PrimitiveArray<T> = binary(&one, &other, |a, b| if LATEST { a.max(b) } else { a.min(b) })?;
    Ok(Some(Arc::new(chosen)))
}
