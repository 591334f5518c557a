//! The entities of every level, and who lies under whom.

/// One entity of one level.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entity {
    /// The level; 0 is the whole.
    pub level: usize,
    /// The row number in the level's table; `None` for the whole and for unassigned.
    pub row: Option<i32>,
    /// Its id: the key, the level's name for the whole (`department`), or `unassigned`.
    pub id: String,
    /// Its name as shown.
    pub name: String,
    /// The entity above it on the as-of date (index into the directory), where there is one.
    pub parent: Option<usize>,
}

/// All entities: level by level from the whole down, by id inside a level, `unassigned` last in its level.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Directory {
    /// Names of the levels, the whole first.
    pub levels: Vec<String>,
    /// The entities.
    pub entities: Vec<Entity>,
}
