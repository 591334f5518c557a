//! Date arithmetic as DataFusion expressions, by the same laws as `calendar`.

use crate::plan::functions::coalesce::coalesce;
use chrono::NaiveDate;
use datafusion::arrow::datatypes::{DataType, IntervalMonthDayNano};
use datafusion::logical_expr::{Expr, cast, lit};
use datafusion::scalar::ScalarValue;
use yardstick_language::ir::Ty;

/// The day number that an open end is compared as: after every day a file or a shift can give.
const OPEN_END: i32 = 45_000_000;

/// Days from 1970-01-01.
pub(in crate::plan) fn day_number(date: NaiveDate) -> i32 {
    i32::try_from(date.signed_duration_since(NaiveDate::default()).num_days()).unwrap_or(OPEN_END)
}

/// A day.
pub(in crate::plan) fn day(date: NaiveDate) -> Expr {
    lit(ScalarValue::Date32(Some(day_number(date))))
}

/// The day of an open end.
pub(in crate::plan) fn open_end() -> Expr {
    last(Ty::Date, 0)
}

/// The last of all days (or, of a time, its first second), less so many days.
fn last(ty: Ty, less: i32) -> Expr {
    let day = OPEN_END - less;
    lit(match ty {
        Ty::Timestamp => ScalarValue::TimestampSecond(Some(i64::from(day) * 86_400), None),
        _ => ScalarValue::Date32(Some(day)),
    })
}

/// The day or time with a missing value read as an open end.
pub(in crate::plan) fn open_as_last(value: Expr, ty: Ty) -> Expr {
    coalesce(vec![value, last(ty, 0)])
}

/// As [`open_as_last`], but a day earlier, so that two open ends never compare as equal.
pub(in crate::plan) fn open_as_last_but_one(value: Expr, ty: Ty) -> Expr {
    coalesce(vec![value, last(ty, 1)])
}

/// Missing again where the value is that of an open end.
pub(in crate::plan) fn last_as_open(value: Expr, ty: Ty) -> Expr {
    datafusion::functions::expr_fn::nullif(value, last(ty, 0))
}

/// `date + months + days + minutes`; months clamp to the month's last day. Of a day (not a time)
/// that is moved by days alone, the number is added, which takes a tenth of the time.
pub(in crate::plan) fn shift(date: Expr, ty: Ty, months: i32, days: i32, minutes: i32) -> Expr {
    if ty == Ty::Date && months == 0 && minutes == 0 {
        return cast(cast(date, DataType::Int32) + lit(days), DataType::Date32);
    }
    let nanoseconds = i64::from(minutes) * 60_000_000_000;
    date + lit(ScalarValue::IntervalMonthDayNano(Some(IntervalMonthDayNano::new(months, days, nanoseconds))))
}

/// Days from one day to another (Int64).
pub(in crate::plan) fn days_between(from: Expr, to: Expr) -> Expr {
    let number = |e| cast(cast(e, DataType::Int32), DataType::Int64);
    number(to) - number(from)
}
