//! Result rows that were published, read back from their CSV, to be compared with those of another
//! run.

use super::cell::Band;
use super::rounding;
use chrono::NaiveDate;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::io::Read;
use yardstick_language::ir::{Indicator, Program};

/// A text that many cells share: its place in [`Names`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name(u32);

/// The texts of all results that are compared, each once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Names {
    all: Vec<String>,
    place: BTreeMap<String, u32>,
}

impl Names {
    /// The place of a text, which it gets when it has none.
    fn name(&mut self, text: &str) -> Name {
        if let Some(place) = self.place.get(text) {
            return Name(*place);
        }
        let place = u32::try_from(self.all.len()).unwrap_or(u32::MAX);
        self.all.push(text.to_owned());
        self.place.insert(text.to_owned(), place);
        Name(place)
    }

    /// The text at a place.
    #[must_use]
    pub fn text(&self, name: Name) -> &str {
        self.all.get(name.0 as usize).map_or("", String::as_str)
    }
}

/// Whose cell it is, by names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The id of the indicator.
    pub indicator: Name,
    /// The level.
    pub level: Name,
    /// The id of the entity.
    pub entity: Name,
}

/// What one row says of a cell. Of a cell whose counts are hidden, they are missing.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PublishedCell {
    /// In the unit of the measure.
    pub value: Option<f64>,
    /// Rows that are met, or what is added up of them.
    pub numerator: Option<f64>,
    /// What it is measured by.
    pub denominator: Option<f64>,
    /// Rows of which something that decides them was not known.
    pub undetermined: u64,
    /// Rows of which it was not known whether they belong: unsure and unread.
    pub unsure: u64,
    /// The state of the cell.
    pub state: Name,
    /// The colour; empty without one.
    pub band: Name,
    /// The unit of the value.
    pub unit: Name,
    /// The meaning hash of the definition.
    pub meaning: Name,
    /// Whether the value could still change as data came in.
    pub provisional: bool,
}

impl PublishedCell {
    /// Rows of which anything was not known.
    #[must_use]
    pub fn unknown(&self) -> u64 {
        self.undetermined + self.unsure
    }
}

/// The results of one run: cells by the place and the last day of the window. Rows of the groups of
/// a breakdown are left out.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Published {
    /// The cells of each place by the last day of their window.
    pub cells: BTreeMap<Place, BTreeMap<NaiveDate, PublishedCell>>,
    /// The name of each entity, by its level and id.
    pub entities: BTreeMap<(Name, Name), Name>,
    /// The levels, in the order in which they come.
    pub levels: Vec<Name>,
    /// The indicators, in the order in which they come.
    pub indicators: Vec<Name>,
}

/// What is read of a row; its names are those of [`super::ResultRow`].
#[derive(Deserialize)]
struct Row<'a> {
    indicator: &'a str,
    level: &'a str,
    entity_id: &'a str,
    entity_name: &'a str,
    window_end: &'a str,
    value: Option<f64>,
    numerator: Option<f64>,
    denominator: Option<f64>,
    undetermined: Option<u64>,
    unsure: Option<u64>,
    unread: Option<u64>,
    state: &'a str,
    reason: &'a str,
    band: &'a str,
    unit: &'a str,
    meaning: &'a str,
    group: &'a str,
}

impl Published {
    /// Reads the CSV of result rows.
    ///
    /// # Errors
    /// When it is no such CSV: what is wrong, and in which record.
    pub fn read(csv: impl Read, names: &mut Names) -> Result<Self, String> {
        let mut reader = csv::Reader::from_reader(csv);
        let head = reader.headers().map_err(|e| e.to_string())?.clone();
        let mut published = Self::default();
        let mut record = csv::StringRecord::new();
        while reader.read_record(&mut record).map_err(|e| e.to_string())? {
            let row: Row = record.deserialize(Some(&head)).map_err(|e| e.to_string())?;
            if !row.group.is_empty() {
                continue;
            }
            let end = row.window_end.parse::<NaiveDate>().map_err(|_| format!("`{}` is no day", row.window_end))?;
            let (level, id) = (names.name(row.level), names.name(row.entity_id));
            let whose = Place { indicator: names.name(row.indicator), level, entity: id };
            let cell = PublishedCell {
                value: row.value,
                numerator: row.numerator,
                denominator: row.denominator,
                undetermined: row.undetermined.unwrap_or(0),
                unsure: row.unsure.unwrap_or(0) + row.unread.unwrap_or(0),
                state: names.name(row.state),
                band: names.name(row.band),
                unit: names.name(row.unit),
                meaning: names.name(row.meaning),
                provisional: row.reason.starts_with("provisional"),
            };
            published.entities.insert((level, id), names.name(row.entity_name));
            for (name, all) in [(level, &mut published.levels), (whose.indicator, &mut published.indicators)] {
                // Rows of one come one after the other, mostly.
                if all.last() != Some(&name) && !all.contains(&name) {
                    all.push(name);
                }
            }
            published.cells.entry(whose).or_default().insert(end, cell);
        }
        Ok(published)
    }

    /// The definition of each indicator, by its meaning hash.
    pub(super) fn meanings(&self) -> BTreeMap<Name, Name> {
        let newest = |cells: &BTreeMap<NaiveDate, PublishedCell>| cells.values().next_back().map(|cell| cell.meaning);
        self.cells.iter().filter_map(|(place, cells)| Some((place.indicator, newest(cells)?))).collect()
    }
}

/// What is said of the indicators of published results: their titles, and how their values are
/// written.
#[derive(Debug)]
pub struct Said<'a>(BTreeMap<&'a str, &'a Indicator>);

impl<'a> Said<'a> {
    /// By these definitions.
    #[must_use]
    pub fn of(program: &'a Program) -> Self {
        Self(program.indicators.iter().map(|of| (of.id.as_str(), of)).collect())
    }

    /// The title; the id where there is no such indicator any more.
    #[must_use]
    pub fn title(&self, id: &'a str) -> &'a str {
        self.0.get(id).map_or(id, |of| of.about.title.as_str())
    }

    /// Whether the value is a count, which says all.
    #[must_use]
    pub fn is_count(&self, id: &str) -> bool {
        self.0.get(id).is_some_and(|of| of.measure.kind().is_count())
    }

    /// A value with as many decimals as it takes not to contradict its colour.
    #[must_use]
    pub fn number(&self, id: &str, (end, value, band): (NaiveDate, f64, &str)) -> String {
        match self.0.get(id) {
            Some(_) if self.is_count(id) => format!("{value:.0}"),
            Some(of) => {
                let band = [Band::Green, Band::Yellow, Band::Red].into_iter().find(|of| of.id() == band);
                let standard = of.standard_on(end).and_then(|standard| Some((standard.green?, standard.yellow)));
                rounding::shown(value, band, standard.filter(|_| of.own_standards.is_empty()))
            }
            None => rounding::shown(value, None, None),
        }
    }
}
