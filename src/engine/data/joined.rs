//! Columns whose values stand in another table: taken over from the row there that leads to the row
//! here, before anything is cut or checked, so that all that follows sees columns like all others.

use super::keys::comparators;
use super::packed_ids::Id;
use super::report::Rule;
use super::staged_table::{Elsewhere, StagedTable};
use super::{Means, as_of_cut};
use arrow::array::{Array, ArrayRef, BooleanArray, DynComparator, UInt32Array};
use arrow::compute::kernels::zip::zip;
use arrow::compute::take;
use arrow::error::ArrowError;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use yardstick_language::model::{ColumnId, Joined};

/// Fills such columns of all tables.
pub(super) fn fill(staged_tables: &mut [StagedTable<'_>], means: Means<'_>) -> Result<(), ArrowError> {
    for own in 0..staged_tables.len() {
        for (id, joined) in staged_tables[own].table.joined() {
            let Some(other) = staged_tables.iter().find(|staged| staged.id == joined.table) else { continue };
            let Some(taken) = taken_over(&staged_tables[own], id, other, joined, means)? else { continue };
            put(&mut staged_tables[own], id, taken);
        }
    }
    Ok(())
}

/// The values of a column, and the rows of which they cannot be read.
struct Taken {
    values: ArrayRef,
    unreadable: Vec<Unreadable>,
}

/// A value that cannot be read.
struct Unreadable {
    row: usize,
    /// What stands there.
    text: String,
    /// Where it stands.
    place: Elsewhere,
}

/// What a column takes over; nothing from a table that a test draws without the value.
fn taken_over(
    own: &StagedTable<'_>,
    id: ColumnId,
    other: &StagedTable<'_>,
    joined: Joined,
    means: Means<'_>,
) -> Result<Option<Taken>, ArrowError> {
    let values = &other.columns[joined.column.0 as usize];
    let Some(ids) = own.ids().filter(|_| other.source.is_some() || values.null_count() < values.len()) else {
        return Ok(None);
    };
    let leading = Leading::of(other, joined, means)?;
    let unread = unread(other, joined.column);
    let mut unreadable = Vec::new();
    let mut rows = Vec::with_capacity(ids.len());
    for row in 0..ids.len() {
        let id = Id::of(ids, row);
        let found = id.and_then(|id| leading.rows(id));
        // Of a row still to come, the cut sees that it lies ahead, and takes along what is known
        // with it.
        rows.push(if found.is_some() { found.and_then(Found::one) } else { id.and_then(|id| leading.to_come(id)) });
        let text = match found {
            Some(Found::Differing(all)) => Some((all[0], format!("{} rows of `{}`", all.len(), other.table.name))),
            Some(Found::One(from)) => unread.get(from).map(|text| (*from, text.clone())),
            None => None,
        };
        unreadable.extend(text.map(|(from, text)| Unreadable { row, text, place: other.elsewhere(from as usize) }));
    }
    let rows = UInt32Array::from(rows);
    let scratch = means.scratch;
    let before = &own.columns[id.0 as usize];
    let taken = scratch.stretches(rows.len()).map(|range| -> Result<ArrayRef, ArrowError> {
        let (rows, before) = (rows.slice(range.start, range.len()), before.slice(range.start, range.len()));
        let found = BooleanArray::from_iter(rows.iter().map(|row| Some(row.is_some())));
        zip(&found, &take(values, &rows, None)?, &before)
    });
    let values = scratch.join(taken)?.unwrap_or_else(|| before.clone());
    Ok(Some(Taken { values, unreadable }))
}

/// The rows that lead to one row.
enum Found {
    /// One, or the first of several that are the same.
    One(u32),
    /// Several that differ.
    Differing(Vec<u32>),
}

impl Found {
    fn one(&self) -> Option<u32> {
        match self {
            Self::One(row) => Some(*row),
            Self::Differing(_) => None,
        }
    }
}

/// The rows of the other table by the id that they lead to: those that are there, and one of those
/// that are still to come.
struct Leading<'s> {
    there: HashMap<Id<'s>, Found>,
    to_come: HashMap<Id<'s>, u32>,
}

impl<'s> Leading<'s> {
    fn of(other: &'s StagedTable<'_>, joined: Joined, means: Means<'_>) -> Result<Self, ArrowError> {
        let later = means.as_of.map(|as_of| as_of_cut::begin_later(other, as_of)).unwrap_or_default();
        let later: BTreeSet<usize> = later.into_iter().collect();
        let links = &other.columns[joined.via.0 as usize];
        let compare = comparators(other.table.columns().map(|(id, _)| &other.columns[id.0 as usize]))?;
        let mut found: HashMap<Id<'_>, Found> = HashMap::new();
        let mut to_come: HashMap<Id<'_>, u32> = HashMap::new();
        for (row, id) in (0..links.len()).filter_map(|row| Some((row, Id::of(links, row)?))) {
            let row_number = row as u32;
            if later.contains(&row) {
                to_come.entry(id).or_insert(row_number);
                continue;
            }
            match found.get_mut(&id) {
                None => drop(found.insert(id, Found::One(row_number))),
                Some(Found::One(first)) if alike(&compare, *first, row_number) => {}
                Some(one @ Found::One(_)) => {
                    let first = one.one();
                    *one = Found::Differing(first.into_iter().chain([row_number]).collect());
                }
                Some(Found::Differing(all)) => all.push(row_number),
            }
        }
        Ok(Self { there: found, to_come })
    }

    fn rows<'a>(&'a self, id: Id<'a>) -> Option<&'a Found> {
        self.there.get(&id)
    }

    fn to_come(&self, id: Id<'_>) -> Option<u32> {
        self.to_come.get(&id).copied()
    }
}

/// Whether two rows are the same in every column that is read.
fn alike(compare: &[DynComparator], one: u32, other: u32) -> bool {
    compare.iter().all(|compare| compare(one as usize, other as usize).is_eq())
}

/// The rows whose value in this column is there and cannot be read, or is missing and may not be,
/// with what is written.
fn unread(staged: &StagedTable<'_>, id: ColumnId) -> BTreeMap<u32, String> {
    let mut found = BTreeMap::new();
    let column = staged.table.column(id);
    let nothing = || format!("no `{}` in `{}`", column.name, staged.table.name);
    for (_, word, rows) in staged.rejects.unknown.words().filter(|(of, ..)| *of == id) {
        let text = word.filter(|word| !word.is_empty()).map_or_else(nothing, str::to_owned);
        found.extend(rows.iter().map(|row| (*row, text.clone())));
    }
    if !staged.table.places(id) {
        return found;
    }
    // Of a value that sets its row aside, only some are kept as they are written.
    let values = &staged.columns[id.0 as usize];
    let without_end: BTreeSet<u32> = staged.rejects.without_end.iter().copied().collect();
    let broken = |row: &usize| values.is_null(*row) && (!column.optional || without_end.contains(&(*row as u32)));
    found.extend((0..values.len()).filter(broken).map(|row| (row as u32, nothing())));
    let examples = staged.rejects.tallies.iter().filter(|((_, of), _)| *of == Some(id)).flat_map(|(_, t)| &t.examples);
    for (row, text) in examples.filter(|(_, text)| !text.is_empty()) {
        found.entry(*row as u32).and_modify(|written| written.clone_from(text));
    }
    found
}

/// Puts the values of a column in their place.
fn put(staged: &mut StagedTable<'_>, id: ColumnId, taken: Taken) {
    staged.columns[id.0 as usize] = taken.values;
    let table = staged.table;
    for Unreadable { row, text, place } in taken.unreadable {
        staged.note_elsewhere(row, id, place);
        if !table.places(id) {
            staged.rejects.unknown.add(row, Rule::Unreadable, id, text);
        } else {
            let rule = if table.has_open_end(id) { Rule::UnreadableEnd } else { Rule::Unreadable };
            staged.rejects.set_aside(row, rule, Some(id), || text);
        }
    }
}
