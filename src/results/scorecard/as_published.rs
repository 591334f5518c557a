//! Cells that stay as they were published: what readers outside have seen of a window is shown
//! again, whatever the data says now. A number that is published twice gives away by how much it
//! was corrected, which is a small count most often.
//!
//! - A window that was published is shown as it was: each cell as it stood, and of a cell that was
//!   not there no more than that there are no cases.
//! - A window that has days in common with another one that was published, or was published by a
//!   definition of another meaning, is suppressed.
//! - A window that has no day in common with any that was published is shown as it is now.

use super::cell::{Band, Cell, State};
use super::judge::Table;
use super::judged::Judged;
use super::reason::Reasons;
use super::wilson_interval::Interval;
use chrono::NaiveDate;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::io::Read;
use yardstick_language::calendar::{Window, add_days};

/// The figures of one cell as they were published.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PublishedFigures {
    state: State,
    numerator: Option<f64>,
    denominator: Option<f64>,
    value: Option<f64>,
    interval: Option<Interval>,
    band: Option<Band>,
    /// Whether there was a row of it.
    is_listed: bool,
}

impl PublishedFigures {
    /// A cell of which nothing is said.
    const HIDDEN: Self = Self {
        state: State::Suppressed,
        numerator: None,
        denominator: None,
        value: None,
        interval: None,
        band: None,
        is_listed: false,
    };

    /// A cell that was not there: without cases, or with some that nobody was told of.
    fn unlisted(today: &Cell) -> Self {
        let state = if today.state == State::NoCases { State::NoCases } else { State::Suppressed };
        Self { state, ..Self::HIDDEN }
    }

    /// Whether files have a row of it.
    pub(super) fn is_listed(self) -> bool {
        self.is_listed
    }

    /// Whether readers may know that there are cases.
    pub(super) fn has_cases(self) -> bool {
        self.state != State::NoCases
    }

    /// The figures of a cell of today.
    fn of(cell: &Cell) -> Self {
        let Cell { state, numerator, denominator, value, interval, band, .. } = *cell;
        Self { state, numerator, denominator, value, interval, band, is_listed: true }
    }

    /// The cell with these figures.
    pub(super) fn cell<'a>(self, blank: Cell<'a>, uncertain: bool, reasons: &'a Reasons) -> Cell<'a> {
        let Self { state, numerator, denominator, value, interval, band, is_listed: _ } = self;
        let said = match state {
            State::NoCases => Some(&reasons.no_cases),
            State::TooFew => Some(&reasons.too_few),
            State::NotEstimable => Some(&reasons.not_estimable),
            State::Suppressed => Some(&reasons.hidden),
            State::Value | State::NotObservable | State::BadData => None,
        };
        let reason = said.map(|said| said.text.as_str());
        let uncertain = uncertain && state != State::Suppressed;
        Cell { state, reason, numerator, denominator, value, interval, band, uncertain, ..blank }
    }

    pub(super) fn colour(self) -> (State, Option<Band>) {
        (self.state, self.band)
    }
}

/// What a window of an indicator, or of the groups of a breakdown, is of.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Column {
    indicator: String,
    /// By what rows are broken down; empty of all rows.
    by: String,
}

/// Whose cell it is: level, id, and the group of the breakdown.
type Whose = (String, String, String);

/// What was published of one window.
#[derive(Debug, Clone, Default, PartialEq)]
struct PublishedWindow {
    meaning: String,
    cells: BTreeMap<Whose, PublishedFigures>,
}

/// All that was published before, of one publication or of several.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct AsPublished {
    windows: BTreeMap<Column, BTreeMap<(NaiveDate, NaiveDate), PublishedWindow>>,
}

/// How many cells of a publication stay as they were.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Kept {
    /// Those that were published before.
    pub cells: u64,
    /// Those among them that the data would say otherwise today.
    pub differ: u64,
}

/// What is read of a row; its names are those of [`super::ResultRow`].
#[derive(Deserialize)]
struct Row<'a> {
    indicator: &'a str,
    level: &'a str,
    entity_id: &'a str,
    window_start: &'a str,
    window_end: &'a str,
    numerator: Option<f64>,
    denominator: Option<f64>,
    value: Option<f64>,
    state: &'a str,
    band: &'a str,
    meaning: &'a str,
    low: Option<f64>,
    high: Option<f64>,
    group: &'a str,
    group_value: &'a str,
}

/// A word of a column of result rows, read back.
fn read_word<T: Copy>(all: &[T], id: fn(T) -> &'static str, word: &str) -> Result<T, String> {
    all.iter().copied().find(|of| id(*of) == word).ok_or_else(|| format!("`{word}` is not a word of result rows"))
}

impl AsPublished {
    /// Whether nothing was published yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.windows.is_empty()
    }

    /// Adds the result rows of a publication. Where a cell was published before that, it stays as
    /// it was first.
    ///
    /// # Errors
    /// When they are no result rows: what is wrong.
    pub fn read(&mut self, csv: impl Read) -> Result<(), String> {
        let mut reader = csv::Reader::from_reader(csv);
        let head = reader.headers().map_err(|e| e.to_string())?.clone();
        let mut record = csv::StringRecord::new();
        let mut found = Self::default();
        while reader.read_record(&mut record).map_err(|e| e.to_string())? {
            let row: Row = record.deserialize(Some(&head)).map_err(|e| e.to_string())?;
            found.add(&row)?;
        }
        for (column, windows) in found.windows {
            let known = self.windows.entry(column).or_default();
            for (days, window) in windows {
                known.entry(days).or_insert(window);
            }
        }
        Ok(())
    }

    fn add(&mut self, row: &Row) -> Result<(), String> {
        let state = read_word(&State::ALL, State::id, row.state)?;
        match state {
            State::Value | State::NoCases | State::TooFew | State::NotEstimable | State::Suppressed => {}
            // Nothing was said of it.
            State::NotObservable | State::BadData => return Ok(()),
        }
        let band = if row.band.is_empty() { None } else { Some(read_word(&Band::ALL, Band::id, row.band)?) };
        let interval = row.low.zip(row.high).map(|(low, high)| Interval { low, high });
        let (numerator, denominator, value) = (row.numerator, row.denominator, row.value);
        let figures = PublishedFigures { state, numerator, denominator, value, interval, band, is_listed: true };
        let column = Column { indicator: row.indicator.to_owned(), by: row.group.to_owned() };
        let day = |text: &str| text.parse::<NaiveDate>().map_err(|_| format!("`{text}` is no day"));
        let days = (day(row.window_start)?, day(row.window_end)?);
        let window = self.windows.entry(column).or_default().entry(days).or_default();
        row.meaning.clone_into(&mut window.meaning);
        let whose = (row.level.to_owned(), row.entity_id.to_owned(), row.group_value.to_owned());
        window.cells.insert(whose, figures);
        Ok(())
    }

    /// Makes the cells of a publication those that were published before, where they were;
    /// `written` gives a text of the data as it stands in result rows.
    pub fn keep(&self, judged: &mut Judged, written: &dyn Fn(&str) -> String) -> Kept {
        let mut kept = Kept::default();
        let mut tables = std::mem::take(&mut judged.tables);
        for table in &mut tables {
            self.keep_table((judged, written), table, &mut kept);
        }
        judged.tables = tables;
        kept
    }

    fn keep_table(&self, (judged, written): (&Judged, &dyn Fn(&str) -> String), table: &mut Table, kept: &mut Kept) {
        let Some(indicator) = judged.program.indicators.get(table.indicator) else { return };
        let group = table.group.as_ref();
        let by = written(group.map_or("", |group| &*group.by));
        let column = Column { indicator: written(&indicator.id), by };
        let Some(published) = self.windows.get(&column) else { return };
        let meaning = group.map_or(indicator.meaning.as_str(), |group| &*group.meaning);
        let value = written(group.map_or("", |group| group.value.as_str()));
        let mut stays = BTreeMap::new();
        for (number, column) in table.windows.iter().enumerate() {
            let days = (column.window.start, column.window.last_day());
            let same = published.get(&days).filter(|window| window.meaning == meaning);
            if !published.keys().any(|of| overlap(*of, column.window)) {
                continue;
            }
            for (place, entity) in judged.hierarchy.entities.iter().enumerate() {
                let level = judged.hierarchy.levels.get(entity.level).map_or("", String::as_str);
                let whose = (written(level), written(&entity.id), value.clone());
                let Some(same) = same else {
                    stays.insert((place, number), PublishedFigures::HIDDEN);
                    continue;
                };
                let today = table.cell(indicator, place, number, column);
                let stay = match same.cells.get(&whose).copied() {
                    Some(figures) => {
                        kept.cells += 1;
                        kept.differ += u64::from(PublishedFigures::of(&today) != figures);
                        figures
                    }
                    None => PublishedFigures::unlisted(&today),
                };
                stays.insert((place, number), stay);
            }
        }
        table.as_published = stays;
    }
}

/// Whether days that were published are days of a window, too.
fn overlap((first, last): (NaiveDate, NaiveDate), window: Window) -> bool {
    let end = add_days(last, 1).unwrap_or(last);
    first < window.end && window.start < end
}
