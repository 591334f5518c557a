//! A percentile of a number, over the rows that have one.

use super::{Contribution, Kind, RowFigure, RowValues, Scale, Summary};
use crate::ir::Expr;
use crate::ir::measure::Percentile;

impl Kind for Percentile {
    fn scale(&self) -> Scale {
        Scale::of(&self.of)
    }

    fn summary(&self) -> Summary {
        Summary::Values
    }

    fn above(&self) -> Option<&'static str> {
        None
    }

    fn has_met_rows(&self) -> bool {
        false
    }

    fn shown_of_rows(&self) -> Vec<(String, RowFigure)> {
        vec![("value".to_owned(), RowFigure::Amount)]
    }

    fn contribution(&self, row: &dyn RowValues) -> Contribution {
        Contribution::of_value(row.number(&self.of))
    }

    fn time_that_goes_on(&self) -> Option<(&Expr, &'static str)> {
        Some((&self.of, "add `, censored at as_of`, so that what has not ended counts with its time so far"))
    }
}
