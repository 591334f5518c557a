//! Makes a history smaller: fewer rows, fewer values, plainer days.

use super::shape::drawn_target;
use super::values::{Values, read};
use super::{Cells, History};
use crate::model::{ColumnType, TableId};
use chrono::{Datelike, NaiveDate};

/// The smallest history that can be made of one a step at a time while a law holds.
pub(super) fn smallest(mut history: History, values: &Values, holds: &dyn Fn(&History) -> bool) -> History {
    // Each step makes it smaller by an order that ends; the number is for bad luck only.
    for _ in 0..200 {
        let steps = without_a_row(&history, values).into_iter();
        let steps = steps.chain(without_a_value(&history, values)).chain(plainer(&history, values));
        match steps.into_iter().find(|smaller| holds(smaller)) {
            Some(smaller) => history = smaller,
            None => break,
        }
    }
    numbered(&history, values, holds)
}

/// The history without one of its rows, and without the links to it; not where a link to it is
/// never missing.
fn without_a_row(history: &History, values: &Values) -> Vec<History> {
    let mut all = Vec::new();
    for (table, rows) in &history.tables {
        // A test draws the cohort's table.
        let drawn = values.definitions.iter().any(|of| of.indicator().cohort.table == *table) && rows.len() == 1;
        for number in (0..rows.len()).filter(|_| !drawn) {
            all.extend(without(history, values, *table, number));
        }
    }
    all
}

fn without(history: &History, values: &Values, table: TableId, number: usize) -> Option<History> {
    let key = values.model.table(table).key.and_then(|key| values.shape.place(table, key));
    let id = history.tables.get(&table)?.get(number)?.get(key.unwrap_or(usize::MAX)).cloned().flatten();
    let mut smaller = history.clone();
    smaller.tables.get_mut(&table)?.remove(number);
    for (other, rows) in &mut smaller.tables {
        for (place, column) in values.shape.columns.get(other)?.iter().enumerate() {
            let declared = values.column(*other, *column);
            if id.is_none() || drawn_target(values.shape, declared) != Some(table) {
                continue;
            }
            for cell in rows.iter_mut().filter_map(|row| row.get_mut(place)).filter(|cell| **cell == id) {
                if !declared.optional {
                    return None;
                }
                *cell = None;
            }
        }
    }
    Some(smaller)
}

/// The history with another value in one cell, for each that `better` gives.
fn with_cells(
    history: &History,
    values: &Values,
    better: impl Fn(&crate::model::Column, &str) -> Vec<Option<String>>,
) -> Vec<History> {
    let mut all = Vec::new();
    for (table, rows) in &history.tables {
        let Some(columns) = values.shape.columns.get(table) else { continue };
        for (number, row) in rows.iter().enumerate() {
            for (place, column) in columns.iter().enumerate() {
                let Some(text) = row.get(place).and_then(Option::as_deref) else { continue };
                for value in better(values.column(*table, *column), text) {
                    let mut smaller = history.clone();
                    let rows = smaller.tables.get_mut(table);
                    if let Some(cell) = rows.and_then(|rows| rows.get_mut(number)?.get_mut(place)) {
                        *cell = value;
                        all.push(smaller);
                    }
                }
            }
        }
    }
    all
}

fn without_a_value(history: &History, values: &Values) -> Vec<History> {
    let missing = |column: &crate::model::Column, _: &str| if column.optional { vec![None] } else { Vec::new() };
    with_cells(history, values, missing)
}

/// Days that are the first of a year, or of a month, in the place of others.
fn plainer(history: &History, values: &Values) -> Vec<History> {
    let plain = |column: &crate::model::Column, text: &str| {
        let Some(time) = read(text).filter(|_| matches!(column.ty, ColumnType::Date | ColumnType::Timestamp)) else {
            return Vec::new();
        };
        let day = time.date();
        let firsts = [(day.year(), 1), (day.year(), day.month())];
        let firsts = firsts.into_iter().filter_map(|(year, month)| NaiveDate::from_ymd_opt(year, month, 1));
        let firsts = firsts.filter(|first| plainness(*first) < plainness(day));
        let clock = text.get(10..).unwrap_or_default().to_owned();
        firsts.map(|first| Some(format!("{first}{clock}"))).collect()
    };
    let mut all = with_cells(history, values, plain);
    all.retain(|history| !ends_early(history, values));
    all
}

fn plainness(day: NaiveDate) -> u32 {
    match (day.month(), day.day()) {
        (1, 1) => 0,
        (_, 1) => 1,
        (_, _) => 2,
    }
}

/// Whether a stay ends before it begins.
fn ends_early(history: &History, values: &Values) -> bool {
    history.tables.iter().any(|(table, rows)| {
        let Some(spans) = values.model.table(*table).spans else { return false };
        let [from, until] = [spans.from, spans.until].map(|column| values.shape.place(*table, column));
        let (Some(from), Some(until)) = (from, until) else { return false };
        let day = |row: &Cells, place: usize| row.get(place)?.as_deref().and_then(read);
        rows.iter().any(|row| day(row, from).zip(day(row, until)).is_some_and(|(from, until)| until < from))
    })
}

/// The history with ids that are numbered from 1 on in the order of their rows, where the law still
/// holds: ids put rows of one day in order.
pub(super) fn numbered(history: &History, values: &Values, holds: &dyn Fn(&History) -> bool) -> History {
    let mut renamed = history.clone();
    for table in (0..values.model.tables.len()).filter_map(|n| u16::try_from(n).ok()).map(TableId) {
        let old = ids(history, values, table);
        for (number, id) in (1..).zip(&old) {
            // Through names that no row has, so that no two are ever alike.
            rename(&mut renamed, values, table, id, &format!("\u{1}{number}"));
        }
        for number in 1..=old.len() {
            rename(&mut renamed, values, table, &format!("\u{1}{number}"), &values.id(table, number));
        }
    }
    if holds(&renamed) { renamed } else { history.clone() }
}

/// The ids of a table in the order in which they first stand in a history: as keys, and then as
/// links.
fn ids(history: &History, values: &Values, table: TableId) -> Vec<String> {
    let mut found: Vec<String> = values.keys(history, table).collect();
    for (other, rows) in &history.tables {
        for (place, column) in values.shape.columns.get(other).into_iter().flatten().enumerate() {
            if values.column(*other, *column).target() == Some(table) {
                for id in rows.iter().filter_map(|row| row.get(place).cloned().flatten()) {
                    if !found.contains(&id) {
                        found.push(id);
                    }
                }
            }
        }
    }
    found
}

/// Another id for a row, wherever it is named.
pub(super) fn rename(history: &mut History, values: &Values, table: TableId, from: &str, to: &str) {
    for (other, rows) in &mut history.tables {
        for (place, column) in values.shape.columns.get(other).into_iter().flatten().enumerate() {
            let declared = values.column(*other, *column);
            let names = declared.target() == Some(table) || (*other == table && declared.ty == ColumnType::Key);
            if !names {
                continue;
            }
            for cell in rows.iter_mut().filter_map(|row| row.get_mut(place)) {
                if cell.as_deref() == Some(from) {
                    *cell = Some(to.to_owned());
                }
            }
        }
    }
}
