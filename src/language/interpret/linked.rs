//! Questions about the rows that lead to a row, and about all rows of a table.

use super::evaluate::{Evaluator, any_of};
use super::rows::Rows;
use super::table::{Row, led_to};
use crate::functions::{Cell, Value};
use crate::ir::expr::within;
use crate::ir::{Ask, Expr, LinkedQuery, went};
use crate::model::ColumnId;
use std::collections::BTreeSet;

impl Evaluator<'_> {
    /// The numbers of the rows that a question is about; nothing when it is not known whose they
    /// are.
    pub(crate) fn rows_asked(&self, q: &LinkedQuery, rows: &Rows) -> Option<Vec<usize>> {
        // Nobody leads to a row that was set aside: those that did are set aside as well.
        if q.via.is_some() && q.owner_links.is_empty() && self.gone(rows, q.owner).is_some() {
            return None;
        }
        let world = self.asked.world;
        let mut linked: Vec<usize> = match q.via {
            None => (0..world.rows(q.table).len()).collect(),
            Some(via) => {
                let (_, owner) = self.reach(rows, q.owner, &q.owner_links)?;
                world.linked(q.table, via, owner).to_vec()
            }
        };
        let other = q.other_than.and_then(|row| rows.get(row));
        linked.retain(|row| other != Some((q.table, *row)));
        Some(linked)
    }

    /// Whether a row that was set aside may be among those that a question is about: whose it is is
    /// known, and the condition is not false of it. In a question about all rows of a table whose
    /// row it is stands in the condition, and is as a rule what is broken.
    pub(crate) fn may_miss(&self, q: &LinkedQuery, rows: &Rows) -> bool {
        let world = self.asked.world;
        let went = world.went(q.table);
        if went.is_empty() {
            return false;
        }
        let leads = |row: &Row, link: ColumnId| led_to(&row.cells[usize::from(link.0)]);
        let owner = self.reach(rows, q.owner, &q.owner_links).map(|(_, owner)| owner);
        let followed = went::followed(world.model, q);
        let is_its = |row: &Row| match q.via {
            Some(via) => owner.is_some() && leads(row, via) == owner,
            None => followed.iter().all(|link| leads(row, *link).is_some()),
        };
        let other = q.other_than.and_then(|row| rows.get(row));
        let numbers = world.rows(q.table).len()..;
        numbers.zip(went).any(|(number, went)| {
            other != Some((q.table, number))
                && is_its(&went.row)
                && self.truth(&q.condition, &rows.with(q.row, q.table, number)) != Some(false)
        })
    }

    /// How many rows, or different values of theirs, surely count.
    pub(super) fn surely(&self, q: &LinkedQuery, rows: &Rows) -> i64 {
        let linked = self.rows_asked(q, rows).into_iter().flatten();
        let counts = |row: &usize| self.truth(&q.condition, &rows.with(q.row, q.table, *row)) == Some(true);
        let counted = linked.filter(counts);
        match &q.ask {
            Ask::Distinct(e) => {
                let values = counted.filter_map(|row| self.value(e, &rows.with(q.row, q.table, row)));
                values.collect::<BTreeSet<_>>().len() as i64
            }
            _ => counted.count() as i64,
        }
    }

    pub(super) fn linked(&self, q: &LinkedQuery, rows: &Rows) -> Cell {
        let linked = self.rows_asked(q, rows)?;
        let truths = linked.iter().map(|row| self.truth(&q.condition, &rows.with(q.row, q.table, *row)));
        if q.ask == Ask::Exists {
            let found = self.joined(truths, any_of).filter(|found| *found || !self.may_miss(q, rows));
            return found.map(Value::Bool);
        }
        if self.may_miss(q, rows) {
            return None;
        }
        let truths: Vec<bool> = truths.collect::<Option<_>>()?;
        let counts = linked.iter().zip(truths).filter(|(_, counts)| *counts);
        let counts: Vec<Rows> = counts.map(|(row, _)| rows.with(q.row, q.table, *row)).collect();
        let values = |e: &Expr| -> Option<Vec<Value>> { counts.iter().map(|seen| self.value(e, seen)).collect() };
        match &q.ask {
            Ask::Exists | Ask::Count => Some(Value::Int(counts.len() as i64)),
            Ask::Distinct(e) => Some(Value::Int(values(e)?.into_iter().collect::<BTreeSet<_>>().len() as i64)),
            Ask::Sum(e) => {
                let numbers = counts.iter().map(|seen| self.number(e, seen).map(i128::from));
                let sum = numbers.sum::<Option<i128>>()?;
                within(i64::try_from(sum).ok()).map(Value::Int)
            }
            Ask::Earliest(e) if self.is_open(e, rows) => counts.iter().filter_map(|seen| self.value(e, seen)).min(),
            Ask::Earliest(e) => values(e)?.into_iter().min(),
            Ask::Latest(e) => values(e)?.into_iter().max(),
            Ask::Ordered { last, value, by } => {
                let place = |seen: &Rows| match self.value(by, seen) {
                    None if !self.is_open(by, rows) => None,
                    cell => Some((cell.is_none(), cell)),
                };
                let places: Vec<(bool, Cell)> = counts.iter().map(place).collect::<Option<_>>()?;
                // Rows stand in the order of their table, and of equal ones `max` takes the last.
                let placed = places.into_iter().zip(&counts);
                let order = |a: &((bool, Cell), &Rows), b: &((bool, Cell), &Rows)| a.0.cmp(&b.0);
                let (_, one) = if *last { placed.max_by(order) } else { placed.min_by(order) }?;
                self.value(value, one)
            }
            Ask::Days { from, until } => self.days_covered(from, until, &counts).map(Value::Int),
        }
    }

    /// On how many days at least one of the stays is open.
    fn days_covered(&self, from: &Expr, until: &Expr, stays: &[Rows]) -> Option<i64> {
        let stay = |seen: &Rows| Some((self.day(from, seen)?, self.day(until, seen)?));
        let mut stays: Vec<_> = stays.iter().map(stay).collect::<Option<_>>()?;
        stays.sort_unstable();
        let (mut days, mut counted_to) = (0, None);
        for (from, until) in stays {
            let from = counted_to.map_or(from, |to| from.max(to));
            days += (until - from).num_days().max(0);
            counted_to = Some(counted_to.map_or(until, |to: chrono::NaiveDate| to.max(until)));
        }
        Some(days)
    }
}
