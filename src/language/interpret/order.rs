//! The order of the rows of a table without a key: by what is known of a row from the start,
//! missing values first, and then by what became known of it, the earliest first. So a row does not
//! change its place when something of it becomes known.

use super::table::Row;
use crate::functions::{Cell, Value};
use crate::model::{ColumnId, Known, Table};
use chrono::{NaiveDateTime, NaiveTime};

/// What is told of a row from the start, and then day by day; the end of it is after all days.
pub(super) type Told = (Vec<Cell>, Vec<OnDay>);

/// A day in a column: whether it is missing, the day, the column, and what is known with it.
type OnDay = (bool, Option<NaiveDateTime>, u16, Vec<Cell>);

pub(super) fn told(table: &Table, row: &Row) -> Told {
    let tells = |id: ColumnId| table.fed && table.columns().any(|(_, column)| column.known == Known::With(id));
    let day_of = |id: ColumnId| match table.column(id).known {
        Known::With(day) if table.fed => Some(day),
        Known::OwnDay | Known::With(_) | Known::WithRow => None,
    };
    let cell = |id: ColumnId| row.cells[usize::from(id.0)].clone();
    let ids = || table.columns().map(|(id, _)| id);
    let mut known: Vec<Cell> = ids().filter(|id| day_of(*id).is_none() && !table.comes(*id)).map(cell).collect();
    // What is there without its day is known.
    let without_day = |id: &ColumnId| day_of(*id).is_some_and(|day| cell(day).is_none());
    known.extend(ids().filter(|id| day_of(*id).is_some()).map(|id| cell(id).filter(|_| without_day(&id))));
    let mut days = Vec::new();
    for id in ids().filter(|id| table.comes(*id) || tells(*id)) {
        let at = match cell(id) {
            Some(Value::Date(day)) => Some(day.and_time(NaiveTime::MIN)),
            Some(Value::Time(time)) => Some(time),
            _ => None,
        };
        let with_it = ids().filter(|other| day_of(*other) == Some(id));
        let with_it = if at.is_some() { with_it.map(cell).collect() } else { Vec::new() };
        days.push((at.is_none(), at, id.0, with_it));
    }
    days.sort();
    (known, days)
}
