//! A percentile of values in order.

use super::{Computed, of_type, of_values, valued};
use crate::counts::Doubt;
use crate::scorecard::bounds::Bounds;
use crate::scorecard::figures::Figures;
use crate::scorecard::percentile;
use crate::scorecard::rollup::Total;
use yardstick_language::calendar::Window;
use yardstick_language::ir::measure::Percentile;

impl Computed for Percentile {
    fn figures(&self, total: &Total, _: Window) -> Figures {
        of_values(valued(total), of_type(percentile::of(&total.values, self.percent), self.of.ty))
    }

    fn bounds(&self, total: &Total, doubt: &Doubt, _: Window) -> Bounds {
        let unknown = total.counts.undetermined + doubt.brings[0].unsigned_abs();
        let gone = (doubt.takes[0].unsigned_abs() + doubt.instead).min(total.values.rows());
        let (least, most) = percentile::range(&total.values, self.percent, unknown, gone);
        Bounds { least: of_type(least, self.of.ty), most: of_type(most, self.of.ty) }
    }
}
