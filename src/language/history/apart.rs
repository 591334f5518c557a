//! Looks for the smallest history on which two definitions disagree.

use super::answer::{Asked, Difference};
use super::draw::Artist;
use super::values::{Values, read};
use super::{Answer, Bounds, Definition, History, Shape, Shown, copies, smaller};
use crate::calendar::{add_days, add_months};
use crate::functions::Calendar;
use crate::interpret::Arithmetic;
use crate::ir::{ExprKind, print};
use crate::model::{ColumnType, TableId};
use chrono::{Datelike, NaiveDate};
use rand::RngExt;
use rand::SeedableRng;
use rand::seq::IndexedRandom;
use rand_chacha::ChaCha8Rng;
use std::collections::{BTreeMap, BTreeSet};

/// The seed of every search: the same definitions give the same history.
const SEED: u64 = 18;
/// Histories drawn from nothing in each window.
const FRESH: usize = 60;
/// The histories of which every cell is given every value.
const SWEPT: usize = 4;
/// The histories of each number of rows of which days are put in pairs.
const PAIRED: usize = 12;
/// The years whose February is looked at: a leap year, and one that is none.
const FEBRUARIES: [(i32, u32, u32); 2] = [(2024, 2, 29), (2023, 2, 28)];
/// The ends of months after which comes a shorter one.
const LONG_MONTHS: [(i32, u32, u32); 2] = [(2024, 1, 31), (2024, 8, 31)];
/// The day on which windows end if nothing speaks against it.
const END: (i32, u32, u32) = (2024, 12, 31);
/// The most windows in which histories are drawn.
const WINDOWS: usize = 12;
/// Of how many days before a day it is asked whether windows end on them.
const DAYS: usize = 800;

/// A history on which two definitions disagree.
#[derive(Debug, Clone)]
pub struct Apart {
    /// The rows.
    pub history: History,
    /// The columns in which they are drawn, in the world of the new definition.
    pub shape: Shape,
    /// What the old definition says.
    pub old: Answer,
    /// What the new definition says.
    pub new: Answer,
}

/// What came of a search.
#[derive(Debug, Clone)]
pub struct Searched {
    /// The smallest history that was found, when one was.
    pub found: Option<Apart>,
    /// How many histories were looked at.
    pub tried: usize,
    /// The last days of the windows that they were looked at in; none where no window of the two
    /// ends on the same day.
    pub last_days: Vec<NaiveDate>,
    /// What the search was allowed.
    pub bounds: Bounds,
}

/// Looks for a history on which two definitions disagree, in the world of the new one.
#[must_use]
pub fn apart(old: Definition, new: Definition, shown: &dyn Shown, bounds: Bounds) -> Searched {
    let sides = Sides { definitions: [new, old], arithmetic: [&Calendar, &Calendar], later: 0 };
    search(&sides, shown, bounds)
}

/// The new definition and the old, which may be one and the same read with two arithmetics of
/// months.
pub(super) struct Sides<'a> {
    pub(super) definitions: [Definition<'a>; 2],
    pub(super) arithmetic: [&'a dyn Arithmetic; 2],
    /// By how many months the rows reach further than the windows need.
    pub(super) later: i64,
}

impl Sides<'_> {
    /// Whether it matters which days a month has: one definition is read with two arithmetics, or
    /// one says in months what the other says in days.
    fn months_matter(&self) -> bool {
        let [new, old] = self.definitions;
        let is_one = std::ptr::eq(new.program, old.program) && new.number == old.number;
        let [[months, days], [old_months, old_days]] = self.definitions.map(lengths);
        is_one || (months != old_months && days != old_days)
    }

    /// The day through which rows are drawn for the window that ends on a day.
    fn as_of(&self, last_day: NaiveDate) -> Option<NaiveDate> {
        add_months(as_of(&self.definitions, last_day)?, self.later)
    }
}

/// The same of two sides.
pub(super) fn search(sides: &Sides, shown: &dyn Shown, bounds: Bounds) -> Searched {
    let [new, old] = sides.definitions;
    let shape = Shape::of(&[new, old], differs_in(old, new, "attribute"));
    let Some(values) = Values::of(&[new, old], &shape) else {
        return Searched { found: None, tried: 0, last_days: Vec::new(), bounds };
    };
    let asked = Asked { shape: &shape, drawn_in: new.model(), shown, traced: true, reasons: reasons([new, old]) };
    let artist = Artist { values: &values, rng: ChaCha8Rng::seed_from_u64(SEED), most: bounds.rows };
    let last_days = last_days(&[new, old], &values, sides.months_matter());
    let mut search = Search {
        sides: [new, old],
        read: sides,
        one_world: new.model() == old.model(),
        values: &values,
        asked,
        artist,
        pool: Vec::new(),
        seen: BTreeSet::new(),
        tried: 0,
        best: None,
        composed: false,
        bounds,
    };
    search.run(&last_days);
    let found = search.best.take().and_then(|(difference, history)| search.smallest(difference, history));
    Searched { found, tried: search.tried, last_days, bounds }
}

/// How many months and days an indicator moves days by, all together.
fn lengths(of: Definition) -> [i64; 2] {
    let mut all = [0, 0];
    for e in of.indicator().expressions() {
        e.walk(&mut |e| {
            if let ExprKind::Shift { months, days, .. } = &e.kind {
                all[0] += i64::from(months.abs());
                all[1] += i64::from(days.abs());
            }
        });
    }
    all
}

/// The reasons for which both exclude rows.
fn reasons(sides: [Definition; 2]) -> BTreeSet<String> {
    let [new, old] =
        sides.map(|of| of.indicator().exclusions.iter().map(|e| e.reason.clone()).collect::<BTreeSet<_>>());
    if new == old { new } else { BTreeSet::new() }
}

/// Whether clauses that begin with this word have another meaning.
pub(super) fn differs_in(old: Definition, new: Definition, word: &str) -> bool {
    let lines = |of: Definition| -> Vec<String> {
        let text = print::definition(of.model(), of.indicator());
        text.lines().filter(|line| line.starts_with(word)).map(str::to_owned).collect()
    };
    lines(old) != lines(new)
}

/// The last days of windows that all of them have: one in a usual year, those in February, those of
/// long months where it matters which days a month has, and those around the days that are named.
fn last_days(of: &[Definition], values: &Values, months_matter: bool) -> Vec<NaiveDate> {
    let ends = |day: &NaiveDate| of.iter().all(|of| of.indicator().window_ending(*day).is_some());
    let before = |day: NaiveDate| std::iter::successors(Some(day), |day| add_days(*day, -1)).take(DAYS).find(ends);
    let after = |day: NaiveDate| std::iter::successors(Some(day), |day| add_days(*day, 1)).take(DAYS).find(ends);
    let long = LONG_MONTHS.into_iter().filter(|_| months_matter);
    let usual =
        [END].into_iter().chain(FEBRUARIES).chain(long).filter_map(|(y, m, d)| NaiveDate::from_ymd_opt(y, m, d));
    let mut all: Vec<NaiveDate> = usual.filter_map(before).collect();
    for day in &values.boundaries.days {
        all.extend([after(*day), add_days(*day, -1).and_then(before)].into_iter().flatten());
    }
    let mut seen = BTreeSet::new();
    all.retain(|day| seen.insert(*day) && as_of(of, *day).is_some());
    all.truncate(WINDOWS);
    all
}

/// The day on which all of them know the window that ends on a day.
fn as_of(of: &[Definition], last_day: NaiveDate) -> Option<NaiveDate> {
    let known = |of: &Definition| of.known_on(of.indicator().window_ending(last_day)?);
    of.iter().map(known).collect::<Option<Vec<_>>>()?.into_iter().max()
}

/// A cell of a history.
struct Place {
    table: TableId,
    row: usize,
    place: usize,
}

impl Place {
    fn set(&self, history: &mut History, day: NaiveDate) {
        let rows = history.tables.get_mut(&self.table);
        if let Some(cell) = rows.and_then(|rows| rows.get_mut(self.row)?.get_mut(self.place)) {
            *cell = Some(day.to_string());
        }
    }
}

/// A search under way.
pub(super) struct Search<'s, 'a> {
    /// The new definition and the old.
    pub(super) sides: [Definition<'a>; 2],
    read: &'s Sides<'a>,
    /// Whether both speak of the same tables, so that the rows are read once.
    one_world: bool,
    pub(super) values: &'s Values<'a>,
    pub(super) asked: Asked<'s>,
    artist: Artist<'s, 'a>,
    /// Histories of which each showed something that those before did not, and whether a row of
    /// theirs is in the cohort.
    pub(super) pool: Vec<(History, bool)>,
    seen: BTreeSet<Vec<u8>>,
    tried: usize,
    best: Option<(Difference, History)>,
    /// Whether the best is made of copies, which are as small as they can be.
    composed: bool,
    pub(super) bounds: Bounds,
}

impl Search<'_, '_> {
    fn run(&mut self, last_days: &[NaiveDate]) {
        for history in self.seeds(last_days) {
            self.look(&history);
        }
        if !self.is_done() && self.read.months_matter() {
            self.pairs();
        }
        if !self.is_done() {
            self.sweep();
        }
        if self.only_waits_differ() {
            self.other_days(last_days);
        }
        // What is unclear is good enough when nothing clear is found in a quarter of the histories.
        let quarter = self.tried + self.bounds.histories / 4;
        self.draw(quarter);
        if !self.is_done() {
            self.cells_and_days(last_days);
        }
        if self.best.is_none() {
            self.draw(self.bounds.histories);
        }
        // More kinds of rows are known now.
        if self.best.is_none() && self.tried > quarter {
            self.cells_and_days(last_days);
        }
    }

    /// Changes histories, one after the other, until so many have been tried.
    fn draw(&mut self, most: usize) {
        while !self.is_done() && self.tried < most.min(self.bounds.histories) {
            let Some(base) = self.base() else { break };
            match self.artist.changed(&base) {
                Some(history) => drop(self.look(&history)),
                // A step that led nowhere counts, so that the search ends.
                None => self.tried += 1,
            }
        }
    }

    /// Where the cells may differ though no row does: copies of rows, and the day on which only one
    /// of the two shows the window.
    fn cells_and_days(&mut self, last_days: &[NaiveDate]) {
        let [new, old] = self.sides;
        let cells = differs_in(old, new, "standard") || self.values_differ();
        if cells && let Some(history) = copies::apart(self) {
            self.composed = self.look(&history) > Difference::None;
        }
        if !self.is_done() {
            self.other_days(last_days);
        }
    }

    fn is_done(&self) -> bool {
        self.best.as_ref().is_some_and(|(difference, _)| *difference == Difference::Clear)
    }

    /// Whether the definitions differ in nothing but how long they wait.
    fn only_waits_differ(&self) -> bool {
        let clauses = |of: Definition| -> Vec<String> {
            let text = print::definition(of.model(), of.indicator());
            let waits = |line: &&str| line.starts_with("follow-up ") || line.starts_with("lag ");
            text.lines().filter(|line| !waits(line)).map(str::to_owned).collect()
        };
        let [new, old] = self.sides;
        clauses(new) == clauses(old)
    }

    /// Whether the same rows can come to another value.
    fn values_differ(&self) -> bool {
        let [new, old] = self.sides.map(|of| of.indicator().measure.clone());
        std::mem::discriminant(&new) != std::mem::discriminant(&old) || new != old
    }

    /// What both make of a history.
    pub(super) fn answers(&self, history: &History) -> Option<[Answer; 2]> {
        let [new, old] = self.sides;
        let [of_new, of_old] = self.read.arithmetic;
        let mut drawn = None;
        let new = self.asked.answer(new, history, of_new, &mut drawn)?;
        if !self.one_world {
            drawn = None;
        }
        Some([new, self.asked.answer(old, history, of_old, &mut drawn)?])
    }

    /// Looks at a history, and remembers it where it shows something new.
    fn look(&mut self, history: &History) -> Difference {
        self.tried += 1;
        let Some([new, old]) = self.answers(history) else { return Difference::None };
        let difference = Difference::between(&old, &new);
        let better = self
            .best
            .as_ref()
            .is_none_or(|(best, at)| difference > *best || (difference == *best && history.rows() < at.rows()));
        if difference > Difference::None && better {
            self.best = Some((difference, history.clone()));
        }
        let ends = if self.read.months_matter() { self.ends_of_months(history) } else { Vec::new() };
        let signature = [new.signature.as_slice(), old.signature.as_slice(), &ends].concat();
        if self.seen.insert(signature) {
            let is_in = new.rows.values().chain(old.rows.values()).any(super::RowAnswer::is_in);
            self.pool.push((history.clone(), is_in));
        }
        difference
    }

    /// For each day of a history, whether every month has it, most have, or only the longest; and
    /// the month in which its window ends.
    fn ends_of_months(&self, history: &History) -> Vec<u8> {
        let days = history.tables.iter().flat_map(|(table, rows)| {
            let columns = self.values.shape.columns.get(table).map_or(&[][..], Vec::as_slice);
            let is_day = |place: &usize| {
                let ty = &self.values.column(*table, columns[*place]).ty;
                matches!(ty, ColumnType::Date | ColumnType::Timestamp)
            };
            let places: Vec<usize> = (0..columns.len()).filter(is_day).collect();
            rows.iter()
                .flat_map(move |row| places.clone().into_iter().map(move |place| row.get(place).cloned().flatten()))
        });
        let class =
            |text: Option<String>| text.and_then(|text| read(&text)).map_or(0, |day| day.day().clamp(28, 31) as u8);
        days.map(class).chain([history.last_day.month() as u8]).collect()
    }

    /// The rows of tests, and some that are drawn from nothing.
    fn seeds(&mut self, last_days: &[NaiveDate]) -> Vec<History> {
        let sides = self.sides;
        let mut seeds = Vec::new();
        for of in sides {
            // The rows of other worlds have other columns.
            if of.model() != sides[0].model() {
                continue;
            }
            for test in of.program.tests.iter().filter(|test| test.indicator == of.number) {
                let ends: BTreeSet<NaiveDate> = test.expects.iter().map(|e| e.window.last_day()).collect();
                for day in ends {
                    let Some(as_of) = self.read.as_of(day) else { continue };
                    seeds.extend(self.artist.adopted(test, day, as_of.max(test.as_of)));
                }
            }
        }
        let table = sides[0].indicator().cohort.table;
        for day in last_days {
            let Some(as_of) = self.read.as_of(*day) else { continue };
            seeds.extend((0..FRESH).filter_map(|_| self.artist.first(table, *day, as_of)));
        }
        seeds
    }

    /// Gives every cell of some histories every value, one at a time.
    fn sweep(&mut self) {
        let mut bases: Vec<History> = self.pool.iter().filter(|(_, is_in)| *is_in).map(|(h, _)| h.clone()).collect();
        bases.sort_by_key(History::rows);
        bases.truncate(SWEPT);
        for base in bases {
            for (table, rows) in &base.tables {
                let columns = self.values.shape.columns.get(table).cloned().unwrap_or_default();
                let cells = (0..rows.len()).flat_map(|row| (0..columns.len()).map(move |place| (row, place)));
                for (row, place) in cells {
                    for value in self.values.all(&base, (*table, columns[place])) {
                        if self.is_done() || self.tried > self.bounds.histories / 2 {
                            return;
                        }
                        let mut history = base.clone();
                        if let Some(cell) = history.tables.get_mut(table).and_then(|r| r.get_mut(row)?.get_mut(place)) {
                            *cell = value;
                        }
                        if self.artist.mend(&mut history) {
                            self.look(&history);
                        }
                    }
                }
            }
        }
    }

    /// Puts one day of some histories where months have no such day, and another as far from it as
    /// the definition says.
    fn pairs(&mut self) {
        let most = self.tried + self.bounds.histories / 2;
        // Of each number of rows some, from the windows in turn: what a month lacks matters in few.
        let mut bases: Vec<History> = Vec::new();
        for rows in 1..=self.bounds.rows {
            let mut taken: BTreeMap<NaiveDate, usize> = BTreeMap::new();
            let of_size = self.pool.iter().filter(|(history, is_in)| *is_in && history.rows() == rows);
            let in_turn = of_size.map(|(history, _)| {
                let number = taken.entry(history.last_day).or_default();
                *number += 1;
                (*number, history)
            });
            let mut in_turn: Vec<(usize, &History)> = in_turn.collect();
            in_turn.sort_by_key(|(number, _)| *number);
            bases.extend(in_turn.into_iter().take(PAIRED).map(|(_, history)| history.clone()));
        }
        for base in bases {
            let days = self.days(&base);
            for (number, (one, day)) in days.iter().enumerate() {
                for (other, _) in days.iter().enumerate().filter(|(n, _)| *n != number).map(|(_, place)| place) {
                    for (end, there) in self.values.ends_of_months(*day) {
                        if self.is_done() || self.tried >= most {
                            return;
                        }
                        let mut history = base.clone();
                        one.set(&mut history, end);
                        other.set(&mut history, there);
                        if self.artist.mend(&mut history) {
                            self.look(&history);
                        }
                    }
                }
            }
        }
    }

    /// The cells with days, and their days.
    fn days(&self, history: &History) -> Vec<(Place, NaiveDate)> {
        let mut days = Vec::new();
        for (table, rows) in &history.tables {
            for (place, column) in self.values.shape.columns.get(table).into_iter().flatten().enumerate() {
                if self.values.column(*table, *column).ty != ColumnType::Date {
                    continue;
                }
                for (row, cells) in rows.iter().enumerate() {
                    // What is missing may be a day, too.
                    let text = cells.get(place).and_then(Option::as_deref);
                    let day = text.and_then(read).map_or(history.last_day, |time| time.date());
                    days.push((Place { table: *table, row, place }, day));
                }
            }
        }
        days
    }

    /// A history to go on from: most often one with a row in the cohort, and a late one.
    fn base(&mut self) -> Option<History> {
        let rng = &mut self.artist.rng;
        let within: Vec<usize> = (0..self.pool.len()).filter(|number| self.pool[*number].1).collect();
        let late = within.get(within.len().saturating_sub(12)..).unwrap_or_default();
        let all: Vec<usize> = (0..self.pool.len()).collect();
        let from = match rng.random_range(0..10_u32) {
            0..4 if !late.is_empty() => late,
            4..9 if !within.is_empty() => &within,
            _ => &all,
        };
        from.choose(rng).and_then(|number| self.pool.get(*number)).map(|(history, _)| history.clone())
    }

    /// Where one of the two shows the window earlier than the other: the day on which only it does.
    fn other_days(&mut self, last_days: &[NaiveDate]) {
        let sides = self.sides;
        let shown = |day: NaiveDate| {
            let on = |of: Definition| of.indicator().shown_on(of.indicator().window_ending(day)?);
            Some((on(sides[0])?, on(sides[1])?))
        };
        let Some((day, as_of)) = last_days.iter().find_map(|day| {
            let (new, old) = shown(*day)?;
            (new != old).then_some((*day, new.min(old)))
        }) else {
            return;
        };
        let table = sides[0].indicator().cohort.table;
        if let Some(history) = self.artist.first(table, day, as_of) {
            self.look(&history);
        }
    }

    /// The smallest history that still shows as clear a difference.
    fn smallest(&mut self, difference: Difference, history: History) -> Option<Apart> {
        self.asked.traced = false;
        let still =
            |of: &History| self.answers(of).is_some_and(|[new, old]| Difference::between(&old, &new) >= difference);
        let history = match self.composed {
            true => smaller::numbered(&history, self.values, &still),
            false => smaller::smallest(history, self.values, &still),
        };
        let [new, old] = self.answers(&history)?;
        Some(Apart { history, shape: self.asked.shape.clone(), old, new })
    }
}
