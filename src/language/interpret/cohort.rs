//! The rows that belong to the cohort of a window, and those that may.

use super::evaluate::Evaluator;
use super::rows::Rows;
use crate::functions::Cell;
use crate::ir::{Missing, Pick};
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

/// Whether a row belongs to the cohort.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Belongs {
    /// It is counted, whatever becomes known.
    Surely,
    /// It is counted, and another row may have to be instead.
    SoFar,
    /// It is not counted, and may have to be.
    Perhaps,
}

/// For what a row is picked, and who holds it where that matters.
type For = (usize, Option<usize>);

/// A row, whether it belongs, and its place in the order of the pick. A row without a place may
/// stand anywhere.
type Placed = (usize, Belongs, Option<Vec<Cell>>);

impl Evaluator<'_> {
    /// The rows that belong to the cohort, or may, in the order of their table.
    pub(crate) fn cohort(&self) -> Vec<(usize, Belongs)> {
        self.cohort_among(0..self.asked.world.rows(self.asked.indicator.cohort.table).len())
    }

    /// The same of these rows alone. Where rows are picked, all that are picked for the same must
    /// be among them.
    pub(super) fn cohort_among(&self, all: impl Iterator<Item = usize>) -> Vec<(usize, Belongs)> {
        match &self.asked.indicator.cohort.pick {
            None => all.filter_map(|row| self.may_pass(row)).collect(),
            Some(pick) if pick.ever => {
                let everyone = all.map(|row| (row, Belongs::Surely)).collect();
                let both = |(row, picked)| match (picked, self.may_pass(row)?.1) {
                    (Belongs::Perhaps, _) | (_, Belongs::Perhaps) => Some((row, Belongs::Perhaps)),
                    (picked, _) => Some((row, picked)),
                };
                self.picked(pick, everyone).into_iter().filter_map(both).collect()
            }
            Some(pick) => self.picked(pick, all.filter_map(|row| self.may_pass(row)).collect()),
        }
    }

    /// Whether a row belongs by its condition; nothing when it does not.
    fn may_pass(&self, row: usize) -> Option<(usize, Belongs)> {
        match self.truth(&self.asked.indicator.cohort.condition, &self.row_of_cohort(row)) {
            Some(true) => Some((row, Belongs::Surely)),
            None => Some((row, Belongs::Perhaps)),
            Some(false) => None,
        }
    }

    /// A row of the cohort by its number.
    pub(crate) fn row_of_cohort(&self, row: usize) -> Rows<'static> {
        Rows::of_cohort(self.asked.indicator.cohort.table, row)
    }

    /// For what a row is picked; nothing when it is not known.
    pub(super) fn picked_for(&self, pick: &Pick, row: usize) -> Option<For> {
        let (_, per) = self.asked.world.follow(self.asked.indicator.cohort.table, row, &pick.per)?;
        let holder = if pick.each_level { self.holder(row, self.attributed_on(row)) } else { None };
        Some((per, holder))
    }

    /// The rows in use that are picked for the same as a row, the row itself among them; nothing
    /// when it is not known for what it is picked.
    pub(super) fn rivals(&self, pick: &Pick, row: usize) -> Option<Vec<usize>> {
        let own = self.picked_for(pick, row)?;
        let all = 0..self.asked.world.rows(self.asked.indicator.cohort.table).len();
        Some(all.filter(|other| self.picked_for(pick, *other) == Some(own)).collect())
    }

    /// Of rows that are picked for the same whatever the window, those that are picked or may be.
    pub(crate) fn first_ever(&self, pick: &Pick, rivals: Vec<usize>) -> Vec<usize> {
        let everyone = rivals.into_iter().map(|row| (row, Belongs::Surely)).collect();
        self.picked(pick, everyone).into_iter().map(|(row, _)| row).collect()
    }

    /// For what a row that was set aside may have to be picked.
    fn contended(&self, pick: &Pick) -> BTreeSet<For> {
        let (world, cohort) = (self.asked.world, &self.asked.indicator.cohort);
        let sound = world.rows(cohort.table).len();
        let went = sound..sound + world.went(cohort.table).len();
        let may = |row: &usize| pick.ever || self.truth(&cohort.condition, &self.row_of_cohort(*row)) != Some(false);
        went.filter(may).filter_map(|row| self.picked_for(pick, row)).collect()
    }

    /// The first or last of the rows for each value of `per`, and those that may be it.
    fn picked(&self, pick: &Pick, rows: Vec<(usize, Belongs)>) -> Vec<(usize, Belongs)> {
        let mut groups: BTreeMap<For, Vec<Placed>> = BTreeMap::new();
        for (row, belongs) in rows {
            let Some(picked_for) = self.picked_for(pick, row) else { continue };
            let by: Vec<Cell> = pick.by.iter().map(|e| self.value(e, &self.row_of_cohort(row))).collect();
            let missing = by.iter().zip(&pick.by).any(|(cell, e)| cell.is_none() && e.missing != Missing::OpenEnd);
            groups.entry(picked_for).or_default().push((row, belongs, Some(by).filter(|_| !missing)));
        }
        let contended = self.contended(pick);
        let mut found: Vec<_> =
            groups.iter().flat_map(|(key, group)| first_of(group, pick.last, contended.contains(key))).collect();
        found.sort_unstable_by_key(|(row, _)| *row);
        found
    }
}

/// Of rows that are picked for the same, the one that is, and those that may be; `contended` when a
/// row that was set aside may be it.
fn first_of(group: &[Placed], last: bool, contended: bool) -> Vec<(usize, Belongs)> {
    let before = |a: &Placed, b: &Placed| {
        let order = in_order((a.2.as_ref()?, a.0), (b.2.as_ref()?, b.0));
        Some(if last { order.is_gt() } else { order.is_lt() })
    };
    let sure = |row: &Placed| row.1 == Belongs::Surely && row.2.is_some();
    let belongs = |row: &Placed| {
        let others = || group.iter().filter(|other| other.0 != row.0);
        if others().any(|other| sure(other) && before(other, row) == Some(true)) {
            return None;
        }
        let contested = || contended || others().any(|other| !sure(other) && before(other, row) != Some(false));
        let belongs = match sure(row) {
            false => Belongs::Perhaps,
            true if contested() => Belongs::SoFar,
            true => Belongs::Surely,
        };
        Some((row.0, belongs))
    };
    group.iter().filter_map(belongs).collect()
}

/// By the values in turn, an open end after every day, then by the order of the table.
fn in_order(a: (&Vec<Cell>, usize), b: (&Vec<Cell>, usize)) -> Ordering {
    let place = |cells: &[Cell]| cells.iter().map(|cell| (cell.is_none(), cell.clone())).collect::<Vec<_>>();
    place(a.0).cmp(&place(b.0)).then(a.1.cmp(&b.1))
}
