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
    /// The last day that earlier data knew of, and the rows of the earlier window that were others
    /// in it.
    pub corrected: Option<(chrono::NaiveDate, Vec<RowChange>)>,
}

/// What is said under every list.
const NOTE: &str = "Both windows are of the data as it is today. Which rows were corrected since data was delivered is told with \
                    `--earlier-data DIR`; why a row is here, by `yardstick why INDICATOR ROW`.";

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
    write_rows(&mut out, &of.rows, Change::words)?;
    if let Some((day, rows)) = &of.corrected {
        let (window, day) = (&of.windows[0].1, words::day(*day));
        writeln!(out, "\n{window} in the data through {day}, and as it is today: {} rows are others", rows.len())?;
        write_rows(&mut out, rows, Change::of_data)?;
    }
    writeln!(out)?;
    crate::report::text::layout::wrap(NOTE, width).iter().try_for_each(|line| writeln!(out, "{line}"))?;
    Ok(out)
}

fn write_rows(out: &mut String, rows: &[RowChange], words: fn(Change) -> &'static str) -> std::fmt::Result {
    for change in Change::ALL {
        let rows: Vec<&RowChange> = rows.iter().filter(|row| row.change == change).collect();
        if rows.is_empty() {
            continue;
        }
        writeln!(out, "\n{} {}", rows.len(), words(change))?;
        for row in rows {
            let said = match (&row.before, &row.now) {
                (Some(before), Some(now)) => format!("{} -> {}", outcome(before), outcome(now)),
                (Some(one), None) | (None, Some(one)) => outcome(one),
                (None, None) => String::new(),
            };
            writeln!(out, "  {:<14}  {}", visible::value(&row.id), visible::value(&said))?;
        }
    }
    Ok(())
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
    let corrected = of.corrected.iter().flat_map(|(_, rows)| rows);
    let corrected = corrected.map(|row| (row, format!("corrected: {}", row.change.name())));
    for (row, change) in of.rows.iter().map(|row| (row, row.change.name().to_owned())).chain(corrected) {
        let text = |text: &str| form.text(text).into_owned();
        let word = |outcome: &Option<Outcome>| outcome.as_ref().map(words::outcome).unwrap_or_default().to_owned();
        let [level, id, name] = of.entity.each_ref().map(|of| text(of));
        let ends = [earlier.0.last_day(), later.0.last_day(), of.as_of].map(|day| day.to_string());
        let mut cells = vec![of.indicator.clone(), level, id, name];
        cells.extend(ends);
        cells.extend([text(&row.id), change, word(&row.before), word(&row.now)]);
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
    #[serde(skip_serializing_if = "Option::is_none")]
    earlier_as_of: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    corrected: Option<Vec<Row<'a>>>,
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
    fn rows<'a>(of: &'a [RowChange], word: &dyn Fn(&Option<Outcome>) -> Option<&'static str>) -> Vec<Row<'a>> {
        let row = |of: &'a RowChange| {
            let (change, before, now) = (of.change.name(), word(&of.before), word(&of.now));
            Row { id: &of.id, change, before, now }
        };
        of.iter().map(row).collect()
    }
    let [level, entity_id, _] = &of.entity;
    let whole = Whole {
        indicator: &of.indicator,
        meaning: &of.meaning,
        level,
        entity_id,
        window_end_before: of.windows[0].0.last_day().to_string(),
        window_end: of.windows[1].0.last_day().to_string(),
        as_of: of.as_of.to_string(),
        rows: rows(&of.rows, &word),
        earlier_as_of: of.corrected.as_ref().map(|(day, _)| day.to_string()),
        corrected: of.corrected.as_ref().map(|(_, corrected)| rows(corrected, &word)),
    };
    let mut bytes = serde_json::to_vec_pretty(&whole)?;
    bytes.push(b'\n');
    Ok(bytes)
}
