//! In which group a row is, where rows are broken down.

use super::evaluate::Evaluator;
use super::rows::Rows;
use crate::ir::{Expr, RowId, Split};
use crate::model::TableId;

impl Evaluator<'_> {
    /// The number of the group of a row with these holders, as [`Evaluator::entities`] gives them;
    /// 0 where rows are not broken down.
    pub(super) fn group(&self, rows: &Rows, entities: &[Option<usize>]) -> usize {
        let Some(split) = &self.asked.indicator.split else { return 0 };
        let levels = self.asked.world.model.levels.iter().skip(1);
        let held = levels.zip(entities).filter_map(|(level, entity)| level.table.zip(*entity));
        self.group_among(split, rows, &held.collect::<Vec<_>>())
    }

    /// The same of rows in sight, and of holders that are to be brought into sight.
    fn group_among(&self, split: &Split, rows: &Rows, holders: &[(TableId, usize)]) -> usize {
        if let [(table, holder), others @ ..] = holders {
            return self.group_among(split, &rows.with(RowId::holder(*table), *table, *holder), others);
        }
        split.number(split.by.iter().map(|values| self.place(values, rows)))
    }

    /// The place of the value that a row has: of the one whose condition is true, or after the last
    /// value when none is.
    fn place(&self, values: &[Expr], rows: &Rows) -> usize {
        values.iter().position(|condition| self.truth(condition, rows) == Some(true)).unwrap_or(values.len())
    }
}
