//! The targets of entities, from the tables that the model names.

use crate::store::{Store, StoredTable};
use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::{Date32Type, Int32Type, Int64Type};
use yardstick_language::model::{Model, Targets};
use yardstick_results::targets::{TargetRow, TargetRows};

/// The targets in the tables that were read. Of a row that was set aside only whose target it is
/// and from when it holds are taken, as far as they are known.
pub(super) fn targets(model: &Model, store: &Store) -> TargetRows {
    let mut all = TargetRows::default();
    for &targets in &model.targets {
        let Some(StoredTable { rows, went, .. }) = store.tables.get(&targets.table) else { continue };
        let Some(sound) = read(model, targets, rows) else { continue };
        let went = went.iter().filter_map(|went| read(model, targets, went)).flatten();
        let went = went.map(|(entity, row)| (entity, TargetRow { figure: None, ..row }));
        all.read(targets);
        sound.into_iter().chain(went).for_each(|(entity, row)| all.add(targets, entity, row));
    }
    all
}

/// The rows, each with the row of its entity; `None` when a column was not asked for.
fn read(model: &Model, targets: Targets, of: &RecordBatch) -> Option<Vec<(Option<i32>, TargetRow)>> {
    let column = |id| of.column_by_name(&model.table(targets.table).column(id).name);
    let entities = column(targets.entity)?.as_primitive_opt::<Int32Type>()?;
    let days = column(targets.from)?.as_primitive_opt::<Date32Type>()?;
    let figures = column(targets.figure)?.as_primitive_opt::<Int64Type>()?;
    let row = |row: usize| {
        let from = if days.is_valid(row) { days.value_as_date(row) } else { None };
        let figure = figures.is_valid(row).then(|| figures.value(row));
        (entities.is_valid(row).then(|| entities.value(row)), TargetRow { from, figure })
    };
    Some((0..of.num_rows()).map(row).collect())
}
