//! Which rows are not there yet on the as-of day.
//!
//! A row begins on its table's own day; a row without one is there with the rows that it must lead
//! to. A row that is there leads to rows that are there: where a stay has begun, its child is born,
//! whatever the file says of the birth.

use super::links::links;
use super::packed_ids::Id;
use super::staged_table::StagedTable;
use arrow::array::Array;
use std::collections::{BTreeMap, HashSet};
use yardstick_language::model::TableId;

/// Ids of which no row is there.
type Missing<'a> = BTreeMap<TableId, HashSet<Id<'a>>>;

/// Takes out the rows that are not there yet. `begin_later` has those of each table whose own day
/// lies after the as-of day.
pub(super) fn take_out(staged_tables: &mut [StagedTable<'_>], begin_later: &[Vec<usize>]) {
    if begin_later.iter().all(Vec::is_empty) {
        return;
    }
    let found = not_there(staged_tables, begin_later);
    for (staged, rows) in staged_tables.iter_mut().zip(found) {
        rows.into_iter().for_each(|row| staged.rejects.set_later(row));
    }
}

/// The rows of each table that are not there: looked for again as long as a row that is there leads
/// to one that is not.
fn not_there(staged_tables: &[StagedTable<'_>], begin_later: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let mut led_to: Missing<'_> = staged_tables.iter().map(|s| (s.id, HashSet::new())).collect();
    loop {
        let (rows, missing) = hanging(staged_tables, begin_later, &led_to);
        let mut found = false;
        for (staged, rows) in staged_tables.iter().zip(&rows) {
            let gone: HashSet<usize> = rows.iter().copied().collect();
            for (id, _, target) in links(staged.table) {
                let Some(missing) = missing.get(&target).filter(|m| !m.is_empty()) else { continue };
                let ids = &staged.columns[id.0 as usize];
                for row in (0..ids.len()).filter(|row| ids.is_valid(*row) && !gone.contains(row)) {
                    if let Some(id) = Id::of(ids, row).filter(|id| missing.contains(id)) {
                        found |= led_to.entry(target).or_default().insert(id);
                    }
                }
            }
        }
        if !found {
            return rows;
        }
    }
}

/// The rows of each table that begin later and that nothing leads to, with those that hang on them;
/// and of each table the ids of which no row is left.
fn hanging<'a>(
    staged_tables: &'a [StagedTable<'_>],
    begin_later: &[Vec<usize>],
    led_to: &Missing<'_>,
) -> (Vec<Vec<usize>>, Missing<'a>) {
    let alone =
        |staged: &StagedTable<'_>, row: usize| id_of(staged, row).is_none_or(|id| !led_to[&staged.id].contains(&id));
    let mut rows: Vec<Vec<usize>> = (staged_tables.iter().zip(begin_later))
        .map(|(staged, later)| later.iter().copied().filter(|row| alone(staged, *row)).collect())
        .collect();
    let mut missing: Missing<'_> =
        staged_tables.iter().zip(&rows).map(|(staged, rows)| (staged.id, ids_of(staged, rows))).collect();
    loop {
        let mut changed = false;
        for (n, staged) in staged_tables.iter().enumerate().filter(|(_, s)| s.table.fed && s.table.begins.is_none()) {
            let hang: Vec<usize> =
                rows_that_lead(staged, &missing).into_iter().filter(|row| alone(staged, *row)).collect();
            if hang.len() > rows[n].len() {
                missing.insert(staged.id, ids_of(staged, &hang));
                rows[n] = hang;
                changed = true;
            }
        }
        if !changed {
            return (rows, missing);
        }
    }
}

/// The rows that must lead to an id of which no row is there.
fn rows_that_lead(staged: &StagedTable<'_>, missing: &Missing<'_>) -> Vec<usize> {
    let mut rows: Vec<usize> = Vec::new();
    for id in staged.table.hangs_on() {
        let target = staged.table.column(id).target();
        let Some(missing) = target.and_then(|t| missing.get(&t)).filter(|m| !m.is_empty()) else { continue };
        let ids = &staged.columns[id.0 as usize];
        rows.extend((0..ids.len()).filter(|row| Id::of(ids, *row).is_some_and(|id| missing.contains(&id))));
    }
    rows.sort_unstable();
    rows.dedup();
    rows
}

/// The ids that only these rows have.
fn ids_of<'a>(staged: &'a StagedTable<'_>, rows: &[usize]) -> HashSet<Id<'a>> {
    let mut ids: HashSet<Id<'_>> = rows.iter().filter_map(|row| id_of(staged, *row)).collect();
    if ids.is_empty() {
        return ids;
    }
    let gone: HashSet<usize> = rows.iter().copied().collect();
    for row in (0..staged.rows()).filter(|row| !gone.contains(row)) {
        if let Some(id) = id_of(staged, row) {
            ids.remove(&id);
        }
    }
    ids
}

fn id_of<'a>(staged: &'a StagedTable<'_>, row: usize) -> Option<Id<'a>> {
    Id::of(staged.shown_ids()?, row)
}
