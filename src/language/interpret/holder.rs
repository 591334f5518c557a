//! Whom a row of the cohort belongs to.

use super::evaluate::Evaluator;
use chrono::NaiveDate;

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
