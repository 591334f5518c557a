//! Completed months and years between two days, as the functions `months_between` and
//! `years_between`: by the law of `calendar`, in one look at each day. Written out in the engine's
//! own functions of years, months and days, they were most of some plans.

use crate::plan::functions::scalar::{Function, Implementation, two};
use chrono::NaiveDate;
use datafusion::arrow::array::{ArrayRef, Int64Array};
use datafusion::arrow::datatypes::{DataType, Date32Type};
use datafusion::error::Result;
use datafusion::logical_expr::{ColumnarValue, Expr, ScalarUDF};
use std::sync::{Arc, LazyLock};
use yardstick_language::calendar;

static MONTHS: LazyLock<Arc<ScalarUDF>> =
    LazyLock::new(|| of_two_days("months_between", |args, rows| between(args, rows, calendar::months_between)));
static YEARS: LazyLock<Arc<ScalarUDF>> =
    LazyLock::new(|| of_two_days("years_between", |args, rows| between(args, rows, calendar::years_between)));

/// The largest `n` with `from + n months <= to` (Int64).
pub(in crate::plan) fn months_between(from: Expr, to: Expr) -> Expr {
    MONTHS.call(vec![from, to])
}

/// Completed years: months divided by 12, rounded down (Int64).
pub(in crate::plan) fn years_between(from: Expr, to: Expr) -> Expr {
    YEARS.call(vec![from, to])
}

fn of_two_days(name: &'static str, answers: Implementation) -> Arc<ScalarUDF> {
    Function::of(name, vec![DataType::Date32; 2], DataType::Int64, answers)
}

fn between(args: &[ColumnarValue], rows: usize, count: fn(NaiveDate, NaiveDate) -> i64) -> Result<Option<ArrayRef>> {
    let Some((from, to)) = two::<Date32Type>(args, rows)? else { return Ok(None) };
    let day = NaiveDate::from_epoch_days;
    let counts: Int64Array = from.iter().zip(&to).map(|(from, to)| Some(count(day(from?)?, day(to?)?))).collect();
    Ok(Some(Arc::new(counts)))
}
