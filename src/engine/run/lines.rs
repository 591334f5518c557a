//! The rows of a table as people write them.

use super::Error;
use super::cases::text;
use crate::plan::Fact;
use crate::store::{ROW, Store};
use yardstick_language::model::{ColumnType, Model, TableId};

/// A value for each column of the model that stands in the files, row by row in the order of the
/// table; `None` where it is missing. No rows of a table that was not loaded.
///
/// # Errors
/// When the table does not lie in memory as its model says.
pub fn lines(model: &Model, store: &Store, table: TableId) -> Result<Vec<Vec<Option<String>>>, Error> {
    let of = model.table(table);
    let facts: Vec<Fact> = (of.columns())
        .map(|(id, column)| {
            let at = if column.ty == ColumnType::Key { ROW } else { &column.name };
            Fact { name: column.name.clone(), column: at.to_owned(), table, id }
        })
        .collect();
    let Some(stored) = store.tables.get(&table) else { return Ok(Vec::new()) };
    let line = |row| facts.iter().map(|fact| text(model, store, fact, &stored.rows, row)).collect();
    let lines = (0..stored.rows.num_rows()).map(line).collect::<datafusion::error::Result<_>>();
    lines.map_err(|cause| Error { indicator: of.name.clone(), cause })
}
