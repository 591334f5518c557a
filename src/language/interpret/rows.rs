//! The rows in sight: the row that each variable stands for.

use crate::ir::RowId;
use crate::model::TableId;

/// A variable and its row, and the rows in sight around it.
#[derive(Debug, Clone, Copy)]
pub struct Rows<'o> {
    variable: RowId,
    row: (TableId, usize),
    outer: Option<&'o Self>,
}

impl Rows<'_> {
    /// A row of the cohort, by its number in its table.
    #[must_use]
    pub fn of_cohort(table: TableId, number: usize) -> Self {
        Self { variable: RowId::COHORT, row: (table, number), outer: None }
    }

    /// These rows, and one more.
    #[must_use]
    pub fn with(&self, variable: RowId, table: TableId, number: usize) -> Rows<'_> {
        Rows { variable, row: (table, number), outer: Some(self) }
    }

    /// The row that a variable stands for.
    #[must_use]
    pub fn get(&self, variable: RowId) -> Option<(TableId, usize)> {
        if self.variable == variable { Some(self.row) } else { self.outer?.get(variable) }
    }
}
