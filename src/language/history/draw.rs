//! Draws histories, and changes them a step at a time. Whatever comes out obeys the model: nothing
//! is missing that never is, every link leads to a row, no stay ends before it begins.

use super::shape::drawn_target;
use super::values::{Values, read};
use super::{Cells, History};
use crate::ir::Test;
use crate::model::{ColumnId, ColumnType, TableId};
use chrono::NaiveDate;
use rand::RngExt;
use rand::seq::IndexedRandom;
use rand_chacha::ChaCha8Rng;
use std::collections::{BTreeMap, BTreeSet};

/// How far links are followed to rows that have to be made up.
const DEPTH: usize = 8;

/// Draws histories from a seed.
#[derive(Debug)]
pub(super) struct Artist<'v, 'a> {
    pub(super) values: &'v Values<'a>,
    pub(super) rng: ChaCha8Rng,
    /// The most rows of a history.
    pub(super) most: usize,
}

impl Artist<'_, '_> {
    /// A history with one row of a table, and with those to which it leads.
    pub(super) fn first(&mut self, table: TableId, last_day: NaiveDate, as_of: NaiveDate) -> Option<History> {
        let mut history = History { last_day, as_of, tables: BTreeMap::new() };
        self.add(&mut history, table, None, 0)?;
        self.mend(&mut history).then_some(history)
    }

    /// The rows that a test draws, as far as they are drawn here.
    pub(super) fn adopted(&mut self, test: &Test, last_day: NaiveDate, as_of: NaiveDate) -> Option<History> {
        let mut history = History { last_day, as_of, tables: BTreeMap::new() };
        for drawn in &test.tables {
            let Some(columns) = self.values.shape.columns.get(&drawn.table) else { continue };
            let place = |column: &ColumnId| drawn.columns.iter().position(|other| other == column);
            let places: Vec<Option<usize>> = columns.iter().map(place).collect();
            let cells = |row: &Cells| places.iter().map(|place| row.get((*place)?).cloned().flatten()).collect();
            history.tables.insert(drawn.table, drawn.rows.iter().map(cells).collect());
        }
        self.mend(&mut history).then_some(history)
    }

    /// A history that differs from another in one to three steps.
    pub(super) fn changed(&mut self, from: &History) -> Option<History> {
        let mut history = from.clone();
        for _ in 0..[1, 1, 1, 2, 2, 3][self.rng.random_range(0..6_usize)] {
            self.step(&mut history);
        }
        (history != *from && self.mend(&mut history)).then_some(history)
    }

    fn step(&mut self, history: &mut History) {
        let rows = history.rows();
        match self.rng.random_range(0..12_u32) {
            0 | 1 if rows < self.most => {
                let tables: Vec<TableId> = self.values.shape.columns.keys().copied().collect();
                if let Some(table) = tables.choose(&mut self.rng) {
                    let _ = self.add(history, *table, None, 0);
                }
            }
            2 if rows < self.most => self.copy(history),
            3 if rows > 1 => {
                if let Some((table, row)) = self.any_row(history) {
                    remove(history, table, row);
                }
            }
            _ => self.set(history),
        }
    }

    fn any_row(&mut self, history: &History) -> Option<(TableId, usize)> {
        let all = history.tables.iter().flat_map(|(table, rows)| (0..rows.len()).map(|row| (*table, row)));
        all.collect::<Vec<_>>().choose(&mut self.rng).copied()
    }

    /// Another value in a cell.
    fn set(&mut self, history: &mut History) {
        let Some((table, row)) = self.any_row(history) else { return };
        let Some(columns) = self.values.shape.columns.get(&table) else { return };
        let key = self.values.model.table(table).key;
        let free: Vec<(usize, ColumnId)> =
            columns.iter().copied().enumerate().filter(|(_, column)| Some(*column) != key).collect();
        let Some((place, column)) = free.choose(&mut self.rng).copied() else { return };
        let value = self.values.one(&mut self.rng, history, (table, column));
        if let Some(cell) = history.tables.get_mut(&table).and_then(|rows| rows.get_mut(row)?.get_mut(place)) {
            *cell = value;
        }
    }

    /// A row once more, under an id of its own, with another value in a cell.
    fn copy(&mut self, history: &mut History) {
        let Some((table, row)) = self.any_row(history) else { return };
        let id = self.further_id(history, table);
        let key = self.values.model.table(table).key.and_then(|key| self.values.shape.place(table, key));
        let Some(rows) = history.tables.get_mut(&table) else { return };
        let Some(mut cells) = rows.get(row).cloned() else { return };
        if let Some(cell) = key.and_then(|key| cells.get_mut(key)) {
            *cell = Some(id);
        }
        rows.push(cells);
        let copy = rows.len() - 1;
        let Some(columns) = self.values.shape.columns.get(&table) else { return };
        let free: Vec<usize> = (0..columns.len()).filter(|place| Some(*place) != key).collect();
        let Some(place) = free.choose(&mut self.rng).copied() else { return };
        let value = self.values.one(&mut self.rng, history, (table, columns[place]));
        if let Some(cell) = history.tables.get_mut(&table).and_then(|rows| rows.get_mut(copy)?.get_mut(place)) {
            *cell = value;
        }
    }

    fn further_id(&self, history: &History, table: TableId) -> String {
        let taken: Vec<String> = self.values.keys(history, table).collect();
        let ids = (1..).map(|number| self.values.id(table, number));
        ids.into_iter().find(|id| !taken.contains(id)).unwrap_or_default()
    }

    /// Adds a row, under this id when one is given; gives its id. Nothing when links go round and
    /// round.
    fn add(&mut self, history: &mut History, table: TableId, id: Option<&str>, depth: usize) -> Option<String> {
        if depth > DEPTH {
            return None;
        }
        let id = id.map_or_else(|| self.further_id(history, table), str::to_owned);
        let columns = self.values.shape.columns.get(&table)?;
        let mut cells: Cells = Vec::new();
        for column in columns {
            let declared = self.values.column(table, *column);
            cells.push(match declared.ty {
                ColumnType::Key => Some(id.clone()),
                ColumnType::Link(_) => self.link(history, (table, *column), depth),
                ColumnType::Text
                | ColumnType::Bool
                | ColumnType::Int
                | ColumnType::Decimal(_)
                | ColumnType::Date
                | ColumnType::Timestamp
                | ColumnType::Codes(_) => self.values.one(&mut self.rng, history, (table, *column)),
            });
        }
        history.tables.entry(table).or_default().push(cells);
        Some(id)
    }

    /// A row to lead to: most often one that is there.
    fn link(&mut self, history: &mut History, (table, column): (TableId, ColumnId), depth: usize) -> Option<String> {
        let declared = self.values.column(table, column);
        if declared.optional && self.rng.random_range(0..6_u32) == 0 {
            return None;
        }
        let target = declared.target()?;
        let there: Vec<String> = self.values.ids(history, target).into_iter().collect();
        match drawn_target(self.values.shape, declared) {
            // The first is the one that most others lead to.
            None if self.rng.random_bool(0.7) => there.first().cloned(),
            Some(_) if !there.is_empty() && self.rng.random_bool(0.85) => there.choose(&mut self.rng).cloned(),
            Some(target) => self.add(history, target, None, depth + 1),
            None => there.choose(&mut self.rng).cloned(),
        }
    }

    /// Makes a history obey the model; false where that cannot be done.
    pub(super) fn mend(&mut self, history: &mut History) -> bool {
        for _ in 0..DEPTH {
            let Some(fault) = self.fault(history) else {
                self.even_out(history);
                return true;
            };
            match fault {
                Fault::NoRow(table, id) => {
                    if self.add(history, table, Some(&id), 0).is_none() {
                        return false;
                    }
                }
                Fault::Empty(table, row, place, column) => {
                    let value = match self.values.column(table, column).ty {
                        ColumnType::Key => Some(self.further_id(history, table)),
                        ColumnType::Link(_) => self.link(history, (table, column), 0),
                        ColumnType::Text
                        | ColumnType::Bool
                        | ColumnType::Int
                        | ColumnType::Decimal(_)
                        | ColumnType::Date
                        | ColumnType::Timestamp
                        | ColumnType::Codes(_) => self.values.one(&mut self.rng, history, (table, column)),
                    };
                    match history.tables.get_mut(&table).and_then(|rows| rows.get_mut(row)?.get_mut(place)) {
                        Some(cell) => *cell = value,
                        None => return false,
                    }
                }
            }
        }
        false
    }

    /// The first thing that is missing.
    fn fault(&self, history: &History) -> Option<Fault> {
        for (table, rows) in &history.tables {
            let columns = self.values.shape.columns.get(table)?;
            for (place, column) in columns.iter().enumerate() {
                let declared = self.values.column(*table, *column);
                if !declared.optional {
                    let empty = rows.iter().position(|row| row.get(place).is_none_or(Option::is_none));
                    if let Some(row) = empty {
                        return Some(Fault::Empty(*table, row, place, *column));
                    }
                }
                let Some(target) = drawn_target(self.values.shape, declared) else { continue };
                let there: Vec<String> = self.values.keys(history, target).collect();
                let lost = rows.iter().filter_map(|row| row.get(place)?.clone()).find(|id| !there.contains(id));
                if let Some(id) = lost {
                    return Some(Fault::NoRow(target, id));
                }
            }
        }
        None
    }

    /// Ends that lie before their beginning end on it; of rows that are alike where rows are
    /// distinct, one stays.
    fn even_out(&self, history: &mut History) {
        for (table, rows) in &mut history.tables {
            let declared = self.values.model.table(*table);
            if let Some(spans) = declared.spans {
                let [from, until] = [spans.from, spans.until].map(|column| self.values.shape.place(*table, column));
                let (Some(from), Some(until)) = (from, until) else { continue };
                for row in rows.iter_mut() {
                    let day = |place: usize| row.get(place)?.as_deref().and_then(read);
                    if let (Some(first), Some(end)) = (day(from), day(until))
                        && end < first
                        && let Some(text) = row.get(from).cloned()
                        && let Some(cell) = row.get_mut(until)
                    {
                        *cell = text;
                    }
                }
            }
            if declared.distinct {
                let mut seen: BTreeSet<Cells> = BTreeSet::new();
                rows.retain(|row| seen.insert(row.clone()));
            }
        }
    }
}

/// What keeps rows from obeying the model.
enum Fault {
    /// A link leads to an id that no row has.
    NoRow(TableId, String),
    /// A cell is empty that never is.
    Empty(TableId, usize, usize, ColumnId),
}

/// Takes a row away; links to it are mended afterwards.
pub(super) fn remove(history: &mut History, table: TableId, row: usize) {
    if let Some(rows) = history.tables.get_mut(&table)
        && row < rows.len()
    {
        rows.remove(row);
    }
}
