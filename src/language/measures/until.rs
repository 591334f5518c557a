//! The time until something happens: a percentile, where it may not have happened yet.

use super::{Contribution, Kind, RowFigure, RowValues, Scale, Summary};
use crate::ir::Outcome;
use crate::ir::measure::Until;
use crate::model::Counted;

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
        let months = || row.arithmetic().months_between(from, end);
        let time = match self.unit {
            Counted::Days => (end - from).num_days(),
            Counted::Months => months(),
            Counted::Years => months().div_euclid(12),
        };
        Contribution::valued(outcome, time)
    }
}
