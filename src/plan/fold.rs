//! Sums, the least and the greatest in each window, as the aggregates `sum_in`, `least_in` and `greatest_in`: of the rows in whose set a
//! window is. Their values are numbers, or lists where they depend on the window.

use super::aggregate::{Aggregate, Groups};
use super::lists::{Numbers, list_of, lists};
use datafusion::arrow::array::{Array, ArrayRef, AsArray, Int64Array};
use datafusion::arrow::buffer::{BooleanBuffer, NullBuffer};
use datafusion::arrow::datatypes::{DataType, Int64Type};
use datafusion::error::Result;
use datafusion::logical_expr::{EmitTo, Expr, Signature, Volatility};

/// What is made of the values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Fold {
    Sum,
    Least,
    Greatest,
}

impl Fold {
    /// In each of so many windows, of the rows in whose set it is and whose value is known there: a list, in which a window without such
    /// a row has nothing.
    pub(super) fn in_each(self, windows: usize, set: Expr, value: Expr) -> Expr {
        Folding { fold: self, windows }.of(vec![set, value])
    }

    fn of(self, one: i64, other: i64) -> i64 {
        match self {
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

    fn takes(&self) -> Signature {
        Signature::any(2, Volatility::Immutable)
    }

    fn returns(&self) -> DataType {
        list_of(self.windows)
    }

    fn hands_on(&self) -> DataType {
        self.returns()
    }

    fn none(&self) -> Folded {
        Folded { folding: *self, there: Vec::new(), values: Vec::new() }
    }
}

/// The lists of the groups, one after another.
#[derive(Debug)]
struct Folded {
    folding: Folding,
    /// Of each group, the windows that have a value.
    there: Vec<i64>,
    values: Vec<i64>,
}

impl Folded {
    fn add(&mut self, group: usize, window: usize, value: i64) {
        let at = group * self.folding.windows + window;
        let there = self.there[group] >> window & 1 == 1;
        self.values[at] = if there { self.folding.fold.of(self.values[at], value) } else { value };
        self.there[group] |= 1 << window;
    }
}

impl Groups for Folded {
    fn make_room(&mut self, groups: usize) {
        self.there.resize(groups, 0);
        self.values.resize(groups * self.folding.windows, 0);
    }

    fn take_in(&mut self, arguments: &[ArrayRef], group_of: impl Fn(usize) -> usize) -> Option<()> {
        let [sets, values] = arguments else { return None };
        let (sets, values) = (sets.as_primitive_opt::<Int64Type>()?, Numbers::of(values)?);
        for row in (0..sets.len()).filter(|row| sets.is_valid(*row)) {
            let (group, mut left) = (group_of(row), sets.value(row));
            while left != 0 {
                let window = left.trailing_zeros() as usize;
                if let Some(value) = values.at(row, window) {
                    self.add(group, window, value);
                }
                left &= left - 1;
            }
        }
        Some(())
    }

    fn take_over(&mut self, handed_on: &ArrayRef, group_of: impl Fn(usize) -> usize) -> Option<()> {
        let lists = Numbers::of(handed_on)?;
        for row in 0..handed_on.len() {
            let group = group_of(row);
            for window in 0..self.folding.windows {
                if let Some(value) = lists.at(row, window) {
                    self.add(group, window, value);
                }
            }
        }
        Some(())
    }

    fn answer(&mut self, emit: EmitTo) -> Result<ArrayRef> {
        let groups = match emit {
            EmitTo::All => self.there.len(),
            EmitTo::First(groups) => groups,
        };
        let windows = self.folding.windows;
        let there: Vec<i64> = self.there.drain(..groups).collect();
        let values: Vec<i64> = self.values.drain(..groups * windows).collect();
        let known = BooleanBuffer::collect_bool(values.len(), |at| there[at / windows] >> (at % windows) & 1 == 1);
        lists(windows, Int64Array::new(values.into(), Some(NullBuffer::new(known))))
    }

    fn hand_on(&mut self, emit: EmitTo) -> Result<ArrayRef> {
        self.answer(emit)
    }

    fn bytes(&self) -> usize {
        (self.there.capacity() + self.values.capacity()) * size_of::<i64>()
    }
}
