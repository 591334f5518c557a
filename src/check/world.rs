//! What indicators speak of while they are checked: the model, and the texts behind its derived names and named sets.

use super::declared::{Codes, Rows};
use crate::model::{ColumnId, ColumnType, Model, TableId};
use crate::syntax::ast::{Expr, Name};
use std::collections::{BTreeMap, BTreeSet};

/// Everything declared that an expression may name.
#[derive(Debug)]
pub(super) struct World<'a> {
    pub(super) model: Model,
    /// Names of members by table as declared, those with mistakes included.
    pub(super) declared: Vec<BTreeSet<&'a str>>,
    /// Tables with a `spans` line, right or wrong.
    pub(super) spans_declared: BTreeSet<TableId>,
    /// Named sets and tables that are declared with a mistake; a use of one is no further mistake.
    pub(super) broken: BTreeSet<&'a str>,
    /// Some declaration could not be read.
    pub(super) unread: bool,
    /// Derived columns by table and name.
    pub(super) derived: Vec<BTreeMap<&'a str, (&'a Name, &'a Expr)>>,
    pub(super) codes: BTreeMap<&'a str, Codes<'a>>,
    pub(super) rows: BTreeMap<&'a str, (TableId, Rows<'a>)>,
}

/// What a name means on a row.
#[derive(Debug, Clone, Copy)]
pub(super) enum Member<'a> {
    Column(ColumnId),
    Derived(&'a Expr),
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
        let t = self.model.table(table);
        if let Some(column) = t.find(name) {
            return Some(Member::Column(column));
        }
        if let Some((_, value)) = self.derived.get(usize::from(table.0)).and_then(|d| d.get(name)) {
            return Some(Member::Derived(value));
        }
        if let Some(i) = t.backs.iter().position(|b| b.name == name) {
            return Some(Member::Back(i));
        }
        if let Some(i) = t.dated.iter().position(|d| d.name == name) {
            return Some(Member::Dated(i));
        }
        match name {
            "days" if t.spans.is_some() => Some(Member::Days),
            "last_day" if t.spans.is_some() => Some(Member::LastDay),
            "days" | "last_day" if self.spans_declared.contains(&table) => Some(Member::Broken),
            _ => self.declared.get(usize::from(table.0)).filter(|names| names.contains(name)).map(|_| Member::Broken),
        }
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

    /// The words of a column's list.
    pub(super) fn words(&self, table: TableId, column: ColumnId) -> &[String] {
        match &self.model.table(table).column(column).ty {
            ColumnType::Codes(words) => words,
            ColumnType::Key
            | ColumnType::Link(_)
            | ColumnType::Text
            | ColumnType::Bool
            | ColumnType::Int
            | ColumnType::Date
            | ColumnType::Timestamp => &[],
        }
    }

    /// Whether some column has this word in its list.
    pub(super) fn is_word(&self, word: &str) -> bool {
        let mut columns = self.model.tables.iter().flat_map(|t| &t.columns);
        columns.any(|c| matches!(&c.ty, ColumnType::Codes(words) if words.iter().any(|w| w == word)))
    }

    /// The name of a table.
    pub(super) fn table_name(&self, table: TableId) -> &str {
        &self.model.table(table).name
    }
}
