//! Values on their way to a type: expressions, and the numbers, lengths and words that take theirs
//! from the other side.

use super::world::World;
use crate::ir::{At, Expr, ExprKind, Missing, Period, RowId, Ty, WordList};
use crate::model::{ColumnId, ColumnType, Counted, TableId};
use crate::syntax::ast::{self, Name, Unit};

/// The longest time that can be written, in months and in days.
pub(super) const LONGEST: (i64, i64) = (1200, 36_600);

/// A row as the text can name it: a row variable, or the row that one reaches by plain links.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) row: RowId,
    pub(super) links: Vec<ColumnId>,
    pub(super) table: TableId,
    /// A link on the way may be missing.
    pub(super) missing: bool,
}

impl Place {
    /// A row variable itself.
    pub(super) fn of(row: RowId, table: TableId) -> Self {
        Self { row, links: Vec::new(), table, missing: false }
    }

    /// The row that a link column of this row leads to.
    pub(super) fn follow(&self, column: ColumnId, target: TableId, optional: bool) -> Self {
        let mut links = self.links.clone();
        links.push(column);
        Self { row: self.row, links, table: target, missing: self.missing || optional }
    }

    /// The identity of the row.
    pub(super) fn identity(&self) -> Expr {
        let missing = if self.missing { Missing::Unknown } else { Missing::Never };
        Expr {
            kind: ExprKind::Row { row: self.row, links: self.links.clone() },
            ty: Ty::Row(self.table),
            missing,
            at: At::default(),
        }
    }

    /// A column of the row; `None` for a column that is the row's own id.
    ///
    /// The end of a stay that may be missing is an open end, and so is what has not happened yet,
    /// but only of a row that is surely there: reached by a link that may be missing, it says
    /// nothing.
    pub(super) fn column(&self, world: &World, column: ColumnId) -> Expr {
        let table = world.model.table(self.table);
        let declared = table.column(column);
        let ty = match &declared.ty {
            ColumnType::Key => return self.identity(),
            ColumnType::Link(target) => return self.follow(column, *target, declared.optional).identity(),
            ColumnType::Text => Ty::Text,
            ColumnType::Bool => Ty::Bool,
            ColumnType::Int => match declared.counted {
                None => Ty::Int,
                Some(counted) => Ty::Length(counted),
            },
            ColumnType::Decimal(digits) => Ty::Decimal(digits.after),
            ColumnType::Date => Ty::Date,
            ColumnType::Timestamp => Ty::Timestamp,
            ColumnType::Codes(_) => Ty::Code(WordList::Column(self.table, column)),
        };
        let missing = match (self.missing, declared.optional) {
            (true, _) => Missing::Unknown,
            (false, _) if table.has_open_end(column) => Missing::OpenEnd,
            (false, true) => Missing::Unknown,
            (false, false) => Missing::Never,
        };
        Expr {
            kind: ExprKind::Column { row: self.row, links: self.links.clone(), column },
            ty,
            missing,
            at: At::default(),
        }
    }
}

/// What a piece of text stands for before the other side is known.
#[derive(Debug, Clone)]
pub(super) enum Value {
    /// An expression with its type.
    Expr(Expr),
    /// A bare whole number: of what, the other side says.
    Number(i64),
    /// A length of time.
    Length(ast::Duration),
    /// A word that names nothing in sight; a code, when the other side has such a list.
    Word(Name),
}

/// An expression that is never missing.
pub(super) fn never_null(kind: ExprKind, ty: Ty) -> Expr {
    Expr { kind, ty, missing: Missing::Never, at: At::default() }
}

/// Joins conditions by `and`, flat; `true` when there are none.
pub(super) fn all_of(conditions: Vec<Expr>) -> Expr {
    let mut flat = Vec::new();
    for condition in conditions {
        if let ExprKind::And(inner) = condition.kind {
            flat.extend(inner.into_iter().map(|e| e.written(condition.at)));
        } else {
            flat.push(condition);
        }
    }
    if flat.len() > 1 {
        let missing = can_be_missing(&flat);
        return Expr { kind: ExprKind::And(flat), ty: Ty::Bool, missing, at: At::default() };
    }
    flat.pop().unwrap_or_else(Expr::truth)
}

/// Whether an expression made of these, unknown when one of them is, can be unknown.
pub(super) fn can_be_missing<'a>(parts: impl IntoIterator<Item = &'a Expr>) -> Missing {
    match parts.into_iter().all(|p| p.missing == Missing::Never) {
        true => Missing::Never,
        false => Missing::Unknown,
    }
}

/// A type in the analyst's words.
pub(super) fn words(world: &World, ty: Ty) -> String {
    match ty {
        Ty::Bool => "true or false".into(),
        Ty::Int => "a whole number".into(),
        Ty::Decimal(_) => "a decimal".into(),
        Ty::Length(counted) => format!("a number of {}", counted.word()),
        Ty::Text => "a text".into(),
        Ty::Date => "a day".into(),
        Ty::Timestamp => "a time".into(),
        Ty::Code(list) => list.one(&world.model),
        Ty::Row(table) => format!("a row of `{}`", world.table_name(table)),
    }
}

/// A value in the analyst's words.
pub(super) fn value_words(world: &World, value: &Value) -> String {
    match value {
        Value::Expr(e) => words(world, e.ty),
        Value::Number(_) => "a number".into(),
        Value::Length(d) => format!("the length of time `{}`", length_words(*d)),
        Value::Word(name) => format!("the word `{}`", name.value),
    }
}

/// The type of a value, in words; a word alone has none.
pub(super) fn type_of(world: &World, value: &Value) -> Option<String> {
    match value {
        Value::Expr(e) => Some(words(world, e.ty)),
        Value::Number(_) => Some(words(world, Ty::Int)),
        Value::Length(_) => Some("a length of time".into()),
        Value::Word(_) => None,
    }
}

/// A length of time in months or in days, up to a hundred years; `None` for another, and for
/// minutes, hours and business days.
pub(super) fn period(length: ast::Duration) -> Option<Period> {
    let (months, days) = match length.unit {
        Unit::Months => (length.amount, 0),
        Unit::Years => (length.amount.saturating_mul(12), 0),
        Unit::Days => (0, length.amount),
        Unit::Weeks => (0, length.amount.saturating_mul(7)),
        Unit::Minutes | Unit::Hours | Unit::BusinessDays => return None,
    };
    if months > LONGEST.0 || days > LONGEST.1 {
        return None;
    }
    Some(Period { months: u32::try_from(months).ok()?, days: u32::try_from(days).ok()? })
}

/// `12 months`.
pub(super) fn length_words(d: ast::Duration) -> String {
    let unit = unit_words(d.unit);
    let unit = if d.amount.abs() == 1 { unit.trim_end_matches('s') } else { unit };
    format!("{} {unit}", d.amount)
}

/// What a number of such a unit counts; nothing of weeks, which are days.
pub(super) fn counted(unit: Unit) -> Option<Counted> {
    Some(match unit {
        Unit::Minutes => Counted::Minutes,
        Unit::Hours => Counted::Hours,
        Unit::Days => Counted::Days,
        Unit::BusinessDays => Counted::BusinessDays,
        Unit::Months => Counted::Months,
        Unit::Years => Counted::Years,
        Unit::Weeks => return None,
    })
}

/// The plural of a unit.
pub(super) fn unit_words(unit: Unit) -> &'static str {
    counted(unit).map_or("weeks", Counted::word)
}
