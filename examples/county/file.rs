//! Writes rows into one file per table, a row group at a time, so that memory does not grow with
//! the county.

use super::dates::{self, Day};
use super::shuffled::Shuffled;
use super::tables::{Kind, Spec};
use arrow::array::{
    ArrayRef, BooleanBuilder, Date32Builder, Int64Builder, RecordBatch, StringBuilder, TimestampMicrosecondBuilder,
};
use arrow::compute::interleave_record_batch;
use arrow::datatypes::{DataType, Field, Schema, SchemaRef, TimeUnit};
use datafusion::parquet::arrow::ArrowWriter;
use datafusion::parquet::basic::{Compression, Encoding, ZstdLevel};
use datafusion::parquet::file::properties::WriterProperties;
use datafusion::parquet::schema::types::ColumnPath;
use std::error::Error;
use std::fmt::Write as _;
use std::fs::File;
use std::path::Path;
use std::sync::Arc;

/// Rows that are kept in memory before they go to the file.
const GROUP: usize = 65_536;

/// One value of a row.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Cell {
    /// Missing.
    Nothing,
    /// An id: letters and a number.
    Id(&'static str, u64),
    /// A word of a fixed set.
    Code(&'static str),
    /// Free text.
    Text(String),
    /// A day.
    Day(Day),
    /// Seconds since 1970-01-01, local time.
    Time(i64),
    /// Yes or no.
    Flag(bool),
    /// A whole number.
    Count(i64),
}

/// Which kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Format {
    Parquet,
    Csv,
}

#[derive(Debug)]
enum Column {
    Text(StringBuilder),
    Day(Date32Builder),
    Time(TimestampMicrosecondBuilder),
    Flag(BooleanBuilder),
    Count(Int64Builder),
}

enum Sink {
    Parquet(Box<ArrowWriter<File>>),
    Csv(Box<csv::Writer<File>>),
}

/// Rows that are held until their order is drawn.
struct Held {
    shuffled: Shuffled,
    groups: Vec<RecordBatch>,
    records: Vec<csv::StringRecord>,
}

/// A table that is being written.
pub(crate) struct TableFile {
    schema: SchemaRef,
    columns: Vec<Column>,
    waiting: usize,
    sink: Sink,
    held: Option<Held>,
    /// Rows written so far.
    pub(crate) rows: u64,
}

impl TableFile {
    /// Starts the table's file in `folder`.
    pub(crate) fn create(
        folder: &Path,
        spec: &Spec,
        format: Format,
        shuffled: Option<Shuffled>,
    ) -> Result<Self, Box<dyn Error>> {
        let fields: Vec<Field> =
            spec.columns.iter().map(|(name, kind)| Field::new(*name, arrow_type(*kind), true)).collect();
        let schema = Arc::new(Schema::new(fields));
        let sink = match format {
            Format::Parquet => {
                let file = File::create(folder.join(format!("{}.parquet", spec.name)))?;
                let writer =
                    ArrowWriter::try_new(file, Arc::clone(&schema), Some(properties(spec, shuffled.is_some())?))?;
                Sink::Parquet(Box::new(writer))
            }
            Format::Csv => {
                let mut writer = csv::Writer::from_path(folder.join(format!("{}.csv", spec.name)))?;
                writer.write_record(spec.columns.iter().map(|(name, _)| *name))?;
                Sink::Csv(Box::new(writer))
            }
        };
        let columns = spec.columns.iter().map(|(_, kind)| column(*kind)).collect();
        let held = shuffled.map(|shuffled| Held { shuffled, groups: Vec::new(), records: Vec::new() });
        Ok(Self { schema, columns, waiting: 0, sink, held, rows: 0 })
    }

    /// Appends one row.
    pub(crate) fn add(&mut self, row: &[Cell]) -> Result<(), Box<dyn Error>> {
        self.rows += 1;
        let other = self.held.as_ref().map(|held| held.shuffled.row(row));
        let row = other.as_deref().unwrap_or(row);
        match (&mut self.sink, &mut self.held) {
            (Sink::Csv(_), Some(held)) => {
                held.records.push(row.iter().map(text).collect());
                Ok(())
            }
            (Sink::Csv(writer), None) => writer.write_record(row.iter().map(text)).map_err(Into::into),
            (Sink::Parquet(_), _) => {
                for (column, cell) in self.columns.iter_mut().zip(row) {
                    append(column, cell)?;
                }
                self.waiting += 1;
                if self.waiting == GROUP { self.flush() } else { Ok(()) }
            }
        }
    }

    fn flush(&mut self) -> Result<(), Box<dyn Error>> {
        let Sink::Parquet(writer) = &mut self.sink else { return Ok(()) };
        let arrays: Vec<ArrayRef> = self.columns.iter_mut().map(finish).collect();
        let group = RecordBatch::try_new(Arc::clone(&self.schema), arrays)?;
        match &mut self.held {
            Some(held) => held.groups.push(group),
            None => writer.write(&group)?,
        }
        self.waiting = 0;
        Ok(())
    }

    /// Writes what is waiting and ends the file.
    pub(crate) fn close(mut self) -> Result<u64, Box<dyn Error>> {
        self.flush()?;
        if let Some(held) = self.held {
            held.write(&mut self.sink)?;
        }
        match self.sink {
            Sink::Parquet(writer) => {
                writer.close()?;
            }
            Sink::Csv(mut writer) => writer.flush()?,
        }
        Ok(self.rows)
    }
}

impl Held {
    /// Writes all rows in the order that is drawn for them.
    fn write(self, sink: &mut Sink) -> Result<(), Box<dyn Error>> {
        match sink {
            Sink::Csv(writer) => {
                let order = self.shuffled.order(self.records.len());
                order.into_iter().try_for_each(|row| Ok(writer.write_record(&self.records[row])?))
            }
            Sink::Parquet(writer) => {
                let groups: Vec<&RecordBatch> = self.groups.iter().collect();
                let rows = groups.iter().map(|group| group.num_rows()).sum();
                // All groups but the last have the same number of rows.
                let places: Vec<_> = self.shuffled.order(rows).iter().map(|row| (row / GROUP, row % GROUP)).collect();
                places.chunks(GROUP).try_for_each(|some| Ok(writer.write(&interleave_record_batch(&groups, some)?)?))
            }
        }
    }
}

/// Ids and times hardly repeat, so a dictionary would only make them longer; neighbouring ids share
/// their beginning, where they are neighbours.
fn properties(spec: &Spec, shuffled: bool) -> Result<WriterProperties, Box<dyn Error>> {
    let mut builder = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(9)?))
        .set_max_row_group_row_count(Some(GROUP * 8))
        .set_created_by("yardstick example county".to_owned());
    for (name, kind) in spec.columns {
        let path = ColumnPath::from(*name);
        builder = match kind {
            Kind::Key if !shuffled => builder
                .set_column_dictionary_enabled(path.clone(), false)
                .set_column_encoding(path, Encoding::DELTA_BYTE_ARRAY),
            Kind::Key | Kind::Time => builder.set_column_dictionary_enabled(path, false),
            Kind::Link | Kind::Text | Kind::Code | Kind::Day | Kind::Flag | Kind::Count => builder,
        };
    }
    Ok(builder.build())
}

fn arrow_type(kind: Kind) -> DataType {
    match kind {
        Kind::Key | Kind::Link | Kind::Text | Kind::Code => DataType::Utf8,
        Kind::Day => DataType::Date32,
        Kind::Time => DataType::Timestamp(TimeUnit::Microsecond, None),
        Kind::Flag => DataType::Boolean,
        Kind::Count => DataType::Int64,
    }
}

fn column(kind: Kind) -> Column {
    match kind {
        Kind::Key | Kind::Link | Kind::Text | Kind::Code => Column::Text(StringBuilder::new()),
        Kind::Day => Column::Day(Date32Builder::new()),
        Kind::Time => Column::Time(TimestampMicrosecondBuilder::new()),
        Kind::Flag => Column::Flag(BooleanBuilder::new()),
        Kind::Count => Column::Count(Int64Builder::new()),
    }
}

fn append(column: &mut Column, cell: &Cell) -> Result<(), Box<dyn Error>> {
    match (column, cell) {
        (Column::Text(b), Cell::Nothing) => b.append_null(),
        (Column::Text(b), Cell::Id(letters, number)) => {
            write!(b, "{letters}{number:06}")?;
            b.append_value("");
        }
        (Column::Text(b), Cell::Code(word)) => b.append_value(word),
        (Column::Text(b), Cell::Text(text)) => b.append_value(text),
        (Column::Day(b), Cell::Day(day)) => b.append_value(*day),
        (Column::Day(b), Cell::Nothing) => b.append_null(),
        (Column::Time(b), Cell::Time(seconds)) => b.append_value(seconds * 1_000_000),
        (Column::Time(b), Cell::Nothing) => b.append_null(),
        (Column::Flag(b), Cell::Flag(flag)) => b.append_value(*flag),
        (Column::Count(b), Cell::Count(count)) => b.append_value(*count),
        (column, cell) => return Err(format!("{cell:?} cannot stand in the column {column:?}").into()),
    }
    Ok(())
}

fn finish(column: &mut Column) -> ArrayRef {
    match column {
        Column::Text(b) => Arc::new(b.finish()),
        Column::Day(b) => Arc::new(b.finish()),
        Column::Time(b) => Arc::new(b.finish()),
        Column::Flag(b) => Arc::new(b.finish()),
        Column::Count(b) => Arc::new(b.finish()),
    }
}

fn text(cell: &Cell) -> String {
    match cell {
        Cell::Nothing => String::new(),
        Cell::Id(letters, number) => format!("{letters}{number:06}"),
        Cell::Code(word) => (*word).to_owned(),
        Cell::Text(text) => text.clone(),
        Cell::Day(day) => dates::text(*day),
        Cell::Time(seconds) => {
            let (day, second) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
            let day = Day::try_from(day).unwrap_or_default();
            format!("{}T{:02}:{:02}:{:02}", dates::text(day), second / 3600, second / 60 % 60, second % 60)
        }
        Cell::Flag(flag) => flag.to_string(),
        Cell::Count(count) => count.to_string(),
    }
}
