//! The rules that need no other table: a stay's end against its start, and one row for each id.

use super::id_prefix;
use super::report::Rule;
use super::staged_table::StagedTable;
use super::value;
use crate::scratch::Scratch;
use arrow::array::{Array, ArrayRef, AsArray, DynComparator, StringArray, make_comparator};
use arrow::buffer::ScalarBuffer;
use arrow::compute::SortOptions;
use arrow::datatypes::{DataType, Date32Type};
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
    let Some(text) = staged.ids().cloned() else { return Ok(Keys { rows: ScalarBuffer::from(Vec::new()) }) };
    let mut rows = sorted(&text, scratch);
    let same = |a: u32, b: u32| text.value(a as usize) == text.value(b as usize);
    let mut alike = None;
    // Each id's row takes its place further up: there may be too many rows to hold them twice.
    let (mut kept, mut from) = (0, 0);
    while from < rows.len() {
        let others = rows[from + 1..].iter().take_while(|row| same(rows[from], **row)).count();
        let group = from..from + 1 + others;
        from = group.end;
        let keeper = match &rows[group] {
            [only] => *only,
            group => {
                if alike.is_none() {
                    alike = Some(comparators(beside_ids(staged))?);
                }
                share(staged, group, alike.as_deref().unwrap_or_default())
            }
        };
        rows[kept] = keeper;
        kept += 1;
    }
    rows.truncate(kept);
    Ok(Keys { rows: scratch.spill_numbers(rows)? })
}

/// Rows with an id by its text, then by their place. Nearly all comparisons are decided by the
/// prefixes.
fn sorted(text: &StringArray, scratch: &Scratch) -> Vec<u32> {
    let id = |row: u32| text.value(row as usize);
    let prefix = |row: u32| id_prefix::at(text, row as usize).0;
    let order = |a: &u32, b: &u32| prefix(*a).cmp(&prefix(*b)).then_with(|| id(*a).cmp(id(*b)));
    let mut rows: Vec<u32> = (0..text.len() as u32).filter(|row| text.is_valid(*row as usize)).collect();
    let (mut falls, mut last) = (0, (0, 0));
    for row in &rows {
        let this = (prefix(*row), *row);
        falls += usize::from(last.0 > this.0 || last.0 == this.0 && id(last.1) > id(this.1));
        last = this;
    }
    if falls == 0 {
        return rows;
    }
    if falls < rows.len() / 64 {
        // Ids as a system gives them out: in order, but for `A999999` before `A1000000`. The sort
        // finds such stretches.
        rows.sort_by(order);
        return rows;
    }
    if scratch.memory().is_some() {
        rows.sort_unstable_by(|a, b| order(a, b).then(a.cmp(b)));
        return rows;
    }
    let mut ids: Vec<(u128, u32)> = rows.into_iter().map(|row| (prefix(row), row)).collect();
    ids.sort_unstable_by(|a, b| a.0.cmp(&b.0).then_with(|| id(a.1).cmp(id(b.1))).then(a.1.cmp(&b.1)));
    ids.into_iter().map(|(_, row)| row).collect()
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
