//! Ids that are made of two columns, and the columns of other tables that lead to them.

use super::links::{Key, MOST, NAMED, Named, may_be_id};
use super::profile::{Column, hash};
use std::collections::HashSet;

/// Two columns that are the id of a table's rows together, and those that lead to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pair {
    pub(super) table: usize,
    pub(super) columns: [usize; 2],
    pub(super) links: Vec<PairLink>,
}

/// Two columns of a table by which its rows lead to one with an id of two columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct PairLink {
    pub(super) from: usize,
    pub(super) columns: [usize; 2],
}

/// The pairs of tables without a key: columns without gaps that no two rows share, and that stand
/// by the same names in another table, which leads here by them.
pub(super) fn pairs(tables: &[Named<'_>], keys: &[Option<Key>]) -> Vec<Pair> {
    let without = tables.iter().zip(keys).enumerate().filter(|(_, (_, key))| key.is_none());
    without.filter_map(|(at, (table, _))| pair(at, table, tables)).collect()
}

fn pair(at: usize, table: &Named<'_>, tables: &[Named<'_>]) -> Option<Pair> {
    let whole = |column: &Column| column.missing as f64 <= (1.0 - MOST) * column.rows as f64;
    let may_be = |number: &usize| {
        let (column, held) = (table.table.columns.get(*number), table.held.get(*number));
        column.is_some_and(whole) && held.is_some_and(may_be_id)
    };
    let columns: Vec<usize> = (0..table.columns.len()).filter(may_be).collect();
    let both = columns.iter().enumerate().flat_map(|(n, a)| columns.iter().skip(n + 1).map(move |b| [*a, *b]));
    for columns in both {
        let Some(values) = values(table, columns) else { continue };
        let different: HashSet<u64> = values.iter().copied().collect();
        if values.is_empty() || (different.len() as f64) < MOST * values.len() as f64 {
            continue;
        }
        let others = tables.iter().enumerate().filter(|(other, _)| *other != at);
        let links: Vec<PairLink> =
            others.filter_map(|(from, other)| link((from, other), table, columns, &different)).collect();
        if !links.is_empty() {
            return Some(Pair { table: at, columns, links });
        }
    }
    None
}

/// The columns of the same names, where most of their values are ids there.
fn link((from, of): (usize, &Named<'_>), to: &Named<'_>, columns: [usize; 2], ids: &HashSet<u64>) -> Option<PairLink> {
    let same = |column: usize| {
        let name = to.columns.get(column)?;
        of.columns.iter().position(|own| own == name)
    };
    let columns = [same(columns[0])?, same(columns[1])?];
    let values = values(of, columns)?;
    let there = values.iter().filter(|value| ids.contains(value)).count();
    (!values.is_empty() && there as f64 >= NAMED * values.len() as f64).then_some(PairLink { from, columns })
}

/// The values of two columns in the first rows that have both.
fn values(of: &Named<'_>, [a, b]: [usize; 2]) -> Option<Vec<u64>> {
    let (a, b) = (of.table.columns.get(a)?, of.table.columns.get(b)?);
    let both = a.kept.iter().zip(&b.kept).filter_map(|(a, b)| Some((a.as_ref()?, b.as_ref()?)));
    // A sign that stands in no line of a file keeps `ab` and `c` apart from `a` and `bc`.
    Some(both.map(|(a, b)| hash(&format!("{a}\n{b}"))).collect())
}
