//! Targets that stand in a table: a row each time one is set for an entity.

use super::{ColumnId, TableId};

/// The columns with targets. No two rows of one entity have the same day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Targets {
    /// The table.
    pub table: TableId,
    /// The link to the entity, which is never missing.
    pub entity: ColumnId,
    /// The first day on which the target is in force, with which the row begins.
    pub from: ColumnId,
    /// The target, a whole number. One that is missing is not known.
    pub figure: ColumnId,
}
