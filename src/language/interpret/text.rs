//! Tables as text, before anything is read of them.

use crate::model::{Column, ColumnId, Table};

/// A table as text. What is empty is missing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TextTable {
    /// The columns, by their names in the file. Of one that is not among them, nothing is known.
    pub header: Vec<String>,
    /// A cell for each column of the header: days as `2024-03-10`, times as `2024-03-10T14:30:00`.
    pub rows: Vec<Vec<String>>,
}

/// Where the columns of a table stand in its text.
#[derive(Debug)]
pub(super) struct Layout<'t> {
    pub(super) table: &'t Table,
    places: Vec<Option<usize>>,
}

impl<'t> Layout<'t> {
    pub(super) fn of(table: &'t Table, text: &TextTable) -> Self {
        let place = |column: &Column| text.header.iter().position(|name| *name == column.file_name);
        Self { table, places: table.columns.iter().map(place).collect() }
    }

    /// The place of a column; `None` when the text has no such column.
    pub(super) fn place(&self, column: ColumnId) -> Option<usize> {
        self.places[usize::from(column.0)]
    }

    /// The text of a row's cell; `None` when the text has no such column.
    pub(super) fn cell<'r>(&self, column: ColumnId, row: &'r [String]) -> Option<&'r str> {
        row.get(self.place(column)?).map(String::as_str)
    }
}
