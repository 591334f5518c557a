//! The tables of a database as files of a folder.

use super::database;
use crate::atomic_output::folders_within;
use crate::cli::failure::Failure;
use crate::cli::output::reason;
use crate::cli::progress;
use crate::data::Extract;
use crate::model::Model;
use std::collections::BTreeSet;
use std::io;
use std::path::Path;
use yardstick_sources::connection::Source;
use yardstick_sources::dialect::Written;
use yardstick_sources::fault::Fault;
use yardstick_sources::snapshot::{Event, Plan, Snapshot, Table};
use yardstick_sources::wanted::wanted;

/// What was read.
pub(super) struct Found {
    /// The address, without a password.
    pub(super) source: String,
    /// What was read from where.
    pub(super) plan: Plan,
    /// The tables of the plan as files, in its order.
    pub(super) tables: Vec<OfFile>,
}

/// A file that was written.
pub(super) struct OfFile {
    pub(super) name: String,
    pub(super) rows: u64,
    /// Of all that the file holds.
    pub(super) hash: String,
}

/// Why there are no files.
pub(super) enum Failed {
    Database(Fault),
    Disk(io::Error),
}

impl Failed {
    /// What is said of it, when the files were to go to this folder.
    pub(super) fn told(self, folder: &Path) -> Failure {
        match self {
            Self::Database(fault) => database::told(&fault),
            Self::Disk(error) => {
                Failure::usage(format!("`{}` cannot be written: {}", folder.display(), reason(&error)))
                    .help("nothing is there of it; make room, or name a folder on another disk")
            }
        }
    }
}

/// Reads the tables that a model names into a folder: all of them, or the folder is of no use.
pub(super) fn read(source: Source, model: &Model, folder: &Path) -> Result<Found, Failed> {
    let wanted = wanted(model).map_err(Failed::Database)?;
    let bar = progress::rows("connecting");
    let address = source.address.to_string();
    let (mut plan, mut tables, mut open) = (None, Vec::new(), None);
    for event in Snapshot::begin(source, wanted) {
        match event.map_err(Failed::Database)? {
            Event::Plan(found) => plan = Some(found),
            Event::Rows(number, columns) => {
                let table = plan.as_ref().and_then(|plan| plan.tables.get(number));
                let rows = file(&mut open, table, folder, &bar)?.add(columns).map_err(Failed::Disk)?;
                bar.add(rows);
            }
            Event::End(number) => {
                let table = plan.as_ref().and_then(|plan| plan.tables.get(number));
                // A table without rows needs a file, too.
                file(&mut open, table, folder, &bar)?;
                if let (Some(extract), Some(table)) = (open.take(), table) {
                    let (rows, hash) = extract.finish().map_err(Failed::Disk)?;
                    tables.push(OfFile { name: name(table), rows, hash });
                }
            }
        }
    }
    let plan = plan.unwrap_or_default();
    Ok(Found { source: address, plan, tables })
}

/// The file of a table that is being read; it is begun when there is none.
fn file<'o>(
    open: &'o mut Option<Extract>,
    table: Option<&Table>,
    folder: &Path,
    bar: &progress::Rows,
) -> Result<&'o mut Extract, Failed> {
    match open {
        Some(extract) => Ok(extract),
        None => {
            let table = table.ok_or_else(|| Failed::Disk(io::Error::other("rows of no table")))?;
            bar.say(format!("reading {}", table.from));
            Ok(open.insert(begin(table, folder).map_err(Failed::Disk)?))
        }
    }
}

fn begin(table: &Table, folder: &Path) -> io::Result<Extract> {
    let name = name(table);
    folders_within(folder, Path::new(&name))?;
    let columns: Vec<(&str, bool)> =
        table.columns.iter().map(|c| (c.name.as_str(), c.written == Written::AsTheLanguage)).collect();
    Extract::begin(&folder.join(name), &columns)
}

/// The name of a table's file in the folder.
fn name(table: &Table) -> String {
    format!("{}.parquet", table.file)
}

/// What lies in the folder, each with what is said of it.
pub(super) fn listed(found: &Found) -> Vec<(String, String)> {
    let folders = found.tables.iter().filter_map(|table| Some(table.name.split_once('/')?.0.to_owned()));
    let folders = folders.collect::<BTreeSet<_>>().into_iter().map(|name| (name, "folder".to_owned()));
    found.tables.iter().map(|table| (table.name.clone(), table.hash.clone())).chain(folders).collect()
}
