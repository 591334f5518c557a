//! `peers by COLUMN`: which column of a level's table says which of its entities are alike enough
//! to compare.

use super::declared::{Declared, repeated};
use super::model::{column_named, member_name};
use crate::diag::{Diagnostic, Diagnostics, code};
use crate::model::{ColumnId, ColumnType, Model, Table, TableId};
use crate::source::Span;
use crate::syntax::ast::{self, Member, Name};

/// Puts the column of each table's `peers by` into the model.
pub(super) fn build(model: &mut Model, declared: &Declared, out: &mut Diagnostics) {
    for (number, decl) in declared.tables.iter().enumerate() {
        let mut lines = decl.members.iter().filter_map(line);
        let Some((column, span)) = lines.next() else { continue };
        if let Some((_, second)) = lines.next() {
            let message = format!("table `{}` has two `peers by` lines", decl.name.value);
            out.push(
                repeated(code::PEERS, message, second, span)
                    .help("keep the one whose column says which entities can be compared"),
            );
        }
        if is_no_level(model, number) {
            let message = format!("`{}` is not a level, so its rows have no peers", decl.name.value);
            let tables = model.hierarchies.iter().flat_map(|of| &of.levels).filter(|l| l.table.is_some());
            let levels: Vec<_> = tables.map(|l| format!("`{}`", l.name)).collect();
            let help = format!("write the line in the table of a level: {}", levels.join(", "));
            out.push(Diagnostic::new(code::PEERS, span, message).help(help));
            continue;
        }
        let found = column_of(&model.tables[number], decl, column, out);
        model.tables[number].peers = found;
    }
}

fn line(member: &Member) -> Option<(&Name, Span)> {
    match member {
        Member::Peers { column, span } => Some((column, *span)),
        Member::Key { .. }
        | Member::Column { .. }
        | Member::Link { .. }
        | Member::Back { .. }
        | Member::Derived { .. }
        | Member::Rule { .. }
        | Member::Attribute { .. }
        | Member::Spans { .. }
        | Member::Begins { .. } => None,
    }
}

/// Whether no level has this table; without levels there is another mistake to mend first.
fn is_no_level(model: &Model, table: usize) -> bool {
    let table = TableId(u16::try_from(table).unwrap_or(u16::MAX));
    model.has_sound_levels() && !model.is_level(table)
}

fn column_of(table: &Table, decl: &ast::Table, name: &Name, out: &mut Diagnostics) -> Option<ColumnId> {
    let tells = |ty: &ColumnType| matches!(ty, ColumnType::Text | ColumnType::Codes(_));
    let Some(id) = column_named(table, decl, name, "columns of text or codes", |c| tells(&c.ty), out) else {
        if decl.members.iter().any(|m| !matches!(m, Member::Column { .. }) && has_name(m, name)) {
            out.push(refused(name, "is not a column of the file"));
        }
        return None;
    };
    let is = match &table.column(id).ty {
        ColumnType::Text | ColumnType::Codes(_) => return Some(id),
        ColumnType::Key => "is the key, which no two rows share",
        ColumnType::Link(_) => "is a link",
        ColumnType::Bool | ColumnType::Int | ColumnType::Decimal(_) => "is neither text nor a list of words",
        ColumnType::Date => "is a date",
        ColumnType::Timestamp => "is a time",
    };
    out.push(refused(name, is));
    None
}

fn has_name(member: &Member, name: &Name) -> bool {
    member_name(member).is_some_and(|n| n.value == name.value)
}

fn refused(name: &Name, is: &str) -> Diagnostic {
    Diagnostic::new(code::PEERS, name.span, format!("`{}` {is}", name.value))
        .help("peers have the same word in a column of type `text` or `{ a, b }`: name such a column")
}
