//! Names for conditions and values of a table's rows: derived columns and rules, which stand in the
//! table, and `define`s, which stand anywhere. They mean the same.

use super::declared::{Declared, refuse_reserved, twice};
use super::model::{Tables, find_table, member_name, rule};
use super::named::Definition;
use super::references::Kind;
use crate::diag::{Diagnostic, Diagnostics, code};
use crate::model::TableId;
use crate::source::Span;
use crate::syntax::ast;
use std::collections::BTreeMap;

/// The names of one table's rows, each with what it stands for.
pub(super) type Derived<'a> = BTreeMap<&'a str, Definition<'a>>;

/// The derived names of each table, in the order of the tables. Of two with one name the first
/// stays, and columns and links come before `define`s.
pub(super) fn derived<'a>(declared: &Declared<'a>, ids: &Tables, out: &mut Diagnostics) -> Vec<Derived<'a>> {
    for define in &declared.defines {
        refuse_reserved(&define.name, out);
        if let Some(set) = declared.rows.iter().find(|rows| rows.name.value == define.table.value) {
            let message = format!("`{}` is a set of rows, and not a table", define.table.value);
            let help = format!("write `of {}`: the name can be used of all its rows", set.table.value);
            out.push(Diagnostic::new(code::UNKNOWN_TABLE, define.table.span, message).help(help));
        } else {
            find_table(&define.table, ids, out);
        }
    }
    let defines = by_table(declared);
    let of = |(number, table): (usize, &'a ast::Table)| {
        let id = TableId(number as u16);
        let mut names: BTreeMap<&str, Span> = BTreeMap::new();
        for name in table.members.iter().filter_map(member_name) {
            names.entry(&name.value).or_insert(name.span);
        }
        let mut all = own(id, table);
        for define in defines.get(table.name.value.as_str()).into_iter().flatten() {
            if let Some(first) = names.get(define.name.value.as_str()) {
                let finding = twice("name", &define.name, *first);
                out.push(finding.help(format!("each name means one thing on a row of `{}`", table.name.value)));
                continue;
            }
            names.insert(&define.name.value, define.name.span);
            let (name, value) = (&define.name, &define.value);
            all.insert(&name.value, Definition { name, value, kind: Kind::Derived, table: id });
        }
        all
    };
    declared.tables.iter().copied().enumerate().map(of).collect()
}

/// The derived columns and rules that stand in the table itself.
fn own(id: TableId, table: &ast::Table) -> Derived<'_> {
    let mut all = BTreeMap::new();
    for member in &table.members {
        let definition = match member {
            ast::Member::Derived { name, value } => Some(Definition { name, value, kind: Kind::Derived, table: id }),
            other => rule(id, other).map(|(definition, _)| definition),
        };
        if let Some(definition) = definition {
            all.entry(definition.name.value.as_str()).or_insert(definition);
        }
    }
    all
}

/// The `define`s of each table, by its name.
pub(super) fn by_table<'a>(declared: &Declared<'a>) -> BTreeMap<&'a str, Vec<&'a ast::Define>> {
    let mut all: BTreeMap<&str, Vec<&ast::Define>> = BTreeMap::new();
    for define in &declared.defines {
        all.entry(&define.table.value).or_default().push(define);
    }
    all
}
