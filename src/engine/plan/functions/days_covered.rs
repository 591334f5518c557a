//! Days of stays, each day once: the aggregate `days_covered` gives how many days the stays of a
//! group cover together, and `days_covered_in` the same in each window. Days are numbers here.

use crate::plan::functions::aggregate::{Aggregate, Groups};
use crate::plan::functions::window_list::{Numbers, item, list_of, lists};
use crate::plan::window_set::each;
use datafusion::arrow::array::{Array, ArrayRef, AsArray, FixedSizeListArray, Int64Array, ListArray};
use datafusion::arrow::buffer::OffsetBuffer;
use datafusion::arrow::datatypes::{DataType, Field, FieldRef, Int64Type};
use datafusion::error::Result;
use datafusion::logical_expr::{EmitTo, Expr, Signature, Volatility};
use std::sync::Arc;

/// How many days (Int64) lie in at least one of the stays, each from its first day up to, and
/// without, its end. A stay that lacks one of the two, or ends before it begins, covers none.
pub(in crate::plan) fn days_covered(first: Expr, end: Expr) -> Expr {
    DaysCovered { windows: None }.of(vec![first, end])
}

/// The same per window, of the stays that have the window in their set: a list.
pub(in crate::plan) fn days_covered_in(windows: usize, set: Expr, first: Expr, end: Expr) -> Expr {
    DaysCovered { windows: Some(windows) }.of(vec![set, first, end])
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct DaysCovered {
    windows: Option<usize>,
}

impl Aggregate for DaysCovered {
    type Groups = StayGroups;

    fn name(&self) -> &'static str {
        if self.windows.is_some() { "days_covered_in" } else { "days_covered" }
    }

    fn signature(&self) -> Signature {
        Signature::any(if self.windows.is_some() { 3 } else { 2 }, Volatility::Immutable)
    }

    fn return_type(&self) -> DataType {
        self.windows.map_or(DataType::Int64, list_of)
    }

    fn state_type(&self) -> DataType {
        let stays = DataType::List(item());
        match self.windows {
            None => stays,
            Some(windows) => DataType::FixedSizeList(in_window(), i32::try_from(windows).unwrap_or(i32::MAX)),
        }
    }

    fn new_groups(&self) -> StayGroups {
        StayGroups { windows: self.windows, groups: 0, stays: Vec::new() }
    }
}

/// The first day in the upper half, the end in the lower: packed stays are in the order of their
/// first days.
fn packed(first: i64, end: i64) -> i64 {
    first << 32 | i64::from(end as u32)
}

fn unpacked(stay: i64) -> (i32, i32) {
    ((stay >> 32) as i32, stay as i32)
}

fn in_window() -> FieldRef {
    Arc::new(Field::new_list_field(DataType::List(item()), true))
}

/// The stays of all groups, in no order. A group and a window of it are counted as one place.
#[derive(Debug)]
struct StayGroups {
    windows: Option<usize>,
    groups: usize,
    /// Number of the place, and packed stay.
    stays: Vec<(u64, i64)>,
}

impl StayGroups {
    fn places(&self) -> usize {
        self.windows.unwrap_or(1)
    }

    fn add(&mut self, group: usize, window: usize, first: Option<i64>, end: Option<i64>) {
        if let (Some(first), Some(end)) = (first, end)
            && first < end
        {
            self.stays.push(((group * self.places() + window) as u64, packed(first, end)));
        }
    }

    /// The stays of the groups asked for, in order of places and first days, and how many groups
    /// those are; the others move up.
    fn emit(&mut self, emit: EmitTo) -> (Vec<(u64, i64)>, usize) {
        let groups = match emit {
            EmitTo::All => self.groups,
            EmitTo::First(groups) => groups,
        };
        let first_left = (groups * self.places()) as u64;
        let (mut stays, mut rest) = (std::mem::take(&mut self.stays), Vec::new());
        if groups < self.groups {
            rest = stays.extract_if(.., |(place, _)| *place >= first_left).collect();
            rest.iter_mut().for_each(|(place, _)| *place -= first_left);
        }
        (self.stays, self.groups) = (rest, self.groups - groups);
        stays.sort_unstable();
        (stays, groups)
    }
}

impl Groups for StayGroups {
    fn resize(&mut self, groups: usize) {
        self.groups = groups;
    }

    fn update_batch(&mut self, arguments: &[ArrayRef], group_of: impl Fn(usize) -> usize) -> Option<()> {
        match arguments {
            [first, end] => {
                let (first, end) = (Numbers::of(first)?, Numbers::of(end)?);
                for row in 0..arguments.first()?.len() {
                    self.add(group_of(row), 0, first.at(row, 0), end.at(row, 0));
                }
            }
            [sets, first, end] => {
                let sets = sets.as_primitive_opt::<Int64Type>()?;
                let (first, end) = (Numbers::of(first)?, Numbers::of(end)?);
                for row in (0..sets.len()).filter(|row| sets.is_valid(*row)) {
                    let group = group_of(row);
                    for window in each(sets.value(row)) {
                        self.add(group, window, first.at(row, window), end.at(row, window));
                    }
                }
            }
            _ => return None,
        }
        Some(())
    }

    fn merge_batch(&mut self, state: &ArrayRef, group_of: impl Fn(usize) -> usize) -> Option<()> {
        let places = self.places();
        let lists = match self.windows {
            None => state.as_list_opt::<i32>()?,
            Some(_) => state.as_fixed_size_list_opt()?.values().as_list_opt()?,
        };
        let stays = lists.values().as_primitive_opt::<Int64Type>()?.values();
        for (n, ends) in lists.value_offsets().windows(2).enumerate() {
            if let [from, to] = *ends {
                let place = (group_of(n / places) * places + n % places) as u64;
                self.stays.extend(stays[from as usize..to as usize].iter().map(|stay| (place, *stay)));
            }
        }
        Some(())
    }

    fn evaluate(&mut self, emit: EmitTo) -> Result<ArrayRef> {
        let (stays, groups) = self.emit(emit);
        let mut days = vec![0; groups * self.places()];
        let mut covered = (u64::MAX, 0);
        for (place, stay) in stays {
            let (first, end) = unpacked(stay);
            let until = if covered.0 == place { covered.1 } else { first };
            days[place as usize] += i64::from(end.max(until)) - i64::from(first.max(until));
            covered = (place, end.max(until));
        }
        let days = Int64Array::from(days);
        match self.windows {
            None => Ok(Arc::new(days)),
            Some(windows) => lists(windows, days),
        }
    }

    fn state(&mut self, emit: EmitTo) -> Result<ArrayRef> {
        let (stays, groups) = self.emit(emit);
        let mut lengths = vec![0; groups * self.places()];
        stays.iter().for_each(|(place, _)| lengths[*place as usize] += 1);
        let stays: Int64Array = stays.into_iter().map(|(_, stay)| stay).collect();
        let lists = ListArray::try_new(item(), OffsetBuffer::from_lengths(lengths), Arc::new(stays), None)?;
        Ok(match self.windows.map(i32::try_from) {
            Some(Ok(windows)) => Arc::new(FixedSizeListArray::try_new(in_window(), windows, Arc::new(lists), None)?),
            _ => Arc::new(lists),
        })
    }

    fn size(&self) -> usize {
        self.stays.capacity() * size_of::<(u64, i64)>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of every group, after its rows came in two parts, one of them by way of what is handed on.
    fn days(of: &DaysCovered, groups: &[usize], columns: &[Int64Array]) -> Vec<i64> {
        let total = groups.iter().max().map_or(0, |group| group + 1);
        let half = groups.len() / 2;
        let part = |from: usize, rows: usize| -> Vec<ArrayRef> {
            columns.iter().map(|c| Arc::new(c.slice(from, rows)) as ArrayRef).collect()
        };
        let (mut all, mut some) = (of.new_groups(), of.new_groups());
        all.resize(total);
        all.update_batch(&part(0, half), |row| groups[row]).unwrap();
        some.resize(total);
        some.update_batch(&part(half, groups.len() - half), |row| groups[half + row]).unwrap();
        let state = some.state(EmitTo::All).unwrap();
        assert_eq!(*state.data_type(), of.state_type());
        all.merge_batch(&state, |group| group).unwrap();
        // The first group is given out before the others.
        [EmitTo::First(1), EmitTo::All].into_iter().flat_map(|emit| numbers(&all.evaluate(emit).unwrap())).collect()
    }

    fn numbers(answer: &ArrayRef) -> Vec<i64> {
        let numbers = answer.as_fixed_size_list_opt().map_or(answer, |lists| lists.values());
        numbers.as_primitive::<Int64Type>().values().to_vec()
    }

    #[test]
    fn each_day_counts_once() {
        let stay = |first, end| (Some(first), Some(end));
        let stays: [(Option<i64>, Option<i64>); 10] = [
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
        let (first, end): (Vec<_>, Vec<_>) = stays.iter().copied().unzip();
        let (first, end) = (Int64Array::from(first), Int64Array::from(end));
        let groups = [0, 1, 0, 0, 0, 1, 0, 0, 1, 2];
        assert_eq!(days(&DaysCovered { windows: None }, &groups, &[first.clone(), end.clone()]), [12, 10, 1]);
        let alone = (0..10).map(|n| {
            let column = |of: &Int64Array| of.slice(n, 1);
            days(&DaysCovered { windows: None }, &[0], &[column(&first), column(&end)])[0]
        });
        assert_eq!(alone.collect::<Vec<_>>(), [10, 8, 0, 0, 0, 2, 0, 7, 1, 1]);
        // The first stay is of the first window alone, the second of the second, all others of
        // both.
        let mut sets = vec![0b11; 10];
        (sets[0], sets[1]) = (0b01, 0b10);
        let columns = [Int64Array::from(sets), first, end];
        assert_eq!(days(&DaysCovered { windows: Some(2) }, &groups, &columns), [12, 7, 2, 10, 1, 1]);
    }
}
