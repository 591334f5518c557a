//! The rows that are put where a question looks for one: what stands in each of their columns but
//! for the day.

use super::missing_row::Gap;
use crate::functions::{Cell, Value};
use crate::interpret::World;
use crate::ir::{Ask, Expr, ExprKind, Indicator, LinkedQuery, RowId, Ty, WordList, reads};
use crate::model::{Column, ColumnId, ColumnType, Table, TableId};
use chrono::NaiveDate;
use std::collections::BTreeSet;

/// Where more rows than these could be put, none is.
const MOST: usize = 256;
/// Of a list with more words, those that the text does not name are left out but for one.
const WORDS: usize = 8;
/// Of a link to another row, so many targets are tried.
const TARGETS: usize = 4;

/// A row without its day.
pub(super) struct Template {
    /// Its cells; those of `day_columns` are missing.
    pub(super) cells: Vec<Cell>,
    /// The columns that hold its day.
    pub(super) day_columns: Vec<ColumnId>,
    /// Of the other columns, those that the indicator reads.
    pub(super) named: Vec<ColumnId>,
    /// Days on which the order of the table would decide which of two rows is taken.
    pub(super) ties: BTreeSet<NaiveDate>,
}

/// The rows that may be put where a question looks for one: first those with the columns that are
/// never missing, then those in which every day is there. None of a table where a further row would
/// be more than one more row.
pub(super) fn templates(world: &World, indicator: &Indicator, gap: &Gap) -> Vec<Template> {
    let table = world.model.table(gap.table);
    let read = read(indicator, gap.table);
    if !may_have_more(world, table, gap.table, &read) {
        return Vec::new();
    }
    let is_day = |column: &Column| matches!(column.ty, ColumnType::Date | ColumnType::Timestamp);
    let days = |optional: bool| -> Vec<ColumnId> {
        let all = table.columns().filter(|(_, column)| is_day(column));
        all.filter(|(id, column)| !column.optional || (optional && read.contains(id))).map(|(id, _)| id).collect()
    };
    let (must, all) = (days(false), days(true));
    let mut of_days = vec![must];
    if !of_days.contains(&all) {
        of_days.push(all);
    }
    // A row that has a day only where it may be missing is told with its day.
    if of_days.len() > 1 && of_days.first().is_some_and(Vec::is_empty) {
        of_days.remove(0);
    }
    let of = Of { world, indicator, gap, table, read: &read };
    of_days.into_iter().flat_map(|days| of.templates(&days)).collect()
}

/// Whether a further row of a table is no more than that: its order in a table without a key, rows
/// that are the same, holidays and values that stand in another table are not.
fn may_have_more(world: &World, table: &Table, id: TableId, read: &BTreeSet<ColumnId>) -> bool {
    let holidays = world.model.business.as_ref().and_then(|business| business.except);
    let is_joined = world.model.tables().any(|(_, of)| of.joined().any(|(_, joined)| joined.table == id));
    let reads_joined = table.joined().any(|(column, _)| read.contains(&column));
    table.fed
        && table.words_of.is_none()
        && !table.distinct
        && holidays.is_none_or(|(of, _)| of != id)
        && !is_joined
        && !reads_joined
}

/// The type of what a column holds.
pub(super) fn ty(table: TableId, id: ColumnId, column: &Column) -> Ty {
    match &column.ty {
        ColumnType::Key | ColumnType::Text => Ty::Text,
        ColumnType::Link(to) => Ty::Row(*to),
        ColumnType::Bool => Ty::Bool,
        ColumnType::Int => column.counted.map_or(Ty::Int, Ty::Length),
        ColumnType::Decimal(digits) => Ty::Decimal(digits.after),
        ColumnType::Date => Ty::Date,
        ColumnType::Timestamp => Ty::Timestamp,
        ColumnType::Codes(_) => Ty::Code(WordList::Column(table, id)),
    }
}

/// The columns of a table that an indicator reads of some row, those that questions go by among
/// them.
fn read(indicator: &Indicator, table: TableId) -> BTreeSet<ColumnId> {
    let tables = reads::row_tables(indicator);
    let mut found = BTreeSet::new();
    for e in indicator.expressions() {
        e.walk(&mut |e| match &e.kind {
            ExprKind::Column { row, links, column } if tables.get(row) == Some(&table) => {
                found.insert(*links.first().unwrap_or(column));
            }
            ExprKind::Row { row, links } if tables.get(row) == Some(&table) => found.extend(links.first()),
            ExprKind::Linked(q) => {
                found.extend(q.via.filter(|_| q.table == table));
                found.extend(q.owner_links.first().filter(|_| tables.get(&q.owner) == Some(&table)));
            }
            _ => {}
        });
    }
    let pick = indicator.cohort.pick.as_ref().filter(|_| indicator.cohort.table == table);
    found.extend(pick.and_then(|pick| pick.per.first()));
    found
}

struct Of<'a> {
    world: &'a World<'a>,
    indicator: &'a Indicator,
    gap: &'a Gap,
    table: &'a Table,
    read: &'a BTreeSet<ColumnId>,
}

impl Of<'_> {
    fn templates(&self, days: &[ColumnId]) -> Vec<Template> {
        let Some(ties) = self.ties(days) else { return Vec::new() };
        let candidates = self.table.columns().map(|(id, column)| {
            let is_day = days.contains(&id);
            if is_day { vec![None] } else { self.candidates(id, column) }
        });
        let candidates: Vec<Vec<Cell>> = candidates.collect();
        let number = candidates.iter().try_fold(1_usize, |all, of| all.checked_mul(of.len()));
        if number.is_none_or(|number| number > MOST) {
            return Vec::new();
        }
        let mut rows = vec![Vec::new()];
        for of in &candidates {
            let longer = rows.iter().flat_map(|row: &Vec<Cell>| {
                of.iter().map(|cell| row.iter().cloned().chain([cell.clone()]).collect::<Vec<_>>())
            });
            rows = longer.collect();
        }
        rows.retain(|cells| self.is_known(days, cells));
        let named: Vec<ColumnId> =
            self.read.iter().copied().filter(|id| !days.contains(id) && *id != self.gap.via).collect();
        let day_columns = days.to_vec();
        let template =
            |cells| Template { cells, day_columns: day_columns.clone(), named: named.clone(), ties: ties.clone() };
        rows.into_iter().map(template).collect()
    }

    /// Whether no value is there before its day is: `known with exited_on`.
    fn is_known(&self, days: &[ColumnId], cells: &[Cell]) -> bool {
        let is_there = |id: ColumnId| days.contains(&id) || cells[usize::from(id.0)].is_some();
        self.table.columns().all(|(id, column)| match column.known {
            crate::model::Known::With(day) => is_there(day) || !is_there(id),
            crate::model::Known::WithRow | crate::model::Known::OwnDay => true,
        })
    }

    /// What may stand in a column; of one that the indicator does not read, nothing where that may
    /// be. No candidate where the column cannot be filled.
    fn candidates(&self, id: ColumnId, column: &Column) -> Vec<Cell> {
        if id == self.gap.via {
            return vec![Some(Value::Row(self.gap.owner))];
        }
        if !self.read.contains(&id) {
            return if column.optional || column.joined.is_some() { vec![None] } else { self.any(column) };
        }
        let mut found: Vec<Cell> = self.named(id).into_iter().map(Some).collect();
        let in_sight = self.gap.sight.iter().filter(|(_, table, _)| *table == self.gap.table);
        let there = in_sight.map(|(_, _, row)| self.world.row(self.gap.table, *row).cells[usize::from(id.0)].clone());
        found.extend(there.filter(Option::is_some).filter(|cell| !found.contains(cell)).collect::<Vec<_>>());
        let more = match &column.ty {
            ColumnType::Key => return self.any(column),
            ColumnType::Link(to) => self.targets(id, *to),
            ColumnType::Text | ColumnType::Int | ColumnType::Decimal(_) if found.is_empty() => self.any(column),
            ColumnType::Date | ColumnType::Timestamp | ColumnType::Text | ColumnType::Int | ColumnType::Decimal(_) => {
                Vec::new()
            }
            ColumnType::Bool => [true, false].map(|truth| Some(Value::Bool(truth))).to_vec(),
            ColumnType::Codes(words) => {
                let all = (0..).zip(words).map(|(place, _)| Some(Value::Code(place)));
                let most = if words.len() > WORDS { found.len() + 1 } else { words.len() };
                let others: Vec<Cell> = all.filter(|word| !found.contains(word)).collect();
                others.into_iter().take(most.saturating_sub(found.len())).collect()
            }
        };
        found.extend(more.into_iter().filter(|cell| !found.contains(cell)).collect::<Vec<_>>());
        let is_day = matches!(column.ty, ColumnType::Date | ColumnType::Timestamp);
        if is_day {
            return vec![None];
        }
        if column.optional {
            found.push(None);
        }
        found
    }

    /// Something that a column may hold.
    fn any(&self, column: &Column) -> Vec<Cell> {
        let value = match &column.ty {
            ColumnType::Key | ColumnType::Text => Value::Text("new".to_owned()),
            ColumnType::Bool => Value::Bool(false),
            ColumnType::Int | ColumnType::Decimal(_) => Value::Int(1),
            ColumnType::Codes(_) => Value::Code(0),
            ColumnType::Link(to) => match self.world.rows(*to).is_empty() {
                true => return Vec::new(),
                false => Value::Row(0),
            },
            ColumnType::Date | ColumnType::Timestamp => return Vec::new(),
        };
        vec![Some(value)]
    }

    /// Rows that a link may lead to: those in sight, those that these lead to, and those that the
    /// other rows of the same owner lead to.
    fn targets(&self, link: ColumnId, to: TableId) -> Vec<Cell> {
        let mut found: Vec<usize> = Vec::new();
        for (_, table, row) in &self.gap.sight {
            found.extend((*table == to).then_some(*row));
            let links = self.world.model.table(*table).columns().filter(|(_, column)| column.leads_to() == Some(to));
            found.extend(links.filter_map(|(id, _)| self.world.follow(*table, *row, &[id])).map(|(_, row)| row));
        }
        let others = self.world.linked(self.gap.table, self.gap.via, self.gap.owner).iter();
        found.extend(others.filter_map(|row| self.world.follow(self.gap.table, *row, &[link])).map(|(_, row)| row));
        let mut seen = BTreeSet::new();
        found.retain(|row| seen.insert(*row));
        found.truncate(TARGETS);
        if found.is_empty() && !self.world.rows(to).is_empty() {
            found.push(0);
        }
        found.into_iter().map(|row| Some(Value::Row(row))).collect()
    }

    /// The values that the text compares a column with, and for numbers those beside them.
    fn named(&self, id: ColumnId) -> Vec<Value> {
        let tables = reads::row_tables(self.indicator);
        let is_it = |e: &Expr| {
            matches!(&e.kind, ExprKind::Column { row, links, column }
            if links.is_empty() && *column == id && tables.get(row) == Some(&self.gap.table))
        };
        let mut found: Vec<Value> = Vec::new();
        for e in self.indicator.expressions() {
            e.walk(&mut |e| match &e.kind {
                ExprKind::Compare { left, right, .. } if is_it(left) => found.extend(constants(right)),
                ExprKind::Compare { left, right, .. } if is_it(right) => found.extend(constants(left)),
                ExprKind::InCodes { value, codes } if is_it(value) => {
                    found.extend(codes.iter().copied().map(Value::Code))
                }
                _ => {}
            });
        }
        let mut seen = Vec::new();
        found.retain(|value| {
            let is_new = !seen.contains(value);
            seen.push(value.clone());
            is_new
        });
        found
    }

    /// Days of other rows of the same owner that would stand beside the new one in an order that is
    /// asked for; nothing where the order of the table may matter in another way.
    fn ties(&self, days: &[ColumnId]) -> Option<BTreeSet<NaiveDate>> {
        let mut columns = BTreeSet::new();
        for (q, by) in self.orders() {
            columns.insert(ordered_by(by, q.row, days).filter(|_| q.via == Some(self.gap.via))?);
        }
        let pick = self.indicator.cohort.pick.as_ref().filter(|_| self.indicator.cohort.table == self.gap.table);
        if let Some(pick) = pick {
            let by = pick.by.first().and_then(|by| ordered_by(by, RowId::COHORT, days));
            columns.insert(by.filter(|_| !pick.each_level && pick.per == [self.gap.via])?);
        }
        let others = self.world.linked(self.gap.table, self.gap.via, self.gap.owner);
        let cells = others.iter().flat_map(|row| {
            let cells = &self.world.row(self.gap.table, *row).cells;
            columns.iter().map(|column| &cells[usize::from(column.0)])
        });
        Some(cells.filter_map(day).collect())
    }

    /// The questions for one row of several of the table, and their orders.
    fn orders(&self) -> Vec<(&LinkedQuery, &Expr)> {
        let mut found = Vec::new();
        for e in self.indicator.expressions() {
            e.walk(&mut |e| {
                if let ExprKind::Linked(q) = &e.kind
                    && let Ask::Ordered { by, .. } = &q.ask
                    && q.table == self.gap.table
                {
                    found.push((&**q, by));
                }
            });
        }
        found
    }
}

/// The column by whose day rows are put in order, where it is one of these.
fn ordered_by(by: &Expr, variable: RowId, days: &[ColumnId]) -> Option<ColumnId> {
    match &by.kind {
        ExprKind::Column { row, links, column } if *row == variable && links.is_empty() && days.contains(column) => {
            Some(*column)
        }
        _ => None,
    }
}

fn day(cell: &Cell) -> Option<NaiveDate> {
    match cell.as_ref()? {
        Value::Date(day) => Some(*day),
        Value::Time(time) => Some(time.date()),
        Value::Bool(_) | Value::Int(_) | Value::Text(_) | Value::Code(_) | Value::Row(_) => None,
    }
}

/// A constant, and of a number those beside it.
fn constants(e: &Expr) -> Vec<Value> {
    match &e.kind {
        ExprKind::Bool(truth) => vec![Value::Bool(*truth)],
        ExprKind::Int(number) => [0, 1, -1].map(|more| Value::Int(number.saturating_add(more))).to_vec(),
        ExprKind::Text(text) => vec![Value::Text(text.clone())],
        ExprKind::Code(word) => vec![Value::Code(*word)],
        _ => Vec::new(),
    }
}
