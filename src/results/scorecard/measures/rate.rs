//! A rate: the sum of events over the sum of exposure.

use super::{Computed, Events, events, number};
use crate::counts::Doubt;
use crate::scorecard::band::Share;
use crate::scorecard::bounds::Bounds;
use crate::scorecard::figures::Figures;
use crate::scorecard::rollup::Total;
use yardstick_language::calendar::Window;
use yardstick_language::ir::measure::{Exposure, Rate};

impl Computed for Rate {
    fn figures(&self, total: &Total, window: Window) -> Figures {
        let counts = &total.counts;
        Figures {
            numerator: number(counts.amount),
            denominator: Share::of(1, counts.exposure.into(), days(self, window).into()),
            rows: counts.denominator,
            value: Share::of(scale(self, window), counts.amount.into(), counts.exposure.into()),
            interval: None,
        }
    }

    /// The fewest events over the most exposure, and the reverse. Neither is negative, but a whole
    /// number that is summed may be.
    fn bounds(&self, total: &Total, doubt: &Doubt, window: Window) -> Bounds {
        let counts = &total.counts;
        let kind = events(&self.events);
        // Nothing is known of the events of a row that would make room.
        if kind == Events::Number || doubt.instead > 0 {
            return Bounds::default();
        }
        let [events_leave, exposure_leaves] = doubt.takes.map(i128::from);
        let [events_come, exposure_comes] = doubt.brings.map(i128::from);
        let unknown = i128::from(counts.undetermined + doubt.blank);
        let (sum, exposure) = (i128::from(counts.amount), i128::from(counts.exposure));
        // An exposure that is not known may be as long as it likes.
        let endless = counts.unexposed > 0;
        let (fewest, longest) = if endless { (0, 1) } else { (sum - events_leave, exposure + exposure_comes) };
        let least = Share::of(scale(self, window), fewest, longest);
        // A row whose condition is unknown has one event at most; how many a count leaves out is
        // not known.
        let most = (kind == Events::Condition || unknown == 0)
            .then(|| Share::of(scale(self, window), sum + events_come + unknown, exposure - exposure_leaves))
            .flatten();
        Bounds { least, most }
    }
}

/// What the exposure is divided by.
fn days(rate: &Rate, window: Window) -> i64 {
    match rate.unit {
        Exposure::OfWindow => window.days(),
        Exposure::Time(_) | Exposure::Named(_) | Exposure::Events => 1,
    }
}

fn scale(rate: &Rate, window: Window) -> i128 {
    i128::from(rate.per) * i128::from(days(rate, window))
}
