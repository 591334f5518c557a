//! The mean: a sum of values over the rows that have one.

use super::{Computed, number, of_type, valued};
use crate::counts::Doubt;
use crate::scorecard::band::Share;
use crate::scorecard::bounds::Bounds;
use crate::scorecard::figures::Figures;
use crate::scorecard::rollup::Total;
use yardstick_language::calendar::Window;
use yardstick_language::ir::measure::Mean;

impl Computed for Mean {
    fn figures(&self, total: &Total, _: Window) -> Figures {
        let (sum, rows) = (total.counts.amount, valued(total));
        Figures {
            numerator: of_type(number(sum), self.of.ty),
            denominator: number(rows),
            rows,
            value: of_type(Share::of(1, sum.into(), rows.into()), self.of.ty),
            interval: None,
        }
    }

    /// A sum has no end when one of its values is unknown.
    fn bounds(&self, _: &Total, _: &Doubt, _: Window) -> Bounds {
        Bounds::default()
    }
}
