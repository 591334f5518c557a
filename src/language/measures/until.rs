//! The time until something happens: a percentile, where it may not have happened yet.

use super::{Contribution, Kind, RowFigure, RowValues, Scale, Summary};
use crate::functions;
use crate::ir::Outcome;
use crate::ir::measure::Until;

impl Kind for Until {
    fn scale(&self) -> Scale {
        Scale::Length(self.unit)
    }

    fn summary(&self) -> Summary {
        Summary::Values
    }

    fn above(&self) -> Option<&'static str> {
        None
    }

    fn may_be_inestimable(&self) -> bool {
        true
    }

    fn shown_of_rows(&self) -> Vec<(String, RowFigure)> {
        vec![("value".to_owned(), RowFigure::Amount)]
    }

    fn contribution(&self, row: &dyn RowValues) -> Contribution {
        let (Some(from), Some(censor)) = (row.day(&self.rows.from), row.day(&self.rows.censor)) else {
            return Contribution::only(Outcome::Undetermined);
        };
        // A row is at risk through the day it was last heard of; what comes later is not known.
        let (outcome, end) = match row.day(&self.rows.to) {
            Some(day) if day <= censor => (Outcome::Met, day),
            Some(_) | None => (Outcome::Unmet, censor),
        };
        if end < from {
            return Contribution::only(Outcome::Undetermined);
        }
        let time = functions::counted(self.unit, from, end, row.arithmetic());
        time.map_or(Contribution::only(Outcome::Undetermined), |time| Contribution::valued(outcome, time))
    }
}
