//! Staged tables to stored tables: rows sorted and numbered, links as row numbers; and the report
//! on each table.

use super::Means;
use super::arrivals::{self, Arrivals};
use super::keys::{Keys, comparators};
use super::links::{self, links};
use super::packed_ids::as_text;
use super::packed_rows::PackedRows;
use super::report::{Ahead, Aside, DateRange, Hint, MissingLink, Otherwise, Rule, TableReport, Turned, Unknown, Word};
use super::row_order::by_history;
use super::staged_table::StagedTable;
use super::{duplicate_rows, value, went};
use crate::scratch::Scratch;
use crate::store::{self, StoredTable};
use arrow::array::{
    Array, ArrayRef, AsArray, BooleanArray, BooleanBufferBuilder, Int32Array, RecordBatch, UInt32Array, new_empty_array,
};
use arrow::buffer::{BooleanBuffer, ScalarBuffer};
use arrow::compute::{FilterBuilder, FilterPredicate, max, min, take};
use arrow::datatypes::{Date32Type, TimestampSecondType};
use arrow::error::ArrowError;
use arrow::row::{RowConverter, SortField};
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;
use yardstick_language::model::{Column, ColumnId, ColumnType, Model, TableId};

/// The final row number of each rank of a table.
#[derive(Debug)]
pub(super) enum Numbers {
    /// Nothing was set aside: the rank is the number.
    Ranks,
    /// By rank; -1 for a row set aside.
    Map(ScalarBuffer<i32>),
}

/// Numbers the rows of a table with a key.
pub(super) fn numbers(staged: &StagedTable<'_>, keys: &Keys, scratch: &Scratch) -> Result<Numbers, ArrowError> {
    if staged.rejects.is_clean() {
        return Ok(Numbers::Ranks);
    }
    let mut next = 0;
    let number = |row: &u32| {
        if staged.rejects.is_dropped(*row as usize) {
            return -1;
        }
        next += 1;
        next - 1
    };
    Ok(Numbers::Map(scratch.spill_numbers(keys.rows.iter().map(number).collect())?))
}

/// A table for the store, with its ids or without, and what is to be said of it.
pub(super) fn encode(
    model: &Model,
    mut staged: StagedTable<'_>,
    keys: &Keys,
    numbers: &BTreeMap<TableId, Numbers>,
    with_ids: bool,
    means: Means<'_>,
) -> Result<(TableId, StoredTable, TableReport), ArrowError> {
    let scratch = means.scratch;
    renumber(&mut staged, numbers, scratch)?;
    let (order, alike) = match staged.table.key {
        Some(_) => (Order::by_key(&staged, keys, scratch)?, 0),
        None => {
            let (rows, alike) = order_without_copies(&mut staged, scratch)?;
            (Order::new(rows, staged.rows(), scratch)?, alike)
        }
    };
    let mut report = TableReport { alike, ..start_report(model, &staged) };
    let went = went::went(model, &staged, order.len(), scratch)?;
    let ids = staged.table.key.filter(|_| with_ids).map(|key| staged.columns[key.0 as usize].clone());
    let ids = ids.map(|ids| scratch.spill(as_text(&order.apply(ids)?)?)).transpose()?;
    let mut columns: Vec<ArrayRef> = vec![row_numbers(order.len(), scratch)?];
    for (column, values) in staged.table.columns.iter().zip(std::mem::take(&mut staged.columns)) {
        if column.ty != ColumnType::Key {
            columns.push(order.apply(values)?);
        }
    }
    let rows = RecordBatch::try_new(store::schema(model, staged.id), columns)?;
    finish_report(&mut report, &staged, &rows, means.as_of);
    Ok((staged.id, StoredTable { rows, keys: ids.map(|ids| ids.as_string().clone()), went }, report))
}

/// 0, 1, 2 ...
pub(super) fn row_numbers(rows: usize, scratch: &Scratch) -> Result<ArrayRef, ArrowError> {
    let numbers = |range: Range<usize>| -> ArrayRef {
        Arc::new(Int32Array::from_iter_values(range.start as i32..range.end as i32))
    };
    let made = scratch.join(scratch.stretches(rows).map(|range| Ok(numbers(range))))?;
    Ok(made.unwrap_or_else(|| numbers(0..0)))
}

/// From ranks of the target to its row numbers.
fn renumber(
    staged: &mut StagedTable<'_>,
    numbers: &BTreeMap<TableId, Numbers>,
    scratch: &Scratch,
) -> Result<(), ArrowError> {
    for (id, _, target) in links(staged.table) {
        let Some(Numbers::Map(map)) = numbers.get(&target) else { continue };
        let slot = &mut staged.columns[id.0 as usize];
        let number = |rank: &i32| usize::try_from(*rank).map_or(-1, |rank| map[rank]);
        let made = |ranks: &Int32Array| ranks.values().iter().map(number).collect();
        *slot = links::mapped(slot.as_primitive(), scratch, made)?;
    }
    Ok(())
}

/// Which rows of the files make up the table, in order.
struct Order<'s> {
    scratch: &'s Scratch,
    rows: Rows,
}

enum Rows {
    /// All rows in the order of the files; this is their number.
    AsIs(usize),
    /// Some rows in the order of the files: stretches of rows, each with the rows of it that stay.
    Without(Vec<(Range<usize>, FilterPredicate)>),
    These(UInt32Array),
}

impl<'s> Order<'s> {
    /// The rows in use of a table with a key.
    fn by_key(staged: &StagedTable<'_>, keys: &Keys, scratch: &'s Scratch) -> Result<Self, ArrowError> {
        if keys.rows.is_sorted() {
            let (in_use, ids) = (staged.rejects.in_use(), staged.ids().and_then(|ids| ids.nulls()));
            // A row that a test draws may have no id.
            let kept = ids.map(|ids| &in_use & ids.inner());
            return Ok(Self::as_they_stand(kept.unwrap_or(in_use), scratch));
        }
        let rows = keys.rows.iter().copied().filter(|row| !staged.rejects.is_dropped(*row as usize)).collect();
        Ok(Self { scratch, rows: Rows::These(UInt32Array::new(scratch.spill_numbers(rows)?, None)) })
    }

    fn new(rows: Vec<u32>, all: usize, scratch: &'s Scratch) -> Result<Self, ArrowError> {
        if !rows.is_sorted() {
            return Ok(Self { scratch, rows: Rows::These(UInt32Array::new(scratch.spill_numbers(rows)?, None)) });
        }
        let mut kept = BooleanBufferBuilder::new(all);
        kept.append_n(all, rows.len() == all);
        rows.iter().filter(|_| rows.len() < all).for_each(|row| kept.set_bit(*row as usize, true));
        Ok(Self::as_they_stand(kept.build(), scratch))
    }

    /// Rows in the order of the files, those of which the bit is set.
    fn as_they_stand(kept: BooleanBuffer, scratch: &'s Scratch) -> Self {
        let (all, kept) = (kept.len(), BooleanArray::new(kept, None));
        if kept.true_count() == all {
            return Self { scratch, rows: Rows::AsIs(all) };
        }
        let of = |range: &Range<usize>| FilterBuilder::new(&kept.slice(range.start, range.len())).optimize().build();
        let rows = Rows::Without(scratch.stretches(all).map(|range| (range.clone(), of(&range))).collect());
        Self { scratch, rows }
    }

    fn len(&self) -> usize {
        match &self.rows {
            Rows::AsIs(rows) => *rows,
            Rows::Without(stretches) => stretches.iter().map(|(_, rows)| rows.count()).sum(),
            Rows::These(rows) => rows.len(),
        }
    }

    fn apply(&self, column: ArrayRef) -> Result<ArrayRef, ArrowError> {
        let made = match &self.rows {
            Rows::AsIs(_) => return Ok(column),
            Rows::Without(stretches) => {
                self.scratch.join(stretches.iter().map(|(of, rows)| rows.filter(&column.slice(of.start, of.len()))))
            }
            Rows::These(rows) => {
                let these = |range: Range<usize>| take(&column, &rows.slice(range.start, range.len()), None);
                self.scratch.join(self.scratch.stretches(rows.len()).map(these))
            }
        };
        Ok(made?.unwrap_or_else(|| new_empty_array(column.data_type())))
    }
}

/// Rows of a table without a key in order, and how many of them are the same as an earlier one.
/// Where the model says so, these are left out.
fn order_without_copies(staged: &mut StagedTable<'_>, scratch: &Scratch) -> Result<(Vec<u32>, u64), ArrowError> {
    let (mut rows, same) = order_without_key(staged, scratch)?;
    let copies = duplicate_rows::copies(staged, &rows, &same, scratch)?;
    if !staged.table.distinct {
        return Ok((rows, copies.len() as u64));
    }
    copies.into_iter().for_each(|row| staged.rejects.set_copy(row as usize));
    rows.retain(|row| !staged.rejects.is_dropped(*row as usize));
    Ok((rows, 0))
}

/// Rows of a table without a key by all their columns (see [`by_history`]), and of those alike in
/// the order of the files; and of each whether it is alike with the one before.
fn order_without_key(staged: &StagedTable<'_>, scratch: &Scratch) -> Result<(Vec<u32>, BooleanBuffer), ArrowError> {
    let mut live: Vec<u32> = (0..staged.rows() as u32).filter(|r| !staged.rejects.is_dropped(*r as usize)).collect();
    if staged.columns.is_empty() {
        let alone = BooleanBuffer::new_unset(live.len());
        return Ok((live, alone));
    }
    if scratch.memory().is_some() {
        let compare = comparators(&by_history(staged, scratch)?)?;
        let order = |a: u32, b: u32| {
            let columns = compare.iter().map(|compare| compare(a as usize, b as usize));
            columns.fold(Ordering::Equal, Ordering::then)
        };
        live.sort_unstable_by(|a, b| order(*a, *b).then(a.cmp(b)));
        let same = alike(live.len(), |place| order(live[place - 1], live[place]).is_eq());
        return Ok((live, same));
    }
    let wanted = UInt32Array::from(live);
    let all = wanted.len() == staged.rows();
    let in_use = |c: &ArrayRef| if all { Ok(Arc::clone(c)) } else { take(c, &wanted, None) };
    let columns = by_history(staged, scratch)?.iter().map(in_use).collect::<Result<Vec<_>, _>>()?;
    if let Some(packed) = PackedRows::new(&columns) {
        return Ok(packed.sorted(wanted.values()));
    }
    let fields = columns.iter().map(|c| SortField::new(c.data_type().clone())).collect();
    let rows = RowConverter::new(fields)?.convert_columns(&columns)?;
    let mut places: Vec<u32> = (0..wanted.len() as u32).collect();
    let row = |place: u32| rows.row(place as usize);
    // Rows alike stay in the order of the files.
    places.sort_by(|a, b| row(*a).cmp(&row(*b)));
    let same = alike(places.len(), |place| row(places[place - 1]) == row(places[place]));
    Ok((places.into_iter().map(|place| wanted.value(place as usize)).collect(), same))
}

/// For each of `places` positions, whether its row equals the one before; false for the first.
pub(super) fn alike(places: usize, is: impl Fn(usize) -> bool) -> BooleanBuffer {
    BooleanBuffer::collect_bool(places, |place| place > 0 && is(place))
}

/// What the rows set aside say, while the ids still stand by row of the files.
fn start_report(model: &Model, staged: &StagedTable<'_>) -> TableReport {
    let aside: Vec<Aside> = staged
        .rejects
        .tallies
        .iter()
        .map(|((rule, column), tally)| Aside {
            rule: *rule,
            column: column.map(|c| staged.table.column(c).file_name.clone()),
            rows: tally.rows,
            hint: column.and_then(|c| hint(staged, *rule, c)),
            examples: tally.examples.iter().map(|(row, text)| staged.example(*row, *column, text)).collect(),
        })
        .collect();
    let (read, later, copies) = (staged.rows() as u64, staged.rejects.later_rows, staged.rejects.copies);
    let ahead = |ahead: &super::as_of_cut::Ahead| Ahead {
        column: staged.table.column(ahead.column).file_name.clone(),
        rows: ahead.rows,
        furthest: value::day(ahead.furthest).map(|d| d.to_string()).unwrap_or_default(),
        effect: ahead.effect,
    };
    TableReport {
        id: staged.id,
        table: staged.table.name.clone(),
        files: staged.files.clone(),
        read,
        later,
        copies,
        used: read - later - copies - aside.iter().map(|a| a.rows).sum::<u64>(),
        aside,
        unknown: unknown(staged),
        otherwise: otherwise(staged),
        alike: 0,
        missing_links: Vec::new(),
        open: None,
        instants: instants(model, staged),
        ahead: staged.ahead.iter().map(ahead).collect(),
        last_row: None,
        still: None,
        gaps: Vec::new(),
        dates: Vec::new(),
    }
}

/// What would make values readable that break a column in this way.
fn hint(staged: &StagedTable<'_>, rule: Rule, column: ColumnId) -> Option<Hint> {
    let is_of_text = matches!(rule, Rule::Unreadable | Rule::UnreadableEnd | Rule::UnknownCode | Rule::LinkToNothing);
    staged.hints.get(&column).filter(|_| is_of_text).cloned()
}

/// The values in rows in use that are not known.
fn unknown(staged: &StagedTable<'_>) -> Vec<Unknown> {
    let found = staged.rejects.unknown.found(|row| !staged.rejects.is_dropped(row));
    let told = found.into_iter().map(|found| Unknown {
        rule: found.rule,
        column: staged.table.column(found.column).file_name.clone(),
        rows: found.rows,
        hint: hint(staged, found.rule, found.column),
        words: found.words.into_iter().map(|(text, rows)| Word { text, rows }).collect(),
        examples: found.examples.iter().map(|(row, text)| staged.example(*row, Some(found.column), text)).collect(),
    });
    told.collect()
}

/// What the files have where no spelling of a list fits.
fn otherwise(staged: &StagedTable<'_>) -> Vec<Otherwise> {
    let told = staged.otherwise.iter().map(|taken| {
        let column = staged.table.column(taken.column);
        let place = column.spellings.otherwise().unwrap_or_default();
        let word = match &column.ty {
            ColumnType::Codes(words) => words.get(place).cloned().unwrap_or_default(),
            _ => (place == 1).to_string(),
        };
        let words = taken.words.iter().map(|(text, rows)| Word { text: text.clone(), rows: *rows }).collect();
        let (column, hint) = (column.file_name.clone(), staged.hints.get(&taken.column).cloned());
        Otherwise { column, word, values: taken.values, hint, words }
    });
    told.collect()
}

/// The columns in which instants became local times.
fn instants(model: &Model, staged: &StagedTable<'_>) -> Vec<Turned> {
    let Some(zone) = model.times.zone() else { return Vec::new() };
    let turned = staged.table.columns.iter().zip(&staged.instants).filter(|(_, values)| **values > 0);
    let told = |(column, values): (&Column, &u64)| Turned {
        column: column.file_name.clone(),
        values: *values,
        zone: zone.name().to_owned(),
    };
    turned.map(told).collect()
}

fn finish_report(report: &mut TableReport, staged: &StagedTable<'_>, rows: &RecordBatch, as_of: Option<i32>) {
    let stored = |name: &str| rows.column_by_name(name);
    if let Some(first) = staged.table.begins.and_then(|id| stored(&staged.table.column(id).name)) {
        report.last_row = range(first).1;
        let Arrivals { still, gaps } = as_of.map(|as_of| arrivals::of(first, as_of)).unwrap_or_default();
        (report.still, report.gaps) = (still, gaps);
    }
    for (id, column) in staged.table.columns() {
        let Some(values) = stored(&column.name).filter(|_| column.ty != ColumnType::Key) else { continue };
        if column.optional && matches!(column.ty, ColumnType::Link(_)) {
            let missing = MissingLink { column: column.file_name.clone(), rows: values.null_count() as u64 };
            report.missing_links.push(missing);
        }
        if staged.table.spans.is_some_and(|s| s.until == id) {
            report.open = Some(values.null_count() as u64);
        }
        if matches!(column.ty, ColumnType::Date | ColumnType::Timestamp) {
            let (first, last) = range(values);
            let as_of = as_of.filter(|_| staged.table.comes(id));
            let Arrivals { still, mut gaps } = as_of.map(|as_of| arrivals::of(values, as_of)).unwrap_or_default();
            // With rows that are lost go their days.
            gaps.retain(|gap| !report.gaps.iter().any(|rows| rows.first <= gap.first && gap.last <= rows.last));
            report.dates.push(DateRange { column: column.file_name.clone(), first, last, still, gaps });
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
pub(super) fn ids(staged: &StagedTable<'_>) -> Option<ArrayRef> {
    staged.ids().cloned()
}
