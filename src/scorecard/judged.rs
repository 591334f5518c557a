//! What was measured, with what is needed to judge and show it. Cells, the card and the result rows are made from it when a
//! form asks for them, as a run may judge millions of cells.

use super::card::{Card, Heading};
use super::judge::Table;
use super::row::{self, ResultRow};
use super::spread;
use crate::ir::Program;
use crate::run::entity::{Directory, Selection};

/// A run's result.
#[derive(Debug, Clone, PartialEq)]
pub struct Judged {
    /// The definitions.
    pub program: Program,
    /// The entities.
    pub directory: Directory,
    /// What is said above and below.
    pub heading: Heading,
    /// The columns: indices into the program's indicators.
    pub indicators: Vec<usize>,
    /// What was measured of these indicators.
    pub tables: Vec<Table>,
    /// Which entities are shown.
    pub selection: Selection,
}

/// The rows of one indicator and one entity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Block {
    /// Index into the tables.
    table: usize,
    /// Index into the directory's entities.
    entity: usize,
}

impl Judged {
    /// The card that people read, with the spread behind each cell where it is asked for.
    #[must_use]
    pub fn card(&self, spread: bool) -> Card<'_> {
        let heading = self.heading.clone();
        Card::new(&self.program, &self.directory, heading, &self.indicators, &self.tables, &self.selection, spread)
    }

    /// The rows that files carry, one for each cell that is shown: of all entities but those that had left before (see [`Table::concerns`]).
    pub fn rows(&self) -> impl Iterator<Item = ResultRow<'_>> {
        self.blocks().into_iter().flat_map(|block| self.rows_of(block))
    }

    /// All rows by what they share: table by table, then in the order of the directory, so level by level.
    #[must_use]
    pub fn blocks(&self) -> Vec<Block> {
        let entities = 0..self.directory.entities.len();
        let shown: Vec<usize> = entities.filter(|&e| self.selection.shows(&self.directory, e)).collect();
        let all = self.tables.iter().enumerate().flat_map(|(number, table)| {
            let concerned = shown.iter().filter(|entity| table.concerns(&self.directory, **entity));
            concerned.map(move |&entity| Block { table: number, entity })
        });
        all.collect()
    }

    /// The rows of a block, oldest window first.
    pub fn rows_of(&self, block: Block) -> impl Iterator<Item = ResultRow<'_>> {
        let of = self.tables.get(block.table).and_then(|table| {
            let indicator = self.program.indicators.get(table.indicator)?;
            let entity = self.directory.entities.get(block.entity)?;
            let level = self.directory.levels.get(entity.level).map_or("", String::as_str);
            Some((table, indicator, entity, level))
        });
        of.into_iter().flat_map(move |(table, indicator, entity, level)| {
            let cells = table.cells(&self.program, block.entity).zip(&table.windows).enumerate();
            let spreads = table.spreads(&self.program, &self.directory, block.entity);
            cells.map(move |(number, (cell, column))| {
                let below = spread::behind(&cell, spreads.get(number));
                row::row(indicator, level, entity, table, column, &cell, below)
            })
        })
    }
}
