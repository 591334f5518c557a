//! What an expression is worth on given rows. The meaning of each form is said on
//! [`ExprKind`]; this room follows it, one row at a time.

use super::moving::OfWorld;
use super::rows::Rows;
use super::table::{Went, World};
use super::watch::Seen;
use crate::calendar::Window;
use crate::functions::{self, Argument, Arithmetic, Cell, Value};
use crate::ir::{CompareOp, Expr, ExprKind, Indicator, Missing, RowId, Ty, WindowPoint};
use crate::model::{ColumnId, Model, TableId};
use chrono::{NaiveDate, NaiveDateTime, TimeDelta};
use std::cell::RefCell;
use std::cmp::Ordering;
use std::fmt;
use std::mem::discriminant;

/// What is asked of an indicator.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// The tables.
    pub world: &'a World<'a>,
    /// The indicator.
    pub indicator: &'a Indicator,
    /// The last day that the tables know of.
    pub as_of: NaiveDate,
    /// The reporting window.
    pub window: Window,
    /// The level asked about, where every level is measured by itself; 0 is the whole.
    pub level: usize,
    /// The arithmetic of months.
    pub arithmetic: &'a dyn Arithmetic,
}

/// What the checker should have refused: a value has another type than its expression, or a drawn
/// row breaks the model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault(String);

impl Fault {
    pub(super) fn new(what: String) -> Self {
        Self(what)
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Evaluates expressions of one indicator in one window.
#[derive(Debug)]
pub struct Evaluator<'a> {
    pub(super) asked: Question<'a>,
    pub(super) arithmetic: OfWorld<'a>,
    fault: RefCell<Option<Fault>>,
    /// What conditions were, when that is to be told.
    watch: Option<RefCell<Seen>>,
}

impl<'a> Evaluator<'a> {
    /// An evaluator for what is asked.
    #[must_use]
    pub fn new(asked: Question<'a>) -> Self {
        Self { asked, arithmetic: OfWorld::of(&asked), fault: RefCell::default(), watch: None }
    }

    /// One that also tells what the conditions with a place were. It looks at every part of a
    /// condition, also where one part decides.
    pub(super) fn watching(asked: Question<'a>) -> Self {
        Self { watch: Some(RefCell::default()), ..Self::new(asked) }
    }

    /// What the conditions were so far.
    pub(super) fn seen(&self) -> Seen {
        self.watch.as_ref().map(RefCell::take).unwrap_or_default()
    }

    /// Conditions on their way to be joined: each is looked at when they are watched.
    pub(super) fn joined(
        &self,
        truths: impl Iterator<Item = Option<bool>>,
        join: impl Fn(&mut dyn Iterator<Item = Option<bool>>) -> Option<bool>,
    ) -> Option<bool> {
        if self.watch.is_none() {
            return join(&mut { truths });
        }
        let truths: Vec<_> = truths.collect();
        join(&mut truths.into_iter())
    }

    /// The tables.
    pub(crate) fn world(&self) -> &'a World<'a> {
        self.asked.world
    }

    /// What is declared of them.
    pub(crate) fn model(&self) -> &'a Model {
        self.asked.world.model
    }

    /// The reporting window.
    pub(crate) fn window(&self) -> Window {
        self.asked.window
    }

    /// What was found, unless a value had a wrong type on the way.
    ///
    /// # Errors
    /// The first such value.
    pub fn sound<T>(self, found: T) -> Result<T, Fault> {
        self.fault.into_inner().map_or(Ok(found), Err)
    }

    /// Notes a mistake of the checker; the value is then missing.
    pub(super) fn mistake<T>(&self, e: &Expr, found: impl fmt::Debug) -> Option<T> {
        let fault = || Fault(format!("internal error: {found:?} is no {:?}, as {:?} says", e.ty, e.kind));
        self.fault.borrow_mut().get_or_insert_with(fault);
        None
    }

    /// True, false, or `None` for unknown.
    #[must_use]
    pub fn truth(&self, e: &Expr, rows: &Rows) -> Option<bool> {
        match self.value(e, rows)? {
            Value::Bool(truth) => Some(truth),
            other => self.mistake(e, other),
        }
    }

    /// A day.
    pub(super) fn day(&self, e: &Expr, rows: &Rows) -> Option<NaiveDate> {
        match self.value(e, rows)? {
            Value::Date(day) => Some(day),
            other => self.mistake(e, other),
        }
    }

    /// A whole number.
    pub(super) fn number(&self, e: &Expr, rows: &Rows) -> Option<i64> {
        match self.value(e, rows)? {
            Value::Int(number) => Some(number),
            other => self.mistake(e, other),
        }
    }

    fn time(&self, e: &Expr, rows: &Rows) -> Option<NaiveDateTime> {
        match self.value(e, rows)? {
            Value::Time(time) => Some(time),
            other => self.mistake(e, other),
        }
    }

    /// The value of an expression; `None` when it is missing or unknown.
    #[must_use]
    pub fn value(&self, e: &Expr, rows: &Rows) -> Cell {
        let value = self.of_kind(e, rows);
        if let Some(watch) = &self.watch {
            watch.borrow_mut().note(e, &value);
        }
        value
    }

    fn of_kind(&self, e: &Expr, rows: &Rows) -> Cell {
        match &e.kind {
            ExprKind::Bool(truth) => Some(Value::Bool(*truth)),
            ExprKind::Int(number) => Some(Value::Int(*number)),
            ExprKind::Text(text) => Some(Value::Text(text.clone())),
            ExprKind::Date(day) => Some(Value::Date(*day)),
            ExprKind::Code(word) => Some(Value::Code(*word)),
            ExprKind::Window(point) => Some(Value::Date(self.point(*point))),
            ExprKind::AsOf => Some(Value::Date(self.asked.as_of)),
            ExprKind::Column { row, links, column } => {
                let (table, row) = self.reach(rows, *row, links)?;
                self.asked.world.row(table, row).cells[usize::from(column.0)].clone()
            }
            ExprKind::Row { row, links } => Some(Value::Row(self.reach(rows, *row, links)?.1)),
            ExprKind::And(all) => self.joined(all.iter().map(|e| self.truth(e, rows)), all_of).map(Value::Bool),
            ExprKind::Or(all) => self.joined(all.iter().map(|e| self.truth(e, rows)), any_of).map(Value::Bool),
            ExprKind::Not(e) => Some(Value::Bool(!self.truth(e, rows)?)),
            ExprKind::Compare { op, left, right } => self.compare(*op, left, right, rows).map(Value::Bool),
            ExprKind::InCodes { value, codes } => match self.value(value, rows)? {
                Value::Code(word) => Some(Value::Bool(codes.contains(&word))),
                other => self.mistake(value, other),
            },
            ExprKind::InWindow(day) => self.in_window(day, rows).map(Value::Bool),
            ExprKind::IsMissing(e) => match self.value(e, rows) {
                None if self.is_doubtful(e, rows) => None,
                value => Some(Value::Bool(value.is_none())),
            },
            ExprKind::Shift { date, months, days, minutes } => self.shifted(date, (*months, *days, *minutes), rows),
            ExprKind::Call { function, of } => {
                let of: Vec<_> = of.iter().map(|e| self.argument(e, rows)).collect();
                (functions::definition(*function).evaluate)(&of, &self.arithmetic)
            }
            ExprKind::Elsewhere(day) => self.elsewhere(day, rows),
            ExprKind::BusinessDay { date, days } => self.business_day(date, *days, rows),
            ExprKind::Move { date, by, back } => self.moved(date, by, *back, rows),
            ExprKind::Linked(linked) => self.linked(linked, rows),
        }
    }

    fn point(&self, point: WindowPoint) -> NaiveDate {
        match point {
            WindowPoint::Start => self.asked.window.start,
            WindowPoint::End => self.asked.window.end,
            WindowPoint::LastDay => self.asked.window.last_day(),
        }
    }

    fn compare(&self, op: CompareOp, left: &Expr, right: &Expr, rows: &Rows) -> Option<bool> {
        let (a, b) = (self.value(left, rows), self.value(right, rows));
        let unknown = |cell: &Cell, e: &Expr| cell.is_none() && !self.is_open(e, rows);
        if unknown(&a, left) || unknown(&b, right) {
            return None;
        }
        let order = match (a, b) {
            (Some(a), Some(b)) if discriminant(&a) != discriminant(&b) => return self.mistake(right, b),
            (Some(a), Some(b)) => a.cmp(&b),
            (None, Some(_)) => Ordering::Greater,
            (Some(_), None) => Ordering::Less,
            (None, None) => return Some(op == CompareOp::Ne),
        };
        Some(match op {
            CompareOp::Eq => order.is_eq(),
            CompareOp::Ne => order.is_ne(),
            CompareOp::Lt => order.is_lt(),
            CompareOp::Le => order.is_le(),
            CompareOp::Gt => order.is_gt(),
            CompareOp::Ge => order.is_ge(),
        })
    }

    fn in_window(&self, day: &Expr, rows: &Rows) -> Option<bool> {
        match self.value(day, rows) {
            None if self.is_open(day, rows) => Some(false),
            None => None,
            Some(Value::Date(day)) => Some(self.asked.window.start <= day && day < self.asked.window.end),
            Some(other) => self.mistake(day, other),
        }
    }

    fn shifted(&self, date: &Expr, (months, days, minutes): (i32, i32, i32), rows: &Rows) -> Cell {
        let moved = |day| {
            let day = self.asked.arithmetic.plus_months(day, i64::from(months))?;
            day.checked_add_signed(TimeDelta::days(i64::from(days)))
        };
        if date.ty == Ty::Date {
            return moved(self.day(date, rows)?).map(Value::Date);
        }
        let time = self.time(date, rows)?;
        let moved = moved(time.date())?.and_time(time.time());
        moved.checked_add_signed(TimeDelta::minutes(i64::from(minutes))).map(Value::Time)
    }

    /// A value that a function takes.
    fn argument(&self, e: &Expr, rows: &Rows) -> Argument {
        let cell = self.value(e, rows);
        let missing = cell.is_none();
        Argument { cell, open: missing && self.is_open(e, rows), doubtful: missing && self.is_doubtful(e, rows) }
    }

    fn elsewhere(&self, day: &Expr, rows: &Rows) -> Cell {
        if self.gone(rows, RowId::COHORT).is_some() {
            return None;
        }
        match self.value(day, rows) {
            Some(Value::Date(day)) => {
                let (_, row) = rows.get(RowId::COHORT)?;
                Some(Value::Bool(self.is_elsewhere(row, day)))
            }
            None if self.is_open(day, rows) => Some(Value::Bool(false)),
            None => None,
            Some(other) => self.mistake(day, other),
        }
    }

    /// The row of a variable, if it is one that was set aside.
    pub(super) fn gone(&self, rows: &Rows, row: RowId) -> Option<&'a Went> {
        let (table, row) = rows.get(row)?;
        self.asked.world.gone(table, row)
    }

    /// Whether a missing value of the expression is still to come.
    pub(crate) fn is_open(&self, e: &Expr, rows: &Rows) -> bool {
        e.missing == Missing::OpenEnd && !self.is_doubtful(e, rows)
    }

    /// Whether a missing value is not known, whatever a missing value means: it is made of what may
    /// be broken of a row that was set aside, or of rows among which such a row may be.
    fn is_doubtful(&self, e: &Expr, rows: &Rows) -> bool {
        self.reads_broken(e, rows) || self.may_miss_rows(e, rows)
    }

    /// Whether an expression looks at a part of a row that was set aside which may be broken: a
    /// link that must lead somewhere, the day it begins, its ends where these could not be read, or
    /// the rows that lead to it.
    fn reads_broken(&self, e: &Expr, rows: &Rows) -> bool {
        let bad = |row: RowId, column: &ColumnId| {
            self.gone(rows, row).zip(rows.get(row)).is_some_and(|(went, (table, _))| {
                let table = self.asked.world.model.table(table);
                table.places(*column) && !(went.ends_known && table.has_open_end(*column))
            })
        };
        e.has(&|e| match &e.kind {
            ExprKind::Column { row, links, column } => bad(*row, links.first().unwrap_or(column)),
            ExprKind::Row { row, links } => links.first().is_some_and(|first| bad(*row, first)),
            ExprKind::Linked(q) if q.via.is_some() => match q.owner_links.first() {
                Some(first) => bad(q.owner, first),
                None => self.gone(rows, q.owner).is_some(),
            },
            _ => false,
        })
    }

    /// Whether an expression asks about rows among which one that was set aside may be.
    fn may_miss_rows(&self, e: &Expr, rows: &Rows) -> bool {
        match &e.kind {
            ExprKind::Linked(q) => self.may_miss(q, rows),
            _ => e.children().into_iter().any(|inner| self.may_miss_rows(inner, rows)),
        }
    }

    /// The row that links lead to from the row of a variable.
    pub(crate) fn reach(&self, rows: &Rows, row: RowId, links: &[ColumnId]) -> Option<(TableId, usize)> {
        let (table, row) = rows.get(row)?;
        self.asked.world.follow(table, row, links)
    }
}

/// False when one is, else unknown when one is, else true.
fn all_of(all: &mut dyn Iterator<Item = Option<bool>>) -> Option<bool> {
    any_of(&mut all.map(|truth| truth.map(|t| !t))).map(|t| !t)
}

/// True when one is, else unknown when one is, else false.
pub(super) fn any_of(all: &mut dyn Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut found = Some(false);
    for truth in all {
        match truth {
            Some(true) => return Some(true),
            None => found = None,
            Some(false) => {}
        }
    }
    found
}
