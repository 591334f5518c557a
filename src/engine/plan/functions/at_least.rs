//! The windows that count at least so often, as the function `at_least`.

use super::count_by_window::DIGITS;
use super::scalar::Function;
use datafusion::arrow::array::{Array, ArrayRef, AsArray, Int64Array};
use datafusion::arrow::datatypes::{DataType, Int64Type};
use datafusion::error::Result;
use datafusion::logical_expr::{ColumnarValue, ScalarUDF};
use std::sync::{Arc, LazyLock};

pub(in crate::plan) static AT_LEAST: LazyLock<Arc<ScalarUDF>> =
    LazyLock::new(|| Function::any("at_least", 2, DataType::Int64, counted_to).shared());

/// `at_least(digits, number)`: the windows that count at least so often.
fn counted_to(args: &[ColumnarValue], _: usize) -> Result<Option<ArrayRef>> {
    let [ColumnarValue::Array(lists), ColumnarValue::Scalar(number)] = args else { return Ok(None) };
    let (Some(lists), Ok(number)) = (lists.as_fixed_size_list_opt(), i64::try_from(number.clone())) else {
        return Ok(None);
    };
    let Some(digits) = lists.values().as_primitive_opt::<Int64Type>() else { return Ok(None) };
    let sets = digits.values().chunks_exact(DIGITS).enumerate();
    let sets: Int64Array = sets.map(|(row, digits)| lists.is_valid(row).then(|| reaches(digits, number))).collect();
    Ok(Some(Arc::new(sets)))
}

/// The windows whose number, by its digits, is at least this one.
fn reaches(digits: &[i64], number: i64) -> i64 {
    let (mut greater, mut same) = (0, -1);
    for (n, digit) in digits.iter().enumerate().rev() {
        if number >> n & 1 == 1 {
            same &= digit;
        } else {
            greater |= same & digit;
            same &= !digit;
        }
    }
    greater | same
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::functions::count_by_window::MOST_TIMES;

    #[test]
    fn windows_reach_numbers_up_to_their_own() {
        // Window n counts 3 n times.
        let counts: Vec<i64> = (0..64).map(|n| 3 * n).collect();
        let digit = |d: usize| counts.iter().enumerate().fold(0, |set, (n, count)| set | (count >> d & 1) << n);
        let digits: Vec<i64> = (0..DIGITS).map(digit).collect();
        for number in 1..=MOST_TIMES {
            let expected = counts.iter().enumerate().fold(0, |set, (n, c)| set | i64::from(*c >= number) << n);
            assert_eq!(reaches(&digits, number), expected, "{number}");
        }
    }
}
