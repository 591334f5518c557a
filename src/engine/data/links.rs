//! Links: from ids as text to ranks, rows that lead to nothing, and rows that lead to a row set
//! aside, to the end of the chain. A link that may be missing and leads nowhere is not known; its
//! row stays.

use super::index::{Index, NOWHERE};
use super::internal;
use super::keys::Keys;
use super::packed_ids::text;
use super::problem::Problem;
use super::report::Rule;
use super::staged_table::StagedTable;
use super::unreadable_words::UnreadableWords;
use crate::scratch::Scratch;
use arrow::array::{Array, ArrayRef, AsArray, Int32Array};
use arrow::buffer::{BooleanBuffer, NullBuffer};
use arrow::datatypes::Int32Type;
use arrow::error::ArrowError;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use yardstick_language::model::{Column, ColumnId, Table, TableId};

/// The link columns of a table that must lead somewhere.
fn musts(table: &Table) -> impl Iterator<Item = (ColumnId, TableId)> {
    links(table).filter(|(_, column, _)| !column.optional).map(|(id, _, target)| (id, target))
}

/// The link columns of a table.
pub(super) fn links(table: &Table) -> impl Iterator<Item = (ColumnId, &Column, TableId)> {
    table.columns().filter_map(|(id, column)| Some((id, column, column.target()?)))
}

/// Rows whose links are looked up by one thread in one go: a column of a large table is shared by
/// several.
const STRETCH: usize = 1 << 18;

/// Some rows of a link column whose ids are to be looked up.
pub(super) struct Asked {
    /// Where they stand.
    pub(super) place: Place,
    ids: ArrayRef,
    /// The table they lead to.
    pub(super) target: TableId,
}

/// A stretch of a link column: which of the tables, which column, and the number of its first row.
pub(super) type Place = (usize, ColumnId, usize);

/// All links to these tables, in stretches.
pub(super) fn asked(staged_tables: &[StagedTable<'_>], targets: &BTreeSet<TableId>) -> Vec<Asked> {
    let mut asked = Vec::new();
    for (number, staged) in staged_tables.iter().enumerate() {
        for (id, _, target) in links(staged.table).filter(|(_, _, target)| targets.contains(target)) {
            let ids = &staged.columns[id.0 as usize];
            // In a dictionary each id is looked up once, whoever asks.
            let stretch = if ids.as_dictionary_opt::<Int32Type>().is_some() { ids.len().max(1) } else { STRETCH };
            let starts = (0..ids.len().max(1)).step_by(stretch);
            asked.extend(starts.map(|from| {
                let ids = ids.slice(from, stretch.min(ids.len() - from));
                Asked { place: (number, id, from), ids, target }
            }));
        }
    }
    asked
}

impl Asked {
    /// How many rows.
    pub(super) fn rows(&self) -> usize {
        self.ids.len()
    }

    /// The rank that each row leads to, as a link column; `index` is that of the target.
    pub(super) fn ranks(&self, index: Option<&Index<'_>>, scratch: &Scratch) -> Result<ArrayRef, ArrowError> {
        let look_up = |ids: &ArrayRef| match index {
            Some(index) => index.ranks(ids),
            None => Ok(vec![NOWHERE; ids.len()]),
        };
        // In a dictionary, an id that many rows name is looked up once.
        match self.ids.as_dictionary_opt::<Int32Type>() {
            Some(ids) => {
                let by_word = look_up(ids.values())?;
                let rank = |key: Option<i32>| key.map_or(NOWHERE, |key| by_word[key as usize]);
                mapped(ids.keys(), scratch, |keys| keys.iter().map(rank).collect())
            }
            None => scratch.spill(column(look_up(&self.ids)?)),
        }
    }
}

/// A link column made of numbers of another, stretch by stretch where memory is short.
pub(super) fn mapped(
    of: &Int32Array,
    scratch: &Scratch,
    make: impl Fn(&Int32Array) -> Vec<i32>,
) -> Result<ArrayRef, ArrowError> {
    let made = scratch.stretches(of.len()).map(|rows| Ok(column(make(&of.slice(rows.start, rows.len())))));
    Ok(scratch.join(made)?.unwrap_or_else(|| column(Vec::new())))
}

/// Puts ranks in the place of a table's links, and sets aside rows that must lead somewhere and
/// lead to nothing. `found` has the ranks of the table's stretches.
pub(super) fn resolve(
    staged: &mut StagedTable<'_>,
    mut found: BTreeMap<ColumnId, Vec<ArrayRef>>,
    scratch: &Scratch,
) -> Result<(), Problem> {
    let table = staged.table;
    for (id, _, _) in links(table) {
        let ids = staged.columns[id.0 as usize].clone();
        let joined =
            scratch.join(found.remove(&id).unwrap_or_default().into_iter().map(Ok)).map_err(|e| internal(&e))?;
        staged.columns[id.0 as usize] = joined.unwrap_or_else(|| column(Vec::new()));
        let nowhere = nowhere(&ids, &staged.columns[id.0 as usize]);
        let mut odd = UnreadableWords::default();
        nowhere.iter().for_each(|row| odd.add(&text(&ids, *row)));
        if let Some(problem) = odd.missing_word(table.column(id), &table.name, false) {
            return Err(problem);
        }
        for row in nowhere {
            if table.column(id).optional {
                staged.rejects.unknown.add(row, Rule::LinkToNothing, id, text(&ids, row).into_owned());
            } else {
                staged.rejects.set_aside(row, Rule::LinkToNothing, Some(id), || text(&ids, row).into_owned());
            }
        }
    }
    Ok(())
}

/// The rows of which the id is there and leads to nothing; `ranks` are those that the ids lead to.
pub(super) fn nowhere(ids: &ArrayRef, ranks: &ArrayRef) -> Vec<usize> {
    let Some(leads) = ranks.nulls().filter(|nulls| nulls.null_count() > ids.null_count()) else { return Vec::new() };
    let to_nothing = !leads.inner();
    let there = ids.nulls().map(|nulls| &to_nothing & nulls.inner());
    there.unwrap_or(to_nothing).set_indices().collect()
}

/// A link column; numbers below zero are missing.
pub(super) fn column(ranks: Vec<i32>) -> ArrayRef {
    let leads = NullBuffer::new(BooleanBuffer::collect_bool(ranks.len(), |row| ranks[row] != NOWHERE));
    Arc::new(Int32Array::new(ranks.into(), Some(leads).filter(|leads| leads.null_count() > 0)))
}

fn ranks<'a>(staged: &'a StagedTable<'_>, column: ColumnId) -> &'a [i32] {
    staged.columns[column.0 as usize].as_primitive::<Int32Type>().values()
}

/// Sets aside rows that must lead to a row set aside, until none is left. A link that may be
/// missing is not known then.
///
/// Tables are visited after those they lead to, so one pass does for most; tables that lead to each
/// other (or to themselves) are followed backwards row by row.
pub(super) fn cascade(staged_tables: &mut [StagedTable<'_>], keys: &[Keys]) {
    let at: BTreeMap<TableId, usize> = staged_tables.iter().enumerate().map(|(i, s)| (s.id, i)).collect();
    let reach = reachable(staged_tables, &at);
    let mut order: Vec<usize> = (0..staged_tables.len()).collect();
    order.sort_by_key(|i| (reach[*i].len(), *i));
    let mut done = BTreeSet::new();
    for table in order {
        if done.contains(&table) {
            continue;
        }
        let circle: Vec<usize> = reach[table].iter().copied().filter(|t| reach[*t].contains(&table)).collect();
        for member in &circle {
            follow_outside(staged_tables, keys, &at, *member, &circle);
        }
        follow_inside(staged_tables, keys, &at, &circle);
        done.extend(circle);
    }
    for member in 0..staged_tables.len() {
        may_lead_aside(staged_tables, keys, &at, member);
    }
}

/// Counts links of one table that may be missing and lead to a row set aside. Numbering the rows
/// makes them missing.
fn may_lead_aside(staged_tables: &mut [StagedTable<'_>], keys: &[Keys], at: &BTreeMap<TableId, usize>, member: usize) {
    let table = staged_tables[member].table;
    for (id, _, target) in links(table).filter(|(_, column, _)| column.optional) {
        let Some(target) = at.get(&target).copied().filter(|t| !staged_tables[*t].rejects.is_clean()) else { continue };
        let aside = leading(ranks(&staged_tables[member], id), &dropped_ranks(&staged_tables[target], &keys[target]));
        for (row, rank) in aside {
            let text = id_of(&staged_tables[target], &keys[target], rank);
            staged_tables[member].rejects.unknown.add(row, Rule::LinkToAside, id, text);
        }
    }
}

/// The id of a rank.
fn id_of(staged: &StagedTable<'_>, keys: &Keys, rank: i32) -> String {
    staged.shown_id(keys.rows[rank as usize] as usize).map(Cow::into_owned).unwrap_or_default()
}

/// Of each table: itself and every table its links lead to in any number of steps.
fn reachable(staged_tables: &[StagedTable<'_>], at: &BTreeMap<TableId, usize>) -> Vec<BTreeSet<usize>> {
    let next: Vec<Vec<usize>> =
        staged_tables.iter().map(|s| links(s.table).filter_map(|(_, _, t)| at.get(&t).copied()).collect()).collect();
    (0..staged_tables.len())
        .map(|start| {
            let mut seen = BTreeSet::from([start]);
            let mut open = vec![start];
            while let Some(table) = open.pop() {
                open.extend(next[table].iter().copied().filter(|t| seen.insert(*t)));
            }
            seen
        })
        .collect()
}

/// By rank: whether the row that stands for the id is not in use.
fn dropped_ranks(staged: &StagedTable<'_>, keys: &Keys) -> BooleanBuffer {
    BooleanBuffer::collect_bool(keys.rows.len(), |rank| staged.rejects.is_dropped(keys.rows[rank] as usize))
}

/// The rows that lead to one of these ranks, with the rank.
fn leading(ranks: &[i32], wanted: &BooleanBuffer) -> Vec<(usize, i32)> {
    let leads = |rank: i32| rank >= 0 && wanted.value(rank as usize);
    let rows = BooleanBuffer::collect_bool(ranks.len(), |row| leads(ranks[row]));
    rows.set_indices().map(|row| (row, ranks[row])).collect()
}

/// Links of one table to tables that are finished.
fn follow_outside(
    staged_tables: &mut [StagedTable<'_>],
    keys: &[Keys],
    at: &BTreeMap<TableId, usize>,
    member: usize,
    circle: &[usize],
) {
    let table = staged_tables[member].table;
    for (id, target) in musts(table) {
        let Some(target) = at.get(&target).copied().filter(|t| !circle.contains(t)) else { continue };
        if staged_tables[target].rejects.is_clean() {
            continue;
        }
        let staged = &staged_tables[member];
        let mut falls = leading(ranks(staged, id), &dropped_ranks(&staged_tables[target], &keys[target]));
        falls.retain(|(row, _)| !staged.rejects.is_dropped(*row));
        for (row, rank) in falls {
            fall(staged_tables, keys, member, row, id, (target, rank));
        }
    }
}

/// Sets one row aside for the row it leads to.
fn fall(
    staged_tables: &mut [StagedTable<'_>],
    keys: &[Keys],
    table: usize,
    row: usize,
    link: ColumnId,
    to: (usize, i32),
) {
    let (target, rank) = to;
    let id = id_of(&staged_tables[target], &keys[target], rank);
    staged_tables[table].rejects.set_aside(row, Rule::LinkToAside, Some(link), || id);
}

/// One link column between tables of a circle, turned around: which rows lead to each rank.
struct Backwards {
    table: usize,
    link: ColumnId,
    target: usize,
    /// Where the rows of each rank begin in `rows`, and one more for the end.
    starts: Vec<u32>,
    rows: Vec<u32>,
}

/// Links among tables that lead to each other: from every row set aside back to those that lead to
/// it.
fn follow_inside(
    staged_tables: &mut [StagedTable<'_>],
    keys: &[Keys],
    at: &BTreeMap<TableId, usize>,
    circle: &[usize],
) {
    let mut backs = Vec::new();
    for member in circle {
        for (link, target) in musts(staged_tables[*member].table) {
            if let Some(target) = at.get(&target).copied().filter(|t| circle.contains(t)) {
                backs.push(backwards(&staged_tables[*member], *member, link, target, keys[target].rows.len()));
            }
        }
    }
    if backs.is_empty() {
        return;
    }
    let mut rank_of: BTreeMap<usize, HashMap<u32, i32>> = BTreeMap::new();
    let mut open: Vec<(usize, i32)> = Vec::new();
    for member in circle {
        let ranked = keys[*member].rows.iter().enumerate();
        open.extend(
            ranked
                .clone()
                .filter(|(_, row)| staged_tables[*member].rejects.is_dropped(**row as usize))
                .map(|(rank, _)| (*member, rank as i32)),
        );
        rank_of.insert(*member, ranked.map(|(rank, row)| (*row, rank as i32)).collect());
    }
    while let Some((target, rank)) = open.pop() {
        for back in backs.iter().filter(|b| b.target == target) {
            let range = back.starts[rank as usize] as usize..back.starts[rank as usize + 1] as usize;
            for row in &back.rows[range] {
                if staged_tables[back.table].rejects.is_dropped(*row as usize) {
                    continue;
                }
                fall(staged_tables, keys, back.table, *row as usize, back.link, (target, rank));
                open.extend(rank_of.get(&back.table).and_then(|r| r.get(row)).map(|rank| (back.table, *rank)));
            }
        }
    }
}

fn backwards(staged: &StagedTable<'_>, table: usize, link: ColumnId, target: usize, targets: usize) -> Backwards {
    let ranks = ranks(staged, link);
    let mut starts = vec![0u32; targets + 1];
    ranks.iter().filter(|r| **r >= 0).for_each(|r| starts[*r as usize + 1] += 1);
    for i in 0..targets {
        starts[i + 1] += starts[i];
    }
    let mut next = starts.clone();
    let mut rows = vec![0; starts[targets] as usize];
    for (row, rank) in ranks.iter().enumerate().filter(|(_, r)| **r >= 0) {
        let place = &mut next[*rank as usize];
        rows[*place as usize] = row as u32;
        *place += 1;
    }
    Backwards { table, link, target, starts, rows }
}
