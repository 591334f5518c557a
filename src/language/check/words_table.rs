//! Tables of words: `table need of episode.need`. Their rows are the words of a column's list, and
//! the column leads to them as a link leads to the rows of another table.

use super::declared::{Declared, repeated};
use super::model::{Tables, find_table};
use crate::diag::{Diagnostic, Diagnostics, code, suggest};
use crate::model::{Column, ColumnId, ColumnType, DatedLink, Known, Model, ReadAs, Spellings, Step, Table, TableId};
use crate::source::Span;
use crate::syntax::ast::{self, Member, Name};
use std::collections::{BTreeMap, BTreeSet};

/// The names of the tables of words.
pub(super) fn names<'a>(declared: &Declared<'a>) -> BTreeSet<&'a str> {
    of_words(declared).map(|(_, table, _)| table.name.value.as_str()).collect()
}

fn of_words<'d, 'a>(
    declared: &'d Declared<'a>,
) -> impl Iterator<Item = (TableId, &'a ast::Table, &'a (Name, Name))> + use<'d, 'a> {
    let numbered = declared.tables.iter().copied().enumerate();
    numbered.filter_map(|(number, table)| Some((TableId(number as u16), table, table.words_of.as_ref()?)))
}

/// Gives each table of words its key, and joins it with the column whose words it has.
pub(super) fn build(model: &mut Model, declared: &Declared, ids: &Tables, out: &mut Diagnostics) {
    let mut firsts: BTreeMap<(TableId, ColumnId), Span> = BTreeMap::new();
    for (id, decl, (of, column)) in of_words(declared) {
        has_key(&mut model.tables[usize::from(id.0)]);
        let Some(of) = find_table(of, ids, out) else { continue };
        let Some(column_id) = list(model, declared, of, column, out) else { continue };
        if let Some(first) = firsts.insert((of, column_id), decl.span) {
            let message = format!("two tables are made of the words of `{}`", column.value);
            let help = "keep one of the two: several hierarchies can have the same level";
            out.push(repeated(code::WORDS_TABLE, message, decl.span, first).help(help));
            continue;
        }
        model.tables[usize::from(id.0)].words_of = Some((of, column_id));
        model.tables[usize::from(of.0)].columns[usize::from(column_id.0)].words = Some(id);
    }
}

/// The rows are there whatever the day, and each is called by its word.
fn has_key(table: &mut Table) {
    let column = Column {
        name: "word".to_owned(),
        file_name: "word".to_owned(),
        ty: ColumnType::Key,
        optional: false,
        not_yet: false,
        counted: None,
        known: Known::WithRow,
        forms: Vec::new(),
        read_as: ReadAs::default(),
        spellings: Spellings::default(),
        words: None,
        joined: None,
        parts: Vec::new(),
    };
    (table.columns, table.key, table.fed) = (vec![column], Some(ColumnId(0)), false);
}

/// The column of this name, when it has a list of words.
fn list(model: &Model, declared: &Declared, of: TableId, name: &Name, out: &mut Diagnostics) -> Option<ColumnId> {
    let table = model.table(of);
    let is_list = |column: &Column| matches!(column.ty, ColumnType::Codes(_));
    let found = table.find(&name.value);
    if found.is_some_and(|id| is_list(table.column(id))) {
        return found;
    }
    let members = declared.tables.get(usize::from(of.0)).map_or(&[][..], |decl| &decl.members);
    let member = members.iter().find(|m| super::model::member_name(m).is_some_and(|n| n.value == name.value));
    // A list with a mistake in it has been reported.
    if matches!(member, Some(Member::Column { ty: ast::ColumnType::Codes(_), .. })) {
        return None;
    }
    let lists: Vec<&str> = table.columns.iter().filter(|c| is_list(c)).map(|c| c.name.as_str()).collect();
    let help = match lists.as_slice() {
        [] => format!("name a column with a list of words, `NAME {{ a, b }}`; `{}` has none", table.name),
        lists => suggest::help(&name.value, "lists of words", lists),
    };
    let message = match member {
        Some(_) => format!("`{}` is not a column with a list of words", name.value),
        None => format!("`{}` has no column `{}`", table.name, name.value),
    };
    out.push(Diagnostic::new(code::WORDS_TABLE, name.span, message).help(help));
    None
}

/// The finding that a table of words stands where a table of rows is needed.
pub(super) fn is_no_other(name: &Name) -> Diagnostic {
    let message = format!("`{}` is a table of words: it can be a level, and nothing else", name.value);
    let help = "ask the rows that have the word: they are of the table whose column it is made of";
    Diagnostic::new(code::WORDS_TABLE, name.span, message).help(help)
}

/// Reports words that mean something else at their level, and words that are not known from a row's
/// beginning where a row must lead to one on any day: on the way from level to level, and by a
/// dated link.
pub(super) fn check(model: &Model, declared: &Declared, out: &mut Diagnostics) {
    for (id, decl, _) in of_words(declared) {
        let Some((of, column)) = model.table(id).words_of else { continue };
        let reserved = model.reserved_ids(id);
        let words = model.table(of).column(column).ty.spelled_words().unwrap_or_default();
        if let Some(word) = words.into_iter().find(|word| reserved.contains(word)) {
            let message = format!("the word `{word}` cannot be an entity of the level `{}`", decl.name.value);
            let help = "give the word another name: `unassigned` are the rows that nobody holds, and the first level is \
                        the whole";
            out.push(Diagnostic::new(code::WORDS_TABLE, decl.name.span, message).help(help));
        }
        if model.table(of).column(column).known == Known::WithRow {
            continue;
        }
        let mut levels = model.hierarchies.iter().flat_map(|hierarchy| &hierarchy.levels);
        let is_up = levels.any(|level| level.table == Some(of) && level.up == Some(Step::Link(column)));
        let is_dated = |link: &DatedLink| (link.through, link.value) == (of, column);
        if is_up || model.tables.iter().flat_map(|table| &table.dated).any(is_dated) {
            let message = format!("a row may come to another `{}` later on", decl.name.value);
            let help = "declare the column as `known with the row`, if the word is known from the row's first day on";
            out.push(Diagnostic::new(code::WORDS_TABLE, decl.name.span, message).help(help));
        }
    }
}
