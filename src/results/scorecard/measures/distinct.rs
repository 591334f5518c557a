//! A count of different rows: how many values there are.

use super::{Computed, number, valued};
use crate::counts::Doubt;
use crate::scorecard::band::Share;
use crate::scorecard::bounds::Bounds;
use crate::scorecard::figures::Figures;
use crate::scorecard::rollup::Total;
use yardstick_language::calendar::Window;
use yardstick_language::ir::measure::Distinct;

impl Computed for Distinct {
    fn figures(&self, total: &Total, _: Window) -> Figures {
        let (rows, different) = (valued(total), different(total));
        Figures {
            numerator: number(different),
            denominator: number(rows),
            rows,
            value: Share::of(1, different.into(), 1),
            interval: None,
        }
    }

    /// Each row that may leave may be the only one that leads there, and each that may come the
    /// first.
    fn bounds(&self, total: &Total, doubt: &Doubt, _: Window) -> Bounds {
        let found = i128::from(different(total));
        let leave = i128::from(doubt.takes[0]) + i128::from(doubt.instead);
        let come = i128::from(total.counts.undetermined) + i128::from(doubt.brings[0]);
        Bounds { least: Share::of(1, (found - leave).max(0), 1), most: Share::of(1, found + come, 1) }
    }
}

fn different(total: &Total) -> u64 {
    total.values.iter().filter(|(_, valued)| valued.rows > 0).count() as u64
}
