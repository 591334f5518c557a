//! A sum of numbers that never wraps around, as the aggregate `sum_of`: the exact sum, or, when it
//! is too large to be reckoned with, a number beyond the largest (see `arithmetic`).

use crate::plan::functions::aggregate::{Aggregate, Groups};
use crate::plan::functions::arithmetic::clamped;
use datafusion::arrow::array::{ArrayRef, AsArray, Decimal128Array, Int64Array};
use datafusion::arrow::datatypes::{DataType, Decimal128Type, Int64Type};
use datafusion::error::Result;
use datafusion::logical_expr::{EmitTo, Expr, Signature, Volatility};
use std::sync::Arc;

/// The sum of numbers (Int64), those that are missing passed over; of none it is missing.
pub(in crate::plan) fn sum_of(number: Expr) -> Expr {
    Sum.of(vec![number])
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Sum;

impl Aggregate for Sum {
    type Groups = Sums;

    fn name(&self) -> &'static str {
        "sum_of"
    }

    fn signature(&self) -> Signature {
        Signature::exact(vec![DataType::Int64], Volatility::Immutable)
    }

    fn return_type(&self) -> DataType {
        DataType::Int64
    }

    fn state_type(&self) -> DataType {
        DataType::Decimal128(38, 0)
    }

    fn new_groups(&self) -> Sums {
        Sums(Vec::new())
    }
}

/// The sum of each group so far. Fewer than 2 to the 63 rows cannot leave 128 bits.
#[derive(Debug)]
struct Sums(Vec<Option<i128>>);

impl Sums {
    fn add(&mut self, group: usize, number: i128) {
        let sum = self.0[group].get_or_insert(0);
        *sum = sum.wrapping_add(number);
    }

    fn taken(&mut self, emit: EmitTo) -> Vec<Option<i128>> {
        match emit {
            EmitTo::All => std::mem::take(&mut self.0),
            EmitTo::First(groups) => self.0.drain(..groups).collect(),
        }
    }
}

impl Groups for Sums {
    fn resize(&mut self, groups: usize) {
        self.0.resize(groups, None);
    }

    fn update_batch(&mut self, arguments: &[ArrayRef], group_of: impl Fn(usize) -> usize) -> Option<()> {
        let [numbers] = arguments else { return None };
        let numbers = numbers.as_primitive_opt::<Int64Type>()?;
        for (row, number) in numbers.iter().enumerate() {
            if let Some(number) = number {
                self.add(group_of(row), number.into());
            }
        }
        Some(())
    }

    fn merge_batch(&mut self, state: &ArrayRef, group_of: impl Fn(usize) -> usize) -> Option<()> {
        for (row, sum) in state.as_primitive_opt::<Decimal128Type>()?.iter().enumerate() {
            if let Some(sum) = sum {
                self.add(group_of(row), sum);
            }
        }
        Some(())
    }

    fn evaluate(&mut self, emit: EmitTo) -> Result<ArrayRef> {
        let sums: Int64Array = self.taken(emit).into_iter().map(|sum| sum.map(clamped)).collect();
        Ok(Arc::new(sums))
    }

    fn state(&mut self, emit: EmitTo) -> Result<ArrayRef> {
        let sums: Decimal128Array = self.taken(emit).into_iter().collect();
        Ok(Arc::new(sums.with_precision_and_scale(38, 0)?))
    }

    fn size(&self) -> usize {
        self.0.capacity() * size_of::<Option<i128>>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sum_is_exact_in_whatever_order_and_parts_its_numbers_come() {
        let most = i64::MAX;
        let (mut all, mut part) = (Sum.new_groups(), Sum.new_groups());
        all.resize(3);
        part.resize(3);
        let numbers = |of: Vec<Option<i64>>| -> ArrayRef { Arc::new(Int64Array::from(of)) };
        all.update_batch(&[numbers(vec![Some(most), Some(most), Some(1), None])], |row| [0, 0, 1, 2][row]).unwrap();
        part.update_batch(&[numbers(vec![Some(-most), Some(-most), Some(most)])], |row| [0, 0, 1][row]).unwrap();
        let state = part.state(EmitTo::All).unwrap();
        all.merge_batch(&state, |group| group).unwrap();
        let sums = all.evaluate(EmitTo::All).unwrap();
        let beyond = clamped(i128::MAX);
        assert_eq!(sums.as_primitive::<Int64Type>().iter().collect::<Vec<_>>(), [Some(0), Some(beyond), None]);
    }
}
