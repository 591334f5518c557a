//! The days of a row and of those that it looks at, in order, with the edges of the window.

use super::Asked;
use super::found::{Finder, questions};
use crate::functions::Value;
use crate::interpret::Rows;
use crate::ir::{Expr, ExprKind, RowId, Ty, WindowLength};
use crate::model::{ColumnId, ColumnType, TableId};
use chrono::{NaiveDate, NaiveTime};
use std::collections::BTreeSet;

/// Of all rows that are looked at, so many are told.
const ROWS: usize = 400;

/// Whose day it is; of several on one day, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// An edge of the window, of the follow-up or of the data, or a day that the text reckons.
    Edge,
    /// The row's own.
    Own,
    /// Of a row that it leads to, or that a question asks about.
    Linked,
}

/// A day and what happened on it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Event {
    /// The day.
    pub day: NaiveDate,
    /// The time of the day, where it is known.
    pub time: Option<NaiveTime>,
    /// Whose day it is.
    pub kind: Kind,
    /// The row; empty of an edge.
    pub of: String,
    /// The column, or what the edge is.
    pub what: String,
}

impl Event {
    /// An edge.
    pub(super) fn edge(day: NaiveDate, what: &str) -> Self {
        Self { day, time: None, kind: Kind::Edge, of: String::new(), what: what.to_owned() }
    }
}

/// A cell by its table, the row's number, and the column.
pub(super) type Place = (TableId, usize, ColumnId);

/// The cells that an indicator looks at on a row: its own, those of the rows it leads to, and those
/// of the rows that questions ask about.
pub(super) fn places(finder: &Finder, row: usize) -> BTreeSet<Place> {
    let mut places = BTreeSet::new();
    let rows = finder.evaluator.row_of_cohort(row);
    for e in finder.indicator.expressions() {
        of_expression(finder, e, &rows, &mut places);
    }
    places
}

fn of_expression(finder: &Finder, e: &Expr, rows: &Rows, places: &mut BTreeSet<Place>) {
    e.walk_outside(&mut |e| {
        if let ExprKind::Column { row, links, column } = &e.kind
            && let Some((table, row)) = finder.evaluator.reach(rows, *row, links)
        {
            places.insert((table, row, *column));
        }
    });
    for q in questions(e) {
        // All rows of a table are nobody's story.
        let asked = finder.evaluator.rows_asked(q, rows).filter(|_| q.via.is_some()).unwrap_or_default();
        for row in asked.into_iter().take(ROWS) {
            let seen = rows.with(q.row, q.table, row);
            of_expression(finder, &q.condition, &seen, places);
            q.ask.values().into_iter().for_each(|e| of_expression(finder, e, &seen, places));
        }
    }
}

/// The days, in no order.
pub(super) fn timeline(finder: &Finder, asked: Asked, row: usize) -> Vec<Event> {
    let world = finder.evaluator.world();
    let table = finder.indicator.cohort.table;
    let mut places = places(finder, row);
    let own = world.model.table(table).columns();
    let days = own.filter(|(_, column)| matches!(column.ty, ColumnType::Date | ColumnType::Timestamp));
    places.extend(days.map(|(id, _)| (table, row, id)));
    let event = |(of, number, column): Place| {
        let kind = if (of, number) == (table, row) { Kind::Own } else { Kind::Linked };
        let (day, time) = match world.row(of, number).cells[usize::from(column.0)].as_ref()? {
            Value::Date(day) => (*day, None),
            Value::Time(time) => (time.date(), Some(time.time())),
            Value::Bool(_) | Value::Int(_) | Value::Text(_) | Value::Code(_) | Value::Row(_) => return None,
        };
        let what = world.model.table(of).column(column).name.clone();
        Some(Event { day, time, kind, of: finder.text.words.row(of, number), what })
    };
    let mut events: Vec<Event> = places.into_iter().filter_map(event).collect();
    events.extend(edges(asked));
    events.extend(reckoned(finder, row));
    events
}

/// The edges of the window, of the follow-up and of the data.
fn edges(asked: Asked) -> Vec<Event> {
    let Asked { indicator, window, as_of, .. } = asked;
    let begins = (indicator.window != WindowLength::AllTime).then(|| Event::edge(window.start, "the window begins"));
    let known = indicator.final_on(window).map(|day| Event::edge(day, "the outcomes of the window are known"));
    let ends = [Event::edge(window.last_day(), "last day of the window"), Event::edge(as_of, "last day of the data")];
    begins.into_iter().chain(known).chain(ends).collect()
}

/// The days that the text reckons from those of the row: `exited_on + 12 months`.
fn reckoned(finder: &Finder, row: usize) -> Vec<Event> {
    let rows = finder.evaluator.row_of_cohort(row);
    let mut found = BTreeSet::new();
    let attribution = &finder.indicator.attribution.at;
    for e in finder.indicator.expressions().filter(|e| !std::ptr::eq(*e, attribution)) {
        e.walk(&mut |e| {
            let is_day = matches!(e.ty, Ty::Date) && is_of_cohort(e);
            if is_day
                && matches!(e.kind, ExprKind::Shift { .. } | ExprKind::BusinessDay { .. } | ExprKind::Move { .. })
                && let Some(Value::Date(day)) = finder.evaluator.value(e, &rows)
            {
                found.insert(Event::edge(day, &finder.text.words.expression(e)));
            }
        });
    }
    found.into_iter().collect()
}

/// Whether an expression reads the row of the cohort alone, and reads something of it.
fn is_of_cohort(e: &Expr) -> bool {
    let of_other = |e: &Expr| match &e.kind {
        ExprKind::Column { row, .. } | ExprKind::Row { row, .. } => *row != RowId::COHORT,
        ExprKind::Linked(_) => true,
        _ => false,
    };
    e.has(&|e| matches!(e.kind, ExprKind::Column { .. })) && !e.has(&of_other)
}
