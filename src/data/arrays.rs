//! A batch of a Parquet file into a column: what the writers of such files really write.
//!
//! | in the model | accepted |
//! |---|---|
//! | key, link | text of any kind, dictionaries of it, whole numbers (written out in digits) |
//! | text, codes | text of any kind, dictionaries of it |
//! | bool | boolean |
//! | int | whole numbers of any width, fractions and decimals that are whole |
//! | date | days, or times without a zone that are midnight |
//! | timestamp | times of any unit without a zone; parts of a second are dropped |
//!
//! A column without any value (Parquet's null type) is accepted everywhere. All else is a wrong type: an error before a row is read.

use super::column::ColumnBuilder;
use super::sieve::Sieve;
use super::value::{self, DAY};
use crate::model::ColumnType;
use arrow::array::{Array, ArrayRef, AsArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Date32Type, Date64Type, Float64Type, Int64Type, TimeUnit};
use arrow::datatypes::{
    TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType, TimestampSecondType,
};
use arrow::error::ArrowError;

/// Whether a column of the model can be read from a file's column of this type.
pub(super) fn accepts(ty: &ColumnType, found: &DataType) -> bool {
    let found = plain(found);
    let whole = found.is_integer() || matches!(found, DataType::Decimal128(_, 0));
    let fits = match ty {
        ColumnType::Key | ColumnType::Link(_) => is_text(found) || whole,
        ColumnType::Text | ColumnType::Codes(_) => is_text(found),
        ColumnType::Bool => *found == DataType::Boolean,
        ColumnType::Int => whole || matches!(found, DataType::Float32 | DataType::Float64),
        ColumnType::Date => matches!(found, DataType::Date32 | DataType::Date64 | DataType::Timestamp(_, None)),
        ColumnType::Timestamp => matches!(found, DataType::Timestamp(_, None)),
    };
    fits || *found == DataType::Null
}

/// The type of the values behind a dictionary.
fn plain(found: &DataType) -> &DataType {
    if let DataType::Dictionary(_, values) = found { values } else { found }
}

fn is_text(found: &DataType) -> bool {
    matches!(found, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View)
}

/// A file's type in plain words.
pub(super) fn words(found: &DataType) -> String {
    let found = plain(found);
    if let DataType::Timestamp(_, Some(zone)) = found {
        return format!("times with a time zone (`{zone}`)");
    }
    let binary = |t| {
        matches!(t, &DataType::Binary | &DataType::LargeBinary | &DataType::BinaryView | &DataType::FixedSizeBinary(_))
    };
    let words = if is_text(found) {
        "text"
    } else if *found == DataType::Boolean {
        "true or false"
    } else if matches!(found, DataType::Date32 | DataType::Date64) {
        "days"
    } else if matches!(found, DataType::Timestamp(_, None)) {
        "times"
    } else if found.is_integer() {
        "whole numbers"
    } else if found.is_numeric() {
        "numbers with fractions"
    } else if binary(found) {
        "raw bytes"
    } else if found.is_nested() {
        "lists or records"
    } else {
        "something else"
    };
    words.to_owned()
}

/// Adds all values of a batch's column; `first` is the number of the batch's first row.
pub(super) fn push(
    column: &mut ColumnBuilder<'_>,
    array: &ArrayRef,
    first: usize,
    sieve: &mut Sieve,
) -> Result<(), ArrowError> {
    let array = cast(array, plain(array.data_type()))?;
    if *array.data_type() == DataType::Null {
        (0..array.len()).for_each(|i| column.push_missing(first + i, sieve));
        return Ok(());
    }
    match &column.column.ty {
        ColumnType::Key | ColumnType::Link(_) | ColumnType::Text | ColumnType::Codes(_) => {
            push_text(column, &cast(&array, &DataType::Utf8)?, first, sieve);
        }
        ColumnType::Bool => push_bool(column, &array, first, sieve),
        ColumnType::Int => push_int(column, &array, first, sieve)?,
        ColumnType::Date => push_date(column, &array, first, sieve)?,
        ColumnType::Timestamp => {
            let (ticks, per_second) = ticks(&array);
            each(column, &array, first, sieve, |column, i, row, sieve| {
                let seconds = ticks[i].div_euclid(per_second);
                let known = day_of(seconds).is_some().then_some(seconds);
                column.push_time(known, row, sieve, || format!("{seconds} seconds after 1970"));
            });
        }
    }
    Ok(())
}

/// Walks over a batch: missing values are dealt with here, the others by `push`.
fn each<'m>(
    column: &mut ColumnBuilder<'m>,
    array: &ArrayRef,
    first: usize,
    sieve: &mut Sieve,
    push: impl Fn(&mut ColumnBuilder<'m>, usize, usize, &mut Sieve),
) {
    let nulls = array.nulls().filter(|n| n.null_count() > 0);
    for i in 0..array.len() {
        if nulls.is_some_and(|n| n.is_null(i)) {
            column.push_missing(first + i, sieve);
        } else {
            push(column, i, first + i, sieve);
        }
    }
}

fn push_text(column: &mut ColumnBuilder<'_>, array: &ArrayRef, first: usize, sieve: &mut Sieve) {
    let text = array.as_string::<i32>();
    each(column, array, first, sieve, |column, i, row, sieve| column.push_text(text.value(i), row, sieve));
}

fn push_bool(column: &mut ColumnBuilder<'_>, array: &ArrayRef, first: usize, sieve: &mut Sieve) {
    let values = array.as_boolean();
    each(column, array, first, sieve, |column, i, row, sieve| {
        column.push_bool(Some(values.value(i)), row, sieve, String::new);
    });
}

fn push_int(
    column: &mut ColumnBuilder<'_>,
    array: &ArrayRef,
    first: usize,
    sieve: &mut Sieve,
) -> Result<(), ArrowError> {
    if array.data_type().is_floating() {
        let floats = cast(array, &DataType::Float64)?;
        let values = floats.as_primitive::<Float64Type>();
        each(column, array, first, sieve, |column, i, row, sieve| {
            let value = values.value(i);
            // Whole numbers up to 2^53 are exact as fractions.
            let whole = (value.fract() == 0.0 && value.abs() <= 9_007_199_254_740_992.0).then_some(value as i64);
            column.push_int(whole, row, sieve, || value.to_string());
        });
        return Ok(());
    }
    // A number too large for the wide type comes out of the cast as a null that was none before.
    let wide = cast(array, &DataType::Int64)?;
    let values = wide.as_primitive::<Int64Type>();
    each(column, array, first, sieve, |column, i, row, sieve| {
        let value = values.is_valid(i).then(|| values.value(i));
        column.push_int(value, row, sieve, || "a number that is too large".to_owned());
    });
    Ok(())
}

fn push_date(
    column: &mut ColumnBuilder<'_>,
    array: &ArrayRef,
    first: usize,
    sieve: &mut Sieve,
) -> Result<(), ArrowError> {
    if *array.data_type() == DataType::Date32 {
        let days = array.as_primitive::<Date32Type>().values();
        each(column, array, first, sieve, |column, i, row, sieve| {
            let known = in_calendar(days[i]).then_some(days[i]);
            column.push_day(known, row, sieve, || format!("{} days after 1970-01-01", days[i]));
        });
        return Ok(());
    }
    let (ticks, per_second) = ticks(array);
    each(column, array, first, sieve, |column, i, row, sieve| {
        let midnight = ticks[i].rem_euclid(per_second * DAY) == 0;
        let seconds = ticks[i].div_euclid(per_second);
        let day = day_of(seconds).filter(|_| midnight);
        column.push_day(day, row, sieve, || show_time(seconds));
    });
    Ok(())
}

/// Times (or days counted in milliseconds) as numbers, and how many of them make a second.
fn ticks(array: &ArrayRef) -> (&[i64], i64) {
    let DataType::Timestamp(unit, _) = array.data_type() else {
        return (array.as_primitive::<Date64Type>().values(), 1_000);
    };
    match unit {
        TimeUnit::Second => (array.as_primitive::<TimestampSecondType>().values(), 1),
        TimeUnit::Millisecond => (array.as_primitive::<TimestampMillisecondType>().values(), 1_000),
        TimeUnit::Microsecond => (array.as_primitive::<TimestampMicrosecondType>().values(), 1_000_000),
        TimeUnit::Nanosecond => (array.as_primitive::<TimestampNanosecondType>().values(), 1_000_000_000),
    }
}

/// The first and last day that can be named, 0001-01-01 and 9999-12-31.
const CALENDAR: std::ops::RangeInclusive<i32> = -719_162..=2_932_896;

fn in_calendar(day: i32) -> bool {
    CALENDAR.contains(&day)
}

fn day_of(seconds: i64) -> Option<i32> {
    i32::try_from(seconds.div_euclid(DAY)).ok().filter(|d| in_calendar(*d))
}

fn show_time(seconds: i64) -> String {
    match day_of(seconds).and_then(value::day) {
        Some(day) => {
            let clock = seconds.rem_euclid(DAY);
            format!("{day} {:02}:{:02}:{:02}", clock / 3600, clock / 60 % 60, clock % 60)
        }
        None => format!("{seconds} seconds after 1970"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_calendar_reaches_from_year_1_to_year_9999() {
        assert_eq!(value::date("0001-01-01"), Some(*CALENDAR.start()));
        assert_eq!(value::date("9999-12-31"), Some(*CALENDAR.end()));
        assert_eq!(value::day(*CALENDAR.start() - 1), None);
        assert_eq!(value::day(*CALENDAR.end() + 1), None);
    }
}
