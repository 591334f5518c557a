//! Result rows as Parquet, each column with its own type: dates are dates, counts of rows whole numbers.

use super::{Format, Kind, Report, Rows, Writing, pieces};
use crate::scorecard::{Block, Day, ResultRow};
use arrow::array::{Array, ArrayRef, BooleanArray, Date32Array, Float64Array, Int64Array, RecordBatch, StringArray};
use arrow::datatypes::{Field, Schema};
use chrono::Datelike;
use datafusion::parquet::arrow::ArrowWriter;
use std::io::{self, Write};
use std::sync::Arc;

/// `parquet`.
pub(super) const FORMAT: Format =
    Format { name: "parquet", extension: "parquet", kind: Kind::Binary, writing: Writing::Rows(begin) };

/// Days from the first day that chrono counts to 1970-01-01, where Arrow begins.
const ARROW_EPOCH: i32 = 719_163;

/// Rows in a piece.
const ROWS: usize = 65_536;

fn begin() -> io::Result<Box<dyn Rows>> {
    Ok(Box::new(ArrowWriter::try_new(Vec::new(), batch(&[])?.schema(), None)?))
}

impl Rows for ArrowWriter<Vec<u8>> {
    fn add(&mut self, report: &Report, out: &mut dyn Write) -> io::Result<()> {
        let judged = &report.judged;
        let make = |(): &mut (), blocks: &[Block]| {
            let rows: Vec<ResultRow> = blocks.iter().flat_map(|&block| judged.rows_of(block)).collect();
            batch(&rows)
        };
        pieces::in_order(report, ROWS, make, |rows| {
            self.write(&rows?)?;
            // The writer counts the bytes it has given, and does not look at them again.
            out.write_all(&std::mem::take(self.inner_mut()))
        })
    }

    fn end(self: Box<Self>, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(&self.into_inner()?)
    }
}

fn batch(rows: &[ResultRow]) -> io::Result<RecordBatch> {
    let arrays: [(bool, ArrayRef); 25] = [
        text(rows, |r| r.indicator),
        text(rows, |r| r.level),
        text(rows, |r| r.entity_id),
        text(rows, |r| r.entity_name),
        date(rows, |r| r.window_start),
        date(rows, |r| r.window_end),
        date(rows, |r| r.as_of),
        number(rows, |r| r.numerator),
        number(rows, |r| r.denominator),
        number(rows, |r| r.value),
        text(rows, |r| r.unit),
        text(rows, |r| r.state),
        (true, Arc::new(rows.iter().map(|r| r.band).collect::<StringArray>())),
        number(rows, |r| r.standard),
        count(rows, |r| r.undetermined)?,
        count(rows, |r| r.excluded)?,
        text(rows, |r| r.meaning),
        number(rows, |r| r.low),
        number(rows, |r| r.high),
        (true, Arc::new(rows.iter().map(|r| r.straddles).collect::<BooleanArray>())),
        (true, Arc::new(rows.iter().map(|r| r.peer_group).collect::<StringArray>())),
        count(rows, |r| r.below_green)?,
        count(rows, |r| r.below_yellow)?,
        count(rows, |r| r.below_red)?,
        count(rows, |r| r.below_none)?,
    ];
    let fields: Vec<Field> = ResultRow::columns()
        .zip(&arrays)
        .map(|(name, (missing, array))| Field::new(name, array.data_type().clone(), *missing))
        .collect();
    let arrays = arrays.into_iter().map(|(_, array)| array).collect();
    RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays).map_err(io::Error::other)
}

/// Whether values may be missing, and the values.
type Column = (bool, ArrayRef);

fn text<'a>(rows: &'a [ResultRow], of: impl Fn(&'a ResultRow) -> &'a str) -> Column {
    (false, Arc::new(StringArray::from_iter_values(rows.iter().map(of))))
}

fn number(rows: &[ResultRow], of: impl Fn(&ResultRow) -> Option<f64>) -> Column {
    (true, Arc::new(rows.iter().map(of).collect::<Float64Array>()))
}

fn count(rows: &[ResultRow], of: impl Fn(&ResultRow) -> Option<u64>) -> io::Result<Column> {
    let whole = |row| of(row).map(i64::try_from).transpose();
    let array: Int64Array = rows.iter().map(whole).collect::<Result<_, _>>().map_err(io::Error::other)?;
    Ok((true, Arc::new(array)))
}

fn date<'a>(rows: &'a [ResultRow], of: impl Fn(&'a ResultRow) -> &'a Day) -> Column {
    let days = rows.iter().map(|row| of(row).date.num_days_from_ce() - ARROW_EPOCH);
    (false, Arc::new(Date32Array::from_iter_values(days)))
}
