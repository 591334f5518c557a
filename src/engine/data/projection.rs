//! The projection: which columns and ids of the case data are kept. A scorecard needs a third of
//! all columns, and ids only of its entities.
//!
//! Every column is read and checked in any case.

use crate::store::{self, Store};
use arrow::array::RecordBatch;
use yardstick_language::ir::reads::Reads;
use yardstick_language::model::{ColumnId, Model, TableId};

/// Which columns and ids are kept. Those of the levels' tables always are, as are the stays of
/// dated links and the days that are no business days.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Projection {
    /// All columns and ids.
    #[default]
    All,
    /// These columns of these tables.
    Only(Reads),
}

impl Projection {
    /// Whether the ids of a table are kept.
    pub(super) fn ids(&self, model: &Model, table: TableId) -> bool {
        *self == Self::All || model.is_level(table)
    }

    /// Whether a column is kept.
    pub(super) fn column(&self, model: &Model, table: TableId, column: ColumnId) -> bool {
        let Self::Only(reads) = self else { return true };
        reads.get(&table).is_some_and(|columns| columns.contains(&column))
            || model.business.and_then(|business| business.except) == Some((table, column))
            || model.is_level(table)
    }

    /// Drops all other columns and ids of the store.
    pub(super) fn narrow(&self, model: &Model, store: &mut Store) {
        for (id, table) in &mut store.tables {
            table.keys = table.keys.take().filter(|_| self.ids(model, *id));
            let is_wanted = |name: &str| {
                let column = model.table(*id).find(name);
                match name {
                    store::ROW | store::ENDS_KNOWN => true,
                    store::WENT_ID | store::WHY => *self == Self::All,
                    _ => column.is_some_and(|column| self.column(model, *id, column)),
                }
            };
            narrow(&mut table.rows, is_wanted);
            table.went.iter_mut().for_each(|went| narrow(went, is_wanted));
        }
    }
}

/// Drops the columns whose name does not pass.
fn narrow(rows: &mut RecordBatch, is_wanted: impl Fn(&str) -> bool) {
    let schema = rows.schema();
    let places: Vec<usize> = (0..schema.fields().len()).filter(|at| is_wanted(schema.field(*at).name())).collect();
    if let Ok(narrower) = rows.project(&places) {
        *rows = narrower;
    }
}
