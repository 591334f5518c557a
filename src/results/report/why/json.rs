//! An explanation for programs: one object.

use super::{Why, missing_row, truth};
use serde::Serialize;
use yardstick_language::explanation::{AskedRow, Clause, MissingRow, NamedValue, Part};
use yardstick_language::ir::Outcome;

#[derive(Serialize)]
struct Whole<'a> {
    indicator: &'a str,
    meaning: &'a str,
    window_start: String,
    window_end: String,
    as_of: String,
    table: &'a str,
    id: &'a str,
    outcome: &'static str,
    unsure: bool,
    reason: Option<&'a str>,
    amount: Option<&'a str>,
    result: &'a str,
    attributed_on: Option<String>,
    held_by: Vec<Holder<'a>>,
    deciding: &'a [Vec<String>],
    instead: Vec<Change<'a>>,
    missing_rows: Vec<Missing<'a>>,
    /// Why nothing was looked for that would have made a difference.
    not_tried: Option<&'a str>,
    notes: &'a [String],
    days: Vec<Day<'a>>,
    clauses: Vec<OfClause<'a>>,
}

#[derive(Serialize)]
struct Holder<'a> {
    level: &'a str,
    id: Option<&'a str>,
}

#[derive(Serialize)]
struct Change<'a> {
    row: &'a str,
    column: &'a str,
    was: &'a str,
    value: &'a str,
    through: Option<String>,
    farther_not_tried: bool,
    outcome: &'static str,
    said: String,
}

/// A row that is not recorded and would have made a difference.
#[derive(Serialize)]
struct Missing<'a> {
    table: &'a str,
    of: &'a str,
    recorded: usize,
    passing: usize,
    conditions: &'a [String],
    day_columns: &'a [String],
    days: Vec<Days>,
    values: Vec<Value<'a>>,
    outcome: &'static str,
    said: String,
}

#[derive(Serialize)]
struct Days {
    first: String,
    last: String,
    earlier_not_tried: bool,
    later_not_tried: bool,
}

#[derive(Serialize)]
struct Day<'a> {
    day: String,
    time: Option<String>,
    row: Option<&'a str>,
    what: &'a str,
}

#[derive(Serialize)]
struct OfClause<'a> {
    clause: &'a str,
    decides: bool,
    condition: Option<OfPart<'a>>,
    values: Vec<Value<'a>>,
    rows: Vec<OfRow<'a>>,
}

#[derive(Serialize)]
struct OfPart<'a> {
    text: &'a str,
    holds: &'static str,
    decides: bool,
    values: Vec<Value<'a>>,
    parts: Vec<OfPart<'a>>,
    rows: Vec<OfRow<'a>>,
    more_rows: usize,
}

#[derive(Serialize)]
struct OfRow<'a> {
    row: &'a str,
    condition: Option<OfPart<'a>>,
    values: Vec<Value<'a>>,
}

#[derive(Serialize)]
struct Value<'a> {
    name: &'a str,
    value: &'a str,
}

/// One object.
///
/// # Errors
/// When it cannot be written as JSON: a fault of ours.
pub fn json(of: &Why) -> std::io::Result<Vec<u8>> {
    let said = &of.explanation;
    let whole = Whole {
        indicator: &of.indicator,
        meaning: &of.meaning,
        window_start: of.days[0].to_string(),
        window_end: of.days[1].to_string(),
        as_of: of.as_of.to_string(),
        table: &said.table,
        id: &said.id,
        outcome: crate::scorecard::words::outcome(&said.outcome),
        unsure: said.unsure,
        reason: match &said.outcome {
            Outcome::Excluded(reason) => reason.as_deref(),
            _ => None,
        },
        amount: said.amount.as_deref(),
        result: &said.result,
        attributed_on: said.attributed_on.map(|day| day.to_string()),
        held_by: said.holders.iter().map(|(level, id)| Holder { level, id: id.as_deref() }).collect(),
        deciding: &said.deciding,
        instead: said.instead.iter().map(change).collect(),
        missing_rows: said.missing_rows.iter().map(missing).collect(),
        not_tried: said.not_tried,
        notes: &of.notes,
        days: said.timeline.iter().map(day).collect(),
        clauses: said.clauses.iter().map(clause).collect(),
    };
    let mut bytes = serde_json::to_vec_pretty(&whole)?;
    bytes.push(b'\n');
    Ok(bytes)
}

fn change(of: &yardstick_language::explanation::Instead) -> Change<'_> {
    Change {
        row: &of.of,
        column: &of.column,
        was: &of.was,
        value: &of.value,
        through: of.through.map(|day| day.to_string()),
        farther_not_tried: of.on,
        outcome: of.becomes.word(),
        said: super::instead(of),
    }
}

fn missing(of: &MissingRow) -> Missing<'_> {
    let days = of.days.iter().map(|days| Days {
        first: days.first.to_string(),
        last: days.last.to_string(),
        earlier_not_tried: days.earlier_open,
        later_not_tried: days.later_open,
    });
    Missing {
        table: &of.name,
        of: &of.owner,
        recorded: of.recorded,
        passing: of.passing,
        conditions: &of.conditions,
        day_columns: &of.day_names,
        days: days.collect(),
        values: values(&of.values),
        outcome: of.becomes.word(),
        said: missing_row::said(of),
    }
}

fn day(of: &yardstick_language::explanation::Event) -> Day<'_> {
    let time = of.time.map(|time| time.format("%H:%M:%S").to_string());
    Day { day: of.day.to_string(), time, row: Some(of.of.as_str()).filter(|row| !row.is_empty()), what: &of.what }
}

fn clause(of: &Clause) -> OfClause<'_> {
    OfClause {
        clause: &of.head,
        decides: of.decides,
        condition: of.condition.as_ref().map(part),
        values: values(&of.values),
        rows: of.rows.iter().map(row).collect(),
    }
}

fn part(of: &Part) -> OfPart<'_> {
    OfPart {
        text: &of.text,
        holds: truth(of.truth),
        decides: of.decides,
        values: values(&of.values),
        parts: of.parts.iter().map(part).collect(),
        rows: of.rows.iter().map(row).collect(),
        more_rows: of.more_rows,
    }
}

fn row(of: &AskedRow) -> OfRow<'_> {
    OfRow { row: &of.name, condition: of.condition.as_ref().map(part), values: values(&of.values) }
}

fn values(of: &[NamedValue]) -> Vec<Value<'_>> {
    of.iter().map(|of| Value { name: &of.name, value: &of.value }).collect()
}
