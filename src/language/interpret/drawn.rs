//! The rows that a test draws.

use super::evaluate::Fault;
use super::table::World;
use super::text::TextTable;
use crate::ir::{DrawnTable, Test};
use crate::model::{Model, Table, TableId};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// The tables of a test, as they were at the end of its as-of date. A table that is not drawn has
/// one row for each id that a drawn link speaks of, and nothing else is known of it. A row whose id
/// is not drawn is called `row 001`, `row 002` ...
///
/// # Errors
/// When a drawn row breaks the model, and the checker did not find it.
pub fn drawn<'m>(model: &'m Model, test: &Test) -> Result<World<'m>, Fault> {
    let mut tables = made_up(model, test);
    for table in &test.tables {
        tables.remove(&table.table);
    }
    for drawn in &test.tables {
        let table = model.table(drawn.table);
        let mut text = TextTable::default();
        text.header.extend(drawn.columns.iter().map(|column| table.column(*column).file_name.clone()));
        let cells = |row: &Vec<Option<String>>| row.iter().map(|cell| cell.clone().unwrap_or_default()).collect();
        text.rows.extend(drawn.rows.iter().map(cells));
        name_rows(table, &mut text);
        tables.insert(drawn.table, text);
    }
    let world = World::read(model, &tables, test.as_of);
    // Rows of a table that are alike as of the day count once.
    match model.tables().find(|(id, _)| !world.went(*id).is_empty()) {
        None => Ok(world),
        Some((_, table)) => {
            Err(Fault::new(format!("internal error: a drawn row of `{}` breaks the model", table.name)))
        }
    }
}

/// Gives rows the ids that are not drawn.
fn name_rows(table: &Table, text: &mut TextTable) {
    let Some(key) = table.key.map(|key| &table.column(key).file_name) else { return };
    if !text.header.contains(key) {
        text.header.push(key.clone());
        text.rows.iter_mut().zip(1..).for_each(|(row, number)| row.push(DrawnTable::row_name(number)));
    }
}

/// The rows that drawn links speak of.
fn made_up(model: &Model, test: &Test) -> BTreeMap<TableId, TextTable> {
    let named = |(target, ids): (TableId, BTreeMap<Cow<'_, str>, &str>)| {
        let table = model.table(target);
        let key = table.key.map(|key| table.column(key).file_name.clone())?;
        let rows = ids.into_values().map(|id| vec![id.to_owned()]).collect();
        Some((target, TextTable { header: vec![key], rows }))
    };
    test.linked_ids(model).into_iter().filter_map(named).collect()
}
