//! Whom a row of the cohort belongs to, and to whom it may belong.

use super::evaluate::Evaluator;
use super::table::On;
use crate::model::TableId;
use chrono::NaiveDate;
use std::collections::BTreeSet;

/// Rows that one may be, of one table; `None` is that there is none.
type Perhaps = BTreeSet<Option<(TableId, usize)>>;

impl Evaluator<'_> {
    /// The day of attribution.
    pub(super) fn attributed_on(&self, row: usize) -> Option<NaiveDate> {
        self.day(&self.asked.indicator.attribution.at, &self.row_of_cohort(row))
    }

    /// Who holds the row at each level below the whole, from the largest to the smallest: along the
    /// attribution's steps to one level, then up, all on the same day.
    pub(super) fn entities(&self, row: usize, on: Option<NaiveDate>) -> Vec<Option<usize>> {
        let (world, indicator) = (self.asked.world, self.asked.indicator);
        let levels = &world.model.levels;
        let mut entities = vec![None; levels.len().saturating_sub(1)];
        let mut at = Some((indicator.cohort.table, row));
        for step in &indicator.attribution.steps {
            at = at.and_then(|(table, row)| world.take(table, row, *step, on));
        }
        for level in (1..=indicator.attribution.level).rev() {
            let Some((table, row)) = at else { break };
            // A row that was set aside is no entity.
            entities[level - 1] = Some(row).filter(|row| world.gone(table, *row).is_none());
            at = levels[level].up.and_then(|step| world.take(table, row, step, on));
        }
        entities
    }

    /// For each level below the whole, who may hold the row beside the one that is said to; `None`
    /// is nobody. There are some where the day of attribution is not known, and where a stay that
    /// was set aside may be the one that counts on it.
    pub(super) fn others(
        &self,
        row: usize,
        on: Option<NaiveDate>,
        said: &[Option<usize>],
    ) -> Vec<BTreeSet<Option<usize>>> {
        let (world, indicator) = (self.asked.world, self.asked.indicator);
        let attribution = &indicator.attribution;
        let on = match on {
            Some(day) => On::Day(day),
            None if self.is_open(&attribution.at, &self.row_of_cohort(row)) => On::NoDay,
            None => On::AnyDay,
        };
        let mut others = vec![BTreeSet::new(); said.len()];
        let mut at: Perhaps = [Some((indicator.cohort.table, row))].into();
        let follow = |at: &Perhaps, step| {
            let one = |from: &Option<(TableId, usize)>| match from {
                Some((table, row)) => world.may_take(*table, *row, step, on),
                None => [None].into(),
            };
            at.iter().flat_map(one).collect::<Perhaps>()
        };
        for step in &attribution.steps {
            at = follow(&at, *step);
        }
        for level in (1..=attribution.level).rev() {
            let is_entity = |(table, row): &(TableId, usize)| world.gone(*table, *row).is_none();
            let held = at.iter().map(|holder| holder.filter(is_entity).map(|(_, row)| row));
            others[level - 1] = held.filter(|holder| *holder != said[level - 1]).collect();
            at = match world.model.levels[level].up {
                Some(step) => follow(&at, step),
                None => [None].into(),
            };
        }
        others
    }

    /// Who holds a row on its day of attribution, at each level below the whole.
    pub(crate) fn holders(&self, row: usize) -> Vec<Option<usize>> {
        self.entities(row, self.attributed_on(row))
    }

    /// Who holds a row on a day, at the level asked about; nobody at the whole.
    pub(super) fn holder(&self, row: usize, on: Option<NaiveDate>) -> Option<usize> {
        let below = self.asked.level.checked_sub(1)?;
        self.entities(row, on).get(below).copied().flatten()
    }

    /// Whether a row is held by another on a day than on the day of attribution.
    pub(super) fn is_elsewhere(&self, row: usize, on: NaiveDate) -> bool {
        let (then, now) = (self.attributed_on(row), Some(on));
        if self.asked.level > 0 {
            return self.holder(row, then) != self.holder(row, now);
        }
        let largest = |on| self.entities(row, on).first().copied().flatten();
        largest(then).is_some() && largest(now).is_none()
    }
}
