//! A scorecard as it is read: columns of indicators, rows of entities, each cell with the windows
//! before it.
//!
//! Holds all that the forms of a report print, in words and order, and nothing they would have to
//! look up.

use super::cell::{Cell, State};
use super::children_by_band::{self, ChildrenByBand};
use super::judge::Table;
use super::judged::Judged;
use super::ratio::Ratio;
use super::trend::Trend;
use super::{rounding, words};
use crate::hierarchy::{Hierarchy, Peers, Selection};
use chrono::NaiveDate;
use yardstick_language::ir::{Indicator, OwnStandard, Program, Standard, Thresholds, WindowLength};

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
    /// Of whom each has a standard of its own.
    pub own: Option<OwnTargets>,
    /// Who says that there is none, where `standard none` is in force.
    pub no_standard: NoStandard,
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

    /// The standard in force: `at least 94.6 %; each office its own`; `None` where there is none.
    #[must_use]
    pub fn standard(&self) -> Option<String> {
        self.with_own(self.threshold.as_ref().map(Threshold::long))
    }

    /// The same for narrow columns: `>= 94.6 %; each office its own`.
    #[must_use]
    pub fn short_standard(&self) -> Option<String> {
        self.with_own(self.threshold.as_ref().map(Threshold::short))
    }

    fn with_own(&self, threshold: Option<String>) -> Option<String> {
        let own = self.own.as_ref().map(|own| format!("each {} its own", own.level));
        let all: Vec<String> = threshold.into_iter().chain(own).collect();
        (!all.is_empty()).then(|| all.join("; "))
    }

    /// Whether higher values are better, where a standard says so.
    #[must_use]
    pub fn higher_is_better(&self) -> Option<bool> {
        let own = self.own.as_ref().map(|own| own.at_least);
        self.threshold.as_ref().map_or(own, |threshold| threshold.green.higher_is_better())
    }
}

/// The targets that the entities of a level have of their own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnTargets {
    /// The level; of several, `office or unit`.
    pub level: String,
    /// Whether values from the target up are green.
    pub at_least: bool,
    /// Where they stand, and what is yellow: `at least goal.target, yellow within 10 % of the way`.
    pub words: String,
    /// Where they come from.
    pub source: Option<String>,
    /// `published`, `adapted`, `inferred`.
    pub status: Option<String>,
}

/// What is said of `standard none`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NoStandard {
    /// Who says so.
    pub source: Option<String>,
    /// `published`, `adapted`, `inferred`.
    pub status: Option<String>,
}

/// A standard as it is shown.
#[derive(Debug, Clone, PartialEq)]
pub struct Threshold {
    /// Which values are green.
    pub green: Thresholds,
    /// Which values are green or yellow, when a yellow band is declared.
    pub yellow: Option<Thresholds>,
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
    /// `>= 94.6 %`; of a range `40–60 %`.
    #[must_use]
    pub fn short(&self) -> String {
        match self.green {
            Thresholds { least: Some(least), most: Some(most) } => self.signed(&format!("{least}–{most}")),
            Thresholds { least: Some(least), most: None } => self.signed(&format!(">= {least}")),
            Thresholds { least: None, most } => self.signed(&format!("<= {}", most.unwrap_or_default())),
        }
    }

    /// `at least 94.6 %`, `between 40 and 60 %`.
    #[must_use]
    pub fn long(&self) -> String {
        self.signed(&words::thresholds(self.green))
    }

    /// `at least 90 %`, for yellow.
    #[must_use]
    pub fn yellow(&self) -> Option<String> {
        Some(self.signed(&words::thresholds(self.yellow?)))
    }

    fn signed(&self, figures: &str) -> String {
        format!("{figures} {}", self.sign).trim_end().to_owned()
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
    /// Whether it is a group of the rows of the entity that stands above it.
    pub is_part: bool,
    /// One for each column.
    pub tracks: Vec<Track<'a>>,
}

impl Row<'_> {
    /// The row with these windows.
    fn of(mut self, windows: Windows) -> Self {
        if windows == Windows::Latest {
            for track in &mut self.tracks {
                track.cells = track.cells.pop().into_iter().collect();
            }
        }
        self
    }
}

/// One entity's cells of one column, oldest window first.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Track<'a> {
    /// The cells; of a card of the latest windows that one alone.
    pub cells: Vec<Shown<'a>>,
    /// Why the latest window that can still change can do so; `None` where all are final.
    pub provisional: Option<&'a str>,
    /// Where the cells come from.
    place: Option<(&'a Table, usize)>,
}

/// Which windows the tracks of a card hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Windows {
    /// All.
    All,
    /// The latest: a card of many rows would hold millions of cells.
    Latest,
}

impl<'a> Track<'a> {
    /// The cell of the latest window.
    #[must_use]
    pub fn latest(&self) -> Option<&Shown<'a>> {
        self.cells.last()
    }

    /// Whether the track is more than chance, where it is of an entity with others below it; the
    /// smallest have too few rows a window to tell.
    #[must_use]
    pub fn trend(&self, judged: &Judged) -> Option<Trend> {
        let (table, entity) = self.place?;
        let level = judged.hierarchy.entities.get(entity)?.level;
        if level + 1 < judged.hierarchy.levels.len() { Trend::of_table(judged, table, entity) } else { None }
    }

    /// The last days of all its windows, oldest first.
    #[must_use]
    pub fn windows(&self) -> Vec<NaiveDate> {
        let table = self.place.map(|(table, _)| table);
        table.iter().flat_map(|table| &table.windows).map(|column| column.window.last_day()).collect()
    }

    /// The track with all its windows, without the spread behind its cells.
    #[must_use]
    pub fn whole(&self, judged: &'a Judged) -> Self {
        self.place.map(|(table, entity)| track(judged, table, entity, &[])).unwrap_or_default()
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
    /// Of a group, the ratio to other rows, and what those are.
    pub ratio: Option<(Ratio, &'a str)>,
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
    pub fn new(judged: &'a Judged, heading: Heading, spread: bool, windows: Windows) -> Self {
        let Judged { program, hierarchy, indicators, selection, .. } = judged;
        let nested = selection.levels.len() > 1;
        let row = |entity: usize, depth: usize| {
            let e = hierarchy.entities.get(entity)?;
            let spreads = |t: &Table| if spread { t.spreads(program, hierarchy, entity) } else { Vec::new() };
            let track = |&i: &usize| judged.whole(i).map(|t| track(judged, t, entity, &spreads(t))).unwrap_or_default();
            let tracks: Vec<Track> = indicators.iter().map(track).collect();
            let measured = tracks.iter().any(|t| !t.cells.is_empty());
            let level = hierarchy.levels.get(e.level).cloned().unwrap_or_default();
            // Where levels stand under each other, each has its own unassigned.
            let name = if nested && e.is_unassigned() { format!("without {level}") } else { e.name.clone() };
            measured.then(|| Row {
                id: e.id.clone(),
                name,
                level,
                depth,
                group: e.group.clone(),
                is_part: false,
                tracks,
            })
        };
        let groups: Vec<Vec<&Table>> = indicators.iter().map(|&i| judged.groups(i)).collect();
        let breakdowns = breakdowns(&groups);
        // The rows of the groups of an entity, each called after its group; of several breakdowns,
        // each under a row with its name.
        let parts = |entity: usize, of: &Row| {
            let row = |name: String, tracks: Vec<Track<'a>>| {
                let (level, depth, group) = (of.level.clone(), of.depth + 1, of.group.clone());
                Row { id: name.clone(), name, level, depth, group, is_part: true, tracks }
            };
            let part = |by: &str, value: &str| {
                let is = |t: &&&Table| t.group.as_ref().is_some_and(|g| &*g.by == by && g.value == value);
                let track = |of: &Vec<&'a Table>| of.iter().find(is).map(|t| track(judged, t, entity, &[]));
                row(value.to_owned(), groups.iter().map(|of| track(of).unwrap_or_default()).collect())
            };
            let mut rows = Vec::new();
            for (by, values) in &breakdowns {
                let parts = values.iter().map(|value| part(by, value)).filter(has_cases);
                let parts: Vec<Row> = parts.collect();
                let named = breakdowns.len() > 1 && !parts.is_empty();
                rows.extend(named.then(|| row(format!("by {by}"), vec![Track::default(); groups.len()])));
                rows.extend(parts);
            }
            rows
        };
        let entities = ordered_map(hierarchy, selection);
        let (mut rows, mut without_cases) = (Vec::new(), Vec::new());
        for &(entity, depth) in &entities {
            match row(entity, depth) {
                Some(row) if has_cases(&row) => {
                    let parts = parts(entity, &row);
                    rows.extend(std::iter::once(row).chain(parts).map(|row| row.of(windows)));
                }
                Some(_) if hierarchy.entities[entity].is_unassigned() => {}
                Some(row) => without_cases.push(row.id),
                None => {}
            }
        }
        let mut above = hierarchy.chain(selection.under.unwrap_or(0));
        above.retain(|&e| e == 0 || !entities.iter().any(|&(shown, _)| shown == e));
        let context = above.iter().rev().filter_map(|&e| Some((e, row(e, 0)?)));
        let context = context.flat_map(|(entity, row)| {
            let parts = parts(entity, &row);
            std::iter::once(row).chain(parts).map(|row| row.of(windows))
        });
        let context: Vec<Row> = context.collect();
        let columns = indicators.iter().filter_map(|&i| column(program, judged.whole(i), i)).collect();
        let levels: Vec<&str> =
            selection.levels.iter().filter_map(|&l| Some(hierarchy.levels.get(l)?.as_str())).collect();
        let grouped = selection.peers.is_some();
        let by: Vec<&str> = breakdowns.iter().map(|(by, _)| *by).collect();
        let by = if by.is_empty() { String::new() } else { format!(", each by {}", by.join(", by ")) };
        let level = levels.join(", ") + if grouped { ", peers together" } else { "" } + &by;
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

/// The names of the breakdowns, each with its groups in order.
fn breakdowns<'t>(groups: &[Vec<&'t Table>]) -> Vec<(&'t str, Vec<&'t str>)> {
    let mut found: Vec<(&str, Vec<&str>)> = Vec::new();
    // An indicator with all of them says their order.
    let mut lists: Vec<&Vec<&Table>> = groups.iter().collect();
    lists.sort_by_key(|tables| std::cmp::Reverse(tables.len()));
    for group in lists.into_iter().flatten().filter_map(|table| table.group.as_ref()) {
        let (by, value) = (&*group.by, group.value.as_str());
        match found.iter_mut().find(|(known, _)| *known == by) {
            None => found.push((by, vec![value])),
            Some((_, values)) if values.contains(&value) => {}
            Some((_, values)) => values.push(value),
        }
    }
    found
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

/// The cells of an entity, with the spread behind each where it is given.
pub(super) fn track<'a>(judged: &'a Judged, table: &'a Table, entity: usize, spreads: &[ChildrenByBand]) -> Track<'a> {
    let program = &judged.program;
    let ratios = judged.ratios(table, entity);
    let shown = |(window, cell): (usize, Cell<'a>)| {
        let indicator = program.indicators.get(cell.indicator);
        let number = indicator.map(|indicator| rounding::number(indicator, &cell)).unwrap_or_default();
        let spread = children_by_band::behind(&cell, spreads.get(window));
        Shown { cell, number, spread, ratio: ratios.get(window).copied().flatten() }
    };
    let cells: Vec<Shown> = table.cells(program, entity).enumerate().map(shown).collect();
    let provisional = cells.iter().rev().find_map(|shown| shown.cell.provisional);
    Track { cells, provisional, place: Some((table, entity)) }
}

/// What is said of an indicator, in the windows of its table.
pub(super) fn column(program: &Program, table: Option<&Table>, index: usize) -> Option<Column> {
    let indicator = program.indicators.get(index)?;
    let windows: Vec<_> = table.iter().flat_map(|t| &t.windows).map(|c| c.window).collect();
    let standard = windows.last().and_then(|w| indicator.standard_on(w.last_day()));
    let about = &indicator.about;
    Some(Column {
        id: indicator.id.clone(),
        title: about.title.clone(),
        domain: about.domain.and_then(|d| program.model.domains.get(d)).map(|d| d.title.clone()),
        tier: about.tier,
        unit: indicator.measure.kind().unit(),
        above: indicator.measure.kind().above().unwrap_or_default(),
        question: about.question.clone(),
        reading: about.reading.clone(),
        source: about.source.clone(),
        status: about.status.clone(),
        threshold: standard.and_then(|s| threshold(indicator, s)),
        own: own_targets(program, indicator),
        no_standard: standard.filter(|s| s.green.is_none()).map(no_standard).unwrap_or_default(),
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

fn own_targets(program: &Program, indicator: &Indicator) -> Option<OwnTargets> {
    let model = &program.model;
    let at_hand = |own: &&OwnStandard| model.levels.iter().any(|level| level.table == Some(own.entities));
    let all: Vec<&OwnStandard> = indicator.own_standards.iter().filter(at_hand).collect();
    let first = all.first()?;
    let words = |own: &&OwnStandard| {
        let table = model.table(own.targets.table);
        let words = if own.at_least { "at least" } else { "at most" };
        let sign = words::sign(&indicator.measure.kind().unit()).to_owned();
        let column = &table.column(own.targets.figure).name;
        let yellow = own.within.map(|share| format!(", yellow within {share} % of the way")).unwrap_or_default();
        let target = format!("{words} {}.{column} {sign}", table.name);
        target.trim_end().to_owned() + &yellow
    };
    let levels: Vec<&str> = all.iter().map(|own| model.table(own.entities).name.as_str()).collect();
    Some(OwnTargets {
        level: levels.join(" or "),
        at_least: first.at_least,
        words: all.iter().map(words).collect::<Vec<_>>().join("; "),
        source: first.source.clone(),
        status: first.status.clone(),
    })
}

fn no_standard(standard: &Standard) -> NoStandard {
    NoStandard { source: standard.source.clone(), status: standard.status.clone() }
}

/// The standard as it is shown; `None` of one that gives no colour.
fn threshold(indicator: &Indicator, standard: &Standard) -> Option<Threshold> {
    Some(Threshold {
        green: standard.green?,
        yellow: standard.yellow,
        sign: words::sign(&indicator.measure.kind().unit()).to_owned(),
        source: standard.source.clone(),
        status: standard.status.clone(),
        yellow_status: standard.yellow_status.clone(),
    })
}
