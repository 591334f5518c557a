//! What indicators speak of while they are checked: the model, and the texts behind its derived
//! names and named sets.

use super::declared::{Codes, Rows};
use super::define::Derived;
use super::keys::Keys;
use super::named::Definition;
use super::references::Kind;
use super::unread::Unread;
use crate::ir::WordList;
use crate::model::{ColumnId, ColumnType, Model, TableId};
use crate::syntax::ast::Text;
use std::collections::{BTreeMap, BTreeSet};

/// Everything declared that an expression may name.
#[derive(Debug, Clone)]
pub(super) struct World<'a> {
    pub(super) model: Model,
    /// Where all of it is declared.
    pub(super) keys: Keys<'a>,
    /// Those with columns of their own.
    pub(super) tables: BTreeMap<&'a str, TableId>,
    /// The names of those whose rows are the words of a list.
    pub(super) of_words: BTreeSet<&'a str>,
    pub(super) domains: BTreeMap<&'a str, usize>,
    /// What was declared by table and name, right or wrong.
    pub(super) members: Vec<BTreeMap<&'a str, Member<'a>>>,
    /// The words of all lists.
    pub(super) words: BTreeSet<&'a str>,
    /// The words of each list by their alphabet: their places in it.
    pub(super) by_alphabet: BTreeMap<(TableId, ColumnId), Vec<u16>>,
    /// Tables with a `spans` line, right or wrong.
    pub(super) spans_declared: BTreeSet<TableId>,
    /// Named sets, `define`s and tables that are declared with a mistake.
    pub(super) broken: BTreeSet<&'a str>,
    /// The names of declarations that could not be read.
    pub(super) unread: Unread<'a>,
    /// Derived columns, `define`s and rules by table and name.
    pub(super) derived: Vec<Derived<'a>>,
    /// The rules of each table, in their order.
    pub(super) rules: Vec<Vec<(Definition<'a>, &'a Text)>>,
    pub(super) codes: BTreeMap<&'a str, Codes<'a>>,
    pub(super) rows: BTreeMap<&'a str, (TableId, Rows<'a>)>,
}

/// What a name means on a row.
#[derive(Debug, Clone, Copy)]
pub(super) enum Member<'a> {
    Column(ColumnId),
    /// A derived column or a rule.
    Derived(Definition<'a>),
    /// The n-th back link.
    Back(usize),
    /// The n-th dated link.
    Dated(usize),
    Days,
    LastDay,
    /// Declared, with a mistake that has been reported.
    Broken,
}

impl<'a> World<'a> {
    /// What `name` means on a row of `table`.
    pub(super) fn member(&self, table: TableId, name: &str) -> Option<Member<'a>> {
        let declared = self.members.get(usize::from(table.0)).and_then(|of| of.get(name)).copied();
        match (declared, name) {
            (None | Some(Member::Broken), "days" | "last_day") if self.spans_declared.contains(&table) => {
                Some(match (self.model.table(table).spans, name) {
                    (None, _) => Member::Broken,
                    (Some(_), "days") => Member::Days,
                    (Some(_), _) => Member::LastDay,
                })
            }
            _ => declared,
        }
    }

    /// The derived columns, rules and named sets of rows, with their texts.
    pub(super) fn definitions(&self) -> Vec<Definition<'a>> {
        let derived = self.derived.iter().flat_map(|derived| derived.values().copied());
        let rows = self.rows.values().copied();
        let rows =
            rows.map(|(table, set)| Definition { name: set.name, value: set.condition, kind: Kind::Rows, table });
        derived.chain(rows).collect()
    }

    /// Whether a name is declared with a mistake, or in a text that could not be read: a use of it
    /// is no further mistake.
    pub(super) fn is_broken(&self, name: &str) -> bool {
        self.broken.contains(name) || self.unread.contains(name)
    }

    /// The column of this name in the file.
    pub(super) fn column(&self, table: TableId, name: &str) -> Option<ColumnId> {
        match self.members.get(usize::from(table.0))?.get(name)? {
            Member::Column(column) => Some(*column),
            Member::Derived(..)
            | Member::Back(_)
            | Member::Dated(_)
            | Member::Days
            | Member::LastDay
            | Member::Broken => None,
        }
    }

    /// The rules of a table, in their order, with their texts for people.
    pub(super) fn rules(&self, table: TableId) -> &[(Definition<'a>, &'a Text)] {
        self.rules.get(usize::from(table.0)).map_or(&[], Vec::as_slice)
    }

    /// Every name that means something on a row of `table`.
    pub(super) fn names(&self, table: TableId) -> Vec<&str> {
        let t = self.model.table(table);
        let mut names: Vec<&str> = t.columns.iter().map(|c| c.name.as_str()).collect();
        names.extend(self.derived.get(usize::from(table.0)).into_iter().flat_map(|d| d.keys().copied()));
        names.extend(t.backs.iter().map(|b| b.name.as_str()));
        names.extend(t.dated.iter().map(|d| d.name.as_str()));
        if t.spans.is_some() {
            names.extend(["days", "last_day"]);
        }
        names
    }

    /// The place of a word in a list.
    pub(super) fn word(&self, list: WordList, word: &str) -> Option<u16> {
        match list {
            WordList::Weekdays => {
                let place = list.words(&self.model).iter().position(|known| *known == word);
                place.and_then(|place| u16::try_from(place).ok())
            }
            WordList::Column(table, column) => {
                // Lists may be long, and are asked for every word of a text.
                let ColumnType::Codes(words) = &self.model.table(table).column(column).ty else { return None };
                let places = self.by_alphabet.get(&(table, column))?;
                let found = places.binary_search_by(|i| words[usize::from(*i)].as_str().cmp(word)).ok()?;
                places.get(found).copied()
            }
        }
    }

    /// Whether some list has this word.
    pub(super) fn is_word(&self, word: &str) -> bool {
        self.words.contains(word) || WordList::OWN.into_iter().any(|list| self.word(list, word).is_some())
    }

    /// The name of a table.
    pub(super) fn table_name(&self, table: TableId) -> &str {
        &self.model.table(table).name
    }
}
