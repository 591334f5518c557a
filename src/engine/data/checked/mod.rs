//! A checked copy of case data: what loading made of it, kept in a folder that the user names, and
//! read instead of the files for as long as nothing has changed that could make a difference.
//!
//! ```text
//! <folder>/<table>-<key>/checked.txt      a hash, and after it what was found in the table, with the hash of each file beside it
//!                        <column>.arrows  one column of the store, as Arrow's stream of batches; that of the key holds the ids
//!                        <link>.dated     the stays of a dated link, written in the same way
//!                        rows.went        the rows that went, where some did
//! ```
//!
//! - A table's key is a hash of all that its rows depend on: the program, what the model says of it
//!   and of all tables it leads to, and the bytes of their files. What has changed has another key,
//!   so a copy is never out of date, and indicators that read other tables share it.
//! - A file that does not have its hash is damaged: the case data is read again, and the copy made
//!   anew.
//! - A copy is written beside, put in its place when it is whole, and takes the place of those with
//!   other keys.
//! - It is case data, and as private: only its owner can look into a new one.

mod key;
mod read;
mod write;

pub(super) use key::Hashed;

use super::problem::Problem;
use super::report::{DataReport, TableReport};
use super::{Projection, Task, from_source};
use crate::atomic_output::sweep;
use crate::store::{self, Store};
use crate::timing::Stages;
use arrow::datatypes::{Schema, SchemaRef};
use read::Unusable;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use yardstick_language::diag::code;
use yardstick_language::model::{ColumnId, ColumnType, Model, TableId};

/// To be raised by whoever changes what is made of the same files, or how it is kept; a test tells.
const FORMAT: u32 = 8;
/// The file that says what a copy of a table holds: one line with the hash of the rest, the rest as
/// JSON.
const CONTENTS: &str = "checked.txt";

/// What is said of a copy of a table.
#[derive(Debug, Serialize, Deserialize)]
struct Contents {
    /// What was found in the table when it was checked.
    report: TableReport,
    /// The hash of each file, by its name.
    files: BTreeMap<String, String>,
}

/// Where the checked copy of some case data is, or will be.
struct CheckedCopy<'a> {
    folder: &'a Path,
    keys: BTreeMap<TableId, String>,
}

/// Reads the copy in this folder; or the case data, and makes the copy. Says whether there was one
/// that was damaged.
pub(super) fn load(
    folder: &Path,
    task: Task<'_>,
    wanted: &Projection,
    stages: &mut Stages,
) -> Result<((Store, DataReport), bool), Problem> {
    let copy = stages.time("looking whether the case data is the same", || CheckedCopy::of(folder, task))?;
    let damaged = match stages.time("reading the checked copy", || read::read(&copy, task, wanted)) {
        Ok(found) => return Ok((found, false)),
        Err(Unusable::Missing) => false,
        Err(Unusable::Damaged) => true,
        Err(Unusable::Failed(problem)) => return Err(problem),
    };
    let (store, report) = from_source(task, &Projection::All, stages)?;
    // What was read in between is of neither key.
    if stages.time("looking whether it is still the same", || key::keys(task))? != copy.keys {
        let message = "the case data changed while it was read";
        let problem = Problem::new(code::DATA_UNREADABLE, message).help("run again when nobody writes to it");
        return Err(task.catalog.locate(problem));
    }
    stages.time("writing the checked copy", || write::write(&copy, task, (&store, &report)))?;
    Ok(((store, report), damaged))
}

impl<'a> CheckedCopy<'a> {
    /// That of what is to be read; the folder is made when it is not there.
    fn of(folder: &'a Path, task: Task<'_>) -> Result<Self, Problem> {
        let refused = |why: &str| {
            let why = format!("the checked copy cannot be written: {why}");
            Err(Problem::new(code::DATA_CHECKED, why).file(folder).help("name a folder of its own with `--checked`"))
        };
        if folder.exists() && !folder.is_dir() {
            return refused("this is a file, not a folder");
        }
        // Before it is made, the folder itself is nowhere.
        let from_root = std::path::absolute(folder).map_err(|e| unwritable(folder, &e))?;
        let made = from_root.ancestors().find_map(|above| above.canonicalize().ok());
        // Tables are looked for there.
        if made.is_some_and(|made| task.catalog.contains(&made)) {
            return refused("it lies in the folder of the case data");
        }
        private().recursive(true).create(folder).map_err(|e| unwritable(folder, &e))?;
        sweep(folder);
        Ok(Self { folder, keys: key::keys(task)? })
    }

    /// The folder of a table's copy.
    fn place(&self, model: &Model, table: TableId) -> PathBuf {
        self.folder.join(self.name(model, table))
    }

    fn name(&self, model: &Model, table: TableId) -> String {
        let key = self.keys.get(&table).map_or("", String::as_str);
        format!("{}{key}", stem(model, table))
    }
}

/// What the names of all copies of a table begin with.
fn stem(model: &Model, table: TableId) -> String {
    format!("{}-", model.table(table).name)
}

/// A file of a table's copy.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Piece {
    table: TableId,
    what: What,
    /// Its name.
    file: String,
    schema: SchemaRef,
}

/// What a file of a table's copy holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What {
    /// A column of the store's rows.
    Column(ColumnId),
    Ids,
    /// The n-th dated link.
    Dated(usize),
    /// The rows that went. Most tables have none, and no such file.
    Went,
}

/// The files that make up a table's copy.
fn pieces(model: &Model, id: TableId) -> Vec<Piece> {
    let table = model.table(id);
    let whole = store::schema(model, id);
    let piece = |what, file, schema| Piece { table: id, what, file, schema };
    let of = |name: &str| format!("{name}.arrows");
    // The rows' own numbers are not worth a file.
    let columns = table.columns().filter_map(|(id, column)| {
        let field = whole.field_with_name(&column.name).ok()?;
        Some(piece(What::Column(id), of(&column.name), Schema::new(vec![field.clone()]).into()))
    });
    let ids = table.columns.iter().filter(|c| c.ty == ColumnType::Key);
    let ids = ids.map(|column| piece(What::Ids, of(&column.name), store::ids_schema()));
    let dated = table.dated.iter().enumerate();
    let dated = dated.map(|(n, link)| piece(What::Dated(n), format!("{}.dated", link.name), store::dated_schema()));
    let went = piece(What::Went, "rows.went".to_owned(), store::went_schema(model, id));
    columns.chain(ids).chain(dated).chain([went]).collect()
}

/// Makes folders that only their owner can look into.
fn private() -> fs::DirBuilder {
    let builder = fs::DirBuilder::new();
    #[cfg(unix)]
    let builder = {
        let mut builder = builder;
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder
    };
    builder
}

fn unwritable(folder: &Path, error: &io::Error) -> Problem {
    let why = format!("the checked copy cannot be written: {}", error.to_string().to_lowercase());
    let help = "name a folder with `--checked` that is yours to write to, on a disk with room for it, or do without; what is in a copy may be \
                deleted, and is made again";
    Problem::new(code::DATA_CHECKED, why).file(folder).help(help)
}
