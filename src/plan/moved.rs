//! Days moved by a number that is a value of the row, as the function `moved`: months clamp to the month's last day, as everywhere.

use super::function::Function;
use crate::calendar::add_months;
use crate::ir::Ty;
use crate::ir::expr::FARTHEST;
use chrono::{Datelike, NaiveDate};
use datafusion::arrow::array::{ArrayRef, AsArray, Date32Array};
use datafusion::arrow::datatypes::{DataType, Date32Type, Int64Type};
use datafusion::error::Result;
use datafusion::logical_expr::{ColumnarValue, Expr, ScalarUDF, Signature, Volatility, cast, lit};
use std::sync::{Arc, LazyLock};

static MOVED: LazyLock<Arc<ScalarUDF>> = LazyLock::new(|| {
    let signature = Signature::any(3, Volatility::Immutable);
    Function { name: "moved", signature, returns: DataType::Date32, answers: days_moved }.shared()
});

/// `day` moved by a number of days, months or years (`unit` is the number's type), backwards when `back`.
pub(super) fn moved(day: Expr, number: Expr, unit: Ty, back: bool) -> Expr {
    // Months of the calendar; days have none.
    let months = match unit {
        Ty::Months => 1_i64,
        Ty::Years => 12,
        Ty::Days | Ty::Bool | Ty::Int | Ty::Text | Ty::Date | Ty::Timestamp | Ty::Code(..) | Ty::Row(_) => 0,
    };
    let number = cast(number, DataType::Int64);
    let number = if back { lit(0_i64) - number } else { number };
    MOVED.call(vec![day, number, lit(months)])
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
    let moved: Date32Array = all.map(|((day, number), months)| one(day?, number?, months?)).collect();
    Ok(Some(Arc::new(moved)))
}

fn one(day: i32, number: i64, months: i64) -> Option<i32> {
    if number.abs() > FARTHEST {
        return None;
    }
    if months == 0 {
        return i32::try_from(i64::from(day) + number).ok();
    }
    let from = NaiveDate::from_epoch_days(day)?;
    let to = add_months(from, number * months)?;
    Some(to.num_days_from_ce() - NaiveDate::default().num_days_from_ce())
}
