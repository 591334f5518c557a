//! The range that a value could take if everything unknown about its rows were known: [`Doubt`]
//! rows may belong or not, and missing values may be anything.
//!
//! Both ends are certain. Where rows depend on each other (one of two may have been picked, not
//! both), the range may be wider than the values that are possible. A value without a bound, such
//! as a mean with an unknown value, has no range. A missing link is no unknown value: a row that
//! leads nowhere belongs to nobody in the range, too. Of a row of which it is not known who holds
//! it see [`elsewhere`](crate::elsewhere).

use super::band::Share;
use super::measures::computed;
use super::rollup::Total;
use crate::counts::Doubt;
use yardstick_language::calendar::Window;
use yardstick_language::ir::Measure;

/// The least and the most that a value could be; `None` where there is no such end, or no value.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Bounds {
    /// The lower end.
    pub least: Option<Share>,
    /// The upper end.
    pub most: Option<Share>,
}

/// The range of the value of an entity in a window. `instead` is the number of rows that went, of
/// any entity, that may replace any row that was picked.
#[must_use]
pub fn bounds(measure: &Measure, total: &Total, instead: u64, window: Window, value: Option<Share>) -> Bounds {
    let counts = &total.counts;
    if counts.undetermined == 0 && counts.doubt.is_none() && instead == 0 {
        return Bounds { least: value, most: value };
    }
    let nothing = Doubt::default();
    let own = counts.doubt.as_deref().unwrap_or(&nothing);
    let doubt = &Doubt { instead: instead + own.replaces, ..own.clone() };
    let Bounds { least, most } = computed(measure).bounds(total, doubt, window);
    // An exposure below zero would turn the ends around: then there are none.
    let figure = value.map(Share::figure);
    let holds = |low: Option<f64>, high: Option<f64>| low.zip(high).is_none_or(|(low, high)| low <= high);
    Bounds {
        least: least.filter(|least| holds(Some(least.figure()), figure)),
        most: most.filter(|most| holds(figure, Some(most.figure()))),
    }
}
