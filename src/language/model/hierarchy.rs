//! Hierarchies of levels, from the whole to the smallest.

use super::{ColumnId, TableId};

/// One way to put the entities of a department together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hierarchy {
    /// Its name; none where the model needs none.
    pub name: Option<String>,
    /// Its levels from the whole to the smallest; none when there is a mistake in them.
    pub levels: Vec<Level>,
}

/// One level of the scorecard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Level {
    /// Its name.
    pub name: String,
    /// The table of its entities; `None` for the whole.
    pub table: Option<TableId>,
    /// How a row of this level's table reaches the level above; `None` for the whole and the level
    /// just below it.
    pub up: Option<Step>,
}

/// One step from a row to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// By a plain link column.
    Link(ColumnId),
    /// By the n-th dated link of the table, on the attribution date.
    Dated(usize),
}

impl Hierarchy {
    /// Whether the rows of a table are entities of one of its levels.
    #[must_use]
    pub fn has(&self, table: TableId) -> bool {
        self.levels.iter().any(|level| level.table == Some(table))
    }

    /// The hierarchy as people call it: its name, or its levels.
    #[must_use]
    pub fn words(&self) -> String {
        let levels: Vec<_> = self.levels.iter().map(|level| level.name.as_str()).collect();
        self.name.clone().unwrap_or_else(|| levels.join(" > "))
    }
}
