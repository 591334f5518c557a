//! Result rows as Parquet, each column with its own type: dates are dates, counts of rows whole numbers.

use super::{Format, Kind, Report};
use crate::scorecard::ResultRow;
use arrow::array::{Array, ArrayRef, Date32Array, Float64Array, Int64Array, RecordBatch, StringArray};
use arrow::datatypes::{Field, Schema};
use chrono::{Datelike, NaiveDate};
use datafusion::parquet::arrow::ArrowWriter;
use std::sync::Arc;

/// `parquet`.
pub(super) const FORMAT: Format = Format { name: "parquet", extension: "parquet", kind: Kind::Binary, write };

/// Days from the first day that chrono counts to 1970-01-01, where Arrow begins.
const ARROW_EPOCH: i32 = 719_163;

/// Rows that are held at a time.
const BATCH: usize = 65_536;

fn write(report: &Report) -> Result<Vec<u8>, String> {
    let problem = |e: datafusion::parquet::errors::ParquetError| e.to_string();
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch(&[])?.schema(), None).map_err(problem)?;
    let mut rows = report.judged.rows().peekable();
    while rows.peek().is_some() {
        let some: Vec<ResultRow> = rows.by_ref().take(BATCH).collect();
        writer.write(&batch(&some)?).map_err(problem)?;
    }
    writer.close().map_err(problem)?;
    Ok(bytes)
}

fn batch(rows: &[ResultRow]) -> Result<RecordBatch, String> {
    let arrays: [(bool, ArrayRef); 17] = [
        text(rows, |r| &r.indicator),
        text(rows, |r| &r.level),
        text(rows, |r| &r.entity_id),
        text(rows, |r| &r.entity_name),
        date(rows, |r| &r.window_start)?,
        date(rows, |r| &r.window_end)?,
        date(rows, |r| &r.as_of)?,
        number(rows, |r| r.numerator),
        number(rows, |r| r.denominator),
        number(rows, |r| r.value),
        text(rows, |r| &r.unit),
        text(rows, |r| &r.state),
        (true, Arc::new(rows.iter().map(|r| r.band.as_deref()).collect::<StringArray>())),
        number(rows, |r| r.standard),
        count(rows, |r| r.undetermined)?,
        count(rows, |r| r.excluded)?,
        text(rows, |r| &r.meaning),
    ];
    let fields: Vec<Field> = ResultRow::columns()
        .zip(&arrays)
        .map(|(name, (missing, array))| Field::new(name, array.data_type().clone(), *missing))
        .collect();
    let arrays = arrays.into_iter().map(|(_, array)| array).collect();
    RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays).map_err(|e| e.to_string())
}

/// Whether values may be missing, and the values.
type Column = (bool, ArrayRef);

fn text<'a>(rows: &'a [ResultRow], of: impl Fn(&'a ResultRow) -> &'a String) -> Column {
    (false, Arc::new(StringArray::from_iter_values(rows.iter().map(of))))
}

fn number(rows: &[ResultRow], of: impl Fn(&ResultRow) -> Option<f64>) -> Column {
    (true, Arc::new(rows.iter().map(of).collect::<Float64Array>()))
}

fn count(rows: &[ResultRow], of: impl Fn(&ResultRow) -> Option<u64>) -> Result<Column, String> {
    let whole = |row| of(row).map(i64::try_from).transpose();
    let array: Int64Array = rows.iter().map(whole).collect::<Result<_, _>>().map_err(|e| e.to_string())?;
    Ok((true, Arc::new(array)))
}

fn date<'a>(rows: &'a [ResultRow], of: impl Fn(&'a ResultRow) -> &'a String) -> Result<Column, String> {
    let days = |row| of(row).parse::<NaiveDate>().map(|d| d.num_days_from_ce() - ARROW_EPOCH);
    let days: Vec<i32> = rows.iter().map(days).collect::<Result<_, _>>().map_err(|e| e.to_string())?;
    Ok((false, Arc::new(Date32Array::from(days))))
}
