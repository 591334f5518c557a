//! Tables that are read from no file: the words of a column's list are their rows, in the order of
//! the list, so that the place of a word is the number of its row.

use crate::store::{self, Store, StoredTable};
use arrow::array::{Int32Array, RecordBatch, StringArray};
use std::sync::Arc;
use yardstick_language::model::Model;

/// Adds the tables of words to those that were read.
pub(super) fn add_all(model: &Model, store: &mut Store) {
    for (id, table) in model.tables() {
        let Some((of, column)) = table.words_of else { continue };
        let words = model.table(of).column(column).ty.spelled_words().unwrap_or_default();
        let numbers = Arc::new(Int32Array::from_iter_values(0..i32::try_from(words.len()).unwrap_or(i32::MAX)));
        // The batch has the column of the numbers alone: the key stands beside it.
        if let Ok(rows) = RecordBatch::try_new(store::schema(model, id), vec![numbers]) {
            store.tables.insert(id, StoredTable { rows, keys: Some(StringArray::from(words)), went: None });
        }
    }
}
