//! The rules that need no other table: a stay's end against its start, and one row for each id.

use super::encode::alike;
use super::id_prefix;
use super::packed_rows::PackedRows;
use super::report::Rule;
use super::staged_table::StagedTable;
use super::value;
use crate::scratch::Scratch;
use arrow::array::{Array, ArrayRef, AsArray, DynComparator, StringArray, UInt64Array, make_comparator};
use arrow::buffer::{BooleanBuffer, ScalarBuffer};
use arrow::compute::SortOptions;
use arrow::datatypes::{DataType, Date32Type, UInt64Type};
use arrow::error::ArrowError;

/// The ids of a table in the order of their text, each once. An id's place here is its rank.
#[derive(Debug)]
pub(super) struct Keys {
    /// By rank: the row that stands for the id. When that row was set aside, no other with this id
    /// is left.
    pub(super) rows: ScalarBuffer<u32>,
}

/// Sets aside stays that end before they start. Ending on the first day is fine: such a stay holds
/// no day.
pub(super) fn end_before_start(staged: &mut StagedTable<'_>) {
    let Some(spans) = staged.table.spans else { return };
    let column = |id: yardstick_language::model::ColumnId| staged.columns[id.0 as usize].clone();
    let (from, until) = (column(spans.from), column(spans.until));
    if *from.data_type() != DataType::Date32 || *until.data_type() != DataType::Date32 {
        return;
    }
    let (from, until) = (from.as_primitive::<Date32Type>(), until.as_primitive::<Date32Type>());
    for row in 0..from.len() {
        let (start, end) = (from.values()[row], until.values()[row]);
        if end < start && from.is_valid(row) && until.is_valid(row) {
            let show = |day| value::day(day).map(|d| d.to_string()).unwrap_or_default();
            staged.rejects.set_aside(row, Rule::EndBeforeStart, Some(spans.until), || {
                format!("{} is before {}", show(end), show(start))
            });
        }
    }
}

/// Puts ids in order, and sets aside rows that share one. Rows that were set aside before no longer
/// claim an id.
pub(super) fn keys(staged: &mut StagedTable<'_>, scratch: &Scratch) -> Result<Keys, ArrowError> {
    let Some(ids) = staged.ids() else { return Ok(Keys { rows: ScalarBuffer::from(Vec::new()) }) };
    let (mut rows, same) = match ids.as_primitive_opt::<UInt64Type>() {
        Some(packed) => in_order(packed, scratch),
        None => sorted(ids.as_string(), scratch),
    };
    if !same.has_true() {
        return Ok(Keys { rows: scratch.spill_numbers(rows)? });
    }
    let alike = comparators(beside_ids(staged))?;
    // Each id's row takes its place further up: there may be too many rows to hold them twice.
    let mut kept = 0;
    for place in 0..rows.len() {
        if same.value(place) {
            continue;
        }
        let others = (place + 1..rows.len()).take_while(|other| same.value(*other)).count();
        let group = &rows[place..=place + others];
        let keeper = if others == 0 { rows[place] } else { share(staged, group, &alike) };
        rows[kept] = keeper;
        kept += 1;
    }
    rows.truncate(kept);
    Ok(Keys { rows: scratch.spill_numbers(rows)? })
}

/// Where fewer than one row in so many has a smaller id than the one before, ids are as a system
/// gives them out: in order, but for `A999999` before `A1000000`. A stable sort finds such
/// stretches.
const FEW: usize = 64;

/// Rows with an id by its text, then by their place; and of each whether it has the id of the one
/// before.
fn in_order(ids: &UInt64Array, scratch: &Scratch) -> (Vec<u32>, BooleanBuffer) {
    let mut rows = with_ids(ids);
    let id = |row: u32| ids.value(row as usize);
    let falls = rows.windows(2).filter(|pair| id(pair[0]) > id(pair[1])).count();
    if falls > 0 && falls < rows.len() / FEW {
        rows.sort_by_key(|row| id(*row));
    } else if falls > 0 && scratch.memory().is_some() {
        rows.sort_unstable_by_key(|row| (id(*row), *row));
    } else if falls > 0 {
        return PackedRows::of_numbers(rows.iter().map(|row| id(*row)).collect()).sorted(&rows);
    }
    let same = alike(rows.len(), |place| id(rows[place - 1]) == id(rows[place]));
    (rows, same)
}

fn with_ids(ids: &dyn Array) -> Vec<u32> {
    match ids.nulls() {
        Some(nulls) => nulls.inner().set_indices_u32().collect(),
        None => (0..ids.len() as u32).collect(),
    }
}

/// The same of ids that are text. Nearly all comparisons are decided by the prefixes.
fn sorted(text: &StringArray, scratch: &Scratch) -> (Vec<u32>, BooleanBuffer) {
    let id = |row: u32| text.value(row as usize);
    let prefix = |row: u32| id_prefix::at(text, row as usize).0;
    let order = |a: &u32, b: &u32| prefix(*a).cmp(&prefix(*b)).then_with(|| id(*a).cmp(id(*b)));
    let mut rows = with_ids(text);
    let (mut falls, mut last) = (0, (0, 0));
    for row in &rows {
        let this = (prefix(*row), *row);
        falls += usize::from(last.0 > this.0 || last.0 == this.0 && id(last.1) > id(this.1));
        last = this;
    }
    if falls > 0 && falls < rows.len() / FEW {
        rows.sort_by(order);
    } else if falls > 0 && scratch.memory().is_some() {
        rows.sort_unstable_by(|a, b| order(a, b).then(a.cmp(b)));
    } else if falls > 0 {
        let mut ids: Vec<(u128, u32)> = rows.into_iter().map(|row| (prefix(row), row)).collect();
        ids.sort_unstable();
        // Most ids are other ones by their prefix.
        for others in ids.chunk_by_mut(|a, b| a.0 == b.0).filter(|others| others.len() > 1) {
            others.sort_by(|a, b| id(a.1).cmp(id(b.1)));
        }
        rows = ids.into_iter().map(|(_, row)| row).collect();
    }
    let same = alike(rows.len(), |place| id(rows[place - 1]) == id(rows[place]));
    (rows, same)
}

/// Compares rows column by column; a missing value comes first.
pub(super) fn comparators<'c>(
    columns: impl IntoIterator<Item = &'c ArrayRef>,
) -> Result<Vec<DynComparator>, ArrowError> {
    columns.into_iter().map(|c| make_comparator(c, c, SortOptions::default())).collect()
}

/// What is said of rows beside their ids.
fn beside_ids<'s>(staged: &'s StagedTable<'_>) -> impl Iterator<Item = &'s ArrayRef> {
    let columns = staged.table.columns().filter(|(id, _)| staged.table.key != Some(*id));
    columns.map(|(id, _)| &staged.columns[id.0 as usize])
}

/// Rows that share an id: one of them stays when all are alike, none when they differ. Gives the
/// row that stands for the id.
fn share(staged: &mut StagedTable<'_>, group: &[u32], compare: &[DynComparator]) -> u32 {
    let rows: Vec<u32> = group.iter().copied().filter(|r| !staged.rejects.is_dropped(*r as usize)).collect();
    // Where all are gone, a row that breaks the model says more than one that is not there yet.
    let gone = || group.iter().copied().find(|r| !staged.rejects.is_later(*r as usize)).unwrap_or(group[0]);
    let Some((first, others)) = rows.split_first() else { return gone() };
    let alike = |row: u32| compare.iter().all(|c| c(*first as usize, row as usize).is_eq());
    if others.iter().all(|r| alike(*r)) {
        for row in others {
            staged.rejects.set_aside(*row as usize, Rule::RepeatedRow, None, String::new);
        }
    } else {
        for row in &rows {
            let count = rows.len();
            let same = || format!("{count} rows have this id and differ");
            staged.rejects.set_aside(*row as usize, Rule::DuplicateKey, staged.table.key, same);
        }
    }
    *first
}
