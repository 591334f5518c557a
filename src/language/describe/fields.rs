//! Which fields must be filled in and which may be empty, and what an empty one leaves open.

use super::notes::Note;
use super::page::Point;
use super::words::{joined, one, plain, quoted};
use super::writer::Writer;
use crate::ir::left_open::Cause;
use crate::ir::{Expr, reads};
use crate::model::{Column, ColumnId, TableId};
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

type Fields = BTreeMap<TableId, BTreeSet<ColumnId>>;

/// What is said of the fields that decide who counts and what is measured.
pub(super) fn points(w: &mut Writer<'_>) -> Vec<Point> {
    let read = reads::outcome(w.model, w.indicator);
    let (mut places, mut filled, mut empty) = (Fields::new(), Fields::new(), Fields::new());
    // What they must lead to goes with them, and takes them along.
    let mut read = read;
    let mut open: Vec<TableId> = read.keys().copied().collect();
    while let Some(table) = open.pop() {
        for to in w.model.table(table).columns.iter().filter(|c| !c.optional).filter_map(Column::target) {
            if let Entry::Vacant(new) = read.entry(to) {
                new.insert(BTreeSet::new());
                open.push(to);
            }
        }
    }
    for (table, columns) in &read {
        let of = w.model.table(*table);
        // Whatever gives a row its place, read or not; an id does in every table.
        let placed = of.columns().filter(|(id, column)| of.places(*id) && !column.optional && of.key != Some(*id));
        places.entry(*table).or_default().extend(placed.map(|(id, _)| id));
        for id in columns {
            match (of.column(*id).optional, of.places(*id)) {
                (true, _) => drop(empty.entry(*table).or_default().insert(*id)),
                (false, false) => drop(filled.entry(*table).or_default().insert(*id)),
                (false, true) => {}
            }
        }
    }
    places.retain(|_, columns| !columns.is_empty());
    w.note(Note::SetAside);
    let mut points = Vec::new();
    if !places.is_empty() {
        points.push(Point::new(format!(
            "Without its id or one of these a record is set aside, with all that hangs on it: {}.",
            listed(w, &places, |_, _| String::new())
        )));
    }
    if !filled.is_empty() {
        points.push(Point::new(format!(
            "Must be filled in; an empty one is not known: {}.",
            listed(w, &filled, |_, _| String::new())
        )));
    }
    if !empty.is_empty() {
        let meaning = |table: TableId, column: ColumnId| match w.model.table(table).has_open_end(column) {
            true => " (not yet)".to_owned(),
            false => String::new(),
        };
        points.push(Point::new(format!("May be empty: {}.", listed(w, &empty, meaning))));
    }
    points
}

/// `a removal's "child" and "removed on"; a child's "born on"`.
fn listed(w: &Writer<'_>, fields: &Fields, after: impl Fn(TableId, ColumnId) -> String) -> String {
    let of_table = |(table, columns): (&TableId, &BTreeSet<ColumnId>)| {
        let of = w.model.table(*table);
        let name = |id: &ColumnId| format!("{}{}", quoted(&of.column(*id).name), after(*table, *id));
        let names: Vec<String> = columns.iter().map(name).collect();
        format!("{}'s {}", one(&plain(&of.name)), joined(&names, "and"))
    };
    fields.iter().map(of_table).collect::<Vec<_>>().join("; ")
}

/// What can leave something open, as said at the end of a sentence that begins with `begin`: fields
/// that may be empty, and whether one that must be filled in can do so, too.
pub(super) struct Open {
    /// Fields that may be empty, by name.
    named: Vec<String>,
    /// Whether a field that must be filled in is among them.
    required: bool,
}

impl Open {
    pub(super) fn new(w: &mut Writer<'_>, causes: &[Cause], of: &[&Expr]) -> Self {
        let mut open = Self { named: Vec::new(), required: false };
        for cause in causes {
            let said = match cause {
                Cause::Field(row, links, column) => {
                    let Some((table, _)) = w.end(*row, links) else { continue };
                    let of = w.model.table(table);
                    if !of.column(*column).optional {
                        open.required = true;
                        continue;
                    }
                    format!("{}'s {}", one(&plain(&of.name)), quoted(&of.column(*column).name))
                }
                Cause::NoRow(row) => match no_row(w, of, *row) {
                    Some(said) => said,
                    None => continue,
                },
            };
            if !open.named.contains(&said) {
                open.named.push(said);
            }
        }
        open.named.sort();
        open
    }

    /// Whether nothing can be left open.
    pub(super) fn is_never(&self) -> bool {
        self.named.is_empty() && !self.required
    }

    /// Whether only what breaks the rules can leave something open.
    pub(super) fn is_broken_only(&self) -> bool {
        self.named.is_empty() && self.required
    }

    /// What leaves it open, and the sentence that names the fields that may be empty.
    pub(super) fn in_words(&self) -> (&'static str, String) {
        match self.is_broken_only() {
            true => ("a field that must be filled in and is not", String::new()),
            false => ("an empty field", format!(" Such fields: {}.", self.fields())),
        }
    }

    /// The fields: `a removal's "exit type" or a field that must be filled in`.
    pub(super) fn fields(&self) -> String {
        let filled = self.required.then(|| "a field that must be filled in".to_owned());
        let all: Vec<String> = self.named.iter().cloned().chain(filled).collect();
        joined(&all, "or")
    }
}

/// That no row counts of which a day is asked for.
fn no_row(w: &mut Writer<'_>, of: &[&Expr], row: crate::ir::RowId) -> Option<String> {
    let mut found = None;
    for e in of {
        e.walk(&mut |e| {
            if let crate::ir::ExprKind::Linked(q) = &e.kind
                && q.row == row
            {
                found = Some(e);
            }
        });
    }
    let value = w.value(found?);
    Some(format!("{value} (when none is taken)"))
}
