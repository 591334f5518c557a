//! An incidence: the estimate from rows that are followed.

use super::{Computed, of_values};
use crate::counts::Doubt;
use crate::scorecard::bounds::Bounds;
use crate::scorecard::figures::Figures;
use crate::scorecard::incidence;
use crate::scorecard::rollup::Total;
use yardstick_language::calendar::Window;
use yardstick_language::ir::measure::Incidence;

impl Computed for Incidence {
    fn figures(&self, total: &Total, _: Window) -> Figures {
        of_values(total.values.rows(), incidence::of(&total.values))
    }

    /// A row more can turn an estimate from rows that are followed either way.
    fn bounds(&self, _: &Total, _: &Doubt, _: Window) -> Bounds {
        Bounds::default()
    }
}
