//! What is declared, by the names of the tables: also where the check found a mistake, since an
//! editor is asked then.

use super::Definitions;
use crate::check::references::Kind;
use crate::syntax::ast::{ColumnType, Expr, ExprKind, Item, Member as Line, Name, Table};
use std::collections::BTreeMap;

/// All declarations of the texts.
#[derive(Debug, Default)]
pub(super) struct Declared<'a> {
    /// The tables by name.
    pub(super) tables: BTreeMap<&'a str, Members<'a>>,
    /// Named sets of rows, each with the table of the rows.
    pub(super) rows: BTreeMap<&'a str, &'a str>,
    /// Named sets of codes.
    pub(super) codes: Vec<&'a Name>,
    /// Indicators.
    pub(super) indicators: Vec<&'a Name>,
    /// Domains.
    pub(super) domains: Vec<&'a Name>,
    /// Breakdowns.
    pub(super) groups: Vec<&'a Name>,
    /// Levels of every hierarchy.
    pub(super) levels: Vec<&'a Name>,
}

/// The members of a table, in the order of declaration; those of a `define` last.
#[derive(Debug, Default)]
pub(super) struct Members<'a> {
    /// What a row is, in words.
    pub(super) title: Option<&'a str>,
    pub(super) list: Vec<Member<'a>>,
    /// Whether its rows are stays.
    pub(super) spans: bool,
}

/// A name on a row of a table.
#[derive(Debug, Clone, Copy)]
pub(super) struct Member<'a> {
    pub(super) name: &'a Name,
    pub(super) kind: Kind,
    /// The table of the row or the rows that it leads to.
    pub(super) leads_to: Option<&'a str>,
    /// The words of its list.
    pub(super) words: &'a [Name],
}

impl<'a> Declared<'a> {
    /// All that the texts declare.
    pub(super) fn of(definitions: &'a Definitions) -> Self {
        let mut all = Self::default();
        let items = || definitions.asts().iter().flat_map(|ast| &ast.items);
        items().for_each(|item| all.add(item));
        for item in items() {
            match item {
                Item::Table(table) => table.members.iter().for_each(|line| all.lead(&table.name, line)),
                Item::Define(define) => {
                    let leads_to = all.beside(&define.value);
                    let member = Member { name: &define.name, kind: Kind::Derived, leads_to, words: &[] };
                    all.tables.entry(define.table.value.as_str()).or_default().list.push(member);
                }
                _ => {}
            }
        }
        all
    }

    /// Of a derived column that is the row before or after another: to which table it leads.
    fn lead(&mut self, table: &'a Name, line: &'a Line) {
        let Line::Derived { name, value } = line else { return };
        let leads_to = self.beside(value);
        let members = self.tables.get_mut(table.value.as_str());
        let member = members.and_then(|of| of.list.iter_mut().find(|member| member.name.span == name.span));
        member.into_iter().for_each(|member| member.leads_to = leads_to);
    }

    fn add(&mut self, item: &'a Item) {
        match item {
            Item::Levels(levels) => self.levels.extend(&levels.levels),
            Item::Domains(domains) => self.domains.extend(domains.iter().map(|(name, _)| name)),
            Item::Table(table) => {
                self.tables.insert(table.name.value.as_str(), members(table));
            }
            Item::Codes { name, .. } => self.codes.push(name),
            Item::Rows { name, table, .. } => {
                self.rows.insert(name.value.as_str(), table.value.as_str());
            }
            Item::Groups(groups) => self.groups.push(&groups.name),
            Item::Indicator(indicator) => self.indicators.push(&indicator.name),
            Item::MissingDates(_)
            | Item::MissingWords(_)
            | Item::HeadersIgnoreCase
            | Item::Quality(_)
            | Item::BusinessDays(_)
            | Item::Times { .. }
            | Item::Define(_)
            | Item::Scorecard(_)
            | Item::Plan(_)
            | Item::Test(_) => {}
        }
    }

    /// The table of the rows that a name stands for: itself, or that of a named set of rows.
    pub(super) fn table_of(&self, name: &'a str) -> Option<&'a str> {
        let table = self.rows.get(name).copied().unwrap_or(name);
        self.tables.get_key_value(table).map(|(name, _)| *name)
    }

    /// A member of a row.
    pub(super) fn member(&self, table: &str, name: &str) -> Option<&Member<'a>> {
        self.tables.get(table)?.list.iter().find(|member| member.name.value == name)
    }

    /// The table of the row that the row before or after another is of.
    pub(super) fn beside(&self, value: &'a Expr) -> Option<&'a str> {
        match &value.kind {
            ExprKind::Beside(beside) => self.table_of(beside.table.value.as_str()),
            _ => None,
        }
    }
}

fn members(table: &Table) -> Members<'_> {
    let spans = table.members.iter().any(|line| matches!(line, Line::Spans { .. }));
    let list = table.members.iter().filter_map(member).collect();
    Members { title: table.title.as_ref().map(|title| title.value.as_str()), list, spans }
}

fn member(line: &Line) -> Option<Member<'_>> {
    let (name, kind, leads_to, words): (_, _, _, &[Name]) = match line {
        Line::Key { name, .. } => (name, Kind::Key, None, &[]),
        Line::Column { name, ty, .. } => {
            let words: &[Name] = match ty {
                ColumnType::Codes(words) => words,
                ColumnType::Named(_) | ColumnType::Digits(..) => &[],
            };
            (name, Kind::Column, None, words)
        }
        Line::Link { name, target, through, .. } => {
            let kind = if through.is_some() { Kind::DatedLink } else { Kind::Link };
            (name, kind, Some(target.value.as_str()), &[])
        }
        Line::Back { name, table, .. } => (name, Kind::BackLink, Some(table.value.as_str()), &[]),
        Line::Derived { name, .. } => (name, Kind::Derived, None, &[]),
        Line::Rule { name, .. } => (name, Kind::Rule, None, &[]),
        Line::Spans { .. } | Line::Peers { .. } | Line::Attribute { .. } | Line::Begins { .. } => return None,
    };
    Some(Member { name, kind, leads_to, words })
}
