//! `groups_in(windows, windows of group 0, windows of group 1, ...)`: the groups in which a row is,
//! each with the windows in which it is.

use crate::plan::functions::scalar::Function;
use datafusion::arrow::array::{Array, ArrayRef, AsArray, Int32Array, Int64Array, ListArray, StructArray};
use datafusion::arrow::buffer::OffsetBuffer;
use datafusion::arrow::datatypes::{DataType, Field, FieldRef, Fields, Int64Type};
use datafusion::error::Result;
use datafusion::logical_expr::{ColumnarValue, Expr};
use std::sync::Arc;

/// A group of a row.
pub(in crate::plan) const GROUP: &str = "group";
/// The set of the windows in which the row is in it.
pub(in crate::plan) const IN: &str = "in";

fn group_and_set() -> Fields {
    Fields::from(vec![Field::new(GROUP, DataType::Int32, false), Field::new(IN, DataType::Int64, false)])
}

fn item() -> FieldRef {
    Arc::new(Field::new_list_field(DataType::Struct(group_and_set()), true))
}

/// For each row the groups in which it is, as a list of structures with the number of the group and
/// the set of windows. A window of the row that is in no set is of the group after the last.
pub(in crate::plan) fn groups_in(windows: Expr, sets: Vec<Expr>) -> Expr {
    let arguments: Vec<Expr> = std::iter::once(windows).chain(sets).collect();
    Function::any("groups_in", arguments.len(), DataType::List(item()), listed).of_missing().shared().call(arguments)
}

fn listed(args: &[ColumnarValue], rows: usize) -> Result<Option<ArrayRef>> {
    let [windows, sets @ ..] = args else { return Ok(None) };
    let windows = windows.to_array(rows)?;
    let sets = sets.iter().map(|set| set.to_array(rows)).collect::<Result<Vec<_>>>()?;
    let numbers = sets.iter().map(|set| set.as_primitive_opt::<Int64Type>()).collect::<Option<Vec<_>>>();
    let Some((windows, sets)) = windows.as_primitive_opt::<Int64Type>().zip(numbers) else { return Ok(None) };
    let (mut lengths, mut groups, mut held) = (Vec::with_capacity(rows), Vec::new(), Vec::new());
    let at = |set: &Int64Array, row: usize| if set.is_valid(row) { set.value(row) } else { 0 };
    for row in 0..rows {
        let first = groups.len();
        let mut left = at(windows, row);
        for (group, set) in (0_i32..).zip(&sets) {
            let here = left & at(set, row);
            if here != 0 {
                groups.push(group);
                held.push(here);
                left &= !here;
            }
        }
        if left != 0 {
            groups.push(i32::try_from(sets.len()).unwrap_or(i32::MAX));
            held.push(left);
        }
        lengths.push(groups.len() - first);
    }
    let columns: Vec<ArrayRef> = vec![Arc::new(Int32Array::from(groups)), Arc::new(Int64Array::from(held))];
    let both = StructArray::try_new(group_and_set(), columns, None)?;
    Ok(Some(Arc::new(ListArray::try_new(item(), OffsetBuffer::from_lengths(lengths), Arc::new(both), None)?)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use datafusion::arrow::datatypes::Int32Type;

    #[test]
    fn every_window_of_a_row_is_in_one_group() {
        let sets = |of: [Option<i64>; 3]| ColumnarValue::Array(Arc::new(Int64Array::from(of.to_vec())));
        let windows = sets([Some(0b111), Some(0b110), Some(0)]);
        let args = [windows, sets([Some(0b001), Some(0b001), Some(0b111)]), sets([Some(0b010), None, Some(0)])];
        let lists = listed(&args, 3).unwrap().unwrap();
        let lists = lists.as_list::<i32>();
        let of_row = |row: usize| -> Vec<(i32, i64)> {
            let both = lists.value(row);
            let (groups, held) = (both.as_struct().column(0).clone(), both.as_struct().column(1).clone());
            let groups = groups.as_primitive::<Int32Type>().values().to_vec();
            groups.into_iter().zip(held.as_primitive::<Int64Type>().values().to_vec()).collect()
        };
        assert_eq!(of_row(0), [(0, 0b001), (1, 0b010), (2, 0b100)]);
        assert_eq!(of_row(1), [(2, 0b110)]);
        assert_eq!(of_row(2), []);
    }
}
