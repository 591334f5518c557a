//! Business days: the weekdays of work, and the column of days that are none.

use super::declared::{Declared, repeated};
use super::model::{Tables, find_table};
use crate::diag::{Diagnostic, Diagnostics, code, suggest};
use crate::model::{BusinessDays, ColumnId, ColumnType, Model, TableId};
use crate::syntax::ast::Name;

const WEEKDAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// The declaration, if there is one and it is right.
pub(super) fn build(model: &Model, declared: &Declared, ids: &Tables, out: &mut Diagnostics) -> Option<BusinessDays> {
    if let [first, second, ..] = declared.business.as_slice() {
        let message = "business days are declared twice".to_owned();
        out.push(repeated(code::DECLARED_TWICE, message, second.span, first.span));
    }
    let written = declared.business.first()?;
    let (first, last) = (weekday(&written.first, out), weekday(&written.last, out));
    let except = written.except.as_ref().map(|(table, column)| days(model, table, column, ids, out));
    let (first, last) = (first?, last?);
    let mut weekdays = [false; 7];
    // `saturday to wednesday` goes over the end of the week.
    let length = (last + 7 - first) % 7;
    (0..=length).for_each(|n| weekdays[(first + n) % 7] = true);
    match except {
        Some(column) => Some(BusinessDays { weekdays, except: Some(column?) }),
        None => Some(BusinessDays { weekdays, except: None }),
    }
}

fn weekday(name: &Name, out: &mut Diagnostics) -> Option<usize> {
    let found = WEEKDAYS.iter().position(|day| *day == name.value);
    if found.is_none() {
        let message = format!("`{}` is not a day of the week", name.value);
        let help = suggest::help(&name.value, "days of the week", &WEEKDAYS);
        out.push(Diagnostic::new(code::BUSINESS_DAYS, name.span, message).help(help));
    }
    found
}

/// The column of days that are no business days.
fn days(
    model: &Model,
    table: &Name,
    column: &Name,
    ids: &Tables,
    out: &mut Diagnostics,
) -> Option<(TableId, ColumnId)> {
    let id = find_table(table, ids, out)?;
    let declared = model.table(id);
    let dates: Vec<&str> =
        declared.columns.iter().filter(|c| c.ty == ColumnType::Date).map(|c| c.name.as_str()).collect();
    match declared.find(&column.value).filter(|c| declared.column(*c).ty == ColumnType::Date) {
        Some(column) => Some((id, column)),
        None => {
            let message = format!("`{}` is not a column of days in `{}`", column.value, table.value);
            let help = suggest::help(&column.value, "days", &dates);
            out.push(Diagnostic::new(code::BUSINESS_DAYS, column.span, message).help(help));
            None
        }
    }
}
