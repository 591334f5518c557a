//! What made a cell move since the window before: text, CSV and JSON.

use crate::report::Csv;
use crate::scorecard::row_changes::{Change, RowChange};
use crate::scorecard::words;
use serde::Serialize;
use std::fmt::Write;
use yardstick_language::calendar::Window;
use yardstick_language::ir::Outcome;
use yardstick_language::visible;

/// A window, the window in words, and the number of rows of each outcome.
pub type OfWindow = (Window, String, Vec<(&'static str, usize)>);

/// The rows that are others, and what they stand under.
#[derive(Debug, Clone)]
pub struct Cell {
    /// The id of the indicator.
    pub indicator: String,
    /// Its name for people.
    pub title: String,
    /// Its meaning hash.
    pub meaning: String,
    /// The level, the id and the name of the entity.
    pub entity: [String; 3],
    /// The earlier window and the later one, each in words and with the rows of each outcome.
    pub windows: [OfWindow; 2],
    /// The last day that the data knows of.
    pub as_of: chrono::NaiveDate,
    /// The rows.
    pub rows: Vec<RowChange>,
}

/// What is said under every list.
const NOTE: &str = "Both windows are of the data as it is today. What was corrected since a month was published is told by \
                    `yardstick refresh` and `yardstick book --since`; why a row is here, by `yardstick why INDICATOR ROW`.";

/// For reading.
///
/// # Errors
/// None: writing to a text cannot fail.
pub fn cell_text(of: &Cell, width: usize) -> Result<String, std::fmt::Error> {
    let [level, id, name] = &of.entity;
    let whose = if level == id { name.clone() } else { format!("{level} {id} {name}") };
    let head = format!("{} ({}), {whose}, data through {}", of.title, of.indicator, words::day(of.as_of));
    let mut out = format!("{}\n\n", visible::value(&head));
    for (_, window, outcomes) in &of.windows {
        let counts: Vec<String> = outcomes.iter().map(|(word, n)| format!("{n} {word}")).collect();
        let counts = if counts.is_empty() { "no rows".to_owned() } else { counts.join(", ") };
        writeln!(out, "{window}: {counts}")?;
    }
    if of.rows.is_empty() {
        writeln!(out, "\nThe rows of both are the same.")?;
    }
    for change in Change::ALL {
        let rows: Vec<&RowChange> = of.rows.iter().filter(|row| row.change == change).collect();
        if rows.is_empty() {
            continue;
        }
        writeln!(out, "\n{} {}", rows.len(), change.words())?;
        for row in rows {
            let said = match (&row.before, &row.now) {
                (Some(before), Some(now)) => format!("{} -> {}", outcome(before), outcome(now)),
                (Some(one), None) | (None, Some(one)) => outcome(one),
                (None, None) => String::new(),
            };
            writeln!(out, "  {:<14}  {}", visible::value(&row.id), visible::value(&said))?;
        }
    }
    writeln!(out)?;
    crate::report::text::layout::wrap(NOTE, width).iter().try_for_each(|line| writeln!(out, "{line}"))?;
    Ok(out)
}

fn outcome(of: &Outcome) -> String {
    match of {
        Outcome::Excluded(Some(reason)) => format!("excluded ({reason})"),
        Outcome::Met
        | Outcome::Unmet
        | Outcome::Undetermined
        | Outcome::Counted
        | Outcome::Excluded(None)
        | Outcome::Unsure
        | Outcome::Unread
        | Outcome::NotCounted => words::outcome(of).to_owned(),
    }
}

/// A line for each row that is another.
///
/// # Errors
/// When a line cannot be written: a fault of ours.
pub fn cell_csv(of: &Cell, form: Csv) -> std::io::Result<Vec<u8>> {
    let mut out = csv::Writer::from_writer(form.begins().as_bytes().to_vec());
    let head = "indicator level entity_id entity_name window_end_before window_end as_of id change before now meaning";
    out.write_record(head.split_whitespace())?;
    let [earlier, later] = &of.windows;
    for row in &of.rows {
        let text = |text: &str| form.text(text).into_owned();
        let word = |outcome: &Option<Outcome>| outcome.as_ref().map(words::outcome).unwrap_or_default().to_owned();
        let [level, id, name] = of.entity.each_ref().map(|of| text(of));
        let ends = [earlier.0.last_day(), later.0.last_day(), of.as_of].map(|day| day.to_string());
        let mut cells = vec![of.indicator.clone(), level, id, name];
        cells.extend(ends);
        cells.extend([text(&row.id), row.change.name().to_owned(), word(&row.before), word(&row.now)]);
        cells.push(of.meaning.clone());
        out.write_record(&cells)?;
    }
    out.into_inner().map_err(|e| std::io::Error::other(e.to_string()))
}

#[derive(Serialize)]
struct Whole<'a> {
    indicator: &'a str,
    meaning: &'a str,
    level: &'a str,
    entity_id: &'a str,
    window_end_before: String,
    window_end: String,
    as_of: String,
    rows: Vec<Row<'a>>,
}

#[derive(Serialize)]
struct Row<'a> {
    id: &'a str,
    change: &'static str,
    before: Option<&'static str>,
    now: Option<&'static str>,
}

/// One object.
///
/// # Errors
/// When it cannot be written as JSON: a fault of ours.
pub fn cell_json(of: &Cell) -> std::io::Result<Vec<u8>> {
    let word = |outcome: &Option<Outcome>| outcome.as_ref().map(words::outcome);
    let row = |row: &'_ RowChange| (row.change.name(), word(&row.before), word(&row.now));
    let rows = of.rows.iter().map(|one| {
        let (change, before, now) = row(one);
        Row { id: &one.id, change, before, now }
    });
    let [level, entity_id, _] = &of.entity;
    let whole = Whole {
        indicator: &of.indicator,
        meaning: &of.meaning,
        level,
        entity_id,
        window_end_before: of.windows[0].0.last_day().to_string(),
        window_end: of.windows[1].0.last_day().to_string(),
        as_of: of.as_of.to_string(),
        rows: rows.collect(),
    };
    let mut bytes = serde_json::to_vec_pretty(&whole)?;
    bytes.push(b'\n');
    Ok(bytes)
}
