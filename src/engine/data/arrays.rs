//! A batch of a Parquet file into a column: what the writers of such files really write.
//!
//! | in the model | accepted |
//! |---|---|
//! | key, link | text of any kind, dictionaries of it, whole numbers and decimals that have none (written out in digits); fractions and
//! decimals that are whole, where the model reads ids as whole numbers |
//! | text, codes | text of any kind, dictionaries of it, words of a list (`ENUM`) |
//! | bool | boolean |
//! | int | whole numbers of any width, fractions and decimals that are whole |
//! | decimal | whole numbers, decimals, and fractions whose shortest text is such a decimal |
//! | date | days, or times that are midnight; text in a form that the model names |
//! | timestamp | times of any unit; parts of a second are dropped; text in a form that the model names |
//!
//! Times are local, or instants (adjusted to UTC), which become local where the model names a zone
//! and are refused where it names none. A column without any value (Parquet's null type) is
//! accepted everywhere. All else is a wrong type: an error before a row is read.

use super::column::{ColumnBuilder, Odd};
use super::instant;
use super::rejects::Rejects;
use super::value::{self, DAY};
use arrow::array::{
    Array, ArrayRef, ArrowPrimitiveType, AsArray, BooleanArray, DictionaryArray, Int32Array, PrimitiveArray,
    StringArray,
};
use arrow::buffer::{BooleanBuffer, NullBuffer, ScalarBuffer};
use arrow::compute::{cast, nullif};
use arrow::datatypes::{DataType, Date32Type, Date64Type, Float32Type, Float64Type, Int32Type, Int64Type, TimeUnit};
use arrow::datatypes::{
    TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType, TimestampSecondType,
};
use arrow::error::ArrowError;
use std::sync::Arc;
use yardstick_language::model::{Column, ColumnType, Spelled};
use yardstick_language::zone::Zone;

/// Whether a column of the model can be read from a file's column of this type.
pub(super) fn accepts(column: &Column, found: &DataType) -> bool {
    let found = plain(found);
    let whole = found.is_integer() || is_whole_decimal(found);
    let fits = match &column.ty {
        ColumnType::Key | ColumnType::Link(_) => {
            is_text(found) || whole || column.read_as.whole_number && found.is_numeric()
        }
        ColumnType::Text => is_text(found),
        ColumnType::Codes(_) => is_text(found) || is_spelled_number(column, found),
        ColumnType::Bool => {
            let is_text = is_text(found) && !column.spellings.is_plain();
            *found == DataType::Boolean || is_text || is_spelled_number(column, found)
        }
        ColumnType::Int => whole || matches!(found, DataType::Float32 | DataType::Float64),
        ColumnType::Decimal(_) => found.is_numeric() && *found != DataType::Float16,
        ColumnType::Date => {
            is_text(found) || matches!(found, DataType::Date32 | DataType::Date64 | DataType::Timestamp(..))
        }
        ColumnType::Timestamp => is_text(found) || matches!(found, DataType::Timestamp(..)),
    };
    fits || *found == DataType::Null
}

/// Whether these are numbers, and the model may spell words as numbers.
fn is_spelled_number(column: &Column, found: &DataType) -> bool {
    let whole = found.is_integer() || is_whole_decimal(found);
    !column.spellings.is_plain() && (whole || column.read_as.whole_number && found.is_numeric())
}

/// Some writers keep ids and counts as decimals without decimals.
fn is_whole_decimal(found: &DataType) -> bool {
    use DataType::{Decimal32, Decimal64, Decimal128, Decimal256};
    matches!(found, Decimal32(_, 0) | Decimal64(_, 0) | Decimal128(_, 0) | Decimal256(_, 0))
}

/// Whether these are instants.
pub(super) fn are_instants(found: &DataType) -> bool {
    matches!(plain(found), DataType::Timestamp(_, Some(_)))
}

/// The zone in which instants are local; none for times that are local already.
fn zone<'m>(column: &ColumnBuilder<'m>, array: &ArrayRef) -> Result<Option<&'m Zone>, ArrowError> {
    if !are_instants(array.data_type()) {
        return Ok(None);
    }
    // Looked at before, with the types of all columns.
    let nowhere = || ArrowError::SchemaError("instants, and no zone is named".to_owned());
    column.instants.zone().map(Some).ok_or_else(nowhere)
}

/// The type of the values behind a dictionary.
pub(super) fn plain(found: &DataType) -> &DataType {
    if let DataType::Dictionary(_, values) = found { values } else { found }
}

pub(super) fn is_text(found: &DataType) -> bool {
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
    rejects: &mut Rejects,
) -> Result<(), ArrowError> {
    if *plain(array.data_type()) == DataType::Null {
        (0..array.len()).for_each(|i| column.push_missing(first + i, rejects));
        return Ok(());
    }
    if *array.data_type() == DataType::Utf8View
        && let Some(ids) = column.packed(array)
    {
        column.push_many(ids, array.null_count(), first, rejects, |_| Odd::Missing);
        return Ok(());
    }
    let array = match &column.column.ty {
        ColumnType::Codes(_) => return push_codes(column, &words_of(array)?, first, rejects),
        ColumnType::Link(_) if is_dictionary_of_text(array) => {
            return push_words(column, &cast(array, &dictionary())?, first, rejects);
        }
        _ => cast(array, plain(array.data_type()))?,
    };
    match &column.column.ty {
        ColumnType::Bool if *array.data_type() != DataType::Boolean => {
            for (row, text) in (first..).zip(cast(&array, &DataType::Utf8)?.as_string::<i32>()) {
                match text {
                    None => column.push_missing(row, rejects),
                    Some(text) => column.push_text(text, row, rejects),
                }
            }
        }
        ColumnType::Bool => column.push_many(array.clone(), array.null_count(), first, rejects, |_| Odd::Missing),
        ColumnType::Int => push_int(column, &array, first, rejects)?,
        ColumnType::Decimal(_) => push_decimal(column, &array, first, rejects)?,
        ColumnType::Date | ColumnType::Timestamp if is_text(array.data_type()) => {
            push_text_of_days(column, &cast(&array, &DataType::Utf8)?, first, rejects);
        }
        ColumnType::Key | ColumnType::Link(_) if has_fractions(array.data_type()) => {
            push_whole_ids(column, &array, first, rejects)?;
        }
        ColumnType::Date => match zone(column, &array)? {
            Some(zone) => push_first_instants(column, zone, &array, first, rejects),
            None => push_date(column, &array, first, rejects),
        },
        ColumnType::Timestamp => match zone(column, &array)? {
            Some(zone) => push_instants(column, zone, &array, first, rejects),
            None => push_time(column, &array, first, rejects),
        },
        _ => push_text(column, &cast(&array, &DataType::Utf8)?, first, rejects)?,
    }
    Ok(())
}

/// The type in which text arrives that repeats itself: a number for each value, into a list of the
/// words there are.
pub(super) fn dictionary() -> DataType {
    DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8))
}

/// Codes as such text. Numbers are written out in digits.
fn words_of(array: &ArrayRef) -> Result<ArrayRef, ArrowError> {
    let found = plain(array.data_type()).clone();
    let text = if is_text(&found) { Arc::clone(array) } else { cast(&cast(array, &found)?, &DataType::Utf8)? };
    cast(&text, &dictionary())
}

fn is_dictionary_of_text(array: &ArrayRef) -> bool {
    matches!(array.data_type(), DataType::Dictionary(_, words) if is_text(words))
}

/// The values that are there and fine; `None` when all are.
fn known(nulls: Option<&NullBuffer>, len: usize, fine: impl Fn(usize) -> bool) -> Option<NullBuffer> {
    let fine = NullBuffer::new(BooleanBuffer::collect_bool(len, fine));
    NullBuffer::union(nulls, Some(&fine)).filter(|n| n.null_count() > 0)
}

/// Numbers that may have a fraction.
fn has_fractions(found: &DataType) -> bool {
    found.is_numeric() && !found.is_integer() && !is_whole_decimal(found)
}

/// Empty text is a missing value, and so are the model's words for it.
fn push_text(
    column: &mut ColumnBuilder<'_>,
    array: &ArrayRef,
    first: usize,
    rejects: &mut Rejects,
) -> Result<(), ArrowError> {
    if let Some(ids) = column.packed(array) {
        column.push_many(ids, array.null_count(), first, rejects, |_| Odd::Missing);
        return Ok(());
    }
    let text = array.as_string::<i32>();
    let nothing = BooleanBuffer::collect_bool(text.len(), |i| column.says_nothing(text.value(i)));
    let values = if nothing.has_true() { nullif(array, &BooleanArray::new(nothing, None))? } else { Arc::clone(array) };
    let is_plain = column.column.read_as.is_plain();
    let values = if is_plain { values } else { Arc::new(as_read(column, values.as_string())) };
    column.push_many(values, text.null_count(), first, rejects, |_| Odd::Missing);
    Ok(())
}

/// Texts as the column reads them.
fn as_read(column: &ColumnBuilder<'_>, text: &StringArray) -> StringArray {
    StringArray::from_iter(text.iter().map(|text| text.map(|text| column.as_read(text))))
}

/// Days and times as text: only in a form that the model names, since Parquet has a type for them.
fn push_text_of_days(column: &mut ColumnBuilder<'_>, array: &ArrayRef, first: usize, rejects: &mut Rejects) {
    let takes = column.takes_text_of_days();
    for (row, text) in (first..).zip(array.as_string::<i32>()) {
        match text.filter(|text| !column.says_nothing(text)) {
            None => column.push_missing(row, rejects),
            Some(text) if takes => column.push_text(text, row, rejects),
            Some(text) => column.push_unreadable(row, rejects, || text.to_owned()),
        }
    }
}

/// Ids that a program took for numbers with fractions, where the model reads them as whole numbers.
fn push_whole_ids(
    column: &mut ColumnBuilder<'_>,
    array: &ArrayRef,
    first: usize,
    rejects: &mut Rejects,
) -> Result<(), ArrowError> {
    let floats = cast(array, &DataType::Float64)?;
    let values = floats.as_primitive::<Float64Type>();
    let ids = cast(&values.unary_opt::<_, Int64Type>(whole), &DataType::Utf8)?;
    column.push_many(ids, array.null_count(), first, rejects, |i| {
        if values.is_null(i) { Odd::Missing } else { Odd::Unreadable(values.value(i).to_string()) }
    });
    Ok(())
}

/// Whole numbers up to 2^53 are exact as fractions.
fn whole(value: f64) -> Option<i64> {
    (value.fract() == 0.0 && value.abs() <= 9_007_199_254_740_992.0).then_some(value as i64)
}

/// Ids that stay a dictionary until they are looked up.
fn push_words(
    column: &mut ColumnBuilder<'_>,
    array: &ArrayRef,
    first: usize,
    rejects: &mut Rejects,
) -> Result<(), ArrowError> {
    let (places, words) = places(array);
    let some: Vec<bool> = (0..words.len()).map(|i| words.is_valid(i) && !column.says_nothing(words.value(i))).collect();
    let is_some = |i: usize| some.get(places.value(i) as usize).is_some_and(|some| *some);
    let nulls = known(places.nulls(), places.len(), is_some);
    let words = if column.column.read_as.is_plain() { words.clone() } else { as_read(column, words) };
    let values = DictionaryArray::try_new(Int32Array::new(places.values().clone(), nulls), Arc::new(words))?;
    column.push_many(Arc::new(values), places.null_count(), first, rejects, |_| Odd::Missing);
    Ok(())
}

/// Each word of the dictionary is looked up once.
fn push_codes(
    column: &mut ColumnBuilder<'_>,
    array: &ArrayRef,
    first: usize,
    rejects: &mut Rejects,
) -> Result<(), ArrowError> {
    const NONE: i32 = -1;
    let (places, words) = places(array);
    let says_nothing = |word: Option<&str>| word.is_none_or(|word| column.says_nothing(word));
    let nothing: Vec<bool> = words.iter().map(says_nothing).collect();
    let word = |(word, nothing): (Option<&str>, &bool)| word.filter(|_| !nothing).and_then(|word| column.word(word));
    let by_word: Vec<Option<Spelled>> = words.iter().zip(&nothing).map(word).collect();
    let code = |place: &i32| by_word.get(*place as usize).copied().flatten().map_or(NONE, |word| word.place as i32);
    let values: Vec<i32> = places.values().iter().map(code).collect();
    for (word, times) in taken_otherwise(&by_word, places) {
        column.otherwise.add_times(words.value(word), times);
    }
    let nulls = known(places.nulls(), places.len(), |i| values[i] != NONE);
    let values = Int32Array::try_new(values.into(), nulls)?;
    column.push_many(Arc::new(values), places.null_count(), first, rejects, |i| {
        let place = places.is_valid(i).then(|| places.value(i) as usize).filter(|place| !nothing[*place]);
        place.map_or(Odd::Missing, |place| Odd::UnknownCode(words.value(place).to_owned()))
    });
    Ok(())
}

/// The words of a dictionary that no spelling is, with how often each stands there.
fn taken_otherwise(by_word: &[Option<Spelled>], places: &Int32Array) -> Vec<(usize, u64)> {
    let mut times: Vec<(usize, u64)> = Vec::new();
    let taken = |word: &Option<Spelled>| word.is_some_and(|word| word.otherwise);
    if by_word.iter().any(taken) {
        let mut all = vec![0; by_word.len()];
        places.iter().flatten().for_each(|place| all[place as usize] += 1);
        let words = all.into_iter().enumerate().zip(by_word);
        times.extend(words.filter(|((_, times), word)| *times > 0 && taken(word)).map(|(word, _)| word));
    }
    times
}

fn places(dictionary: &ArrayRef) -> (&Int32Array, &StringArray) {
    let dictionary = dictionary.as_dictionary::<Int32Type>();
    (dictionary.keys(), dictionary.values().as_string())
}

fn push_int(
    column: &mut ColumnBuilder<'_>,
    array: &ArrayRef,
    first: usize,
    rejects: &mut Rejects,
) -> Result<(), ArrowError> {
    if array.data_type().is_floating() {
        let floats = cast(array, &DataType::Float64)?;
        let values = floats.as_primitive::<Float64Type>();
        let ints = values.unary_opt::<_, Int64Type>(whole);
        column.push_many(Arc::new(ints), values.null_count(), first, rejects, |i| {
            if values.is_null(i) { Odd::Missing } else { Odd::Unreadable(values.value(i).to_string()) }
        });
        return Ok(());
    }
    // A number too large for the wide type comes out of the cast as a null that was none before.
    let wide = cast(array, &DataType::Int64)?;
    column.push_many(wide, array.null_count(), first, rejects, |i| {
        if array.is_null(i) { Odd::Missing } else { Odd::Unreadable("a number that is too large".to_owned()) }
    });
    Ok(())
}

/// Numbers by their text, which is exact; of a fraction the shortest that names it.
fn push_decimal(
    column: &mut ColumnBuilder<'_>,
    array: &ArrayRef,
    first: usize,
    rejects: &mut Rejects,
) -> Result<(), ArrowError> {
    let mut push = |row: usize, text: Option<String>| match text {
        Some(text) => column.push_text(&text, row, rejects),
        None => column.push_missing(row, rejects),
    };
    let rows = first..;
    match array.data_type() {
        DataType::Float32 => {
            rows.zip(array.as_primitive::<Float32Type>()).for_each(|(row, n)| push(row, n.map(|n| n.to_string())));
        }
        DataType::Float64 => {
            rows.zip(array.as_primitive::<Float64Type>()).for_each(|(row, n)| push(row, n.map(|n| n.to_string())));
        }
        _ => {
            let text = cast(array, &DataType::Utf8)?;
            rows.zip(text.as_string::<i32>()).for_each(|(row, n)| push(row, n.map(str::to_owned)));
        }
    }
    Ok(())
}

fn push_date(column: &mut ColumnBuilder<'_>, array: &ArrayRef, first: usize, rejects: &mut Rejects) {
    if let Some(days) = array.as_primitive_opt::<Date32Type>() {
        let day = |i: usize| Some(days.values()[i]).filter(|day| CALENDAR.contains(day));
        let show = |i: usize| format!("{} days after 1970-01-01", days.values()[i]);
        push_days::<Date32Type>(column, days.values().clone(), array, first, rejects, |i| (day(i), None), show);
        return;
    }
    let (ticks, per_second) = ticks(array);
    let seconds = |i: usize| ticks[i].div_euclid(per_second);
    let day = |i: usize| day_of(seconds(i)).filter(|_| ticks[i].rem_euclid(per_second * DAY) == 0);
    let days = (0..ticks.len()).map(|i| day(i).unwrap_or_default()).collect();
    push_days::<Date32Type>(column, days, array, first, rejects, |i| (day(i), None), |i| show_time(seconds(i)));
}

/// Days that are written as the instants with which they begin.
fn push_first_instants(
    column: &mut ColumnBuilder<'_>,
    zone: &Zone,
    array: &ArrayRef,
    first: usize,
    rejects: &mut Rejects,
) {
    let (ticks, per_second) = ticks(array);
    let utc = |i: usize| ticks[i].div_euclid(per_second);
    let first_second = |i: usize| {
        let whole = ticks[i].rem_euclid(per_second) == 0 && array.is_valid(i);
        whole.then(|| instant::first(zone, utc(i))).flatten().map(|local| local.div_euclid(DAY) as i32)
    };
    let days: Vec<Option<i32>> = (0..ticks.len()).map(first_second).collect();
    let of_utc = |i: &usize| array.is_valid(*i) && days[*i].is_none() && ticks[*i].rem_euclid(per_second * DAY) == 0;
    column.instants.midnights_of_utc += (0..ticks.len()).filter(of_utc).count() as u64;
    let values = days.iter().map(|day| day.unwrap_or_default()).collect();
    let day = |i: usize| (days[i], day_of(utc(i)));
    let show = |i: usize| format!("{} UTC", show_time(utc(i)));
    let turned = push_days::<Date32Type>(column, values, array, first, rejects, day, show);
    column.instants.turned += turned as u64;
}

/// Instants as the local times of a zone.
fn push_instants(column: &mut ColumnBuilder<'_>, zone: &Zone, array: &ArrayRef, first: usize, rejects: &mut Rejects) {
    let (ticks, per_second) = ticks(array);
    let utc = |i: usize| ticks[i].div_euclid(per_second);
    let local: ScalarBuffer<i64> = (0..ticks.len()).map(|i| zone.local(utc(i))).collect();
    let day = |i: usize| (day_of(local[i]), day_of(utc(i)));
    let show = |i: usize| format!("{} seconds after 1970", utc(i));
    let turned = push_days::<TimestampSecondType>(column, local.clone(), array, first, rejects, day, show);
    column.instants.turned += turned as u64;
}

fn push_time(column: &mut ColumnBuilder<'_>, array: &ArrayRef, first: usize, rejects: &mut Rejects) {
    let (ticks, per_second) = ticks(array);
    // Division by a number that the compiler knows takes a fraction of the time.
    let seconds: ScalarBuffer<i64> = match per_second {
        1_000 => ticks.iter().map(|t| t.div_euclid(1_000)).collect(),
        1_000_000 => ticks.iter().map(|t| t.div_euclid(1_000_000)).collect(),
        _ => ticks.iter().map(|t| t.div_euclid(per_second)).collect(),
    };
    let day = |i: usize| day_of(seconds[i]);
    let show = |i: usize| format!("{} seconds after 1970", seconds[i]);
    push_days::<TimestampSecondType>(column, seconds.clone(), array, first, rejects, |i| (day(i), None), show);
}

/// Adds days or times; `day` is the day of each, when it can be named, and of an instant the day
/// that stands in the file. The model's missing days become missing values, whichever of the two
/// they are. Gives how many values there are.
fn push_days<T: ArrowPrimitiveType>(
    column: &mut ColumnBuilder<'_>,
    values: ScalarBuffer<T::Native>,
    array: &ArrayRef,
    first: usize,
    rejects: &mut Rejects,
    day: impl Fn(usize) -> (Option<i32>, Option<i32>),
    show: impl Fn(usize) -> String,
) -> usize {
    let missing_days = column.missing_days.clone();
    let is_missing = |day: Option<i32>| day.is_some_and(|day| missing_days.contains(&day));
    let nulls = known(array.nulls(), array.len(), |i| {
        let (day, written) = day(i);
        day.is_some() && !is_missing(day) && !is_missing(written)
    });
    let values = PrimitiveArray::<T>::new(values, nulls);
    let known = values.len() - values.null_count();
    column.push_many(Arc::new(values), array.null_count(), first, rejects, |i| {
        let (day, written) = day(i);
        if array.is_null(i) || day.is_some() || is_missing(written) { Odd::Missing } else { Odd::Unreadable(show(i)) }
    });
    known
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

fn day_of(seconds: i64) -> Option<i32> {
    i32::try_from(seconds.div_euclid(DAY)).ok().filter(|d| CALENDAR.contains(d))
}

pub(super) fn show_time(seconds: i64) -> String {
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
