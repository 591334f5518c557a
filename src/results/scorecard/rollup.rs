//! Roll-up: the counts of every entity and window as sums of the same count rows, so that levels
//! add up.

use super::values::Values;
use crate::counts::{ANY_GROUP, CountRow, Counts, Measured};
use crate::hierarchy::Hierarchy;

/// The total of an entity without rows in a window.
static NOTHING: Total = Total { counts: Counts::NONE, values: Values::NONE };

/// The total of the rows of an entity in a window.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Total {
    /// Their counts.
    pub counts: Counts,
    /// Of a percentile or a time until something happens: the rows that have each value.
    pub values: Values,
}

/// The counts of one indicator by entity and window. Entities without rows have counts of zero.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Totals {
    windows: usize,
    /// For each entity and window, its index in `totals` plus 1; 0 without rows, which is most
    /// common.
    places: Vec<u32>,
    totals: Vec<Total>,
}

impl Totals {
    /// Sums the count rows of an indicator for every entity of every level.
    #[must_use]
    pub fn of(measured: &Measured, hierarchy: &Hierarchy) -> Self {
        let windows = measured.windows.len();
        let mut totals = Self { windows, places: vec![0; hierarchy.entities.len() * windows], totals: Vec::new() };
        totals.add_all(measured, hierarchy);
        totals
    }

    /// Sums the count rows of one group of an indicator.
    #[must_use]
    pub fn of_group(measured: &Measured, hierarchy: &Hierarchy, group: usize) -> Self {
        let nothing = Measured { parts: Vec::new(), windows: measured.windows.clone(), ..*measured };
        let mut totals = Self::of(&nothing, hierarchy);
        totals.add_group(measured, hierarchy, group);
        totals
    }

    /// Adds count rows of the same indicator in the same windows, over other rows.
    pub fn add_all(&mut self, measured: &Measured, hierarchy: &Hierarchy) {
        self.add_some(measured, hierarchy, |_| true);
    }

    /// Adds those of one group.
    pub fn add_group(&mut self, measured: &Measured, hierarchy: &Hierarchy, group: usize) {
        self.add_some(measured, hierarchy, |part| part.group == group || part.group == ANY_GROUP);
    }

    fn add_some(&mut self, measured: &Measured, hierarchy: &Hierarchy, wanted: impl Fn(&CountRow) -> bool) {
        for part in measured.parts.iter().filter(|part| wanted(part)) {
            let levels = 0..hierarchy.levels.len();
            for level in levels.filter(|level| part.level.is_none_or(|own| own == *level)) {
                if let Some(entity) = hierarchy.holder_of(level, &part.entities) {
                    self.add(entity, part);
                }
            }
        }
    }

    fn add(&mut self, entity: usize, part: &CountRow) {
        let Some(place) = self.places.get_mut(entity * self.windows + part.window) else { return };
        if *place == 0 {
            self.totals.push(Total::default());
            *place = self.totals.len() as u32;
        }
        let Some(total) = self.totals.get_mut(*place as usize - 1) else { return };
        total.counts.add(&part.counts);
        if let Some(value) = part.value {
            let valued = total.values.of(value);
            valued.rows += part.counts.denominator;
            valued.met += part.counts.met;
        }
    }

    /// Whether an entity has rows in some window.
    #[must_use]
    pub fn has_rows(&self, entity: usize) -> bool {
        let windows = entity * self.windows..(entity + 1) * self.windows;
        self.places.get(windows).is_some_and(|places| places.iter().any(|place| *place > 0))
    }

    /// Whether an entity has rows in a window.
    #[must_use]
    pub fn has_rows_in(&self, entity: usize, window: usize) -> bool {
        self.places.get(entity * self.windows + window).is_some_and(|place| *place > 0)
    }

    /// The total of an entity without rows.
    #[must_use]
    pub fn nothing() -> &'static Total {
        &NOTHING
    }

    /// The total of an entity in a window.
    #[must_use]
    pub fn total(&self, entity: usize, window: usize) -> &Total {
        let place = self.places.get(entity * self.windows + window).and_then(|place| place.checked_sub(1));
        place.and_then(|at| self.totals.get(at as usize)).unwrap_or(&NOTHING)
    }

    /// The counts of an entity in a window.
    #[must_use]
    pub fn counts(&self, entity: usize, window: usize) -> &Counts {
        &self.total(entity, window).counts
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::counts::{CountRow, Doubt};
    use crate::hierarchy::Entity;
    use chrono::NaiveDate;
    use yardstick_language::calendar::Window;

    fn window(year: i32) -> Window {
        let day = |y| NaiveDate::from_ymd_opt(y, 1, 1).unwrap();
        Window { start: day(year), end: day(year + 1) }
    }

    fn hierarchy() -> Hierarchy {
        let entity = |level, row, id: &str, parent| Entity {
            level,
            row: Some(row),
            id: id.into(),
            name: id.into(),
            parent,
            group: None,
            left: None,
        };
        Hierarchy::new(
            ["all", "office", "unit"].map(String::from).to_vec(),
            vec![
                entity(1, 0, "o1", None),
                entity(1, 1, "o2", None),
                entity(2, 0, "u1", Some(0)),
                entity(2, 1, "u2", Some(0)),
                entity(2, 2, "u3", Some(1)),
            ],
        )
    }

    /// Every combination of entities, unassigned and unknown ones included, with counts that tell
    /// them apart.
    fn measured() -> Measured {
        let rows = [None, Some(0), Some(1), Some(2), Some(99)];
        let mut parts = Vec::new();
        for window in 0..2 {
            for office in rows {
                for unit in rows {
                    let n = parts.len() as u64 + 1;
                    let (met, undetermined, amount, exposure) = (2 * n, n, n as i64, 31 * n as i64);
                    let (cohort, denominator, excluded) = (7 * n, 5 * n, vec![n, n]);
                    let rows = n % 3;
                    let doubt = Doubt {
                        rows,
                        takes: [amount, 0],
                        brings: [0, exposure],
                        blank: n,
                        unread: n,
                        instead: 0,
                        replaces: n,
                    };
                    let doubt = (rows > 0).then(|| Box::new(doubt));
                    let counts = Counts { unexposed: n, ..Counts::NONE };
                    let counts =
                        Counts { cohort, excluded, denominator, met, undetermined, amount, exposure, doubt, ..counts };
                    parts.push(CountRow {
                        window,
                        entities: [office, unit].into(),
                        group: 0,
                        level: None,
                        value: None,
                        counts,
                    });
                }
            }
        }
        Measured { indicator: 0, windows: vec![window(2024), window(2025)], parts }
    }

    #[test]
    fn every_level_sums_to_the_whole() {
        let (hierarchy, measured) = (hierarchy(), measured());
        let totals = Totals::of(&measured, &hierarchy);
        for window in 0..2 {
            let whole = totals.counts(0, window);
            let mut by_hand = Counts::default();
            measured.parts.iter().filter(|p| p.window == window).for_each(|p| by_hand.add(&p.counts));
            assert_eq!(*whole, by_hand);
            for level in [1, 2] {
                let mut sum = Counts::default();
                hierarchy.at(level).for_each(|e| sum.add(totals.counts(e, window)));
                assert_eq!(sum, *whole, "level {level}");
            }
        }
    }

    #[test]
    fn a_level_the_attribution_does_not_reach_is_unassigned() {
        let mut measured = measured();
        measured.parts.iter_mut().for_each(|p| p.entities = p.entities.iter().take(1).copied().collect());
        let hierarchy = hierarchy();
        let totals = Totals::of(&measured, &hierarchy);
        let unassigned = hierarchy.holder(2, None).unwrap();
        assert_eq!(totals.counts(unassigned, 1), totals.counts(0, 1));
    }

    #[test]
    fn an_entity_without_rows_has_zero() {
        let hierarchy = hierarchy();
        let measured = Measured { parts: vec![], ..measured() };
        let totals = Totals::of(&measured, &hierarchy);
        assert!((0..hierarchy.entities.len()).all(|e| *totals.counts(e, 1) == Counts::default()));
    }
}
