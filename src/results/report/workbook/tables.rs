//! Tables that can be filtered: the cells of each level, the definitions; and what is to be known
//! about the data.

use crate::report::mark;
use crate::scorecard::card::{Card, Column, Row, Shown};
use rust_xlsxwriter::{Table, TableColumn, Worksheet, XlsxError};

/// The levels that have rows, in their order.
pub(super) fn levels<'c>(card: &'c Card) -> Vec<&'c str> {
    let mut levels: Vec<&str> = Vec::new();
    for row in card.context.iter().chain(&card.rows).filter(|row| !row.is_part) {
        if !levels.contains(&row.level.as_str()) {
            levels.push(&row.level);
        }
    }
    levels
}

/// The lines that a sheet of Excel holds below a head.
pub(super) const LINES: usize = 1_048_575;

/// A level whose table is too long, and how long it would be.
pub(super) fn too_long<'c>(card: &'c Card) -> Option<(&'c str, usize)> {
    let lines = |level: &str| {
        let rows = card.context.iter().chain(&card.rows).filter(|row| row.level == level);
        rows.map(|row| row.tracks.len()).sum::<usize>()
    };
    levels(card).into_iter().map(|level| (level, lines(level))).find(|(_, lines)| *lines > LINES)
}

/// A value of a cell of a table.
pub(super) enum Value<'v> {
    Text(&'v str),
    Number(Option<f64>),
}

/// What stands in the table of a level.
const CELLS: [&str; 22] = [
    "indicator",
    "title",
    "entity_id",
    "entity_name",
    "group",
    "window",
    "numerator",
    "denominator",
    "value",
    "unit",
    "state",
    "reason",
    "band",
    "standard_least",
    "standard_most",
    "undetermined",
    "excluded",
    "unsure",
    "unread",
    "least",
    "most",
    "meaning",
];

/// The latest cell of every entity of a level and every indicator.
pub(super) fn level(sheet: &mut Worksheet, card: &Card, level: &str) -> Result<(), XlsxError> {
    let mut number = 0;
    let mut entity: Option<&Row> = None;
    for row in card.context.iter().chain(&card.rows) {
        if !row.is_part {
            entity = (row.level == level).then_some(row);
        }
        let Some(entity) = entity else { continue };
        for (track, column) in row.tracks.iter().zip(&card.columns) {
            let Some(shown) = track.latest() else { continue };
            number += 1;
            line(sheet, number, &values(entity, row, column, shown))?;
        }
    }
    table(sheet, &CELLS, number)
}

fn values<'v>(entity: &'v Row, row: &'v Row, column: &'v Column, shown: &'v Shown) -> [Value<'v>; 22] {
    let cell = &shown.cell;
    let count = |of: fn(&crate::scorecard::Counts) -> u64| Value::Number(cell.counts.map(|counts| of(counts) as f64));
    [
        Value::Text(&column.id),
        Value::Text(&column.title),
        Value::Text(&entity.id),
        Value::Text(&entity.name),
        Value::Text(if row.is_part { &row.name } else { "" }),
        Value::Text(column.window()),
        Value::Number(cell.numerator),
        Value::Number(cell.denominator),
        Value::Number(cell.value),
        Value::Text(&column.unit),
        Value::Text(cell.state.id()),
        Value::Text(cell.reason.unwrap_or_default()),
        Value::Text(cell.band.map_or("", |band| band.id())),
        Value::Number(cell.standard.and_then(|standard| standard.least)),
        Value::Number(cell.standard.and_then(|standard| standard.most)),
        count(|counts| counts.undetermined),
        count(crate::scorecard::Counts::excluded_total),
        count(crate::scorecard::Counts::unsure),
        count(crate::scorecard::Counts::unread),
        Value::Number(cell.range.least),
        Value::Number(cell.range.most),
        Value::Text(&column.meaning),
    ]
}

const DEFINITIONS: [&str; 10] =
    ["indicator", "title", "domain", "question", "reading", "source", "status", "window", "waits", "meaning"];

pub(super) fn definitions(sheet: &mut Worksheet, card: &Card) -> Result<(), XlsxError> {
    for (number, column) in card.columns.iter().enumerate() {
        let text = |text: &'_ Option<String>| text.clone().unwrap_or_default();
        let (domain, question, reading) = (text(&column.domain), text(&column.question), text(&column.reading));
        let (source, status) = (text(&column.source), text(&column.status));
        let texts = [
            &column.id,
            &column.title,
            &domain,
            &question,
            &reading,
            &source,
            &status,
            column.window(),
            &column.wait,
            &column.meaning,
        ];
        line(sheet, number + 1, &texts.map(Value::Text))?;
    }
    table(sheet, &DEFINITIONS, card.columns.len())
}

/// What is said under a scorecard.
pub(super) fn notes(sheet: &mut Worksheet, card: &Card) -> Result<(), XlsxError> {
    let all =
        [mark::READING.to_owned()].into_iter().chain(mark::left_out(card)).chain(card.heading.notes.iter().cloned());
    for (number, note) in all.enumerate() {
        sheet.write_string(number as u32, 0, note)?;
    }
    sheet.set_column_width(0, 120)?;
    Ok(())
}

pub(super) fn line(sheet: &mut Worksheet, row: usize, values: &[Value<'_>]) -> Result<(), XlsxError> {
    for (column, value) in values.iter().enumerate() {
        let (row, column) = (row as u32, column as u16);
        match value {
            Value::Number(Some(number)) => drop(sheet.write_number(row, column, *number)?),
            Value::Text(text) if !text.is_empty() => drop(sheet.write_string(row, column, cut(text))?),
            Value::Number(None) | Value::Text(_) => {}
        }
    }
    Ok(())
}

/// Excel keeps no more signs in a cell.
fn cut(text: &str) -> String {
    text.chars().take(32_000).collect()
}

/// Makes a table of the lines below the heads.
pub(super) fn table(sheet: &mut Worksheet, heads: &[&str], lines: usize) -> Result<(), XlsxError> {
    let columns: Vec<TableColumn> = heads.iter().map(|head| TableColumn::new().set_header(*head)).collect();
    let last = heads.len().saturating_sub(1) as u16;
    sheet.add_table(0, 0, lines.max(1) as u32, last, &Table::new().set_columns(&columns))?;
    sheet.set_freeze_panes(1, 0)?.set_column_range_width(0, last, 16)?;
    Ok(())
}
