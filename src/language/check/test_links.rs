//! Links of drawn rows: a table that is drawn holds every row that they lead to.

use super::test_rows::Drawn;
use crate::diag::{Diagnostic, Diagnostics, code};
use crate::model::{Column, Model, TableId};
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
        None => (1..=drawn.rows.len()).map(|number| format!("row {number:03}")).collect(),
    }
}
