//! The list of a cell's rows, written as a table, as CSV and as JSON.

use super::failure::Failure;
use super::terminal;
use crate::calendar::Window;
use crate::hierarchy::UNASSIGNED;
use crate::ir::measure::Part;
use crate::ir::{Indicator, Outcome, WindowLength};
use crate::measures::RowFigure;
use crate::report::Csv;
use crate::run::Case;
use crate::scorecard::{Hierarchy, words};
use crate::visible;
use chrono::NaiveDate;
use comfy_table::{ContentArrangement, Table, presets};
use serde::Serialize;
use std::collections::BTreeMap;

/// A missing value in the table for people.
pub(super) const MISSING: &str = "-";

/// The rows of a cell, with what is needed to name things.
#[derive(Debug)]
pub(super) struct List<'a> {
    pub(super) indicator: &'a Indicator,
    pub(super) hierarchy: &'a Hierarchy,
    /// Whose rows these are.
    pub(super) entity: usize,
    pub(super) window: Window,
    pub(super) as_of: NaiveDate,
    /// Why this can still change, where it can.
    pub(super) provisional: Option<String>,
    pub(super) cases: &'a [Case],
    /// An outcome as shown.
    pub(super) word: fn(&Outcome) -> &'static str,
}

/// One row in words: names of columns and values, in order.
pub(super) type Cells = Vec<(String, Option<String>)>;

impl List<'_> {
    /// For reading: a heading, the rows, and how many there are of each outcome.
    pub(super) fn table(&self) -> String {
        let entity = &self.hierarchy.entities[self.entity];
        let all = self.indicator.window == WindowLength::AllTime;
        let head = format!(
            "{} ({}), {}, window {} to {}, data through {}{}\n",
            visible::value(&self.indicator.about.title),
            self.indicator.id,
            visible::value(&entity.name),
            if all { "all time".to_owned() } else { self.window.start.to_string() },
            self.window.last_day(),
            self.as_of,
            self.provisional.as_ref().map(|provisional| format!(", {provisional}")).unwrap_or_default()
        );
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for case in self.cases {
            *counts.entry((self.word)(&case.outcome)).or_default() += 1;
        }
        let mut counts: Vec<_> = counts.iter().map(|(word, n)| format!("{n} {word}")).collect();
        let leave = self.cases.iter().filter(|case| case.unsure && case.outcome != Outcome::Unsure).count();
        if leave > 0 {
            counts.push(format!("{leave} of these unsure too"));
        }
        let total = match self.cases.len() {
            0 => "no rows\n".to_owned(),
            1 => format!("1 row: {}\n", counts.join(", ")),
            n => format!("{n} rows: {}\n", counts.join(", ")),
        };
        if self.cases.is_empty() {
            return head + &total;
        }
        let mut table = Table::new();
        table.load_style(presets::NOTHING);
        // Lines are folded for a person at a terminal only: a program finds one row on one line.
        if terminal::is_watched() {
            table.set_content_arrangement(ContentArrangement::Dynamic);
            table.set_width(u16::try_from(terminal::width()).unwrap_or(u16::MAX));
        }
        let rows: Vec<Cells> = self.cases.iter().map(|c| self.read_cells(c)).collect();
        if let Some(first) = rows.first() {
            table.set_header(first.iter().map(|(name, _)| name));
        }
        for row in rows {
            let shown =
                |value: Option<String>| value.map_or_else(|| MISSING.into(), |v| visible::value(&v).into_owned());
            table.add_row(row.into_iter().map(|(_, value)| shown(value)));
        }
        format!("{head}\n{table}\n\n{total}")
    }

    /// One line per row, with the names of the columns on the first.
    pub(super) fn csv(&self, form: Csv) -> Result<String, Failure> {
        let nobody = self.nobody();
        let first = self.cases.first().unwrap_or(&nobody);
        let mut records = vec![self.cells(first).into_iter().map(|(name, _)| name).collect::<Vec<_>>()];
        let values = |case| {
            self.cells(case).into_iter().map(|(_, value)| form.text(&value.unwrap_or_default()).into_owned()).collect()
        };
        records.extend(self.cases.iter().map(values));
        written(form.begins(), records).map_err(|e| Failure::internal(format!("the list could not be written: {e}")))
    }

    /// An object with the cell and its rows.
    pub(super) fn json(&self) -> Result<String, Failure> {
        let entity = &self.hierarchy.entities[self.entity];
        let all = JsonList {
            indicator: &self.indicator.id,
            meaning: &self.indicator.meaning,
            entity_id: &entity.id,
            level: &self.hierarchy.levels[entity.level],
            window_start: self.window.start.to_string(),
            window_end: self.window.last_day().to_string(),
            as_of: self.as_of.to_string(),
            reason: self.provisional.as_deref(),
            rows: self.cases.iter().map(|c| self.object(c)).collect(),
        };
        let text = serde_json::to_string_pretty(&all);
        text.map(|t| t + "\n").map_err(|e| Failure::internal(format!("the list could not be written: {e}")))
    }

    fn object<'a>(&self, case: &'a Case) -> JsonCase<'a> {
        JsonCase {
            id: Some(case.id.as_str()).filter(|id| !id.is_empty()),
            outcome: (self.word)(&case.outcome),
            unsure: case.unsure,
            reason: reason(case),
            facts: InOrder(distinct(
                self.figures(case).iter().chain(&case.links).chain(&case.facts).cloned().collect(),
            )),
            attributed_on: case.attributed_on.map(|d| d.to_string()),
            held_by: InOrder(self.holders(case).map(|(level, id)| (level.to_owned(), Some(id))).collect()),
        }
    }

    /// The cells for people: who holds the row in one column, from the largest to the smallest.
    pub(super) fn read_cells(&self, case: &Case) -> Cells {
        let mut cells = self.facts(case, self.cases.iter().any(|case| case.unsure));
        let holders: Vec<_> = self.holders(case).map(|(_, id)| id).collect();
        cells.push(("held by".to_owned(), Some(holders.join(" > "))));
        cells
    }

    /// The cells for programs: each in a column of its own.
    fn cells(&self, case: &Case) -> Cells {
        let mut cells = self.facts(case, self.indicator.may_be_unsure() || self.cases.iter().any(|case| case.unsure));
        cells.extend(self.holders(case).map(|(level, id)| (format!("held_by_{level}"), Some(id))));
        // A column of its own only where there can be anything in it.
        if self.indicator.as_it_stands {
            cells.push(("provisional".to_owned(), self.provisional.clone()));
            return distinct(cells);
        }
        cells
    }

    /// Who holds the row at each level below the whole.
    fn holders(&self, case: &Case) -> impl Iterator<Item = (&str, String)> {
        self.hierarchy.levels.iter().enumerate().skip(1).map(|(level, name)| {
            let holder = self.hierarchy.holder_of(level, &case.entities);
            let holder = holder.and_then(|e| self.hierarchy.entities.get(e));
            (name.as_str(), holder.map_or_else(|| UNASSIGNED.to_owned(), |e| e.id.clone()))
        })
    }

    fn facts(&self, case: &Case, with_unsure: bool) -> Cells {
        let mut cells = vec![
            ("id".to_owned(), Some(case.id.clone()).filter(|id| !id.is_empty())),
            ("outcome".to_owned(), Some((self.word)(&case.outcome).to_owned())),
        ];
        // Unsure rows have a column of their own only where there can be any, as exclusions have.
        if with_unsure {
            cells.push(("unsure".to_owned(), case.unsure.then(|| "unsure".to_owned())));
        }
        if !self.indicator.exclusions.is_empty() || self.cases.iter().any(|case| case.why.is_some()) {
            cells.push(("reason".to_owned(), reason(case).map(str::to_owned)));
        }
        cells.extend(self.figures(case));
        cells.extend(case.links.iter().chain(&case.facts).cloned());
        cells.push(("attributed_on".to_owned(), case.attributed_on.map(|d| d.to_string())));
        distinct(cells)
    }

    /// What the row adds above and below the line; nothing of a proportion, where the outcome says
    /// it.
    fn figures(&self, case: &Case) -> Cells {
        let measure = &self.indicator.measure;
        let value = measure.parts().into_iter().find(|(part, _)| *part == Part::Value);
        let written = |of: i64| value.map_or_else(|| of.to_string(), |(_, value)| value.ty.written(of));
        let figure = |name: &str, figure: Option<i64>| (name.to_owned(), figure.map(written));
        let shown = measure.kind().shown_of_rows().into_iter();
        let shown = shown.map(|(name, of)| match of {
            RowFigure::Amount => figure(&name, case.amount),
            RowFigure::Exposure => figure(&name, case.exposure),
        });
        shown.collect()
    }

    /// A row that is not there, for the names of the columns that every list has.
    fn nobody(&self) -> Case {
        Case {
            row: 0,
            id: String::new(),
            links: Vec::new(),
            outcome: Outcome::NotCounted,
            unsure: false,
            entities: Vec::new(),
            others: Vec::new(),
            group: 0,
            amount: None,
            exposure: None,
            attributed_on: None,
            facts: Vec::new(),
            why: None,
        }
    }
}

#[derive(Serialize)]
struct JsonList<'a> {
    indicator: &'a str,
    meaning: &'a str,
    entity_id: &'a str,
    level: &'a str,
    window_start: String,
    window_end: String,
    as_of: String,
    /// Why the cell can still change.
    reason: Option<&'a str>,
    rows: Vec<JsonCase<'a>>,
}

#[derive(Serialize)]
struct JsonCase<'a> {
    id: Option<&'a str>,
    outcome: &'static str,
    unsure: bool,
    reason: Option<&'a str>,
    facts: InOrder,
    attributed_on: Option<String>,
    held_by: InOrder,
}

/// An object whose members stand in the order of the text.
struct InOrder(Cells);

impl Serialize for InOrder {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}

/// Names that no two columns share: a model may have a column called `outcome`, too.
fn distinct(mut cells: Cells) -> Cells {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for (name, _) in &mut cells {
        let times = seen.entry(name.clone()).or_default();
        *times += 1;
        if *times > 1 {
            *name = format!("{name}_{times}");
        }
    }
    cells
}

fn written(begins: &str, records: Vec<Vec<String>>) -> Result<String, Box<dyn std::error::Error>> {
    let mut writer = csv::Writer::from_writer(begins.as_bytes().to_vec());
    for record in records {
        writer.write_record(record)?;
    }
    Ok(String::from_utf8(writer.into_inner()?)?)
}

/// Why a row was taken out, or went.
fn reason(case: &Case) -> Option<&str> {
    match &case.outcome {
        Outcome::Excluded(reason) => reason.as_deref(),
        Outcome::Met
        | Outcome::Unmet
        | Outcome::Counted
        | Outcome::Undetermined
        | Outcome::Unsure
        | Outcome::Unread
        | Outcome::NotCounted => case.why.as_deref(),
    }
}

/// An outcome of an indicator's row as shown.
pub(super) fn word(outcome: &Outcome) -> &'static str {
    words::outcome(outcome)
}
