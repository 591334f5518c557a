//! Which windows' points a day has reached, as a set of windows: the function that answers a
//! question about the window for all windows at once.

use crate::plan::functions::add_period::{months_in, shift_day, signed};
use crate::plan::functions::date;
use crate::plan::functions::scalar::Function;
use crate::plan::window_set::MOST;
use chrono::NaiveDate;
use datafusion::arrow::array::{ArrayRef, AsArray, Int64Array};
use datafusion::arrow::datatypes::{DataType, Date32Type, Int64Type};
use datafusion::error::Result;
use datafusion::logical_expr::{ColumnarValue, Expr, ScalarUDF, cast, lit};
use datafusion::scalar::ScalarValue;
use std::collections::HashMap;
use std::sync::{Arc, LazyLock};
use yardstick_language::ir::Ty;

static REACHED: LazyLock<Arc<ScalarUDF>> =
    LazyLock::new(|| Function::any("reached", 2, DataType::Int64, sets_reached).shared());

static REACHED_MOVED: LazyLock<Arc<ScalarUDF>> =
    LazyLock::new(|| Function::any("reached_moved", 4, DataType::Int64, sets_reached_moved).shared());

/// The windows `n` with `points[n] <= day`; missing when the day is.
pub(in crate::plan) fn reached(day: Expr, points: &[NaiveDate]) -> Expr {
    REACHED.call(vec![cast(day, DataType::Date32), day_list(points)])
}

/// The windows `n` with a point, moved by a number of days, months or years, on or before the day;
/// missing when the day or the number is, and when the number is too far to move by (see
/// `add_period`).
pub(in crate::plan) fn reached_moved(day: Expr, number: Expr, unit: Ty, back: bool, points: &[NaiveDate]) -> Expr {
    let months = lit(months_in(unit));
    REACHED_MOVED.call(vec![cast(day, DataType::Date32), signed(number, back), months, day_list(points)])
}

/// A day for each window.
pub(in crate::plan) fn day_list(points: &[NaiveDate]) -> Expr {
    let points: Vec<_> = points.iter().map(|p| ScalarValue::Date32(Some(date::day_number(*p)))).collect();
    lit(ScalarValue::List(ScalarValue::new_list(&points, &DataType::Date32, true)))
}

/// `reached(day, [point of window 0, point of window 1, ...])`. It knows nothing but its arguments.
fn sets_reached(args: &[ColumnarValue], rows: usize) -> Result<Option<ArrayRef>> {
    let [days, ColumnarValue::Scalar(ScalarValue::List(points))] = args else { return Ok(None) };
    let points = points.value(0);
    let days = days.to_array(rows)?;
    let (Some(points), Some(days)) = (points.as_primitive_opt::<Date32Type>(), days.as_primitive_opt::<Date32Type>())
    else {
        return Ok(None);
    };
    let steps = Timeline::new(points.values());
    let sets: Int64Array = days.unary::<_, Int64Type>(|day| steps.at(day));
    Ok(Some(Arc::new(sets)))
}

/// `reached_moved(day, number, months in one of it (0 for days), [point of window 0, ...])`.
fn sets_reached_moved(args: &[ColumnarValue], rows: usize) -> Result<Option<ArrayRef>> {
    let [days, numbers, months, ColumnarValue::Scalar(ScalarValue::List(points))] = args else { return Ok(None) };
    let points = points.value(0);
    let (days, numbers, months) = (days.to_array(rows)?, numbers.to_array(rows)?, months.to_array(rows)?);
    let (Some(days), Some(points)) = (days.as_primitive_opt::<Date32Type>(), points.as_primitive_opt::<Date32Type>())
    else {
        return Ok(None);
    };
    let numbers = numbers.as_primitive_opt::<Int64Type>().zip(months.as_primitive_opt::<Int64Type>());
    let Some((numbers, months)) = numbers else { return Ok(None) };
    // Numbers are those of a schedule, say: few different ones.
    let mut steps: HashMap<(i64, i64), Option<Timeline>> = HashMap::new();
    let sets: Int64Array = days
        .iter()
        .zip(numbers.iter().zip(months))
        .map(|(day, (number, months))| {
            let (day, number, months) = (day?, number?, months?);
            let moved = || points.values().iter().map(|p| shift_day(*p, number, months)).collect::<Option<Vec<i32>>>();
            let steps = steps.entry((number, months)).or_insert_with(|| moved().map(|points| Timeline::new(&points)));
            steps.as_ref().map(|steps| steps.at(day))
        })
        .collect();
    Ok(Some(Arc::new(sets)))
}

/// The points in order of time, and the windows reached after each.
struct Timeline {
    days: Vec<i32>,
    sets: Vec<i64>,
}

impl Timeline {
    fn new(points: &[i32]) -> Self {
        let mut order: Vec<(i32, usize)> = points.iter().copied().zip(0..MOST).collect();
        order.sort_unstable();
        let mut sets = vec![0];
        let mut reached = 0;
        for (_, window) in &order {
            reached |= 1_i64 << window;
            sets.push(reached);
        }
        Self { days: order.into_iter().map(|(day, _)| day).collect(), sets }
    }

    fn at(&self, day: i32) -> i64 {
        self.sets[self.days.partition_point(|point| *point <= day)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use datafusion::arrow::array::Date32Array;

    #[test]
    fn moved_points_are_reached_as_they_would_be_one_by_one() {
        // A leap day among them, and not in order.
        let points = [19_782, 19_750, 20_089, 19_387];
        let list = ScalarValue::new_list(&points.map(|p| ScalarValue::Date32(Some(p))), &DataType::Date32, true);
        let list = ColumnarValue::Scalar(ScalarValue::List(list));
        for months in [0, 1, 12] {
            for number in [-13, -1, 0, 1, 14] {
                for day in 18_900..21_000 {
                    let number = ColumnarValue::Scalar(ScalarValue::Int64(Some(number)));
                    let of = ColumnarValue::Scalar(ScalarValue::Int64(Some(months)));
                    let days = ColumnarValue::Array(Arc::new(Date32Array::from(vec![day])));
                    let sets = sets_reached_moved(&[days, number.clone(), of, list.clone()], 1).unwrap().unwrap();
                    let ColumnarValue::Scalar(ScalarValue::Int64(Some(number))) = number else { unreachable!() };
                    let reached =
                        |(n, point): (usize, &i32)| (shift_day(*point, number, months).unwrap() <= day).then_some(n);
                    let expected = points.iter().enumerate().filter_map(reached).fold(0, |set, n| set | 1_i64 << n);
                    assert_eq!(sets.as_primitive::<Int64Type>().value(0), expected, "{day} {number} {months}");
                }
            }
        }
    }

    #[test]
    fn what_is_too_far_or_missing_is_not_known() {
        let list = ScalarValue::new_list(&[ScalarValue::Date32(Some(0))], &DataType::Date32, true);
        let of = |day: Option<i32>, number: Option<i64>| {
            let args = [
                ColumnarValue::Array(Arc::new(Date32Array::from(vec![day]))),
                ColumnarValue::Scalar(ScalarValue::Int64(number)),
                ColumnarValue::Scalar(ScalarValue::Int64(Some(1))),
                ColumnarValue::Scalar(ScalarValue::List(list.clone())),
            ];
            sets_reached_moved(&args, 1).unwrap().unwrap().as_primitive::<Int64Type>().iter().next().unwrap()
        };
        assert_eq!(of(Some(31), Some(1)), Some(1));
        assert_eq!(of(Some(30), Some(1)), Some(0));
        assert_eq!(
            [of(None, Some(1)), of(Some(31), None), of(Some(31), Some(i64::MIN)), of(Some(31), Some(100_001))],
            [None; 4]
        );
    }
}
