//! Values in each window: a list with a number for every window, missing where it is not known.
//! Days and times are numbers as well.
//!
//! A value that depends on the window and is not a condition cannot be a set of windows. It is a
//! list with one element per window, so the row need not be duplicated.

use crate::plan::functions::scalar::{Function, Implementation};
use datafusion::arrow::array::{Array, ArrayRef, AsArray, FixedSizeListArray, Int64Array};
use datafusion::arrow::buffer::NullBuffer;
use datafusion::arrow::datatypes::{DataType, Field, FieldRef, Int64Type, TimeUnit};
use datafusion::error::Result;
use datafusion::logical_expr::{ColumnarValue, Expr, ScalarUDF, cast, lit};
use datafusion::scalar::ScalarValue;
use std::sync::{Arc, LazyLock};
use yardstick_language::ir::Ty;
use yardstick_language::ir::expr::within;

/// The element type of the lists.
pub(in crate::plan) fn item() -> FieldRef {
    Arc::new(Field::new_list_field(DataType::Int64, true))
}

/// The type of lists with this number of elements.
pub(in crate::plan) fn list_of(numbers: usize) -> DataType {
    DataType::FixedSizeList(item(), i32::try_from(numbers).unwrap_or(i32::MAX))
}

/// The numbers, in lists of `of` elements each.
pub(in crate::plan) fn lists(of: usize, numbers: Int64Array) -> Result<ArrayRef> {
    let of = i32::try_from(of).unwrap_or(i32::MAX);
    Ok(Arc::new(FixedSizeListArray::try_new(item(), of, Arc::new(numbers), None)?))
}

/// A value as a number.
pub(in crate::plan) fn number(value: Expr, ty: Ty) -> Expr {
    match ty {
        Ty::Date => cast(cast(value, DataType::Int32), DataType::Int64),
        _ => cast(value, DataType::Int64),
    }
}

/// The value of type `ty` that [`number`] made a number of.
fn of_number(number: Expr, ty: Ty) -> Expr {
    match ty {
        Ty::Date => cast(cast(number, DataType::Int32), DataType::Date32),
        Ty::Timestamp => cast(number, DataType::Timestamp(TimeUnit::Second, None)),
        _ => number,
    }
}

/// A list with the same number in every window.
pub(in crate::plan) fn repeated(number: Expr, windows: usize) -> Expr {
    in_each_of(vec![number], windows)
}

pub(in crate::plan) fn in_each_of(numbers: Vec<Expr>, windows: usize) -> Expr {
    let arguments = std::iter::once(lit(windows as i64)).chain(numbers).collect();
    listing("in_each", windows, listed, arguments)
}

/// The value that a list has in one window.
pub(in crate::plan) fn in_window(list: Expr, window: usize, ty: Ty) -> Expr {
    of_number(IN_WINDOW.call(vec![list, lit(window as i64)]), ty)
}

/// A list with 1 in the windows of the set `yes`, 0 in those of `no`, and null in the others.
pub(in crate::plan) fn ones(yes: Expr, no: Expr, windows: usize) -> Expr {
    listing("ones", windows, ones_of_sets, vec![yes, no, lit(windows as i64)])
}

/// The list with null in the windows of the set `unknown`. In the other windows, `missing` replaces
/// null; a missing list counts as nulls. A sum that is too large (see `arithmetic`) is null.
pub(in crate::plan) fn known(list: Expr, unknown: Expr, missing: Option<i64>, windows: usize) -> Expr {
    let missing = Expr::Literal(ScalarValue::Int64(missing), None);
    listing("known", windows, known_of_list, vec![list, unknown, missing, lit(windows as i64)])
}

/// The windows in which a list has a number.
pub(in crate::plan) fn known_in(list: Expr) -> Expr {
    KNOWN_IN.call(vec![list])
}

/// The windows in which a list has a number above zero.
pub(in crate::plan) fn above_zero(list: Expr) -> Expr {
    ABOVE_ZERO.call(vec![list])
}

/// The windows in which a list has a number below zero.
pub(in crate::plan) fn below_zero(list: Expr) -> Expr {
    BELOW_ZERO.call(vec![list])
}

static IN_WINDOW: LazyLock<Arc<ScalarUDF>> = LazyLock::new(|| of_list("in_window", 2, element));
static KNOWN_IN: LazyLock<Arc<ScalarUDF>> =
    LazyLock::new(|| of_list("known_in", 1, |args, rows| sets(args, rows, |n| n.is_some())));
static ABOVE_ZERO: LazyLock<Arc<ScalarUDF>> =
    LazyLock::new(|| of_list("above_zero", 1, |args, rows| sets(args, rows, |n| n.is_some_and(|n| n > 0))));

static BELOW_ZERO: LazyLock<Arc<ScalarUDF>> =
    LazyLock::new(|| of_list("below_zero", 1, |args, rows| sets(args, rows, |n| n.is_some_and(|n| n < 0))));

/// A function of lists whose answer is a number or a set.
fn of_list(name: &'static str, arguments: usize, answers: Implementation) -> Arc<ScalarUDF> {
    Function::any(name, arguments, DataType::Int64, answers).of_missing().shared()
}

/// A function that makes lists.
fn listing(name: &'static str, windows: usize, answers: Implementation, arguments: Vec<Expr>) -> Expr {
    Function::any(name, arguments.len(), list_of(windows), answers).of_missing().shared().call(arguments)
}

/// Lists, or one number per row that holds in all windows.
#[derive(Debug)]
pub(in crate::plan) struct Numbers {
    of_row: Option<NullBuffer>,
    numbers: Int64Array,
    /// How many numbers a row has.
    each: usize,
}

impl Numbers {
    /// Of lists or numbers; nothing for other arrays.
    pub(in crate::plan) fn of(array: &ArrayRef) -> Option<Self> {
        if let Some(lists) = array.as_fixed_size_list_opt() {
            let each = usize::try_from(lists.value_length()).ok()?;
            return Some(Self {
                of_row: lists.nulls().cloned(),
                numbers: lists.values().as_primitive_opt()?.clone(),
                each,
            });
        }
        Some(Self { of_row: None, numbers: array.as_primitive_opt()?.clone(), each: 1 })
    }

    /// The number of a row in a window.
    pub(in crate::plan) fn at(&self, row: usize, window: usize) -> Option<i64> {
        let at = if self.each == 1 { row } else { row * self.each + window };
        let there = self.of_row.as_ref().is_none_or(|rows| rows.is_valid(row)) && self.numbers.is_valid(at);
        there.then(|| self.numbers.value(at))
    }
}

/// The number of a window, or of how many there are: the same for all rows.
fn constant(argument: &ColumnarValue) -> Option<usize> {
    let ColumnarValue::Scalar(number) = argument else { return None };
    usize::try_from(i64::try_from(number.clone()).ok()?).ok()
}

/// `in_each(windows, number)` or `in_each(windows, number in window 0, number in window 1, ...)`.
fn listed(args: &[ColumnarValue], rows: usize) -> Result<Option<ArrayRef>> {
    let [windows, values @ ..] = args else { return Ok(None) };
    let Some(windows) = constant(windows) else { return Ok(None) };
    let arrays = values.iter().map(|v| v.to_array(rows)).collect::<Result<Vec<_>>>()?;
    let Some(numbers) = arrays.iter().map(|a| a.as_primitive_opt::<Int64Type>()).collect::<Option<Vec<_>>>() else {
        return Ok(None);
    };
    let at = |row: usize, window: usize| {
        let of_window = if numbers.len() == 1 { numbers[0] } else { numbers[window] };
        of_window.is_valid(row).then(|| of_window.value(row))
    };
    let all: Int64Array =
        (0..rows).flat_map(|row| (0..windows).map(move |window| (row, window))).map(|(r, w)| at(r, w)).collect();
    lists(windows, all).map(Some)
}

/// `ones(yes, no, windows)`.
fn ones_of_sets(args: &[ColumnarValue], rows: usize) -> Result<Option<ArrayRef>> {
    let [yes, no, windows] = args else { return Ok(None) };
    let Some(windows) = constant(windows) else { return Ok(None) };
    let (yes, no) = (yes.to_array(rows)?, no.to_array(rows)?);
    let (Some(yes), Some(no)) = (yes.as_primitive_opt::<Int64Type>(), no.as_primitive_opt::<Int64Type>()) else {
        return Ok(None);
    };
    let all: Int64Array = yes
        .values()
        .iter()
        .zip(no.values())
        .flat_map(|(yes, no)| {
            (0..windows).map(move |w| if yes >> w & 1 == 1 { Some(1) } else { (no >> w & 1 == 1).then_some(0) })
        })
        .collect();
    lists(windows, all).map(Some)
}

/// `known(list, set of windows, what stands for a missing number, windows)`.
fn known_of_list(args: &[ColumnarValue], rows: usize) -> Result<Option<ArrayRef>> {
    let [list, unknown, ColumnarValue::Scalar(missing), windows] = args else { return Ok(None) };
    let missing = i64::try_from(missing.clone()).ok();
    let Some(windows) = constant(windows) else { return Ok(None) };
    let (list, unknown) = (list.to_array(rows)?, unknown.to_array(rows)?);
    let (Some(numbers), Some(unknown)) = (Numbers::of(&list), unknown.as_primitive_opt::<Int64Type>()) else {
        return Ok(None);
    };
    let mut all = Int64Array::builder(rows * windows);
    for row in 0..rows {
        let unknown = unknown.value(row);
        for window in 0..windows {
            let number = || numbers.at(row, window).map_or(missing, |number| within(Some(number)));
            all.append_option(if unknown >> window & 1 == 1 { None } else { number() });
        }
    }
    lists(windows, all.finish()).map(Some)
}

/// `in_window(list, window)`.
fn element(args: &[ColumnarValue], rows: usize) -> Result<Option<ArrayRef>> {
    let [list, window] = args else { return Ok(None) };
    let (Some(numbers), Some(window)) = (Numbers::of(&list.to_array(rows)?), constant(window)) else {
        return Ok(None);
    };
    let all: Int64Array = (0..rows).map(|row| numbers.at(row, window)).collect();
    Ok(Some(Arc::new(all)))
}

/// The windows whose number passes.
fn sets(args: &[ColumnarValue], rows: usize, passes: fn(Option<i64>) -> bool) -> Result<Option<ArrayRef>> {
    let [list] = args else { return Ok(None) };
    let Some(numbers) = Numbers::of(&list.to_array(rows)?) else { return Ok(None) };
    let set = |row| (0..numbers.each).filter(|w| passes(numbers.at(row, *w))).fold(0, |set, w| set | 1_i64 << w);
    Ok(Some(Arc::new(Int64Array::from_iter_values((0..rows).map(set)))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn array(numbers: impl Into<Int64Array>) -> ColumnarValue {
        ColumnarValue::Array(Arc::new(numbers.into()))
    }

    fn number(n: i64) -> ColumnarValue {
        ColumnarValue::Scalar(ScalarValue::Int64(Some(n)))
    }

    /// The lists of a function's answer for two rows of two windows.
    fn two_by_two(answer: Result<Option<ArrayRef>>) -> [[Option<i64>; 2]; 2] {
        let numbers = Numbers::of(&answer.unwrap().unwrap()).unwrap();
        [0, 1].map(|row| [0, 1].map(|window| numbers.at(row, window)))
    }

    #[test]
    fn a_row_has_a_number_for_each_window() {
        let (first, second) = (array(vec![Some(1), None]), array(vec![Some(3), Some(4)]));
        let listed = |args: &[ColumnarValue]| listed(args, 2);
        assert_eq!(two_by_two(listed(&[number(2), first.clone(), second])), [[Some(1), Some(3)], [None, Some(4)]]);
        assert_eq!(two_by_two(listed(&[number(2), first])), [[Some(1), Some(1)], [None, None]]);
        assert_eq!(two_by_two(listed(&[number(2), number(7)])), [[Some(7), Some(7)]; 2]);
        let ones_of_sets = ones_of_sets(&[array(vec![0b01, 0b00]), array(vec![0b10, 0b01]), number(2)], 2);
        assert_eq!(two_by_two(ones_of_sets), [[Some(1), Some(0)], [Some(0), None]]);
    }

    #[test]
    fn what_is_not_known_is_taken_out_and_what_is_missing_may_be_put_in() {
        let numbers = Int64Array::from(vec![Some(0), None, Some(5), Some(6)]);
        let whole = lists(2, numbers).unwrap();
        let list = ColumnarValue::Array(Arc::clone(&whole));
        // The second row has no list at all.
        let values = whole.as_fixed_size_list().values().clone();
        let holed = FixedSizeListArray::try_new(item(), 2, values, Some(vec![true, false].into())).unwrap();
        let holed = ColumnarValue::Array(Arc::new(holed));
        let unknown = array(vec![0b00, 0b10]);
        let known = |list: &ColumnarValue, missing: Option<i64>| {
            let missing = ColumnarValue::Scalar(ScalarValue::Int64(missing));
            two_by_two(known_of_list(&[list.clone(), unknown.clone(), missing, number(2)], 2))
        };
        assert_eq!(known(&list, None), [[Some(0), None], [Some(5), None]]);
        assert_eq!(known(&list, Some(9)), [[Some(0), Some(9)], [Some(5), None]]);
        assert_eq!(known(&holed, Some(9)), [[Some(0), Some(9)], [Some(9), None]]);
        let sets = |list: &ColumnarValue, passes| {
            sets(std::slice::from_ref(list), 2, passes).unwrap().unwrap().as_primitive::<Int64Type>().values().to_vec()
        };
        assert_eq!(sets(&list, |n| n.is_some()), [0b01, 0b11]);
        assert_eq!(sets(&holed, |n| n.is_some()), [0b01, 0b00]);
        assert_eq!(sets(&list, |n| n.is_some_and(|n| n > 0)), [0b00, 0b11]);
        let second = element(&[list, number(1)], 2).unwrap().unwrap();
        assert_eq!(second.as_primitive::<Int64Type>().iter().collect::<Vec<_>>(), [None, Some(6)]);
    }
}
