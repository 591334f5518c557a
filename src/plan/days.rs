//! Days of stays, each day once: the aggregate `days_covered` gives how many days the stays of a group cover together.

use datafusion::arrow::array::{Array, ArrayRef, AsArray, BooleanArray, Int64Array, ListArray};
use datafusion::arrow::buffer::OffsetBuffer;
use datafusion::arrow::datatypes::{DataType, Date32Type, Field, FieldRef, Int64Type};
use datafusion::common::ScalarValue;
use datafusion::error::{DataFusionError, Result};
use datafusion::logical_expr::function::{AccumulatorArgs, StateFieldsArgs};
use datafusion::logical_expr::{
    Accumulator, AggregateUDF, AggregateUDFImpl, EmitTo, Expr, GroupsAccumulator, Signature, Volatility,
};
use std::sync::{Arc, LazyLock};

static DAYS_COVERED: LazyLock<Arc<AggregateUDF>> = LazyLock::new(|| {
    let signature = Signature::exact(vec![DataType::Date32, DataType::Date32], Volatility::Immutable);
    Arc::new(AggregateUDF::from(DaysCovered { signature }))
});

/// How many days (Int64) lie in at least one of the stays, each from its first day up to, and without, its end. A stay that lacks one of
/// the two, or ends before it begins, covers none.
pub(super) fn days_covered(first: Expr, end: Expr) -> Expr {
    DAYS_COVERED.call(vec![first, end])
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct DaysCovered {
    signature: Signature,
}

impl AggregateUDFImpl for DaysCovered {
    fn name(&self) -> &'static str {
        "days_covered"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::Int64)
    }

    fn state_fields(&self, args: StateFieldsArgs<'_>) -> Result<Vec<FieldRef>> {
        Ok(vec![Arc::new(Field::new_list(format!("{}[stays]", args.name), item(), true))])
    }

    fn accumulator(&self, _: AccumulatorArgs<'_>) -> Result<Box<dyn Accumulator>> {
        Ok(Box::<Stays>::default())
    }

    fn groups_accumulator_supported(&self, _: AccumulatorArgs<'_>) -> bool {
        true
    }

    fn create_groups_accumulator(&self, _: AccumulatorArgs<'_>) -> Result<Box<dyn GroupsAccumulator>> {
        Ok(Box::<Stays>::default())
    }
}

/// The first day in the upper half, the end in the lower: packed stays are in the order of their first days.
fn packed(first: i32, end: i32) -> i64 {
    i64::from(first) << 32 | i64::from(end as u32)
}

fn unpacked(stay: i64) -> (i32, i32) {
    ((stay >> 32) as i32, stay as i32)
}

fn item() -> FieldRef {
    Arc::new(Field::new_list_field(DataType::Int64, true))
}

/// The stays of all groups, in no order.
#[derive(Debug, Default)]
struct Stays {
    groups: usize,
    /// Number of the group, and packed stay.
    stays: Vec<(u32, i64)>,
}

impl Stays {
    fn take_in(&mut self, values: &[ArrayRef], group_of: impl Fn(usize) -> usize) -> Result<()> {
        let [first, end] = values else { return Err(wrong()) };
        let day = |of: &ArrayRef| of.as_primitive_opt::<Date32Type>().cloned().ok_or_else(wrong);
        let (first, end) = (day(first)?, day(end)?);
        for (row, (first, end)) in first.iter().zip(end.iter()).enumerate() {
            if let (Some(first), Some(end)) = (first, end)
                && first < end
            {
                self.stays.push((group_of(row) as u32, packed(first, end)));
            }
        }
        Ok(())
    }

    fn take_in_states(&mut self, states: &[ArrayRef], group_of: impl Fn(usize) -> usize) -> Result<()> {
        let lists = states.first().and_then(|s| s.as_list_opt::<i32>()).ok_or_else(wrong)?;
        let stays = lists.values().as_primitive_opt::<Int64Type>().ok_or_else(wrong)?.values();
        for (row, ends) in lists.value_offsets().windows(2).enumerate() {
            if let [from, to] = *ends {
                let group = group_of(row) as u32;
                self.stays.extend(stays[from as usize..to as usize].iter().map(|stay| (group, *stay)));
            }
        }
        Ok(())
    }

    /// The stays of the groups asked for, in order of groups and first days, and how many groups those are; the others move up.
    fn emit(&mut self, emit: EmitTo) -> (Vec<(u32, i64)>, usize) {
        let groups = match emit {
            EmitTo::All => self.groups,
            EmitTo::First(groups) => groups,
        };
        let (mut stays, mut rest) = (std::mem::take(&mut self.stays), Vec::new());
        if groups < self.groups {
            rest = stays.extract_if(.., |(group, _)| *group as usize >= groups).collect();
            rest.iter_mut().for_each(|(group, _)| *group -= groups as u32);
        }
        (self.stays, self.groups) = (rest, self.groups - groups);
        stays.sort_unstable();
        (stays, groups)
    }

    fn days(&mut self, emit: EmitTo) -> Int64Array {
        let (stays, groups) = self.emit(emit);
        let mut days = vec![0; groups];
        let mut covered = (u32::MAX, 0);
        for (group, stay) in stays {
            let (first, end) = unpacked(stay);
            let until = if covered.0 == group { covered.1 } else { first };
            days[group as usize] += i64::from(end.max(until)) - i64::from(first.max(until));
            covered = (group, end.max(until));
        }
        Int64Array::from(days)
    }

    fn lists(&mut self, emit: EmitTo) -> Result<ArrayRef> {
        let (stays, groups) = self.emit(emit);
        let mut lengths = vec![0; groups];
        stays.iter().for_each(|(group, _)| lengths[*group as usize] += 1);
        let stays: Int64Array = stays.into_iter().map(|(_, stay)| stay).collect();
        Ok(Arc::new(ListArray::try_new(item(), OffsetBuffer::from_lengths(lengths), Arc::new(stays), None)?))
    }
}

impl GroupsAccumulator for Stays {
    fn update_batch(
        &mut self,
        values: &[ArrayRef],
        groups: &[usize],
        _: Option<&BooleanArray>,
        total: usize,
    ) -> Result<()> {
        self.groups = total;
        self.take_in(values, |row| groups[row])
    }

    fn merge_batch(&mut self, values: &[ArrayRef], groups: &[usize], total: usize) -> Result<()> {
        self.groups = total;
        self.take_in_states(values, |row| groups[row])
    }

    fn evaluate(&mut self, emit: EmitTo) -> Result<ArrayRef> {
        Ok(Arc::new(self.days(emit)))
    }

    fn state(&mut self, emit: EmitTo) -> Result<Vec<ArrayRef>> {
        Ok(vec![self.lists(emit)?])
    }

    fn convert_to_state(&self, values: &[ArrayRef], _: Option<&BooleanArray>) -> Result<Vec<ArrayRef>> {
        let mut rows = Self { groups: values.first().map_or(0, |v| v.len()), stays: Vec::new() };
        rows.take_in(values, |row| row)?;
        Ok(vec![rows.lists(EmitTo::All)?])
    }

    fn size(&self) -> usize {
        size_of_val(self) + self.stays.capacity() * size_of::<(u32, i64)>()
    }
}

/// Without groups there is one.
impl Accumulator for Stays {
    fn update_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        self.groups = 1;
        self.take_in(values, |_| 0)
    }

    fn merge_batch(&mut self, states: &[ArrayRef]) -> Result<()> {
        self.groups = 1;
        self.take_in_states(states, |_| 0)
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        self.groups = 1;
        ScalarValue::try_from_array(&self.days(EmitTo::All), 0)
    }

    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        self.groups = 1;
        Ok(vec![ScalarValue::try_from_array(&self.lists(EmitTo::All)?, 0)?])
    }

    fn size(&self) -> usize {
        GroupsAccumulator::size(self)
    }
}

fn wrong() -> DataFusionError {
    DataFusionError::Internal("`days_covered` takes first days and ends".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use datafusion::arrow::array::Date32Array;

    fn columns(stays: &[(Option<i32>, Option<i32>)]) -> Vec<ArrayRef> {
        let (first, end): (Vec<_>, Vec<_>) = stays.iter().copied().unzip();
        vec![Arc::new(Date32Array::from(first)), Arc::new(Date32Array::from(end))]
    }

    /// Of every group, after its rows came in two parts, one of them by way of states.
    fn days(groups: &[usize], stays: &[(Option<i32>, Option<i32>)]) -> Vec<i64> {
        let total = groups.iter().max().map_or(0, |group| group + 1);
        let (before, after) = stays.split_at(stays.len() / 2);
        let (groups_before, groups_after) = groups.split_at(stays.len() / 2);
        let (mut all, mut part) = (Stays::default(), Stays::default());
        GroupsAccumulator::update_batch(&mut all, &columns(before), groups_before, None, total).unwrap();
        GroupsAccumulator::update_batch(&mut part, &columns(after), groups_after, None, total).unwrap();
        let states = GroupsAccumulator::state(&mut part, EmitTo::All).unwrap();
        let each: Vec<usize> = (0..total).collect();
        GroupsAccumulator::merge_batch(&mut all, &states, &each, total).unwrap();
        // The first group is given out before the others.
        let mut days = all.days(EmitTo::First(1)).values().to_vec();
        days.extend(all.days(EmitTo::All).values());
        days
    }

    #[test]
    fn each_day_counts_once() {
        let stay = |first, end| (Some(first), Some(end));
        let stays = [
            stay(0, 10),
            stay(-5, 3),
            stay(7, 7),
            stay(9, 2),
            (None, Some(5)),
            stay(20, 22),
            (Some(5), None),
            stay(5, 12),
            stay(21, 22),
            stay(1, 2),
        ];
        assert_eq!(days(&[0, 1, 0, 0, 0, 1, 0, 0, 1, 2], &stays), [12, 10, 1]);
        let alone = stays.map(|stay| days(&[0], &[stay])[0]);
        assert_eq!(alone, [10, 8, 0, 0, 0, 2, 0, 7, 1, 1]);
    }
}
