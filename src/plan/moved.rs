//! Days moved by a number that is a value of the row, as the function `moved`: months clamp to the month's last day, as everywhere.

use crate::calendar::add_months;
use crate::ir::Ty;
use crate::ir::expr::FARTHEST;
use chrono::{Datelike, NaiveDate};
use datafusion::arrow::array::{ArrayRef, AsArray, Date32Array};
use datafusion::arrow::datatypes::{DataType, Date32Type, Int64Type};
use datafusion::error::{DataFusionError, Result};
use datafusion::logical_expr::{
    ColumnarValue, Expr, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility, cast, lit,
};
use std::sync::{Arc, LazyLock};

static MOVED: LazyLock<Arc<ScalarUDF>> =
    LazyLock::new(|| Arc::new(ScalarUDF::from(Moved { signature: Signature::any(3, Volatility::Immutable) })));

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
#[derive(Debug, PartialEq, Eq, Hash)]
struct Moved {
    signature: Signature,
}

impl ScalarUDFImpl for Moved {
    fn name(&self) -> &'static str {
        "moved"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::Date32)
    }

    fn is_strict(&self) -> bool {
        true
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let wrong = || DataFusionError::Internal("`moved` takes a day, a number and what one of it is".to_owned());
        let arrays: Vec<ArrayRef> =
            args.args.iter().map(|a| a.to_array(args.number_rows)).collect::<Result<Vec<_>>>()?;
        let [days, numbers, months] = arrays.as_slice() else { return Err(wrong()) };
        let days = days.as_primitive_opt::<Date32Type>().ok_or_else(wrong)?;
        let numbers = numbers.as_primitive_opt::<Int64Type>().ok_or_else(wrong)?;
        let months = months.as_primitive_opt::<Int64Type>().ok_or_else(wrong)?;
        let all = days.iter().zip(numbers).zip(months);
        let moved: Date32Array = all.map(|((day, number), months)| one(day?, number?, months?)).collect();
        Ok(ColumnarValue::Array(Arc::new(moved)))
    }
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
