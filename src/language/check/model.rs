//! Table declarations to the model: columns, keys, types, files, stays. Links between tables are in
//! `links.rs`.

use super::columns;
use super::declared::{self, Declared, MANY, repeated};
use super::keys::{self, Keys};
use super::links;
use super::named::Definition;
use super::references::Kind;
use super::spelled;
use super::unread::Unread;
use super::world::{Member, World};
use super::written;
use crate::diag::{Diagnostic, Diagnostics, code, suggest};
use crate::model::{Column, ColumnId, ColumnType, Domain, Model, Spans, Table, TableId};
use crate::source::Span;
use crate::syntax::ast::{self, Name, Text};
use std::collections::{BTreeMap, BTreeSet};

/// Tables by name; `of_words` are those whose rows are the words of a list.
#[derive(Debug)]
pub(super) struct Tables<'a> {
    pub(super) of_words: BTreeSet<&'a str>,
    pub(super) ids: BTreeMap<&'a str, TableId>,
    /// Names of declarations that could not be read.
    pub(super) unread: &'a Unread<'a>,
}

/// Builds the model and collects the derived names and named sets beside it.
pub(super) fn build<'a>(declared: &Declared<'a>, out: &mut Diagnostics) -> World<'a> {
    let mut model = Model {
        domains: declared.domains.iter().map(|(name, title)| domain(name, *title)).collect(),
        missing_dates: declared.missing_dates.iter().copied().collect::<BTreeSet<_>>().into_iter().collect(),
        missing_words: missing_words(declared, out),
        quality: quality(declared, out),
        times: super::times::build(declared, out),
        headers_ignore_case: declared.headers_ignore_case,
        ..Model::default()
    };
    let numbered = declared.tables.iter().copied().enumerate();
    let by_name: BTreeMap<&str, TableId> = numbered.map(|(i, t)| (t.name.value.as_str(), TableId(i as u16))).collect();
    let of_words = super::words_table::names(declared);
    let ids = Tables { of_words: of_words.clone(), ids: by_name.clone(), unread: &declared.unread };
    model.tables = declared.tables.iter().map(|t| table(t, &ids, out)).collect();
    super::words_table::build(&mut model, declared, &ids, out);
    files_once(declared, out);
    links::connect(&mut model, declared, &ids, out);
    written::links_as_keys(&mut model, declared, out);
    super::key_parts::links(&model, declared, out);
    written::headers_once(&model, declared, out);
    model.business = super::business::build(&model, declared, &ids, out);
    super::levels::build(&mut model, declared, &ids, out);
    super::peers::build(&mut model, declared, out);
    super::known::build(&mut model, declared, out);
    super::words_table::check(&model, declared, out);
    super::joined::build(&mut model, declared, &ids, out);
    let spans_declared = |t: &ast::Table| t.members.iter().any(|m| matches!(m, ast::Member::Spans { .. }));
    let rows = row_sets(declared, &ids, out);
    let derived = super::define::derived(declared, &ids, out);
    let tables = declared.tables.iter().copied().zip(model.tables.iter().zip(&derived));
    World {
        members: tables.map(|(decl, (table, derived))| members(decl, table, derived)).collect(),
        words: declared
            .tables
            .iter()
            .copied()
            .flat_map(|t| &t.members)
            .flat_map(words)
            .map(|w| w.value.as_str())
            .collect(),
        by_alphabet: by_alphabet(&model),
        domains: declared.domains.iter().enumerate().map(|(i, (name, _))| (name.value.as_str(), i)).collect(),
        spans_declared: declared
            .tables
            .iter()
            .filter(|t| spans_declared(t))
            .map(|t| ids.ids[t.name.value.as_str()])
            .collect(),
        broken: broken(declared, &rows, &by_name),
        unread: declared.unread.clone(),
        rules: declared.tables.iter().copied().enumerate().map(|(i, t)| rules(TableId(i as u16), t)).collect(),
        derived,
        codes: declared.codes.iter().map(|c| (c.name.value.as_str(), *c)).collect(),
        rows,
        tables: by_name.into_iter().filter(|(name, _)| !of_words.contains(name)).collect(),
        of_words,
        keys: Keys::of(declared, &model),
        model,
    }
}

/// What each name of a table means on a row of it.
fn members<'a>(
    decl: &'a ast::Table,
    table: &Table,
    derived: &super::define::Derived<'a>,
) -> BTreeMap<&'a str, Member<'a>> {
    let columns: BTreeMap<&str, ColumnId> = table.columns().map(|(id, c)| (c.name.as_str(), id)).collect();
    // Of two with one name the first stays.
    let backs: BTreeMap<&str, usize> =
        table.backs.iter().enumerate().rev().map(|(i, b)| (b.name.as_str(), i)).collect();
    let dated: BTreeMap<&str, usize> =
        table.dated.iter().enumerate().rev().map(|(i, d)| (d.name.as_str(), i)).collect();
    let meaning = |name: &str| {
        let column = columns.get(name).map(|id| Member::Column(*id));
        let derived = || derived.get(name).map(|definition| Member::Derived(*definition));
        let back = || backs.get(name).map(|i| Member::Back(*i));
        let dated = || dated.get(name).map(|i| Member::Dated(*i));
        column.or_else(derived).or_else(back).or_else(dated).unwrap_or(Member::Broken)
    };
    let names = decl.members.iter().filter_map(member_name).map(|n| n.value.as_str());
    names.chain(derived.keys().copied()).map(|name| (name, meaning(name))).collect()
}

/// The words of a column's list.
fn words(member: &ast::Member) -> &[Name] {
    keys::list(member).map_or(&[], |(_, words)| words)
}

fn by_alphabet(model: &Model) -> BTreeMap<(TableId, ColumnId), Vec<u16>> {
    let mut all = BTreeMap::new();
    for (table, of) in model.tables() {
        for (column, of) in of.columns() {
            if let ColumnType::Codes(words) = &of.ty {
                let mut places: Vec<u16> = (0..u16::try_from(words.len()).unwrap_or(u16::MAX)).collect();
                places.sort_by_key(|i| words[usize::from(*i)].as_str());
                all.insert((table, column), places);
            }
        }
    }
    all
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

/// The words for "missing" in order. An empty cell is missing without being named.
fn missing_words(declared: &Declared, out: &mut Diagnostics) -> Vec<String> {
    let members = declared.tables.iter().flat_map(|t| &t.members);
    let codes: BTreeMap<&str, Span> = members.flat_map(spelled::in_files).collect();
    for word in &declared.missing_words {
        if let Some(listed) = codes.get(word.value.as_str()) {
            let message = format!("`{}` means missing, and is also a word of a column's list", word.value);
            out.push(
                repeated(code::DECLARED_TWICE, message, word.span, *listed)
                    .help("remove it from the list, or from the words that mean missing"),
            );
        }
    }
    let words: BTreeSet<&str> = declared.missing_words.iter().map(|w| w.value.as_str()).collect();
    words.into_iter().filter(|word| !word.is_empty()).map(str::to_owned).collect()
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

/// The table of this name, which has columns of its own, or a finding.
pub(super) fn find_table(name: &Name, ids: &Tables, out: &mut Diagnostics) -> Option<TableId> {
    if ids.of_words.contains(name.value.as_str()) {
        out.push(super::words_table::is_no_other(name));
        return None;
    }
    find_any_table(name, ids, out)
}

/// The table of this name, or a finding.
pub(super) fn find_any_table(name: &Name, ids: &Tables, out: &mut Diagnostics) -> Option<TableId> {
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

/// Names that are declared with a mistake.
fn broken<'a>(
    declared: &Declared<'a>,
    rows: &BTreeMap<&str, (TableId, declared::Rows)>,
    tables: &BTreeMap<&str, TableId>,
) -> BTreeSet<&'a str> {
    let without_table = declared.rows.iter().map(|r| r.name.value.as_str()).filter(|n| !rows.contains_key(n));
    let defines = declared.defines.iter().filter(|d| !tables.contains_key(d.table.value.as_str()));
    without_table.chain(defines.map(|d| d.name.value.as_str())).collect()
}

/// The rules of a table, in their order, with their texts for people. Of two members with one name
/// the first stays.
fn rules(id: TableId, table: &ast::Table) -> Vec<(Definition<'_>, &Text)> {
    let first = |name: &Name| table.members.iter().filter_map(member_name).find(|n| n.value == name.value);
    let rules = table.members.iter().filter_map(|member| rule(id, member));
    rules.filter(|(rule, _)| first(rule.name).is_some_and(|n| n.span == rule.name.span)).collect()
}

/// The rule that a member of a table is.
pub(super) fn rule(table: TableId, member: &ast::Member) -> Option<(Definition<'_>, &Text)> {
    let ast::Member::Rule { name, title, condition } = member else { return None };
    Some((Definition { name, value: condition, kind: Kind::Rule, table }, title))
}

pub(super) fn member_name(member: &ast::Member) -> Option<&Name> {
    match member {
        ast::Member::Key { name, .. }
        | ast::Member::Column { name, .. }
        | ast::Member::Link { name, .. }
        | ast::Member::Back { name, .. }
        | ast::Member::Derived { name, .. }
        | ast::Member::Rule { name, .. } => Some(name),
        ast::Member::Attribute { .. }
        | ast::Member::Spans { .. }
        | ast::Member::Peers { .. }
        | ast::Member::Begins { .. } => None,
    }
}

fn table(decl: &ast::Table, ids: &Tables, out: &mut Diagnostics) -> Table {
    names_once(decl, out);
    let mut table = Table {
        name: decl.name.value.clone(),
        words_of: None,
        title: decl.title.as_ref().map_or_else(|| decl.name.value.clone(), |t| t.value.clone()),
        file: decl.file.as_ref().map_or_else(|| decl.name.value.clone(), |f| f.value.clone()),
        sheet: decl.sheet.as_ref().map(|sheet| sheet.value.clone()),
        encoding: written::encoding(decl, out),
        columns: Vec::new(),
        key: None,
        begins: None,
        begins_with: None,
        fed: decl.fed,
        distinct: false,
        spans: None,
        peers: None,
        dated: Vec::new(),
        backs: Vec::new(),
    };
    let mut key_span: Option<Span> = None;
    let mut names: BTreeSet<&str> = BTreeSet::new();
    for member in decl.members.iter().take(MANY) {
        if member_name(member).is_some_and(|n| names.contains(n.value.as_str())) {
            continue;
        }
        if let ast::Member::Key { name, .. } = member {
            if let Some(first) = key_span {
                let message = format!("table `{}` has two keys", decl.name.value);
                let both = "if only both together do, write `NAME key from \"COLUMN\" and \"COLUMN\"`";
                let help = format!("one column identifies the row; declare the other as `text`; {both}");
                out.push(repeated(code::KEY, message, name.span, first).help(help));
                continue;
            }
            key_span = Some(name.span);
            table.key = Some(ColumnId(table.columns.len() as u16));
        }
        let column = columns::column(member, ids, out);
        names.extend(member_name(member).filter(|_| column.is_some()).map(|n| n.value.as_str()));
        table.columns.extend(column);
    }
    columns_once(decl, &table, out);
    written::not_of_dated_links(decl, out);
    table.distinct = written::distinct(decl, table.key.is_some(), out);
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

fn columns_once(decl: &ast::Table, table: &Table, out: &mut Diagnostics) {
    let mut seen: BTreeMap<&str, Vec<&Column>> = BTreeMap::new();
    let names = decl.members.iter().rev().filter_map(member_name);
    let places: BTreeMap<&str, Span> = names.map(|n| (n.value.as_str(), n.span)).collect();
    for column in &table.columns {
        let others = seen.entry(&column.file_name).or_default();
        others.push(column);
        let [first, second, more @ ..] = others.as_slice() else { continue };
        // A row that is about another has the other's id as its own.
        let is_key_and_link = |a: &Column, b: &Column| a.ty == ColumnType::Key && b.target().is_some();
        if more.is_empty() && (is_key_and_link(first, second) || is_key_and_link(second, first)) {
            continue;
        }
        let first = &first.name;
        let span = places.get(column.name.as_str()).copied().unwrap_or(decl.span);
        let message =
            format!("`{}` and `{first}` are both read from the column `{}` of the file", column.name, column.file_name);
        out.push(
            Diagnostic::new(code::FILE_TWICE, span, message)
                .help("name the file's column with `from \"...\"`, or remove one of the two"),
        );
    }
}

fn files_once(declared: &Declared, out: &mut Diagnostics) {
    let mut seen: BTreeMap<(&str, Option<&str>), Span> = BTreeMap::new();
    for table in declared.tables.iter().filter(|table| table.words_of.is_none()) {
        if let Some(file) = table.file.as_ref().filter(|file| !stays_inside(&file.value)) {
            let message = format!("`{}` is not a file in the data folder", file.value);
            out.push(Diagnostic::new(code::FILE_OUTSIDE, file.span, message).help(
                "name a file or folder in the data folder, without its ending: `from \"removals\"`, or `from \"exports/removals\"`",
            ));
        }
        let (file, span) = table.file.as_ref().map_or((&table.name.value, table.name.span), |f| (&f.value, f.span));
        let sheet = table.sheet.as_ref().map(|sheet| sheet.value.as_str());
        match seen.get(&(file.as_str(), sheet)) {
            Some(first) => {
                let message = match sheet {
                    None => format!("two tables are read from the same file, `{file}`"),
                    Some(sheet) => format!("two tables are read from the sheet `{sheet}` of `{file}`"),
                };
                out.push(
                    repeated(code::FILE_TWICE, message, span, *first)
                        .help("name each table's file with `from \"...\"`"),
                );
            }
            None => {
                seen.insert((file, sheet), span);
            }
        }
    }
}

/// Whether a table's file lies in the data folder, on every system: a whole path, a drive and `..`
/// lead out of it, and no name at all is the folder itself.
fn stays_inside(file: &str) -> bool {
    let mut parts = file.split(['/', '\\']).peekable();
    let is_name = |part: &str| !["", ".", ".."].contains(&part) && !part.contains([':', '\0']);
    parts.peek().is_some() && parts.all(is_name)
}

fn spans(decl: &ast::Table, table: &Table, out: &mut Diagnostics) -> Option<Spans> {
    let mut lines = decl.members.iter().filter_map(|m| match m {
        ast::Member::Spans { from, until, through, span } => Some((from, until, *through, *span)),
        ast::Member::Key { .. }
        | ast::Member::Column { .. }
        | ast::Member::Link { .. }
        | ast::Member::Back { .. }
        | ast::Member::Derived { .. }
        | ast::Member::Rule { .. }
        | ast::Member::Attribute { .. }
        | ast::Member::Peers { .. }
        | ast::Member::Begins { .. } => None,
    });
    let (from, until, through, span) = lines.next()?;
    if let Some((_, _, _, second)) = lines.next() {
        let message = format!("table `{}` has two `spans` lines", decl.name.value);
        out.push(repeated(code::SPANS, message, second, span).help("a row describes one stay"));
    }
    let from = span_column(decl, table, from, false, out);
    let until = span_column(decl, table, until, true, out);
    Some(Spans { from: from?, until: until?, through })
}

/// The column of this name, or a finding that lists those that could be meant: `fits` says which,
/// and `what` they are. A column whose own line has a mistake is declared all the same, and gives
/// no finding here.
pub(super) fn column_named(
    table: &Table,
    decl: &ast::Table,
    name: &Name,
    what: &str,
    fits: impl Fn(&Column) -> bool,
    out: &mut Diagnostics,
) -> Option<ColumnId> {
    let found = table.find(&name.value);
    if found.is_none() && table_member(decl, &name.value).is_none() {
        let known: Vec<_> = table.columns.iter().filter(|c| fits(c)).map(|c| c.name.as_str()).collect();
        let message = format!("table `{}` has no column `{}`", table.name, name.value);
        let help = suggest::help(&name.value, what, &known);
        out.push(Diagnostic::new(code::UNKNOWN_NAME, name.span, message).help(help));
    }
    found
}

fn span_column(
    decl: &ast::Table,
    table: &Table,
    name: &Name,
    may_be_missing: bool,
    out: &mut Diagnostics,
) -> Option<ColumnId> {
    let refuse = |message: String, help: String| Diagnostic::new(code::SPANS, name.span, message).help(help);
    let Some(id) = column_named(table, decl, name, "dates", |c| c.ty == ColumnType::Date, out) else {
        if table_member(decl, &name.value).is_some_and(|m| !matches!(m, ast::Member::Column { .. })) {
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

fn table_member<'a>(decl: &'a ast::Table, name: &str) -> Option<&'a ast::Member> {
    decl.members.iter().find(|m| member_name(m).is_some_and(|n| n.value == name))
}
