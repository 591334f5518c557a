//! From all rows to what is measured, to bytes: text, Markdown, CSV and JSON.

use crate::report::Csv;
use crate::report::markdown::plain;
use crate::scorecard::attrition::{Attrition, Kind, Line};
use crate::scorecard::words;
use serde::Serialize;
use std::fmt::Write;
use yardstick_language::visible;

/// The lines of some entities, and what they stand under.
#[derive(Debug, Clone)]
pub struct Sheet {
    /// The id of the indicator.
    pub indicator: String,
    /// Its name for people.
    pub title: String,
    /// Its meaning hash.
    pub meaning: String,
    /// The window in words.
    pub window: String,
    /// Its first and its last day.
    pub days: [chrono::NaiveDate; 2],
    /// The last day that the data knows of.
    pub as_of: chrono::NaiveDate,
    /// What a reader must know besides.
    pub notes: Vec<String>,
    /// The entities, each with its level, its id, its name and its lines.
    pub entities: Vec<([String; 3], Attrition)>,
}

impl Sheet {
    fn heading(&self) -> String {
        format!("{} ({}), {}, data through {}", self.title, self.indicator, self.window, words::day(self.as_of))
    }
}

fn name([level, id, name]: &[String; 3]) -> String {
    match level == id || name == id {
        true => name.clone(),
        false => format!("{level} {id} {name}"),
    }
}

/// What a line says, before the text of the definition.
fn said(line: &Line) -> String {
    match line.kind {
        Kind::Exclude => format!("not excluded: {}", line.what),
        Kind::All
        | Kind::Condition
        | Kind::Pick
        | Kind::Perhaps
        | Kind::Cohort
        | Kind::Denominator
        | Kind::Part
        | Kind::Unsure
        | Kind::Coming
        | Kind::Unread => line.what.clone(),
    }
}

/// How many rows leave at a line; nothing where none can.
fn left(line: &Line) -> String {
    if line.kind.takes_away() { format!("-{}", line.left) } else { String::new() }
}

/// For reading on a terminal.
///
/// # Errors
/// None: writing to a text cannot fail.
pub fn text(of: &Sheet) -> Result<String, std::fmt::Error> {
    let mut out = format!("{}\n", visible::value(&of.heading()));
    for (entity, attrition) in &of.entities {
        writeln!(out, "\n{}", visible::value(&name(entity)))?;
        writeln!(out, "  {:>9}  {:>9}", "rows", "leave")?;
        for line in &attrition.lines {
            let indent = if matches!(line.kind, Kind::Part | Kind::Unsure) { "  " } else { "" };
            let said = said(line);
            writeln!(out, "  {:>9}  {:>9}  {indent}{}", line.rows, left(line), visible::value(&said))?;
        }
    }
    of.notes.iter().try_for_each(|note| writeln!(out, "\n{}", visible::value(note)))?;
    Ok(out)
}

/// As Markdown, a table for each entity.
///
/// # Errors
/// None: writing to a text cannot fail.
pub fn markdown(of: &Sheet) -> Result<String, std::fmt::Error> {
    let mut out = format!("# {}\n", plain(&of.heading()));
    for (entity, attrition) in &of.entities {
        writeln!(out, "\n## {}\n\n| | left out | rows |\n|---|---:|---:|", plain(&name(entity)))?;
        for line in &attrition.lines {
            let strong = matches!(line.kind, Kind::All | Kind::Cohort | Kind::Denominator);
            let said = plain(&said(line));
            let said = if strong { format!("**{said}**") } else { said };
            writeln!(out, "| {said} | {} | {} |", left(line), line.rows)?;
        }
    }
    of.notes.iter().try_for_each(|note| writeln!(out, "\n{}", plain(note)))?;
    Ok(out)
}

/// A line for each line of each entity.
///
/// # Errors
/// When a line cannot be written: a fault of ours.
pub fn csv(of: &Sheet, form: Csv) -> std::io::Result<Vec<u8>> {
    let mut out = csv::Writer::from_writer(form.begins().as_bytes().to_vec());
    let head = "indicator level entity_id entity_name window_start window_end as_of step kind what left rows meaning";
    out.write_record(head.split_whitespace())?;
    for ([level, id, name], attrition) in &of.entities {
        for (step, line) in attrition.lines.iter().enumerate() {
            let text = |text: &str| form.text(text).into_owned();
            let left = if line.kind.takes_away() { line.left.to_string() } else { String::new() };
            let [start, end] = of.days.map(|day| day.to_string());
            let cells = [
                of.indicator.clone(),
                text(level),
                text(id),
                text(name),
                start,
                end,
                of.as_of.to_string(),
                step.to_string(),
                line.kind.name().to_owned(),
                text(&line.what),
                left,
                line.rows.to_string(),
                of.meaning.clone(),
            ];
            out.write_record(cells)?;
        }
    }
    out.into_inner().map_err(|e| std::io::Error::other(e.to_string()))
}

#[derive(Serialize)]
struct Whole<'a> {
    indicator: &'a str,
    meaning: &'a str,
    window_start: String,
    window_end: String,
    as_of: String,
    notes: &'a [String],
    entities: Vec<OfEntity<'a>>,
}

#[derive(Serialize)]
struct OfEntity<'a> {
    level: &'a str,
    entity_id: &'a str,
    entity_name: &'a str,
    steps: Vec<Step<'a>>,
}

#[derive(Serialize)]
struct Step<'a> {
    kind: &'static str,
    what: &'a str,
    left: Option<u64>,
    rows: u64,
}

/// One object.
///
/// # Errors
/// When it cannot be written as JSON: a fault of ours.
pub fn json(of: &Sheet) -> std::io::Result<Vec<u8>> {
    let step = |line: &'_ Line| -> (Option<u64>, u64) { (line.kind.takes_away().then_some(line.left), line.rows) };
    let entities = of.entities.iter().map(|([level, id, name], attrition)| OfEntity {
        level,
        entity_id: id,
        entity_name: name,
        steps: (attrition.lines.iter())
            .map(|line| {
                let (left, rows) = step(line);
                Step { kind: line.kind.name(), what: &line.what, left, rows }
            })
            .collect(),
    });
    let [window_start, window_end] = of.days.map(|day| day.to_string());
    let whole = Whole {
        indicator: &of.indicator,
        meaning: &of.meaning,
        window_start,
        window_end,
        as_of: of.as_of.to_string(),
        notes: &of.notes,
        entities: entities.collect(),
    };
    let mut bytes = serde_json::to_vec_pretty(&whole)?;
    bytes.push(b'\n');
    Ok(bytes)
}
