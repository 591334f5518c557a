//! From when on rows are there and values are known: `begins on DAY`, `begins with LINK`, `known
//! with DAY`, `known with the row`, `not fed`.

use super::declared::{Declared, repeated};
use super::model::column_named;
use crate::diag::{Diagnostic, Diagnostics, code};
use crate::model::{Column, ColumnId, ColumnType, Known, Model, Table};
use crate::source::Span;
use crate::syntax::ast::{self, KnownWith, Member, Name};

/// Puts into the model from when on each row is there and each value known.
pub(super) fn build(model: &mut Model, declared: &Declared, out: &mut Diagnostics) {
    for (table, decl) in model.tables.iter_mut().zip(&declared.tables) {
        let begins = begins(table, decl, out);
        let known: Vec<Known> = table.columns().map(|(id, _)| known(table, decl, id, out)).collect();
        let with_row = begins.filter(|id| table.column(*id).target().is_some());
        table.begins = begins.filter(|_| table.fed && with_row.is_none());
        table.begins_with = with_row;
        for (column, known) in table.columns.iter_mut().zip(known) {
            column.known = known;
        }
    }
    if let Some((table, _)) = model.business.and_then(|business| business.except)
        && let Some(calendar) = model.tables.get_mut(usize::from(table.0))
    {
        // The holidays of next year are no mistake.
        always_there(calendar);
    }
}

/// The rows of a calendar are there, and all that they say is known, whatever the day.
fn always_there(table: &mut Table) {
    table.fed = false;
    table.begins = None;
    table.columns.iter_mut().for_each(|column| column.known = Known::WithRow);
}

/// The declared day, or link; else the first of the stay; else the first day that is never missing.
fn begins(table: &Table, decl: &ast::Table, out: &mut Diagnostics) -> Option<ColumnId> {
    let mut lines = decl.members.iter().filter_map(line);
    let declared = lines.next();
    if let (Some((_, _, first)), Some((_, _, second))) = (declared, lines.next()) {
        let message = format!("table `{}` has two `begins` lines", table.name);
        out.push(repeated(code::BEGINS, message, second, first).help("a row begins once: keep one of the two"));
    }
    match declared {
        Some((name, true, _)) => return row_of_beginning(table, decl, name, out),
        Some((name, false, span)) => return day_of_beginning(table, decl, name, span, out),
        None => {}
    }
    let always = |column: &Column| is_day(column) && !column.optional;
    table.spans.map(|s| s.from).or_else(|| table.columns().find(|(_, c)| always(c)).map(|(id, _)| id))
}

fn line(member: &Member) -> Option<(&Name, bool, Span)> {
    match member {
        Member::Begins { column, with_row, span } => Some((column, *with_row, *span)),
        Member::Key { .. }
        | Member::Column { .. }
        | Member::Link { .. }
        | Member::Back { .. }
        | Member::Derived { .. }
        | Member::Rule { .. }
        | Member::Attribute { .. }
        | Member::Peers { .. }
        | Member::Spans { .. } => None,
    }
}

/// `begins with LINK`: of a table whose rows have no day of their own.
fn row_of_beginning(table: &Table, decl: &ast::Table, name: &Name, out: &mut Diagnostics) -> Option<ColumnId> {
    let mut refuse = |message: String, help: &str| {
        out.push(Diagnostic::new(code::BEGINS, name.span, message).help(help));
        None
    };
    let Some(id) = table.find(&name.value) else {
        return day(table, decl, name, out);
    };
    let column = table.column(id);
    if column.target().is_none() {
        return refuse(format!("`{}` is not a link", name.value), "name a link to the row with which this one begins");
    }
    if column.optional || !table.fed || table.spans.is_some() {
        let message = format!("a row of `{}` cannot begin with `{}`", table.name, name.value);
        return refuse(message, "name a link that is never missing, of a table without `spans` that is fed");
    }
    Some(id)
}

fn is_day(column: &Column) -> bool {
    matches!(column.ty, ColumnType::Date | ColumnType::Timestamp)
}

fn day_of_beginning(
    table: &Table,
    decl: &ast::Table,
    name: &Name,
    span: Span,
    out: &mut Diagnostics,
) -> Option<ColumnId> {
    let id = day(table, decl, name, out)?;
    let mut refuse = |message: String, help: String| {
        out.push(Diagnostic::new(code::BEGINS, name.span, message).help(help));
        None
    };
    let column = table.column(id);
    if !is_day(column) {
        return refuse(format!("`{}` is not a day or a time", name.value), "name a column of days or times".to_owned());
    }
    if column.optional {
        let help = format!("declare it without `?`; rows without `{}` are then set aside", name.value);
        return refuse(format!("`{}` may be missing, so it cannot say from when a row is there", name.value), help);
    }
    if let Some(spans) = table.spans.filter(|s| s.from != id) {
        let first = &table.column(spans.from).name;
        out.push(
            Diagnostic::new(
                code::BEGINS,
                span,
                format!("a row of `{}` begins with its stay, on `{first}`", table.name),
            )
            .help("leave the line out"),
        );
        return None;
    }
    if !table.fed {
        let message = format!("the rows of `{}` are there whatever the day (`not fed`)", table.name);
        out.push(Diagnostic::new(code::BEGINS, span, message).help("leave the line out, or the words `not fed`"));
        return None;
    }
    Some(id)
}

/// The column of a name that stands for a day.
fn day(table: &Table, decl: &ast::Table, name: &Name, out: &mut Diagnostics) -> Option<ColumnId> {
    column_named(table, decl, name, "days", is_day, out)
}

/// From when on the values of a column are known.
fn known(table: &Table, decl: &ast::Table, id: ColumnId, out: &mut Diagnostics) -> Known {
    let column = table.column(id);
    let ends = table.spans.is_some_and(|s| s.until == id);
    let with_own_day = column.optional && is_day(column);
    let Some((name, written)) = declared(decl, &column.name) else { return Known::WithRow };
    let Some(written) = written else {
        if column.optional && !with_own_day && table.spans.is_some() && table.fed {
            out.push(nothing_said(table, name));
        }
        return if with_own_day && table.fed { Known::OwnDay } else { Known::WithRow };
    };
    let mut refuse = |message: String, help: &str| {
        out.push(Diagnostic::new(code::KNOWN_WITH, written.span, message).help(help));
    };
    if !column.optional {
        refuse(format!("`{}` is never missing, so it is known with its row", name.value), "remove these words");
    } else if ends || column.not_yet {
        refuse(
            format!("`{}` is known once it has come, and until then it is still to come", name.value),
            "remove these words",
        );
    } else if !table.fed {
        refuse(format!("the rows of `{}` are there whatever the day (`not fed`)", table.name), "remove these words");
    } else {
        return with(table, decl, id, written, out);
    }
    if with_own_day && table.fed { Known::OwnDay } else { Known::WithRow }
}

/// What is written of a column: its name, and the words.
fn declared<'d>(decl: &'d ast::Table, column: &str) -> Option<(&'d Name, Option<&'d KnownWith>)> {
    decl.members.iter().find_map(|member| match member {
        Member::Column { name, known, .. } | Member::Link { name, known, .. } => {
            (name.value == column).then_some((name, known.as_ref()))
        }
        Member::Key { .. }
        | Member::Back { .. }
        | Member::Derived { .. }
        | Member::Rule { .. }
        | Member::Attribute { .. }
        | Member::Peers { .. }
        | Member::Begins { .. }
        | Member::Spans { .. } => None,
    })
}

fn with(table: &Table, decl: &ast::Table, id: ColumnId, written: &KnownWith, out: &mut Diagnostics) -> Known {
    let Some(name) = &written.day else { return Known::WithRow };
    let Some(by) = day(table, decl, name, out) else { return Known::WithRow };
    if by == id || !is_day(table.column(by)) {
        let message = match by == id {
            true => format!("`{}` cannot be known with itself", name.value),
            false => format!("`{}` is not a day or a time", name.value),
        };
        let help = "name the day of the row with which it becomes known, or write `known with the row`";
        out.push(Diagnostic::new(code::KNOWN_WITH, name.span, message).help(help));
        return Known::WithRow;
    }
    let of_day = declared(decl, &table.column(by).name).and_then(|(_, written)| written?.day.as_ref());
    if let Some(first) = of_day {
        let message = format!("`{}` is itself known only with `{}`", name.value, first.value);
        let help = format!("name `{}`, or a day that is known once it has come", first.value);
        out.push(Diagnostic::new(code::KNOWN_WITH, name.span, message).help(help));
        return Known::WithRow;
    }
    Known::With(by)
}

fn nothing_said(table: &Table, name: &Name) -> Diagnostic {
    let end = table.spans.map(|s| table.column(s.until).name.as_str()).unwrap_or_default();
    let message = format!("the model does not say from when `{}` of a stay is known", name.value);
    Diagnostic::new(code::KNOWN_WHEN, name.span, message)
        .help(format!("write `known with {end}` if nobody knows it before then, or `known with the row`"))
}
