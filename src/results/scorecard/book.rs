//! The data book of one entity: its scorecard, what changed, and for each indicator what a meeting
//! about it needs. Every format is made from this, and computes nothing.

use super::card::{self, Column, Heading, Shown};
use super::cell::{Band, State};
use super::children_by_band::{self, ChildrenByBand};
use super::judge::Table;
use super::judged::Judged;
use super::moved::{Moved, Why};
use super::plan::Progress;
use super::published::{Names, PublishedCell, Said};
use super::review::Review;
use super::rounding;
use super::trend::Trend;
use super::words;
use chrono::NaiveDate;
use std::cmp::Ordering;

/// The book of one entity.
#[derive(Debug, Clone, PartialEq)]
pub struct Book<'a> {
    /// What is said above and below it.
    pub heading: Heading,
    /// Whose it is.
    pub entity: Who,
    /// Those above it, from the one just above to the whole.
    pub above: Vec<Who>,
    /// Whether counts are hidden.
    pub hides: bool,
    /// With what the latest cells are compared.
    pub since: Since,
    /// The plans of the entity, held against the data; none where small counts are hidden.
    pub plans: Vec<&'a Progress>,
    /// A page for each indicator.
    pub pages: Vec<Page<'a>>,
}

/// An entity by its names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Who {
    /// Its level.
    pub level: String,
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
}

impl Who {
    /// `office O03 Mission`; the whole by its level alone.
    #[must_use]
    pub fn with_level(&self) -> String {
        if self.id == self.level { self.level.clone() } else { format!("{} {}", self.level, self.label()) }
    }

    /// `O03 Mission`.
    #[must_use]
    pub fn label(&self) -> String {
        match self.name.is_empty() || self.name.eq_ignore_ascii_case(&self.id) {
            true => self.id.clone(),
            false => format!("{} {}", self.id, self.name),
        }
    }
}

/// With what the latest cell of each indicator is compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Since {
    /// With nothing: one window is shown, or small counts are hidden.
    Nothing,
    /// With the window before, as the data says today.
    WindowBefore,
    /// With what was published as of a day.
    Published(NaiveDate),
}

/// One indicator.
#[derive(Debug, Clone, PartialEq)]
pub struct Page<'a> {
    /// What is said of the indicator.
    pub column: Column,
    /// The cells of the entity, oldest window first.
    pub cells: Vec<Shown<'a>>,
    /// How the entities one level down are coloured in the latest window.
    pub spread: Option<ChildrenByBand>,
    /// What the latest cell was before.
    pub change: Option<Change<'a>>,
    /// The cells over time, where several windows are shown.
    pub trend: Option<Trend>,
    /// The latest cells of those above, in the order of [`Book::above`].
    pub above: Vec<Line<'a>>,
    /// The entities it is compared with, itself among them.
    pub peers: Lines<'a>,
    /// The entities one level down.
    pub below: Lines<'a>,
    /// The groups of its rows, breakdown by breakdown, those without a result row left out.
    pub groups: Vec<Groups<'a>>,
    /// What is measured, in English.
    pub english: &'a [Sentence],
    /// The rows that are suggested for review, where there may be any.
    pub review: Option<Review>,
}

impl<'a> Page<'a> {
    /// The cell of the latest window.
    #[must_use]
    pub fn latest(&self) -> Option<&Shown<'a>> {
        self.cells.last()
    }
}

/// A sentence of a description, and how deep it stands in its lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sentence {
    /// 0 for a heading.
    pub depth: usize,
    /// What it says.
    pub text: String,
}

/// The latest cells of several entities.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Lines<'a> {
    /// What they have in common, as a heading.
    pub title: String,
    /// The cells, those without cases left out.
    pub lines: Vec<Line<'a>>,
}

/// The latest cell of an entity.
#[derive(Debug, Clone, PartialEq)]
pub struct Line<'a> {
    /// Whose.
    pub who: Who,
    /// Whether it is the entity of the book.
    pub is_own: bool,
    /// Its cell.
    pub shown: Shown<'a>,
}

/// The latest cells of the groups of a breakdown.
#[derive(Debug, Clone, PartialEq)]
pub struct Groups<'a> {
    /// By what rows are broken down.
    pub by: &'a str,
    /// A cell for each group, with its ratio to the other rows.
    pub cells: Vec<(&'a str, Shown<'a>)>,
}

/// What a cell says, or said.
#[derive(Debug, Clone, PartialEq)]
pub struct Known<'a> {
    /// The end of its window.
    pub end: String,
    /// The cell, of this run.
    pub shown: Option<Shown<'a>>,
    /// Whether of some of its rows something is not known.
    pub uncertain: bool,
    /// Whether it can still change.
    pub provisional: bool,
    /// The value, in the unit of the measure.
    pub value: Option<f64>,
    /// The same with as few decimals as are honest; empty without one.
    pub number: String,
    /// The state; of a published cell as it was written.
    pub state: String,
    /// The colour.
    pub band: Option<Band>,
    /// What stands above and below the line.
    pub counts: (Option<f64>, Option<f64>),
}

/// How a cell turned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Turn {
    /// The colour is worse.
    Worse,
    /// The colour is better.
    Better,
    /// Something else is another.
    Other,
    /// Nothing is.
    Same,
}

/// What the latest cell of an indicator was before, and is now.
#[derive(Debug, Clone, PartialEq)]
pub struct Change<'a> {
    /// What it was.
    pub before: Known<'a>,
    /// What it is.
    pub now: Known<'a>,
    /// How it turned.
    pub turn: Turn,
    /// Why, where that is known.
    pub why: Option<&'static str>,
}

impl<'a> Change<'a> {
    fn of(before: Known<'a>, now: Known<'a>, why: Option<&'static str>) -> Self {
        let turn = match (before.band, now.band) {
            (Some(old), Some(new)) if old != new => match old.cmp(&new) {
                Ordering::Less => Turn::Worse,
                Ordering::Equal | Ordering::Greater => Turn::Better,
            },
            (old, new) if old == new && before.state == now.state && before.number == now.number => Turn::Same,
            _ => Turn::Other,
        };
        Self { before, now, turn, why }
    }

    /// The change of the value; `None` where either is missing.
    #[must_use]
    pub fn points(&self) -> Option<f64> {
        Some(self.now.value? - self.before.value?)
    }
}

/// What is said in a book and is no result of the run: the English of each indicator, by its place
/// among the columns, and the rows for review of each.
#[derive(Debug, Default)]
pub struct Words {
    /// A description for each column.
    pub english: Vec<Vec<Sentence>>,
    /// Rows for each column; none where none may be shown.
    pub reviews: Vec<Option<Review>>,
    /// The plans of all entities, held against the data.
    pub plans: Vec<Progress>,
}

/// What was published before, and what moved since.
#[derive(Debug)]
pub struct Before<'a> {
    /// The as-of day of what was published.
    pub as_of: NaiveDate,
    /// The texts.
    pub names: &'a Names,
    /// What moved.
    pub moved: &'a Moved,
}

impl<'a> Book<'a> {
    /// The book of an entity of the hierarchy; `None` where there is no such entity.
    #[must_use]
    pub fn of(judged: &'a Judged, entity: usize, words: &'a Words, before: Option<&Before>) -> Option<Self> {
        judged.hierarchy.entities.get(entity)?;
        let above: Vec<usize> = judged.hierarchy.chain(entity).into_iter().skip(1).collect();
        let tables: Vec<&Table> = judged.indicators.iter().filter_map(|number| judged.whole(*number)).collect();
        let hides = tables.iter().any(|table| table.hide_under.is_some());
        let about = About { judged, entity, above: &above, hides, before };
        let columns = judged.indicators.iter().enumerate();
        let pages = columns.filter_map(|(place, number)| about.page(place, judged.whole(*number)?, words)).collect();
        let since = match before {
            Some(_) if hides => Since::Nothing,
            Some(before) => Since::Published(before.as_of),
            None if tables.iter().all(|table| table.windows.len() < 2) => Since::Nothing,
            None => Since::WindowBefore,
        };
        let entity = who(judged, entity);
        let own = |of: &&Progress| !hides && of.entity[0] == entity.level && of.entity[1] == entity.id;
        Some(Self {
            heading: judged.heading.clone(),
            plans: words.plans.iter().filter(own).collect(),
            entity,
            above: above.iter().map(|&above| who(judged, above)).collect(),
            hides,
            since,
            pages,
        })
    }

    /// Whether any indicator has a case of the entity, or one that may not be told.
    #[must_use]
    pub fn has_cases(&self) -> bool {
        let states = self.pages.iter().flat_map(|page| &page.cells).map(|shown| shown.cell.state);
        let mut told = states.filter(|state| !matches!(state, State::NotObservable | State::BadData)).peekable();
        told.peek().is_none() || told.any(|state| state != State::NoCases)
    }
}

fn who(judged: &Judged, entity: usize) -> Who {
    let of = judged.hierarchy.entities.get(entity);
    let level = of.and_then(|of| judged.hierarchy.levels.get(of.level)).cloned().unwrap_or_default();
    Who {
        level,
        id: of.map(|of| of.id.clone()).unwrap_or_default(),
        name: of.map(|of| of.name.clone()).unwrap_or_default(),
    }
}

/// Whether the rows of a cell may be listed.
fn is_told(shown: &Shown) -> bool {
    match shown.cell.state {
        State::Value | State::NoCases | State::TooFew | State::NotEstimable => true,
        State::Suppressed | State::NotObservable | State::BadData => false,
    }
}

/// Whose book is made, of what.
struct About<'a, 'b> {
    judged: &'a Judged,
    entity: usize,
    above: &'b [usize],
    hides: bool,
    before: Option<&'b Before<'b>>,
}

impl<'a> About<'a, '_> {
    /// The page of the column at a place.
    fn page(&self, place: usize, table: &'a Table, words: &'a Words) -> Option<Page<'a>> {
        let judged = self.judged;
        let column = card::column(&judged.program, Some(table), table.indicator)?;
        let track = card::track(judged, table, self.entity, &[]);
        let spread = table.spreads(&judged.program, &judged.hierarchy, self.entity).pop();
        let several = table.windows.len() > 1;
        let change = match self.before {
            Some(_) if self.hides => None,
            None => before_and_now(&column, &track.cells),
            Some(before) => self.since(&column, &track.cells, before),
        };
        let lines = |of: &[usize]| of.iter().filter_map(|&one| self.line(table, one)).collect::<Vec<_>>();
        Some(Page {
            spread: track.cells.last().and_then(|shown| children_by_band::behind(&shown.cell, spread.as_ref())),
            change,
            trend: several.then(|| track.trend(judged)).flatten(),
            above: lines(self.above),
            peers: self.peers(table),
            below: self.below(table),
            groups: self.groups(table),
            english: words.english.get(place).map_or(&[], Vec::as_slice),
            review: words.reviews.get(place).cloned().flatten().filter(|_| track.cells.last().is_some_and(is_told)),
            cells: track.cells,
            column,
        })
    }

    /// The latest cell of an entity; `None` where the indicator has no window.
    fn line(&self, table: &'a Table, entity: usize) -> Option<Line<'a>> {
        let (judged, number) = (self.judged, table.windows.len().checked_sub(1)?);
        let indicator = judged.program.indicators.get(table.indicator)?;
        let cell = table.cell(indicator, entity, number, table.windows.get(number)?);
        let shown = Shown { number: rounding::number(indicator, &cell), cell, spread: None, ratio: None };
        Some(Line { who: who(judged, entity), is_own: entity == self.entity, shown })
    }

    /// The lines of these entities that have cases, and that of the entity of the book.
    fn lines(&self, table: &'a Table, title: String, of: &[usize]) -> Lines<'a> {
        let lines = of.iter().filter_map(|&one| self.line(table, one));
        let lines: Vec<Line> = lines.filter(|line| line.is_own || line.shown.cell.state != State::NoCases).collect();
        if lines.iter().all(|line| line.is_own) { Lines::default() } else { Lines { title, lines } }
    }

    /// Those it shares its group of peers with; without one, those that lie under the same entity.
    fn peers(&self, table: &'a Table) -> Lines<'a> {
        let hierarchy = &self.judged.hierarchy;
        let Some(of) = hierarchy.entities.get(self.entity).filter(|of| of.level > 0) else { return Lines::default() };
        let level = hierarchy.levels.get(of.level).map_or("", String::as_str);
        let (title, all) = match (&of.group, self.above.first()) {
            (Some(group), _) => {
                let alike = |&e: &usize| hierarchy.entities.get(e).is_some_and(|e| e.group.as_ref() == Some(group));
                (format!("Peers: {level}, {group}"), hierarchy.at(of.level).filter(alike).collect())
            }
            (None, Some(&above)) => {
                let mut all = hierarchy.below(above).to_vec();
                if !all.contains(&self.entity) {
                    all.push(self.entity);
                }
                (format!("Each {level} of {}", who(self.judged, above).label()), all)
            }
            (None, None) => return Lines::default(),
        };
        self.lines(table, title, &all)
    }

    /// Those one level down.
    fn below(&self, table: &'a Table) -> Lines<'a> {
        let hierarchy = &self.judged.hierarchy;
        let level = hierarchy.entities.get(self.entity).and_then(|of| hierarchy.levels.get(of.level + 1));
        let Some(level) = level else { return Lines::default() };
        self.lines(table, format!("Each {level} below"), hierarchy.below(self.entity))
    }

    /// The groups of its rows.
    fn groups(&self, table: &'a Table) -> Vec<Groups<'a>> {
        let Some(latest) = table.windows.len().checked_sub(1) else { return Vec::new() };
        let mut all: Vec<Groups> = Vec::new();
        for table in self.judged.groups_of(table.indicator, self.entity, latest) {
            let cell = card::track(self.judged, table, self.entity, &[]).cells.pop();
            let Some((group, shown)) = table.group.as_ref().zip(cell) else { continue };
            match all.iter_mut().find(|of| of.by == &*group.by) {
                Some(of) => of.cells.push((&group.value, shown)),
                None => all.push(Groups { by: &group.by, cells: vec![(&group.value, shown)] }),
            }
        }
        all
    }

    /// What was published of the newest cell, what the latest says now, and why.
    fn since(&self, column: &Column, cells: &[Shown<'a>], before: &Before) -> Option<Change<'a>> {
        let (whose, names) = (who(self.judged, self.entity), before.names);
        let newest = before.moved.newest.iter().find(|of| {
            let place = &of.place;
            names.text(place.indicator) == column.id
                && names.text(place.level) == whose.level
                && names.text(place.entity) == whose.id
        })?;
        let said = Said::of(&self.judged.program);
        let now = known(column, cells, cells.len().checked_sub(1)?)?;
        Some(Change::of(published(&said, names, column, newest.before), now, newest.why.map(Why::words)))
    }
}

/// What the cell of the window with this number says.
fn known<'a>(column: &Column, cells: &[Shown<'a>], number: usize) -> Option<Known<'a>> {
    let shown = cells.get(number)?;
    Some(Known {
        end: column.window_ends.get(number)?.clone(),
        shown: Some(shown.clone()),
        uncertain: shown.is_uncertain(),
        provisional: shown.cell.provisional.is_some(),
        value: shown.cell.value,
        number: shown.number.clone(),
        state: shown.cell.state.id().to_owned(),
        band: shown.cell.band,
        counts: (shown.cell.numerator, shown.cell.denominator),
    })
}

/// The latest cell and the one of the window before.
fn before_and_now<'a>(column: &Column, cells: &[Shown<'a>]) -> Option<Change<'a>> {
    let latest = cells.len().checked_sub(1)?;
    let earlier = latest.checked_sub(1)?;
    let standard = |number: usize| cells.get(number).and_then(|shown| shown.cell.standard);
    let why = (standard(earlier) != standard(latest)).then_some("another standard is in force");
    Some(Change::of(known(column, cells, earlier)?, known(column, cells, latest)?, why))
}

/// What a published cell said.
fn published(said: &Said, names: &Names, column: &Column, (end, cell): (NaiveDate, PublishedCell)) -> Known<'static> {
    let band = names.text(cell.band);
    Known {
        end: words::day(end),
        shown: None,
        uncertain: cell.value.is_some() && cell.unknown() > 0,
        provisional: cell.provisional,
        value: cell.value,
        number: cell.value.map(|value| said.number(&column.id, (end, value, band))).unwrap_or_default(),
        state: names.text(cell.state).to_owned(),
        band: [Band::Green, Band::Yellow, Band::Red].into_iter().find(|of| of.id() == band),
        counts: (cell.numerator, cell.denominator),
    }
}
