//! Result rows as Parquet, each column with its own type: dates are dates, counts of rows whole
//! numbers.

use super::{Format, Kind, Report, Rows, Writing, row_pieces};
use crate::scorecard::{Block, Day, Judged, ResultRow};
use ::parquet::arrow::ArrowWriter;
use ::parquet::arrow::arrow_writer::{ArrowColumnChunk, ArrowColumnWriter, ArrowRowGroupWriterFactory, compute_leaves};
use ::parquet::file::writer::SerializedFileWriter;
use arrow::array::{ArrayRef, BooleanArray, Date32Array, Float64Array, Int64Array, StringArray};
use arrow::datatypes::{Field, Schema};
use chrono::Datelike;
use std::io::{self, Write};
use std::sync::Arc;

/// `parquet`.
pub(super) const FORMAT: Format =
    Format { name: "parquet", extension: "parquet", kind: Kind::Binary, writing: Writing::Rows(begin) };

/// Days from the first day that chrono counts to 1970-01-01, where Arrow begins.
const ARROW_EPOCH: i32 = 719_163;

/// Rows in a group that a thread makes on its own, or a few more. Readers skip, and share out,
/// whole groups.
const GROUP: usize = 32_768;
/// Fewer rows get no group to themselves: what a group says of its columns would take more room
/// than they.
const FEW: usize = GROUP / 4;
/// Rows encoded at a time: they stay in a processor's cache.
const ROWS: usize = 4096;

fn begin() -> io::Result<Box<dyn Rows>> {
    let fields: Vec<Field> = columns(&[])?.into_iter().map(|(field, _)| field).collect();
    let writer = ArrowWriter::try_new(Vec::new(), Arc::new(Schema::new(fields)), None)?;
    let (file, groups) = writer.into_serialized_writer()?;
    Ok(Box::new(Groups { file, groups, few: None }))
}

/// A file being written, group by group.
struct Groups {
    file: SerializedFileWriter<Vec<u8>>,
    groups: ArrowRowGroupWriterFactory,
    /// The group for indicators with few rows, which stand together.
    few: Option<Group>,
}

impl Rows for Groups {
    fn add(&mut self, report: &Report, out: &mut dyn Write) -> io::Result<()> {
        let judged = &report.judged;
        let blocks = judged.blocks();
        if blocks.len() * row_pieces::widest(report) < FEW {
            let mut group = self.few.take().map_or_else(|| Group::new(&self.groups), Ok)?;
            group.add(judged, &blocks)?;
            if group.rows < GROUP {
                self.few = Some(group);
            } else {
                put(&mut self.file, group.close()?, out)?;
            }
            return Ok(());
        }
        // Rows stand in the order of the indicators.
        self.put_few(out)?;
        let Self { file, groups, .. } = self;
        let make = |(): &mut (), blocks: &[Block]| {
            let mut group = Group::new(groups)?;
            group.add(judged, blocks)?;
            group.close()
        };
        row_pieces::ordered_map(report, &blocks, GROUP, make, |columns| put(file, columns?, out))
    }

    fn end(mut self: Box<Self>, out: &mut dyn Write) -> io::Result<()> {
        self.put_few(out)?;
        out.write_all(&self.file.into_inner()?)
    }
}

impl Groups {
    fn put_few(&mut self, out: &mut dyn Write) -> io::Result<()> {
        self.few.take().map_or(Ok(()), |group| put(&mut self.file, group.close()?, out))
    }
}

/// Writes a group.
fn put(
    file: &mut SerializedFileWriter<Vec<u8>>,
    columns: Vec<ArrowColumnChunk>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut group = file.next_row_group()?;
    for column in columns {
        column.append_to_row_group(&mut group)?;
    }
    group.close()?;
    // The writer counts the bytes it has given, and does not look at them again.
    out.write_all(&std::mem::take(file.inner_mut()))
}

/// A group of rows being encoded.
struct Group {
    columns: Vec<ArrowColumnWriter>,
    rows: usize,
}

impl Group {
    fn new(groups: &ArrowRowGroupWriterFactory) -> io::Result<Self> {
        // The number of the group matters to encryption alone.
        Ok(Self { columns: groups.create_column_writers(0)?, rows: 0 })
    }

    /// Adds the rows of some blocks.
    fn add(&mut self, judged: &Judged, blocks: &[Block]) -> io::Result<()> {
        let mut rows = blocks.iter().flat_map(|&block| judged.rows_of(block)).peekable();
        while rows.peek().is_some() {
            let some: Vec<ResultRow> = rows.by_ref().take(ROWS).collect();
            for (column, (field, values)) in self.columns.iter_mut().zip(columns(&some)?) {
                compute_leaves(&field, &values)?.iter().try_for_each(|values| column.write(values))?;
            }
            self.rows += some.len();
        }
        Ok(())
    }

    fn close(self) -> io::Result<Vec<ArrowColumnChunk>> {
        Ok(self.columns.into_iter().map(ArrowColumnWriter::close).collect::<Result<_, _>>()?)
    }
}

/// What stands in each column of the file, and the values of these rows.
fn columns(rows: &[ResultRow]) -> io::Result<Vec<(Field, ArrayRef)>> {
    let columns: [Column; 38] = [
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
        (true, Arc::new(rows.iter().map(|r| r.reason).collect::<StringArray>())),
        (true, Arc::new(rows.iter().map(|r| r.band).collect::<StringArray>())),
        number(rows, |r| r.standard),
        number(rows, |r| r.standard_least),
        number(rows, |r| r.standard_most),
        count(rows, |r| r.undetermined)?,
        count(rows, |r| r.excluded)?,
        count(rows, |r| r.unsure)?,
        count(rows, |r| r.unread)?,
        number(rows, |r| r.least),
        number(rows, |r| r.most),
        text(rows, |r| r.meaning),
        number(rows, |r| r.low),
        number(rows, |r| r.high),
        (true, Arc::new(rows.iter().map(|r| r.straddles).collect::<BooleanArray>())),
        (true, Arc::new(rows.iter().map(|r| r.peer_group).collect::<StringArray>())),
        count(rows, |r| r.below_green)?,
        count(rows, |r| r.below_yellow)?,
        count(rows, |r| r.below_red)?,
        count(rows, |r| r.below_none)?,
        (true, Arc::new(rows.iter().map(|r| r.group).collect::<StringArray>())),
        (true, Arc::new(rows.iter().map(|r| r.group_value).collect::<StringArray>())),
        number(rows, |r| r.ratio),
        number(rows, |r| r.ratio_low),
        number(rows, |r| r.ratio_high),
        (true, Arc::new(rows.iter().map(|r| r.ratio_to).collect::<StringArray>())),
    ];
    let named = ResultRow::columns().zip(columns);
    Ok(named.map(|(name, (missing, values))| (Field::new(name, values.data_type().clone(), missing), values)).collect())
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
