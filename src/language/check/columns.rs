//! The columns of a table from their lines: types, lists of words, how files write them.

use super::decimals;
use super::declared::{MANY, repeated};
use super::key_parts;
use super::model::{Tables, find_table};
use super::spelled;
use super::written;
use crate::diag::{Diagnostic, Diagnostics, code, suggest};
use crate::model::{Column, ColumnType, Counted, Known};
use crate::source::Span;
use crate::syntax::ast::{self, Name};
use std::collections::BTreeMap;

/// The types a column may be declared with.
const TYPES: [&str; 11] =
    ["date", "timestamp", "text", "bool", "int", "decimal", "days", "months", "years", "hours", "minutes"];

/// The column of a line; nothing where the line declares something else, or has a mistake.
pub(super) fn column(member: &ast::Member, ids: &Tables, out: &mut Diagnostics) -> Option<Column> {
    let (mut waits, mut unit, mut forms, mut words) = (false, None, Vec::new(), [].as_slice());
    let mut stands = None;
    let (name, ty, optional, read_as, from, default) = match member {
        ast::Member::Key { name, read_as, from } => {
            (name, ColumnType::Key, false, read_as, from.as_slice(), name.value.clone())
        }
        ast::Member::Column { name, ty, spelled, optional, not_yet, written, read_as, from, known: _, joined } => {
            stands = joined.as_ref().map(super::joined::file_name);
            words = spelled;
            unit = counted(ty);
            let ty = column_type(name, ty, out)?;
            waits = not_yet.is_some_and(|span| may_wait(name, &ty, *optional, span, out));
            forms = written::forms(name, &ty, written, out);
            (name, ty, *optional, read_as, from.as_slice(), name.value.clone())
        }
        ast::Member::Link { name, target, optional, through: None, read_as, from, known: _ } => {
            let target = find_table(target, ids, out)?;
            (name, ColumnType::Link(target), *optional, read_as, from.as_slice(), format!("{}_id", name.value))
        }
        ast::Member::Link { through: Some(_), .. }
        | ast::Member::Back { .. }
        | ast::Member::Derived { .. }
        | ast::Member::Rule { .. }
        | ast::Member::Attribute { .. }
        | ast::Member::Spans { .. }
        | ast::Member::Peers { .. }
        | ast::Member::Begins { .. } => return None,
    };
    let from = key_parts::sound(name, from, out);
    let file_name = key_parts::file_name(from).or(stands).unwrap_or(default);
    let known = Known::default();
    let read_as = written::read_as(name, &ty, read_as, !words.is_empty(), out);
    let spellings = spelled::spellings(name, &ty, words, read_as, out);
    let name = name.value.clone();
    let joined = None;
    let column = Column {
        name,
        file_name,
        ty,
        optional,
        not_yet: waits,
        counted: unit,
        known,
        forms,
        read_as,
        spellings,
        words: None,
        joined,
        parts: Vec::new(),
    };
    Some(key_parts::with_parts(column, from))
}

/// What the whole numbers of a column count, when its type is a length of time.
fn counted(ty: &ast::ColumnType) -> Option<Counted> {
    let ast::ColumnType::Named(word) = ty else { return None };
    match word.value.as_str() {
        "days" => Some(Counted::Days),
        "months" => Some(Counted::Months),
        "years" => Some(Counted::Years),
        "hours" => Some(Counted::Hours),
        "minutes" => Some(Counted::Minutes),
        _ => None,
    }
}

/// Whether `missing means not yet` can be said of a column: of a day or time that may be missing.
fn may_wait(name: &Name, ty: &ColumnType, optional: bool, span: Span, out: &mut Diagnostics) -> bool {
    let (message, help) = if !matches!(ty, ColumnType::Date | ColumnType::Timestamp) {
        (
            format!("`{}` is not a day or a time, so it cannot be still to come", name.value),
            "remove these words".to_owned(),
        )
    } else if !optional {
        let type_word = if *ty == ColumnType::Date { "date" } else { "timestamp" };
        (
            format!("`{}` is never missing", name.value),
            format!("write `{} {type_word}? missing means not yet`", name.value),
        )
    } else {
        return true;
    };
    out.push(Diagnostic::new(code::NOT_YET, span, message).help(help));
    false
}

fn column_type(column: &Name, ty: &ast::ColumnType, out: &mut Diagnostics) -> Option<ColumnType> {
    match ty {
        ast::ColumnType::Named(word) => match word.value.as_str() {
            "date" => Some(ColumnType::Date),
            "timestamp" => Some(ColumnType::Timestamp),
            "text" => Some(ColumnType::Text),
            "bool" => Some(ColumnType::Bool),
            "int" => Some(ColumnType::Int),
            _ if counted(ty).is_some() => Some(ColumnType::Int),
            "decimal" => {
                out.push(decimals::without_digits(word.span));
                None
            }
            other => {
                let message = format!("`{other}` is not a type of column");
                let help = match column.value.as_str() {
                    "rule" => "a rule is written `rule NAME \"TEXT\" CONDITION`".to_owned(),
                    "attribute" => "to whom rows belong is written `attribute PATH at DAY`".to_owned(),
                    _ => {
                        suggest::help(other, "types", &TYPES)
                            + "; a list of words is written `{ a, b }`, a link `-> table`"
                    }
                };
                out.push(Diagnostic::new(code::COLUMN_TYPE, word.span, message).help(help));
                None
            }
        },
        ast::ColumnType::Digits(word, all, after) => decimals::digits(word, all, after, out).map(ColumnType::Decimal),
        ast::ColumnType::Codes(words) => codes(column, words, out),
    }
}

fn codes(column: &Name, words: &[Name], out: &mut Diagnostics) -> Option<ColumnType> {
    let mut list: Vec<String> = Vec::new();
    let mut seen: BTreeMap<&str, Span> = BTreeMap::new();
    for word in words.iter().take(MANY) {
        match seen.get(word.value.as_str()) {
            Some(first) => {
                let message = format!("the word `{}` is twice in the list of `{}`", word.value, column.value);
                out.push(repeated(code::DECLARED_TWICE, message, word.span, *first).help("remove one of the two"));
            }
            None => {
                seen.insert(&word.value, word.span);
                list.push(word.value.clone());
            }
        }
    }
    if let Some(beyond) = words.get(MANY) {
        let message = format!("the list of `{}` has more than {MANY} words", column.value);
        out.push(Diagnostic::new(code::TOO_LARGE, beyond.span, message).help("declare the column as `text`"));
    }
    if list.is_empty() {
        let message = format!("the list of words of `{}` is empty", column.value);
        out.push(
            Diagnostic::new(code::COLUMN_TYPE, column.span, message)
                .help("name at least one word, or declare the column as `text`"),
        );
        return None;
    }
    Some(ColumnType::Codes(list))
}
