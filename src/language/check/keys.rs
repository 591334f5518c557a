//! Where everything is declared that a name can mean, by what it is found with.

use super::declared::Declared;
use super::references::{Key, Kind};
use crate::model::{ColumnId, Model, TableId};
use crate::source::Span;
use crate::syntax::ast::{self, Member, Name};
use std::collections::{BTreeMap, BTreeSet};

/// The keys of all declarations but those inside indicators. Of two with one name, that of the
/// first.
#[derive(Debug, Clone, Default)]
pub(super) struct Keys<'a> {
    tables: Vec<Key>,
    by_name: BTreeMap<&'a str, Key>,
    members: Vec<BTreeMap<&'a str, Key>>,
    words: BTreeMap<(TableId, ColumnId), Vec<Key>>,
    codes: BTreeMap<&'a str, Key>,
    rows: BTreeMap<&'a str, Key>,
    levels: BTreeMap<&'a str, Key>,
    domains: BTreeMap<&'a str, Key>,
    indicators: BTreeMap<&'a str, Key>,
    groups: BTreeMap<&'a str, Key>,
}

impl<'a> Keys<'a> {
    /// The keys of what was declared, right or wrong.
    pub(super) fn of(declared: &Declared<'a>, model: &Model) -> Self {
        let by_name = named(declared.tables.iter().map(|t| &t.name), Kind::Table);
        // Of several hierarchies with one whole, the first line declares it.
        let wholes = declared.levels.iter().rev().filter_map(|line| line.levels.first());
        // A level below the whole is the table of its name.
        let below = declared.levels.iter().flat_map(|line| line.levels.iter().skip(1));
        let tables = below.filter_map(|level| Some((level.value.as_str(), *by_name.get(level.value.as_str())?)));
        let defines = super::define::by_table(declared);
        let members = |table: &&'a ast::Table| members(table, defines.get(table.name.value.as_str()));
        Self {
            tables: declared.tables.iter().map(|t| (t.name.span, Kind::Table)).collect(),
            members: declared.tables.iter().map(members).collect(),
            words: words(declared, model),
            codes: named(declared.codes.iter().map(|c| c.name), Kind::Codes),
            rows: named(declared.rows.iter().map(|r| r.name), Kind::Rows),
            levels: tables.chain(wholes.map(|name| (name.value.as_str(), (name.span, Kind::Level)))).collect(),
            domains: named(declared.domains.iter().map(|(name, _)| *name), Kind::Domain),
            indicators: named(declared.indicators.iter().map(|i| &i.name), Kind::Indicator),
            groups: named(declared.groups.iter().map(|g| &g.name), Kind::Groups),
            by_name,
        }
    }

    /// A table, by its number.
    pub(super) fn table(&self, id: TableId) -> Option<Key> {
        self.tables.get(usize::from(id.0)).copied()
    }

    /// A table, by its name.
    pub(super) fn table_named(&self, name: &str) -> Option<Key> {
        self.by_name.get(name).copied()
    }

    /// What a name means on a row of a table.
    pub(super) fn member(&self, table: TableId, name: &str) -> Option<Key> {
        self.members.get(usize::from(table.0))?.get(name).copied()
    }

    /// A word of a column's list, by its place in it.
    pub(super) fn word(&self, table: TableId, column: ColumnId, place: u16) -> Option<Key> {
        self.words.get(&(table, column))?.get(usize::from(place)).copied()
    }

    /// A named set of codes.
    pub(super) fn codes(&self, name: &str) -> Option<Key> {
        self.codes.get(name).copied()
    }

    /// A named set of rows.
    pub(super) fn rows(&self, name: &str) -> Option<Key> {
        self.rows.get(name).copied()
    }

    /// A level.
    pub(super) fn level(&self, name: &str) -> Option<Key> {
        self.levels.get(name).copied()
    }

    /// A domain.
    pub(super) fn domain(&self, name: &str) -> Option<Key> {
        self.domains.get(name).copied()
    }

    /// An indicator.
    pub(super) fn indicator(&self, name: &str) -> Option<Key> {
        self.indicators.get(name).copied()
    }

    /// A breakdown.
    pub(super) fn groups(&self, name: &str) -> Option<Key> {
        self.groups.get(name).copied()
    }
}

fn named<'a>(names: impl Iterator<Item = &'a Name>, kind: Kind) -> BTreeMap<&'a str, Key> {
    first_of_each(names.map(|name| (name.value.as_str(), (name.span, kind))))
}

fn first_of_each<'a>(all: impl Iterator<Item = (&'a str, Key)>) -> BTreeMap<&'a str, Key> {
    let mut firsts = BTreeMap::new();
    for (name, key) in all {
        firsts.entry(name).or_insert(key);
    }
    firsts
}

/// What a line of a table declares, and its name.
pub(super) fn declares(member: &Member) -> Option<(&Name, Kind)> {
    match member {
        Member::Key { name, .. } => Some((name, Kind::Key)),
        Member::Column { name, .. } => Some((name, Kind::Column)),
        Member::Link { name, through: None, .. } => Some((name, Kind::Link)),
        Member::Link { name, through: Some(_), .. } => Some((name, Kind::DatedLink)),
        Member::Back { name, .. } => Some((name, Kind::BackLink)),
        Member::Derived { name, .. } => Some((name, Kind::Derived)),
        Member::Rule { name, .. } => Some((name, Kind::Rule)),
        Member::Attribute { .. } | Member::Spans { .. } | Member::Peers { .. } | Member::Begins { .. } => None,
    }
}

/// The word `spans` of a table's first line of that kind, where `days` and `last_day` come from.
pub(super) fn spans_word(table: &ast::Table) -> Option<Span> {
    table.members.iter().find_map(|member| match member {
        Member::Spans { span, .. } => Some(Span { end: span.start.saturating_add(5).min(span.end), ..*span }),
        Member::Key { .. }
        | Member::Column { .. }
        | Member::Link { .. }
        | Member::Back { .. }
        | Member::Derived { .. }
        | Member::Rule { .. }
        | Member::Attribute { .. }
        | Member::Peers { .. }
        | Member::Begins { .. } => None,
    })
}

fn members<'a>(table: &'a ast::Table, defines: Option<&Vec<&'a ast::Define>>) -> BTreeMap<&'a str, Key> {
    let written =
        table.members.iter().filter_map(declares).map(|(name, kind)| (name.value.as_str(), (name.span, kind)));
    let of_stay = spans_word(table).into_iter();
    let of_stay = of_stay.flat_map(|span| [("days", (span, Kind::Days)), ("last_day", (span, Kind::LastDay))]);
    let defines = defines.into_iter().flatten().map(|d| (d.name.value.as_str(), (d.name.span, Kind::Derived)));
    first_of_each(written.chain(defines).chain(of_stay))
}

/// The words of each list, in the order of the model.
fn words(declared: &Declared, model: &Model) -> BTreeMap<(TableId, ColumnId), Vec<Key>> {
    let mut all = BTreeMap::new();
    for ((id, table), written) in model.tables().zip(&declared.tables) {
        let columns: BTreeMap<&str, ColumnId> = table.columns().map(|(id, c)| (c.name.as_str(), id)).collect();
        for (name, words) in written.members.iter().filter_map(list) {
            let Some(column) = columns.get(name.value.as_str()) else { continue };
            let mut seen = BTreeSet::new();
            let firsts = words.iter().filter(|word| seen.insert(word.value.as_str()));
            all.entry((id, *column)).or_insert_with(|| firsts.map(|word| (word.span, Kind::Word)).collect());
        }
    }
    all
}

/// A column with a list of words, and the words.
pub(super) fn list(member: &Member) -> Option<(&Name, &[Name])> {
    match member {
        Member::Column { name, ty: ast::ColumnType::Codes(words), .. } => Some((name, words)),
        Member::Column { ty: ast::ColumnType::Named(_) | ast::ColumnType::Digits(..), .. }
        | Member::Key { .. }
        | Member::Link { .. }
        | Member::Back { .. }
        | Member::Derived { .. }
        | Member::Rule { .. }
        | Member::Attribute { .. }
        | Member::Spans { .. }
        | Member::Peers { .. }
        | Member::Begins { .. } => None,
    }
}
