//! What running an indicator gives: counts by window and entity, and the rows behind them.

use chrono::NaiveDate;
use std::collections::BTreeSet;
use std::sync::Arc;
use yardstick_language::calendar::Window;
use yardstick_language::ir::Outcome;
use yardstick_language::ir::expr::{LARGEST, within};

/// One indicator's counts, at the finest grain the attribution gives; every level is a sum of
/// these, or of those that are its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Measured {
    /// Index into the program's indicators.
    pub indicator: usize,
    /// The windows that were measured, oldest first.
    pub windows: Vec<Window>,
    /// Counts by window and entities, sorted; combinations without rows are absent.
    pub parts: Vec<CountRow>,
}

impl Measured {
    /// Adds what was measured of the same indicator in the same windows on other rows.
    pub fn add(&mut self, more: Self) {
        self.parts.extend(more.parts);
        self.parts.sort_unstable();
        self.merge();
    }

    /// Makes one part of parts, sorted, that are of the same window, entities and value: those of
    /// several slices of the cohort.
    pub fn merge(&mut self) {
        self.parts.dedup_by(|next, part| {
            let of = |part: &CountRow| (part.window, part.group, part.level, part.value);
            let same = of(next) == of(part) && next.entities == part.entities;
            if same {
                part.counts.add(&next.counts);
            }
            same
        });
    }
}

/// The number that stands for a group that is not known: rows that may be in any.
pub const ANY_GROUP: usize = usize::MAX;

/// Counts of the rows of one window that belong to the same entity at every level (of a percentile
/// or a time until something happens: and have the same value).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct CountRow {
    /// Index into [`Measured::windows`].
    pub window: usize,
    /// For each level below the whole, from the largest to the smallest, the entity's row number;
    /// `None` is unassigned. The parts of several windows share it.
    pub entities: Arc<[Option<i32>]>,
    /// The number of their group, where rows are broken down (see
    /// [`Split::number`](yardstick_language::ir::Split::number)), or [`ANY_GROUP`]; 0 otherwise.
    pub group: usize,
    /// The level these counts are of, where each is measured by itself; `None` when they are of
    /// every level.
    pub level: Option<usize>,
    /// Of a percentile or a time until something happens, the value of these rows, of an incidence
    /// their days and [`Fate`](yardstick_language::ir::Fate); `None` for rows that have none, and
    /// for every other measure.
    pub value: Option<i64>,
    /// The counts.
    pub counts: Counts,
}

/// Counts of rows. `cohort` = sum of `excluded` + `denominator`, and `met + undetermined <=
/// denominator`. Of a rate, a row is met when it has an event; of a time until something happens,
/// when it has happened.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Counts {
    /// All rows of the cohort.
    pub cohort: u64,
    /// Rows taken out, by the number of the exclusion.
    pub excluded: Vec<u64>,
    /// Rows that stay.
    pub denominator: u64,
    /// Rows above the line.
    pub met: u64,
    /// Rows whose condition or value is unknown.
    pub undetermined: u64,
    /// Of a rate, the events; of a mean, the sum of the values.
    pub amount: i64,
    /// Of a rate, the days below the line.
    pub exposure: i64,
    /// Of a rate, the rows whose exposure is not known, those that may come among them.
    pub unexposed: u64,
    /// The rows of which it is not known whether they belong below the line, where there are any;
    /// most often there are none.
    pub doubt: Option<Box<Doubt>>,
}

/// Rows of which it is not known whether they belong below the line. Some are counted there and may
/// leave: an exclusion is unknown, or another row may have been picked instead. The others are not
/// counted and may come: the condition of the cohort is unknown.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Doubt {
    /// All of them.
    pub rows: u64,
    /// Of a proportion, the rows that are met and those that are surely unmet among those that may
    /// leave; of a rate, their events and their exposure; of a percentile or a time until something
    /// happens, those that have a value, and nothing; of a mean nothing at all.
    pub takes: [i64; 2],
    /// Of a proportion, the rows that may be met and those that may be unmet among those that may
    /// come; of a rate, their events and their exposure as far as these are known; of a percentile
    /// or a time until something happens, all of them, and nothing; of a mean nothing.
    pub brings: [i64; 2],
    /// Of a rate, how many of those that may come have unknown events or exposure.
    pub blank: u64,
    /// Rows that went, because their identity or place is broken, and may belong. They are none of
    /// `rows`; what they would bring is in `brings` and `blank`.
    pub unread: u64,
    /// Where rows are picked: how many of these may stand in the place of any row, since it is not
    /// known whose they are.
    pub instead: u64,
    /// Where rows are picked among those that one holds: how many that may come may stand in the
    /// place of one of its rows.
    pub replaces: u64,
}

impl Doubt {
    /// Adds another to this one.
    pub fn add(&mut self, other: &Self) {
        self.rows += other.rows;
        self.blank += other.blank;
        self.unread += other.unread;
        self.instead += other.instead;
        self.replaces += other.replaces;
        for (mine, theirs) in [(&mut self.takes, other.takes), (&mut self.brings, other.brings)] {
            mine.iter_mut().zip(theirs).for_each(|(mine, theirs)| *mine = together(*mine, theirs));
        }
    }
}

/// Two sums together. One that is too large stays so, whatever is added to it, and is the number
/// just beyond the largest, however large it is: the engine tells it so, too.
fn together(one: i64, other: i64) -> i64 {
    let large = [one, other].into_iter().find(|sum| within(Some(*sum)).is_none());
    let sum = large.unwrap_or_else(|| one.saturating_add(other));
    let beyond = LARGEST.saturating_add(1).cast_signed();
    sum.clamp(-beyond, beyond)
}

impl Counts {
    /// No row.
    pub const NONE: Self = Self {
        cohort: 0,
        excluded: Vec::new(),
        denominator: 0,
        met: 0,
        undetermined: 0,
        amount: 0,
        exposure: 0,
        unexposed: 0,
        doubt: None,
    };

    /// Adds another count to this one.
    pub fn add(&mut self, other: &Self) {
        self.cohort += other.cohort;
        self.denominator += other.denominator;
        self.met += other.met;
        self.undetermined += other.undetermined;
        self.amount = together(self.amount, other.amount);
        self.exposure = together(self.exposure, other.exposure);
        self.unexposed += other.unexposed;
        if self.excluded.len() < other.excluded.len() {
            self.excluded.resize(other.excluded.len(), 0);
        }
        for (mine, theirs) in self.excluded.iter_mut().zip(&other.excluded) {
            *mine += theirs;
        }
        if let Some(theirs) = &other.doubt {
            self.doubt.get_or_insert_default().add(theirs);
        }
    }

    /// Whether numbers add up to more than is reckoned with: then there is no value.
    #[must_use]
    pub fn too_large(&self) -> bool {
        let doubt = self.doubt.iter().flat_map(|doubt| doubt.takes.into_iter().chain(doubt.brings));
        [self.amount, self.exposure].into_iter().chain(doubt).any(|sum| within(Some(sum)).is_none())
    }

    /// Rows of which it is not known whether they belong below the line.
    #[must_use]
    pub fn unsure(&self) -> u64 {
        self.doubt.as_ref().map_or(0, |doubt| doubt.rows)
    }

    /// Rows that went and may belong.
    #[must_use]
    pub fn unread(&self) -> u64 {
        self.doubt.as_ref().map_or(0, |doubt| doubt.unread)
    }

    /// Rows that went and may stand in the place of any row.
    #[must_use]
    pub fn instead(&self) -> u64 {
        self.doubt.as_ref().map_or(0, |doubt| doubt.instead)
    }

    /// All rows taken out.
    #[must_use]
    pub fn excluded_total(&self) -> u64 {
        self.excluded.iter().sum()
    }
}

/// One row of a cohort in one window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// The row's number in the cohort's table.
    pub row: i32,
    /// Its id; `row 17` for a table without a key. Empty when it went, and has none.
    pub id: String,
    /// The ids of the rows it links to on the way to its facts (`child` = `c1`), in order.
    pub links: Vec<(String, Option<String>)>,
    /// Met, unmet, counted, undetermined, or excluded with the reason; unsure, when it is not in
    /// the cohort and may be; unread, when it went and may be.
    pub outcome: Outcome,
    /// Whether it is not known that it belongs below the line; such a row may be counted there all
    /// the same.
    pub unsure: bool,
    /// What the row adds above the line of a rate, or its value in a mean or a percentile, or its
    /// time until something happens (or until now); 0 or `None` when unknown.
    pub amount: Option<i64>,
    /// The days that the row adds below the line of a rate.
    pub exposure: Option<i64>,
    /// Entities by level as in [`CountRow::entities`].
    pub entities: Vec<Option<i32>>,
    /// By level, who may hold it beside these; empty where it is known who does. `None` is nobody.
    pub others: Vec<BTreeSet<Option<i32>>>,
    /// The number of its group, as [`CountRow::group`].
    pub group: usize,
    /// The day it was attributed.
    pub attributed_on: Option<NaiveDate>,
    /// Each day or code the definition looks at on this row, named as in the text (`exited_on`,
    /// `child.born_on`), in the order of first mention, and then those of the linked rows that
    /// decided, after their table (`removal.removed_on`; their id is `removal`); `None` when
    /// missing.
    pub facts: Vec<(String, Option<String>)>,
    /// Why it went, when it did and that is known; why it is unsure, where that is since it is not
    /// known who holds it.
    pub why: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The counts of rows with these values in all.
    fn of(amount: i64) -> Counts {
        Counts { denominator: 1, amount, ..Counts::default() }
    }

    #[test]
    fn a_sum_that_is_too_large_is_one_number_and_stays_so() {
        let beyond = 1_000_000_000_000_000_001;
        for (amounts, sum) in [
            (vec![600_000_000_000_000_000, 600_000_000_000_000_000], beyond),
            (vec![600_000_000_000_000_000, 400_000_000_000_000_001], beyond),
            (vec![beyond, -5, 3], beyond),
            (vec![-900_000_000_000_000_000, -900_000_000_000_000_000], -beyond),
            (vec![i64::MAX, 1], beyond),
        ] {
            let mut all = Counts::default();
            amounts.iter().for_each(|amount| all.add(&of(*amount)));
            assert_eq!(all.amount, sum, "{amounts:?}");
            assert!(all.too_large());
        }
        let mut all = of(600_000_000_000_000_000);
        all.add(&of(400_000_000_000_000_000));
        assert!(!all.too_large() && all.amount == 1_000_000_000_000_000_000);
    }
}
