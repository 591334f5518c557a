//! The mean of a number, over the rows that have one.

use super::{Contribution, Kind, RowFigure, RowValues, Scale, Summary};
use crate::ir::Expr;
use crate::ir::measure::Mean;

impl Kind for Mean {
    fn scale(&self) -> Scale {
        Scale::of(&self.of)
    }

    fn summary(&self) -> Summary {
        Summary::SumOfValues
    }

    fn above(&self) -> Option<&'static str> {
        Some("sum")
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
        let instead =
            "measure a `median` of it, `censored at as_of`, in which what has not ended counts with its time so far";
        Some((&self.of, instead))
    }
}
