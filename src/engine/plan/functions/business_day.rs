//! Business days, as the function `business_day`: steps from a day to the next ones that are days
//! of work.

use crate::plan::functions::date::day_number;
use crate::plan::functions::scalar::Function;
use chrono::NaiveDate;
use datafusion::arrow::array::{ArrayRef, AsArray, Date32Array};
use datafusion::arrow::datatypes::{DataType, Date32Type};
use datafusion::error::Result;
use datafusion::logical_expr::{ColumnarValue, Expr, ScalarUDF, lit};
use datafusion::scalar::ScalarValue;
use std::sync::{Arc, LazyLock};
use yardstick_language::model::BusinessDays;

static BUSINESS_DAY: LazyLock<Arc<ScalarUDF>> =
    LazyLock::new(|| Function::any("business_day", 4, DataType::Date32, days_walked).shared());

/// The business day `steps` business days after the day; `holidays` are none.
pub(in crate::plan) fn business_day(day: Expr, steps: i32, week: &BusinessDays, holidays: &[NaiveDate]) -> Expr {
    let [worked, off] = calendar(week, holidays);
    BUSINESS_DAY.call(vec![day, lit(steps), worked, off])
}

/// The weekdays of work as bits from Monday on (Int32), and the holidays in order.
pub(super) fn calendar(week: &BusinessDays, holidays: &[NaiveDate]) -> [Expr; 2] {
    let mut off: Vec<i32> = holidays.iter().map(|d| day_number(*d)).collect();
    off.sort_unstable();
    off.dedup();
    let off: Vec<_> = off.into_iter().map(|d| ScalarValue::Date32(Some(d))).collect();
    let off = lit(ScalarValue::List(ScalarValue::new_list(&off, &DataType::Date32, true)));
    let worked = (0..7).filter(|n| week.weekdays[*n as usize]).fold(0_i32, |set, n| set | 1 << n);
    [lit(worked), off]
}

/// `business_day(day, steps, weekdays as bits from Monday on, holidays in order)`.
fn days_walked(args: &[ColumnarValue], rows: usize) -> Result<Option<ArrayRef>> {
    let [
        days,
        ColumnarValue::Scalar(ScalarValue::Int32(Some(steps))),
        ColumnarValue::Scalar(ScalarValue::Int32(Some(worked))),
        ColumnarValue::Scalar(ScalarValue::List(off)),
    ] = args
    else {
        return Ok(None);
    };
    let off = off.value(0);
    let days = days.to_array(rows)?;
    let (Some(off), Some(days)) = (off.as_primitive_opt::<Date32Type>(), days.as_primitive_opt::<Date32Type>()) else {
        return Ok(None);
    };
    let walked: Date32Array = days.unary::<_, Date32Type>(|day| walk(day, *steps, *worked, off.values()));
    Ok(Some(Arc::new(walked)))
}

/// Each step goes to the next day of work. A week without any would have no end: the checker
/// refuses it.
fn walk(mut day: i32, steps: i32, worked: i32, off: &[i32]) -> i32 {
    for _ in 0..steps.abs() {
        day += steps.signum();
        while worked != 0 && !is_worked(day, worked, off) {
            day += steps.signum();
        }
    }
    day
}

/// Whether a day is one of work.
pub(super) fn is_worked(day: i32, worked: i32, off: &[i32]) -> bool {
    // 1970-01-01, day 0, was a Thursday.
    worked >> (day + 3).rem_euclid(7) & 1 == 1 && off.binary_search(&day).is_err()
}
