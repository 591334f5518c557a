//! Which windows' points a day has reached, as a set of windows: the function that answers a question about the window for all windows at once.

use super::date;
use super::function::Function;
use super::windows::MOST;
use chrono::NaiveDate;
use datafusion::arrow::array::{ArrayRef, AsArray, Int64Array};
use datafusion::arrow::datatypes::{DataType, Date32Type, Int64Type};
use datafusion::error::Result;
use datafusion::logical_expr::{ColumnarValue, Expr, ScalarUDF, Signature, Volatility, cast, lit};
use datafusion::scalar::ScalarValue;
use std::sync::{Arc, LazyLock};

static REACHED: LazyLock<Arc<ScalarUDF>> = LazyLock::new(|| {
    let signature = Signature::any(2, Volatility::Immutable);
    Function { name: "reached", signature, returns: DataType::Int64, answers: sets_reached }.shared()
});

/// The windows `n` with `points[n] <= day`; missing when the day is.
pub(super) fn reached(day: Expr, points: &[NaiveDate]) -> Expr {
    let points: Vec<_> = points.iter().map(|p| ScalarValue::Date32(Some(date::day_number(*p)))).collect();
    let points = lit(ScalarValue::List(ScalarValue::new_list(&points, &DataType::Date32, true)));
    REACHED.call(vec![cast(day, DataType::Date32), points])
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
    let steps = Steps::new(points.values());
    let sets: Int64Array = days.unary::<_, Int64Type>(|day| steps.at(day));
    Ok(Some(Arc::new(sets)))
}

/// The points in order of time, and the windows reached after each.
struct Steps {
    days: Vec<i32>,
    sets: Vec<i64>,
}

impl Steps {
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
