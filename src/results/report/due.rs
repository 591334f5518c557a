//! What will be unmet unless something is recorded, to bytes: text, CSV and JSON.

use crate::report::Csv;
use crate::report::text::layout::wrap;
use crate::scorecard::words;
use chrono::NaiveDate;
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt::Write;
use yardstick_language::visible;

/// A row that will be unmet.
#[derive(Debug, Clone)]
pub struct DueRow {
    /// Its id.
    pub id: String,
    /// What does not hold yet, in the words of the definition.
    pub what: String,
    /// The last day on which it can be recorded.
    pub by: NaiveDate,
    /// The last day of the window.
    pub window_end: NaiveDate,
    /// The level and the id of each of its holders, from the largest to the smallest.
    pub holders: Vec<(String, String)>,
}

/// The rows, the soonest first, and what they stand under.
#[derive(Debug, Clone)]
pub struct Sheet {
    /// The id of the indicator.
    pub indicator: String,
    /// Its name for people.
    pub title: String,
    /// Its meaning hash.
    pub meaning: String,
    /// The table of the rows.
    pub table: String,
    /// The last day that the data knows of.
    pub as_of: NaiveDate,
    /// What was asked for: `within 30 days, of office O03`.
    pub asked: String,
    /// The rows.
    pub rows: Vec<DueRow>,
    /// The levels below the whole.
    pub levels: Vec<String>,
}

impl Sheet {
    fn days_left(&self, row: &DueRow) -> i64 {
        (row.by - self.as_of).num_days()
    }
}

/// For reading: the rows of each holder of the smallest level together, who has the soonest first.
///
/// # Errors
/// None: writing to a text cannot fail.
pub fn text(of: &Sheet, width: usize) -> Result<String, std::fmt::Error> {
    let mut out = String::new();
    let head = format!("{} ({}), data through {}{}", of.title, of.indicator, words::day(of.as_of), of.asked);
    wrap(&head, width).iter().try_for_each(|line| writeln!(out, "{line}"))?;
    let rows = match of.rows.len() {
        0 => "Nothing is due.".to_owned(),
        1 => format!("1 {} will be unmet unless something is recorded.", of.table),
        n => format!("{n} rows of {} will be unmet unless something is recorded.", of.table),
    };
    writeln!(out, "{rows}")?;
    let mut whole: Vec<&str> = of.rows.iter().map(|row| row.what.as_str()).collect();
    whole.dedup();
    let one = whole.first().filter(|_| whole.len() == 1);
    if let Some(what) = one {
        wrap(&format!("Due: {what}"), width).iter().try_for_each(|line| writeln!(out, "{line}"))?;
    }
    let mut groups: BTreeMap<(NaiveDate, String), Vec<&DueRow>> = BTreeMap::new();
    let mut soonest: BTreeMap<String, NaiveDate> = BTreeMap::new();
    for row in &of.rows {
        let held = held(row);
        let first = *soonest.entry(held.clone()).or_insert(row.by);
        groups.entry((first, held)).or_default().push(row);
    }
    for ((_, held), rows) in groups {
        writeln!(out, "\n{}", visible::value(&held))?;
        for row in rows {
            let what = if one.is_some() { String::new() } else { format!("  {}", visible::value(&row.what)) };
            let left = of.days_left(row);
            let days = if left == 1 { "1 day".to_owned() } else { format!("{left} days") };
            writeln!(out, "  by {:<11}  {days:>8}  {}{what}", words::day(row.by), visible::value(&row.id))?;
        }
    }
    Ok(out)
}

fn held(row: &DueRow) -> String {
    let all: Vec<String> = row.holders.iter().map(|(level, id)| format!("{level} {id}")).collect();
    if all.is_empty() { "all".to_owned() } else { all.join(" > ") }
}

/// A line for each row.
///
/// # Errors
/// When a line cannot be written: a fault of ours.
pub fn csv(of: &Sheet, form: Csv) -> std::io::Result<Vec<u8>> {
    let mut out = csv::Writer::from_writer(form.begins().as_bytes().to_vec());
    let mut head: Vec<String> = ["indicator", "id", "due", "due_by", "days_left"].map(str::to_owned).to_vec();
    head.extend(of.levels.iter().map(|level| format!("held_by_{level}")));
    head.extend(["window_end", "as_of", "meaning"].map(str::to_owned));
    out.write_record(&head)?;
    for row in &of.rows {
        let text = |text: &str| form.text(text).into_owned();
        let mut cells = vec![of.indicator.clone(), text(&row.id), text(&row.what), row.by.to_string()];
        cells.push(of.days_left(row).to_string());
        cells.extend(row.holders.iter().map(|(_, id)| text(id)));
        cells.extend([row.window_end.to_string(), of.as_of.to_string(), of.meaning.clone()]);
        out.write_record(&cells)?;
    }
    out.into_inner().map_err(|e| std::io::Error::other(e.to_string()))
}

#[derive(Serialize)]
struct Whole<'a> {
    indicator: &'a str,
    meaning: &'a str,
    as_of: String,
    rows: Vec<Row<'a>>,
}

#[derive(Serialize)]
struct Row<'a> {
    id: &'a str,
    due: &'a str,
    due_by: String,
    days_left: i64,
    held_by: BTreeMap<&'a str, &'a str>,
    window_end: String,
}

/// One object.
///
/// # Errors
/// When it cannot be written as JSON: a fault of ours.
pub fn json(of: &Sheet) -> std::io::Result<Vec<u8>> {
    let row = |row: &'_ DueRow| (row.by.to_string(), of.days_left(row), row.window_end.to_string());
    let rows = of.rows.iter().map(|one| {
        let (due_by, days_left, window_end) = row(one);
        let held_by = one.holders.iter().map(|(level, id)| (level.as_str(), id.as_str())).collect();
        Row { id: &one.id, due: &one.what, due_by, days_left, held_by, window_end }
    });
    let whole =
        Whole { indicator: &of.indicator, meaning: &of.meaning, as_of: of.as_of.to_string(), rows: rows.collect() };
    let mut bytes = serde_json::to_vec_pretty(&whole)?;
    bytes.push(b'\n');
    Ok(bytes)
}
