//! When a condition settles: data complete up to that point decides it for good.

use super::bounds::{Env, Facts, sides};
use super::reach::{Point, Reach};
use crate::ir::{CompareOp, Expr, ExprKind, Missing, Quantified, RowId, Ty};

impl Facts<'_> {
    /// The point by which a condition is decided, for rows whose dates are bounded by `env`.
    pub(super) fn settles(&self, condition: &Expr, env: &Env) -> Reach {
        match &condition.kind {
            ExprKind::And(_) => self.all_settle(condition, env),
            ExprKind::Or(branches) => self.last_of(branches, env),
            ExprKind::Not(inner) => self.settles(inner, env),
            ExprKind::Some(_) => self.value_settles(condition, env),
            ExprKind::Compare { op, left, right } => self.comparison_settles(*op, left, right, env),
            ExprKind::InWindow(date) => {
                if self.changes(date) {
                    Reach::At(Point::default())
                } else {
                    Reach::Past
                }
            }
            // As the day of attribution: the stay of that day must have begun.
            ExprKind::Elsewhere(day) => self.last_asked(day, env).later(self.latest(day, env).plus(0, 1)),
            ExprKind::IsMissing(value) => {
                if self.changes(value) {
                    self.latest(value, env).plus(0, 1)
                } else {
                    Reach::Past
                }
            }
            ExprKind::Bool(_)
            | ExprKind::Int(_)
            | ExprKind::Text(_)
            | ExprKind::Date(_)
            | ExprKind::Code(_)
            | ExprKind::Window(_)
            | ExprKind::AsOf
            | ExprKind::Column { .. }
            | ExprKind::Row { .. }
            | ExprKind::InCodes { .. }
            | ExprKind::Shift { .. }
            | ExprKind::BusinessDay { .. }
            | ExprKind::Move { .. }
            | ExprKind::DaysBetween(..)
            | ExprKind::MonthsBetween(..)
            | ExprKind::YearsBetween(..)
            | ExprKind::Extreme { .. }
            | ExprKind::FirstKnown(_)
            | ExprKind::DayOf(_) => Reach::Past,
        }
    }

    fn last_of<'e>(&self, parts: impl IntoIterator<Item = &'e Expr>, env: &Env) -> Reach {
        parts.into_iter().map(|p| self.settles(p, env)).fold(Reach::Past, Reach::later)
    }

    /// Each needs its own time, by what the others say of the dates in it.
    fn all_settle(&self, condition: &Expr, env: &Env) -> Reach {
        let conjuncts = condition.conjuncts();
        let inner = self.extend(env, &conjuncts);
        let (rows, direct): (Vec<&Expr>, Vec<&Expr>) = conjuncts.into_iter().partition(|c| asks_rows(c));
        let each = self.last_of(direct, &inner);
        each.later(self.last_of(rows, &inner))
    }

    /// Rows are known once the smallest bound on one of their dates has passed.
    fn rows_settle(&self, q: &Quantified, env: &Env) -> Reach {
        let conjuncts = q.condition.conjuncts();
        let inner = self.extend(env, &conjuncts);
        let (nested, direct): (Vec<&Expr>, Vec<&Expr>) = conjuncts.into_iter().partition(|c| asks_rows(c));
        let (own, apart): (Vec<&Expr>, Vec<&Expr>) = direct.into_iter().partition(|c| speaks_of(c, q.row));
        let known = if self.has_dates(q.table) || own.iter().any(|c| self.bounds_row(c, q.row, &inner).is_some()) {
            own.iter().filter_map(|c| self.bounds_row(c, q.row, &inner)).fold(Reach::Never(Some(q.row)), Reach::sooner)
        } else {
            Reach::Past
        };
        // What else is asked of such a row is waited for, where that has an end.
        let whole = own.iter().map(|c| self.settles(c, &inner)).filter(|r| r.ends()).fold(Reach::Past, Reach::later);
        let known = if known.ends() { known.later(whole) } else { known };
        known.later(self.last_of(nested, &inner)).later(self.last_of(apart, &inner))
    }

    /// The point by which a condition has decided whether a row of the quantifier exists, when it bounds one of its dates.
    fn bounds_row(&self, condition: &Expr, row: RowId, env: &Env) -> Option<Reach> {
        if let ExprKind::Or(branches) = &condition.kind {
            let each: Option<Vec<Reach>> = branches.iter().map(|b| self.bounds_row(b, row, env)).collect();
            return each?.into_iter().reduce(Reach::later);
        }
        if let ExprKind::And(parts) = &condition.kind {
            return parts.iter().filter_map(|p| self.bounds_row(p, row, env)).reduce(Reach::sooner);
        }
        let own: Vec<_> = self.bounds(condition, env).dates.into_iter().filter(|b| b.fact.0 == row).collect();
        let surely = own.iter().filter(|b| b.sure).map(|b| b.reach).reduce(Reach::sooner);
        let found = surely.or_else(|| own.iter().map(|b| b.reach).reduce(Reach::later));
        found.map(|r| r.plus(0, 1))
    }

    /// By the latest day of either side, the other has happened or is later.
    fn comparison_settles(&self, op: CompareOp, left: &Expr, right: &Expr, env: &Env) -> Reach {
        if !self.changes(left) && !self.changes(right) {
            return self.last_asked(left, env).later(self.last_asked(right, env));
        }
        let Some(s) = sides(op, left, right) else {
            return self.value_settles(left, env).later(self.value_settles(right, env));
        };
        let time = s.left.ty == Ty::Timestamp;
        let after = |exact: bool| if exact && !time { 0 } else { 1 };
        let right = self.latest(s.right, env).plus(s.months, s.days);
        let left = self.latest(s.left, env);
        // A date that may come to be known at any time, and would then make this true.
        let awaited = match s.op {
            CompareOp::Gt | CompareOp::Ge => self.awaited(s.left) && !left.ends(),
            CompareOp::Lt | CompareOp::Le => self.awaited(s.right) && !right.ends(),
            CompareOp::Eq | CompareOp::Ne => false,
        };
        if awaited {
            return Reach::Never(None);
        }
        let by_right = right.plus(0, after(matches!(s.op, CompareOp::Lt | CompareOp::Ge)));
        let by_left = left.plus(0, after(matches!(s.op, CompareOp::Gt | CompareOp::Le)));
        by_right.sooner(by_left).later(self.last_asked(s.left, env)).later(self.last_asked(s.right, env))
    }

    fn awaited(&self, date: &Expr) -> bool {
        date.missing == Missing::Unknown && self.changes(date)
    }

    /// The point by which a value is known for good: of a day, when it has passed or is later than something that has.
    pub(super) fn value_settles(&self, value: &Expr, env: &Env) -> Reach {
        if let ExprKind::Some(q) = &value.kind {
            let inner = self.extend(env, &q.condition.conjuncts());
            let values = q.ask.values().into_iter().map(|v| self.value_settles(v, &inner));
            return values.fold(self.rows_settle(q, env), Reach::later);
        }
        let own = match value.ty {
            Ty::Date | Ty::Timestamp if self.changes(value) => self.day_settles(value, env),
            Ty::Bool => return self.settles(value, env),
            Ty::Date
            | Ty::Timestamp
            | Ty::Int
            | Ty::Days
            | Ty::Months
            | Ty::Years
            | Ty::Text
            | Ty::Code(..)
            | Ty::Row(_) => Reach::Past,
        };
        match value.ty {
            Ty::Date | Ty::Timestamp => own.later(self.last_asked(value, env)),
            _ => value.children().into_iter().map(|c| self.value_settles(c, env)).fold(own, Reach::later),
        }
    }

    /// The point by which a day that may be missing at first is known. The earliest of several is known when one that is sure
    /// is reached: whatever comes on that day itself, or later, changes nothing.
    fn day_settles(&self, day: &Expr, env: &Env) -> Reach {
        let known = self.latest(day, env).plus(0, 1);
        let ExprKind::Extreme { latest: false, of } = &day.kind else { return known };
        let sure = of.iter().filter(|e| e.ty == Ty::Date && !self.changes(e)).map(|e| self.latest(e, env));
        sure.fold(known, Reach::sooner)
    }

    /// The point by which all questions about rows inside a value are decided.
    pub(super) fn last_asked(&self, value: &Expr, env: &Env) -> Reach {
        if matches!(value.kind, ExprKind::Some(_)) {
            return self.value_settles(value, env);
        }
        value.children().into_iter().map(|c| self.last_asked(c, env)).fold(Reach::Past, Reach::later)
    }
}

fn asks_rows(condition: &Expr) -> bool {
    condition.has(&|e| matches!(e.kind, ExprKind::Some(_)))
}

fn speaks_of(condition: &Expr, row: RowId) -> bool {
    condition.has(&|e| matches!(&e.kind, ExprKind::Column { row: r, .. } | ExprKind::Row { row: r, .. } if *r == row))
}
