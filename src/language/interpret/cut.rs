//! What the tables would have held at the end of a day, in local time: rows that begin later are
//! not there, days that have not come are empty, and so is what is known with such a day.

use super::joined::filled;
use super::read::of_digits;
use super::text::{Layout, TextTable};
use crate::model::{ColumnId, ColumnType, Known, Model, ReadAs, Table, TableId};
use chrono::NaiveDate;
use std::collections::{BTreeMap, BTreeSet};

type Files = BTreeMap<TableId, TextTable>;

/// Whether each row of each table is there.
type There = BTreeMap<TableId, Vec<bool>>;

/// The tables as they would have been at the end of `last`, and of each table the numbers of the
/// rows that are left.
#[must_use]
pub fn cut(model: &Model, files: &Files, last: NaiveDate) -> (Files, BTreeMap<TableId, Vec<usize>>) {
    // A day that stands in another file may have happened, too.
    let lines = left(model, &as_known(model, &filled(model, files, last), last), last);
    (kept(&as_known(model, files, last), &lines), lines)
}

/// The same of tables in which the columns that stand in other files are filled in.
pub(super) fn cut_filled(model: &Model, whole: &Files, last: NaiveDate) -> (Files, BTreeMap<TableId, Vec<usize>>) {
    let known = as_known(model, whole, last);
    let lines = left(model, &known, last);
    (kept(&known, &lines), lines)
}

/// The tables with what was not known yet left empty.
fn as_known(model: &Model, files: &Files, last: NaiveDate) -> Files {
    files.iter().map(|(id, text)| (*id, known(model, model.table(*id), text, last))).collect()
}

/// Only these rows of each table.
fn kept(files: &Files, lines: &BTreeMap<TableId, Vec<usize>>) -> Files {
    let kept = |(id, text): (&TableId, &TextTable)| {
        let rows = lines[id].iter().map(|row| text.rows[*row].clone()).collect();
        (*id, TextTable { header: text.header.clone(), rows })
    };
    files.iter().map(kept).collect()
}

/// Of each table the numbers of the rows that are there.
fn left(model: &Model, whole: &Files, last: NaiveDate) -> BTreeMap<TableId, Vec<usize>> {
    let leads = leads(model, whole);
    // Rows to which one that is there leads are there, too.
    let mut led_to: BTreeSet<(TableId, usize)> = BTreeSet::new();
    let there = loop {
        let there = there(model, whole, &leads, last, &led_to);
        let before = led_to.len();
        for (id, rows) in &leads {
            let of_rows_there = rows.iter().enumerate().filter(|(row, _)| there[id][*row]).flat_map(|(_, leads)| leads);
            for lead in of_rows_there.filter(|lead| lead.is_gone(&there)) {
                led_to.extend(lead.rows.iter().map(|row| (lead.target, *row)));
            }
        }
        if led_to.len() == before {
            break there;
        }
    };
    let left = |there: &Vec<bool>| (0..there.len()).filter(|row| there[*row]).collect();
    there.iter().map(|(id, there)| (*id, left(there))).collect()
}

/// A link of a row that is filled in.
struct Lead {
    column: ColumnId,
    target: TableId,
    /// The rows that have the id; more than one when the id is not unique.
    rows: Vec<usize>,
}

impl Lead {
    /// Whether it leads to rows of which none is there.
    fn is_gone(&self, there: &There) -> bool {
        self.rows.iter().all(|row| !there[&self.target][*row])
    }
}

/// The links of each row that lead to a row.
fn leads(model: &Model, files: &Files) -> BTreeMap<TableId, Vec<Vec<Lead>>> {
    let of_table = |(id, text): (&TableId, &TextTable)| {
        let layout = Layout::of(model.table(*id), text);
        let mut leads: Vec<Vec<Lead>> = text.rows.iter().map(|_| Vec::new()).collect();
        for (column, declared) in layout.table.columns() {
            let Some(target) = declared.target() else { continue };
            let by_id = by_id(model, files, target, declared.read_as);
            for (row, leads) in text.rows.iter().zip(&mut leads) {
                let id = layout.cell(column, row).map(|id| declared.read_as.compared(id));
                let rows = id.and_then(|id| by_id.get(id.as_ref()));
                leads.extend(rows.map(|rows| Lead { column, target, rows: rows.clone() }));
            }
        }
        (*id, leads)
    };
    files.iter().map(of_table).collect()
}

/// The rows of a table by their ids, as a link compares them.
fn by_id(model: &Model, files: &Files, table: TableId, read_as: ReadAs) -> BTreeMap<String, Vec<usize>> {
    let mut by_id: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    let declared = model.table(table);
    if let (Some(text), Some(key)) = (files.get(&table), declared.key) {
        let layout = Layout::of(declared, text);
        for (number, row) in text.rows.iter().enumerate() {
            let id = layout.cell(key, row).unwrap_or_default();
            if !id.is_empty() {
                by_id.entry(read_as.compared(id).into_owned()).or_default().push(number);
            }
        }
    }
    by_id
}

/// Whether each row is there: its own day has come, or one that is there leads to it, or all are
/// there that it must lead to.
fn there(
    model: &Model,
    known: &Files,
    leads: &BTreeMap<TableId, Vec<Vec<Lead>>>,
    last: NaiveDate,
    led_to: &BTreeSet<(TableId, usize)>,
) -> There {
    let begun = |(id, text): (&TableId, &TextTable)| {
        let layout = Layout::of(model.table(*id), text);
        let rows = text.rows.iter().enumerate();
        let there =
            rows.map(|(number, row)| !begins_later(model, &layout, row, last) || led_to.contains(&(*id, number)));
        (*id, there.collect())
    };
    let mut there: There = known.iter().map(begun).collect();
    loop {
        let mut lost = Vec::new();
        for (id, rows) in leads {
            let table = model.table(*id);
            if !table.fed || table.begins.is_some() {
                continue;
            }
            for (number, leads) in rows.iter().enumerate().filter(|(number, _)| there[id][*number]) {
                let hangs = leads.iter().any(|lead| is_needed(table, lead.column) && lead.is_gone(&there));
                if hangs && !led_to.contains(&(*id, number)) {
                    lost.push((*id, number));
                }
            }
        }
        if lost.is_empty() {
            return there;
        }
        for (id, number) in lost {
            if let Some(row) = there.get_mut(&id).and_then(|rows| rows.get_mut(number)) {
                *row = false;
            }
        }
    }
}

/// Whether a row without a day of its own is there only when the row is that this link leads to.
fn is_needed(table: &Table, link: ColumnId) -> bool {
    match table.begins_with {
        Some(with) => with == link,
        None => !table.column(link).optional,
    }
}

/// The day that a cell of a day or time names. One that the model calls missing is none.
fn day_of(model: &Model, table: &Table, column: ColumnId, text: &str) -> Option<NaiveDate> {
    let is_day = matches!(table.column(column).ty, ColumnType::Date | ColumnType::Timestamp);
    let day = text.get(..10).filter(|_| is_day).and_then(|day| of_digits(day).or_else(|| day.parse().ok()));
    day.filter(|day| !model.missing_dates.contains(day))
}

/// Whether a row begins later, and nothing that it names has happened.
pub(super) fn begins_later(model: &Model, layout: &Layout, row: &[String], last: NaiveDate) -> bool {
    let table = layout.table;
    let day = |column| day_of(model, table, column, layout.cell(column, row)?);
    let begins_later = table.begins.and_then(day).is_some_and(|day| day > last);
    let mut own_days = table.columns().filter(|(_, column)| column.known == Known::OwnDay).map(|(id, _)| id);
    begins_later && !own_days.any(|column| day(column).is_some_and(|day| day <= last))
}

/// The rows with what was not known yet left empty.
fn known(model: &Model, table: &Table, text: &TextTable, last: NaiveDate) -> TextTable {
    let mut left = text.clone();
    if !table.fed {
        return left;
    }
    let layout = Layout::of(table, text);
    for (row, left) in text.rows.iter().zip(&mut left.rows) {
        for (id, column) in table.columns() {
            let day = match column.known {
                Known::WithRow => continue,
                Known::OwnDay => id,
                Known::With(day) => day,
            };
            let at = layout.cell(day, row).and_then(|text| day_of(model, table, day, text));
            if at.is_some_and(|day| day > last)
                && let Some(cell) = layout.place(id).and_then(|place| left.get_mut(place))
            {
                cell.clear();
            }
        }
    }
    left
}
