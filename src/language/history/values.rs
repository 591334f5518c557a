//! What to try in a cell: what lies at a boundary, a step before it and a step after it.

use super::boundaries::{Boundaries, Length, anchors, moved};
use super::{Definition, History, Shape};
use crate::calendar::add_days;
use crate::ir::Ty;
use crate::model::{Column, ColumnId, ColumnType, Model, TableId};
use chrono::{Datelike, NaiveDate, NaiveDateTime, TimeDelta};
use rand::RngExt;
use rand::seq::IndexedRandom;
use rand_chacha::ChaCha8Rng;
use std::collections::BTreeSet;

/// A text that no definition names.
const OTHER_TEXT: &str = "other";

/// Clocks to try in a time: hours and minutes.
const CLOCKS: [(u32, u32); 3] = [(0, 0), (12, 0), (23, 59)];

/// What to try in the cells of the histories of some definitions.
#[derive(Debug, Clone)]
pub(super) struct Values<'a> {
    /// The world that histories are drawn in.
    pub(super) model: &'a Model,
    pub(super) shape: &'a Shape,
    pub(super) boundaries: Boundaries,
    pub(super) definitions: Vec<Definition<'a>>,
}

impl<'a> Values<'a> {
    pub(super) fn of(definitions: &[Definition<'a>], shape: &'a Shape) -> Option<Self> {
        let model = definitions.first()?.model();
        Some(Self { model, shape, boundaries: Boundaries::of(definitions), definitions: definitions.to_vec() })
    }

    pub(super) fn column(&self, table: TableId, column: ColumnId) -> &'a Column {
        self.model.table(table).column(column)
    }

    /// Every value worth trying in a cell, `None` for a missing one; the more boundaries a
    /// definition has, the more there are.
    pub(super) fn all(&self, history: &History, (table, column): (TableId, ColumnId)) -> Vec<Option<String>> {
        let declared = self.column(table, column);
        let mut all: Vec<Option<String>> = match &declared.ty {
            ColumnType::Key => return Vec::new(),
            ColumnType::Link(target) => self.ids(history, *target).into_iter().map(Some).collect(),
            ColumnType::Date => self.days(history).into_iter().map(|day| Some(day.to_string())).collect(),
            ColumnType::Timestamp => self.times(history).into_iter().map(|time| Some(written(time))).collect(),
            ColumnType::Text | ColumnType::Bool | ColumnType::Int | ColumnType::Decimal(_) | ColumnType::Codes(_) => {
                self.words(table, column).into_iter().map(Some).collect()
            }
        };
        if declared.optional {
            all.push(None);
        }
        all
    }

    /// A value to try in a cell, `None` for a missing one.
    pub(super) fn one(
        &self,
        rng: &mut ChaCha8Rng,
        history: &History,
        (table, column): (TableId, ColumnId),
    ) -> Option<String> {
        let declared = self.column(table, column);
        if declared.optional && rng.random_range(0..6_u32) == 0 {
            return None;
        }
        match &declared.ty {
            ColumnType::Date => Some(self.day(rng, history)?.to_string()),
            ColumnType::Timestamp => Some(written(self.time(rng, history)?)),
            ColumnType::Key
            | ColumnType::Link(_)
            | ColumnType::Text
            | ColumnType::Bool
            | ColumnType::Int
            | ColumnType::Decimal(_)
            | ColumnType::Codes(_) => {
                let all = self.all(history, (table, column));
                all.choose(rng).cloned().flatten().or_else(|| all.into_iter().flatten().next())
            }
        }
    }

    fn words(&self, table: TableId, column: ColumnId) -> Vec<String> {
        let around = || -> BTreeSet<i64> {
            let near = |n: &i64| [n.saturating_sub(1), *n, n.saturating_add(1)];
            self.boundaries.numbers.iter().flat_map(near).chain([0, 1]).collect()
        };
        match &self.column(table, column).ty {
            ColumnType::Codes(_) => self.boundaries.words_of(self.model, (table, column)),
            ColumnType::Bool => vec!["true".to_owned(), "false".to_owned()],
            ColumnType::Text => self.boundaries.texts.iter().cloned().chain([OTHER_TEXT.to_owned()]).collect(),
            ColumnType::Int => around().into_iter().map(|n| n.to_string()).collect(),
            ColumnType::Decimal(digits) => around().into_iter().map(|n| Ty::Decimal(digits.after).written(n)).collect(),
            ColumnType::Key | ColumnType::Link(_) | ColumnType::Date | ColumnType::Timestamp => Vec::new(),
        }
    }

    /// The ids that a link to a table can name: those of its rows when it is drawn, and otherwise
    /// those that are named already, and a further one.
    pub(super) fn ids(&self, history: &History, target: TableId) -> BTreeSet<String> {
        if self.shape.columns.contains_key(&target) {
            return self.keys(history, target).collect();
        }
        let mut named = self.named(history, target);
        let further = (1..).map(|number| self.id(target, number)).find(|id| !named.contains(id));
        named.extend(further);
        named
    }

    /// The ids of the rows of a drawn table.
    pub(super) fn keys<'h>(&self, history: &'h History, table: TableId) -> impl Iterator<Item = String> + use<'h> {
        let place = self.model.table(table).key.and_then(|key| self.shape.place(table, key));
        let rows = history.tables.get(&table).into_iter().flatten();
        rows.filter_map(move |row| row.get(place?).cloned().flatten())
    }

    /// The ids of a table that links name.
    fn named(&self, history: &History, target: TableId) -> BTreeSet<String> {
        let mut named = BTreeSet::new();
        for (table, rows) in &history.tables {
            let Some(columns) = self.shape.columns.get(table) else { continue };
            for (place, column) in columns.iter().enumerate() {
                if self.column(*table, *column).target() == Some(target) {
                    named.extend(rows.iter().filter_map(|row| row.get(place).cloned().flatten()));
                }
            }
        }
        named
    }

    /// The id of the row of this number: the first letter of its table, and the number.
    pub(super) fn id(&self, table: TableId, number: usize) -> String {
        let letter = self.model.table(table).name.chars().next().unwrap_or('r').to_lowercase();
        format!("{letter}{number}")
    }

    /// The days that a history has already, those of its window, and those that the definitions
    /// name.
    fn bases(&self, history: &History) -> BTreeSet<NaiveDate> {
        let windows: Vec<_> =
            self.definitions.iter().filter_map(|of| of.indicator().window_ending(history.last_day)).collect();
        let drawn = self.moments(history).into_iter().map(|time| time.date());
        drawn.chain(anchors(&windows)).chain(self.boundaries.days.iter().copied()).collect()
    }

    /// The times of all cells; of a day its first moment.
    fn moments(&self, history: &History) -> BTreeSet<NaiveDateTime> {
        let mut all = BTreeSet::new();
        for (table, rows) in &history.tables {
            let Some(columns) = self.shape.columns.get(table) else { continue };
            for (place, column) in columns.iter().enumerate() {
                if matches!(self.column(*table, *column).ty, ColumnType::Date | ColumnType::Timestamp) {
                    all.extend(rows.iter().filter_map(|row| read(row.get(place)?.as_deref()?)));
                }
            }
        }
        all
    }

    /// Every boundary of every day there is, a day before it and a day after it.
    fn days(&self, history: &History) -> BTreeSet<NaiveDate> {
        let mut days = BTreeSet::new();
        for base in self.bases(history) {
            let lengths = self.boundaries.lengths.iter();
            let further = lengths.flat_map(|length| [false, true].map(|back| moved(base, *length, back))).flatten();
            for day in std::iter::once(base).chain(further) {
                days.extend([-1, 0, 1].into_iter().filter_map(|step| add_days(day, step)));
            }
        }
        days
    }

    fn day(&self, rng: &mut ChaCha8Rng, history: &History) -> Option<NaiveDate> {
        let bases: Vec<NaiveDate> = self.bases(history).into_iter().collect();
        let mut day = *bases.choose(rng)?;
        let lengths: Vec<Length> = self.boundaries.lengths.iter().copied().collect();
        for _ in 0..[0, 0, 1, 1, 1, 2][rng.random_range(0..6_usize)] {
            if let Some(length) = lengths.choose(rng) {
                day = moved(day, *length, rng.random_bool(0.5)).unwrap_or(day);
            }
        }
        match rng.random_range(0..20_u32) {
            // Where months have no such day.
            0 => day = end_of_month(day),
            1 => day = NaiveDate::from_ymd_opt(day.year() - day.year().rem_euclid(4), 2, 29).unwrap_or(day),
            2 => day = add_days(day, rng.random_range(-40..40))?,
            _ => {}
        }
        add_days(day, [-1, 0, 0, 1][rng.random_range(0..4_usize)])
    }

    /// Days near a day that not every month has, each with those that lie as far from it as the
    /// definitions say, where months are clamped, and the day after.
    pub(super) fn ends_of_months(&self, near: NaiveDate) -> Vec<(NaiveDate, NaiveDate)> {
        let leap = near.year() - near.year().rem_euclid(4);
        let of = |year, month, day| NaiveDate::from_ymd_opt(year, month, day);
        let fixed = [of(leap, 2, 29), of(leap + 4, 2, 29), of(near.year(), 1, 31), of(near.year(), 8, 31)];
        let mut pairs = Vec::new();
        for end in std::iter::once(end_of_month(near)).chain(fixed.into_iter().flatten()) {
            for length in self.boundaries.lengths.iter().filter(|(months, ..)| *months > 0) {
                for back in [false, true] {
                    let there = moved(end, *length, back);
                    pairs.extend(
                        there.into_iter().flat_map(|day| [Some(day), day.succ_opt()]).flatten().map(|to| (end, to)),
                    );
                }
            }
        }
        pairs
    }

    fn times(&self, history: &History) -> BTreeSet<NaiveDateTime> {
        let minutes: BTreeSet<i64> = self.boundaries.lengths.iter().map(|(_, _, minutes)| *minutes).collect();
        let mut times = BTreeSet::new();
        for time in self.moments(history) {
            for minutes in minutes.iter().flat_map(|m| [*m, -*m]) {
                let steps = [-1, 0, 1].map(|step| time.checked_add_signed(TimeDelta::minutes(minutes + step)));
                times.extend(steps.into_iter().flatten());
            }
        }
        for day in self.days(history) {
            times.extend(CLOCKS.iter().filter_map(|(hour, minute)| day.and_hms_opt(*hour, *minute, 0)));
        }
        times
    }

    fn time(&self, rng: &mut ChaCha8Rng, history: &History) -> Option<NaiveDateTime> {
        let there: Vec<NaiveDateTime> = self.moments(history).into_iter().collect();
        let minutes: Vec<i64> =
            self.boundaries.lengths.iter().map(|(_, _, minutes)| *minutes).filter(|m| *m > 0).collect();
        if let (Some(time), true) = (there.choose(rng), rng.random_bool(0.5)) {
            let by = minutes.choose(rng).copied().unwrap_or(0) * rng.random_range(-1..2_i64);
            return time.checked_add_signed(TimeDelta::minutes(by + rng.random_range(-1..2_i64)));
        }
        let (hour, minute) = *CLOCKS.choose(rng)?;
        self.day(rng, history)?.and_hms_opt(hour, minute, 0)
    }
}

/// The last day of the month.
fn end_of_month(day: NaiveDate) -> NaiveDate {
    let next = crate::calendar::add_months(crate::calendar::first_of_month(day), 1);
    next.and_then(|next| add_days(next, -1)).unwrap_or(day)
}

/// A day or a time as it stands in a cell.
pub(super) fn read(text: &str) -> Option<NaiveDateTime> {
    let day: NaiveDate = text.get(..10)?.parse().ok()?;
    match text.get(11..) {
        None => day.and_hms_opt(0, 0, 0),
        Some(clock) => {
            let mut parts = clock.split(':').map(|part| part.parse::<u32>().unwrap_or(0));
            let mut next = || parts.next().unwrap_or(0);
            let (hour, minute, second) = (next(), next(), next());
            day.and_hms_opt(hour, minute, second)
        }
    }
}

/// A time as it is written in a cell.
fn written(time: NaiveDateTime) -> String {
    time.format("%Y-%m-%d %H:%M").to_string()
}
