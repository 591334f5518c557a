//! Date and month arithmetic as DataFusion expressions, by the same laws as `calendar`.

use crate::ir::Ty;
use chrono::NaiveDate;
use datafusion::arrow::datatypes::{DataType, IntervalMonthDayNano};
use datafusion::error::Result;
use datafusion::functions::expr_fn::date_part;
use datafusion::logical_expr::Operator;
use datafusion::logical_expr::{Expr, binary_expr, cast, lit, when};
use datafusion::prelude::coalesce;
use datafusion::scalar::ScalarValue;

/// The day number that an open end is compared as: after every day a file or a shift can give.
const OPEN_END: i32 = 4_000_000;

/// Days from 1970-01-01.
pub(super) fn day_number(date: NaiveDate) -> i32 {
    i32::try_from(date.signed_duration_since(NaiveDate::default()).num_days()).unwrap_or(OPEN_END)
}

/// A day.
pub(super) fn day(date: NaiveDate) -> Expr {
    lit(ScalarValue::Date32(Some(day_number(date))))
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
pub(super) fn open_as_last(value: Expr, ty: Ty) -> Expr {
    coalesce(vec![value, last(ty, 0)])
}

/// As [`open_as_last`], but a day earlier, so that two open ends never compare as equal.
pub(super) fn open_as_last_but_one(value: Expr, ty: Ty) -> Expr {
    coalesce(vec![value, last(ty, 1)])
}

/// Missing again where the value is that of an open end.
pub(super) fn last_as_open(value: Expr, ty: Ty) -> Expr {
    datafusion::functions::expr_fn::nullif(value, last(ty, 0))
}

/// `date + months + days + hours`; months clamp to the month's last day.
pub(super) fn shift(date: Expr, months: i32, days: i32, hours: i32) -> Expr {
    let nanoseconds = i64::from(hours) * 3_600_000_000_000;
    date + lit(ScalarValue::IntervalMonthDayNano(Some(IntervalMonthDayNano::new(months, days, nanoseconds))))
}

/// Days from one day to another (Int64).
pub(super) fn days_between(from: Expr, to: Expr) -> Expr {
    let number = |e| cast(cast(e, DataType::Int32), DataType::Int64);
    number(to) - number(from)
}

/// `year * 12 + month - 1` (Int32): consecutive numbers for consecutive months.
pub(super) fn month_number(date: Expr) -> Expr {
    date_part(lit("year"), date.clone()) * lit(12) + date_part(lit("month"), date) - lit(1)
}

/// The largest `n` with `from + n months <= to` (Int64).
pub(super) fn months_between(from: Expr, to: Expr) -> Result<Expr> {
    let whole = month_number(to.clone()) - month_number(from.clone());
    let day_of_month = |e| date_part(lit("day"), e);
    let next = shift(to.clone(), 0, 1, 0);
    let last_of_month = date_part(lit("day"), next).eq(lit(1));
    let reached = day_of_month(from).lt_eq(day_of_month(to)).or(last_of_month);
    let months = when(reached.clone(), whole.clone()).when(reached.is_not_true(), whole - lit(1)).end()?;
    Ok(cast(months, DataType::Int64))
}

/// Completed years: months divided by 12, rounded down (Int64).
pub(super) fn years_between(from: Expr, to: Expr) -> Result<Expr> {
    let months = months_between(from, to)?;
    let divide = |n| binary_expr(n, Operator::Divide, lit(12_i64));
    when(months.clone().gt_eq(lit(0_i64)), divide(months.clone()))
        .when(months.clone().lt(lit(0_i64)), divide(months - lit(11_i64)))
        .end()
}
