//! Columns whose values stand in another table, filled in before anything is cut or read: what
//! follows sees columns like all others.

use super::cut::begins_later;
use super::read::{parse, says_nothing, stands_for_missing};
use super::text::{Layout, TextTable};
use crate::functions::{Cell, Value};
use crate::model::{Column, ColumnId, ColumnType, Joined, Model, TableId};
use chrono::NaiveDate;
use std::borrow::Cow;
use std::collections::BTreeMap;

type Files = BTreeMap<TableId, TextTable>;

/// The tables with such columns filled in, as they are known at the end of `last`. A table that
/// does not have the column of the other's link and value says nothing.
pub(super) fn filled<'f>(model: &Model, files: &'f Files, last: NaiveDate) -> Cow<'f, Files> {
    let mut filled = Cow::Borrowed(files);
    for (own, table) in model.tables() {
        for (id, joined) in table.joined() {
            let values = values(model, files, joined, last);
            let text = filled.get(&own).filter(|_| !values.is_empty());
            let Some(text) = text.map(|text| fill(model, text, (own, id), &values)) else { continue };
            filled.to_mut().insert(own, text);
        }
    }
    filled
}

/// The table with the values of a column, which are given by the ids of their rows.
fn fill(model: &Model, text: &TextTable, (own, id): (TableId, ColumnId), values: &Values) -> TextTable {
    let (table, mut text) = (model.table(own), text.clone());
    let name = &table.column(id).file_name;
    if !text.header.contains(name) {
        text.header.push(name.clone());
        text.rows.iter_mut().for_each(|row| row.push(String::new()));
    }
    let layout = Layout::of(table, &text);
    let (place, key) = (layout.place(id), table.key.and_then(|key| layout.place(key)));
    for row in &mut text.rows {
        let id = key.and_then(|key| row.get(key)).map(|id| values.link.read_as.compared(id).into_owned());
        if let Some(value) = id.and_then(|id| values.by_id.get(&id))
            && let Some(cell) = place.and_then(|place| row.get_mut(place))
        {
            cell.clone_from(value);
        }
    }
    text
}

/// Values as text, by the ids that the link names.
struct Values<'m> {
    link: &'m Column,
    by_id: BTreeMap<String, String>,
}

impl Values<'_> {
    fn is_empty(&self) -> bool {
        self.by_id.is_empty()
    }
}

/// The values in the rows that are there at the end of `last`; where none is, those of the first
/// that is still to come, so that the cut sees that it lies ahead.
fn values<'m>(model: &'m Model, files: &Files, joined: Joined, last: NaiveDate) -> Values<'m> {
    let table = model.table(joined.table);
    let (link, column) = (table.column(joined.via), table.column(joined.column));
    let mut values = Values { link, by_id: BTreeMap::new() };
    let Some(text) = files.get(&joined.table) else { return values };
    let layout = Layout::of(table, text);
    if layout.place(joined.via).is_none() || layout.place(joined.column).is_none() {
        return values;
    }
    let mut rows: BTreeMap<String, Vec<&Vec<String>>> = BTreeMap::new();
    let mut to_come: BTreeMap<String, Vec<&Vec<String>>> = BTreeMap::new();
    for row in &text.rows {
        let id = layout.cell(joined.via, row).filter(|id| !says_nothing(model, link.read_as.shown(id)));
        let Some(id) = id.map(|id| link.read_as.compared(id).into_owned()) else { continue };
        if table.fed && begins_later(model, &layout, row, last) {
            to_come.entry(id).or_insert_with(|| vec![row]);
        } else {
            rows.entry(id).or_default().push(row);
        }
    }
    to_come.retain(|id, _| !rows.contains_key(id));
    for (id, rows) in rows.into_iter().chain(to_come) {
        values.by_id.insert(id, value(model, &layout, (joined.column, column), &rows));
    }
    values
}

/// The value of rows that lead to one row: of rows that are all the same, their own. A text that
/// cannot be read where they differ, and where it is missing and may not be.
fn value(model: &Model, layout: &Layout, (id, column): (ColumnId, &Column), rows: &[&Vec<String>]) -> String {
    let cells = |row: &[String]| -> Vec<Cell> {
        let read = |(id, column): (ColumnId, &Column)| {
            let text = layout.cell(id, row).filter(|text| !says_nothing(model, text))?;
            parse(column, text).filter(|value| !stands_for_missing(model, value))
        };
        layout.table.columns().map(read).collect()
    };
    let Some((first, others)) = rows.split_first() else { return String::new() };
    if others.iter().any(|row| cells(row) != cells(first)) {
        return format!("{} rows", rows.len());
    }
    let text = layout.cell(id, first).unwrap_or_default();
    match (cells(first).get(usize::from(id.0)), &column.ty) {
        (Some(Some(Value::Code(place))), ColumnType::Codes(words)) => {
            words.get(usize::from(*place)).cloned().unwrap_or_default()
        }
        (Some(None), _) if !column.optional => format!("no {}", column.name),
        _ => text.to_owned(),
    }
}
