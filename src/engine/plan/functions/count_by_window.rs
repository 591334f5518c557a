//! Aggregates of sets of windows: a list of numbers for each group.
//!
//! `tally` has a number for each window: the rows in whose set the window is. Where the count is
//! only compared with a small number, `times` is enough: the counts of all windows as the digits of
//! binary numbers, bit `n` of every digit belonging to window `n`, so that a set is added to all of
//! them in as many steps as there are digits. What does not fit stays at [`MOST_TIMES`].

use crate::plan::functions::aggregate::{Aggregate, Groups};
use crate::plan::functions::window_list::{list_of, lists};
use crate::plan::window_set::{MOST, each};
use datafusion::arrow::array::{Array, ArrayRef, AsArray, Int64Array};
use datafusion::arrow::datatypes::{DataType, Int64Type};
use datafusion::error::Result;
use datafusion::logical_expr::{EmitTo, Expr, Signature, Volatility};

/// How many digits the counts of `times` have.
pub(in crate::plan) const DIGITS: usize = 8;
/// The most that `times` counts to.
pub(in crate::plan) const MOST_TIMES: i64 = (1 << DIGITS) - 1;

/// How many rows have each window in their set: a list with one number (Int64) per window.
pub(in crate::plan) fn tally(windows: usize, set: Expr) -> Expr {
    List::Numbers(windows.min(MOST)).of(vec![set])
}

/// How many rows have each window in their set, up to [`MOST_TIMES`]: a list of [`DIGITS`] sets
/// (Int64), the ones first.
pub(in crate::plan) fn times(set: Expr) -> Expr {
    List::Digits.of(vec![set])
}

/// What a group's list is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(in crate::plan) enum List {
    /// One number per window; this is the number of windows.
    Numbers(usize),
    /// The digits of the numbers of all windows.
    Digits,
}

impl List {
    fn len(self) -> usize {
        match self {
            Self::Numbers(windows) => windows,
            Self::Digits => DIGITS,
        }
    }

    /// Counts one more in each window of the set.
    fn count(self, list: &mut [i64], set: i64) {
        match self {
            Self::Numbers(_) => each(set).for_each(|window| list[window] += 1),
            Self::Digits => {
                let mut carried = set;
                for digit in &mut *list {
                    (*digit, carried) = (*digit ^ carried, *digit & carried);
                }
                list.iter_mut().for_each(|digit| *digit |= carried);
            }
        }
    }

    /// Adds the counts of another list.
    fn add(self, list: &mut [i64], other: &[i64]) {
        match self {
            Self::Numbers(_) => list.iter_mut().zip(other).for_each(|(mine, theirs)| *mine += theirs),
            Self::Digits => {
                let mut carried = 0;
                for (mine, theirs) in list.iter_mut().zip(other) {
                    let one = *mine ^ theirs;
                    (*mine, carried) = (one ^ carried, (*mine & theirs) | (one & carried));
                }
                list.iter_mut().for_each(|digit| *digit |= carried);
            }
        }
    }
}

impl Aggregate for List {
    type Groups = Lists;

    fn name(&self) -> &'static str {
        match self {
            Self::Numbers(_) => "tally",
            Self::Digits => "times",
        }
    }

    fn signature(&self) -> Signature {
        Signature::exact(vec![DataType::Int64], Volatility::Immutable)
    }

    fn return_type(&self) -> DataType {
        list_of(self.len())
    }

    fn state_type(&self) -> DataType {
        self.return_type()
    }

    fn new_groups(&self) -> Lists {
        Lists { list: *self, counts: Vec::new() }
    }
}

/// The lists of the groups, one after another.
#[derive(Debug)]
pub(in crate::plan) struct Lists {
    list: List,
    counts: Vec<i64>,
}

impl Lists {
    fn of_group(&mut self, group: usize) -> &mut [i64] {
        let len = self.list.len();
        &mut self.counts[group * len..][..len]
    }
}

impl Groups for Lists {
    fn resize(&mut self, groups: usize) {
        self.counts.resize(groups * self.list.len(), 0);
    }

    fn update_batch(&mut self, arguments: &[ArrayRef], group_of: impl Fn(usize) -> usize) -> Option<()> {
        let sets = arguments.first()?.as_primitive_opt::<Int64Type>()?;
        let list = self.list;
        for row in (0..sets.len()).filter(|row| sets.is_valid(*row)) {
            list.count(self.of_group(group_of(row)), sets.value(row));
        }
        Some(())
    }

    fn merge_batch(&mut self, state: &ArrayRef, group_of: impl Fn(usize) -> usize) -> Option<()> {
        let (lists, list) = (state.as_fixed_size_list_opt()?, self.list);
        let numbers = lists.values().as_primitive_opt::<Int64Type>()?.values();
        for (row, theirs) in numbers.chunks_exact(list.len()).enumerate().filter(|(row, _)| lists.is_valid(*row)) {
            list.add(self.of_group(group_of(row)), theirs);
        }
        Some(())
    }

    fn evaluate(&mut self, emit: EmitTo) -> Result<ArrayRef> {
        let counts = match emit {
            EmitTo::All => std::mem::take(&mut self.counts),
            EmitTo::First(groups) => self.counts.drain(..groups * self.list.len()).collect(),
        };
        lists(self.list.len(), Int64Array::from(counts))
    }

    fn state(&mut self, emit: EmitTo) -> Result<ArrayRef> {
        self.evaluate(emit)
    }

    fn size(&self) -> usize {
        self.counts.capacity() * size_of::<i64>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The digits' counts, window by window.
    fn counts(digits: &[i64]) -> Vec<i64> {
        let bit = |digit: usize, window: usize| (digits[digit] >> window & 1) << digit;
        (0..MOST).map(|window| (0..DIGITS).map(|digit| bit(digit, window)).sum()).collect()
    }

    #[test]
    fn digits_count_what_numbers_count_up_to_the_most() {
        // Window n is in every row whose number n+1 divides: in 300 rows, in 150, in 100 ...
        let sets: Vec<i64> = (1..=300_usize)
            .map(|row| (0..MOST).filter(|n| row.is_multiple_of(n + 1)).fold(0, |set, n| set | 1_i64 << n))
            .collect();
        let (numbers, digits) = (List::Numbers(MOST), List::Digits);
        let of = |list: List, sets: &[i64]| {
            let mut counts = vec![0; list.len()];
            sets.iter().for_each(|set| list.count(&mut counts, *set));
            counts
        };
        let expected: Vec<i64> = of(numbers, &sets).into_iter().map(|n| n.min(MOST_TIMES)).collect();
        assert_eq!(expected[..3], [255, 150, 100]);
        assert_eq!(counts(&of(digits, &sets)), expected);
        // In two parts, wherever they are parted.
        for parted in [0, 1, 100, 299] {
            let mut added = of(digits, &sets[..parted]);
            digits.add(&mut added, &of(digits, &sets[parted..]));
            assert_eq!(counts(&added), expected);
        }
    }
}
