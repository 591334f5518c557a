//! A scorecard as it is read: columns of indicators, rows of entities, each cell with the windows
//! before it.
//!
//! Holds all that the forms of a report print, in words and order, and nothing they would have to
//! look up.

use super::cell::{Cell, State};
use super::children_by_band::{self, ChildrenByBand};
use super::judge::Table;
use super::{rounding, words};
use crate::hierarchy::{Hierarchy, Peers, Selection};
use chrono::NaiveDate;
use yardstick_language::ir::{Indicator, Measure, Program, Standard, WindowLength};

/// What is said above and below a scorecard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading {
    /// Its title.
    pub title: String,
    /// Whose data it shows.
    pub organization: String,
    /// The last day the data is complete through.
    pub as_of: NaiveDate,
    /// What the reader must know about the data: rows that were set aside, and such.
    pub notes: Vec<String>,
}

/// A scorecard.
#[derive(Debug, Clone, PartialEq)]
pub struct Card<'a> {
    /// What is said above and below it.
    pub heading: Heading,
    /// The levels of its rows, in words (`office`; `office, unit`).
    pub level: String,
    /// Whether rows of more than one level stand under each other.
    pub nested: bool,
    /// Whether the rows stand by what they have in common with their peers.
    pub grouped: bool,
    /// Its indicators.
    pub columns: Vec<Column>,
    /// What the rows are read against: the whole, and those that lie above all rows, from the
    /// largest down.
    pub context: Vec<Row<'a>>,
    /// Its entities.
    pub rows: Vec<Row<'a>>,
    /// Ids of entities left out because no column has a case of theirs.
    pub without_cases: Vec<String>,
}

/// One indicator of a scorecard.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// The indicator's id.
    pub id: String,
    /// Its short name.
    pub title: String,
    /// Its domain, as shown.
    pub domain: Option<String>,
    /// 1 for priority measures.
    pub tier: Option<i64>,
    /// The unit of its values.
    pub unit: String,
    /// What stands above the line: `met`, `events`, `sum`; nothing of a percentile or a time until
    /// something happens.
    pub above: &'static str,
    /// The question it answers.
    pub question: Option<String>,
    /// Which reading of the published measure it takes.
    pub reading: Option<String>,
    /// Where the definition comes from.
    pub source: Option<String>,
    /// `published`, `adapted` or `inferred`.
    pub status: Option<String>,
    /// The standard in force on the latest window's last day.
    pub threshold: Option<Threshold>,
    /// The smallest number of cases that gets a value.
    pub minimum: Option<u64>,
    /// Counts under this one are hidden.
    pub hide_under: Option<u64>,
    /// Reasons for which rows are taken out, in order.
    pub exclusions: Vec<String>,
    /// The windows shown, oldest first, in words.
    pub windows: Vec<String>,
    /// Whether there is a window for each month.
    pub monthly: bool,
    /// Their ends alone, for the heads of narrow columns.
    pub window_ends: Vec<String>,
    /// What is waited for after a window's end, in words.
    pub wait: String,
    /// The meaning hash.
    pub meaning: String,
}

impl Column {
    /// The latest window, in words.
    #[must_use]
    pub fn window(&self) -> &str {
        self.windows.last().map_or("none", String::as_str)
    }
}

/// A standard as it is shown.
#[derive(Debug, Clone, PartialEq)]
pub struct Threshold {
    /// Higher is better.
    pub at_least: bool,
    /// Green from here on.
    pub green: f64,
    /// Yellow from here on, when declared.
    pub yellow: Option<f64>,
    /// `%`.
    pub sign: String,
    /// Where the figure comes from.
    pub source: Option<String>,
    /// `published`, `adapted`, `inferred`.
    pub status: Option<String>,
    /// Status of the yellow threshold.
    pub yellow_status: Option<String>,
}

impl Threshold {
    /// `>= 94.6 %`.
    #[must_use]
    pub fn short(&self) -> String {
        format!("{} {} {}", if self.at_least { ">=" } else { "<=" }, self.green, self.sign).trim_end().to_owned()
    }

    /// `at least 94.6 %`.
    #[must_use]
    pub fn long(&self) -> String {
        self.said(self.green)
    }

    /// `at least 90 %`, for yellow.
    #[must_use]
    pub fn yellow(&self) -> Option<String> {
        Some(self.said(self.yellow?))
    }

    fn said(&self, figure: f64) -> String {
        format!("{} {figure} {}", if self.at_least { "at least" } else { "at most" }, self.sign).trim_end().to_owned()
    }
}

/// One entity of a scorecard.
#[derive(Debug, Clone, PartialEq)]
pub struct Row<'a> {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The name of its level.
    pub level: String,
    /// How many of the rows above it it lies under.
    pub depth: usize,
    /// What it has in common with its peers, where its level declares peers and it has any.
    pub group: Option<String>,
    /// One for each column.
    pub tracks: Vec<Track<'a>>,
}

/// One entity's cells of one column, oldest window first.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Track<'a> {
    /// The cells.
    pub cells: Vec<Shown<'a>>,
}

impl<'a> Track<'a> {
    /// The cell of the latest window.
    #[must_use]
    pub fn latest(&self) -> Option<&Shown<'a>> {
        self.cells.last()
    }
}

/// A cell and its number as shown.
#[derive(Debug, Clone, PartialEq)]
pub struct Shown<'a> {
    /// The cell.
    pub cell: Cell<'a>,
    /// The value with as few decimals as are honest; empty without a value.
    pub number: String,
    /// How the entities one level down are coloured, where that is asked for and may be shown.
    pub spread: Option<ChildrenByBand>,
}

impl Shown<'_> {
    /// Whether rows whose outcome is not known stand behind the value.
    #[must_use]
    pub fn is_uncertain(&self) -> bool {
        self.cell.value.is_some() && self.cell.uncertain
    }
}

impl<'a> Card<'a> {
    /// The card of these indicators, with the entities that the selection shows, and with the
    /// spread behind each cell when asked.
    #[must_use]
    pub fn new(
        program: &'a Program,
        hierarchy: &Hierarchy,
        heading: Heading,
        indicators: &[usize],
        tables: &'a [Table],
        selection: &Selection,
        spread: bool,
    ) -> Self {
        let table = |indicator: usize| tables.iter().find(|t| t.indicator == indicator);
        let nested = selection.levels.len() > 1;
        let row = |entity: usize, depth: usize| {
            let e = hierarchy.entities.get(entity)?;
            let spreads = |t: &Table| if spread { t.spreads(program, hierarchy, entity) } else { Vec::new() };
            let track = |&i: &usize| table(i).map(|t| track(program, t, entity, &spreads(t))).unwrap_or_default();
            let tracks: Vec<Track> = indicators.iter().map(track).collect();
            let measured = tracks.iter().any(|t| !t.cells.is_empty());
            let level = hierarchy.levels.get(e.level).cloned().unwrap_or_default();
            // Where levels stand under each other, each has its own unassigned.
            let name = if nested && e.is_unassigned() { format!("without {level}") } else { e.name.clone() };
            measured.then(|| Row { id: e.id.clone(), name, level, depth, group: e.group.clone(), tracks })
        };
        let entities = ordered_map(hierarchy, selection);
        let (mut rows, mut without_cases) = (Vec::new(), Vec::new());
        for &(entity, depth) in &entities {
            match row(entity, depth) {
                Some(row) if has_cases(&row) => rows.push(row),
                Some(_) if hierarchy.entities[entity].is_unassigned() => {}
                Some(row) => without_cases.push(row.id),
                None => {}
            }
        }
        let mut above = hierarchy.chain(selection.under.unwrap_or(0));
        above.retain(|&e| e == 0 || !entities.iter().any(|&(shown, _)| shown == e));
        let context: Vec<Row> = above.iter().rev().filter_map(|&e| row(e, 0)).collect();
        let columns = indicators.iter().filter_map(|&i| column(program, table(i), i)).collect();
        let levels: Vec<&str> =
            selection.levels.iter().filter_map(|&l| Some(hierarchy.levels.get(l)?.as_str())).collect();
        let grouped = selection.peers.is_some();
        let level = levels.join(", ") + if grouped { ", peers together" } else { "" };
        Self { heading, level, nested, grouped, columns, context, rows, without_cases }
    }

    /// The rows, as they stand under a heading each; without a heading when they are not put by
    /// groups.
    pub fn groups(&self) -> impl Iterator<Item = (Option<&str>, &[Row<'a>])> {
        let parts = self.rows.chunk_by(|a, b| !self.grouped || a.group == b.group);
        parts.map(|rows| {
            let group = rows.first().and_then(|row| row.group.as_deref()).unwrap_or(NO_GROUP);
            (self.grouped.then_some(group), rows)
        })
    }
}

/// The heading of entities that have no peers.
const NO_GROUP: &str = "no group";

/// The entities of the rows, with how many of the rows each lies under. The whole is never a row:
/// it is what rows are read against.
fn ordered_map(hierarchy: &Hierarchy, selection: &Selection) -> Vec<(usize, usize)> {
    let order = if selection.levels.len() > 1 { hierarchy.tree() } else { (0..hierarchy.entities.len()).collect() };
    let shows: Vec<bool> = (0..hierarchy.entities.len()).map(|e| e != 0 && selection.shows(hierarchy, e)).collect();
    // Under the heading of a group, rows are moved in as under an entity.
    let heading = usize::from(selection.peers.is_some());
    let depth = |entity| hierarchy.chain(entity).iter().skip(1).filter(|&&above| shows[above]).count() + heading;
    let mut shown: Vec<(usize, usize)> = order.into_iter().filter(|&e| shows[e]).map(|e| (e, depth(e))).collect();
    match selection.peers {
        None => {}
        Some(Peers::All) => shown.sort_by_key(|&(e, _)| {
            let group = hierarchy.entities[e].group.as_ref();
            (group.is_none(), group)
        }),
        // Who is asked about stands above those it is compared with.
        Some(Peers::Of(one)) => shown.sort_by_key(|&(e, _)| e != one),
    }
    shown
}

/// False when every cell that could be judged found no row at all.
fn has_cases(row: &Row) -> bool {
    let mut counted = row.tracks.iter().flat_map(|t| &t.cells).filter_map(|shown| match shown.cell.state {
        State::NotObservable | State::BadData => None,
        State::NoCases => Some(shown.cell.counts.is_some_and(|c| c.cohort > 0)),
        State::Value | State::TooFew | State::NotEstimable | State::Suppressed => Some(true),
    });
    let first = counted.next();
    first.is_none_or(|first| first || counted.any(|has| has))
}

fn track<'a>(program: &'a Program, table: &'a Table, entity: usize, spreads: &[ChildrenByBand]) -> Track<'a> {
    let shown = |(window, cell): (usize, Cell<'a>)| {
        let standard = program.indicators.get(cell.indicator).and_then(|i| i.standard_on(cell.window.last_day()));
        let number = cell.value.map(|value| rounding::shown(value, cell.band, standard)).unwrap_or_default();
        let spread = children_by_band::behind(&cell, spreads.get(window));
        Shown { cell, number, spread }
    };
    Track { cells: table.cells(program, entity).enumerate().map(shown).collect() }
}

fn column(program: &Program, table: Option<&Table>, index: usize) -> Option<Column> {
    let indicator = program.indicators.get(index)?;
    let windows: Vec<_> = table.iter().flat_map(|t| &t.windows).map(|c| c.window).collect();
    let standard = windows.last().and_then(|w| indicator.standard_on(w.last_day()));
    let about = &indicator.about;
    Some(Column {
        id: indicator.id.clone(),
        title: about.title.clone(),
        domain: about.domain.and_then(|d| program.model.domains.get(d)).map(|d| d.title.clone()),
        tier: about.tier,
        unit: indicator.measure.unit(),
        above: match indicator.measure {
            Measure::Proportion { .. } => "met",
            Measure::Rate { .. } => "events",
            Measure::Mean { .. } => "sum",
            Measure::Percentile { .. } | Measure::Until { .. } | Measure::Incidence { .. } => "",
        },
        question: about.question.clone(),
        reading: about.reading.clone(),
        source: about.source.clone(),
        status: about.status.clone(),
        threshold: standard.map(|s| threshold(indicator, s)),
        minimum: indicator.minimum,
        hide_under: table.and_then(|t| t.hide_under),
        exclusions: indicator.exclusions.iter().map(|e| e.reason.clone()).collect(),
        windows: windows.iter().map(|&w| words::window(indicator.window, w)).collect(),
        monthly: indicator.window != WindowLength::Week && indicator.ends.are_all(),
        window_ends: windows.iter().map(|&w| words::window_end(indicator.window, w)).collect(),
        wait: words::wait(indicator.follow_up, indicator.lag, indicator.as_it_stands),
        meaning: indicator.meaning.clone(),
    })
}

fn threshold(indicator: &Indicator, standard: &Standard) -> Threshold {
    Threshold {
        at_least: standard.at_least,
        green: standard.green,
        yellow: standard.yellow,
        sign: words::sign(&indicator.measure.unit()).to_owned(),
        source: standard.source.clone(),
        status: standard.status.clone(),
        yellow_status: standard.yellow_status.clone(),
    }
}
