//! The text of a new indicator, to be filled in: `yardstick new indicator`.
//!
//! What can be written of a model without knowing what is wanted is written, with a test: rows of
//! one table, by the day on which they begin. Nothing here is checked; whoever asks takes the first
//! text that is right.

use crate::model::{Column, ColumnId, ColumnType, Model, Table, TableId};
use std::collections::{BTreeSet, VecDeque};
use std::fmt::Write;

/// Names that lead further than this are not looked for.
const LONGEST_WAY: usize = 4;

/// A name in words: `late_returns` is "Late returns".
fn in_words(name: &str) -> String {
    let words = name.replace('_', " ");
    let mut letters = words.trim().chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => String::new(),
    }
}

/// Texts for an indicator of this name and a test of it, the likeliest first. None where the model
/// has no table with a day on which rows begin.
#[must_use]
pub fn indicator(model: &Model, name: &str) -> Vec<String> {
    // What carries a dated link is seldom what is measured.
    let carries = |id: TableId| model.tables().any(|(_, of)| of.dated.iter().any(|link| link.through == id));
    let mut found = Vec::new();
    for (place, (id, table)) in model.tables().enumerate() {
        let Some(begins) = table.begins.filter(|_| table.fed && !model.is_level(id) && table.words_of.is_none()) else {
            continue;
        };
        let way = way_to_a_level(model, id);
        let (depth, steps) =
            way.as_ref().map_or((usize::MAX, usize::MAX), |way| (model.levels.len() - way.level, way.names.len()));
        for (number, outcome) in outcomes(table, begins).into_iter().enumerate() {
            let of = Text { model, name, table, begins, way: way.as_ref(), outcome };
            let has_no_stay = of.table.spans.is_none();
            found.push(((carries(id), has_no_stay, depth, steps, number, place), of.written()));
        }
    }
    found.sort_by_key(|a| a.0);
    found.into_iter().map(|(_, text)| text).collect()
}

/// Names of links from the cohort's table to a level.
struct Way {
    names: Vec<String>,
    /// The column of the cohort's table with which it begins, when it is a link of the file.
    first: Option<ColumnId>,
    level: usize,
}

/// The shortest way from a table to the smallest level that it can reach.
fn way_to_a_level(model: &Model, from: TableId) -> Option<Way> {
    let (mut open, mut seen) = (VecDeque::from([(from, Vec::<String>::new(), None)]), BTreeSet::from([from]));
    let mut best: Option<Way> = None;
    while let Some((table, names, first)) = open.pop_front() {
        let level = model.levels.iter().position(|level| level.table == Some(table));
        if let Some(level) =
            level.filter(|level| !names.is_empty() && best.as_ref().is_none_or(|way| way.level < *level))
        {
            best = Some(Way { names: names.clone(), first, level });
        }
        if names.len() == LONGEST_WAY {
            continue;
        }
        let of = model.table(table);
        let plain = of.columns().filter_map(|(id, column)| Some((column.name.clone(), Some(id), column.leads_to()?)));
        let dated = of.dated.iter().map(|link| (link.name.clone(), None, link.target));
        for (name, column, target) in plain.chain(dated) {
            if seen.insert(target) {
                let first = if names.is_empty() { column } else { first };
                open.push_back((target, [names.as_slice(), &[name]].concat(), first));
            }
        }
    }
    best
}

/// What makes a row count: a condition, and what a row has that is met and one that is not.
struct Outcome {
    column: Option<ColumnId>,
    condition: Option<String>,
    met: String,
    unmet: String,
}

/// The conditions that a table offers, the likeliest first; a count of its rows last.
fn outcomes(table: &Table, begins: ColumnId) -> Vec<Outcome> {
    let mut found = Vec::new();
    let start = day_of(table.column(begins));
    for (id, column) in table.columns().filter(|(id, _)| *id != begins) {
        let name = &column.name;
        let (rank, condition, met, unmet) = match &column.ty {
            ColumnType::Bool => (0, name.clone(), "true".to_owned(), "false".to_owned()),
            ColumnType::Codes(words) => match words.as_slice() {
                [one, other, ..] => (1, format!("{name} = {one}"), one.clone(), other.clone()),
                [_] | [] => continue,
            },
            ColumnType::Date => {
                let condition = format!("{name} on or before {start} + 30 days");
                (2, condition, "2024-01-20".to_owned(), "2024-06-30".to_owned())
            }
            ColumnType::Int if column.counted.is_none() => (3, format!("{name} >= 1"), "1".to_owned(), "0".to_owned()),
            ColumnType::Int
            | ColumnType::Key
            | ColumnType::Link(_)
            | ColumnType::Text
            | ColumnType::Decimal(_)
            | ColumnType::Timestamp => continue,
        };
        found.push((rank, Outcome { column: Some(id), condition: Some(condition), met, unmet }));
    }
    found.sort_by_key(|(rank, _)| *rank);
    let mut found: Vec<Outcome> = found.into_iter().map(|(_, outcome)| outcome).collect();
    found.push(Outcome { column: None, condition: None, met: String::new(), unmet: String::new() });
    found
}

/// The day of a column: its value, or the day of its time.
fn day_of(column: &Column) -> String {
    if column.ty == ColumnType::Timestamp { format!("day of {}", column.name) } else { column.name.clone() }
}

/// An indicator to be written.
struct Text<'a> {
    model: &'a Model,
    name: &'a str,
    table: &'a Table,
    begins: ColumnId,
    way: Option<&'a Way>,
    outcome: Outcome,
}

impl Text<'_> {
    fn written(&self) -> String {
        let (name, table, start) = (self.name, &self.table.name, day_of(self.table.column(self.begins)));
        let words = in_words(name);
        let mut out = format!("# {words}. Every line with a comment behind it waits for you; the comments can go.\n\n");
        let _ = writeln!(out, "indicator {name} {{");
        let mut line = |word: &str, text: &str, comment: &str| {
            let clause = format!("  {word:<10} {text}");
            let _ = writeln!(out, "{}", format!("{clause:<60}  # {comment}").trim_end());
        };
        line("title", &format!("\"{words}\""), "a few words, the head of its column");
        if let Some(domain) = self.model.domains.first() {
            line("domain", &domain.name, "of the model's domains, the one it belongs to");
        }
        let asked = if self.outcome.condition.is_some() { "what share ...?" } else { "how many are there?" };
        line("question", &format!("\"Of the rows of {table} of a month, {asked}\""), "the question it answers");
        line("source", "\"Not known yet\"", "the document that defines it");
        line("status", "inferred", "published, adapted or inferred: how close to the source");
        line("window", "month", "or `12 months`, `quarter`, `month end`: how long one number looks");
        line("cohort", &format!("{table} where {start} in window"), "the rows it is about");
        match &self.outcome.condition {
            Some(condition) => line("numerator", condition, "what must be true of a row for it to count"),
            None => line("measure", "count", "how many rows; a share has a `numerator CONDITION` instead"),
        }
        if let Some(way) = self.way {
            line("attribute", &format!("{} at {start}", way.names.join(".")), "whose row it is, and on which day");
        }
        let standard = match self.outcome.condition {
            Some(_) => "at least 80% { source \"...\" status inferred }",
            None => "at most 100 { source \"...\" status inferred }",
        };
        let _ = writeln!(out, "  # standard {standard}   # what is good, when that is agreed");
        let _ = writeln!(
            out,
            "}}\n\n# Rows drawn by hand, and what must come of them: the first and the last day of the window, missing values."
        );
        out += &self.test();
        out
    }

    /// A test with two rows in the window, of which one is met, and one after it.
    fn test(&self) -> String {
        let table = self.table;
        let is_time = table.column(self.begins).ty == ColumnType::Timestamp;
        let day = |text: &str| if is_time { format!("{text} 10:00") } else { text.to_owned() };
        let mut columns: Vec<(String, [String; 3])> = Vec::new();
        let mut drawn = BTreeSet::new();
        let ids = ["r1", "r2", "r3"].map(str::to_owned);
        if let Some(key) = table.key {
            drawn.insert(key);
            columns.push((table.column(key).name.clone(), ids));
        }
        // Rows that must lead somewhere lead to rows of their own.
        for (id, column) in table.columns() {
            if column.leads_to().is_some() && (!column.optional || self.way.is_some_and(|way| way.first == Some(id))) {
                drawn.insert(id);
                columns.push((column.name.clone(), ["a1", "a2", "a3"].map(str::to_owned)));
            }
        }
        drawn.insert(self.begins);
        let days = [day("2024-01-01"), day("2024-01-31"), day("2024-02-01")];
        columns.push((table.column(self.begins).name.clone(), days));
        let Outcome { column, met, unmet, .. } = &self.outcome;
        if let Some(column) = column.filter(|column| drawn.insert(*column)) {
            columns.push((table.column(column).name.clone(), [met.clone(), unmet.clone(), met.clone()]));
        }
        let line = |begin: &str, cells: Vec<&str>| {
            let cells: Vec<String> =
                cells.iter().zip(&columns).map(|(cell, of)| format!("{cell:<width$}", width = width(of))).collect();
            format!("  {begin:<width$} | {} |\n", cells.join(" | "), width = table.name.chars().count())
        };
        let mut out =
            format!("test {} \"of two rows of January one counts; February is another window\" {{\n", self.name);
        out += &line(&table.name, columns.iter().map(|(name, _)| name.as_str()).collect());
        for row in 0..3 {
            out += &line("", columns.iter().filter_map(|(_, cells)| cells.get(row).map(String::as_str)).collect());
        }
        out += if column.is_some() {
            "  expect window ending 2024-01-31: 1 of 2\n"
        } else {
            "  expect window ending 2024-01-31: 2\n"
        };
        out += "}\n";
        out
    }
}

fn width((name, cells): &(String, [String; 3])) -> usize {
    cells.iter().chain([name]).map(|text| text.chars().count()).max().unwrap_or_default()
}
