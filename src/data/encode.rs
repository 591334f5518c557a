//! From rows that passed to the store: in order, numbered, with links as row numbers; and the report on the table.

use super::keys::Keys;
use super::links::{self, links};
use super::report::{Aside, DateRange, MissingLink, Rule, TableReport};
use super::sheet::Sheet;
use super::value;
use crate::model::{ColumnType, Model, TableId};
use crate::store::{self, StoredTable};
use arrow::array::{
    Array, ArrayRef, AsArray, BooleanArray, Int32Array, RecordBatch, StringArray, UInt32Array, new_empty_array,
};
use arrow::compute::{FilterBuilder, FilterPredicate, max, min, take};
use arrow::datatypes::{DataType, Date32Type, Int32Type, TimestampSecondType};
use arrow::error::ArrowError;
use arrow::row::{RowConverter, SortField};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The final row number of each rank of a table.
#[derive(Debug)]
pub(super) enum Numbers {
    /// Nothing was set aside: the rank is the number.
    Ranks,
    /// By rank; -1 for a row set aside.
    Map(Vec<i32>),
}

/// Numbers the rows of a table with a key.
pub(super) fn numbers(sheet: &Sheet<'_>, keys: &Keys) -> Numbers {
    if sheet.sieve.is_clean() {
        return Numbers::Ranks;
    }
    let mut next = 0;
    let number = |row: &u32| {
        if sheet.sieve.is_gone(*row as usize) {
            return -1;
        }
        next += 1;
        next - 1
    };
    Numbers::Map(keys.rows.iter().map(number).collect())
}

/// A table for the store, and what is to be said of it.
pub(super) fn encode(
    model: &Model,
    mut sheet: Sheet<'_>,
    keys: &Keys,
    numbers: &BTreeMap<TableId, Numbers>,
) -> Result<(TableId, StoredTable, TableReport), ArrowError> {
    renumber(&mut sheet, numbers);
    let order = match sheet.table.key {
        Some(_) => keys.rows.iter().copied().filter(|r| !sheet.sieve.is_gone(*r as usize)).collect(),
        None => order_without_key(&mut sheet)?,
    };
    let mut report = start_report(&sheet);
    let order = Order::new(order, sheet.rows());
    let ids = sheet.table.key.map(|key| sheet.columns[key.0 as usize].clone());
    let ids = ids.map_or_else(|| Ok(new_empty_array(&DataType::Utf8)), |ids| order.apply(&ids))?;
    let mut columns: Vec<ArrayRef> = vec![Arc::new(Int32Array::from_iter_values(0..order.len() as i32))];
    for (column, values) in sheet.table.columns.iter().zip(std::mem::take(&mut sheet.columns)) {
        if column.ty != ColumnType::Key {
            columns.push(order.apply(&values)?);
        }
    }
    let rows = RecordBatch::try_new(store::schema(model, sheet.id), columns)?;
    finish_report(&mut report, &sheet, &rows);
    Ok((sheet.id, StoredTable { rows, keys: ids.as_string().clone() }, report))
}

/// From ranks of the target to its row numbers.
fn renumber(sheet: &mut Sheet<'_>, numbers: &BTreeMap<TableId, Numbers>) {
    for (id, _, target) in links(sheet.table) {
        let Some(Numbers::Map(map)) = numbers.get(&target) else { continue };
        let slot = &mut sheet.columns[id.0 as usize];
        let ranks = slot.as_primitive::<Int32Type>().values();
        *slot = links::column(ranks.iter().map(|r| usize::try_from(*r).map_or(-1, |r| map[r])).collect());
    }
}

/// Which rows of the files make up the table, in order.
enum Order {
    /// All of them as they stand, this many.
    AsIs(usize),
    /// As they stand, without some: copied in stretches.
    Without(FilterPredicate),
    These(UInt32Array),
}

impl Order {
    fn new(rows: Vec<u32>, all: usize) -> Self {
        if !rows.is_sorted() {
            return Self::These(rows.into());
        }
        if rows.len() == all {
            return Self::AsIs(all);
        }
        let mut kept = vec![false; all];
        rows.iter().for_each(|r| kept[*r as usize] = true);
        Self::Without(FilterBuilder::new(&BooleanArray::from(kept)).optimize().build())
    }

    fn len(&self) -> usize {
        match self {
            Self::AsIs(rows) => *rows,
            Self::Without(rows) => rows.count(),
            Self::These(rows) => rows.len(),
        }
    }

    fn apply(&self, column: &ArrayRef) -> Result<ArrayRef, ArrowError> {
        match self {
            Self::AsIs(_) => Ok(column.clone()),
            Self::Without(rows) => rows.filter(column),
            Self::These(rows) => take(column, rows, None),
        }
    }
}

/// Rows of a table without a key by all their columns; of rows alike in all of them, one stays.
fn order_without_key(sheet: &mut Sheet<'_>) -> Result<Vec<u32>, ArrowError> {
    let live: Vec<u32> = (0..sheet.rows() as u32).filter(|r| !sheet.sieve.is_gone(*r as usize)).collect();
    if sheet.columns.is_empty() {
        return Ok(live);
    }
    let wanted = UInt32Array::from(live.clone());
    let columns = sheet.columns.iter().map(|c| take(c, &wanted, None)).collect::<Result<Vec<_>, _>>()?;
    match packed(&columns) {
        Some(rows) => Ok(distinct(sheet, &live, |place| rows[place as usize])),
        None => {
            let fields = columns.iter().map(|c| SortField::new(c.data_type().clone())).collect();
            let rows = RowConverter::new(fields)?.convert_columns(&columns)?;
            Ok(distinct(sheet, &live, |place| rows.row(place as usize)))
        }
    }
}

/// Up to four columns of numbers as one number for each row, in the same order. A missing value comes first.
fn packed(columns: &[ArrayRef]) -> Option<Vec<u128>> {
    if columns.len() > 4 {
        return None;
    }
    let mut rows = vec![0u128; columns.first()?.len()];
    for column in columns {
        let numbers = match column.data_type() {
            DataType::Int32 => column.as_primitive::<Int32Type>().values(),
            DataType::Date32 => column.as_primitive::<Date32Type>().values(),
            _ => return None,
        };
        // No link, code or day is the smallest number there is, so zero is free.
        for (i, (row, number)) in rows.iter_mut().zip(numbers).enumerate() {
            let digit = if column.is_valid(i) { number.wrapping_sub(i32::MIN) as u32 } else { 0 };
            *row = *row << 32 | u128::from(digit);
        }
    }
    Some(rows)
}

/// Rows in order, by what `row` gives for each place; copies are set aside.
fn distinct<R: Ord>(sheet: &mut Sheet<'_>, live: &[u32], row: impl Fn(u32) -> R) -> Vec<u32> {
    let mut sorted: Vec<u32> = (0..live.len() as u32).collect();
    // Copies stay in the order of the files.
    sorted.sort_by_key(|place| row(*place));
    let mut kept: Vec<u32> = Vec::with_capacity(sorted.len());
    let mut last = None;
    for place in sorted {
        let this = Some(row(place));
        if last == this {
            sheet.sieve.set_aside(live[place as usize] as usize, Rule::RepeatedRow, None, String::new);
        } else {
            kept.push(live[place as usize]);
            last = this;
        }
    }
    kept
}

/// What the rows set aside say, while the ids still stand by row of the files.
fn start_report(sheet: &Sheet<'_>) -> TableReport {
    let aside: Vec<Aside> = sheet
        .sieve
        .tallies
        .iter()
        .map(|((rule, column), tally)| Aside {
            rule: *rule,
            column: column.map(|c| sheet.table.column(c).file_name.clone()),
            rows: tally.rows,
            examples: tally.examples.iter().map(|(row, text)| sheet.example(*row, text)).collect(),
        })
        .collect();
    let read = sheet.rows() as u64;
    TableReport {
        id: sheet.id,
        table: sheet.table.name.clone(),
        files: sheet.files.clone(),
        read,
        used: read - aside.iter().map(|a| a.rows).sum::<u64>(),
        aside,
        missing_links: Vec::new(),
        open: None,
        dates: Vec::new(),
    }
}

fn finish_report(report: &mut TableReport, sheet: &Sheet<'_>, rows: &RecordBatch) {
    let stored = |name: &str| rows.column_by_name(name);
    for (id, column) in sheet.table.columns() {
        let Some(values) = stored(&column.name).filter(|_| column.ty != ColumnType::Key) else { continue };
        if column.optional && matches!(column.ty, ColumnType::Link(_)) {
            let missing = MissingLink { column: column.file_name.clone(), rows: values.null_count() as u64 };
            report.missing_links.push(missing);
        }
        if sheet.table.spans.is_some_and(|s| s.until == id) {
            report.open = Some(values.null_count() as u64);
        }
        if matches!(column.ty, ColumnType::Date | ColumnType::Timestamp) {
            let (first, last) = range(values);
            report.dates.push(DateRange { column: column.file_name.clone(), first, last });
        }
    }
}

fn range(values: &ArrayRef) -> (Option<String>, Option<String>) {
    let (first, last) = if let Some(days) = values.as_primitive_opt::<Date32Type>() {
        (min(days), max(days))
    } else {
        let times = values.as_primitive::<TimestampSecondType>();
        let day = |seconds: i64| seconds.div_euclid(value::DAY) as i32;
        (min(times).map(day), max(times).map(day))
    };
    let show = |day| value::day(day).map(|d| d.to_string());
    (first.and_then(show), last.and_then(show))
}

/// The ids of a table by row of the files, for an index.
pub(super) fn ids(sheet: &Sheet<'_>) -> Option<StringArray> {
    sheet.table.key.map(|key| sheet.text(key).clone())
}
