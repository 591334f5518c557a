//! A count of different rows: how many the rows of an entity lead to. One that two entities lead to
//! is one for the entity above them.

use super::{Contribution, Kind, RowFigure, RowValues, Scale, Summary};
use crate::ir::measure::Distinct;

impl Kind for Distinct {
    fn scale(&self) -> Scale {
        Scale::Number
    }

    fn summary(&self) -> Summary {
        Summary::Values
    }

    fn above(&self) -> Option<&'static str> {
        Some("counted")
    }

    fn is_count(&self) -> bool {
        true
    }

    fn has_met_rows(&self) -> bool {
        false
    }

    /// The link is among the columns that were looked at.
    fn shown_of_rows(&self) -> Vec<(String, RowFigure)> {
        Vec::new()
    }

    fn contribution(&self, row: &dyn RowValues) -> Contribution {
        Contribution::of_value(row.row(&self.of))
    }
}
