//! What has to be written anew for another name.
//!
//! A rename changes names and nothing else: files, columns and codes are still found under the old
//! name, which is written beside the new one (`from "exited_on"`), and each place must mean the
//! same declaration afterwards. A new name that would mean something else somewhere, or is no name,
//! is refused.

use super::Definitions;
use super::places::meanings;
use crate::check::references::{Declaration, DeclarationId, Kind, References};
use crate::diag::Edit;
use crate::ir::Program;
use crate::source::{FileId, Span};
use crate::syntax::ast::{ColumnType, Item, Member, Name, Table};
use crate::syntax::tree::Tree;
use std::collections::{BTreeMap, BTreeSet};

/// The name at a place that can be renamed, with its text; an error says why it cannot.
///
/// # Errors
/// When nothing that has a declaration stands there.
pub fn renameable(definitions: &Definitions, file: FileId, offset: u32) -> Result<(Span, String), String> {
    let references = definitions.references();
    let place = references.place_at(file, offset).ok_or("no name that is declared stands here")?;
    let all: Vec<_> = references.meanings_of(place).filter_map(|id| references.declaration(id)).collect();
    if let Some(of_stay) = all.iter().find(|declared| !declared.kind.stands_there()) {
        return Err(format!("`{}` comes with the `spans` line and has no other name", of_stay.name));
    }
    all.first().map(|declared| (place, declared.name.clone())).ok_or_else(|| "nothing is declared here".to_owned())
}

/// The edits that give what is named at a place another name, everywhere.
///
/// # Errors
/// When it cannot be renamed, or the new name would mean something else.
pub fn rename(definitions: &Definitions, file: FileId, offset: u32, new: &str) -> Result<Vec<Edit>, String> {
    let (_, old) = renameable(definitions, file, offset)?;
    if !is_name(new) {
        return Err(format!(
            "`{new}` is no name: names are made of the letters a to z, digits and `_`, no digit first"
        ));
    }
    if new == old {
        return Ok(Vec::new());
    }
    let references = definitions.references();
    let first = meanings(definitions, file, offset).into_iter().next().ok_or("nothing is declared here")?;
    let places = references.renamed_with(first);
    let mut edits: Vec<Edit> = places.iter().map(|span| Edit { span: *span, text: new.to_owned() }).collect();
    for declared in references.declarations().map(|(_, declared)| declared).filter(|d| places.contains(&d.span)) {
        edits.extend(still_found(definitions, declared));
    }
    edits.sort_by_key(|edit| edit.span);
    means_the_same(definitions, &edits)?;
    Ok(edits)
}

fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// What has to be written beside a new name, so that files and columns are found as before.
fn still_found(definitions: &Definitions, of: &Declaration) -> Option<Edit> {
    let items = &definitions.ast(of.span.file)?.items;
    let table = items.iter().find_map(|item| match item {
        Item::Table(table) if of.span.is_inside(table.span) => Some(table),
        _ => None,
    })?;
    match of.kind {
        Kind::Table => file_of(definitions, table),
        Kind::Key | Kind::Column | Kind::Link => {
            let member = table.members.iter().find(|member| declares(member, of.span))?;
            column_of(definitions, table, member, of)
        }
        Kind::Word => word_of(table, of),
        Kind::Hierarchy
        | Kind::Level
        | Kind::Domain
        | Kind::DatedLink
        | Kind::BackLink
        | Kind::Derived
        | Kind::Rule
        | Kind::Days
        | Kind::LastDay
        | Kind::Codes
        | Kind::Rows
        | Kind::Groups
        | Kind::Indicator
        | Kind::Scorecard
        | Kind::Plan
        | Kind::Let
        | Kind::Alias => None,
    }
}

fn file_of(definitions: &Definitions, table: &Table) -> Option<Edit> {
    if table.file.is_some() || table.words_of.is_some() {
        return None;
    }
    let after = table.title.as_ref().map_or(table.name.span, |title| title.span);
    let file =
        of_model(definitions.program(), &table.name.value).map_or(table.name.value.clone(), |of| of.file.clone());
    Some(after_span(after, &format!(" from \"{file}\"")))
}

/// `from "REMOVAL_DT"` behind a line of a table.
fn column_of(definitions: &Definitions, table: &Table, member: &Member, of: &Declaration) -> Option<Edit> {
    let has_file = match member {
        Member::Key { from, .. } | Member::Link { from, .. } => !from.is_empty(),
        Member::Column { from, joined, .. } => from.is_some() || joined.is_some(),
        Member::Back { .. }
        | Member::Derived { .. }
        | Member::Spans { .. }
        | Member::Peers { .. }
        | Member::Rule { .. }
        | Member::Attribute { .. }
        | Member::Begins { .. } => true,
    };
    if has_file {
        return None;
    }
    let known = of_model(definitions.program(), &table.name.value)?;
    let column = known.columns.iter().find(|column| column.name == of.name)?;
    let end = end_of_line(definitions, of.span)?;
    Some(Edit { span: end, text: format!(" from \"{}\"", column.file_name) })
}

/// `reunification "E4"`: a word stands in the files as it is called, unless another spelling is
/// said.
fn word_of(table: &Table, of: &Declaration) -> Option<Edit> {
    let (words, spelled) = table.members.iter().find_map(|member| match member {
        Member::Column { ty: ColumnType::Codes(words), spelled, .. }
            if words.iter().any(|word| word.span == of.span) =>
        {
            Some((words, spelled))
        }
        _ => None,
    })?;
    let word = words.iter().find(|word| word.span == of.span)?;
    let said = spelled.iter().find(|spelled| spelled.word.span == word.span);
    let silent = said.is_none_or(|said| said.texts.is_empty() && said.otherwise.is_none());
    silent.then(|| after_span(of.span, &format!(" \"{}\"", word.value)))
}

fn after_span(span: Span, text: &str) -> Edit {
    Edit { span: Span { start: span.end, ..span }, text: text.to_owned() }
}

fn declares(member: &Member, span: Span) -> bool {
    let name: Option<&Name> = match member {
        Member::Key { name, .. } | Member::Column { name, .. } | Member::Link { name, .. } => Some(name),
        Member::Back { .. }
        | Member::Derived { .. }
        | Member::Spans { .. }
        | Member::Peers { .. }
        | Member::Rule { .. }
        | Member::Attribute { .. }
        | Member::Begins { .. } => None,
    };
    name.is_some_and(|name| name.span == span)
}

fn of_model<'d>(program: &'d Program, table: &str) -> Option<&'d crate::model::Table> {
    program.model.find_table(table).map(|id| program.model.table(id))
}

/// Where the line of a table ends that holds a place, before its comment.
fn end_of_line(definitions: &Definitions, of: Span) -> Option<Span> {
    let tree = Tree::of(definitions.text(of.file));
    let token = tree.tokens.list.iter().position(|t| t.range.start == of.start as usize)?;
    let parts = tree.items.iter().flat_map(|item| &item.parts);
    let part = parts.into_iter().find(|part| part.tokens.contains(&token))?;
    let last = tree.tokens.list.get(part.tokens.end.checked_sub(1)?)?;
    Some(Span::new(of.file, last.range.end, last.range.end))
}

/// Whether every name means the same declaration after some edits, and nothing is wrong that was
/// not before.
fn means_the_same(definitions: &Definitions, edits: &[Edit]) -> Result<(), String> {
    let texts = definitions.sources().iter().map(|(file, source)| {
        let mut text = source.text.clone();
        for edit in edits.iter().rev().filter(|edit| edit.span.file == file) {
            text.replace_range(edit.span.start as usize..edit.span.end as usize, &edit.text);
        }
        (source.path.clone(), text)
    });
    let after = Definitions::new(texts, definitions.is_incomplete());
    if let Some(wrong) = after.errors().next().filter(|_| after.errors().count() > definitions.errors().count()) {
        return Err(format!("then {}", wrong.message));
    }
    let moved = |span: Span| moved(span, edits);
    let before = meaning(definitions.references(), &moved);
    if before == meaning(after.references(), &|span| span) {
        return Ok(());
    }
    Err("then a name would mean something else".to_owned())
}

/// What each place means: where it is declared, and as what.
fn meaning(references: &References, moved: &dyn Fn(Span) -> Span) -> BTreeMap<Span, BTreeSet<(Span, Kind)>> {
    let mut all: BTreeMap<Span, BTreeSet<(Span, Kind)>> = BTreeMap::new();
    let declared = |id: DeclarationId| references.declaration(id).map(|of| (moved(of.span), of.kind));
    for used in references.uses() {
        all.entry(moved(used.span)).or_default().extend(declared(used.declaration));
    }
    for (id, of) in references.declarations() {
        all.entry(moved(of.span)).or_default().extend(declared(id));
    }
    all
}

/// Where a place lies after some edits, which are in order and do not overlap.
fn moved(span: Span, edits: &[Edit]) -> Span {
    let (mut start, mut end) = (i64::from(span.start), i64::from(span.end));
    for edit in edits.iter().filter(|edit| edit.span.file == span.file) {
        let longer = i64::try_from(edit.text.len()).unwrap_or(0) - i64::from(edit.span.end - edit.span.start);
        if edit.span.end <= span.start && edit.span != span {
            start += longer;
            end += longer;
        } else if edit.span == span {
            end += longer;
        }
    }
    let number = |n: i64| u32::try_from(n).unwrap_or_default();
    Span { file: span.file, start: number(start), end: number(end) }
}
