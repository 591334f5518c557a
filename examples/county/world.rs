//! What every family lives in: the offices, their workers, the calendar and the as-of date.

use super::dates::{Calendar, Day};
use super::dice::Dice;
use super::practice::Office;
use super::workforce::Workforce;

/// The county around the families.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) offices: Vec<Office>,
    pub(crate) workforce: Workforce,
    pub(crate) calendar: Calendar,
    /// The children who live there in the last year.
    pub(crate) children: f64,
    /// The first day that the data is complete from.
    pub(crate) start: Day,
    /// The last day that anything is known about.
    pub(crate) as_of: Day,
}

impl World {
    /// An office, by how many families live around it.
    pub(crate) fn office(&self, dice: &mut Dice) -> usize {
        let total: f64 = self.offices.iter().map(|o| o.weight).sum();
        let mut left = dice.unit() * total;
        for (number, office) in self.offices.iter().enumerate() {
            if left < office.weight {
                return number;
            }
            left -= office.weight;
        }
        0
    }
}
