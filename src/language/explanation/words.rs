//! Expressions as the language writes them, and values as descriptions say them.

use super::found::questions;
use crate::check::said::Said;
use crate::describe::say;
use crate::functions::{self, Cell, Form, Value};
use crate::interpret::{Evaluator, World};
use crate::ir::{Ask, CompareOp, Expr, ExprKind, Indicator, LinkedQuery, RowId, Ty, WindowPoint, reads};
use crate::model::{ColumnId, Counted, TableId};
use crate::source::Sources;
use std::collections::BTreeMap;

/// What is said of a value that is not there.
pub(super) const MISSING: &str = "missing";

/// Names of rows and values of one indicator.
pub(super) struct Words<'a> {
    world: &'a World<'a>,
    tables: BTreeMap<RowId, TableId>,
    /// What the text calls the rows of a question: `as later`.
    aliases: BTreeMap<RowId, String>,
    /// What the text calls values.
    names: &'a [(String, Expr)],
}

impl<'a> Words<'a> {
    /// Names as the text of the indicator has them.
    pub(super) fn of(world: &'a World<'a>, indicator: &'a Indicator, said: &[Said], sources: &Sources) -> Self {
        let mut aliases = BTreeMap::new();
        for said in said {
            if let ([q], Some(alias)) = (questions(&said.means).as_slice(), alias(sources.text(said.span))) {
                aliases.entry(q.row).or_insert_with(|| alias.to_owned());
            }
        }
        Self { world, tables: reads::row_tables(indicator), aliases, names: &indicator.about.names }
    }

    /// Words for values alone.
    pub(super) fn for_values(world: &'a World<'a>) -> Self {
        Self { world, tables: BTreeMap::new(), aliases: BTreeMap::new(), names: &[] }
    }

    /// A row by its id: `removal r17`.
    pub(super) fn row(&self, table: TableId, row: usize) -> String {
        format!("{} {}", self.world.model.table(table).name, self.id(table, row))
    }

    /// What a row is called: its id, or its number in a table without a key.
    pub(super) fn id(&self, table: TableId, row: usize) -> String {
        let id = &self.world.row(table, row).id;
        if id.is_empty() { format!("row {row}") } else { id.clone() }
    }

    /// A value in words: `31 October 2025`, `missing`.
    pub(super) fn value(&self, ty: Ty, cell: &Cell) -> String {
        match (cell, ty) {
            (None, Ty::Bool) => "not known".to_owned(),
            (None, _) => MISSING.to_owned(),
            (Some(Value::Bool(truth)), _) => truth.to_string(),
            (Some(Value::Int(number)), Ty::Length(counted)) => say::length(*number, counted),
            (Some(Value::Int(number)), _) => ty.written(*number),
            (Some(Value::Text(text)), _) => format!("{text:?}"),
            (Some(Value::Date(day)), _) => say::day(*day),
            (Some(Value::Time(time)), _) => format!("{}, {}", say::day(time.date()), time.format("%H:%M:%S")),
            (Some(Value::Code(place)), Ty::Code(list)) => {
                list.word(self.world.model, *place).unwrap_or_default().to_owned()
            }
            (Some(Value::Code(place)), _) => place.to_string(),
            (Some(Value::Row(row)), Ty::Row(table)) => self.row(table, *row),
            (Some(Value::Row(row)), _) => row.to_string(),
        }
    }

    /// The name of a row's variable; empty for the row of the cohort.
    fn variable(&self, row: RowId) -> String {
        let Some(table) = self.tables.get(&row).filter(|_| row != RowId::COHORT) else { return String::new() };
        if let Some(alias) = self.aliases.get(&row) {
            return alias.clone();
        }
        let name = &self.world.model.table(*table).name;
        let before = self.tables.iter().filter(|(other, of)| **other < row && *of == table).count();
        if before > 0 { format!("{name}_{}", before + 1) } else { name.clone() }
    }

    /// A row reached by links, and a column of it: `removal.child.born_on`.
    pub(super) fn path(&self, row: RowId, links: &[ColumnId], column: Option<ColumnId>) -> String {
        let mut names = vec![self.variable(row)];
        let mut table = self.tables.get(&row).copied();
        for link in links.iter().chain(&column) {
            let Some(declared) = table.map(|table| self.world.model.table(table).column(*link)) else { break };
            names.push(declared.name.clone());
            table = declared.leads_to();
        }
        names.retain(|name| !name.is_empty());
        if names.is_empty() { "the row".to_owned() } else { names.join(".") }
    }

    /// An expression as the language writes it; a question about rows without its condition.
    pub(super) fn expression(&self, e: &Expr) -> String {
        let is_short = matches!(e.kind, ExprKind::Column { .. } | ExprKind::Row { .. });
        match self.names.iter().find(|(_, known)| !is_short && known.kind == e.kind) {
            Some((name, _)) => name.clone(),
            None => self.unnamed(e),
        }
    }

    fn unnamed(&self, e: &Expr) -> String {
        match &e.kind {
            ExprKind::Bool(truth) => truth.to_string(),
            ExprKind::Int(number) => match e.ty {
                Ty::Length(counted) => say::length(*number, counted),
                _ => e.ty.written(*number),
            },
            ExprKind::Text(text) => format!("{text:?}"),
            ExprKind::Date(day) => day.to_string(),
            ExprKind::Code(place) => self.value(e.ty, &Some(Value::Code(*place))),
            ExprKind::Window(WindowPoint::Start) => "window.start".to_owned(),
            ExprKind::Window(WindowPoint::End) => "window.end".to_owned(),
            ExprKind::Window(WindowPoint::LastDay) => "window.last_day".to_owned(),
            ExprKind::AsOf => "as_of".to_owned(),
            ExprKind::Column { row, links, column } => self.path(*row, links, Some(*column)),
            ExprKind::Row { row, links } => self.path(*row, links, None),
            ExprKind::And(all) => self.list(all, " and "),
            ExprKind::Or(all) => format!("({})", self.list(all, " or ")),
            ExprKind::Not(inner) => match &inner.kind {
                ExprKind::Linked(q) if q.ask == Ask::Exists => format!("no {}", self.rows(q)),
                ExprKind::IsMissing(value) => format!("{} is known", self.expression(value)),
                _ => format!("not ({})", self.expression(inner)),
            },
            ExprKind::Compare { op, left, right } => {
                format!("{} {} {}", self.expression(left), sign(*op, left.ty), self.expression(right))
            }
            ExprKind::InCodes { value, codes } => {
                let words: Vec<String> = codes.iter().map(|c| self.value(value.ty, &Some(Value::Code(*c)))).collect();
                format!("{} in {{ {} }}", self.expression(value), words.join(", "))
            }
            ExprKind::InWindow(day) => format!("{} in window", self.expression(day)),
            ExprKind::IsMissing(value) => format!("{} is missing", self.expression(value)),
            ExprKind::Elsewhere(day) => format!("held elsewhere on {}", self.expression(day)),
            ExprKind::Shift { date, months, days, minutes } => self.shift(date, [*months, *days, *minutes]),
            ExprKind::BusinessDay { date, days } => {
                let sign = if *days < 0 { '-' } else { '+' };
                format!("{} {sign} {} business days", self.expression(date), days.unsigned_abs())
            }
            ExprKind::Move { date, by, back } => {
                format!("{} {} {}", self.expression(date), if *back { '-' } else { '+' }, self.expression(by))
            }
            ExprKind::Call { function, of } => match functions::definition(*function).form {
                Form::Of(words) => format!("{words} {}", self.list(of, ", ")),
                Form::Between(counted) => format!("{} from {}", counted.word(), self.list(of, " to ")),
                Form::Sign(sign) => self.list(of, &format!(" {sign} ")),
                Form::IfElse => match of.as_slice() {
                    [condition, then, otherwise] => {
                        let [condition, then, otherwise] = [condition, then, otherwise].map(|e| self.expression(e));
                        format!("if {condition} then {then} else {otherwise}")
                    }
                    _ => String::new(),
                },
            },
            ExprKind::Linked(q) => format!("{} {}", self.asked(&q.ask), self.rows(q)),
        }
    }

    fn list(&self, of: &[Expr], by: &str) -> String {
        of.iter().map(|e| self.expression(e)).collect::<Vec<_>>().join(by)
    }

    fn shift(&self, date: &Expr, by: [i32; 3]) -> String {
        let units = [Counted::Months, Counted::Days, Counted::Minutes];
        let mut said = self.expression(date);
        for (number, unit) in by.into_iter().zip(units).filter(|(number, _)| *number != 0) {
            let sign = if number < 0 { '-' } else { '+' };
            said = format!("{said} {sign} {}", say::length(i64::from(number).abs(), unit));
        }
        said
    }

    fn asked(&self, ask: &Ask) -> String {
        match ask {
            Ask::Exists => "some".to_owned(),
            Ask::Count => "count".to_owned(),
            Ask::Distinct(of) => format!("count distinct {} among", self.expression(of)),
            Ask::Sum(of) => format!("sum {} among", self.expression(of)),
            Ask::Earliest(of) => format!("earliest {} among", self.expression(of)),
            Ask::Latest(of) => format!("latest {} among", self.expression(of)),
            Ask::Ordered { last, value, by } => {
                let which = if *last { "last" } else { "first" };
                format!("{which} {} by {} among", self.expression(value), self.expression(by))
            }
            Ask::Days { from, until } => {
                format!("days from {} to {} among", self.expression(from), self.expression(until))
            }
        }
    }

    /// The rows that a question is about, by their name: `child.removals`.
    fn rows(&self, q: &LinkedQuery) -> String {
        let model = self.world.model;
        let other = if q.other_than.is_some() { "other " } else { "" };
        let Some(via) = q.via else { return format!("{other}{}", model.table(q.table).name) };
        let owner = model.table(q.table).column(via).target();
        let back = owner.and_then(|owner| model.table(owner).backs.iter().find(|b| b.table == q.table && b.via == via));
        let name = back.map_or_else(|| model.table(q.table).name.clone(), |back| back.name.clone());
        match self.path(q.owner, &q.owner_links, None).as_str() {
            "the row" => format!("{other}{name}"),
            path => format!("{other}{path}.{name}"),
        }
    }
}

/// The name that a question gives to its rows: the word after `as`, before its condition.
fn alias(text: &str) -> Option<&str> {
    let words: Vec<&str> = text.split_whitespace().take_while(|word| *word != "where").collect();
    let at = words.iter().position(|word| *word == "as")?;
    words.get(at + 1).copied()
}

/// A comparison as it is written: words for days and times, signs for all else.
fn sign(op: CompareOp, ty: Ty) -> &'static str {
    let is_day = matches!(ty, Ty::Date | Ty::Timestamp);
    match op {
        CompareOp::Eq => "=",
        CompareOp::Ne => "!=",
        CompareOp::Lt if is_day => "before",
        CompareOp::Le if is_day => "on or before",
        CompareOp::Gt if is_day => "after",
        CompareOp::Ge if is_day => "on or after",
        CompareOp::Lt => "<",
        CompareOp::Le => "<=",
        CompareOp::Gt => ">",
        CompareOp::Ge => ">=",
    }
}

/// The name of a table.
pub(super) fn table(evaluator: &Evaluator, table: TableId) -> String {
    evaluator.model().table(table).name.clone()
}
