//! A count: the events of all rows.

use super::{Contribution, Kind, RowFigure, RowValues, Scale, Summary, events, with_events};
use crate::ir::Ty;
use crate::ir::measure::Count;

impl Kind for Count {
    fn scale(&self) -> Scale {
        Scale::Number
    }

    fn summary(&self) -> Summary {
        Summary::Events
    }

    fn above(&self) -> Option<&'static str> {
        Some("counted")
    }

    fn is_count(&self) -> bool {
        true
    }

    /// Of a condition, the outcome says it.
    fn shown_of_rows(&self) -> Vec<(String, RowFigure)> {
        if self.events.ty == Ty::Bool { Vec::new() } else { vec![("counted".to_owned(), RowFigure::Amount)] }
    }

    fn contribution(&self, row: &dyn RowValues) -> Contribution {
        let (number, known) = events(&self.events, row);
        Contribution::valued(with_events(number, known), number)
    }
}
