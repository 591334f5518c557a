//! Sums, the least and the greatest in each window, as the aggregates `sum_in`, `least_in` and
//! `greatest_in`: of the rows in whose set a window is. Their values are numbers, or lists where
//! they depend on the window.

use crate::plan::functions::aggregate::{Aggregate, Groups};
use crate::plan::functions::arithmetic::clamped;
use crate::plan::functions::window_list::{Numbers, list_of, lists};
use crate::plan::window_set::each;
use datafusion::arrow::array::{Array, ArrayRef, AsArray, Int64Array};
use datafusion::arrow::buffer::{BooleanBuffer, NullBuffer};
use datafusion::arrow::datatypes::{DataType, Int64Type};
use datafusion::error::Result;
use datafusion::logical_expr::{EmitTo, Expr, Signature, Volatility};

/// How values are combined.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(in crate::plan) enum Fold {
    Sum,
    Least,
    Greatest,
}

impl Fold {
    /// The combined value per window, of the rows that have the window in their set and a known
    /// value in it: a list, with null in a window without such a row.
    pub(in crate::plan) fn in_each(self, windows: usize, set: Expr, value: Expr) -> Expr {
        Folding { fold: self, windows }.of(vec![set, value])
    }

    fn of(self, one: i128, other: i128) -> i128 {
        match self {
            // Fewer than 2 to the 63 rows cannot leave 128 bits.
            Self::Sum => one.wrapping_add(other),
            Self::Least => one.min(other),
            Self::Greatest => one.max(other),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Folding {
    fold: Fold,
    windows: usize,
}

impl Aggregate for Folding {
    type Groups = Folded;

    fn name(&self) -> &'static str {
        match self.fold {
            Fold::Sum => "sum_in",
            Fold::Least => "least_in",
            Fold::Greatest => "greatest_in",
        }
    }

    fn signature(&self) -> Signature {
        Signature::any(2, Volatility::Immutable)
    }

    fn return_type(&self) -> DataType {
        list_of(self.windows)
    }

    /// Of each number its upper half, and then of each its lower half.
    fn state_type(&self) -> DataType {
        list_of(2 * self.windows)
    }

    fn new_groups(&self) -> Folded {
        Folded { folding: *self, there: Vec::new(), values: Vec::new() }
    }
}

/// The lists of the groups, one after another.
#[derive(Debug)]
struct Folded {
    folding: Folding,
    /// Of each group, the windows that have a value.
    there: Vec<i64>,
    /// Wider than the numbers, so that a sum that is too large on the way is exact in the end.
    values: Vec<i128>,
}

impl Folded {
    fn add(&mut self, group: usize, window: usize, value: i128) {
        let at = group * self.folding.windows + window;
        let there = self.there[group] >> window & 1 == 1;
        self.values[at] = if there { self.folding.fold.of(self.values[at], value) } else { value };
        self.there[group] |= 1 << window;
    }
}

impl Folded {
    /// Of the groups to emit, which are removed, a list: what each of these makes of the numbers.
    fn given(&mut self, emit: EmitTo, parts: &[fn(i128) -> i64]) -> Result<ArrayRef> {
        let groups = match emit {
            EmitTo::All => self.there.len(),
            EmitTo::First(groups) => groups,
        };
        let windows = self.folding.windows;
        let there: Vec<i64> = self.there.drain(..groups).collect();
        let values: Vec<i128> = self.values.drain(..groups * windows).collect();
        let of = |group: usize| values[group * windows..(group + 1) * windows].iter();
        let numbers: Vec<i64> = (0..groups)
            .flat_map(|group| parts.iter().flat_map(move |part| of(group).map(|value| part(*value))))
            .collect();
        let each = windows * parts.len();
        let known = BooleanBuffer::collect_bool(numbers.len(), |at| there[at / each] >> (at % windows) & 1 == 1);
        lists(each, Int64Array::new(numbers.into(), Some(NullBuffer::new(known))))
    }
}

impl Groups for Folded {
    fn resize(&mut self, groups: usize) {
        self.there.resize(groups, 0);
        self.values.resize(groups * self.folding.windows, 0);
    }

    fn update_batch(&mut self, arguments: &[ArrayRef], group_of: impl Fn(usize) -> usize) -> Option<()> {
        let [sets, values] = arguments else { return None };
        let (sets, values) = (sets.as_primitive_opt::<Int64Type>()?, Numbers::of(values)?);
        for row in (0..sets.len()).filter(|row| sets.is_valid(*row)) {
            let group = group_of(row);
            for window in each(sets.value(row)) {
                if let Some(value) = values.at(row, window) {
                    self.add(group, window, value.into());
                }
            }
        }
        Some(())
    }

    fn merge_batch(&mut self, state: &ArrayRef, group_of: impl Fn(usize) -> usize) -> Option<()> {
        let lists = Numbers::of(state)?;
        for row in 0..state.len() {
            let group = group_of(row);
            for window in 0..self.folding.windows {
                let half = |half: usize| lists.at(row, half * self.folding.windows + window);
                if let (Some(upper), Some(lower)) = (half(0), half(1)) {
                    self.add(group, window, i128::from(upper) << 64 | i128::from(lower.cast_unsigned()));
                }
            }
        }
        Some(())
    }

    fn evaluate(&mut self, emit: EmitTo) -> Result<ArrayRef> {
        self.given(emit, &[clamped])
    }

    fn state(&mut self, emit: EmitTo) -> Result<ArrayRef> {
        self.given(emit, &[|value| (value >> 64) as i64, |value| value as i64])
    }

    fn size(&self) -> usize {
        self.there.capacity() * size_of::<i64>() + self.values.capacity() * size_of::<i128>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    /// What each group has in each of two windows, after its rows came in two parts, one of them by
    /// way of what is handed on.
    fn folded(fold: Fold, values: &ArrayRef) -> Vec<[Option<i64>; 2]> {
        let sets: ArrayRef = Arc::new(Int64Array::from(vec![Some(0b11), Some(0b01), Some(0b10), Some(0b11), None]));
        let groups = [0, 0, 2, 0, 1];
        let of = Folding { fold, windows: 2 };
        let part = |from, rows| [sets.slice(from, rows), values.slice(from, rows)];
        let (mut all, mut some) = (of.new_groups(), of.new_groups());
        all.resize(3);
        all.update_batch(&part(0, 2), |row| groups[row]).unwrap();
        some.resize(3);
        some.update_batch(&part(2, 3), |row| groups[2 + row]).unwrap();
        all.merge_batch(&some.state(EmitTo::All).unwrap(), |group| group).unwrap();
        // The first group is given out before the others.
        let answers = [EmitTo::First(1), EmitTo::All].map(|emit| all.evaluate(emit).unwrap());
        let lists = |answer: &ArrayRef| {
            let (rows, numbers) = (answer.len(), Numbers::of(answer).unwrap());
            (0..rows).map(move |row| [0, 1].map(|window| numbers.at(row, window))).collect::<Vec<_>>()
        };
        answers.iter().flat_map(lists).collect()
    }

    #[test]
    fn each_window_has_what_its_rows_come_to() {
        let numbers: ArrayRef = Arc::new(Int64Array::from(vec![5, 3, 7, -1, 100]));
        assert_eq!(folded(Fold::Sum, &numbers), [[Some(7), Some(4)], [None, None], [None, Some(7)]]);
        assert_eq!(folded(Fold::Least, &numbers), [[Some(-1), Some(-1)], [None, None], [None, Some(7)]]);
        assert_eq!(folded(Fold::Greatest, &numbers), [[Some(5), Some(5)], [None, None], [None, Some(7)]]);
        let of_windows = vec![Some(5), None, Some(3), Some(30), Some(7), Some(70), None, Some(-1), Some(1), Some(1)];
        let listed = lists(2, of_windows.into()).unwrap();
        assert_eq!(folded(Fold::Sum, &listed), [[Some(8), Some(-1)], [None, None], [None, Some(70)]]);
        assert_eq!(folded(Fold::Least, &listed), [[Some(3), Some(-1)], [None, None], [None, Some(70)]]);
    }
}
