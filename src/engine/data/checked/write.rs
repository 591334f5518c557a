//! A checked copy written: beside its place, and put there when it is whole.

use super::key::{DIGITS, Hashed, hash_of};
use super::{CONTENTS, CheckedCopy, Contents, Piece, What, pieces, private, stem, unwritable};
use crate::atomic_output::{BEGINS, ENDS, UNFINISHED};
use crate::data::problem::Problem;
use crate::data::report::DataReport;
use crate::data::{Task, finished};
use crate::scratch::Scratch;
use crate::store::Store;
use arrow::array::{ArrayRef, RecordBatch};
use arrow::error::ArrowError;
use arrow::ipc::writer::StreamWriter;
use std::collections::BTreeMap;
use std::fs::{self, DirEntry, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::sync::Arc;
use tempfile::TempDir;
use yardstick_language::model::{Model, TableId};

/// Where copies with other keys are put until they are deleted: no table's copy is called so.
const OLD: &str = "old";

/// Makes a copy of what was read.
pub(super) fn write(copy: &CheckedCopy<'_>, task: Task<'_>, loaded: (&Store, &DataReport)) -> Result<(), Problem> {
    let failed = |error: io::Error| unwritable(copy.folder, &error);
    let beside = || tempfile::Builder::new().prefix(BEGINS).suffix(ENDS).tempdir_in(copy.folder);
    let beside = UNFINISHED.begin(beside, TempDir::path).map_err(failed)?;
    let written = tables(copy, task, loaded, beside.path());
    let path = beside.path().to_path_buf();
    UNFINISHED.finish(&path, || {
        written?;
        put(copy, task.model, &path).map_err(failed)?;
        // With the copies that it took the place of.
        drop(beside);
        Ok(())
    })
}

/// Writes all tables into a folder.
fn tables(
    copy: &CheckedCopy<'_>,
    task: Task<'_>,
    (store, report): (&Store, &DataReport),
    beside: &Path,
) -> Result<(), Problem> {
    let Task { model, means, .. } = task;
    let failed = |error: io::Error| unwritable(copy.folder, &error);
    let mut work = Vec::new();
    for id in copy.keys.keys() {
        private().create(beside.join(copy.name(model, *id))).map_err(failed)?;
        work.extend(pieces(model, *id).into_iter().filter_map(|piece| Some((held(store, &piece)?, piece))));
    }
    let done = means.threads.each(
        work,
        |(rows, _)| rows.get_array_memory_size() as u64,
        |(rows, piece)| {
            let path = beside.join(copy.name(model, piece.table)).join(&piece.file);
            written(&rows, &path, means.scratch).map(|hash| (piece, hash))
        },
    );
    let mut files: BTreeMap<TableId, BTreeMap<String, String>> = BTreeMap::new();
    for one in finished(done)? {
        let (piece, hash) = one.map_err(|error| match error {
            ArrowError::IoError(_, cause) => failed(cause),
            other => failed(io::Error::other(other)),
        })?;
        files.entry(piece.table).or_default().insert(piece.file, hash);
    }
    for table in &report.tables {
        let contents = Contents { report: table.clone(), files: files.remove(&table.id).unwrap_or_default() };
        let said = serde_json::to_string_pretty(&contents).map_err(|e| failed(e.into()))?;
        let text = format!("{}\n{said}", hash_of(said.as_bytes()));
        let path = beside.join(copy.name(model, table.id)).join(CONTENTS);
        private_file(&path).and_then(|mut file| file.write_all(text.as_bytes())).map_err(failed)?;
    }
    Ok(())
}

/// What a file is to hold. Nothing when the store does not have it.
fn held(store: &Store, piece: &Piece) -> Option<RecordBatch> {
    let table = store.tables.get(&piece.table)?;
    let one = |column: ArrayRef| RecordBatch::try_new(piece.schema.clone(), vec![column]).ok();
    match piece.what {
        What::Column(_) => one(table.rows.column_by_name(piece.schema.field(0).name())?.clone()),
        What::Ids => one(Arc::new(table.keys.clone()?)),
        What::Dated(link) => store.dated.get(&(piece.table, link)).cloned(),
        What::Went => table.went.clone(),
    }
}

/// Writes rows to a file; gives its hash. Where memory is short they are written stretch by
/// stretch, since each is held once more.
fn written(rows: &RecordBatch, path: &Path, scratch: &Scratch) -> Result<String, ArrowError> {
    let file = Hashed::new(BufWriter::new(private_file(path)?));
    let mut writer = StreamWriter::try_new(file, &rows.schema())?;
    for stretch in scratch.stretches(rows.num_rows()) {
        writer.write(&rows.slice(stretch.start, stretch.len()))?;
    }
    Ok(writer.into_inner()?.finish()?)
}

/// Puts the copies of all tables in their places, and takes away those with other keys.
fn put(copy: &CheckedCopy<'_>, model: &Model, beside: &Path) -> io::Result<()> {
    private().create(beside.join(OLD))?;
    for other in fs::read_dir(copy.folder)? {
        let other = other?;
        let is_of = |id: &TableId| is_copy(&other, &copy.name(model, *id), &stem(model, *id));
        // In one step, and deleted where it is taken for no copy.
        if copy.keys.keys().any(is_of) {
            gone_or(fs::rename(other.path(), beside.join(OLD).join(other.file_name())))?;
        }
    }
    for id in copy.keys.keys() {
        let place = copy.place(model, *id);
        let moved = fs::rename(beside.join(copy.name(model, *id)), &place);
        // Where another run was faster, the same is there.
        moved.or_else(|e| if place.join(CONTENTS).is_file() { Ok(()) } else { Err(e) })?;
    }
    Ok(())
}

/// Where another run was faster, there is nothing left to do.
fn gone_or(moved: io::Result<()>) -> io::Result<()> {
    moved.or_else(|e| if e.kind() == io::ErrorKind::NotFound { Ok(()) } else { Err(e) })
}

/// Whether something stands where a table's copy of this name is to be, or is one with another key.
fn is_copy(other: &DirEntry, name: &str, stem: &str) -> bool {
    let file_name = other.file_name();
    let key = file_name.to_str().and_then(|name| name.strip_prefix(stem));
    file_name == *name || key.is_some_and(is_key) && other.path().join(CONTENTS).is_file()
}

/// A new file that only its owner can read.
fn private_file(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

fn is_key(text: &str) -> bool {
    text.len() == DIGITS && text.bytes().all(|b| b.is_ascii_hexdigit())
}
