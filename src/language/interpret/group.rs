//! In which group a row is, where rows are broken down.

use super::evaluate::Evaluator;
use super::rows::Rows;
use crate::ir::Expr;

impl Evaluator<'_> {
    /// The number of the row's group; 0 where rows are not broken down.
    pub(super) fn group(&self, rows: &Rows) -> usize {
        let Some(split) = &self.asked.indicator.split else { return 0 };
        split.number(split.by.iter().map(|values| self.place(values, rows)))
    }

    /// The place of the value that a row has: of the one whose condition is true, or after the last
    /// value when none is.
    fn place(&self, values: &[Expr], rows: &Rows) -> usize {
        values.iter().position(|condition| self.truth(condition, rows) == Some(true)).unwrap_or(values.len())
    }
}
