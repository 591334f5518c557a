//! Ids of drawn rows: a table that is drawn holds every row that links lead to, and no entity has
//! an id that means something else.

use super::test_rows::Drawn;
use crate::diag::{Diagnostic, Diagnostics, code};
use crate::ir::DrawnTable;
use crate::model::{Column, ColumnType, Model, TableId, UNASSIGNED};
use std::collections::{BTreeMap, BTreeSet};

/// Reports links to rows that are not drawn, though their table is.
pub(super) fn lead_somewhere(model: &Model, drawn: &[Drawn], out: &mut Diagnostics) {
    let by_table: BTreeMap<TableId, &Drawn> = drawn.iter().map(|d| (d.table.table, d)).collect();
    for from in drawn {
        for column in &from.table.columns {
            let declared = model.table(from.table.table).column(*column);
            let Some(to) = declared.target().and_then(|target| by_table.get(&target)) else { continue };
            let ids = ids(model, to, declared);
            let target = &model.table(to.table.table).name;
            for (id, span) in from.cells(*column).zip(&from.rows) {
                let Some(id) = id.filter(|id| !ids.contains(declared.read_as.compared(id).as_ref())) else { continue };
                let message = format!("no row of `{target}` has the id `{id}`, and `{target}` is drawn");
                let help = format!("draw that row, too, or do not draw `{target}` at all: its rows are then made up");
                out.push(Diagnostic::new(code::DRAWN_ROWS, *span, message).help(help));
            }
        }
    }
}

/// The ids of a drawn table as a link compares them. Where they are not drawn, rows are called
/// `row 001`, `row 002` ...
fn ids(model: &Model, drawn: &Drawn, link: &Column) -> BTreeSet<String> {
    let key = model.table(drawn.table.table).key.filter(|key| drawn.table.columns.contains(key));
    let compared = |id: &str| link.read_as.compared(id).into_owned();
    match key {
        Some(key) => drawn.cells(key).flatten().map(compared).collect(),
        None => (1..=drawn.rows.len()).map(DrawnTable::row_name).collect(),
    }
}

/// Reports entities, drawn or named by a link, that have the id of the whole or of nobody.
pub(super) fn name_no_reserved_entity(model: &Model, drawn: &[Drawn], out: &mut Diagnostics) {
    for rows in drawn {
        for (id, column) in model.table(rows.table.table).columns() {
            let names = match column.ty {
                ColumnType::Key => Some(rows.table.table),
                ColumnType::Link(target) => Some(target),
                ColumnType::Text
                | ColumnType::Bool
                | ColumnType::Int
                | ColumnType::Decimal(_)
                | ColumnType::Date
                | ColumnType::Timestamp
                | ColumnType::Codes(_) => None,
            };
            let Some(level) = names.filter(|table| model.is_level(*table)) else { continue };
            let reserved_ids = model.reserved_ids(level);
            for (text, span) in rows.cells(id).zip(&rows.rows) {
                let taken = |text: &&str| reserved_ids.contains(text);
                let Some(text) = text.map(|text| column.read_as.shown(text)).filter(taken) else { continue };
                let message = format!(
                    "no `{}` can have the id `{text}`, which has a meaning of its own",
                    model.table(level).name
                );
                let help = format!(
                    "give it another id: `{UNASSIGNED}` are the rows that nobody holds, and the first level is the whole"
                );
                out.push(Diagnostic::new(code::DRAWN_ROWS, *span, message).help(help));
            }
        }
    }
}
