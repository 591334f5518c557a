//! Files of Parquet that were extracted from a database: every value is the text that a CSV file
//! would have, and is read as such. A file says so itself.
//!
//! Days, times and flags of columns that have such a type in the database are written as the
//! language writes them, whatever form the model names for texts.

use super::arrays;
use super::checked::Hashed;
use super::column::ColumnBuilder;
use super::rejects::Rejects;
use ::parquet::arrow::ArrowWriter;
use ::parquet::basic::{Compression, ZstdLevel};
use ::parquet::file::metadata::{FileMetaData, KeyValue};
use ::parquet::file::properties::WriterProperties;
use arrow::array::{ArrayRef, AsArray, RecordBatch, StringArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use arrow::error::ArrowError;
use std::collections::BTreeSet;
use std::fmt;
use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::Arc;
use yardstick_language::model::ColumnType;

/// Under this name a file says that its values are texts, and which columns are written as the
/// language writes them.
const KEY: &str = "yardstick.texts";

/// A file being written.
pub struct Extract {
    schema: SchemaRef,
    writer: ArrowWriter<Hashed<File>>,
    /// The same file, to be asked whether all of it is on the disk.
    file: File,
    rows: u64,
}

impl Extract {
    /// Begins a file: the name of each column, and whether its texts are written as the language
    /// writes days, times and flags.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn begin(path: &Path, columns: &[(&str, bool)]) -> io::Result<Self> {
        let fields: Vec<Field> = columns.iter().map(|(name, _)| Field::new(*name, DataType::Utf8, true)).collect();
        let schema = Arc::new(Schema::new(fields));
        let typed: Vec<&str> = columns.iter().filter(|(_, typed)| *typed).map(|(name, _)| *name).collect();
        let said = KeyValue::new(KEY.to_owned(), serde_json::to_string(&typed)?);
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            .set_key_value_metadata(Some(vec![said]))
            .set_created_by(format!("{} {}", env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION")))
            .build();
        let file = File::create_new(path)?;
        let writer = ArrowWriter::try_new(Hashed::new(file.try_clone()?), Arc::clone(&schema), Some(properties))
            .map_err(reason)?;
        Ok(Self { schema, writer, file, rows: 0 })
    }

    /// Adds rows, by column. Gives how many these are.
    ///
    /// # Errors
    /// When they cannot be written.
    pub fn add(&mut self, columns: Vec<StringArray>) -> io::Result<u64> {
        let columns = columns.into_iter().map(|column| Arc::new(column) as ArrayRef).collect();
        let batch = RecordBatch::try_new(Arc::clone(&self.schema), columns).map_err(io::Error::other)?;
        self.writer.write(&batch).map_err(reason)?;
        self.rows += batch.num_rows() as u64;
        Ok(batch.num_rows() as u64)
    }

    /// Ends the file, with all of it on the disk. Gives how many rows it has, and its hash.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn finish(self) -> io::Result<(u64, String)> {
        let hash = self.writer.into_inner().map_err(reason)?.finish()?;
        self.file.sync_all()?;
        Ok((self.rows, hash))
    }
}

impl fmt::Debug for Extract {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Extract").field("file", &self.file).field("rows", &self.rows).finish()
    }
}

/// What the disk said, where it was the disk.
fn reason(error: ::parquet::errors::ParquetError) -> io::Error {
    use ::parquet::errors::ParquetError;
    match error {
        ParquetError::External(cause) => match cause.downcast::<io::Error>() {
            Ok(cause) => *cause,
            Err(cause) => io::Error::other(cause),
        },
        other => io::Error::other(other),
    }
}

/// Of a file that was extracted, the columns that are written as the language writes them; `None`
/// for any other file.
pub(super) fn said(of: &FileMetaData) -> Option<BTreeSet<String>> {
    let said = of.key_value_metadata()?.iter().find(|said| said.key == KEY)?;
    Some(serde_json::from_str(said.value.as_deref()?).unwrap_or_default())
}

/// Whether the values of a column are no texts in the model, and so are read one by one. Ids, texts
/// and codes are read as in any other file.
pub(super) fn is_read_by_text(column: &ColumnBuilder<'_>, found: &DataType) -> bool {
    let is_text_in_the_model = match column.column.ty {
        ColumnType::Key | ColumnType::Link(_) | ColumnType::Text | ColumnType::Codes(_) => true,
        ColumnType::Bool | ColumnType::Int | ColumnType::Decimal(_) | ColumnType::Date | ColumnType::Timestamp => false,
    };
    arrays::is_text(arrays::plain(found)) && !is_text_in_the_model
}

/// Adds all values of a batch's column, each as its text says; `first` is the number of the batch's
/// first row.
pub(super) fn push(
    column: &mut ColumnBuilder<'_>,
    array: &ArrayRef,
    first: usize,
    rejects: &mut Rejects,
) -> Result<(), ArrowError> {
    for (row, text) in (first..).zip(cast(array, &DataType::Utf8)?.as_string::<i32>()) {
        match text {
            None => column.push_missing(row, rejects),
            Some(text) => column.push_text(text, row, rejects),
        }
    }
    Ok(())
}
