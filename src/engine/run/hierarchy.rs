//! The entities of every level, read from the store, with who lies under whom on the as-of date.

use super::cases::key;
use super::targets::targets;
use crate::store::{FROM, OWNER, Store, TARGET, UNTIL};
use arrow::array::{Array, AsArray};
use arrow::datatypes::{Date32Type, Int32Type};
use chrono::NaiveDate;
use yardstick_language::model::{ColumnType, Model, Step, TableId};
use yardstick_results::hierarchy::{Entity, Hierarchy};

/// The entities of all levels, with the targets that are set for them.
#[must_use]
pub fn hierarchy(model: &Model, store: &Store, as_of: NaiveDate) -> Hierarchy {
    let mut entities: Vec<Entity> = Vec::new();
    let mut above = 0..0;
    for (level, declared) in model.levels.iter().enumerate() {
        let Some(table) = declared.table else { continue };
        let parents = parents(model, store, table, declared.up, as_of).unwrap_or_default();
        let left = left(store, table, declared.up).unwrap_or_default();
        let first = entities.len();
        let rows = store.tables.get(&table).map_or(0, |t| t.rows.num_rows());
        for row in 0..i32::try_from(rows).unwrap_or(i32::MAX) {
            let id = key(store, table, row).unwrap_or_else(|| format!("row {row}"));
            let up = parents.get(row as usize).copied().flatten();
            let parent = up.map(|up| above.start + up as usize).filter(|p| above.contains(p));
            let name = label(model, store, table, row).unwrap_or_else(|| id.clone());
            let group = group(model, store, table, row);
            let left = left.get(row as usize).copied().flatten();
            entities.push(Entity { level, row: Some(row), id, name, parent, group, left });
        }
        above = first..entities.len();
    }
    let hierarchy = Hierarchy::new(model.levels.iter().map(|l| l.name.clone()).collect(), entities);
    hierarchy.with_targets(targets(model, store))
}

fn label(model: &Model, store: &Store, table: TableId, row: i32) -> Option<String> {
    let column = &model.table(table).column(model.table(table).label()?).name;
    let names = store.tables.get(&table)?.rows.column_by_name(column)?;
    let names = names.as_string_opt::<i32>()?;
    let row = usize::try_from(row).ok()?;
    names.is_valid(row).then(|| names.value(row).to_owned())
}

/// What the row has in the column that its table's peers have in common.
fn group(model: &Model, store: &Store, table: TableId, row: i32) -> Option<String> {
    let column = model.table(table).column(model.table(table).peers?);
    let values = store.tables.get(&table)?.rows.column_by_name(&column.name)?;
    let row = usize::try_from(row).ok().filter(|row| values.is_valid(*row))?;
    match &column.ty {
        ColumnType::Codes(words) => {
            let word = usize::try_from(values.as_primitive_opt::<Int32Type>()?.value(row)).ok()?;
            words.get(word).cloned()
        }
        ColumnType::Text => Some(values.as_string_opt::<i32>()?.value(row).to_owned()),
        ColumnType::Key
        | ColumnType::Link(_)
        | ColumnType::Bool
        | ColumnType::Int
        | ColumnType::Decimal(_)
        | ColumnType::Date
        | ColumnType::Timestamp => None,
    }
}

/// For each row of the table, the row it lies under; `None` when all lie under the whole.
fn parents(
    model: &Model,
    store: &Store,
    table: TableId,
    up: Option<Step>,
    as_of: NaiveDate,
) -> Option<Vec<Option<i32>>> {
    let rows = &store.tables.get(&table)?.rows;
    let mut parents = vec![None; rows.num_rows()];
    match up? {
        Step::Link(column) => {
            let links = rows.column_by_name(&model.table(table).column(column).name)?;
            let links = links.as_primitive_opt::<Int32Type>()?;
            for (row, parent) in parents.iter_mut().enumerate() {
                *parent = links.is_valid(row).then(|| links.value(row));
            }
        }
        Step::Dated(number) => {
            let stays = store.dated.get(&(table, number))?;
            let number = |name| stays.column_by_name(name).and_then(|c| c.as_primitive_opt::<Int32Type>());
            let day = |name| stays.column_by_name(name).and_then(|c| c.as_primitive_opt::<Date32Type>());
            let (owners, targets, from, until) = (number(OWNER)?, number(TARGET)?, day(FROM)?, day(UNTIL)?);
            for i in 0..stays.num_rows() {
                let begun = from.value_as_date(i).is_some_and(|d| d <= as_of);
                let ended = until.is_valid(i) && until.value_as_date(i).is_some_and(|d| d <= as_of);
                if let Some(parent) = parents.get_mut(owners.value(i) as usize).filter(|_| begun && !ended) {
                    *parent = Some(targets.value(i));
                }
            }
        }
    }
    Some(parents)
}

/// For each row of the table, the day after the last on which another held it; `None` when that
/// goes on, or nobody ever did. Nothing when who holds it does not depend on the day.
fn left(store: &Store, table: TableId, up: Option<Step>) -> Option<Vec<Option<NaiveDate>>> {
    let Step::Dated(number) = up? else { return None };
    let stays = store.dated.get(&(table, number))?;
    let owners = stays.column_by_name(OWNER)?.as_primitive_opt::<Int32Type>()?;
    let until = stays.column_by_name(UNTIL)?.as_primitive_opt::<Date32Type>()?;
    let mut left = vec![None; store.tables.get(&table)?.rows.num_rows()];
    for stay in 0..stays.num_rows() {
        if let Some(left) = left.get_mut(owners.value(stay) as usize) {
            let end = if until.is_valid(stay) { until.value_as_date(stay) } else { None };
            *left = (*left).max(Some(end.unwrap_or(NaiveDate::MAX)));
        }
    }
    left.iter_mut().for_each(|left| *left = left.filter(|day| *day < NaiveDate::MAX));
    Some(left)
}
