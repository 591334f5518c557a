//! The result of a run: counts, and what it takes to judge and show them. Cells, the card and the
//! result rows are computed when a format asks for them, since a run may judge millions of cells.

use super::card::{Card, Heading};
use super::children_by_band::{self, ChildrenByBand};
use super::judge::{CellKey, Table};
use super::row::{self, ResultRow};
use crate::hierarchy::{Entity, Hierarchy, Selection};
use yardstick_language::ir::{Indicator, Program};

/// A run's result.
#[derive(Debug, Clone, PartialEq)]
pub struct Judged {
    /// The definitions.
    pub program: Program,
    /// The entities.
    pub hierarchy: Hierarchy,
    /// The heading and the notes.
    pub heading: Heading,
    /// The columns: indices into the program's indicators.
    pub indicators: Vec<usize>,
    /// The counts of these indicators.
    pub tables: Vec<Table>,
    /// Which entities are shown.
    pub selection: Selection,
}

/// The rows of one indicator and one entity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Block {
    /// Index into the tables.
    table: usize,
    /// Index into the hierarchy's entities.
    entity: usize,
}

impl Judged {
    /// The card that people read, with the spread behind each cell where it is asked for.
    #[must_use]
    pub fn card(&self, spread: bool) -> Card<'_> {
        let heading = self.heading.clone();
        Card::new(&self.program, &self.hierarchy, heading, &self.indicators, &self.tables, &self.selection, spread)
    }

    /// The rows that files carry, one for each cell that is shown: of all entities but those that
    /// had left before (see [`Table::concerns`]).
    pub fn rows(&self) -> impl Iterator<Item = ResultRow<'_>> {
        self.blocks().into_iter().flat_map(|block| self.rows_of(block))
    }

    /// All rows by what they share: table by table, then in the order of the hierarchy, so level by
    /// level.
    #[must_use]
    pub fn blocks(&self) -> Vec<Block> {
        let entities = 0..self.hierarchy.entities.len();
        let shown: Vec<usize> = entities.filter(|&e| self.selection.shows(&self.hierarchy, e)).collect();
        let all = self.tables.iter().enumerate().flat_map(|(number, table)| {
            let concerned = shown.iter().filter(|entity| table.concerns(&self.hierarchy, **entity));
            concerned.map(move |&entity| Block { table: number, entity })
        });
        all.collect()
    }

    /// The rows of a block, oldest window first.
    pub fn rows_of(&self, block: Block) -> impl Iterator<Item = ResultRow<'_>> {
        self.cells_of(block).into_iter().flat_map(|cells| (0..cells.len()).map(move |number| cells.row(number)))
    }

    /// The cells of a block.
    #[must_use]
    pub fn cells_of(&self, block: Block) -> Option<Cells<'_>> {
        let table = self.tables.get(block.table)?;
        let indicator = self.program.indicators.get(table.indicator)?;
        let entity = self.hierarchy.entities.get(block.entity)?;
        let level = self.hierarchy.levels.get(entity.level).map_or("", String::as_str);
        let spreads = table.spreads(&self.program, &self.hierarchy, block.entity);
        Some(Cells { table, indicator, level, entity, place: block.entity, spreads })
    }
}

impl Block {
    /// Whether the rows of another block are of the same indicator.
    #[must_use]
    pub fn is_beside(self, other: Self) -> bool {
        self.table == other.table
    }
}

/// The cells of a block, by the number of their window, oldest first.
#[derive(Debug)]
pub struct Cells<'a> {
    table: &'a Table,
    indicator: &'a Indicator,
    level: &'a str,
    /// Whose cells they are.
    pub entity: &'a Entity,
    place: usize,
    spreads: Vec<ChildrenByBand>,
}

impl<'a> Cells<'a> {
    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.table.windows.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The fields that all rows of the block begin with: the indicator, the level, the entity's id
    /// and name.
    #[must_use]
    pub fn whose(&self) -> [&'a str; 4] {
        [&self.indicator.id, self.level, &self.entity.id, &self.entity.name]
    }

    /// The key of a cell when its counts alone decide it and it has no children to show. The row of
    /// the cell then equals that of every other cell with the same indicator, window and key, but
    /// for the entity.
    #[must_use]
    pub fn key(&self, number: usize) -> Option<CellKey> {
        if self.spreads.is_empty() { self.table.key(self.place, number) } else { None }
    }

    /// The row of the cell with this number.
    ///
    /// # Panics
    /// When there are not so many.
    #[must_use]
    pub fn row(&self, number: usize) -> ResultRow<'a> {
        let column = &self.table.windows[number];
        let cell = self.table.cell(self.indicator, self.place, number, column);
        let below = children_by_band::behind(&cell, self.spreads.get(number));
        row::row(self.indicator, self.level, self.entity, self.table, column, &cell, below)
    }
}
