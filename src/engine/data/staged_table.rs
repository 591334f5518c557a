//! A staged table: first its columns while they are read, then its rows in the order of the files,
//! until they are checked and stored.

use super::as_of_cut::Ahead;
use super::column::ColumnBuilder;
use super::packed_ids;
use super::problem::Problem;
use super::rejects::{Places, Rejects};
use super::report::{Example, Hint};
use super::source::TableSource;
use crate::scratch::Scratch;
use arrow::array::{Array, ArrayRef, AsArray, StringArray};
use arrow::error::ArrowError;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;
use yardstick_language::diag::code;
use yardstick_language::model::{ColumnId, Model, Table, TableId};

/// A table being read.
pub(super) struct StagedTableBuilder<'m> {
    model: &'m Model,
    pub(super) id: TableId,
    pub(super) table: &'m Table,
    pub(super) columns: Vec<ColumnBuilder<'m>>,
    pub(super) rejects: Rejects,
    pub(super) places: Places,
    files: Vec<String>,
    /// What a place is called: `line` or `row`.
    unit: &'static str,
}

/// What `otherwise` of a column's list took.
pub(super) struct Taken {
    pub(super) column: ColumnId,
    /// How many values.
    pub(super) values: u64,
    /// What stands there and how often, the most frequent first.
    pub(super) words: Vec<(String, u64)>,
}

/// A table that has been read. Ids are text until `links` turns them into numbers.
pub(super) struct StagedTable<'m> {
    pub(super) model: &'m Model,
    pub(super) id: TableId,
    pub(super) table: &'m Table,
    /// By column of the model. Ids, and links that have not been looked up yet, are packed, or
    /// text, or a dictionary of text: see `packed_ids`.
    pub(super) columns: Vec<ArrayRef>,
    pub(super) rejects: Rejects,
    /// By column, how many values were instants that became local times.
    pub(super) instants: Vec<u64>,
    /// What `otherwise` of a list took, by column of the model.
    pub(super) otherwise: Vec<Taken>,
    /// Days that lie after the as-of day.
    pub(super) ahead: Vec<Ahead>,
    /// The ids as they are compared, where that is not as they are shown.
    small_ids: Option<ArrayRef>,
    /// Per column, a hint that would make unreadable values readable.
    pub(super) hints: BTreeMap<ColumnId, Hint>,
    /// The source of the rows; `None` for rows that a test draws.
    pub(super) source: Option<&'m dyn TableSource>,
    pub(super) files: Vec<String>,
    places: Places,
    unit: &'static str,
    /// Where the first values stand that cannot be read and are in another table, by row.
    elsewhere: BTreeMap<(usize, ColumnId), Elsewhere>,
}

/// A place in the file of another table.
#[derive(Debug, Clone)]
pub(super) struct Elsewhere {
    file: String,
    place: String,
}

/// The most places in other tables that are kept.
const ELSEWHERE: usize = 10_000;

impl<'m> StagedTableBuilder<'m> {
    pub(super) fn new(model: &'m Model, id: TableId, unit: &'static str) -> Self {
        let table = model.table(id);
        let columns = table.columns().map(|(id, column)| ColumnBuilder::new(model, table, id, column)).collect();
        let (rejects, places) = (Rejects::default(), Places::default());
        Self { model, id, table, columns, rejects, places, files: Vec::new(), unit }
    }

    /// Begins with a file; gives its number.
    pub(super) fn begin(&mut self, file: String) -> usize {
        self.files.push(file);
        self.files.len() - 1
    }

    /// Adds rows that are about to be read; gives the number of the first.
    ///
    /// # Errors
    /// When there are more rows than row numbers.
    pub(super) fn grow(&mut self, rows: usize) -> Result<usize, Problem> {
        let first = self.room(rows)?;
        self.rejects.grow(rows);
        Ok(first)
    }

    /// The number of the next row, when `rows` more rows can follow.
    fn room(&self, rows: usize) -> Result<usize, Problem> {
        let first = self.rejects.rows();
        if first + rows > i32::MAX as usize {
            return Err(too_many_rows(&self.table.name));
        }
        Ok(first)
    }

    /// Appends a later unit of the same table, of one file.
    ///
    /// # Errors
    /// When there are more rows than row numbers.
    pub(super) fn append(&mut self, later: Self) -> Result<(), Problem> {
        let first = self.room(later.rejects.rows())?;
        for file in later.files {
            if self.files.last() != Some(&file) {
                self.files.push(file);
            }
        }
        self.places.append(later.places, first, self.files.len().saturating_sub(1));
        self.rejects.append(later.rejects);
        self.columns.iter_mut().zip(later.columns).for_each(|(column, later)| column.append(later));
        Ok(())
    }

    /// Spills the columns that have been read, where memory is short.
    ///
    /// # Errors
    /// When the scratch files cannot be written.
    pub(super) fn spill(&mut self, scratch: &Scratch) -> Result<(), Problem> {
        self.columns.iter_mut().try_for_each(|column| column.spill(scratch)).map_err(|e| super::internal(&e))
    }

    /// The table as read.
    ///
    /// # Errors
    /// When a column is not what the model says.
    pub(super) fn finish(self, scratch: &Scratch) -> Result<StagedTable<'m>, Problem> {
        let Self { model, id, table, columns, rejects, places, files, unit } = self;
        let instants = columns.iter().map(|c| c.instants.turned).collect();
        let taken = columns.iter().filter(|c| c.otherwise.all() > 0);
        let of = |c: &ColumnBuilder<'_>| (c.id, c.otherwise.all(), c.otherwise.by_times());
        let taken = taken.map(of).map(|(column, values, words)| Taken { column, values, words });
        let otherwise = taken.collect();
        let (mut arrays, mut hints) = (Vec::new(), BTreeMap::new());
        for column in columns {
            let id = column.id;
            let (array, hint) = column.finish(&table.name, scratch)?;
            arrays.push(array);
            hints.extend(hint.map(|hint| (id, hint)));
        }
        let mut staged = StagedTable {
            model,
            id,
            table,
            columns: arrays,
            rejects,
            instants,
            otherwise,
            ahead: Vec::new(),
            small_ids: None,
            hints,
            source: None,
            files,
            places,
            unit,
            elsewhere: BTreeMap::new(),
        };
        staged.small_ids = staged.in_small_letters(scratch).map_err(|e| super::internal(&e))?;
        Ok(staged)
    }
}

impl StagedTable<'_> {
    pub(super) fn rows(&self) -> usize {
        self.rejects.rows()
    }

    /// The ids as they are shown.
    pub(super) fn shown_ids(&self) -> Option<&ArrayRef> {
        self.table.key.map(|key| &self.columns[key.0 as usize])
    }

    /// The id of a row as it is shown, where it has one.
    pub(super) fn shown_id(&self, row: usize) -> Option<Cow<'_, str>> {
        self.shown_ids().filter(|ids| ids.is_valid(row)).map(|ids| packed_ids::text(ids, row))
    }

    /// The ids as they are compared, in order and with links.
    pub(super) fn ids(&self) -> Option<&ArrayRef> {
        self.small_ids.as_ref().or_else(|| self.shown_ids())
    }

    fn in_small_letters(&self, scratch: &Scratch) -> Result<Option<ArrayRef>, ArrowError> {
        let Some(key) = self.table.key.filter(|key| self.table.column(*key).read_as.ignoring_case) else {
            return Ok(None);
        };
        let (ids, read_as) = (&self.columns[key.0 as usize], self.table.column(key).read_as);
        let small = scratch.stretches(ids.len()).map(|rows| -> Result<ArrayRef, ArrowError> {
            let ids = packed_ids::as_text(&ids.slice(rows.start, rows.len()))?;
            let small = ids.as_string::<i32>().iter().map(|id| id.map(|id| read_as.compared(id)));
            Ok(Arc::new(StringArray::from_iter(small)))
        });
        scratch.join(small)
    }

    /// Which of the files a row stands in, by number, and at which line or row.
    pub(super) fn place(&self, row: usize) -> (usize, u64) {
        self.places.of(row)
    }

    /// Where a row stands, for people.
    pub(super) fn elsewhere(&self, row: usize) -> Elsewhere {
        let (file, number) = self.places.of(row);
        let file = self.files.get(file).cloned().unwrap_or_default();
        Elsewhere { file, place: format!("{} {number}", self.unit) }
    }

    /// Keeps where the value of a row stands that is in another table and cannot be read.
    pub(super) fn note_elsewhere(&mut self, row: usize, column: ColumnId, place: Elsewhere) {
        if self.elsewhere.len() < ELSEWHERE {
            self.elsewhere.insert((row, column), place);
        }
    }

    /// A row and what is wrong with it, for people: in this column, or with the whole of it.
    pub(super) fn example(&self, row: usize, column: Option<ColumnId>, text: &str) -> Example {
        let elsewhere = column.and_then(|column| self.elsewhere.get(&(row, column)).cloned());
        let Elsewhere { file, place } = elsewhere.unwrap_or_else(|| self.elsewhere(row));
        Example { file, place, id: self.shown_id(row).map(Cow::into_owned), text: text.to_owned() }
    }
}

/// Rows have no numbers beyond this.
pub(super) fn too_many_rows(table: &str) -> Problem {
    let message = format!("table `{table}` has more than {} rows", i32::MAX);
    Problem::new(code::DATA_TOO_LARGE, message).help("split the data by years and run each part")
}
