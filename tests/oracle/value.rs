//! What an expression is worth on given rows.

use super::cell::{Cell, Value};
use super::months::{months_between, plus_months};
use super::table::{Went, World, bears_the_row, is_open_end};
use chrono::{Datelike, Days, NaiveDate, NaiveDateTime, TimeDelta};
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use yardstick::calendar::Window;
use yardstick::ir::expr::FARTHEST;
use yardstick::ir::{Ask, CompareOp, Expr, ExprKind, Indicator, Missing, Quantified, RowId, Ty, WindowPoint};
use yardstick::model::{ColumnId, TableId};

/// Which row each variable stands for.
pub(crate) type Rows = BTreeMap<RowId, (TableId, usize)>;

/// What an expression may look at besides the rows.
pub(crate) struct Eval<'a> {
    pub(crate) world: &'a World,
    pub(crate) as_of: NaiveDate,
    pub(crate) window: Window,
    /// Whose rows these are.
    pub(crate) indicator: &'a Indicator,
    /// The level asked about, where every level is measured by itself.
    pub(crate) level: usize,
}

impl Eval<'_> {
    /// True, false, or `None` for unknown.
    pub(crate) fn truth(&self, e: &Expr, rows: &Rows) -> Option<bool> {
        match self.value(e, rows) {
            None => None,
            Some(Value::Bool(b)) => Some(b),
            Some(other) => panic!("{other:?} is not a truth value"),
        }
    }

    pub(crate) fn value(&self, e: &Expr, rows: &Rows) -> Cell {
        match &e.kind {
            ExprKind::Bool(b) => Some(Value::Bool(*b)),
            ExprKind::Int(n) => Some(Value::Int(*n)),
            ExprKind::Text(text) => Some(Value::Text(text.clone())),
            ExprKind::Date(day) => Some(Value::Date(*day)),
            ExprKind::Code(word) => Some(Value::Code(*word)),
            ExprKind::Window(WindowPoint::Start) => Some(Value::Date(self.window.start)),
            ExprKind::Window(WindowPoint::End) => Some(Value::Date(self.window.end)),
            ExprKind::Window(WindowPoint::LastDay) => Some(Value::Date(self.window.end - Days::new(1))),
            ExprKind::AsOf => Some(Value::Date(self.as_of)),
            ExprKind::Column { row, links, column } => {
                let (table, row) = self.reach(rows, *row, links)?;
                self.world.row(table, row).cells[column.0 as usize].clone()
            }
            ExprKind::Row { row, links } => Some(Value::Row(self.reach(rows, *row, links)?.1)),
            ExprKind::And(all) => all_of(all.iter().map(|e| self.truth(e, rows))).map(Value::Bool),
            ExprKind::Or(all) => any_of(all.iter().map(|e| self.truth(e, rows))).map(Value::Bool),
            ExprKind::Not(e) => Some(Value::Bool(!self.truth(e, rows)?)),
            ExprKind::Compare { op, left, right } => self.compare(*op, left, right, rows).map(Value::Bool),
            ExprKind::InCodes { value, codes } => {
                let Value::Code(word) = self.value(value, rows)? else { panic!("{value:?} is not a code") };
                Some(Value::Bool(codes.contains(&word)))
            }
            ExprKind::InWindow(e) if self.is_open(e, rows) && self.value(e, rows).is_none() => Some(Value::Bool(false)),
            ExprKind::InWindow(e) => {
                let day = self.day(e, rows)?;
                Some(Value::Bool(self.window.start <= day && day < self.window.end))
            }
            ExprKind::IsMissing(e) => match self.value(e, rows) {
                None if self.is_doubtful(e, rows) => None,
                value => Some(Value::Bool(value.is_none())),
            },
            ExprKind::Shift { date, months, days, hours } => {
                let moved = |day| plus_months(day, i64::from(*months)) + TimeDelta::days(i64::from(*days));
                if date.ty == Ty::Date {
                    return Some(Value::Date(moved(self.day(date, rows)?)));
                }
                let time = self.time(date, rows)?;
                Some(Value::Time(moved(time.date()).and_time(time.time()) + TimeDelta::hours(i64::from(*hours))))
            }
            ExprKind::DaysBetween(from, to) => {
                Some(Value::Int((self.day(to, rows)? - self.day(from, rows)?).num_days()))
            }
            ExprKind::MonthsBetween(from, to) => {
                Some(Value::Int(months_between(self.day(from, rows)?, self.day(to, rows)?)))
            }
            ExprKind::YearsBetween(from, to) => {
                Some(Value::Int(months_between(self.day(from, rows)?, self.day(to, rows)?).div_euclid(12)))
            }
            ExprKind::Extreme { latest, of } => self.extreme(*latest, of, rows),
            ExprKind::FirstKnown(all) => {
                let known = all.iter().map(|e| (self.value(e, rows), e));
                // What comes after one that may be there is not known to be the first.
                known.into_iter().find(|(cell, e)| cell.is_some() || self.is_doubtful(e, rows))?.0
            }
            ExprKind::Elsewhere(_) if self.gone(rows).is_some() => None,
            ExprKind::Elsewhere(day) => match self.value(day, rows) {
                Some(Value::Date(day)) => Some(Value::Bool(self.is_elsewhere(rows[&RowId::COHORT].1, day))),
                None if self.is_open(day, rows) => Some(Value::Bool(false)),
                other => other,
            },
            ExprKind::DayOf(e) => Some(Value::Date(self.time(e, rows)?.date())),
            ExprKind::BusinessDay { date, days } => {
                let mut day = self.day(date, rows)?;
                for _ in 0..days.abs() {
                    day = self.next_business_day(day, days.signum())?;
                }
                Some(Value::Date(day))
            }
            ExprKind::Move { date, by, back } => self.moved(date, by, *back, rows),
            ExprKind::Some(q) => self.asked(q, rows),
        }
    }

    fn compare(&self, op: CompareOp, left: &Expr, right: &Expr, rows: &Rows) -> Option<bool> {
        let (a, b) = (self.value(left, rows), self.value(right, rows));
        let unknown = |cell: &Cell, e: &Expr| cell.is_none() && !self.is_open(e, rows);
        if unknown(&a, left) || unknown(&b, right) {
            return None;
        }
        let order = match (a, b) {
            (Some(a), Some(b)) => a.order(&b),
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

    fn extreme(&self, latest: bool, of: &[Expr], rows: &Rows) -> Cell {
        let mut best: Option<Cell> = None;
        for e in of {
            let cell = self.value(e, rows);
            if cell.is_none() && !self.is_open(e, rows) {
                return None;
            }
            let wins = match (&cell, &best) {
                (_, None) => true,
                (Some(a), Some(Some(b))) => {
                    if latest {
                        a.order(b).is_gt()
                    } else {
                        a.order(b).is_lt()
                    }
                }
                // An open end is later than every day.
                (None, Some(Some(_))) => latest,
                (Some(_), Some(None)) => !latest,
                (None, Some(None)) => false,
            };
            if wins {
                best = Some(cell);
            }
        }
        best.unwrap()
    }

    fn moved(&self, date: &Expr, by: &Expr, back: bool, rows: &Rows) -> Cell {
        let (day, count) = (self.day(date, rows)?, self.number(by, rows)?);
        if count.abs() > FARTHEST {
            return None;
        }
        let count = if back { -count } else { count };
        let moved = match by.ty {
            Ty::Days => day.checked_add_signed(TimeDelta::days(count)),
            Ty::Months => Some(plus_months(day, count)),
            Ty::Years => Some(plus_months(day, 12 * count)),
            other => panic!("moved by {other:?}"),
        };
        moved.map(Value::Date)
    }

    /// The nearest business day before or after a day.
    fn next_business_day(&self, mut day: NaiveDate, step: i32) -> Option<NaiveDate> {
        let business = self.world.model.business.as_ref()?;
        let holidays: BTreeSet<NaiveDate> = business.except.into_iter().flat_map(|e| self.world.days(e)).collect();
        loop {
            day = day.checked_add_signed(TimeDelta::days(i64::from(step)))?;
            if business.weekdays[day.weekday().num_days_from_monday() as usize] && !holidays.contains(&day) {
                return Some(day);
            }
        }
    }

    /// The rows a question is about, each as it is seen from inside; nothing when it is not known
    /// whose they are.
    fn linked(&self, q: &Quantified, rows: &Rows) -> Option<Vec<Rows>> {
        // Those that lead to a row that went are gone as well.
        if q.via.is_some() && q.owner == RowId::COHORT && q.owner_links.is_empty() && self.gone(rows).is_some() {
            return None;
        }
        let linked: Vec<usize> = match q.via {
            None => (0..self.world.rows(q.table).len()).collect(),
            Some(via) => {
                let (_, owner) = self.reach(rows, q.owner, &q.owner_links)?;
                self.world.linked(q.table, via, owner).to_vec()
            }
        };
        let other = q.other_than.map(|row| rows[&row]);
        let linked = linked.into_iter().filter(|row| other != Some((q.table, *row)));
        Some(linked.map(|row| rows.clone().into_iter().chain([(q.row, (q.table, row))]).collect()).collect())
    }

    /// How many rows surely count.
    pub(crate) fn surely(&self, q: &Quantified, rows: &Rows) -> i64 {
        self.linked(q, rows).iter().flatten().filter(|seen| self.truth(&q.condition, seen) == Some(true)).count() as i64
    }

    fn asked(&self, q: &Quantified, rows: &Rows) -> Cell {
        let linked = self.linked(q, rows)?;
        if q.ask == Ask::Some {
            return any_of(linked.iter().map(|seen| self.truth(&q.condition, seen))).map(Value::Bool);
        }
        if linked.iter().any(|seen| self.truth(&q.condition, seen).is_none()) {
            return None;
        }
        let counts: Vec<Rows> = linked.into_iter().filter(|s| self.truth(&q.condition, s) == Some(true)).collect();
        let values = |e: &Expr| -> Option<Vec<Value>> { counts.iter().map(|seen| self.value(e, seen)).collect() };
        match &q.ask {
            Ask::Some => unreachable!("answered above"),
            Ask::Count => Some(Value::Int(counts.len() as i64)),
            Ask::Distinct(e) => Some(Value::Int(values(e)?.into_iter().collect::<BTreeSet<_>>().len() as i64)),
            Ask::Sum(e) => Some(Value::Int(counts.iter().map(|s| self.number(e, s)).sum::<Option<i64>>()?)),
            Ask::Earliest(e) if self.is_open(e, rows) => {
                counts.iter().filter_map(|seen| self.value(e, seen)).min_by(Value::order)
            }
            Ask::Earliest(e) => values(e)?.into_iter().min_by(Value::order),
            Ask::Latest(e) => values(e)?.into_iter().max_by(Value::order),
            Ask::Days { from, until } => {
                let mut days = BTreeSet::new();
                for seen in &counts {
                    let (from, until) = (self.day(from, seen)?, self.day(until, seen)?);
                    days.extend(from.iter_days().take_while(|day| *day < until));
                }
                Some(Value::Int(days.len() as i64))
            }
        }
    }

    /// A whole number.
    pub(crate) fn number(&self, e: &Expr, rows: &Rows) -> Option<i64> {
        let Value::Int(number) = self.value(e, rows)? else { panic!("{e:?} is not a number") };
        Some(number)
    }

    /// The row of the cohort, if it is one that went.
    fn gone(&self, rows: &Rows) -> Option<&Went> {
        let (table, row) = rows.get(&RowId::COHORT)?;
        self.world.gone(*table, *row)
    }

    /// Whether a missing value of the expression is still to come.
    fn is_open(&self, e: &Expr, rows: &Rows) -> bool {
        e.missing == Missing::OpenEnd && !self.is_doubtful(e, rows)
    }

    /// Whether an expression looks at a part of a row that went which may be broken: a link that
    /// must lead somewhere, the day it begins, its ends where these could not be read, or the rows
    /// that lead to it.
    fn is_doubtful(&self, e: &Expr, rows: &Rows) -> bool {
        let Some(went) = self.gone(rows) else { return false };
        let table = self.world.model.table(rows[&RowId::COHORT].0);
        let bad = |column: &ColumnId| {
            let number = column.0 as usize;
            bears_the_row(table, number) && !(went.ends_known && is_open_end(table, number))
        };
        e.has(&|e| match &e.kind {
            ExprKind::Column { row: RowId::COHORT, links, column } => bad(links.first().unwrap_or(column)),
            ExprKind::Row { row: RowId::COHORT, links } => links.first().is_some_and(bad),
            ExprKind::Some(q) if q.via.is_some() && q.owner == RowId::COHORT => q.owner_links.first().is_none_or(bad),
            _ => false,
        })
    }

    fn reach(&self, rows: &Rows, row: RowId, links: &[yardstick::model::ColumnId]) -> Option<(TableId, usize)> {
        let (table, row) = rows[&row];
        self.world.follow(table, row, links)
    }

    pub(crate) fn day(&self, e: &Expr, rows: &Rows) -> Option<NaiveDate> {
        let Value::Date(day) = self.value(e, rows)? else { panic!("{e:?} is not a day") };
        Some(day)
    }

    fn time(&self, e: &Expr, rows: &Rows) -> Option<NaiveDateTime> {
        let Value::Time(time) = self.value(e, rows)? else { panic!("{e:?} is not a time") };
        Some(time)
    }
}

fn all_of(all: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    any_of(all.map(|truth| truth.map(|t| !t))).map(|t| !t)
}

/// True when one is, else unknown when one is, else false.
fn any_of(all: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let all: Vec<_> = all.collect();
    if all.contains(&Some(true)) {
        Some(true)
    } else if all.contains(&None) {
        None
    } else {
        Some(false)
    }
}
