//! Drawn columns whose values stand in another table: drawn in one of the two, one row for each,
//! and ends that come after the beginning.

use super::test_rows::Drawn;
use crate::diag::{Diagnostic, Diagnostics, code};
use crate::ir::DrawnTable;
use crate::model::{ColumnId, Joined, Model, Table, TableId};
use crate::source::Span;
use chrono::NaiveDate;
use std::collections::BTreeMap;

/// Reports rows of which it cannot be told what such a column holds.
pub(super) fn one_value_each(model: &Model, drawn: &[Drawn], out: &mut Diagnostics) {
    let by_table: BTreeMap<TableId, &Drawn> = drawn.iter().map(|d| (d.table.table, d)).collect();
    for (own, table) in model.tables() {
        for (id, joined) in table.joined() {
            let Some(other) = by_table.get(&joined.table).filter(|other| other.table.columns.contains(&joined.column))
            else {
                continue;
            };
            let from = model.table(joined.table);
            let rows = rows(model, other, joined, out);
            let Some(here) = by_table.get(&own) else { continue };
            if here.table.columns.contains(&id) {
                let (name, stands) = (&table.column(id).name, &from.column(joined.column).name);
                let message = format!("`{name}` of `{}` stands in `{}`, which is drawn", table.name, from.name);
                let help = format!("remove the column here, or remove `{stands}` there");
                out.push(Diagnostic::new(code::DRAWN_ROWS, here.span(), message).help(help));
            } else if table.spans.is_some_and(|spans| spans.until == id) {
                ends(model, table, here, (joined, &rows), out);
            }
        }
    }
}

/// The value of each row by the id that it leads to, as ids are compared; a finding where two rows
/// lead to one.
fn rows<'d>(
    model: &Model,
    other: &'d Drawn,
    joined: Joined,
    out: &mut Diagnostics,
) -> BTreeMap<String, (Option<&'d str>, Span)> {
    let table = model.table(joined.table);
    let link = table.column(joined.via);
    let mut by_id: BTreeMap<String, (Option<&str>, Span)> = BTreeMap::new();
    let values = other.cells(joined.via).zip(other.cells(joined.column)).zip(&other.rows);
    for ((id, value), span) in values {
        let Some(id) = id else { continue };
        if by_id.insert(link.read_as.compared(id).into_owned(), (value, *span)).is_some() {
            let message = format!(
                "two rows of `{}` lead to `{id}`, which takes `{}` from one",
                table.name,
                table.column(joined.column).name
            );
            let help =
                format!("draw one row of `{}` for each: in the files, such a value could not be read", table.name);
            out.push(Diagnostic::new(code::DRAWN_ROWS, *span, message).help(help));
        }
    }
    by_id
}

/// Reports stays that end before they begin, and end in another table.
fn ends(
    model: &Model,
    table: &Table,
    here: &Drawn,
    (joined, rows): (Joined, &BTreeMap<String, (Option<&str>, Span)>),
    out: &mut Diagnostics,
) {
    let Some(spans) = table.spans else { return };
    let link = model.table(joined.table).column(joined.via);
    let day = |text: Option<&str>| text.and_then(|t| NaiveDate::parse_from_str(t, "%Y-%m-%d").ok());
    for (id, from) in ids(table, here).into_iter().zip(here.cells(spans.from)) {
        let Some((until, span)) = rows.get(link.read_as.compared(&id).as_ref()) else { continue };
        if let (Some(from), Some(until)) = (day(from), day(*until))
            && until < from
        {
            let message = format!("the stay `{id}` ends on {until}, before it begins on {from}");
            out.push(
                Diagnostic::new(code::DRAWN_ROWS, *span, message)
                    .help("the end of a stay is on or after its beginning"),
            );
        }
    }
}

/// The ids of drawn rows, in their order.
fn ids(table: &Table, drawn: &Drawn) -> Vec<String> {
    let key: Option<ColumnId> = table.key.filter(|key| drawn.table.columns.contains(key));
    match key {
        Some(key) => drawn.cells(key).map(|id| id.unwrap_or_default().to_owned()).collect(),
        None => (1..=drawn.rows.len()).map(DrawnTable::row_name).collect(),
    }
}
