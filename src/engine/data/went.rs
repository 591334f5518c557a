//! The rows of a table that went: kept beside it, so that a cell can say how many may belong to it.
//!
//! What is broken in them is missing: a link that leads nowhere or to a row that went, a day that
//! cannot be read, and both days of a stay that ends before it starts, since either may be wrong.
//! All else is as it was read.

use super::packed_ids::as_text;
use super::report::Rule;
use super::staged_table::StagedTable;
use crate::scratch::Scratch;
use crate::store;
use arrow::array::{
    Array, ArrayRef, AsArray, BooleanArray, Int32Array, RecordBatch, StringArray, UInt32Array, new_null_array,
};
use arrow::compute::{nullif, take};
use arrow::datatypes::{DataType, Date32Type};
use arrow::error::ArrowError;
use arrow::row::{RowConverter, SortField};
use std::collections::HashMap;
use std::sync::Arc;
use yardstick_language::model::{ColumnId, ColumnType, Model};

/// The rows that went, as [`store::went_schema`] has them; so many are in use. Links are row
/// numbers already.
pub(super) fn went(
    model: &Model,
    staged: &StagedTable<'_>,
    in_use: usize,
    scratch: &Scratch,
) -> Result<Option<RecordBatch>, ArrowError> {
    let rows = staged.rejects.went();
    if rows.is_empty() {
        return Ok(None);
    }
    let places = UInt32Array::from(rows.clone());
    let mut columns = Vec::new();
    let mut ids = new_null_array(&DataType::Utf8, rows.len());
    for (column, values) in staged.table.columns.iter().zip(&staged.columns) {
        let values = take(values, &places, None)?;
        match column.ty {
            ColumnType::Key => ids = as_text(&values)?,
            _ => columns.push(values),
        }
    }
    let turned = turned_around(staged, &rows);
    if turned.true_count() > 0 {
        forget_days(staged, &mut columns, &turned)?;
    }
    let mut without_end = staged.rejects.without_end.clone();
    without_end.sort_unstable();
    let knows = |(at, row): (usize, &u32)| !turned.value(at) && without_end.binary_search(row).is_err();
    let ends_known: BooleanArray = rows.iter().enumerate().map(knows).map(Some).collect();
    columns.extend([ids, Arc::new(ends_known), reasons(staged, &rows)]);
    let order = in_order(&columns)?;
    let numbers = Int32Array::from_iter_values((0..rows.len()).map(|row| (in_use + row) as i32));
    let ordered = columns.iter().map(|column| take(column, &order, None));
    let columns = std::iter::once(Ok(Arc::new(numbers) as ArrayRef)).chain(ordered).collect::<Result<Vec<_>, _>>()?;
    let went = RecordBatch::try_new(store::went_schema(model, staged.id), columns)?;
    Ok(Some(scratch.spill_rows(&went)?))
}

/// Which of the rows are stays that end before they start.
fn turned_around(staged: &StagedTable<'_>, rows: &[u32]) -> BooleanArray {
    let days = |id: ColumnId| staged.columns[id.0 as usize].as_primitive_opt::<Date32Type>();
    let stay = staged.table.spans.and_then(|spans| days(spans.from).zip(days(spans.until)));
    let is = |row: &u32| {
        let row = *row as usize;
        stay.is_some_and(|(from, until)| {
            from.is_valid(row) && until.is_valid(row) && until.value(row) < from.value(row)
        })
    };
    rows.iter().map(is).map(Some).collect()
}

/// Makes both days of these stays null. The columns are those of the model without the key.
fn forget_days(staged: &StagedTable<'_>, columns: &mut [ArrayRef], of: &BooleanArray) -> Result<(), ArrowError> {
    let kept = staged.table.columns().filter(|(_, column)| column.ty != ColumnType::Key);
    for ((id, _), values) in kept.zip(columns) {
        if staged.table.spans.is_some_and(|spans| spans.from == id || spans.until == id) {
            *values = nullif(values, of)?;
        }
    }
    Ok(())
}

/// Why each of the rows was set aside, where it is known: the rule, and the column by its name in
/// the file.
fn reasons(staged: &StagedTable<'_>, rows: &[u32]) -> ArrayRef {
    let known: HashMap<u32, (Rule, Option<ColumnId>)> =
        staged.rejects.reasons.iter().map(|(row, rule, column)| (*row, (*rule, *column))).collect();
    let text = |(rule, column): &(Rule, Option<ColumnId>)| match column {
        Some(column) => format!("{}: {}", rule.words(), staged.table.column(*column).file_name),
        None => rule.words().to_owned(),
    };
    Arc::new(rows.iter().map(|row| known.get(row).map(text)).collect::<StringArray>())
}

/// Rows with known ends first, then by their ids and all their columns: in whatever order they
/// stand in the files, the same comes out.
fn in_order(columns: &[ArrayRef]) -> Result<UInt32Array, ArrowError> {
    let [values @ .., ids, ends_known, why] = columns else { return Ok(UInt32Array::from(Vec::<u32>::new())) };
    let by: Vec<ArrayRef> = [ids, why].into_iter().chain(values).map(Arc::clone).collect();
    let fields = by.iter().map(|column| SortField::new(column.data_type().clone())).collect();
    let rows = RowConverter::new(fields)?.convert_columns(&by)?;
    let known = ends_known.as_boolean();
    let mut order: Vec<u32> = (0..known.len() as u32).collect();
    let key = |row: &u32| (!known.value(*row as usize), rows.row(*row as usize));
    order.sort_by(|a, b| key(a).cmp(&key(b)));
    Ok(UInt32Array::from(order))
}
