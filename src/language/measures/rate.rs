//! A rate: the events of all rows, per so much of their exposure.

use super::{Contribution, Kind, RowFigure, RowValues, Scale, Summary, events, with_events};
use crate::ir::measure::{Exposure, Rate};

impl Kind for Rate {
    fn scale(&self) -> Scale {
        match self.unit {
            Exposure::Events => Scale::Percent,
            Exposure::Time(_) | Exposure::OfWindow | Exposure::Named(_) => Scale::Number,
        }
    }

    fn unit(&self) -> String {
        match &self.unit {
            Exposure::Events => "percent".to_owned(),
            Exposure::OfWindow => format!("per {}", self.per),
            Exposure::Time(_) | Exposure::Named(_) => format!("per {} {}", self.per, self.unit),
        }
    }

    fn summary(&self) -> Summary {
        Summary::Events
    }

    fn above(&self) -> Option<&'static str> {
        Some("events")
    }

    fn shown_of_rows(&self) -> Vec<(String, RowFigure)> {
        let (above, below) = match &self.unit {
            Exposure::Events => ("numerator".to_owned(), "denominator".to_owned()),
            Exposure::OfWindow => ("events".to_owned(), "days".to_owned()),
            Exposure::Time(_) | Exposure::Named(_) => ("events".to_owned(), self.unit.to_string()),
        };
        vec![(above, RowFigure::Amount), (below, RowFigure::Exposure)]
    }

    fn contribution(&self, row: &dyn RowValues) -> Contribution {
        let (number, known) = events(&self.events, row);
        // Less exposure than none is a mistake in the row.
        let exposure = row.number(&self.exposure).filter(|exposure| *exposure >= 0);
        // Events without an exposure would make the rate larger than it can be.
        let number = exposure.map_or(0, |_| number);
        let outcome = with_events(number, known && exposure.is_some());
        Contribution { exposure, ..Contribution::valued(outcome, number) }
    }
}
