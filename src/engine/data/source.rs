//! What a source of case data must be able to do: say which tables it has, and hand on the rows of
//! each in units that several threads read.
//!
//! The files of a folder and the rows that a test draws are such sources. A further one (a
//! database, storage that several machines share) is a file of this room with the three traits, and
//! a constructor of [`Source`]. It must promise this:
//!
//! - **Order.** The units of a table, and the rows within each, come in one order that does not
//!   depend on threads, memory or chance. Numbers do not depend on the order, but which rows are
//!   shown as examples does.
//! - **Repeatable reads.** A table is read once or twice in a run, its files once more where rows
//!   may be duplicates, and its fingerprints twice where a checked copy is made. All must see the
//!   same rows. What changed meanwhile is a [`Problem`], or another fingerprint.
//! - **Whole or nothing.** A unit gives all of its rows or a problem, never some of them.
//! - **Independence.** Units of one table may be read at the same time, in any order.

use super::folder::Folder;
use super::problem::Problem;
use super::settings::Settings;
use super::staged_table::{StagedTable, StagedTableBuilder};
use crate::scratch::Scratch;
use std::fmt::Debug;
use std::iter::Peekable;
use std::path::Path;
use yardstick_language::diag::code;
use yardstick_language::model::{Model, TableId};

/// Where case data comes from.
#[derive(Debug)]
pub struct Source(Box<dyn Catalog>);

impl Source {
    /// A folder with a CSV or Parquet file, or a folder of Parquet files, for each table. Nothing
    /// is looked at before tables are asked for.
    #[must_use]
    pub fn folder(dir: &Path) -> Self {
        Self(Box::new(Folder::new(dir)))
    }

    pub(super) fn catalog(&self) -> &dyn Catalog {
        &*self.0
    }
}

/// The tables of a source.
pub(super) trait Catalog: Debug + Sync {
    /// What the source says of its data; `None` when it says nothing.
    fn settings(&self) -> Result<Option<Settings>, Problem>;

    /// The tables of the model that are there, with all that their links lead to.
    fn present(&self, model: &Model) -> Vec<TableId>;

    /// These tables, in this order.
    ///
    /// # Errors
    /// When one is not there (all such tables are named), or is there twice.
    fn open<'s>(&'s self, model: &'s Model, tables: &[TableId]) -> Result<Vec<Box<dyn TableSource + 's>>, Problem>;

    /// Whether a path lies in the source, so that nothing else may be written there.
    fn contains(&self, path: &Path) -> bool;

    /// A problem of the data as a whole, with the place where it is.
    fn locate(&self, problem: Problem) -> Problem;
}

/// The rows of one table, in files that are numbered from 0.
pub(super) trait TableSource: Debug + Send + Sync {
    /// How many bytes each file has.
    fn files(&self) -> Vec<u64>;

    /// What is read at a time, in the order of the rows. A problem stands for all units that would
    /// come after it.
    fn units<'s>(&'s self, model: &'s Model, id: TableId) -> Vec<Result<Box<dyn ReadUnit + 's>, Problem>>;

    /// Gives the hash of each row of a file that is looked for, over the columns that the model
    /// does not name. Rows with the same values in these columns have the same hash.
    fn other_columns(
        &self,
        staged: &StagedTable<'_>,
        file: usize,
        sought: &mut Sought<'_>,
        each: &mut dyn FnMut(i128),
    ) -> Result<(), Problem>;

    /// The name of a file and a hash of all that it holds.
    fn fingerprint(&self, file: usize) -> Result<String, Problem>;

    /// A problem of the table as a whole, with the place where it is.
    fn locate(&self, problem: Problem) -> Problem;

    /// Whether the rows come from outside of the definitions. Others have no column that the model
    /// does not name, and nothing is suggested for the model because of them.
    fn is_external(&self) -> bool {
        true
    }
}

/// A part of a table that one thread reads from start to end.
pub(super) trait ReadUnit: Send {
    /// How many bytes there are to read; the largest units are read first.
    fn bytes(&self) -> u64;

    /// All rows of the unit.
    fn read<'m>(&self, model: &'m Model, id: TableId, scratch: &Scratch) -> Result<StagedTableBuilder<'m>, Problem>;
}

/// The rows of a unit, spilled where memory is short.
pub(super) fn read<'m>(
    unit: &dyn ReadUnit,
    model: &'m Model,
    id: TableId,
    scratch: &Scratch,
) -> Result<StagedTableBuilder<'m>, Problem> {
    let mut staged = unit.read(model, id, scratch)?;
    staged.spill(scratch)?;
    Ok(staged)
}

/// The table of all its units, or the first problem.
pub(super) fn join<'m>(
    units: Vec<Result<StagedTableBuilder<'m>, Problem>>,
    source: &'m dyn TableSource,
    scratch: &Scratch,
) -> Result<StagedTable<'m>, Problem> {
    let mut units = units.into_iter();
    let Some(first) = units.next() else { return Err(broke_off(source)) };
    let mut staged = first?;
    // Of a scratch file, the table's own is not to blame.
    let here = |problem: Problem| if problem.code == code::DATA_SCRATCH { problem } else { source.locate(problem) };
    for unit in units {
        staged.append(unit?).map_err(here)?;
    }
    let mut staged = staged.finish(scratch).map_err(here)?;
    staged.source = source.is_external().then_some(source);
    Ok(staged)
}

/// The reader itself gave up on a table.
pub(super) fn broke_off(source: &dyn TableSource) -> Problem {
    let problem = Problem::new(code::DATA_UNREADABLE, "the file is so damaged that reading it broke off");
    source.locate(problem.help("write or copy the file again"))
}

/// Rows that are looked for, by their file and their line or row there, in that order.
pub(super) struct Sought<'s> {
    rows: Peekable<Box<dyn Iterator<Item = (usize, u64)> + 's>>,
}

impl<'s> Sought<'s> {
    pub(super) fn new(rows: impl Iterator<Item = (usize, u64)> + 's) -> Self {
        let rows: Box<dyn Iterator<Item = (usize, u64)> + 's> = Box::new(rows);
        Self { rows: rows.peekable() }
    }

    /// The next, if it stands in this file, up to this line or row.
    pub(super) fn next_up_to(&mut self, file: usize, last: u64) -> Option<u64> {
        self.rows.next_if(|(of, number)| *of == file && *number <= last).map(|(_, number)| number)
    }

    /// Whether there is one.
    pub(super) fn is_up_to(&mut self, file: usize, last: u64) -> bool {
        self.rows.peek().is_some_and(|(of, number)| *of == file && *number <= last)
    }
}
