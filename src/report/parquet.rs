//! Result rows as Parquet, each column with its own type: dates are dates, counts of rows whole numbers.

use super::{Format, Kind, Report};
use crate::scorecard::ResultRow;
use arrow::array::{ArrayRef, Date32Array, Float64Array, Int64Array, RecordBatch, StringArray};
use arrow::datatypes::{DataType, Field, Schema};
use chrono::{Datelike, NaiveDate};
use datafusion::parquet::arrow::ArrowWriter;
use std::sync::Arc;

/// `parquet`.
pub(super) const FORMAT: Format = Format { name: "parquet", extension: "parquet", kind: Kind::Binary, write };

/// Days from the first day that chrono counts to 1970-01-01, where Arrow begins.
const ARROW_EPOCH: i32 = 719_163;

fn write(report: &Report) -> Result<Vec<u8>, String> {
    let batch = batch(&report.rows)?;
    let problem = |e: datafusion::parquet::errors::ParquetError| e.to_string();
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), None).map_err(problem)?;
    writer.write(&batch).map_err(problem)?;
    writer.close().map_err(problem)?;
    Ok(bytes)
}

fn batch(rows: &[ResultRow]) -> Result<RecordBatch, String> {
    let columns = [
        text("indicator", rows, |r| &r.indicator),
        text("level", rows, |r| &r.level),
        text("entity_id", rows, |r| &r.entity_id),
        text("entity_name", rows, |r| &r.entity_name),
        date("window_start", rows, |r| &r.window_start)?,
        date("window_end", rows, |r| &r.window_end)?,
        date("as_of", rows, |r| &r.as_of)?,
        number("numerator", rows, |r| r.numerator),
        number("denominator", rows, |r| r.denominator),
        number("value", rows, |r| r.value),
        text("unit", rows, |r| &r.unit),
        text("state", rows, |r| &r.state),
        optional_text("band", rows, |r| r.band.as_deref()),
        number("standard", rows, |r| r.standard),
        count("undetermined", rows, |r| r.undetermined)?,
        count("excluded", rows, |r| r.excluded)?,
        text("meaning", rows, |r| &r.meaning),
    ];
    let (fields, arrays): (Vec<Field>, Vec<ArrayRef>) = columns.into_iter().unzip();
    RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays).map_err(|e| e.to_string())
}

type Column = (Field, ArrayRef);

fn text<'a>(name: &str, rows: &'a [ResultRow], of: impl Fn(&'a ResultRow) -> &'a String) -> Column {
    let array = StringArray::from_iter_values(rows.iter().map(of));
    (Field::new(name, DataType::Utf8, false), Arc::new(array))
}

fn optional_text<'a>(name: &str, rows: &'a [ResultRow], of: impl Fn(&'a ResultRow) -> Option<&'a str>) -> Column {
    (Field::new(name, DataType::Utf8, true), Arc::new(rows.iter().map(of).collect::<StringArray>()))
}

fn number(name: &str, rows: &[ResultRow], of: impl Fn(&ResultRow) -> Option<f64>) -> Column {
    (Field::new(name, DataType::Float64, true), Arc::new(rows.iter().map(of).collect::<Float64Array>()))
}

fn count(name: &str, rows: &[ResultRow], of: impl Fn(&ResultRow) -> Option<u64>) -> Result<Column, String> {
    let whole = |row| of(row).map(i64::try_from).transpose();
    let array: Int64Array = rows.iter().map(whole).collect::<Result<_, _>>().map_err(|e| e.to_string())?;
    Ok((Field::new(name, DataType::Int64, true), Arc::new(array)))
}

fn date<'a>(name: &str, rows: &'a [ResultRow], of: impl Fn(&'a ResultRow) -> &'a String) -> Result<Column, String> {
    let days = |row| of(row).parse::<NaiveDate>().map(|d| d.num_days_from_ce() - ARROW_EPOCH);
    let days: Vec<i32> = rows.iter().map(days).collect::<Result<_, _>>().map_err(|e| e.to_string())?;
    Ok((Field::new(name, DataType::Date32, false), Arc::new(Date32Array::from(days))))
}
