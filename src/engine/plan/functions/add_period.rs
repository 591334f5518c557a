//! Days moved by a number that is a value of the row, as the function `moved`: months clamp to the
//! month's last day, as everywhere.

use crate::plan::functions::scalar::Function;
use chrono::{Datelike, Months, NaiveDate};
use datafusion::arrow::array::{ArrayRef, AsArray, Date32Array};
use datafusion::arrow::datatypes::{DataType, Date32Type, Int64Type};
use datafusion::error::Result;
use datafusion::logical_expr::{ColumnarValue, Expr, ScalarUDF, cast, lit};
use std::sync::{Arc, LazyLock};
use yardstick_language::ir::Ty;
use yardstick_language::ir::expr::FARTHEST;
use yardstick_language::model::Counted;

static MOVED: LazyLock<Arc<ScalarUDF>> =
    LazyLock::new(|| Function::any("moved", 3, DataType::Date32, days_moved).shared());

/// `day` moved by a number of days, months or years (`unit` is the number's type), backwards when
/// `back`.
pub(in crate::plan) fn moved(day: Expr, number: Expr, unit: Ty, back: bool) -> Expr {
    MOVED.call(vec![day, signed(number, back), lit(months_in(unit))])
}

/// The number that a day is moved by, forwards when it is positive.
pub(in crate::plan) fn signed(number: Expr, back: bool) -> Expr {
    let number = cast(number, DataType::Int64);
    if back { lit(0_i64) - number } else { number }
}

/// How many months of the calendar are in one of the unit; days have none.
pub(in crate::plan) fn months_in(unit: Ty) -> i64 {
    match unit {
        Ty::Length(Counted::Months) => 1,
        Ty::Length(Counted::Years) => 12,
        Ty::Length(_)
        | Ty::Bool
        | Ty::Int
        | Ty::Decimal(_)
        | Ty::Text
        | Ty::Date
        | Ty::Timestamp
        | Ty::Code(..)
        | Ty::Row(_) => 0,
    }
}

/// `moved(day, number, months in one of it; 0 for days)`.
fn days_moved(args: &[ColumnarValue], rows: usize) -> Result<Option<ArrayRef>> {
    let arrays = args.iter().map(|a| a.to_array(rows)).collect::<Result<Vec<_>>>()?;
    let [days, numbers, months] = arrays.as_slice() else { return Ok(None) };
    let (Some(days), Some(numbers), Some(months)) = (
        days.as_primitive_opt::<Date32Type>(),
        numbers.as_primitive_opt::<Int64Type>(),
        months.as_primitive_opt::<Int64Type>(),
    ) else {
        return Ok(None);
    };
    let all = days.iter().zip(numbers).zip(months);
    let moved: Date32Array = all.map(|((day, number), months)| shift_day(day?, number?, months?)).collect();
    Ok(Some(Arc::new(moved)))
}

/// `day + number * unit`, where a unit is `months` calendar months, and 0 means days. `None` when
/// the size of the number exceeds [`FARTHEST`].
pub(in crate::plan) fn shift_day(day: i32, number: i64, months: i64) -> Option<i32> {
    if number.unsigned_abs() > FARTHEST.unsigned_abs() { None } else { shift_day_unbounded(day, number, months) }
}

/// As [`shift_day`] without that limit; `None` outside of the calendar.
pub(in crate::plan) fn shift_day_unbounded(day: i32, number: i64, months: i64) -> Option<i32> {
    if months == 0 {
        return i32::try_from(i64::from(day).checked_add(number)?).ok();
    }
    let (from, number) = (NaiveDate::from_epoch_days(day)?, number.checked_mul(months)?);
    let amount = Months::new(u32::try_from(number.unsigned_abs()).ok()?);
    let to = if number < 0 { from.checked_sub_months(amount) } else { from.checked_add_months(amount) };
    Some(to?.num_days_from_ce() - NaiveDate::default().num_days_from_ce())
}
