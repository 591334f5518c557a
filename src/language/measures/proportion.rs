//! A proportion: the rows that are met, in percent of all.

use super::{Contribution, Kind, RowFigure, RowValues, Scale, Summary};
use crate::ir::Outcome;
use crate::ir::measure::Proportion;

impl Kind for Proportion {
    fn scale(&self) -> Scale {
        Scale::Percent
    }

    fn summary(&self) -> Summary {
        Summary::MetOfRows
    }

    fn above(&self) -> Option<&'static str> {
        Some("met")
    }

    /// The outcome says it.
    fn shown_of_rows(&self) -> Vec<(String, RowFigure)> {
        Vec::new()
    }

    fn contribution(&self, row: &dyn RowValues) -> Contribution {
        Contribution::only(match row.truth(&self.numerator) {
            Some(true) => Outcome::Met,
            Some(false) => Outcome::Unmet,
            None => Outcome::Undetermined,
        })
    }
}
