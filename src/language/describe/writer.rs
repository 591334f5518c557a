//! The state of a description that is being written: names of rows, values that got a letter, and
//! the explanations needed at the end.

use super::alike::{alike, beyond};
use super::notes::Note;
use super::page::Point;
use super::words::{self, quoted};
use crate::ir::left_open::LeftOpen;
use crate::ir::{Expr, ExprKind, Function, Indicator, LinkedQuery, RowId, reads};
use crate::model::{Model, Table, TableId};
use std::collections::{BTreeMap, BTreeSet};

pub(super) struct Writer<'a> {
    pub(super) model: &'a Model,
    pub(super) indicator: &'a Indicator,
    /// The table of every row variable.
    pub(super) tables: BTreeMap<RowId, TableId>,
    /// Names of the rows met so far.
    pub(super) rows: BTreeMap<RowId, String>,
    /// Values that got a name.
    values: Vec<(Expr, String)>,
    /// The meanings of the values that are named in the point being written.
    named: Vec<Point>,
    /// Letters given so far.
    letters: usize,
    /// What has to be explained.
    pub(super) notes: BTreeSet<Note>,
}

impl<'a> Writer<'a> {
    pub(super) fn new(model: &'a Model, indicator: &'a Indicator) -> Self {
        let tables = reads::row_tables(indicator);
        Self {
            model,
            indicator,
            tables,
            rows: BTreeMap::new(),
            values: Vec::new(),
            named: Vec::new(),
            letters: 0,
            notes: BTreeSet::new(),
        }
    }

    pub(super) fn table(&self, row: RowId) -> Option<&'a Table> {
        self.tables.get(&row).map(|t| self.model.table(*t))
    }

    pub(super) fn letter(&mut self) -> String {
        self.letters += 1;
        words::letter(self.letters - 1)
    }

    /// The number of letters given so far.
    pub(super) fn letters_given(&self) -> usize {
        self.letters
    }

    /// Takes back the name of a row that no sentence says, and its letter if that is the last one;
    /// `given` letters were given before.
    pub(super) fn take_back(&mut self, row: RowId, name: &str, given: usize) {
        self.rows.remove(&row);
        if self.letters == given + 1 && !name.starts_with("the ") {
            self.letters = given;
        }
    }

    pub(super) fn note(&mut self, note: Note) {
        self.notes.insert(note);
    }

    /// A point, followed by the meanings of the values that its text names.
    pub(super) fn point(&mut self, text: impl FnOnce(&mut Self) -> String) -> Point {
        let around = std::mem::take(&mut self.named);
        let text = text(self);
        Point { text, under: std::mem::replace(&mut self.named, around) }
    }

    /// What can leave answers about the indicator open.
    pub(super) fn left_open(&self) -> LeftOpen<'a> {
        LeftOpen::new(self.model, self.indicator)
    }

    /// The name that the file gives to a value, in quotation marks; none for what is short already.
    pub(super) fn name_in_file(&self, e: &Expr) -> Option<String> {
        let of_day = e.call(Function::DayOf).and_then(<[Expr]>::first);
        let is_short = matches!(
            of_day.unwrap_or(e).kind,
            ExprKind::Column { .. }
                | ExprKind::Row { .. }
                | ExprKind::Bool(_)
                | ExprKind::Int(_)
                | ExprKind::Text(_)
                | ExprKind::Date(_)
                | ExprKind::Code(_)
                | ExprKind::Window(_)
                | ExprKind::AsOf
        );
        let names = self.indicator.about.names.iter().filter(|_| !is_short);
        names.into_iter().find(|(_, known)| alike(known, e)).map(|(name, _)| quoted(name))
    }

    /// A name for a value that is too long for a sentence: that of the file, or a letter; `say`
    /// writes its meaning under the point. Equal values have the same name.
    pub(super) fn name(&mut self, e: &Expr, noun: &str, say: impl FnOnce(&mut Self, &str) -> Point) -> String {
        if let Some((_, name)) = self.values.iter().find(|(known, _)| alike(known, e)) {
            return name.clone();
        }
        let name = self.name_in_file(e).unwrap_or_else(|| format!("{noun} {}", self.letter()));
        self.values.push((e.clone(), name.clone()));
        let point = self.with_names(|w| say(w, &name));
        self.named.push(point);
        name
    }

    /// The name that the file gives to a value which the description has not named yet; now it has.
    pub(super) fn first_named(&mut self, e: &Expr) -> Option<String> {
        let name = self.name_in_file(e)?;
        if self.values.iter().any(|(known, _)| alike(known, e)) {
            return None;
        }
        self.values.push((e.clone(), name.clone()));
        Some(name)
    }

    /// The name of a value: that of the file, or one that the description has given it already.
    pub(super) fn named_before(&self, e: &Expr) -> Option<String> {
        let known = self.values.iter().find(|(known, _)| alike(known, e)).map(|(_, name)| name.clone());
        known.or_else(|| self.name_in_file(e))
    }

    /// The name of a value that asks the same of more rows, what `q` asks of them besides, and the
    /// row of that value.
    pub(super) fn named_with_fewer_conditions<'q>(&self, q: &'q LinkedQuery) -> Option<(String, Vec<&'q Expr>, RowId)> {
        self.values.iter().find_map(|(known, name)| {
            let ExprKind::Linked(of) = &known.kind else { return None };
            beyond(q, of).map(|more| (name.clone(), more, of.row))
        })
    }

    /// Gives a row the name of another, which stands for it in a question of its own.
    pub(super) fn also_named(&mut self, row: RowId, other: RowId) -> String {
        let name = self.row(other);
        self.rows.insert(row, name.clone());
        name
    }

    /// A point, with the meanings of the values that it names below it.
    pub(super) fn with_names(&mut self, say: impl FnOnce(&mut Self) -> Point) -> Point {
        let around = std::mem::take(&mut self.named);
        let mut point = say(self);
        point.under.extend(std::mem::replace(&mut self.named, around));
        point
    }
}
