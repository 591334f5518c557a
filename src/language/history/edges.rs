//! The edges of a definition: for each comparison that has one, the same definition with the edge
//! on the other side. A history on which the two disagree lies on the edge.

use crate::functions::{Arithmetic, Calendar};
use crate::interpret::Clause;
use crate::ir::{CompareOp, Expr, ExprKind, Indicator, Ty, WindowPoint};
use chrono::{Datelike, Months, NaiveDate, TimeDelta};
use std::cell::Cell;

/// Which side of a comparison an edge is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    /// The only one that the comparison has.
    Own,
    /// Of a window, its first day.
    First,
    /// Of a window, the day after its last.
    End,
    /// Where months have no such day.
    Months,
}

/// An edge of a definition.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Edge {
    /// The clause; nothing for one that may be in any.
    pub clause: Option<Clause>,
    /// Which comparison of the clause, in the order of the text, from 0 on.
    pub number: usize,
    /// How many the clause has.
    pub of: usize,
    /// Which side of it.
    pub side: Side,
}

/// An indicator with one edge moved.
pub(super) fn moved(of: &Indicator) -> Vec<(Edge, Indicator)> {
    let mut all = Vec::new();
    for (clause, e) in clauses(of) {
        let count = edges(e);
        for number in 0..count {
            for side in [Side::Own, Side::First, Side::End] {
                let changed = with(e, &Cell::new(0), (number, side));
                if changed != *e {
                    let edge = Edge { clause: Some(clause), number, of: count, side };
                    all.push((edge, put(of, clause, &changed)));
                }
            }
        }
    }
    all
}

fn clauses(of: &Indicator) -> Vec<(Clause, &Expr)> {
    let cohort = [(Clause::Cohort, &of.cohort.condition)];
    let exclusions = of.exclusions.iter().enumerate().map(|(number, e)| (Clause::Exclude(number), &e.condition));
    let measure = of.measure.parts().into_iter().map(|(part, e)| (Clause::Measure(part), e));
    cohort.into_iter().chain(exclusions).chain(measure).collect()
}

/// The indicator with another expression in a clause.
fn put(of: &Indicator, clause: Clause, e: &Expr) -> Indicator {
    let mut changed = of.clone();
    match clause {
        Clause::Cohort => changed.cohort.condition = e.clone(),
        Clause::Exclude(number) => {
            if let Some(exclusion) = changed.exclusions.get_mut(number) {
                exclusion.condition = e.clone();
            }
        }
        Clause::Measure(part) => {
            changed.measure = of.measure.with(|own, before| if own == part { e.clone() } else { before.clone() });
        }
        Clause::By | Clause::AttributedOn => {}
    }
    changed
}

fn edges(e: &Expr) -> usize {
    let mut count = 0;
    e.walk(&mut |e| count += usize::from(has_edge(e)));
    count
}

fn has_edge(e: &Expr) -> bool {
    match &e.kind {
        ExprKind::Compare { op, .. } => !matches!(op, CompareOp::Eq | CompareOp::Ne),
        ExprKind::InWindow(_) => true,
        _ => false,
    }
}

/// The expression with one of its edges moved; edges are counted from the outside in.
fn with(e: &Expr, count: &Cell<usize>, wanted: (usize, Side)) -> Expr {
    if has_edge(e) {
        let number = count.replace(count.get() + 1);
        if number == wanted.0 {
            return other_side(e, wanted.1);
        }
    }
    Expr { kind: e.kind_with(&|inner| with(inner, count, wanted)), ..e.clone() }
}

fn other_side(e: &Expr, side: Side) -> Expr {
    let kind = match (&e.kind, side) {
        (ExprKind::Compare { op, left, right }, Side::Own) => {
            let op = match op {
                CompareOp::Lt => CompareOp::Le,
                CompareOp::Le => CompareOp::Lt,
                CompareOp::Gt => CompareOp::Ge,
                CompareOp::Ge => CompareOp::Gt,
                CompareOp::Eq | CompareOp::Ne => *op,
            };
            ExprKind::Compare { op, left: left.clone(), right: right.clone() }
        }
        (ExprKind::InWindow(day), Side::First) => within(e, day, CompareOp::Gt, CompareOp::Lt),
        (ExprKind::InWindow(day), Side::End) => within(e, day, CompareOp::Ge, CompareOp::Le),
        _ => e.kind.clone(),
    };
    Expr { kind, ..e.clone() }
}

/// Whether a day lies between the window's start and end, compared so.
fn within(e: &Expr, day: &Expr, start: CompareOp, end: CompareOp) -> ExprKind {
    let point = |point| Expr { kind: ExprKind::Window(point), ty: Ty::Date, ..Expr::truth() };
    let compare = |op, of| {
        let kind = ExprKind::Compare { op, left: Box::new(day.clone()), right: Box::new(point(of)) };
        Expr { kind, ..e.clone() }
    };
    ExprKind::And(vec![compare(start, WindowPoint::Start), compare(end, WindowPoint::End)])
}

/// Months as some systems reckon with them: where a month has no such day, the days that are left
/// over run into the next month. 31 January and a month is 2 or 3 March.
#[derive(Debug, Clone, Copy)]
pub(super) struct Overflowing;

impl Arithmetic for Overflowing {
    fn plus_months(&self, day: NaiveDate, months: i64) -> Option<NaiveDate> {
        let first = day.with_day(1)?;
        let amount = Months::new(u32::try_from(months.unsigned_abs()).ok()?);
        let month = if months < 0 { first.checked_sub_months(amount) } else { first.checked_add_months(amount) };
        month?.checked_add_signed(TimeDelta::days(i64::from(day.day0())))
    }

    fn months_between(&self, from: NaiveDate, to: NaiveDate) -> i64 {
        // Never more than a month from where months are clamped.
        let near = Calendar.months_between(from, to);
        let reached = |months: &i64| self.plus_months(from, *months).is_some_and(|day| day <= to);
        (near - 2..=near + 2).rev().find(reached).unwrap_or(near)
    }
}
