//! Typed expressions and what they mean, missing values included.
//!
//! A condition is true, false or unknown (SQL's three values): `and` is false when one side is
//! false, `or` true when one side is true, `not` keeps unknown.

use super::{At, Function, WordList};
use crate::model::{ColumnId, Counted, TableId};
use chrono::NaiveDate;
use std::collections::BTreeSet;

/// A row variable: the cohort row, the row of one quantifier, or the holder of the cohort row; each
/// quantifier of an indicator has its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RowId(pub u16);

impl RowId {
    /// The row of the cohort.
    pub const COHORT: Self = Self(0);
    /// From here on variables stand for holders; no indicator has as many quantifiers.
    const HOLDERS: u16 = 32_768;

    /// The row of a level's table that holds the cohort row on its day of attribution. There may be
    /// none. Only the conditions of groups speak of it.
    #[must_use]
    pub fn holder(table: TableId) -> Self {
        Self(Self::HOLDERS.saturating_add(table.0))
    }

    /// Of a holder, the table of its level.
    #[must_use]
    pub fn holds(self) -> Option<TableId> {
        self.0.checked_sub(Self::HOLDERS).map(TableId)
    }
}

/// The type of an expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Ty {
    /// True, false or unknown.
    Bool,
    /// A whole number.
    Int,
    /// A number with so many digits after the point. It is reckoned with as a whole number: 12.50,
    /// with two, is 1250.
    Decimal(u8),
    /// A number of completed lengths of time.
    Length(Counted),
    /// Text.
    Text,
    /// A day.
    Date,
    /// A local time, to the second.
    Timestamp,
    /// A word of this list.
    Code(WordList),
    /// A row of this table (compared by identity).
    Row(TableId),
}

/// Whether an expression's value may be missing, and what that means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Missing {
    /// Never missing, as the model declares. A value in the files that breaks its column is missing
    /// nevertheless, and not known, as for [`Missing::Unknown`].
    Never,
    /// A missing value is not known: comparing it gives unknown.
    Unknown,
    /// A missing value is the end of a stay that is still open: later than every day. A comparison
    /// is not unknown because of it, see [`ExprKind::Compare`].
    OpenEnd,
}

impl Missing {
    /// Of an answer about a value whose open end is known.
    #[must_use]
    pub fn of_answer(self) -> Self {
        if self == Self::Unknown { Self::Unknown } else { Self::Never }
    }
}

/// An expression with its type.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// Its type.
    pub ty: Ty,
    /// Whether it can be missing.
    pub missing: Missing,
    /// Where it is written.
    pub at: At,
}

/// Points of the reporting window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum WindowPoint {
    /// Its first day.
    Start,
    /// The day after its last.
    End,
    /// Its last day.
    LastDay,
}

/// Comparisons.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CompareOp {
    /// Equal.
    Eq,
    /// Not equal.
    Ne,
    /// Less, earlier.
    Lt,
    /// At most, on or before.
    Le,
    /// Greater, later.
    Gt,
    /// At least, on or after.
    Ge,
}

impl CompareOp {
    /// The same comparison with its sides exchanged: `b op a` for `a op b`.
    #[must_use]
    pub fn flipped(self) -> Self {
        match self {
            Self::Eq | Self::Ne => self,
            Self::Lt => Self::Gt,
            Self::Le => Self::Ge,
            Self::Gt => Self::Lt,
            Self::Ge => Self::Le,
        }
    }

    /// The negated comparison: true exactly where this one is false.
    #[must_use]
    pub fn negated(self) -> Self {
        match self {
            Self::Eq => Self::Ne,
            Self::Ne => Self::Eq,
            Self::Lt => Self::Ge,
            Self::Le => Self::Gt,
            Self::Gt => Self::Le,
            Self::Ge => Self::Lt,
        }
    }
}

/// The forms of an expression.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum ExprKind {
    /// A truth value.
    Bool(bool),
    /// A whole number (also of days, months, years), or a decimal that is kept as one.
    Int(i64),
    /// A text.
    Text(String),
    /// A day.
    Date(NaiveDate),
    /// The n-th word of the list in the expression's type.
    Code(u16),
    /// A point of the window.
    Window(WindowPoint),
    /// The as-of date.
    AsOf,
    /// A column of the row reached from `row` by plain link columns. Missing when a link on the way
    /// is missing.
    Column {
        /// The row variable at which the path starts.
        row: RowId,
        /// The link columns to follow.
        links: Vec<ColumnId>,
        /// The column of the row reached.
        column: ColumnId,
    },
    /// The identity of the row reached; compared with `Eq` and `Ne` only. Missing when a link on
    /// the way is missing.
    Row {
        /// The row variable at which the path starts.
        row: RowId,
        /// The link columns to follow; empty for the row itself.
        links: Vec<ColumnId>,
    },
    /// False when one is false, else unknown when one is unknown, else true. Never empty.
    And(Vec<Expr>),
    /// True when one is true, else unknown when one is unknown, else false. Never empty.
    Or(Vec<Expr>),
    /// Unknown stays unknown.
    Not(Box<Expr>),
    /// Compares two values of one type. Unknown when a side whose `missing` is `Unknown` is missing
    /// (whatever the other side). Otherwise an open end is later than every day and not equal to
    /// any, and between two open ends `Ne` is true and all else false.
    Compare {
        /// The comparison.
        op: CompareOp,
        /// The left side.
        left: Box<Expr>,
        /// The right side.
        right: Box<Expr>,
    },
    /// The code is one of these (sorted); unknown when missing.
    InCodes {
        /// A code.
        value: Box<Expr>,
        /// Places in its list.
        codes: Vec<u16>,
    },
    /// The day is in the window, `start <= day < end`. Unknown when missing; false for an open end.
    InWindow(Box<Expr>),
    /// Whether the value is missing (unknown or an open end alike). Never unknown itself.
    IsMissing(Box<Expr>),
    /// A day plus months (clamped to the month's last day) and then days; missing and open ends
    /// stay so. For a timestamp, the time of day is kept.
    Shift {
        /// A day or a time.
        date: Box<Expr>,
        /// Calendar months to add.
        months: i32,
        /// Days to add after that.
        days: i32,
        /// Minutes to add after that; only for timestamps.
        minutes: i32,
    },
    /// The day that lies a number of business days after a day, or before it when the number is
    /// negative. Each step goes to the next day that the model declares a business day; the first
    /// day need not be one. Missing when the day is missing; an open end stays an open end.
    BusinessDay {
        /// A day.
        date: Box<Expr>,
        /// Steps; 0 is the day itself.
        days: i32,
    },
    /// A function of values, see the room `functions`.
    Call {
        /// Which.
        function: Function,
        /// Its values.
        of: Vec<Expr>,
    },
    /// True when, at the level that is measured, the holder of the cohort row on this day differs
    /// from its holder on the day of attribution. The attribution's path finds the holder; having
    /// no holder differs from having one. At the whole: true when the path finds nobody at the
    /// level just below it on this day, though it did on the day of attribution. Unknown when the
    /// day is missing; false for an open end.
    Elsewhere(Box<Expr>),
    /// A day moved by a computed number of days, months or years (the type of `by`), backwards when
    /// `back` is true. Like [`ExprKind::Shift`], but missing when the day or the number is missing
    /// or an open end, and when the number exceeds [`FARTHEST`]. The result may lie outside the
    /// years that files may name.
    Move {
        /// A day.
        date: Box<Expr>,
        /// The number of days, months or years.
        by: Box<Expr>,
        /// Towards the past.
        back: bool,
    },
    /// A question about the rows that link to a row, or about all rows of a table; see [`Ask`].
    Linked(Box<LinkedQuery>),
}

/// A larger number of days, months or years moves a day out of every calendar, and the result is
/// missing.
pub const FARTHEST: i64 = 100_000;

/// The largest number that is reckoned with, on either side of zero: a billion billions. A sum,
/// difference or product beyond it is missing, and a sum over rows that is, too.
pub const LARGEST: u64 = 1_000_000_000_000_000_000;

/// The number, unless it is too large to be reckoned with.
#[must_use]
pub fn within(number: Option<i64>) -> Option<i64> {
    number.filter(|n| n.unsigned_abs() <= LARGEST)
}

/// The question that a [`LinkedQuery`] asks about its rows. A row counts when the condition is true
/// for it. When a link on the way to the owner is missing, the owner of the rows is not known, and
/// the answer is unknown or missing.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Ask {
    /// Whether a row exists: true when the condition is true for some row, else unknown when it is
    /// unknown for some row, else false. False when there are no rows.
    Exists,
    /// The number of rows; 0 when there are none. Missing when the condition is unknown for some
    /// row.
    Count,
    /// The number of different values. Missing where `Count` is, and when the value of a row that
    /// counts is missing.
    Distinct(Expr),
    /// The sum of the values; 0 when there are no rows. Missing where `Distinct` is, and beyond
    /// [`LARGEST`].
    Sum(Expr),
    /// The earliest day or time. Missing without rows, when the condition is unknown for some row,
    /// and when a value is missing. An open end is later than every day, so the earliest of open
    /// ends alone is missing.
    Earliest(Expr),
    /// The latest day or time, by the same rules; missing when a value is an open end.
    Latest(Expr),
    /// The value of one row: the first in the order of `by`, or the last; of several rows with the
    /// same `by`, the first or last in the order of their table. An open end is later than every
    /// day. Missing without rows, when the condition is unknown for some row, when `by` is missing
    /// and no open end of a row that counts, and when the value of that one row is missing.
    Ordered {
        /// The last row, and not the first.
        last: bool,
        /// What is taken from the row.
        value: Expr,
        /// The order of the rows.
        by: Expr,
    },
    /// The number of days on which at least one of the half-open stays `[from, until)` is open.
    /// Neither of the two is an open end. A stay whose `until` lies before its `from` has no days.
    /// Missing where `Distinct` is.
    Days {
        /// First day.
        from: Expr,
        /// The day after the last.
        until: Expr,
    },
}

impl Ask {
    /// Whether rows or values are counted: then some are certain though not all are known.
    #[must_use]
    pub fn is_count(&self) -> bool {
        matches!(self, Self::Count | Self::Distinct(_))
    }

    /// The expressions that are evaluated on every row, besides the condition.
    #[must_use]
    pub fn values(&self) -> Vec<&Expr> {
        match self {
            Self::Exists | Self::Count => Vec::new(),
            Self::Distinct(value) | Self::Sum(value) | Self::Earliest(value) | Self::Latest(value) => vec![value],
            Self::Ordered { value, by, .. } => vec![value, by],
            Self::Days { from, until } => vec![from, until],
        }
    }

    /// What is taken from the row that is the first, or the last, in an order. What puts the rows
    /// in order is itself the earliest or latest of them.
    #[must_use]
    pub fn ordered(last: bool, value: Expr, by: Expr) -> Self {
        match value == by && matches!(by.ty, Ty::Date | Ty::Timestamp) {
            true if last => Self::Latest(by),
            true => Self::Earliest(by),
            false => Self::Ordered { last, value, by },
        }
    }

    /// Of a question that chooses one row: whether it is the last, what is taken from it, and what
    /// puts the rows in order.
    #[must_use]
    pub fn chosen(&self) -> Option<(bool, &Expr, &Expr)> {
        match self {
            Self::Earliest(day) => Some((false, day, day)),
            Self::Latest(day) => Some((true, day, day)),
            Self::Ordered { last, value, by } => Some((*last, value, by)),
            Self::Exists | Self::Count | Self::Distinct(_) | Self::Sum(_) | Self::Days { .. } => None,
        }
    }
}

/// The rows of `table` whose link `via` leads to the owner, and the question about them.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct LinkedQuery {
    /// The question.
    pub ask: Ask,
    /// The variable for those rows.
    pub row: RowId,
    /// Their table.
    pub table: TableId,
    /// Their link column; `None` for all rows of the table, whatever the owner is.
    pub via: Option<ColumnId>,
    /// The variable the owner is reached from.
    pub owner: RowId,
    /// The links from that row to the owner; empty when the row is the owner.
    pub owner_links: Vec<ColumnId>,
    /// Leave out the row of this variable (which is of the same table).
    pub other_than: Option<RowId>,
    /// The condition.
    pub condition: Expr,
}

impl Expr {
    /// The truth value `true`.
    #[must_use]
    pub fn truth() -> Self {
        Self { kind: ExprKind::Bool(true), ty: Ty::Bool, missing: Missing::Never, at: At::default() }
    }

    /// Whether a day or time lies in the window.
    #[must_use]
    pub fn in_window(date: Self) -> Self {
        let missing = date.missing.of_answer();
        Self { kind: ExprKind::InWindow(Box::new(date)), ty: Ty::Bool, missing, at: At::default() }
    }

    /// A value or a condition that is never known.
    #[must_use]
    pub fn unknown(ty: Ty) -> Self {
        Self {
            kind: ExprKind::Call { function: Function::FirstKnown, of: Vec::new() },
            ty,
            missing: Missing::Unknown,
            at: At::default(),
        }
    }

    /// The same, written here unless it says itself where.
    #[must_use]
    pub fn written(self, at: At) -> Self {
        Self { at: self.at.or(at), ..self }
    }

    /// The expressions directly inside this one, in order.
    #[must_use]
    pub fn children(&self) -> Vec<&Expr> {
        let mut all = Vec::new();
        self.any_inside(&mut |inner| {
            all.push(inner);
            false
        });
        all
    }

    /// Whether one of the expressions directly inside this one passes a test; they are asked in
    /// order, up to the first that does.
    fn any_inside<'a>(&'a self, test: &mut impl FnMut(&'a Self) -> bool) -> bool {
        match &self.kind {
            ExprKind::Bool(_)
            | ExprKind::Int(_)
            | ExprKind::Text(_)
            | ExprKind::Date(_)
            | ExprKind::Code(_)
            | ExprKind::Window(_)
            | ExprKind::AsOf
            | ExprKind::Column { .. }
            | ExprKind::Row { .. } => false,
            ExprKind::And(all) | ExprKind::Or(all) | ExprKind::Call { of: all, .. } => all.iter().any(test),
            ExprKind::Not(e)
            | ExprKind::InWindow(e)
            | ExprKind::IsMissing(e)
            | ExprKind::Elsewhere(e)
            | ExprKind::Shift { date: e, .. }
            | ExprKind::BusinessDay { date: e, .. }
            | ExprKind::InCodes { value: e, .. } => test(e),
            ExprKind::Compare { left, right, .. } => test(left) || test(right),
            ExprKind::Move { date, by, .. } => test(date) || test(by),
            ExprKind::Linked(q) => test(&q.condition) || q.ask.values().into_iter().any(test),
        }
    }

    /// The same form with other expressions directly inside: each becomes what `of` makes of it.
    #[must_use]
    pub fn kind_with(&self, of: &impl Fn(&Self) -> Self) -> ExprKind {
        let boxed = |e: &Self| Box::new(of(e));
        let all = |all: &[Self]| all.iter().map(of).collect();
        match &self.kind {
            ExprKind::Bool(_)
            | ExprKind::Int(_)
            | ExprKind::Text(_)
            | ExprKind::Date(_)
            | ExprKind::Code(_)
            | ExprKind::Window(_)
            | ExprKind::AsOf
            | ExprKind::Column { .. }
            | ExprKind::Row { .. } => self.kind.clone(),
            ExprKind::And(of) => ExprKind::And(all(of)),
            ExprKind::Or(of) => ExprKind::Or(all(of)),
            ExprKind::Not(e) => ExprKind::Not(boxed(e)),
            ExprKind::Compare { op, left, right } => {
                ExprKind::Compare { op: *op, left: boxed(left), right: boxed(right) }
            }
            ExprKind::InCodes { value, codes } => ExprKind::InCodes { value: boxed(value), codes: codes.clone() },
            ExprKind::InWindow(e) => ExprKind::InWindow(boxed(e)),
            ExprKind::IsMissing(e) => ExprKind::IsMissing(boxed(e)),
            ExprKind::Shift { date, months, days, minutes } => {
                ExprKind::Shift { date: boxed(date), months: *months, days: *days, minutes: *minutes }
            }
            ExprKind::BusinessDay { date, days } => ExprKind::BusinessDay { date: boxed(date), days: *days },
            ExprKind::Call { function, of } => ExprKind::Call { function: *function, of: all(of) },
            ExprKind::Elsewhere(e) => ExprKind::Elsewhere(boxed(e)),
            ExprKind::Move { date, by, back } => ExprKind::Move { date: boxed(date), by: boxed(by), back: *back },
            ExprKind::Linked(q) => {
                let ask = match &q.ask {
                    Ask::Exists => Ask::Exists,
                    Ask::Count => Ask::Count,
                    Ask::Distinct(e) => Ask::Distinct(of(e)),
                    Ask::Sum(e) => Ask::Sum(of(e)),
                    Ask::Earliest(e) => Ask::Earliest(of(e)),
                    Ask::Latest(e) => Ask::Latest(of(e)),
                    Ask::Ordered { last, value, by } => Ask::Ordered { last: *last, value: of(value), by: of(by) },
                    Ask::Days { from, until } => Ask::Days { from: of(from), until: of(until) },
                };
                ExprKind::Linked(Box::new(LinkedQuery { ask, condition: of(&q.condition), ..(**q).clone() }))
            }
        }
    }

    /// The values that a function is asked of, when this is that function.
    #[must_use]
    pub fn call(&self, function: Function) -> Option<&[Self]> {
        match &self.kind {
            ExprKind::Call { function: this, of } if *this == function => Some(of),
            _ => None,
        }
    }

    /// The levels' tables of the holders that the expression speaks of.
    #[must_use]
    pub fn holders(&self) -> BTreeSet<TableId> {
        let mut found = BTreeSet::new();
        self.walk(&mut |e| match &e.kind {
            ExprKind::Column { row, .. } | ExprKind::Row { row, .. } => found.extend(row.holds()),
            ExprKind::Linked(q) if q.via.is_some() => found.extend(q.owner.holds()),
            _ => {}
        });
        found
    }

    /// Calls `visit` on this expression and everything inside it, quantifiers' conditions included.
    pub fn walk<'a>(&'a self, visit: &mut impl FnMut(&'a Expr)) {
        visit(self);
        self.any_inside(&mut |inner| {
            inner.walk(visit);
            false
        });
    }

    /// Calls `visit` on this expression and everything inside it, but for what a question asks of
    /// its rows.
    pub fn walk_outside<'a>(&'a self, visit: &mut impl FnMut(&'a Expr)) {
        visit(self);
        if !matches!(self.kind, ExprKind::Linked(_)) {
            self.any_inside(&mut |inner| {
                inner.walk_outside(visit);
                false
            });
        }
    }

    /// Whether this expression or something inside it, quantifiers' conditions included, passes the
    /// test.
    #[must_use]
    pub fn has(&self, test: &impl Fn(&Self) -> bool) -> bool {
        test(self) || self.any_inside(&mut |e| e.has(test))
    }

    /// Whether a number is surely not below 0, by the form of the expression.
    #[must_use]
    pub fn never_negative(&self) -> bool {
        match &self.kind {
            ExprKind::Int(n) => *n >= 0,
            // A day and the latest of it and others.
            ExprKind::Call { function: Function::DaysBetween, of } => match of.as_slice() {
                [from, to] => to.call(Function::Latest).is_some_and(|of| of.contains(from)),
                [..] => false,
            },
            ExprKind::Call { function: Function::Plus | Function::Times, of } => of.iter().all(Self::never_negative),
            ExprKind::Linked(q) => match &q.ask {
                Ask::Count | Ask::Distinct(_) | Ask::Days { .. } => true,
                Ask::Sum(value) => value.never_negative(),
                Ask::Ordered { value, .. } => value.never_negative(),
                Ask::Exists | Ask::Earliest(_) | Ask::Latest(_) => false,
            },
            _ => false,
        }
    }

    /// The least and the most that a number of the text can be; nothing of one that the rows say.
    #[must_use]
    pub fn written_range(&self) -> Option<(i64, i64)> {
        match &self.kind {
            ExprKind::Int(n) => Some((*n, *n)),
            ExprKind::Call { function: Function::IfElse, of } => {
                let [_, then, otherwise] = of.as_slice() else { return None };
                let ((a, b), (c, d)) = (then.written_range()?, otherwise.written_range()?);
                Some((a.min(c), b.max(d)))
            }
            _ => None,
        }
    }

    /// Whether the value depends on the reporting window.
    #[must_use]
    pub fn uses_window(&self) -> bool {
        self.has(&|e| matches!(e.kind, ExprKind::Window(_) | ExprKind::InWindow(_)))
    }

    /// The top-level conditions joined by `and`; the expression itself when it is something else.
    #[must_use]
    pub fn conjuncts(&self) -> Vec<&Expr> {
        if let ExprKind::And(all) = &self.kind {
            return all.iter().flat_map(Expr::conjuncts).collect();
        }
        if matches!(self.kind, ExprKind::Bool(true)) { Vec::new() } else { vec![self] }
    }
}
