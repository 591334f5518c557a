//! Sums, differences and products of two numbers, as the functions `added`, `subtracted` and
//! `multiplied`: missing when one of the two is, and when the result is too large, where the
//! engine's own signs wrap around.

use crate::plan::functions::scalar::{Function, Implementation, two};
use datafusion::arrow::array::{ArrayRef, Int64Array};
use datafusion::arrow::datatypes::{DataType, Int64Type};
use datafusion::error::Result;
use datafusion::logical_expr::{ColumnarValue, Expr, ScalarUDF, lit};
use std::sync::{Arc, LazyLock};
use yardstick_language::ir::expr::{LARGEST, within};

static ADDED: LazyLock<Arc<ScalarUDF>> =
    LazyLock::new(|| of_two("added", |args, rows| reckoned(args, rows, i64::checked_add)));
static SUBTRACTED: LazyLock<Arc<ScalarUDF>> =
    LazyLock::new(|| of_two("subtracted", |args, rows| reckoned(args, rows, i64::checked_sub)));
static MULTIPLIED: LazyLock<Arc<ScalarUDF>> =
    LazyLock::new(|| of_two("multiplied", |args, rows| reckoned(args, rows, i64::checked_mul)));

/// `a + b`.
pub(in crate::plan) fn added(a: Expr, b: Expr) -> Expr {
    ADDED.call(vec![a, b])
}

/// `a - b`.
pub(in crate::plan) fn subtracted(a: Expr, b: Expr) -> Expr {
    SUBTRACTED.call(vec![a, b])
}

/// `a * b`.
pub(in crate::plan) fn multiplied(a: Expr, b: Expr) -> Expr {
    MULTIPLIED.call(vec![a, b])
}

/// The number, missing when it is too large to be reckoned with.
pub(in crate::plan) fn not_too_large(number: Expr) -> Expr {
    added(number, lit(0_i64))
}

/// A sum of numbers as one that [`not_too_large`] tells from all others when it is too large.
pub(in crate::plan) fn clamped(sum: i128) -> i64 {
    let beyond = i128::from(LARGEST) + 1;
    i64::try_from(sum.clamp(-beyond, beyond)).unwrap_or(i64::MAX)
}

fn of_two(name: &'static str, answers: Implementation) -> Arc<ScalarUDF> {
    Function::of(name, vec![DataType::Int64; 2], DataType::Int64, answers)
}

fn reckoned(args: &[ColumnarValue], rows: usize, reckon: fn(i64, i64) -> Option<i64>) -> Result<Option<ArrayRef>> {
    let Some((one, other)) = two::<Int64Type>(args, rows)? else { return Ok(None) };
    let both = one.iter().zip(&other);
    let found: Int64Array = both.map(|(one, other)| within(reckon(one?, other?))).collect();
    Ok(Some(Arc::new(found)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use datafusion::arrow::array::AsArray;

    #[test]
    fn what_is_too_large_is_missing() {
        let column = |numbers: [Option<i64>; 4]| ColumnarValue::Array(Arc::new(Int64Array::from(numbers.to_vec())));
        let largest = i64::try_from(LARGEST).unwrap();
        let of = |reckon, a, b| {
            let found = reckoned(&[column(a), column(b)], 4, reckon).unwrap().unwrap();
            found.as_primitive::<Int64Type>().iter().collect::<Vec<_>>()
        };
        let a = [Some(largest), Some(i64::MIN), Some(-largest), None];
        assert_eq!(of(i64::checked_add, a, [Some(0), Some(-1), Some(-1), Some(1)]), [Some(largest), None, None, None]);
        assert_eq!(
            of(i64::checked_sub, a, [Some(1), Some(0), Some(0), Some(1)]),
            [Some(largest - 1), None, Some(-largest), None]
        );
        assert_eq!(of(i64::checked_mul, a, [Some(-1), Some(-1), Some(2), Some(1)]), [Some(-largest), None, None, None]);
        assert_eq!([clamped(7), clamped(i128::MAX), clamped(i128::MIN)], [7, largest + 1, -largest - 1]);
    }
}
