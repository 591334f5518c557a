//! Business days between two days, as the function `business_days_between`: by weeks, less the
//! holidays among them.

use crate::plan::functions::business_day::{calendar, is_worked};
use crate::plan::functions::scalar::Function;
use chrono::NaiveDate;
use datafusion::arrow::array::{ArrayRef, AsArray, Int64Array};
use datafusion::arrow::datatypes::{DataType, Date32Type};
use datafusion::error::Result;
use datafusion::logical_expr::{ColumnarValue, Expr, ScalarUDF};
use datafusion::scalar::ScalarValue;
use std::sync::{Arc, LazyLock};
use yardstick_language::model::BusinessDays;

static BUSINESS_DAYS: LazyLock<Arc<ScalarUDF>> =
    LazyLock::new(|| Function::any("business_days_between", 4, DataType::Int64, days_counted).shared());

/// The largest `n` with `from + n business days <= to` (Int64); `holidays` are no business days.
pub(in crate::plan) fn business_days_between(
    from: Expr,
    to: Expr,
    week: &BusinessDays,
    holidays: &[NaiveDate],
) -> Expr {
    let [worked, off] = calendar(week, holidays);
    BUSINESS_DAYS.call(vec![from, to, worked, off])
}

/// `business_days_between(from, to, weekdays as bits from Monday on, holidays in order)`.
fn days_counted(args: &[ColumnarValue], rows: usize) -> Result<Option<ArrayRef>> {
    let [
        from,
        to,
        ColumnarValue::Scalar(ScalarValue::Int32(Some(worked))),
        ColumnarValue::Scalar(ScalarValue::List(off)),
    ] = args
    else {
        return Ok(None);
    };
    let off = off.value(0);
    let (from, to) = (from.to_array(rows)?, to.to_array(rows)?);
    let days = from.as_primitive_opt::<Date32Type>().zip(to.as_primitive_opt::<Date32Type>());
    let (Some(off), Some((from, to))) = (off.as_primitive_opt::<Date32Type>(), days) else { return Ok(None) };
    // Holidays on days that are none of work anyway take nothing away.
    let off: Vec<i32> = off.values().iter().copied().filter(|day| is_worked(*day, *worked, &[])).collect();
    let counts: Int64Array = from.iter().zip(to).map(|(from, to)| Some(between(from?, to?, *worked, &off))).collect();
    Ok(Some(Arc::new(counts)))
}

/// The business days after `from` up to `to`; backwards, the steps that lead to `to` or before it.
fn between(from: i32, to: i32, worked: i32, off: &[i32]) -> i64 {
    if to >= from {
        return until(to, worked, off) - until(from, worked, off);
    }
    let stepped = until(from - 1, worked, off) - until(to - 1, worked, off);
    -(stepped + i64::from(!is_worked(to, worked, off)))
}

/// The business days up to a day, this one included, counted from some Monday long before; as a
/// difference, the Monday does not matter.
fn until(day: i32, worked: i32, off: &[i32]) -> i64 {
    // 1970-01-05, day 4, was a Monday.
    let (weeks, rest) = ((day - 4).div_euclid(7), (day - 4).rem_euclid(7));
    let in_rest = (worked & ((1 << (rest + 1)) - 1)).count_ones();
    let holidays = off.partition_point(|holiday| *holiday <= day);
    i64::from(weeks) * i64::from(worked.count_ones()) + i64::from(in_rest) - i64::try_from(holidays).unwrap_or(i64::MAX)
}
