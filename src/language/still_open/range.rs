//! What a value can still be that is made of something open: the least and the most.
//!
//! An open end is later than the as-of day. As long as it is open the most it can be is an open
//! end, too, which every comparison takes as later than every day.

use super::{Open, and, as_of, compare, day_after, never, not, or, unknown};
use crate::functions::{self, Day};
use crate::ir::{Ask, At, CompareOp, Expr, ExprKind, Function, LinkedQuery, Missing, RowId, Ty};
use crate::model::{ColumnId, ColumnType, Known};

const MINUTES_OF_A_DAY: i32 = 24 * 60;

impl Open<'_> {
    /// Whether a value can become another one, as a part of it is open. Questions about rows are
    /// open here only where their answer is an open end.
    pub(super) fn is_open(&self, e: &Expr) -> bool {
        !self.open(e).is_empty()
    }

    /// For each part of a value that may still come, whether it is not there yet.
    pub(super) fn open(&self, e: &Expr) -> Vec<Expr> {
        let mut found = Vec::new();
        self.find(e, false, &mut found);
        found
    }

    /// The same for a value of which is asked whether it is missing.
    pub(super) fn hidden(&self, e: &Expr) -> Vec<Expr> {
        let mut found = Vec::new();
        self.find(e, true, &mut found);
        found
    }

    /// `asked` is whether something else follows from a missing value than that nothing is known.
    fn find(&self, e: &Expr, asked: bool, found: &mut Vec<Expr>) {
        let comes = match &e.kind {
            ExprKind::Column { .. } | ExprKind::Linked(_) if e.missing == Missing::OpenEnd => Some(is_missing(e)),
            ExprKind::Column { row, links, column } if asked => self.revealed(e, *row, links, *column),
            ExprKind::Row { row, links } if asked => {
                links.split_last().and_then(|(last, links)| self.revealed(e, *row, links, *last))
            }
            _ => None,
        };
        found.extend(comes.filter(|comes| !found.contains(comes)));
        match &e.kind {
            ExprKind::Linked(_) => {}
            ExprKind::Call { function: Function::IfElse, of } => {
                of.iter().skip(1).for_each(|e| self.find(e, asked, found));
            }
            ExprKind::Call { function: Function::FirstKnown, of } => of.iter().for_each(|e| self.find(e, true, found)),
            _ => e.children().into_iter().for_each(|e| self.find(e, asked, found)),
        }
    }

    /// Whether a missing value of a column may become known with a day that has not come. `None`
    /// where it is known from the beginning.
    fn revealed(&self, e: &Expr, row: RowId, links: &[ColumnId], column: ColumnId) -> Option<Expr> {
        let table = self.model.table(self.table_at(row, links)?);
        match table.column(column).known {
            Known::WithRow => None,
            Known::OwnDay => Some(is_missing(e)),
            Known::With(day) => {
                let kind = ExprKind::Column { row, links: links.to_vec(), column: day };
                let missing = if table.has_open_end(day) { Missing::OpenEnd } else { Missing::Unknown };
                let ty = if table.column(day).ty == ColumnType::Timestamp { Ty::Timestamp } else { Ty::Date };
                let day = in_days(&Expr { kind, ty, missing, at: At::default() });
                Some(and(vec![is_missing(e), not(compare(CompareOp::Le, day, as_of()))]))
            }
        }
    }

    /// A comparison with something open: true or false where it is for all that can still come.
    pub(super) fn in_range(&self, said: Expr, op: CompareOp, left: &Expr, right: &Expr) -> Expr {
        let open = [self.open(left), self.open(right)].concat();
        let holds = self.holds(op, left, right);
        let fails = self.holds(op.negated(), left, right);
        let later = or(vec![holds, and(vec![not(fails), unknown()])]);
        let goes_on = and(vec![or(open), not(self.is_final.clone())]);
        or(vec![and(vec![not(goes_on.clone()), said]), and(vec![goes_on, later])])
    }

    /// Whether a comparison holds whatever comes.
    fn holds(&self, op: CompareOp, left: &Expr, right: &Expr) -> Expr {
        // Of times no more is known than their days.
        let times = left.ty == Ty::Timestamp;
        let (left, right) = (in_days(left), in_days(right));
        let strict = |op| match op {
            CompareOp::Le if times => CompareOp::Lt,
            CompareOp::Ge if times => CompareOp::Gt,
            op => op,
        };
        let of = |op, left: Option<Expr>, right: Option<Expr>| match (left, right) {
            (Some(left), Some(right)) => compare(strict(op), left, right),
            _ => never(),
        };
        match op {
            CompareOp::Lt | CompareOp::Le => of(op, self.most(&left), self.least(&right)),
            CompareOp::Gt | CompareOp::Ge => of(op, self.least(&left), self.most(&right)),
            CompareOp::Eq => never(),
            CompareOp::Ne => or(vec![
                of(CompareOp::Lt, self.most(&left), self.least(&right)),
                of(CompareOp::Gt, self.least(&left), self.most(&right)),
            ]),
        }
    }

    /// The least that a day or a number can be; `None` where the form does not say.
    pub(super) fn least(&self, e: &Expr) -> Option<Expr> {
        if !self.is_open(e) {
            return Some(e.clone());
        }
        match &e.kind {
            ExprKind::Column { .. } if e.ty == Ty::Date => Some(first_known(vec![e.clone(), day_after()])),
            ExprKind::Linked(q) if e.ty == Ty::Date => {
                let soonest = soonest_of(q)?;
                let known = first_known(vec![e.clone(), soonest.clone()]);
                match q.ask {
                    Ask::Earliest(_) => called(Function::Earliest, vec![known, soonest]),
                    _ => Some(known),
                }
            }
            ExprKind::Shift { .. } | ExprKind::BusinessDay { .. } if e.ty == Ty::Date => self.each(e, &Self::least),
            ExprKind::Call { function, of } => match function {
                Function::DayOf => self.least_day_of(e, of.first()?),
                Function::Earliest | Function::Latest | Function::Plus => self.each(e, &Self::least),
                Function::FirstKnown => self.least_first_known(of),
                Function::Minus => self.ends(e, &Self::least, &Self::most),
                _ if is_between(*function) => self.ends(e, &Self::most, &Self::least),
                _ => None,
            },
            _ => None,
        }
    }

    /// The most that a day or a number can be; of a day it may be an open end.
    pub(super) fn most(&self, e: &Expr) -> Option<Expr> {
        if !self.is_open(e) {
            return Some(e.clone());
        }
        match &e.kind {
            ExprKind::Column { .. } | ExprKind::Linked(_) if e.ty == Ty::Date => Some(e.clone()),
            ExprKind::Shift { .. } | ExprKind::BusinessDay { .. } if e.ty == Ty::Date => self.each(e, &Self::most),
            ExprKind::Call { function, of } => match function {
                Function::DayOf if matches!(of.first()?.kind, ExprKind::Column { .. }) => Some(e.clone()),
                Function::Earliest | Function::Latest | Function::Plus => self.each(e, &Self::most),
                // As long as the first is open, nothing is later.
                Function::FirstKnown => of.first().filter(|e| e.missing == Missing::OpenEnd).cloned(),
                Function::Minus => self.ends(e, &Self::most, &Self::least),
                _ if is_between(*function) => self.ends(e, &Self::least, &Self::most),
                _ => None,
            },
            _ => None,
        }
    }

    /// The expression over the bounds of what it is made of.
    fn each(&self, e: &Expr, bound: &dyn Fn(&Self, &Expr) -> Option<Expr>) -> Option<Expr> {
        if !counts_for_ever(e) {
            return None;
        }
        let inside: Vec<Expr> = e.children().into_iter().map(|inner| bound(self, inner)).collect::<Option<_>>()?;
        match &e.kind {
            ExprKind::Call { function, .. } => called(*function, inside),
            _ => {
                let date = inside.into_iter().next()?;
                let missing = date.missing;
                Some(Expr { kind: e.kind_with(&|_| date.clone()), missing, ..*e })
            }
        }
    }

    /// A function of two values, of which one bound is made of the first and another of the second.
    fn ends(
        &self,
        e: &Expr,
        first: &dyn Fn(&Self, &Expr) -> Option<Expr>,
        second: &dyn Fn(&Self, &Expr) -> Option<Expr>,
    ) -> Option<Expr> {
        let ExprKind::Call { function, of } = &e.kind else { return None };
        let [a, b] = of.as_slice() else { return None };
        if !counts_for_ever(e) {
            return None;
        }
        let inside = vec![first(self, a)?, second(self, b)?];
        let ends = inside.iter().all(|e| e.missing != Missing::OpenEnd);
        ends.then(|| called(*function, inside)).flatten()
    }

    /// The first day that a time can lie on.
    fn least_day_of(&self, e: &Expr, time: &Expr) -> Option<Expr> {
        match &time.kind {
            ExprKind::Column { .. } => Some(first_known(vec![e.clone(), day_after()])),
            ExprKind::Shift { date, months, days, minutes } => {
                let days = days + minutes.div_euclid(MINUTES_OF_A_DAY);
                let date = Box::new(self.least(&day_of(date))?);
                Some(Expr { kind: ExprKind::Shift { date, months: *months, days, minutes: 0 }, ..day_after() })
            }
            _ => None,
        }
    }

    /// What stands in for a day that is open moves on with the data.
    fn least_first_known(&self, of: &[Expr]) -> Option<Expr> {
        let (first, rest) = of.split_first()?;
        if first.ty != Ty::Date {
            return None;
        }
        match (first.missing, rest) {
            (Missing::Never, _) | (_, []) => self.least(first),
            (Missing::Unknown, _) => None,
            (Missing::OpenEnd, rest) => {
                let least = vec![self.least(first)?, self.least_first_known(&moved_on(rest))?];
                let least = called(Function::Earliest, least)?;
                Some(first_known(vec![first.clone(), least]))
            }
        }
    }
}

/// These values as of the day after the as-of day.
fn moved_on(of: &[Expr]) -> Vec<Expr> {
    fn one(e: &Expr) -> Expr {
        match e.kind {
            ExprKind::AsOf => day_after(),
            ExprKind::Linked(_) => e.clone(),
            _ => Expr { kind: e.kind_with(&one), ..*e },
        }
    }
    of.iter().map(one).collect()
}

/// The earliest that a day of a row can be that is open.
fn soonest_of(q: &LinkedQuery) -> Option<Expr> {
    match &q.ask {
        Ask::Earliest(value) | Ask::Latest(value) | Ask::Ordered { value, .. } => super::soonest(value),
        Ask::Exists | Ask::Count | Ask::Distinct(_) | Ask::Sum(_) | Ask::Days { .. } => None,
    }
}

/// Of an end that never comes no number is known, unless something stands in for it.
fn counts_for_ever(e: &Expr) -> bool {
    e.ty == Ty::Date || e.children().into_iter().all(|inner| inner.missing != Missing::OpenEnd)
}

/// Whether a number of days, months or years grows with its second day, and falls with its first.
fn is_between(function: Function) -> bool {
    let counts_days = matches!(
        function,
        Function::DaysBetween | Function::MonthsBetween | Function::YearsBetween | Function::BusinessDaysBetween
    );
    counts_days && functions::definition(function).day == Day::None
}

fn is_missing(e: &Expr) -> Expr {
    Expr { kind: ExprKind::IsMissing(Box::new(e.clone())), ..Expr::truth() }
}

/// The day of a time; a day as it is.
fn in_days(e: &Expr) -> Expr {
    if e.ty == Ty::Timestamp { day_of(e) } else { e.clone() }
}

pub(super) fn day_of(time: &Expr) -> Expr {
    let kind = ExprKind::Call { function: Function::DayOf, of: vec![time.clone()] };
    Expr { kind, ty: Ty::Date, missing: time.missing, at: At::default() }
}

fn first_known(of: Vec<Expr>) -> Expr {
    Expr { kind: ExprKind::Call { function: Function::FirstKnown, of }, ..day_after() }
}

fn called(function: Function, of: Vec<Expr>) -> Option<Expr> {
    functions::call(function, of).ok()
}
