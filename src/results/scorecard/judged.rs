//! The result of a run: counts, and what it takes to judge and show them. Cells, the card and the
//! result rows are computed when a format asks for them, since a run may judge millions of cells.

use super::card::{Card, Heading, Windows};
use super::cell::State;
use super::children_by_band::{self, ChildrenByBand};
use super::judge::{CellKey, Column, Table};
use super::ratio::{REST, Ratio, Reference, Rows, has_ratios, ratio};
use super::row::{self, ResultRow};
use crate::hierarchy::{Entity, Hierarchy, Selection};
use yardstick_language::calendar::Window;
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
    /// The counts of these indicators: of each the table of all rows, and then those of its groups.
    pub tables: Vec<Table>,
    /// What groups are compared with.
    pub reference: Reference,
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
        Card::new(self, heading, spread, Windows::All)
    }

    /// The same with the latest window of each row alone, the spread behind it included.
    #[must_use]
    pub fn card_of_latest(&self) -> Card<'_> {
        Card::new(self, self.heading.clone(), true, Windows::Latest)
    }

    /// The rows that files carry, one for each cell that is shown: of all entities but those that
    /// had left before (see [`Table::concerns`]). A group has a row only where it has cases.
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
            // Which groups have no rows would say something of those that are hidden.
            let whole = self.whole(table.indicator).unwrap_or(table);
            let concerns = |entity: usize| whole.concerns(&self.hierarchy, entity) && table.may_have_rows(entity);
            let concerned = shown.iter().filter(move |entity| concerns(**entity));
            concerned.map(move |&entity| Block { table: number, entity })
        });
        all.collect()
    }

    /// The rows of a block, oldest window first.
    pub fn rows_of(&self, block: Block) -> impl Iterator<Item = ResultRow<'_>> {
        self.cells_of(block).into_iter().flat_map(|cells| {
            let numbers = cells.numbers();
            numbers.into_iter().map(move |number| cells.row(number))
        })
    }

    /// The cells of a block.
    #[must_use]
    pub fn cells_of(&self, block: Block) -> Option<Cells<'_>> {
        let table = self.tables.get(block.table)?;
        let indicator = self.program.indicators.get(table.indicator)?;
        let entity = self.hierarchy.entities.get(block.entity)?;
        let level = self.hierarchy.levels.get(entity.level).map_or("", String::as_str);
        let spreads = table.spreads(&self.program, &self.hierarchy, block.entity);
        let (ratios, whole) = (self.ratios(table, block.entity), self.whole(table.indicator));
        Some(Cells { table, whole, indicator, level, entity, place: block.entity, spreads, ratios })
    }

    /// The table of all rows of an indicator.
    #[must_use]
    pub fn whole(&self, indicator: usize) -> Option<&Table> {
        self.tables.iter().find(|table| table.indicator == indicator && table.group.is_none())
    }

    /// The latest window of an indicator; `None` when it was measured in none.
    #[must_use]
    pub fn latest_window(&self, indicator: usize) -> Option<Window> {
        self.whole(indicator)?.windows.last().map(|column| column.window)
    }

    /// The tables of the groups of an indicator: breakdown by breakdown, in the order of their
    /// numbers.
    #[must_use]
    pub fn groups(&self, indicator: usize) -> Vec<&Table> {
        self.tables.iter().filter(|table| table.indicator == indicator && table.group.is_some()).collect()
    }

    /// The tables of the groups of an indicator in which an entity has a row in files for the
    /// window of this number.
    #[must_use]
    pub fn groups_of(&self, indicator: usize, entity: usize, number: usize) -> Vec<&Table> {
        let mut groups = self.groups(indicator);
        groups.retain(|table| has_row(table, self.whole(table.indicator), entity, number));
        groups
    }

    /// The ratio of each cell of a group to the other rows, oldest window first, and what those
    /// are; empty where groups have no ratios or may not tell their counts.
    #[must_use]
    pub fn ratios(&self, table: &Table, entity: usize) -> Vec<Option<(Ratio, &str)>> {
        let Some(group) = table.group.as_ref().filter(|group| group.is_known) else { return Vec::new() };
        let Some(indicator) = self.program.indicators.get(table.indicator) else { return Vec::new() };
        if table.hide_under.is_some() || !has_ratios(&indicator.measure) {
            return Vec::new();
        }
        let mut groups = self.groups(table.indicator);
        groups.retain(|other| other.group.as_ref().is_some_and(|other| other.by == group.by));
        let is_known = |other: &&&Table| other.group.as_ref().is_some_and(|other| other.is_known);
        if !table.totals.has_rows(entity) {
            return Vec::new();
        }
        let others: Vec<&&Table> = match self.reference {
            Reference::Group(number) => groups.get(number).into_iter().collect(),
            Reference::Rest => groups.iter().filter(is_known).collect(),
        };
        let own = |other: &Table| other.group.as_ref().is_some_and(|other| other.value == group.value);
        let others: Vec<&Table> = others.into_iter().copied().filter(|other| !own(other)).collect();
        let to = match (self.reference, others.as_slice()) {
            (Reference::Group(_), [other]) => other.group.as_ref().map_or(REST, |group| group.value.as_str()),
            (Reference::Group(_) | Reference::Rest, _) => REST,
        };
        let rows = |of: &Table, number: usize| Rows::of(of.totals.counts(entity, number));
        let shows = |number: usize, column: &Column| {
            if !table.totals.has_rows_in(entity, number) {
                return None;
            }
            let judged = |table: &Table| table.colour(indicator, entity, number, column).0 == State::Value;
            let enough = |rows: Rows| indicator.minimum.is_none_or(|minimum| rows.of >= minimum);
            let others = others.iter().fold(Rows::default(), |sum, other| sum.and(rows(other, number)));
            (judged(table) && enough(others)).then_some(others)
        };
        let windows = table.windows.iter().enumerate();
        windows.map(|(n, column)| Some((ratio(rows(table, n), shows(n, column)?)?, to))).collect()
    }
}

/// Whether the cell of an entity in the window of this number has a row in files. A group has one
/// where it has cases; where small counts are hidden, wherever the entity has some, so that a
/// missing row tells nothing. `whole` is the table of all rows.
fn has_row(table: &Table, whole: Option<&Table>, entity: usize, number: usize) -> bool {
    let of = match (&table.group, table.hide_under) {
        (None, _) => return true,
        (Some(_), None) => Some(table),
        (Some(_), Some(_)) => whole,
    };
    of.is_some_and(|of| of.has_rows_in(entity, number))
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
    /// The table of all rows.
    whole: Option<&'a Table>,
    indicator: &'a Indicator,
    level: &'a str,
    /// Whose cells they are.
    pub entity: &'a Entity,
    place: usize,
    spreads: Vec<ChildrenByBand>,
    ratios: Vec<Option<(Ratio, &'a str)>>,
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

    /// The numbers of the cells that have rows in files.
    #[must_use]
    pub fn numbers(&self) -> Vec<usize> {
        (0..self.len()).filter(|number| has_row(self.table, self.whole, self.place, *number)).collect()
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
            .with_ratio(self.ratio(number))
    }

    /// The ratio of the cell with this number to the other rows, and what those are.
    #[must_use]
    pub fn ratio(&self, number: usize) -> Option<(Ratio, &'a str)> {
        self.ratios.get(number).copied().flatten()
    }

    /// By what rows are broken down, and the group; nothing of all rows.
    #[must_use]
    pub fn group(&self) -> Option<(&'a str, &'a str)> {
        self.table.group.as_ref().map(|group| (&*group.by, group.value.as_str()))
    }
}
