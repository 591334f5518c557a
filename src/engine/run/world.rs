//! The rows of a store as the row-by-row evaluator has them: what it says of a row is then about
//! the rows that the engine counts.

use super::cases::key;
use crate::store::{ENDS_KNOWN, Store, WENT_ID, WHY};
use arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use arrow::datatypes::{Date32Type, Int32Type, Int64Type, TimestampSecondType};
use yardstick_language::functions::{Cell, Value};
use yardstick_language::interpret::{Row, Went, World};
use yardstick_language::model::{ColumnId, ColumnType, Model, Table, TableId};

/// The tables of a store. Rows have the numbers that they have there; those that were set aside are
/// numbered on. Tables and columns that were not loaded are empty.
#[must_use]
pub fn world<'m>(model: &'m Model, store: &Store) -> World<'m> {
    let (tables, went) = model.tables().map(|(id, table)| rows(model, store, id, table)).unzip();
    World::of(model, tables, went)
}

fn rows(model: &Model, store: &Store, id: TableId, table: &Table) -> (Vec<Row>, Vec<Went>) {
    if let Some((of, column)) = table.words_of {
        let words = model.table(of).column(column).ty.spelled_words().unwrap_or_default();
        let row = |(line, word): (usize, &&str)| Row {
            id: (*word).to_owned(),
            cells: vec![Some(Value::Text((*word).to_owned()))],
            line,
        };
        return (words.iter().enumerate().map(row).collect(), Vec::new());
    }
    let Some(stored) = store.tables.get(&id) else { return (Vec::new(), Vec::new()) };
    let id_of = |row: usize| i32::try_from(row).ok().and_then(|row| key(store, id, row)).unwrap_or_default();
    let in_use = read(table, &stored.rows, id_of);
    let Some(batch) = &stored.went else { return (in_use, Vec::new()) };
    let ids = batch.column_by_name(WENT_ID).and_then(|ids| ids.as_string_opt::<i32>());
    let went_id =
        |row: usize| ids.filter(|ids| ids.is_valid(row)).map(|ids| ids.value(row).to_owned()).unwrap_or_default();
    let known = batch.column_by_name(ENDS_KNOWN).and_then(|known| known.as_boolean_opt());
    let ends_known = |row: usize| known.is_some_and(|known| known.value(row));
    let rows = read(table, batch, went_id).into_iter().enumerate();
    let went = rows.map(|(number, row)| Went { row, ends_known: ends_known(number) }).collect();
    (in_use, went)
}

/// The rows of a batch, a cell for each column of the model.
fn read(table: &Table, batch: &RecordBatch, id: impl Fn(usize) -> String) -> Vec<Row> {
    let columns: Vec<(ColumnId, Option<&ArrayRef>)> =
        table.columns().map(|(column, declared)| (column, batch.column_by_name(&declared.name))).collect();
    let row = |number: usize| {
        let id = id(number);
        let cell = |(column, values): &(ColumnId, Option<&ArrayRef>)| match &table.column(*column).ty {
            ColumnType::Key => Some(Value::Text(id.clone())).filter(|_| !id.is_empty()),
            ty => values.and_then(|values| cell(ty, values, number)),
        };
        let cells = columns.iter().map(cell).collect();
        Row { id, cells, line: number }
    };
    (0..batch.num_rows()).map(row).collect()
}

fn cell(ty: &ColumnType, values: &ArrayRef, row: usize) -> Cell {
    if values.is_null(row) {
        return None;
    }
    let number = || values.as_primitive_opt::<Int32Type>().map(|values| values.value(row));
    match ty {
        ColumnType::Key => None,
        ColumnType::Link(_) => Some(Value::Row(usize::try_from(number()?).ok()?)),
        ColumnType::Codes(_) => Some(Value::Code(u16::try_from(number()?).ok()?)),
        ColumnType::Text => values.as_string_opt::<i32>().map(|values| Value::Text(values.value(row).to_owned())),
        ColumnType::Bool => values.as_boolean_opt().map(|values| Value::Bool(values.value(row))),
        ColumnType::Int | ColumnType::Decimal(_) => {
            values.as_primitive_opt::<Int64Type>().map(|values| Value::Int(values.value(row)))
        }
        ColumnType::Date => values.as_primitive_opt::<Date32Type>()?.value_as_date(row).map(Value::Date),
        ColumnType::Timestamp => {
            values.as_primitive_opt::<TimestampSecondType>()?.value_as_datetime(row).map(Value::Time)
        }
    }
}

/// Why a row was set aside, for people; `None` for a row in use, and where that is not known.
#[must_use]
pub fn why_set_aside(store: &Store, table: TableId, row: usize) -> Option<String> {
    let stored = store.tables.get(&table)?;
    let texts = stored.went.as_ref()?.column_by_name(WHY)?.as_string_opt::<i32>()?;
    let place = row.checked_sub(stored.rows.num_rows())?;
    (place < texts.len() && texts.is_valid(place)).then(|| texts.value(place).to_owned())
}
