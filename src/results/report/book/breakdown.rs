//! The groups of an entity's rows in words: a table for each breakdown.

use super::document::{Table, TableRow, counts, value, why};
use super::sheet::{Group, bars, interval, unknown};
use crate::report::mark;
use crate::scorecard::book::Groups;
use crate::scorecard::card::{Column, Shown};

/// What groups are compared with: of the first that has a ratio.
pub(super) fn compared_with<'a>(of: &Groups<'a>) -> Option<&'a str> {
    of.cells.iter().find_map(|(_, shown)| shown.ratio).map(|(_, to)| to)
}

/// The groups of a breakdown, each with its value, its counts, its interval, its ratio to the other
/// rows, and why there is none or what is not known; columns without any text are left out.
pub(super) fn group(column: &Column, of: &Groups) -> Group {
    let to = compared_with(of).unwrap_or_default();
    type Text<'t> = Box<dyn Fn(&Shown) -> String + 't>;
    let columns: [(String, Text); 5] = [
        ("value".to_owned(), Box::new(|shown| value(column, Some(shown)))),
        ("counts".to_owned(), Box::new(|shown| counts(column, Some(shown)))),
        ("95 % interval".to_owned(), Box::new(|shown| shown.cell.interval.map(interval).unwrap_or_default())),
        (format!("ratio to {to}"), Box::new(|shown| shown.ratio.map(|(of, _)| mark::ratio(of)).unwrap_or_default())),
        ("why, and what is not known".to_owned(), Box::new(|shown| said(column, shown))),
    ];
    let mut table = Table { head: vec!["group".to_owned()], ..Table::default() };
    let row = |(group, shown): &(&str, Shown)| TableRow {
        cells: vec![(*group).to_owned()],
        band: shown.cell.band,
        is_own: false,
    };
    table.rows.extend(of.cells.iter().map(row));
    for (number, (head, text)) in columns.into_iter().enumerate() {
        let texts: Vec<String> = of.cells.iter().map(|(_, shown)| text(shown)).collect();
        if number > 0 && texts.iter().all(String::is_empty) {
            continue;
        }
        table.head.push(head);
        table.rows.iter_mut().zip(texts).for_each(|(row, text)| row.cells.push(text));
    }
    let title = format!("By {}", of.by);
    let cells: Vec<(String, &Shown)> = of.cells.iter().map(|(group, shown)| ((*group).to_owned(), shown)).collect();
    let charts = vec![bars(column, &title, &cells)];
    Group { title, table, charts }
}

/// Why there is no value, and what is not known of its rows, where there are such.
fn said(column: &Column, shown: &Shown) -> String {
    let unknown = unknown(column, shown).filter(|_| shown.is_uncertain());
    [Some(why(Some(shown))), unknown]
        .into_iter()
        .flatten()
        .filter(|text| !text.is_empty())
        .collect::<Vec<_>>()
        .join("; ")
}
