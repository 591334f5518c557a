//! Keys, and the columns that hold keys of other tables.

use super::columns::{Held, Kind};
use super::names::says;
use super::profile::{Column, Table, hash};

/// So many values must be different, and so many rows have one, for a key: files have mistakes.
pub(super) const MOST: f64 = 0.98;
/// So many of the values must be keys of the other table, where the name speaks for it.
pub(super) const NAMED: f64 = 0.9;
/// Columns with fewer different values are links by their names only.
const TOLD: usize = 20;

/// A table with its name and the kinds of its columns.
#[derive(Debug)]
pub(super) struct Named<'t> {
    pub(super) table: &'t Table,
    pub(super) name: String,
    /// The names of its columns in the language.
    pub(super) columns: Vec<String>,
    pub(super) held: Vec<Held>,
}

/// A key, and how sure it is: by its name, or by its place alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Key {
    pub(super) column: usize,
    pub(super) by_name: bool,
}

/// A link to the key of a table.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Link {
    pub(super) to: usize,
    /// Whether its name says so, too.
    pub(super) by_name: bool,
    /// The share of its values that are keys there.
    pub(super) share: f64,
}

fn singular(name: &str) -> &str {
    name.strip_suffix('s').filter(|one| one.len() > 2 && !one.ends_with('s')).unwrap_or(name)
}

/// A name without what says that it is an id.
pub(super) fn without_id(name: &str) -> &str {
    ["_id", "_key", "_no", "_number", "_code"].into_iter().find_map(|ending| name.strip_suffix(ending)).unwrap_or(name)
}

pub(super) fn may_be_id(held: &Held) -> bool {
    matches!(held.kind, Kind::Text | Kind::Whole(_) | Kind::Words(_))
}

/// The key of each table.
pub(super) fn keys(tables: &[Named<'_>]) -> Vec<Option<Key>> {
    let mut keys: Vec<Option<Key>> = tables.iter().map(|table| key(table, tables)).collect();
    for (at, table) in tables.iter().enumerate() {
        let Some(own) = keys.get(at).copied().flatten().filter(|key| !key.by_name) else { continue };
        // The same column of a table that has all of these rows, and more.
        let elsewhere = tables.iter().zip(&keys).enumerate().any(|(other, (of, key))| {
            let Some(key) = key.filter(|_| other != at) else { return false };
            let (Some(mine), Some(theirs)) = (table.table.columns.get(own.column), of.table.columns.get(key.column))
            else {
                return false;
            };
            let more = of.table.rows > table.table.rows || of.table.rows == table.table.rows && other < at;
            mine.name.eq_ignore_ascii_case(&theirs.name) && more && share(mine, theirs) >= NAMED
        });
        if elsewhere {
            keys[at] = None;
        }
    }
    keys
}

fn key(of: &Named<'_>, tables: &[Named<'_>]) -> Option<Key> {
    let own = [of.name.as_str(), singular(&of.name)];
    let score = |(at, column): (usize, &Column)| -> Option<(i32, usize)> {
        let (name, held) = (of.columns.get(at)?, of.held.get(at)?);
        let present = column.present() as f64;
        let unique = column.present() > 0 && column.hashes.len() as f64 >= MOST * present;
        let whole = column.missing as f64 <= (1.0 - MOST) * column.rows as f64;
        if !(may_be_id(held) && unique && whole) || says(name, &["name", "title", "note", "comment", "label"]) {
            return None;
        }
        let bare = without_id(name);
        let of_other = tables.iter().any(|t| t.name != of.name && [t.name.as_str(), singular(&t.name)].contains(&bare));
        let by_name = if own.contains(&bare) && bare != name || name == "id" {
            4
        } else if of_other {
            -3
        } else {
            2 * i32::from(says(name, &["id", "key", "uuid", "ref"]))
        };
        Some((by_name, at))
    };
    let scored: Vec<(i32, usize)> = of.table.columns.iter().enumerate().filter_map(score).collect();
    let (by_name, column) = scored
        .into_iter()
        .map(|(score, at)| (score + i32::from(at == 0), at))
        .filter(|(score, _)| *score >= 1)
        .max_by_key(|(score, at)| (*score, std::cmp::Reverse(*at)))?;
    Some(Key { column, by_name: by_name > 1 })
}

/// The share of the first values of a column that are values of another.
fn share(column: &Column, of: &Column) -> f64 {
    column.share(|value| of.hashes.contains(&hash(value)))
}

/// What each column of a table links to.
pub(super) fn links(at: usize, tables: &[Named<'_>], keys: &[Option<Key>]) -> Vec<Option<Link>> {
    let Some(of) = tables.get(at) else { return Vec::new() };
    let own = keys.get(at).copied().flatten();
    let columns = of.table.columns.iter().zip(&of.columns).zip(&of.held).enumerate();
    columns
        .map(|(number, ((column, name), held))| {
            if !may_be_id(held) || own.is_some_and(|key| key.column == number) {
                return None;
            }
            let mut best: Option<Link> = None;
            for (to, (target, key)) in tables.iter().zip(keys).enumerate() {
                let found = key.and_then(|key| link(column, name, to, target, key)).filter(|_| column.present() > 0);
                if let Some(found) = found
                    && best.as_ref().is_none_or(|b| (found.by_name, found.share) > (b.by_name, b.share))
                {
                    best = Some(found);
                }
            }
            // Of the rows themselves, only a name or many values tell.
            best.filter(|link| link.to != at || link.by_name || column.hashes.len() >= TOLD)
        })
        .collect()
}

fn link(column: &Column, name: &str, to: usize, target: &Named<'_>, key: Key) -> Option<Link> {
    let (keys, key) = (target.table.columns.get(key.column)?, target.columns.get(key.column)?);
    let share = share(column, keys);
    let bare = without_id(name);
    let names = [target.name.as_str(), singular(&target.name)];
    let by_name = name == key && key != "id"
        || names.contains(&bare)
        || bare.split('_').next_back().is_some_and(|last| names.contains(&last));
    let long = column.values().take(50).all(|value| value.len() >= 3);
    let by_values = share >= MOST && column.hashes.len() >= TOLD && long;
    ((by_name && share >= NAMED) || by_values).then_some(Link { to, by_name, share })
}
