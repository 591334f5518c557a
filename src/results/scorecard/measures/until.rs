//! The time until something happens: a percentile of the estimate.

use super::{Computed, of_values, valued};
use crate::counts::Doubt;
use crate::scorecard::bounds::Bounds;
use crate::scorecard::figures::Figures;
use crate::scorecard::percentile;
use crate::scorecard::rollup::Total;
use yardstick_language::calendar::Window;
use yardstick_language::ir::measure::Until;

impl Computed for Until {
    fn figures(&self, total: &Total, _: Window) -> Figures {
        of_values(valued(total), percentile::until(&total.values, self.percent))
    }

    /// A row more can turn an estimate from rows that are followed either way.
    fn bounds(&self, _: &Total, _: &Doubt, _: Window) -> Bounds {
        Bounds::default()
    }
}
