//! What the files would have held at the end of a day, in local time, as truth.md has it: rows that
//! begin later are not there, ends and days that have not come are empty, and so is what is known
//! with such a day.

use super::instant::local;
use super::table::Raw;
use chrono::NaiveDate;
use std::collections::{BTreeMap, BTreeSet};
use yardstick::model::{Column, ColumnType, Known, Model, Table, TableId};

type Files = BTreeMap<TableId, Raw>;

/// The files as they would have been at the end of `last`, and of each table the numbers of the
/// rows that are left.
pub(crate) fn cut(model: &Model, files: &Files, last: NaiveDate) -> (Files, BTreeMap<TableId, Vec<usize>>) {
    let known: Files = local(model, files)
        .iter()
        .map(|(id, raw)| {
            let rows = raw.rows.iter().map(|row| known(model.table(*id), raw, row, last)).collect();
            (*id, Raw { header: raw.header.clone(), rows })
        })
        .collect();
    // Rows to which one that is there leads, by table and id.
    let mut led_to: BTreeSet<(TableId, &str)> = BTreeSet::new();
    loop {
        let there = there(model, &known, last, &led_to);
        let gone = ids_not_there(model, &known, &there);
        let before = led_to.len();
        for (id, raw) in &known {
            for (_, row) in raw.rows.iter().enumerate().filter(|(n, _)| there[id][*n]) {
                led_to.extend(
                    links(model.table(*id), raw, row).map(|(_, to, id)| (to, id)).filter(|to| gone.contains(to)),
                );
            }
        }
        if led_to.len() > before {
            continue;
        }
        let lines: BTreeMap<TableId, Vec<usize>> =
            there.iter().map(|(id, there)| (*id, (0..there.len()).filter(|n| there[*n]).collect())).collect();
        let rows = |id: &TableId, raw: &Raw| lines[id].iter().map(|n| raw.rows[*n].clone()).collect();
        let left =
            known.iter().map(|(id, raw)| (*id, Raw { header: raw.header.clone(), rows: rows(id, raw) })).collect();
        return (left, lines);
    }
}

/// Whether each row is there: its own day has come, or one that is there leads to it, or all are
/// there that it must lead to.
fn there(
    model: &Model,
    known: &Files,
    last: NaiveDate,
    led_to: &BTreeSet<(TableId, &str)>,
) -> BTreeMap<TableId, Vec<bool>> {
    let is_led_to = |id: TableId, raw: &Raw, row: &[String]| {
        model
            .table(id)
            .key
            .is_some_and(|key| led_to.contains(&(id, row[place(raw, model.table(id).column(key))].as_str())))
    };
    let begun = |(id, raw): (&TableId, &Raw)| {
        let there = |row: &Vec<String>| !begins_later(model.table(*id), raw, row, last) || is_led_to(*id, raw, row);
        (*id, raw.rows.iter().map(there).collect())
    };
    let mut there: BTreeMap<TableId, Vec<bool>> = known.iter().map(begun).collect();
    loop {
        let gone = ids_not_there(model, known, &there);
        let mut changed = false;
        for (id, raw) in known.iter().filter(|(id, _)| model.table(**id).fed && model.table(**id).begins.is_none()) {
            for (n, row) in raw.rows.iter().enumerate() {
                let mut must =
                    links(model.table(*id), raw, row).filter(|(column, ..)| is_needed(model.table(*id), column));
                let hangs = must.any(|(_, to, id)| gone.contains(&(to, id))) && !is_led_to(*id, raw, row);
                if hangs && there[id][n] {
                    there.get_mut(id).unwrap()[n] = false;
                    changed = true;
                }
            }
        }
        if !changed {
            return there;
        }
    }
}

/// Whether a row without a day of its own is there only when the row is that this link leads to.
fn is_needed(table: &Table, link: &Column) -> bool {
    match table.begins_with {
        Some(with) => table.column(with).name == link.name,
        None => !link.optional,
    }
}

fn place(raw: &Raw, column: &Column) -> usize {
    raw.header.iter().position(|h| *h == column.file_name).unwrap()
}

fn is_later(text: &str, last: NaiveDate) -> bool {
    text.get(..10).and_then(|day| day.parse::<NaiveDate>().ok()).is_some_and(|day| day > last)
}

/// Whether a cell of a day or time lies later. A day that the model calls missing is none.
fn lies_later(column: &Column, text: &str, last: NaiveDate) -> bool {
    matches!(column.ty, ColumnType::Date | ColumnType::Timestamp)
        && !text.starts_with("9999-12-31")
        && is_later(text, last)
}

/// Whether a row begins later, and nothing that it names has happened.
fn begins_later(table: &Table, raw: &Raw, row: &[String], last: NaiveDate) -> bool {
    let cell = |column: &Column| row[place(raw, column)].clone();
    let happened = |column: &Column| {
        let text = cell(column);
        let day = text.get(..10).and_then(|day| day.parse::<NaiveDate>().ok());
        column.known == Known::OwnDay && day.is_some_and(|day| day <= last) && !text.starts_with("0001-01-01")
    };
    table.begins.is_some_and(|id| {
        let column = table.column(id);
        lies_later(column, &cell(column), last) && !table.columns.iter().any(happened)
    })
}

/// The cells of links that are filled in.
fn links<'a>(
    table: &'a Table,
    raw: &'a Raw,
    row: &'a [String],
) -> impl Iterator<Item = (&'a Column, TableId, &'a str)> {
    table.columns.iter().filter_map(move |column| {
        let text = row[place(raw, column)].as_str();
        Some((column, column.target()?, text)).filter(|_| !text.is_empty())
    })
}

/// The ids that only rows have that are not there.
fn ids_not_there<'a>(
    model: &Model,
    files: &'a Files,
    there: &BTreeMap<TableId, Vec<bool>>,
) -> BTreeSet<(TableId, &'a str)> {
    let ids = |is_there: bool| -> BTreeSet<(TableId, &str)> {
        let keyed = files
            .iter()
            .filter_map(|(id, raw)| Some((id, raw, place(raw, model.table(*id).column(model.table(*id).key?)))));
        keyed
            .flat_map(|(id, raw, key)| {
                let rows = raw.rows.iter().zip(&there[id]).filter(|(_, t)| **t == is_there);
                rows.map(move |(row, _)| (*id, row[key].as_str()))
            })
            .collect()
    };
    ids(false).difference(&ids(true)).copied().collect()
}

/// A row with what was not known yet left empty.
fn known(table: &Table, raw: &Raw, row: &[String], last: NaiveDate) -> Vec<String> {
    let mut left = row.to_vec();
    if !table.fed {
        return left;
    }
    for column in &table.columns {
        let later = match column.known {
            Known::WithRow => false,
            Known::OwnDay => lies_later(column, &row[place(raw, column)], last),
            Known::With(day) => {
                let day = table.column(day);
                lies_later(day, &row[place(raw, day)], last)
            }
        };
        if later {
            left[place(raw, column)] = String::new();
        }
    }
    left
}
