//! Picks: which windows rows before a row have taken, as the window function `taken` (of SQL's
//! windows, not of reporting windows).
//!
//! A function over partitions by child, say, would be called once for each child, most of whom have
//! a row or two, and the engine would first sort all that there is of every row. So `taken` is
//! called once, for all rows, and puts only their numbers in order.

use datafusion::arrow::array::{Array, ArrayRef, AsArray, Int32Array, Int64Array};
use datafusion::arrow::compute::{SortOptions, cast};
use datafusion::arrow::datatypes::{DataType, Field, FieldRef, Int32Type, Int64Type};
use datafusion::arrow::row::{RowConverter, SortField};
use datafusion::common::ScalarValue;
use datafusion::error::{DataFusionError, Result};
use datafusion::logical_expr::expr::WindowFunction;
use datafusion::logical_expr::function::{PartitionEvaluatorArgs, WindowUDFFieldArgs};
use datafusion::logical_expr::{Expr, PartitionEvaluator, Signature, Volatility, WindowUDF, WindowUDFImpl, lit};
use std::sync::{Arc, LazyLock};

static TAKEN: LazyLock<Arc<WindowUDF>> =
    LazyLock::new(|| Arc::new(WindowUDF::from(Taken { signature: Signature::variadic_any(Volatility::Immutable) })));

/// The windows that earlier rows of the same group take: the union of their `takes`. The rows of a
/// group have the same `per`, and the same holder where there is one. The order is that of `by`,
/// one column after the other, reversed when `backwards`; null comes last. A row with an empty set
/// `asks` takes no part.
pub(in crate::plan) fn taken(
    per: Expr,
    holder: Option<Expr>,
    asks: Expr,
    takes: Expr,
    by: Vec<Expr>,
    backwards: bool,
) -> Expr {
    let holder = holder.unwrap_or_else(|| lit(ScalarValue::Int32(None)));
    let all = [lit(backwards), asks, takes, per, holder].into_iter().chain(by).collect();
    Expr::from(WindowFunction::new(Arc::clone(&TAKEN), all))
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Taken {
    signature: Signature,
}

impl WindowUDFImpl for Taken {
    fn name(&self) -> &'static str {
        "taken"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn partition_evaluator(&self, _: PartitionEvaluatorArgs<'_>) -> Result<Box<dyn PartitionEvaluator>> {
        Ok(Box::new(Evaluator))
    }

    fn field(&self, args: WindowUDFFieldArgs<'_>) -> Result<FieldRef> {
        Ok(Arc::new(Field::new(args.name(), DataType::Int64, false)))
    }
}

#[derive(Debug)]
struct Evaluator;

impl PartitionEvaluator for Evaluator {
    fn evaluate_all(&mut self, values: &[ArrayRef], rows: usize) -> Result<ArrayRef> {
        let wrong = || {
            DataFusionError::Internal("`taken` takes a direction, two sets, two row numbers and an order".to_owned())
        };
        let [backwards, asks, takes, per, holder, by @ ..] = values else { return Err(wrong()) };
        let set = |sets: &ArrayRef| sets.as_primitive_opt::<Int64Type>().cloned().ok_or_else(wrong);
        let (asks, takes) = (set(asks)?, set(takes)?);
        let backwards = backwards.as_boolean_opt().ok_or_else(wrong)?;
        let backwards = rows > 0 && backwards.value(0);
        let keys = [per, holder].map(|key| key.as_primitive_opt::<Int32Type>());
        let [Some(of), Some(held)] = keys else { return Err(wrong()) };
        let mut before = vec![0; rows];
        if takes.values().iter().all(|set| *set == 0) {
            // Nobody takes anything, so nobody need be put in order.
            return Ok(Arc::new(Int64Array::from(before)));
        }
        let (mut taken, mut last) = (0, None);
        for row in sorted([per, holder], by, backwards, &asks)? {
            let whose = Some([of, held].map(|key: &Int32Array| key.is_valid(row).then(|| key.value(row))));
            if last != whose {
                (taken, last) = (0, whose);
            }
            before[row] = taken;
            taken |= takes.value(row);
        }
        Ok(Arc::new(Int64Array::from(before)))
    }
}

/// The rows that ask for a window, by `keys` and then by `by`.
fn sorted(keys: [&ArrayRef; 2], by: &[ArrayRef], backwards: bool, sets: &Int64Array) -> Result<Vec<usize>> {
    let asking: Vec<usize> = (0..sets.len()).filter(|row| sets.value(*row) != 0).collect();
    let keys = keys.into_iter().map(|key| (key, false));
    let columns: Vec<(&ArrayRef, bool)> = keys.chain(by.iter().map(|by| (by, backwards))).collect();
    match packed(&columns, &asking) {
        Some(mut packed) => {
            packed.sort_unstable();
            Ok(packed.into_iter().map(|number| asking[number as u32 as usize]).collect())
        }
        None => compared(&columns, asking),
    }
}

/// Every row as one number, in the order of the rows: each column takes as many digits as tell its
/// values apart, and the last ones tell which of the rows it is. `None` when there are too many, or
/// a column does not hold whole numbers.
fn packed(columns: &[(&ArrayRef, bool)], rows: &[usize]) -> Option<Vec<u128>> {
    const PLACE: u32 = u32::BITS;
    u32::try_from(rows.len()).ok()?;
    let mut packed = vec![0_u128; rows.len()];
    let mut taken = PLACE;
    for (column, backwards) in columns {
        let numbers = whole(column)?;
        let known = || rows.iter().filter(|row| numbers.is_valid(**row)).map(|row| numbers.value(*row));
        let (least, most) = (known().min().unwrap_or(0), known().max().unwrap_or(0));
        let missing = most.abs_diff(least).checked_add(1)?;
        let digits = u64::BITS - missing.leading_zeros();
        taken += digits;
        if taken > u128::BITS {
            return None;
        }
        let first = if *backwards { most } else { least };
        for (packed, row) in packed.iter_mut().zip(rows) {
            let digit = if numbers.is_valid(*row) { numbers.value(*row).abs_diff(first) } else { missing };
            *packed = *packed << digits | u128::from(digit);
        }
    }
    Some(packed.into_iter().enumerate().map(|(place, packed)| packed << PLACE | place as u128).collect())
}

/// A column as whole numbers in the same order, when it is made of such.
fn whole(column: &ArrayRef) -> Option<Int64Array> {
    let whole = matches!(
        column.data_type(),
        DataType::Int32 | DataType::Int64 | DataType::Date32 | DataType::Timestamp(_, None) | DataType::Boolean
    );
    Some(cast(column, &DataType::Int64).ok().filter(|_| whole)?.as_primitive().clone())
}

/// The rows in order, whatever their columns hold.
fn compared(columns: &[(&ArrayRef, bool)], mut rows: Vec<usize>) -> Result<Vec<usize>> {
    let field = |(column, backwards): &(&ArrayRef, bool)| {
        let order = SortOptions { descending: *backwards, nulls_first: false };
        SortField::new_with_options(column.data_type().clone(), order)
    };
    let arrays: Vec<ArrayRef> = columns.iter().map(|(column, _)| Arc::clone(column)).collect();
    let all = RowConverter::new(columns.iter().map(field).collect())?.convert_columns(&arrays)?;
    rows.sort_by(|a, b| all.row(*a).cmp(&all.row(*b)));
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;
    use datafusion::arrow::array::{BooleanArray, Date32Array, StringArray, TimestampSecondArray};

    /// What each of the rows finds taken.
    fn before(backwards: bool, per: &[Option<i32>], sets: &[i64], by: Vec<ArrayRef>) -> Vec<i64> {
        let rows = sets.len();
        let mut values: Vec<ArrayRef> = vec![
            Arc::new(BooleanArray::from(vec![backwards; rows])),
            Arc::new(Int64Array::from(sets.to_vec())),
            Arc::new(Int64Array::from(sets.to_vec())),
            Arc::new(Int32Array::from(per.to_vec())),
            Arc::new(Int32Array::from(vec![None; rows])),
        ];
        values.extend(by);
        Evaluator.evaluate_all(&values, rows).unwrap().as_primitive::<Int64Type>().values().to_vec()
    }

    fn days(days: &[Option<i32>]) -> ArrayRef {
        Arc::new(Date32Array::from(days.to_vec()))
    }

    #[test]
    fn who_comes_later_finds_what_is_taken() {
        let per = [Some(7), Some(3), Some(7), Some(7), Some(3)];
        let by = || vec![days(&[Some(30), Some(10), Some(10), Some(20), Some(10)]), days(&[0, 1, 2, 3, 4].map(Some))];
        assert_eq!(before(false, &per, &[1, 1, 2, 4, 8], by()), [6, 0, 0, 2, 1]);
        assert_eq!(before(true, &per, &[1, 1, 2, 4, 8], by()), [0, 8, 5, 1, 0]);
        assert_eq!(before(false, &[], &[], vec![days(&[])]), [0; 0]);
    }

    #[test]
    fn what_is_missing_comes_last_in_either_direction() {
        let by = || vec![days(&[None, Some(-5), Some(5)])];
        assert_eq!(before(false, &[Some(1); 3], &[1, 2, 4], by()), [6, 0, 2]);
        assert_eq!(before(true, &[Some(1); 3], &[1, 2, 4], by()), [6, 4, 0]);
        // Nobody is one of their own.
        assert_eq!(before(false, &[None, Some(1), None], &[1, 2, 4], vec![days(&[1, 2, 3].map(Some))]), [0, 0, 1]);
    }

    #[test]
    fn columns_are_put_in_the_same_order_whether_they_are_packed_or_compared() {
        let numbers = |seed: i64, wide: i64| (0..500_i64).map(move |i| (i * 7919 + seed) * 104_729 % wide - wide / 2);
        let some = |i: i64| (i % 11 != 0).then_some(i);
        let day = |i: i64| some(i).map(|i| i as i32);
        let columns: Vec<ArrayRef> = vec![
            Arc::new(Int32Array::from_iter(numbers(1, 40).map(day))),
            Arc::new(TimestampSecondArray::from_iter(numbers(2, 1 << 33).map(some))),
            Arc::new(BooleanArray::from_iter(numbers(3, 5).map(|i| some(i).map(|i| i > 0)))),
            Arc::new(Date32Array::from_iter(numbers(4, 99).map(day))),
            Arc::new(Int32Array::from_iter_values(0..500)),
        ];
        let rows: Vec<usize> = (0..500).filter(|row| row % 3 != 0).collect();
        for backwards in [false, true] {
            let columns: Vec<_> = columns.iter().map(|column| (column, backwards)).collect();
            let mut packed = packed(&columns, &rows).unwrap();
            packed.sort_unstable();
            let packed: Vec<usize> = packed.into_iter().map(|number| rows[number as u32 as usize]).collect();
            assert_eq!(packed, compared(&columns, rows.clone()).unwrap());
        }
    }

    #[test]
    fn what_cannot_be_packed_is_compared() {
        let text: ArrayRef = Arc::new(StringArray::from(vec!["b", "a", "c"]));
        assert!(packed(&[(&text, false)], &[0, 1, 2]).is_none());
        assert_eq!(before(false, &[Some(1); 3], &[1, 2, 4], vec![text]), [2, 0, 3]);
        let wide: ArrayRef = Arc::new(Int64Array::from(vec![i64::MAX, i64::MIN, 0]));
        assert!(packed(&[(&wide, false)], &[0, 1, 2]).is_none());
        assert_eq!(before(true, &[Some(1); 3], &[1, 2, 4], vec![wide]), [0, 5, 1]);
    }
}
