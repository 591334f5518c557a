//! The figures that each kind of measure computes from counts: above the line (numerator), below
//! the line (denominator), and the value.

use super::band::Share;
use super::measures::computed;
use super::rollup::Total;
use super::wilson_interval::Interval;
use yardstick_language::calendar::Window;
use yardstick_language::ir::Measure;

/// The figures of one cell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Figures {
    /// Above the line: rows that are met, events, the sum of the values; a percentile, a time until
    /// something happens and an incidence have none.
    pub numerator: Option<Share>,
    /// Below the line: rows, exposure (days, or rows on average), rows with a value.
    pub denominator: Option<Share>,
    /// The number of rows from which the value is computed.
    pub rows: u64,
    /// The value; `None` when nothing is below the line, or when the value is not estimable.
    pub value: Option<Share>,
    /// Of a proportion: how far chance alone may have moved it.
    pub interval: Option<Interval>,
}

impl Figures {
    /// Whether there are rows, and yet no value: of a time until something happens, of too few rows
    /// is it known when it did; of an incidence, no row has been followed for so long.
    #[must_use]
    pub fn is_not_estimable(&self) -> bool {
        self.value.is_none() && self.denominator.is_some_and(|below| below.figure() > 0.0)
    }
}

/// The figures of an entity's rows in a window.
#[must_use]
pub fn figures(measure: &Measure, total: &Total, window: Window) -> Figures {
    computed(measure).figures(total, window)
}
