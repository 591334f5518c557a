//! The days that are no business days, from the table that the model names.

use crate::store::Store;
use arrow::array::AsArray;
use arrow::datatypes::Date32Type;
use chrono::NaiveDate;
use yardstick_language::model::Model;

/// The days in the model's column of holidays; none when there is no such column, or its table was
/// not asked for.
pub(super) fn holidays(model: &Model, store: &Store) -> Vec<NaiveDate> {
    let Some((table, column)) = model.business.and_then(|b| b.except) else { return Vec::new() };
    let rows = store.tables.get(&table).map(|t| &t.rows);
    let days = rows.and_then(|r| r.column_by_name(&model.table(table).column(column).name));
    let days = days.and_then(|d| d.as_primitive_opt::<Date32Type>());
    days.into_iter().flatten().flatten().filter_map(NaiveDate::from_epoch_days).collect()
}
