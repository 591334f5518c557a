//! Aggregates of sets of windows: a list of numbers for each group.
//!
//! `tally` has a number for each window: the rows in whose set the window is. Where the count is only compared with a small number,
//! `times` is enough: the counts of all windows as the digits of binary numbers, bit `n` of every digit belonging to window `n`, so that a set
//! is added to all of them in as many steps as there are digits. What does not fit stays at [`MOST_TIMES`].

use super::windows::MOST;
use datafusion::arrow::array::{Array, ArrayRef, AsArray, BooleanArray, FixedSizeListArray, Int64Array};
use datafusion::arrow::datatypes::{DataType, Field, FieldRef, Int64Type};
use datafusion::common::ScalarValue;
use datafusion::error::{DataFusionError, Result};
use datafusion::logical_expr::function::AccumulatorArgs;
use datafusion::logical_expr::{
    Accumulator, AggregateUDF, AggregateUDFImpl, EmitTo, Expr, GroupsAccumulator, Signature, Volatility,
};
use std::sync::Arc;

/// How many digits the counts of `times` have.
pub(super) const DIGITS: usize = 8;
/// The most that `times` counts to.
pub(super) const MOST_TIMES: i64 = (1 << DIGITS) - 1;

/// How many rows have each of so many windows in their set: a list with one number (Int64) for each window.
pub(super) fn tally(windows: usize) -> impl Fn(Expr) -> Expr {
    aggregate(List::Numbers(windows.min(MOST)))
}

/// How many rows have each window in their set, up to [`MOST_TIMES`]: a list of [`DIGITS`] sets (Int64), the ones first.
pub(super) fn times(set: Expr) -> Expr {
    aggregate(List::Digits)(set)
}

fn aggregate(list: List) -> impl Fn(Expr) -> Expr {
    let signature = Signature::exact(vec![DataType::Int64], Volatility::Immutable);
    let function = Arc::new(AggregateUDF::from(Tally { list, signature }));
    move |set| function.call(vec![set])
}

/// What a group's list is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum List {
    /// A number for each of so many windows.
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

    fn ty(self) -> DataType {
        DataType::FixedSizeList(item(), i32::try_from(self.len()).unwrap_or(i32::MAX))
    }

    /// Counts one more in each window of the set.
    fn count(self, list: &mut [i64], set: i64) {
        match self {
            Self::Numbers(_) => {
                let mut left = set;
                while left != 0 {
                    list[left.trailing_zeros() as usize] += 1;
                    left &= left - 1;
                }
            }
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

#[derive(Debug, PartialEq, Eq, Hash)]
struct Tally {
    list: List,
    signature: Signature,
}

impl AggregateUDFImpl for Tally {
    fn name(&self) -> &'static str {
        match self.list {
            List::Numbers(_) => "tally",
            List::Digits => "times",
        }
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(self.list.ty())
    }

    fn accumulator(&self, _: AccumulatorArgs<'_>) -> Result<Box<dyn Accumulator>> {
        Ok(Box::new(Tallies::new(self.list)))
    }

    fn groups_accumulator_supported(&self, _: AccumulatorArgs<'_>) -> bool {
        true
    }

    fn create_groups_accumulator(&self, _: AccumulatorArgs<'_>) -> Result<Box<dyn GroupsAccumulator>> {
        Ok(Box::new(Tallies::new(self.list)))
    }
}

fn item() -> FieldRef {
    Arc::new(Field::new_list_field(DataType::Int64, true))
}

/// The lists of the groups, one after another.
#[derive(Debug)]
struct Tallies {
    list: List,
    counts: Vec<i64>,
}

impl Tallies {
    fn new(list: List) -> Self {
        Self { list, counts: Vec::new() }
    }

    fn make_room(&mut self, groups: usize) {
        self.counts.resize(groups * self.list.len(), 0);
    }

    fn of_group(&mut self, group: usize) -> &mut [i64] {
        let len = self.list.len();
        &mut self.counts[group * len..][..len]
    }

    fn count_all(&mut self, sets: &[ArrayRef], group_of: impl Fn(usize) -> usize) -> Result<()> {
        let sets = first(sets)?.as_primitive_opt::<Int64Type>().ok_or_else(wrong)?;
        for row in (0..sets.len()).filter(|row| sets.is_valid(*row)) {
            self.list.count(self.of_group(group_of(row)), sets.value(row));
        }
        Ok(())
    }

    fn add_all(&mut self, states: &[ArrayRef], group_of: impl Fn(usize) -> usize) -> Result<()> {
        let states = first(states)?.as_fixed_size_list_opt().ok_or_else(wrong)?;
        for row in (0..states.len()).filter(|row| states.is_valid(*row)) {
            let theirs = states.value(row);
            let theirs = theirs.as_primitive_opt::<Int64Type>().ok_or_else(wrong)?.values();
            self.list.add(self.of_group(group_of(row)), theirs);
        }
        Ok(())
    }

    fn lists(&self, counts: Vec<i64>) -> Result<FixedSizeListArray> {
        let size = i32::try_from(self.list.len()).unwrap_or(i32::MAX);
        Ok(FixedSizeListArray::try_new(item(), size, Arc::new(Int64Array::from(counts)), None)?)
    }

    fn take(&mut self, emit: EmitTo) -> Result<ArrayRef> {
        let counts = match emit {
            EmitTo::All => std::mem::take(&mut self.counts),
            EmitTo::First(groups) => self.counts.drain(..groups * self.list.len()).collect(),
        };
        Ok(Arc::new(self.lists(counts)?))
    }
}

impl GroupsAccumulator for Tallies {
    fn update_batch(
        &mut self,
        values: &[ArrayRef],
        groups: &[usize],
        _: Option<&BooleanArray>,
        total: usize,
    ) -> Result<()> {
        self.make_room(total);
        self.count_all(values, |row| groups[row])
    }

    fn merge_batch(&mut self, values: &[ArrayRef], groups: &[usize], total: usize) -> Result<()> {
        self.make_room(total);
        self.add_all(values, |row| groups[row])
    }

    fn evaluate(&mut self, emit: EmitTo) -> Result<ArrayRef> {
        self.take(emit)
    }

    fn state(&mut self, emit: EmitTo) -> Result<Vec<ArrayRef>> {
        Ok(vec![self.take(emit)?])
    }

    fn convert_to_state(&self, values: &[ArrayRef], _: Option<&BooleanArray>) -> Result<Vec<ArrayRef>> {
        let mut rows = Self::new(self.list);
        rows.make_room(first(values)?.len());
        rows.count_all(values, |row| row)?;
        Ok(vec![rows.take(EmitTo::All)?])
    }

    fn size(&self) -> usize {
        size_of_val(self) + self.counts.capacity() * size_of::<i64>()
    }
}

/// Without groups there is one.
impl Accumulator for Tallies {
    fn update_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        self.make_room(1);
        self.count_all(values, |_| 0)
    }

    fn merge_batch(&mut self, states: &[ArrayRef]) -> Result<()> {
        self.make_room(1);
        self.add_all(states, |_| 0)
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        self.make_room(1);
        Ok(ScalarValue::FixedSizeList(Arc::new(self.lists(self.counts.clone())?)))
    }

    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        Ok(vec![Accumulator::evaluate(self)?])
    }

    fn size(&self) -> usize {
        GroupsAccumulator::size(self)
    }
}

fn first(arrays: &[ArrayRef]) -> Result<&ArrayRef> {
    arrays.first().ok_or_else(wrong)
}

fn wrong() -> DataFusionError {
    DataFusionError::Internal("`tally` and `times` take sets of windows".to_owned())
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
