//! The children of an entity by band: how many of the entities one level down are green, yellow and
//! red in the same window.
//!
//! A green office can be one very good unit and three poor ones. Nothing is stored: the children
//! are counted when a format asks for them. So each entity is judged once for itself and once for
//! its parent, and only once where no spread is shown.

use super::cell::{Band, Cell, State};
use super::judge::Table;
use crate::hierarchy::Hierarchy;
use yardstick_language::ir::Program;

/// How many entities one level down have which colour. Those without a case below the line are not
/// counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ChildrenByBand {
    /// Green ones.
    pub green: u64,
    /// Yellow ones.
    pub yellow: u64,
    /// Red ones.
    pub red: u64,
    /// Those that have cases and no colour: too few, hidden, or without a standard in force.
    pub none: u64,
}

impl ChildrenByBand {
    fn count(&mut self, colour: (State, Option<Band>)) {
        match colour {
            (_, Some(Band::Green)) => self.green += 1,
            (_, Some(Band::Yellow)) => self.yellow += 1,
            (_, Some(Band::Red)) => self.red += 1,
            (State::NoCases | State::NotObservable | State::BadData, None) => {}
            (_, None) => self.none += 1,
        }
    }

    /// `5G 1Y 2R +3`: colours that nobody has are left out, and the last is those without one.
    #[must_use]
    pub fn short(&self) -> String {
        let bands = [(self.green, Band::Green), (self.yellow, Band::Yellow), (self.red, Band::Red)];
        let coloured = bands.into_iter().filter(|(n, _)| *n > 0).map(|(n, band)| format!("{n}{}", band.letter()));
        let rest = (self.none > 0).then(|| format!("+{}", self.none));
        coloured.chain(rest).collect::<Vec<_>>().join(" ")
    }
}

impl Table {
    /// The spread behind each of an entity's cells, oldest window first; nothing at the lowest
    /// level.
    #[must_use]
    pub fn spreads(&self, program: &Program, hierarchy: &Hierarchy, entity: usize) -> Vec<ChildrenByBand> {
        // How many of those below have rows of a group that is hidden would say something of them.
        let tells = self.group.is_none() || self.hide_under.is_none();
        let lowest = hierarchy.entities.get(entity).is_none_or(|e| e.level + 1 >= hierarchy.levels.len());
        let mut spreads = vec![ChildrenByBand::default(); if lowest || !tells { 0 } else { self.windows.len() }];
        let Some(indicator) = program.indicators.get(self.indicator) else { return spreads };
        for &below in hierarchy.below(entity) {
            for (number, (spread, column)) in spreads.iter_mut().zip(&self.windows).enumerate() {
                if let Some(published) = self.as_published.get(&(below, number)) {
                    spread.count(published.colour());
                    continue;
                }
                // Most of the smallest have no row in most windows.
                if self.totals.counts(below, number).cohort > 0 {
                    spread.count(self.colour(indicator, below, number, column));
                }
            }
        }
        spreads
    }
}

/// The spread behind a cell, when there may be one: not where the cell itself is withheld or has no
/// cases (an entity that nobody of its level holds may have cases all the same).
pub(super) fn behind(cell: &Cell, spread: Option<&ChildrenByBand>) -> Option<ChildrenByBand> {
    match cell.state {
        State::Suppressed | State::NotObservable | State::BadData | State::NoCases => None,
        State::Value | State::TooFew | State::NotEstimable => spread.copied(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_short_form_leaves_out_what_nobody_has() {
        let spread = |green, yellow, red, none| ChildrenByBand { green, yellow, red, none }.short();
        assert_eq!(spread(5, 1, 2, 3), "5G 1Y 2R +3");
        assert_eq!(spread(0, 0, 12, 0), "12R");
        assert_eq!(spread(0, 0, 0, 0), "");
    }
}
