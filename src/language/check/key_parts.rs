//! Ids that are made of several columns of the file: `from "OFFICE" and "CARRIER"`, of a key and of
//! the links to it.

use super::declared::{Declared, repeated};
use crate::diag::{Diagnostic, Diagnostics, code};
use crate::model::{Column, Model};
use crate::source::Span;
use crate::syntax::ast::{self, Member, Name, Text};
use std::collections::BTreeMap;

/// More columns than these identify nothing that a reader could check.
const MANY_PARTS: usize = 8;

/// The columns of the file that a member names, unless an id cannot be made of them.
pub(super) fn sound<'a>(name: &Name, from: &'a [Text], out: &mut Diagnostics) -> &'a [Text] {
    if let Some(beyond) = from.get(MANY_PARTS) {
        let message = format!("`{}` is made of more than {MANY_PARTS} columns", name.value);
        let help = "name the columns that are needed to tell the rows apart";
        out.push(Diagnostic::new(code::KEY_PARTS, beyond.span, message).help(help));
    }
    let mut seen: BTreeMap<&str, Span> = BTreeMap::new();
    for part in from.iter().take(MANY_PARTS) {
        if let Some(first) = seen.insert(&part.value, part.span) {
            let message = format!("`{}` is made of the column `{}` twice", name.value, part.value);
            out.push(repeated(code::KEY_PARTS, message, part.span, first).help("name it once"));
        }
    }
    from.get(..MANY_PARTS).unwrap_or(from)
}

/// What is shown as the name of such columns in the file; none where the model names none.
pub(super) fn file_name(from: &[Text]) -> Option<String> {
    let names: Vec<&str> = from.iter().map(|name| name.value.as_str()).collect();
    (!names.is_empty()).then(|| names.join(" and "))
}

/// The column with those that make up its id, where there are several.
pub(super) fn with_parts(mut column: Column, from: &[Text]) -> Column {
    if from.len() > 1 {
        let part = |name: &Text| Column { file_name: name.value.clone(), ..column.clone() };
        column.parts = from.iter().map(part).collect();
    }
    column
}

/// A link is made of as many columns as the key that it leads to.
pub(super) fn links(model: &Model, declared: &Declared, out: &mut Diagnostics) {
    for (table, decl) in model.tables.iter().zip(&declared.tables) {
        for column in &table.columns {
            let Some(target) = column.target().map(|to| model.table(to)) else { continue };
            let Some(key) = target.key.map(|key| target.column(key)) else { continue };
            if column.parts.len() != key.parts.len() {
                out.push(other_number(column, key, &target.name, decl));
            }
        }
    }
}

fn other_number(column: &Column, key: &Column, target: &str, decl: &ast::Table) -> Diagnostic {
    let is = |member: &&Member| matches!(member, Member::Link { name, .. } if name.value == column.name);
    let (place, named) = match decl.members.iter().find(is) {
        Some(Member::Link { name, from, .. }) => (from.first().map_or(name.span, |text| text.span), !from.is_empty()),
        _ => (decl.span, true),
    };
    let columns = |of: &Column| match of.in_file() {
        [only] => format!("of the column `{}`", only.file_name),
        several => format!("of {} columns", several.len()),
    };
    let (own, theirs) = (columns(column), columns(key));
    let message = format!("`{}` is made {own}, and the key of `{target}` {theirs}", column.name);
    let written: Vec<String> = key.file_names().map(|name| format!("\"{name}\"")).collect();
    let help = match key.in_file() {
        [_] if named => "name one column".to_owned(),
        _ => format!(
            "name the columns of this file in the same order, as in `{} -> {target} from {}`",
            column.name,
            written.join(" and ")
        ),
    };
    Diagnostic::new(code::KEY_PARTS, place, message).help(help)
}
