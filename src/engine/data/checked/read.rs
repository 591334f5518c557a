//! A checked copy read: every file is looked at by its hash before anything in it is believed.

use super::key::hash_of;
use super::{CONTENTS, CheckedCopy, Contents, Piece, What, pieces};
use crate::data::encode::row_numbers;
use crate::data::problem::Problem;
use crate::data::report::{DataReport, TableReport};
use crate::data::{Projection, Task, finished, internal};
use crate::inputs;
use crate::scratch::Scratch;
use crate::store::{self, Store, StoredTable};
use arrow::array::{Array, ArrayRef, AsArray, RecordBatch, new_empty_array};
use arrow::buffer::Buffer;
use arrow::datatypes::{FieldRef, Schema};
use arrow::error::ArrowError;
use arrow::ipc::reader::StreamDecoder;
use std::collections::BTreeMap;
use std::io::{ErrorKind, Read};
use std::path::PathBuf;
use yardstick_language::model::{ColumnId, Model, TableId};

/// What is said of a table is never longer.
const LONGEST: u64 = 64 << 20;

/// A file to be read.
struct Asked {
    piece: Piece,
    path: PathBuf,
    hash: String,
}

/// Why a copy cannot be used.
pub(super) enum Unusable {
    /// Not every table has one.
    Missing,
    /// It is not as it was written.
    Damaged,
    /// Something else went wrong: with a scratch file, as a rule.
    Failed(Problem),
}

impl From<ArrowError> for Unusable {
    fn from(error: ArrowError) -> Self {
        Self::Failed(internal(&error))
    }
}

type Usable<T> = Result<T, Unusable>;

/// What the pieces of one table hold.
#[derive(Default)]
struct Parts {
    columns: BTreeMap<ColumnId, RecordBatch>,
    ids: Option<ArrayRef>,
    dated: BTreeMap<usize, RecordBatch>,
    went: Option<RecordBatch>,
}

/// Reads what is wanted of all tables.
pub(super) fn read(copy: &CheckedCopy<'_>, task: Task<'_>, wanted: &Projection) -> Usable<(Store, DataReport)> {
    let Task { model, means, .. } = task;
    let (mut report, mut asked) = (DataReport::default(), Vec::new());
    for id in copy.keys.keys() {
        let (table, files) = files(copy, model, *id)?;
        report.tables.push(table);
        asked.extend(files.into_iter().filter(|file| match file.piece.what {
            What::Column(column) => wanted.column(model, *id, column),
            What::Ids => wanted.ids(model, *id),
            What::Dated(_) | What::Went => true,
        }));
    }
    let size = |file: &Asked| file.path.metadata().map_or(0, |m| m.len());
    let done = means.threads.each(asked, size, |file| file.read(means.scratch).map(|rows| (file.piece, rows)));
    let mut parts: BTreeMap<TableId, Parts> = BTreeMap::new();
    for one in finished(done).map_err(Unusable::Failed)? {
        let (piece, rows) = one?;
        parts.entry(piece.table).or_default().add(piece.what, rows);
    }
    let mut store = Store::default();
    for table in &report.tables {
        parts.remove(&table.id).unwrap_or_default().put(model, table, &mut store, means.scratch)?;
    }
    Ok((store, report))
}

/// What was found in a table, and the files of its copy.
fn files(copy: &CheckedCopy<'_>, model: &Model, id: TableId) -> Usable<(TableReport, Vec<Asked>)> {
    let place = copy.place(model, id);
    let mut text = String::new();
    let read = inputs::open(&place.join(CONTENTS)).and_then(|file| file.take(LONGEST).read_to_string(&mut text));
    read.map_err(|error| match error.kind() {
        ErrorKind::NotFound => Unusable::Missing,
        _ => Unusable::Damaged,
    })?;
    let said = text.split_once('\n').filter(|(hash, said)| hash_of(said.as_bytes()) == *hash).map(|(_, said)| said);
    let contents = said.and_then(|said| serde_json::from_str(said).ok());
    let Contents { report, mut files } = contents.ok_or(Unusable::Damaged)?;
    let asked = pieces(model, id).into_iter();
    let asked = asked.filter(|piece| piece.what != What::Went || files.contains_key(&piece.file)).collect::<Vec<_>>();
    let asked = asked.into_iter().map(|piece| {
        let hash = files.remove(&piece.file).ok_or(Unusable::Damaged)?;
        Ok(Asked { path: place.join(&piece.file), hash, piece })
    });
    Ok((TableReport { id, ..report }, asked.collect::<Usable<_>>()?))
}

impl Asked {
    /// What it holds.
    fn read(&self, scratch: &Scratch) -> Usable<RecordBatch> {
        let bytes = scratch.read(&self.path).map_err(|error| match scratch.memory() {
            // A file of the copy that is there can be read, so the scratch file is to blame.
            Some(_) if self.path.is_file() => ArrowError::from(error).into(),
            Some(_) | None => Unusable::Damaged,
        })?;
        if hash_of(&bytes) != self.hash {
            return Err(Unusable::Damaged);
        }
        let batches = batches(bytes).map_err(|_| Unusable::Damaged)?;
        let columns = self.piece.schema.fields().iter().enumerate().map(|(place, field)| {
            let joined = scratch.join(batches.iter().map(|rows| Ok(rows.column(place).clone())));
            Ok(joined?.unwrap_or_else(|| new_empty_array(field.data_type())))
        });
        RecordBatch::try_new(self.piece.schema.clone(), columns.collect::<Usable<_>>()?).map_err(|_| Unusable::Damaged)
    }
}

/// The rows in these bytes, which stay where they are.
fn batches(mut bytes: Buffer) -> Result<Vec<RecordBatch>, ArrowError> {
    let (mut decoder, mut batches) = (StreamDecoder::new(), Vec::new());
    while let Some(batch) = decoder.decode(&mut bytes)? {
        batches.push(batch);
    }
    decoder.finish()?;
    Ok(batches)
}

impl Parts {
    fn add(&mut self, what: What, rows: RecordBatch) {
        match what {
            What::Column(column) => drop(self.columns.insert(column, rows)),
            What::Ids => self.ids = Some(rows.column(0).clone()),
            What::Dated(link) => drop(self.dated.insert(link, rows)),
            What::Went => self.went = Some(rows),
        }
    }

    /// Puts the table into the store.
    fn put(self, model: &Model, report: &TableReport, store: &mut Store, scratch: &Scratch) -> Usable<()> {
        let rows = usize::try_from(report.used).map_err(|_| Unusable::Damaged)?;
        let numbers = row_numbers(rows, scratch)?;
        let numbered = (store::schema(model, report.id).field(0).clone().into(), numbers);
        let columns = self.columns.values().map(|rows| (rows.schema().fields()[0].clone(), rows.column(0).clone()));
        let (fields, columns): (Vec<FieldRef>, Vec<ArrayRef>) = std::iter::once(numbered).chain(columns).unzip();
        // Columns of another length are not of this table.
        let rows = RecordBatch::try_new(Schema::new(fields).into(), columns).map_err(|_| Unusable::Damaged)?;
        let keys = self.ids.map(|ids| ids.as_string().clone());
        if keys.as_ref().is_some_and(|keys| keys.len() != rows.num_rows()) {
            return Err(Unusable::Damaged);
        }
        store.tables.insert(report.id, StoredTable { rows, keys, went: self.went });
        store.dated.extend(self.dated.into_iter().map(|(link, stays)| ((report.id, link), stays)));
        Ok(())
    }
}
