//! How values stand in the files: `written "dd/mm/yyyy"`, `trimmed, ignoring case, as whole
//! number`, and rows that stand there twice.

use super::declared::{Declared, repeated};
use super::model::member_name;
use crate::diag::{Diagnostic, Diagnostics, code};
use crate::model::{Column, ColumnType, Encoding, Form, Model, ReadAs, Table, in_small_letters};
use crate::source::{Span, Spanned};
use crate::syntax::ast::{self, Member, Name, Text};
use std::collections::BTreeMap;

/// More forms than these for one column are no help to anybody.
const MANY_FORMS: usize = 8;

/// The forms of a column of days or times.
pub(super) fn forms(column: &Name, ty: &ColumnType, written: &[Text], out: &mut Diagnostics) -> Vec<Form> {
    let Some(first) = written.first() else { return Vec::new() };
    if !matches!(ty, ColumnType::Date | ColumnType::Timestamp) {
        let message = format!("`{}` is not a day or a time, so it has no written form", column.value);
        out.push(Diagnostic::new(code::FORM, first.span, message).help("leave `written` out"));
        return Vec::new();
    }
    if let Some(beyond) = written.get(MANY_FORMS) {
        let message = format!("`{}` has more than {MANY_FORMS} forms", column.value);
        out.push(Diagnostic::new(code::FORM, beyond.span, message).help("write one form in the file"));
    }
    let mut forms: Vec<(Form, Span)> = Vec::new();
    for text in written.iter().take(MANY_FORMS) {
        let form = match Form::parse(&text.value) {
            Ok(form) => form,
            Err(why) => {
                out.push(no_form(text, &why));
                continue;
            }
        };
        match forms.iter().find_map(|(other, span)| Some((clash(&form, other)?, *span))) {
            Some((why, span)) => out.push(
                repeated(code::FORM, why, text.span, span)
                    .help("name the form that the file has; days that can be read in two ways cannot be used"),
            ),
            None => forms.push((form, text.span)),
        }
    }
    forms.into_iter().map(|(form, _)| form).collect()
}

fn no_form(text: &Text, why: &str) -> Diagnostic {
    let message = format!("`{}` is not a form of a day: {why}", text.value);
    Diagnostic::new(code::FORM, text.span, message).help(
        "a form is made of `yyyy` or `yy`, `mm`, `m` or `mon`, `dd` or `d`, and for times `HH` or `H`, `MM`, `SS` and `AM`: \
         `dd/mm/yyyy`, `m/d/yyyy H:MM AM`",
    )
}

/// Why two forms cannot stand side by side, if so: they are the same, or there is a text that each
/// of them reads as another day.
fn clash(form: &Form, other: &Form) -> Option<String> {
    if form == other {
        return Some(format!("the form `{}` is here twice", form.text()));
    }
    if !form.may_share_texts_with(other) {
        return None;
    }
    // Days whose parts can stand for each other, and years that can stand for a day and a month.
    let years = (2001..=2012).chain([1969, 2020, 2031]);
    let days = years.flat_map(|y| (1..=12).flat_map(move |m| (1..=31).map(move |d| (y, m, d))));
    for (y, m, d) in days {
        for (writer, short) in [(form, false), (form, true), (other, false), (other, true)] {
            let text = writer.write(y, m, d, short);
            if let (Some(one), Some(two)) = (form.read(&text), other.read(&text))
                && one != two
            {
                let (one, two) = (one.0, two.0);
                return Some(format!("`{text}` is {one} as `{}`, and {two} as `{}`", form.text(), other.text()));
            }
        }
    }
    None
}

/// What of a column's texts does not matter; `spelled` when the model says how the file spells its
/// words.
pub(super) fn read_as(
    name: &Name,
    ty: &ColumnType,
    said: &[Spanned<ast::ReadAs>],
    spelled: bool,
    out: &mut Diagnostics,
) -> ReadAs {
    let mut read_as = ReadAs::default();
    for clause in said {
        let (slot, words) = match clause.value {
            ast::ReadAs::Trimmed => (&mut read_as.trimmed, "trimmed"),
            ast::ReadAs::IgnoringCase => (&mut read_as.ignoring_case, "ignoring case"),
            ast::ReadAs::WholeNumber => (&mut read_as.whole_number, "as whole number"),
        };
        let mut refuse = |message: String, help: &str| {
            out.push(Diagnostic::new(code::READ_AS, clause.span, message).help(help));
        };
        let is_id = matches!(ty, ColumnType::Key | ColumnType::Link(_));
        let is_text = matches!(ty, ColumnType::Text | ColumnType::Codes(_)) || spelled && *ty == ColumnType::Bool;
        if *slot {
            refuse(format!("`{words}` is written twice for `{}`", name.value), "write it once");
        } else if clause.value == ast::ReadAs::WholeNumber && is_text && !spelled {
            refuse(
                format!("`{}` is not an id, so it cannot be read `as whole number`", name.value),
                "declare numbers as `int`",
            );
        } else if !is_id && !is_text {
            let message = format!("`{}` is not a text, so it cannot be read `{words}`", name.value);
            refuse(message, "remove these words: they are for ids, texts and codes");
        } else {
            *slot = true;
        }
    }
    // Of spelled words, only what is spelled can be mistaken.
    if let (ColumnType::Codes(words), true, false) = (ty, read_as.ignoring_case, spelled) {
        one_case(name, words, out);
    }
    read_as
}

/// Words of a list that is read ignoring case differ in more than that.
fn one_case(name: &Name, words: &[String], out: &mut Diagnostics) {
    let mut seen: BTreeMap<String, &str> = BTreeMap::new();
    for word in words {
        if let Some(other) = seen.insert(in_small_letters(word), word) {
            let message =
                format!("`{other}` and `{word}` are the same word when `{}` is read ignoring case", name.value);
            out.push(
                Diagnostic::new(code::READ_AS, name.span, message)
                    .help("list one of the two, or leave `ignoring case` out"),
            );
        }
    }
}

/// What of an id does not matter is said at the key: its links have it from there.
pub(super) fn links_as_keys(model: &mut Model, declared: &Declared, out: &mut Diagnostics) {
    let keys: Vec<Option<(String, ReadAs)>> = model.tables.iter().map(key).collect();
    for (table, decl) in model.tables.iter_mut().zip(&declared.tables) {
        for column in &mut table.columns {
            let target = column.target().and_then(|to| keys.get(usize::from(to.0))?.as_ref().map(|key| (to, key)));
            let Some((to, (key, of_key))) = target else { continue };
            if column.read_as.ignoring_case && !of_key.ignoring_case {
                let to = declared.tables.get(usize::from(to.0)).map_or("", |t| t.name.value.as_str());
                out.push(said_of_link_alone(decl, column, to, key));
            }
            column.set_read_as(column.read_as.and(*of_key));
        }
    }
}

fn key(table: &Table) -> Option<(String, ReadAs)> {
    let key = table.column(table.key?);
    Some((key.name.clone(), key.read_as))
}

fn said_of_link_alone(decl: &ast::Table, column: &Column, to: &str, key: &str) -> Diagnostic {
    let place = decl.members.iter().find_map(|member| match member {
        Member::Link { name, read_as, .. } if name.value == column.name => {
            read_as.iter().find(|r| r.value == ast::ReadAs::IgnoringCase).map(|r| r.span)
        }
        _ => None,
    });
    let message = format!("`{}` is read ignoring case, and the ids it leads to are not", column.name);
    let help = format!("write it at the key of `{to}`, where it holds for all links to it: `{key} key ignoring case`");
    Diagnostic::new(code::READ_AS, place.unwrap_or(decl.span), message).help(help)
}

/// Whether rows the same in every column of the file are one: of a table without a key.
pub(super) fn distinct(decl: &ast::Table, has_key: bool, out: &mut Diagnostics) -> bool {
    let Some(span) = decl.distinct.filter(|_| has_key) else { return decl.distinct.is_some() };
    let message = format!("table `{}` has a key, by which its rows are told apart", decl.name.value);
    let help =
        "remove `distinct`: where rows with one id are the same in every column that is read, one of them is used";
    out.push(Diagnostic::new(code::DISTINCT, span, message).help(help));
    false
}

/// How the text of a table's file is encoded.
pub(super) fn encoding(decl: &ast::Table, out: &mut Diagnostics) -> Encoding {
    let Some(said) = &decl.encoding else { return Encoding::Utf8 };
    let name = in_small_letters(&said.value);
    let (message, help) = match name.as_str() {
        "windows-1252" if decl.sheet.is_none() => return Encoding::Windows1252,
        "windows-1252" => {
            ("a workbook says itself how its text is encoded".to_owned(), "remove these words".to_owned())
        }
        "utf-8" | "utf8" | "utf-16" | "utf16" | "ascii" | "us-ascii" => {
            (format!("`{}` needs no words: it is read as it is", said.value), "remove these words".to_owned())
        }
        _ => (
            format!("`{}` is not an encoding that is read", said.value),
            "write `in windows-1252`, of which Latin 1 (ISO 8859-1) is a part, or save the file as UTF-8".to_owned(),
        ),
    };
    out.push(Diagnostic::new(code::ENCODING, said.span, message).help(help));
    Encoding::Utf8
}

/// When the case of their names does not matter, two columns of a table do not differ in it alone.
pub(super) fn headers_once(model: &Model, declared: &Declared, out: &mut Diagnostics) {
    for (table, decl) in model.tables.iter().zip(&declared.tables).filter(|_| model.headers_ignore_case) {
        let mut seen: BTreeMap<String, (&Column, &str)> = BTreeMap::new();
        for (column, name) in table.columns.iter().flat_map(|c| c.file_names().map(move |name| (c, name))) {
            let Some((first, other)) = seen.insert(in_small_letters(name), (column, name)) else { continue };
            // Reported where names are compared letter by letter.
            if other != name {
                let place = decl.members.iter().filter_map(member_name).find(|n| n.value == column.name);
                let message = format!(
                    "`{}` and `{}` are one column of the file when headers are read ignoring case",
                    first.name, column.name
                );
                let finding = Diagnostic::new(code::FILE_TWICE, place.map_or(decl.span, |n| n.span), message);
                out.push(finding.help("remove one of the two, or remove `headers ignoring case`"));
            }
        }
    }
}

/// A dated link is no column of the file.
pub(super) fn not_of_dated_links(decl: &ast::Table, out: &mut Diagnostics) {
    for member in &decl.members {
        if let Member::Link { name, through: Some(_), read_as, .. } = member
            && let Some(first) = read_as.first()
        {
            let message = format!("`{}` is not a column of the file", name.value);
            out.push(
                Diagnostic::new(code::READ_AS, first.span, message)
                    .help("write it at the link in the table that this link goes through"),
            );
        }
    }
}
