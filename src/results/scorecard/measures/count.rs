//! A count: the sum of events, 0 without rows.

use super::{Computed, Events, events, number};
use crate::counts::Doubt;
use crate::scorecard::band::Share;
use crate::scorecard::bounds::Bounds;
use crate::scorecard::figures::Figures;
use crate::scorecard::rollup::Total;
use yardstick_language::calendar::Window;
use yardstick_language::ir::measure::Count;

impl Computed for Count {
    fn figures(&self, total: &Total, _: Window) -> Figures {
        let counts = &total.counts;
        Figures {
            numerator: number(counts.amount),
            denominator: number(counts.denominator),
            rows: counts.denominator,
            value: Share::of(1, counts.amount.into(), 1),
            interval: None,
        }
    }

    /// Rows that may leave take their events along, rows that may come bring theirs. Of a number
    /// that is not known nothing can be said.
    fn bounds(&self, total: &Total, doubt: &Doubt, _: Window) -> Bounds {
        let counts = &total.counts;
        let kind = events(&self.events);
        if kind == Events::Number {
            return Bounds::default();
        }
        let (sum, unknown) = (i128::from(counts.amount), i128::from(counts.undetermined + doubt.blank));
        let ([leave, _], [come, _]) = (doubt.takes.map(i128::from), doubt.brings.map(i128::from));
        // A row that was picked may have to make room for one that went.
        let room = match kind {
            Events::Condition => Some(i128::from(doubt.instead)),
            Events::Rows | Events::Number => (doubt.instead == 0).then_some(0),
        };
        let fewest = room.map(|room| (sum - leave - room).max(0));
        let most = (kind == Events::Condition || unknown == 0).then_some(sum + come + unknown);
        let value = |number: Option<i128>| number.and_then(|number| Share::of(1, number, 1));
        Bounds { least: value(fewest), most: value(most) }
    }
}
