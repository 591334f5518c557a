//! Parquet files: the model's columns only, one batch at a time. The only file of this room that names the Parquet reader.

use super::arrays;
use super::column::how_to_write;
use super::columns::positions;
use super::files::{file_name, unreadable};
use super::problem::Problem;
use super::sheet::{Sheet, SheetBuilder};
use crate::diag::code;
use crate::model::{Model, TableId};
use arrow::array::RecordBatch;
use arrow::datatypes::{DataType, Schema, SchemaRef, TimeUnit};
use datafusion::parquet::arrow::ProjectionMask;
use datafusion::parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder,
};
use datafusion::parquet::basic::Type as PhysicalType;
use datafusion::parquet::errors::ParquetError;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Rows decoded at a time: few enough to stay in the processor's caches.
const BATCH: usize = 16_384;

/// Reads a table from one or more Parquet files.
pub(super) fn read<'m>(model: &'m Model, id: TableId, paths: &[PathBuf]) -> Result<Sheet<'m>, Problem> {
    let mut sheet = SheetBuilder::new(model, id, "row");
    for path in paths {
        read_file(&mut sheet, path).map_err(|p| p.file(path))?;
    }
    sheet.finish().map_err(|p| match paths.first() {
        Some(path) => p.file(path),
        None => p,
    })
}

fn read_file(sheet: &mut SheetBuilder<'_>, path: &Path) -> Result<(), Problem> {
    let file = File::open(path).map_err(|e| unreadable(path, &e))?;
    let number = sheet.begin(file_name(path));
    let reader = open(file).map_err(|e| broken(&e.to_string()))?;
    let schema = reader.schema().clone();
    let at = positions(sheet.table, &schema.fields().iter().map(|f| f.name().as_str()).collect::<Vec<_>>())?;
    check_types(sheet, &schema, &at)?;
    let mask = ProjectionMask::roots(reader.parquet_schema(), at.iter().copied());
    let batches = reader.with_projection(mask).with_batch_size(BATCH).build().map_err(|e| broken(&e.to_string()))?;
    // A projection keeps the file's order of columns: the n-th smallest position comes n-th.
    let mut order = at.clone();
    order.sort_unstable();
    order.dedup();
    let place: Vec<usize> = at.iter().map(|a| order.partition_point(|b| b < a)).collect();
    let mut done = 0;
    for batch in batches {
        let batch = batch.map_err(|e| broken(&e.to_string()))?;
        push(sheet, &batch, &place, number, done)?;
        done += batch.num_rows() as u64;
    }
    Ok(())
}

/// Opens a file. Some writers keep times in an old form of 96 bits; as nanoseconds, days such as 9999-12-31 would silently
/// become others, so these are read as microseconds.
fn open(file: File) -> Result<ParquetRecordBatchReaderBuilder<File>, ParquetError> {
    let found = ArrowReaderMetadata::load(&file, ArrowReaderOptions::new())?;
    let roots = found.parquet_schema().root_schema().get_fields();
    let old: Vec<bool> =
        roots.iter().map(|f| f.is_primitive() && f.get_physical_type() == PhysicalType::INT96).collect();
    if !old.contains(&true) {
        return Ok(ParquetRecordBatchReaderBuilder::new_with_metadata(file, found));
    }
    let micros = DataType::Timestamp(TimeUnit::Microsecond, None);
    let fields = found.schema().fields().iter().zip(old);
    let fields: Vec<_> = fields
        .map(|(f, old)| if old { Arc::new(f.as_ref().clone().with_data_type(micros.clone())) } else { f.clone() })
        .collect();
    let options = ArrowReaderOptions::new().with_schema(Arc::new(Schema::new(fields)));
    let found = ArrowReaderMetadata::try_new(found.metadata().clone(), options)?;
    Ok(ParquetRecordBatchReaderBuilder::new_with_metadata(file, found))
}

fn push(
    sheet: &mut SheetBuilder<'_>,
    batch: &RecordBatch,
    place: &[usize],
    file: usize,
    done: u64,
) -> Result<(), Problem> {
    let first = sheet.grow(batch.num_rows())?;
    sheet.places.note(first, file, done + 1);
    for (column, place) in sheet.columns.iter_mut().zip(place) {
        arrays::push(column, batch.column(*place), first, &mut sheet.sieve).map_err(|e| broken(&e.to_string()))?;
    }
    Ok(())
}

/// Parquet says what its columns hold, so a wrong type is found before a row is read.
fn check_types(sheet: &SheetBuilder<'_>, schema: &SchemaRef, at: &[usize]) -> Result<(), Problem> {
    for (column, at) in sheet.table.columns.iter().zip(at) {
        let found = schema.field(*at).data_type();
        if arrays::accepts(&column.ty, found) {
            continue;
        }
        let message = format!(
            "column `{}` of table `{}` holds {}, where the model says {}",
            column.file_name,
            sheet.table.name,
            arrays::words(found),
            super::column::kind(&column.ty)
        );
        let help = if matches!(found, DataType::Timestamp(_, Some(_))) {
            "times are local, without zone: turn them into local time and write a timestamp without a time zone (in Parquet: not adjusted to UTC)"
        } else {
            how_to_write(&column.ty)
        };
        return Err(Problem::new(code::DATA_WRONG_TYPE, message).help(help));
    }
    Ok(())
}

fn broken(why: &str) -> Problem {
    // The reader's own words, on one line.
    let why = why.split_whitespace().collect::<Vec<_>>().join(" ");
    Problem::new(
        code::DATA_BROKEN_PARQUET,
        format!("the file cannot be read as Parquet: {}", super::sieve::shorten_to(why, 160)),
    )
    .help("was it cut short, or is it another format? write or copy it again")
}
