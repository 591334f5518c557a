//! Table declarations to the model: columns, keys, types, files, stays. Links between tables are in `links.rs`.

use super::declared::{self, Declared, MANY, repeated};
use super::links;
use super::world::World;
use crate::diag::{Diagnostic, Diagnostics, code, suggest};
use crate::model::{Column, ColumnId, ColumnType, Counted, Domain, Model, Spans, Table, TableId};
use crate::source::Span;
use crate::syntax::ast::{self, Member, Name, Text};
use std::collections::{BTreeMap, BTreeSet};

/// The types a column may be declared with.
const TYPES: [&str; 8] = ["date", "timestamp", "text", "bool", "int", "days", "months", "years"];

/// Tables by name.
#[derive(Debug)]
pub(super) struct Tables<'a> {
    pub(super) ids: BTreeMap<&'a str, TableId>,
    /// Names of declarations that could not be read.
    pub(super) unread: &'a BTreeSet<&'a str>,
}

/// Builds the model and collects the derived names and named sets beside it.
pub(super) fn build<'a>(declared: &Declared<'a>, out: &mut Diagnostics) -> World<'a> {
    let mut model = Model {
        domains: declared.domains.iter().map(|(name, title)| domain(name, *title)).collect(),
        missing_dates: declared.missing_dates.iter().copied().collect::<BTreeSet<_>>().into_iter().collect(),
        quality: quality(declared, out),
        ..Model::default()
    };
    let numbered = declared.tables.iter().enumerate();
    let ids = Tables {
        ids: numbered.map(|(i, t)| (t.name.value.as_str(), TableId(i as u16))).collect(),
        unread: &declared.unread,
    };
    model.tables = declared.tables.iter().map(|t| table(t, &ids, out)).collect();
    files_once(declared, out);
    links::connect(&mut model, declared, &ids, out);
    model.business = super::business::build(&model, declared, &ids, out);
    super::levels::build(&mut model, declared, out);
    super::peers::build(&mut model, declared, out);
    let spans_declared = |t: &ast::Table| t.members.iter().any(|m| matches!(m, Member::Spans { .. }));
    let rows = row_sets(declared, &ids, out);
    World {
        declared: declared
            .tables
            .iter()
            .map(|t| t.members.iter().filter_map(member_name).map(|n| n.value.as_str()).collect())
            .collect(),
        spans_declared: declared
            .tables
            .iter()
            .filter(|t| spans_declared(t))
            .map(|t| ids.ids[t.name.value.as_str()])
            .collect(),
        broken: broken(declared, &rows),
        unread: !declared.unread.is_empty(),
        derived: declared.tables.iter().map(|t| derived(t)).collect(),
        codes: declared.codes.iter().map(|c| (c.name.value.as_str(), *c)).collect(),
        rows,
        model,
    }
}

fn domain(name: &Name, title: Option<&Text>) -> Domain {
    Domain { name: name.value.clone(), title: title.map_or_else(|| in_words(&name.value), |t| t.value.clone()) }
}

/// `well_being` as `Well being`, for things without a title.
pub(super) fn in_words(name: &str) -> String {
    let words = name.replace('_', " ");
    let mut chars = words.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

fn quality(declared: &Declared, out: &mut Diagnostics) -> Option<f64> {
    if let [first, second, ..] = declared.quality.as_slice() {
        out.push(repeated(code::DECLARED_TWICE, "`quality` is declared twice".into(), second.span, first.span));
    }
    let share = declared.quality.first()?;
    if !(0.0..=100.0).contains(&share.value) {
        let message = format!("{}% is not a share of rows", share.value);
        out.push(Diagnostic::new(code::QUALITY, share.span, message).help("write a number from 0% to 100%"));
        return None;
    }
    Some(share.value / 100.0)
}

fn row_sets<'a>(
    declared: &Declared<'a>,
    ids: &Tables,
    out: &mut Diagnostics,
) -> BTreeMap<&'a str, (TableId, declared::Rows<'a>)> {
    let mut sets = BTreeMap::new();
    for rows in &declared.rows {
        if let Some(table) = find_table(rows.table, ids, out) {
            sets.insert(rows.name.value.as_str(), (table, *rows));
        }
    }
    sets
}

/// The table of this name, or a finding.
pub(super) fn find_table(name: &Name, ids: &Tables, out: &mut Diagnostics) -> Option<TableId> {
    let found = ids.ids.get(name.value.as_str()).copied();
    if found.is_none() && !ids.unread.contains(name.value.as_str()) {
        let known: Vec<_> = ids.ids.keys().copied().collect();
        out.push(
            Diagnostic::new(code::UNKNOWN_TABLE, name.span, format!("there is no table `{}`", name.value))
                .help(suggest::help(&name.value, "tables", &known)),
        );
    }
    found
}

fn broken<'a>(declared: &Declared<'a>, rows: &BTreeMap<&str, (TableId, declared::Rows)>) -> BTreeSet<&'a str> {
    let without_table = declared.rows.iter().map(|r| r.name.value.as_str()).filter(|n| !rows.contains_key(n));
    without_table.chain(declared.unread.iter().copied()).collect()
}

fn derived(table: &ast::Table) -> BTreeMap<&str, (&Name, &ast::Expr)> {
    let mut all = BTreeMap::new();
    for member in &table.members {
        if let Member::Derived { name, value } = member {
            all.entry(name.value.as_str()).or_insert((name, value));
        }
    }
    all
}

pub(super) fn member_name(member: &Member) -> Option<&Name> {
    match member {
        Member::Key { name, .. }
        | Member::Column { name, .. }
        | Member::Link { name, .. }
        | Member::Back { name, .. }
        | Member::Derived { name, .. } => Some(name),
        Member::Spans { .. } | Member::Peers { .. } => None,
    }
}

fn table(decl: &ast::Table, ids: &Tables, out: &mut Diagnostics) -> Table {
    names_once(decl, out);
    let mut table = Table {
        name: decl.name.value.clone(),
        title: decl.title.as_ref().map_or_else(|| decl.name.value.clone(), |t| t.value.clone()),
        file: decl.file.as_ref().map_or_else(|| decl.name.value.clone(), |f| f.value.clone()),
        columns: Vec::new(),
        key: None,
        spans: None,
        peers: None,
        dated: Vec::new(),
        backs: Vec::new(),
    };
    let mut key_span: Option<Span> = None;
    for member in decl.members.iter().take(MANY) {
        if member_name(member).is_some_and(|n| table.find(&n.value).is_some()) {
            continue;
        }
        if let Member::Key { name, .. } = member {
            if let Some(first) = key_span {
                let message = format!("table `{}` has two keys", decl.name.value);
                out.push(
                    repeated(code::KEY, message, name.span, first)
                        .help("one column names the row; declare the other as `text`"),
                );
                continue;
            }
            key_span = Some(name.span);
            table.key = Some(ColumnId(table.columns.len() as u16));
        }
        table.columns.extend(column(member, ids, out));
    }
    columns_once(decl, &table, out);
    table.spans = spans(decl, &table, out);
    table
}

fn names_once(decl: &ast::Table, out: &mut Diagnostics) {
    let mut seen: BTreeMap<&str, Span> = BTreeMap::new();
    for name in decl.members.iter().filter_map(member_name) {
        declared::refuse_reserved(name, out);
        match seen.get(name.value.as_str()) {
            Some(first) => out.push(declared::twice("column", name, *first)),
            None => {
                seen.insert(&name.value, name.span);
            }
        }
    }
    if let Some(name) = decl.members.get(MANY).and_then(member_name) {
        let message = format!("a table has more than {MANY} columns");
        out.push(Diagnostic::new(code::TOO_LARGE, name.span, message).help("leave out the columns no indicator reads"));
    }
}

fn column(member: &Member, ids: &Tables, out: &mut Diagnostics) -> Option<Column> {
    let (mut waits, mut unit) = (false, None);
    let (name, ty, optional, from, default) = match member {
        Member::Key { name, from } => (name, ColumnType::Key, false, from, name.value.clone()),
        Member::Column { name, ty, optional, not_yet, from } => {
            unit = counted(ty);
            let ty = column_type(name, ty, out)?;
            waits = not_yet.is_some_and(|span| may_wait(name, &ty, *optional, span, out));
            (name, ty, *optional, from, name.value.clone())
        }
        Member::Link { name, target, optional, through: None, from } => {
            let target = find_table(target, ids, out)?;
            (name, ColumnType::Link(target), *optional, from, format!("{}_id", name.value))
        }
        Member::Link { through: Some(_), .. }
        | Member::Back { .. }
        | Member::Derived { .. }
        | Member::Spans { .. }
        | Member::Peers { .. } => return None,
    };
    let file_name = from.as_ref().map_or(default, |f| f.value.clone());
    Some(Column { name: name.value.clone(), file_name, ty, optional, not_yet: waits, counted: unit })
}

/// What the whole numbers of a column count, when its type is a length of time.
fn counted(ty: &ast::ColumnType) -> Option<Counted> {
    let ast::ColumnType::Named(word) = ty else { return None };
    match word.value.as_str() {
        "days" => Some(Counted::Days),
        "months" => Some(Counted::Months),
        "years" => Some(Counted::Years),
        _ => None,
    }
}

/// Whether `missing means not yet` can be said of a column: of a day or time that may be missing.
fn may_wait(name: &Name, ty: &ColumnType, optional: bool, span: Span, out: &mut Diagnostics) -> bool {
    let (message, help) = if !matches!(ty, ColumnType::Date | ColumnType::Timestamp) {
        (format!("`{}` is no day or time, so it cannot be still to come", name.value), "leave the words out".to_owned())
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
            "int" | "days" | "months" | "years" => Some(ColumnType::Int),
            other => {
                let message = format!("`{other}` is not a type of column");
                let mut help = suggest::help(other, "types", &TYPES);
                help.push_str("; a list of words is written `{ a, b }`, a link `-> table`");
                out.push(Diagnostic::new(code::COLUMN_TYPE, word.span, message).help(help));
                None
            }
        },
        ast::ColumnType::Codes(words) => codes(column, words, out),
    }
}

fn codes(column: &Name, words: &[Name], out: &mut Diagnostics) -> Option<ColumnType> {
    let mut list: Vec<String> = Vec::new();
    let mut seen: BTreeMap<&str, Span> = BTreeMap::new();
    for word in words.iter().take(MANY) {
        match seen.get(word.value.as_str()) {
            Some(first) => {
                let message = format!("the word `{}` stands twice in the list of `{}`", word.value, column.value);
                out.push(repeated(code::DECLARED_TWICE, message, word.span, *first).help("remove one of the two"));
            }
            None => {
                seen.insert(&word.value, word.span);
                list.push(word.value.clone());
            }
        }
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

fn columns_once(decl: &ast::Table, table: &Table, out: &mut Diagnostics) {
    let mut seen: BTreeMap<&str, &str> = BTreeMap::new();
    for column in &table.columns {
        let Some(first) = seen.insert(&column.file_name, &column.name) else { continue };
        let span =
            decl.members.iter().filter_map(member_name).find(|n| n.value == column.name).map_or(decl.span, |n| n.span);
        let message = format!("`{}` and `{first}` are both the file's column `{}`", column.name, column.file_name);
        out.push(
            Diagnostic::new(code::FILE_TWICE, span, message)
                .help("name the file's column with `from \"...\"`, or remove one of the two"),
        );
    }
}

fn files_once(declared: &Declared, out: &mut Diagnostics) {
    let mut seen: BTreeMap<&str, Span> = BTreeMap::new();
    for table in &declared.tables {
        let (file, span) = table.file.as_ref().map_or((&table.name.value, table.name.span), |f| (&f.value, f.span));
        match seen.get(file.as_str()) {
            Some(first) => {
                let message = format!("two tables are both the file `{file}`");
                out.push(
                    repeated(code::FILE_TWICE, message, span, *first)
                        .help("name each table's file with `from \"...\"`"),
                );
            }
            None => {
                seen.insert(file, span);
            }
        }
    }
}

fn spans(decl: &ast::Table, table: &Table, out: &mut Diagnostics) -> Option<Spans> {
    let mut lines = decl.members.iter().filter_map(|m| match m {
        Member::Spans { from, until, span } => Some((from, until, *span)),
        Member::Key { .. }
        | Member::Column { .. }
        | Member::Link { .. }
        | Member::Back { .. }
        | Member::Derived { .. }
        | Member::Peers { .. } => None,
    });
    let (from, until, span) = lines.next()?;
    if let Some((_, _, second)) = lines.next() {
        let message = format!("table `{}` has two `spans` lines", decl.name.value);
        out.push(repeated(code::SPANS, message, second, span).help("a row describes one stay"));
    }
    let from = span_column(decl, table, from, false, out);
    let until = span_column(decl, table, until, true, out);
    Some(Spans { from: from?, until: until? })
}

fn span_column(
    decl: &ast::Table,
    table: &Table,
    name: &Name,
    may_be_missing: bool,
    out: &mut Diagnostics,
) -> Option<ColumnId> {
    let refuse = |message: String, help: String| Diagnostic::new(code::SPANS, name.span, message).help(help);
    let Some(id) = table.find(&name.value) else {
        // A column whose own line has a mistake is declared all the same.
        if !decl.members.iter().filter_map(member_name).any(|n| n.value == name.value) {
            let dates: Vec<_> =
                table.columns.iter().filter(|c| c.ty == ColumnType::Date).map(|c| c.name.as_str()).collect();
            let message = format!("table `{}` has no column `{}`", table.name, name.value);
            out.push(Diagnostic::new(code::UNKNOWN_NAME, name.span, message).help(suggest::help(
                &name.value,
                "dates",
                &dates,
            )));
        } else if !matches!(table_member(decl, &name.value), Some(Member::Column { .. })) {
            out.push(refuse(
                format!("`{}` is not a column of the file", name.value),
                "a stay goes from one `date` column to another".into(),
            ));
        }
        return None;
    };
    let column = table.column(id);
    if column.ty != ColumnType::Date {
        out.push(refuse(
            format!("`{}` is not a date", name.value),
            "a stay goes from one `date` column to another".into(),
        ));
        return None;
    }
    if column.optional && !may_be_missing {
        let message = format!("the first day of a stay, `{}`, may be missing", name.value);
        out.push(refuse(
            message,
            format!("declare it as `{} date`, without `?`; rows without it are then set aside", name.value),
        ));
        return None;
    }
    Some(id)
}

fn table_member<'a>(decl: &'a ast::Table, name: &str) -> Option<&'a Member> {
    decl.members.iter().find(|m| member_name(m).is_some_and(|n| n.value == name))
}
