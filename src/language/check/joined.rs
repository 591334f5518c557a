//! Columns whose values stand in another table: `left_on date? from exit.left_on`.

use super::declared::Declared;
use super::model::{Tables, find_table, member_name};
use crate::diag::{Diagnostic, Diagnostics, code, suggest};
use crate::model::{Column, ColumnId, ColumnType, Joined, Known, Model, Table, TableId};
use crate::syntax::ast::{self, Member};

/// What is wrong with such a column, and what to write instead.
type Refused = (String, String);

/// Puts into the model where the values of such columns stand.
pub(super) fn build(model: &mut Model, declared: &Declared, ids: &Tables, out: &mut Diagnostics) {
    let mut found = Vec::new();
    for (number, decl) in declared.tables.iter().enumerate() {
        let own = TableId(number as u16);
        for (column, written) in decl.members.iter().filter_map(written) {
            let Some(id) = model.table(own).find(column) else { continue };
            let Some(other) = find_table(&written.table, ids, out) else { continue };
            let Some(value) = value(model, declared, other, written, out) else { continue };
            match joined(model, (own, id), (other, value), decl) {
                Ok(joined) => found.push((own, id, joined, written)),
                Err((message, help)) => {
                    out.push(Diagnostic::new(code::JOINED, written.span, message).help(help));
                }
            }
        }
    }
    for (own, id, joined, written) in &found {
        let here = found.iter().filter(|(table, _, other, _)| table == own && other.table == joined.table);
        let days: Vec<(ColumnId, ColumnId)> = here.map(|(_, id, joined, _)| (joined.column, *id)).collect();
        let taken = found.iter().any(|(table, ..)| *table == joined.table);
        let sound =
            if taken { Err(takes_over_itself(model, *joined)) } else { known(model, *own, *id, *joined, &days) };
        if let Err((message, help)) = sound {
            out.push(Diagnostic::new(code::JOINED, written.span, message).help(help));
        }
    }
    for (own, id, joined, _) in found {
        let columns = model.tables.get_mut(usize::from(own.0)).map(|table| &mut table.columns);
        if let Some(column) = columns.and_then(|columns| columns.get_mut(usize::from(id.0))) {
            column.joined = Some(joined);
        }
    }
}

fn takes_over_itself(model: &Model, joined: Joined) -> Refused {
    let name = &model.table(joined.table).name;
    (
        format!("`{name}` takes columns from another table itself"),
        "name the table in whose file the value stands".into(),
    )
}

/// The name of such a column, and where its values stand.
fn written(member: &Member) -> Option<(&str, &ast::Joined)> {
    match member {
        Member::Column { name, joined: Some(joined), .. } => Some((name.value.as_str(), joined)),
        Member::Column { joined: None, .. }
        | Member::Key { .. }
        | Member::Link { .. }
        | Member::Back { .. }
        | Member::Derived { .. }
        | Member::Rule { .. }
        | Member::Attribute { .. }
        | Member::Spans { .. }
        | Member::Peers { .. }
        | Member::Begins { .. } => None,
    }
}

/// What is shown of such a column as its name in the files.
pub(super) fn file_name(written: &ast::Joined) -> String {
    format!("{}.{}", written.table.value, written.column.value)
}

/// The column with the values, or a finding.
fn value(
    model: &Model,
    declared: &Declared,
    other: TableId,
    written: &ast::Joined,
    out: &mut Diagnostics,
) -> Option<ColumnId> {
    let table = model.table(other);
    let found = table.find(&written.column.value);
    let decl = declared.tables.get(usize::from(other.0))?;
    let is_there = decl.members.iter().filter_map(member_name).any(|name| name.value == written.column.value);
    if found.is_none() && !is_there {
        let known: Vec<&str> = table.columns.iter().filter(|c| may_stand(c)).map(|c| c.name.as_str()).collect();
        let message = format!("table `{}` has no column `{}`", table.name, written.column.value);
        let help = suggest::help(&written.column.value, "columns", &known);
        out.push(Diagnostic::new(code::UNKNOWN_NAME, written.column.span, message).help(help));
    } else if found.is_none() {
        let message = format!("`{}` of `{}` is not a column of the file", written.column.value, table.name);
        out.push(Diagnostic::new(code::JOINED, written.column.span, message).help("name a column of the file"));
    }
    found
}

/// Whether the values of a column can stand for those of another table: of ids and free texts it
/// could not be told whether two rows say the same or nothing.
fn may_stand(column: &Column) -> bool {
    !matches!(column.ty, ColumnType::Key | ColumnType::Link(_) | ColumnType::Text)
}

/// Where the values of a column stand.
fn joined(
    model: &Model,
    (own, id): (TableId, ColumnId),
    (other, value): (TableId, ColumnId),
    decl: &ast::Table,
) -> Result<Joined, Refused> {
    let (table, from) = (model.table(own), model.table(other));
    let (column, stands) = (table.column(id), from.column(value));
    let name = &column.name;
    if !may_stand(stands) {
        let message = format!("`{}` of `{}` is an id, a link or a text", stands.name, from.name);
        return Err((message, "only days, times, numbers, true and false, and codes can be taken from there".into()));
    }
    if column.ty != stands.ty || column.counted != stands.counted {
        let message = format!("`{name}` does not hold what `{}` of `{}` holds", stands.name, from.name);
        return Err((message, "write the same type in both tables; of codes, the same words in the same order".into()));
    }
    if !column.optional {
        let message = format!("`{name}` may be missing: a row of `{}` may have none of `{}`", table.name, from.name);
        return Err((message, format!("write `?` after the type of `{name}`")));
    }
    if !column.forms.is_empty() || !column.read_as.is_plain() || !column.spellings.is_plain() {
        let message = format!("how `{name}` is written is said where it stands");
        return Err((message, format!("write that at `{}` in table `{}`", stands.name, from.name)));
    }
    if table.key.is_none() {
        let message =
            format!("table `{}` has no key, so no row of `{}` can lead to a row of it", table.name, from.name);
        return Err((message, format!("declare the column that identifies a row: `{}_id key`", table.name)));
    }
    let via = via(model, own, other, decl)?;
    Ok(Joined { table: other, via, column: value })
}

/// The one link of the other table to this one.
fn via(model: &Model, own: TableId, other: TableId, decl: &ast::Table) -> Result<ColumnId, Refused> {
    let (name, from) = (&decl.name.value, model.table(other));
    let mut links = from.columns().filter(|(_, column)| column.target() == Some(own));
    let via = match (links.next(), links.next()) {
        _ if own == other => {
            let message = format!("`{name}` is this table itself");
            return Err((message, "name the column of the file with `from \"...\"`".into()));
        }
        (Some((via, _)), None) => via,
        (found, _) => {
            let count = if found.is_none() { "no link" } else { "more than one link" };
            let message = format!("`{}` has {count} to `{name}`", from.name);
            let help = format!(
                "table `{}` must have exactly one column `... -> {name}` by which its rows are found",
                from.name
            );
            return Err((message, help));
        }
    };
    if from.column(via).known != Known::WithRow {
        let message = format!(
            "the link `{}` of `{}` is not known from the first day of its row on",
            from.column(via).name,
            from.name
        );
        return Err((message, "remove `known with` from the link".into()));
    }
    Ok(via)
}

/// Whether the value is known no earlier than the row in which it stands. `days` are the columns of
/// the other table that are taken over, each with the column of this one.
fn known(
    model: &Model,
    own: TableId,
    id: ColumnId,
    joined: Joined,
    days: &[(ColumnId, ColumnId)],
) -> Result<(), Refused> {
    let (table, from) = (model.table(own), model.table(joined.table));
    let (column, stands) = (table.column(id), from.column(joined.column));
    if !from.fed {
        return Ok(());
    }
    if !table.fed {
        let message =
            format!("the rows of `{}` are there whatever the day, and those of `{}` are not", table.name, from.name);
        return Err((message, format!("write `not fed` after the title of `{}` too, or after neither", from.name)));
    }
    let Some(day) = comes_with(from, joined)? else {
        if column.known == Known::OwnDay {
            return Ok(());
        }
        let message = format!("`{}` of `{}` is known once it has come", column.name, table.name);
        return Err((message, "remove `known with`".into()));
    };
    let of_day = &from.column(day).name;
    if table.has_open_end(id) {
        let message =
            format!("`{}` is an end, and its row of `{}` is there only from `{of_day}` on", column.name, from.name);
        return Err((message, format!("write `begins on {}` in table `{}`", stands.name, from.name)));
    }
    match days.iter().find(|(of, _)| *of == day) {
        None => {
            let message = format!(
                "`{}` is known with `{of_day}` of `{}`, which this table does not have",
                column.name, from.name
            );
            let ty = if from.column(day).ty == ColumnType::Date { "date" } else { "timestamp" };
            Err((message, format!("add a line `{of_day} {ty}? from {}.{of_day}`", from.name)))
        }
        Some((_, with)) if column.known == Known::With(*with) => Ok(()),
        Some((_, with)) => {
            let with = &table.column(*with).name;
            let message =
                format!("`{}` is known only with `{with}`, the day of its row of `{}`", column.name, from.name);
            Err((message, format!("write `known with {with}` before `from`")))
        }
    }
}

/// The day of the other table with which a value there is known; none where that is the value
/// itself.
fn comes_with(from: &Table, joined: Joined) -> Result<Option<ColumnId>, Refused> {
    let stands = from.column(joined.column);
    let Some(begins) = from.begins else {
        let message = format!("the rows of `{}` have no day from which on they are there", from.name);
        let help = format!(
            "in table `{}`, declare the day on which a row comes without `?`, or write `begins on DAY`",
            from.name
        );
        return Err((message, help));
    };
    match stands.known {
        _ if begins == joined.column => Ok(None),
        Known::With(with) if with != begins => {
            let [day, with] = [begins, with].map(|id| &from.column(id).name);
            let message = format!("`{}` of `{}` is known only with both `{day}` and `{with}`", stands.name, from.name);
            Err((message, format!("ask for it by a question about the rows of `{}`", from.name)))
        }
        Known::With(_) | Known::WithRow | Known::OwnDay => Ok(Some(begins)),
    }
}
