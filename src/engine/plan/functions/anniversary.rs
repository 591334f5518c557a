//! The day on which a number of days, months or years since another is complete, as the function
//! `anniversary`.

use super::add_period::shift_day_unbounded;
use super::scalar::Function;
use datafusion::arrow::array::{ArrayRef, AsArray, Date32Array};
use datafusion::arrow::datatypes::{DataType, Date32Type, Int64Type};
use datafusion::error::Result;
use datafusion::logical_expr::{ColumnarValue, ScalarUDF};
use std::sync::{Arc, LazyLock};

pub(in crate::plan) static ANNIVERSARY: LazyLock<Arc<ScalarUDF>> = LazyLock::new(|| {
    let takes = vec![DataType::Date32, DataType::Int64, DataType::Int64, DataType::Int64];
    Function::of("anniversary", takes, DataType::Date32, anniversaries)
});

/// `anniversary(day, number, months, more)`: the day on which `number + more` units since `day` are
/// complete. A unit is `months` calendar months, and 0 means days. A result outside of the calendar
/// is the first or the last of all days.
fn anniversaries(args: &[ColumnarValue], rows: usize) -> Result<Option<ArrayRef>> {
    let arrays = args.iter().map(|a| a.to_array(rows)).collect::<Result<Vec<_>>>()?;
    let [days, numbers @ ..] = arrays.as_slice() else { return Ok(None) };
    let numbers: Option<Vec<_>> = numbers.iter().map(|n| n.as_primitive_opt::<Int64Type>()).collect();
    let (Some(days), Some([numbers, months, more])) = (days.as_primitive_opt::<Date32Type>(), numbers.as_deref())
    else {
        return Ok(None);
    };
    let all = days.iter().zip(*numbers).zip(months.iter().zip(*more));
    let days: Date32Array = all
        .map(|((day, number), (months, more))| {
            let (day, number) = (day?, number?.saturating_add(more?));
            Some(shift_day_unbounded(day, number, months?).unwrap_or(if number < 0 { FIRST } else { LAST }))
        })
        .collect();
    Ok(Some(Arc::new(days)))
}

/// Before and after all days, and far from where the numbers of days end.
const FIRST: i32 = i32::MIN / 2;
const LAST: i32 = i32::MAX / 2;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::functions::date::day_number;
    use chrono::NaiveDate;
    use datafusion::scalar::ScalarValue;

    #[test]
    fn an_anniversary_is_the_day_on_which_so_many_are_complete() {
        let number = |n: i64| ColumnarValue::Scalar(ScalarValue::Int64(Some(n)));
        let day = |y, m, d| day_number(NaiveDate::from_ymd_opt(y, m, d).unwrap());
        let of = |from: Option<i32>, count: i64, months: i64, more: i64| {
            let from = ColumnarValue::Array(Arc::new(Date32Array::from(vec![from])));
            let days = anniversaries(&[from, number(count), number(months), number(more)], 1).unwrap().unwrap();
            days.as_primitive::<Date32Type>().iter().next().unwrap()
        };
        let last_of_january = Some(day(2012, 1, 31));
        assert_eq!(of(last_of_january, 1, 1, 0), Some(day(2012, 2, 29)));
        assert_eq!(of(last_of_january, 1, 1, 1), Some(day(2012, 3, 31)));
        assert_eq!(of(last_of_january, 1, 12, 0), Some(day(2013, 1, 31)));
        assert_eq!(of(last_of_january, -2, 0, 1), Some(day(2012, 1, 30)));
        assert_eq!(of(None, 1, 1, 0), None);
        for months in [0, 1, 12] {
            assert_eq!(of(last_of_january, i64::MAX, months, 1), Some(LAST));
            assert_eq!(of(last_of_january, i64::MIN, months, 1), Some(FIRST));
        }
    }
}
