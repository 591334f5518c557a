//! Counts for each window: the aggregate `tally` of sets of windows gives the number of rows in whose set each window is.

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

/// How many rows have each of so many windows in their set: a list with one number (Int64) for each window.
pub(super) fn tally(windows: usize) -> impl Fn(Expr) -> Expr {
    let signature = Signature::exact(vec![DataType::Int64], Volatility::Immutable);
    let function = Arc::new(AggregateUDF::from(Tally { windows: windows.min(MOST), signature }));
    move |set| function.call(vec![set])
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Tally {
    windows: usize,
    signature: Signature,
}

impl AggregateUDFImpl for Tally {
    fn name(&self) -> &'static str {
        "tally"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::FixedSizeList(item(), i32::try_from(self.windows).unwrap_or(i32::MAX)))
    }

    fn accumulator(&self, _: AccumulatorArgs<'_>) -> Result<Box<dyn Accumulator>> {
        Ok(Box::new(Tallies::new(self.windows)))
    }

    fn groups_accumulator_supported(&self, _: AccumulatorArgs<'_>) -> bool {
        true
    }

    fn create_groups_accumulator(&self, _: AccumulatorArgs<'_>) -> Result<Box<dyn GroupsAccumulator>> {
        Ok(Box::new(Tallies::new(self.windows)))
    }
}

fn item() -> FieldRef {
    Arc::new(Field::new_list_field(DataType::Int64, true))
}

/// The counts of each group, one after another, in the order of the windows.
#[derive(Debug)]
struct Tallies {
    windows: usize,
    counts: Vec<i64>,
}

impl Tallies {
    fn new(windows: usize) -> Self {
        Self { windows, counts: Vec::new() }
    }

    fn make_room(&mut self, groups: usize) {
        self.counts.resize(groups * self.windows, 0);
    }

    fn count(&mut self, group: usize, set: i64) {
        let counts = &mut self.counts[group * self.windows..][..self.windows];
        let mut left = set;
        while left != 0 {
            counts[left.trailing_zeros() as usize] += 1;
            left &= left - 1;
        }
    }

    fn count_all(&mut self, sets: &[ArrayRef], group_of: impl Fn(usize) -> usize) -> Result<()> {
        let sets = first(sets)?.as_primitive_opt::<Int64Type>().ok_or_else(wrong)?;
        for row in (0..sets.len()).filter(|row| sets.is_valid(*row)) {
            self.count(group_of(row), sets.value(row));
        }
        Ok(())
    }

    fn add_all(&mut self, states: &[ArrayRef], group_of: impl Fn(usize) -> usize) -> Result<()> {
        let states = first(states)?.as_fixed_size_list_opt().ok_or_else(wrong)?;
        for row in (0..states.len()).filter(|row| states.is_valid(*row)) {
            let theirs = states.value(row);
            let theirs = theirs.as_primitive_opt::<Int64Type>().ok_or_else(wrong)?.values();
            let mine = &mut self.counts[group_of(row) * self.windows..][..self.windows];
            mine.iter_mut().zip(theirs).for_each(|(mine, theirs)| *mine += theirs);
        }
        Ok(())
    }

    fn list(&self, counts: Vec<i64>) -> Result<FixedSizeListArray> {
        let size = i32::try_from(self.windows).unwrap_or(i32::MAX);
        Ok(FixedSizeListArray::try_new(item(), size, Arc::new(Int64Array::from(counts)), None)?)
    }

    fn take(&mut self, emit: EmitTo) -> Result<ArrayRef> {
        let counts = match emit {
            EmitTo::All => std::mem::take(&mut self.counts),
            EmitTo::First(groups) => self.counts.drain(..groups * self.windows).collect(),
        };
        Ok(Arc::new(self.list(counts)?))
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
        let mut rows = Self::new(self.windows);
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
        Ok(ScalarValue::FixedSizeList(Arc::new(self.list(self.counts.clone())?)))
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
    DataFusionError::Internal("`tally` takes sets of windows".to_owned())
}
