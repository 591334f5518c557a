//! When a condition settles: data complete up to that point decides it for good.

use super::bounds::{Bound, Bounds, Env, Found, Sides, days_down, sides};
use super::reach::{Reach, Why};
use crate::check::point::Point;
use crate::functions::{self, Day};
use crate::ir::{Ask, CompareOp, Expr, ExprKind, Function, LinkedQuery, Missing, Ty};

/// Whether a condition looks at the as-of day.
fn has_as_of(condition: &Expr) -> bool {
    condition.has(&|e| matches!(e.kind, ExprKind::AsOf))
}

impl Bounds<'_> {
    /// The point by which a condition is decided, for rows whose dates are bounded by `env`.
    pub(super) fn settles(&self, condition: &Expr, env: &Env) -> Reach {
        match &condition.kind {
            ExprKind::And(_) => self.all_settle(condition, env),
            ExprKind::Or(branches) => self.last_of(branches, env),
            ExprKind::Not(inner) => self.settles(inner, env),
            ExprKind::Linked(_) => self.value_settles(condition, env),
            ExprKind::Compare { op, left, right } => self.comparison_settles(*op, left, right, env),
            ExprKind::InWindow(date) => self.in_window_settles(date, env),
            // As the day of attribution: the stay of that day must have begun.
            ExprKind::Elsewhere(day) => self.value_settles(day, env).later(self.latest(day, env).plus(0, 1)),
            ExprKind::IsMissing(value) => self.known_for_good(value, env),
            ExprKind::InCodes { value, .. } => self.value_settles(value, env),
            ExprKind::Column { row, links, column } => self.awaited_value(*row, links, *column, env),
            ExprKind::Bool(_)
            | ExprKind::Int(_)
            | ExprKind::Text(_)
            | ExprKind::Date(_)
            | ExprKind::Code(_)
            | ExprKind::Window(_)
            | ExprKind::AsOf
            | ExprKind::Row { .. }
            | ExprKind::Shift { .. }
            | ExprKind::BusinessDay { .. }
            | ExprKind::Move { .. } => Reach::Past,
            ExprKind::Call { .. } => self.value_settles(condition, env),
        }
    }

    fn last_of<'e>(&self, parts: impl IntoIterator<Item = &'e Expr>, env: &Env) -> Reach {
        parts.into_iter().map(|p| self.settles(p, env)).fold(Reach::Past, Reach::later)
    }

    /// Each needs its own time, by what the others say of the dates in it: where one of the others
    /// is false, so is the whole.
    fn all_settle(&self, condition: &Expr, env: &Env) -> Reach {
        let conjuncts = condition.conjuncts();
        let inner = self.extend(env, &conjuncts);
        if !has_as_of(condition) {
            return self.last_of(conjuncts, &inner);
        }
        // What moves on with the data turns from false to true also where another is unknown, and
        // bounds nothing.
        let known: Vec<&Expr> = conjuncts.iter().copied().filter(|c| !self.may_be_unknown(c, env)).collect();
        let certain = self.extend(env, &known);
        let settles = |c: &Expr| self.settles(c, if has_as_of(c) { &certain } else { &inner });
        conjuncts.into_iter().map(settles).fold(Reach::Past, Reach::later)
    }

    /// Rows are known once all are there that can pass, and it is decided of each whether it does.
    /// Of a question about the earliest of some days, or the first, only rows with a day up to
    /// `limit` can matter.
    fn rows_settle(&self, q: &LinkedQuery, limit: Option<Reach>, env: &Env) -> Reach {
        let mut outer = env.clone();
        // A row of which it is not known whether it counts leaves all unknown, however late it
        // comes.
        let limit = limit.filter(|_| !self.may_be_unknown(&q.condition, env));
        if let (Some(limit), Ask::Earliest(day)) = (limit, &q.ask) {
            let mut found = Found::default();
            self.put(day, limit, true, &mut found);
            for Bound { fact, reach, .. } in found.dates.into_iter().filter(|b| b.sure) {
                outer.bound(fact, reach);
            }
        }
        if !self.may_be_unknown(&q.condition, env) {
            self.first_is_by(q, env).into_iter().for_each(|(fact, reach)| outer.bound(fact, reach));
        }
        let arrives = self.row_arrives(q.row, Some(q), &q.condition, &outer);
        let inner = match has_as_of(&q.condition) {
            true => outer,
            false => self.extend(&outer, &q.condition.conjuncts()),
        };
        arrives.later(self.settles(&q.condition, &inner))
    }

    /// A day is in the window or not once the window has ended: what comes later is not in it.
    fn in_window_settles(&self, date: &Expr, env: &Env) -> Reach {
        let last = Reach::At(Point::last_day(self.window));
        let asked = self.last_asked(date, Some(last), env);
        if !self.changes(date) {
            return asked;
        }
        let Some(soonest) = self.soonest_change(date) else { return self.value_settles(date, env) };
        if date.has(&|e| matches!(e.kind, ExprKind::AsOf)) {
            // It moves on until it has left the window.
            return Reach::At(Point::end(self.window, -soonest)).later(asked);
        }
        let mut found = Found::default();
        self.put(date, last, true, &mut found);
        let days = found.dates.into_iter().map(|b| b.reach.plus(0, 1));
        days.fold(Reach::At(Point::end(self.window, 0)), Reach::later).later(asked)
    }

    /// By the latest day of either side, the other has happened or is later.
    fn comparison_settles(&self, op: CompareOp, left: &Expr, right: &Expr, env: &Env) -> Reach {
        let both = || self.value_settles(left, env).later(self.value_settles(right, env));
        if !self.changes(left) && !self.changes(right) {
            return both();
        }
        let parts = sides(op, left, right).map(|s| self.of_dates_settles(&s, env));
        parts.reduce(Reach::later).map_or_else(both, |parts| parts.sooner(both()))
    }

    fn of_dates_settles(&self, s: &Sides<'_>, env: &Env) -> Reach {
        let time = s.left.ty == Ty::Timestamp;
        let after = |exact: bool| if exact && !time { 0 } else { 1 };
        // What stands in for a day as long as it is not known moves on with the data, whatever
        // bounds the day.
        let latest = |e: &Expr| match e.has(&|e| matches!(e.kind, ExprKind::AsOf)) {
            true => Reach::Never(Some(Why::AsOf)),
            false => self.latest(e, env),
        };
        let right = latest(&s.right).plus(s.months, s.days);
        let left = latest(s.left);
        // A date that may come to be known at any time, and would then make this true.
        let awaited = match s.op {
            CompareOp::Gt | CompareOp::Ge => self.awaited(s.left) && !left.ends(),
            CompareOp::Lt | CompareOp::Le => self.awaited(&s.right) && !right.ends(),
            CompareOp::Eq | CompareOp::Ne => false,
        };
        if awaited {
            let late = if matches!(s.op, CompareOp::Gt | CompareOp::Ge) { left } else { right };
            return Reach::Never(late.why());
        }
        // Where a side is as late as the other, and no later because this very comparison bounds
        // it, it may still come on that day.
        let exact = |ops: [CompareOp; 2], bounds: CompareOp| ops.contains(&s.op) && !(s.op == bounds && left == right);
        let by_right = self.passed(s.left, right, after(exact([CompareOp::Lt, CompareOp::Ge], CompareOp::Ge)));
        let by_left = left.plus(-s.months, -s.days);
        let by_left = self.passed(&s.right, by_left, after(exact([CompareOp::Gt, CompareOp::Le], CompareOp::Le)));
        // Moved on again, to be sure where months are of different lengths; never back.
        let by_left = by_left.plus(s.months.max(0), s.days.max(0));
        // Of an earliest day that is compared, only rows before the other side matter.
        let strict = |is: bool| if is && !time { -1 } else { 0 };
        let before_right = right.plus(0, strict(matches!(s.op, CompareOp::Lt | CompareOp::Ge)));
        let before_left = left.plus(-s.months, -s.days).plus(0, strict(matches!(s.op, CompareOp::Gt | CompareOp::Le)));
        let by_right =
            by_right.later(self.steady(&s.right, env)).later(self.last_asked(s.left, Some(before_right), env));
        let by_left = by_left.later(self.steady(s.left, env)).later(self.last_asked(&s.right, Some(before_left), env));
        by_right.sooner(by_left)
    }

    /// The point from which on a day that is not known yet is later than `day`.
    fn passed(&self, date: &Expr, day: Reach, after: i64) -> Reach {
        match self.soonest_change(date) {
            Some(soonest) => day.plus(0, after - soonest),
            None => Reach::Never(None),
        }
    }

    /// The point by which the other side of a comparison does not fall behind what it is now.
    fn steady(&self, date: &Expr, env: &Env) -> Reach {
        if self.soonest_change(date).is_some() { Reach::Past } else { self.value_settles(date, env) }
    }

    /// As long as a date is not known for good: how many days after the last day of the data it,
    /// and what is taken for it meanwhile, lies at least, counted from the day after. A date that
    /// never changes lies nowhere else later. `None` where it may lie earlier.
    fn soonest_change(&self, date: &Expr) -> Option<i64> {
        if !self.changes(date) {
            return Some(0);
        }
        match &date.kind {
            // It is taken as the last day itself.
            ExprKind::AsOf => Some(-1),
            ExprKind::Column { row, links, column } => self.comes_by_itself(*row, links, *column).then_some(0),
            ExprKind::Shift { date, months, days, minutes } => {
                let months = i64::from(*months);
                let shortest = if months < 0 { months * 31 } else { months * 28 };
                let clock = days_down(*minutes);
                Some(self.soonest_change(date)? + shortest + i64::from(*days) + clock)
            }
            ExprKind::BusinessDay { date, days } => Some(self.soonest_change(date)? - self.soonest(*days).max(0)),
            ExprKind::Call { function, of } => match functions::definition(*function).day {
                // A condition may change at any time, and what it chooses with it.
                Day::None | Day::Chosen => None,
                Day::OfIts | Day::Earliest | Day::Latest => self.soonest_of(of.iter().filter(|e| self.changes(e))),
                // What stands in for a day that is not known must move on as the data does.
                Day::FirstKnown => {
                    let first = of.iter().position(|e| self.changes(e))?;
                    let stands_in = of.get(first + 1..)?.iter().all(|e| self.changes(e));
                    if stands_in { self.soonest_of(of.iter().skip(first)) } else { None }
                }
            },
            ExprKind::Linked(q) => match &q.ask {
                Ask::Earliest(day) if self.is_first_day(q, day) => Some(0),
                Ask::Exists
                | Ask::Count
                | Ask::Distinct(_)
                | Ask::Sum(_)
                | Ask::Earliest(_)
                | Ask::Latest(_)
                | Ask::Ordered { .. }
                | Ask::Days { .. } => None,
            },
            ExprKind::Bool(_)
            | ExprKind::Int(_)
            | ExprKind::Text(_)
            | ExprKind::Date(_)
            | ExprKind::Code(_)
            | ExprKind::Window(_)
            | ExprKind::Row { .. }
            | ExprKind::And(_)
            | ExprKind::Or(_)
            | ExprKind::Not(_)
            | ExprKind::Compare { .. }
            | ExprKind::InCodes { .. }
            | ExprKind::InWindow(_)
            | ExprKind::IsMissing(_)
            | ExprKind::Elsewhere(_)
            | ExprKind::Move { .. } => None,
        }
    }

    fn soonest_of<'e>(&self, of: impl Iterator<Item = &'e Expr>) -> Option<i64> {
        of.map(|e| self.soonest_change(e)).try_fold(i64::MAX, |least, one| Some(least.min(one?)))
    }

    /// Whether a day is the one on which a row begins, so that rows to come have later ones.
    fn is_first_day(&self, q: &LinkedQuery, day: &Expr) -> bool {
        match &day.kind {
            ExprKind::Column { row, links, column } => *row == q.row && self.model.begins(q.table, links, *column),
            ExprKind::Call { function: Function::DayOf, of } => of.iter().all(|time| self.is_first_day(q, time)),
            _ => false,
        }
    }

    /// Whether a date that is unknown may come to be known at any time.
    fn awaited(&self, date: &Expr) -> bool {
        date.missing == Missing::Unknown && self.changes(date)
    }

    /// Whether the value can be missing at first and known later, or change otherwise with what the
    /// data holds.
    pub(super) fn changes(&self, e: &Expr) -> bool {
        e.has(&|e| match &e.kind {
            ExprKind::AsOf => true,
            ExprKind::Column { row, links, column } => self.is_revealed(*row, links, *column),
            ExprKind::Linked(q) => self.model.table(q.table).fed,
            _ => false,
        })
    }

    /// The point by which a value is known for good: of a day, when it has passed or is later than
    /// something that has.
    pub(super) fn value_settles(&self, value: &Expr, env: &Env) -> Reach {
        match &value.kind {
            ExprKind::Linked(q) => self.rows_value_settles(q, None, env),
            ExprKind::Column { row, links, column } => match value.ty {
                Ty::Date | Ty::Timestamp => self.revealed(*row, links, *column, env),
                _ => self.awaited_value(*row, links, *column, env),
            },
            ExprKind::AsOf => Reach::Never(Some(Why::AsOf)),
            ExprKind::Call { function: Function::Earliest, of } => self.earliest_settles(of, env),
            ExprKind::Call { function: Function::FirstKnown, of } => {
                let taken: Vec<&Expr> = self.taken(of, env).collect();
                taken.into_iter().map(|e| self.known_for_good(e, env)).fold(Reach::Past, Reach::later)
            }
            _ if value.ty == Ty::Bool && !matches!(value.kind, ExprKind::Call { .. }) => self.settles(value, env),
            _ => value.children().into_iter().map(|c| self.value_settles(c, env)).fold(Reach::Past, Reach::later),
        }
    }

    fn rows_value_settles(&self, q: &LinkedQuery, limit: Option<Reach>, env: &Env) -> Reach {
        let inner = self.extend(env, &q.condition.conjuncts());
        let of_value = |v: &Expr| match &q.ask {
            Ask::Ordered { value, .. } if value == v => self.value_settles(v, &self.of_the_chosen(q, env)),
            _ => self.value_settles(v, &inner),
        };
        let values = q.ask.values().into_iter().map(of_value);
        values.fold(self.rows_settle(q, limit, env), Reach::later)
    }

    /// The earliest of several is known when one that is sure is reached: whatever comes on that
    /// day itself, or later, changes nothing. Sure is a day that never changes, and one that is
    /// known by then.
    fn earliest_settles(&self, of: &[Expr], env: &Env) -> Reach {
        let each = of.iter().map(|e| self.value_settles(e, env)).fold(Reach::Past, Reach::later);
        let by_one = of.iter().filter(|e| e.ty == Ty::Date).map(|sure| {
            let known = if self.changes(sure) { self.value_settles(sure, env) } else { Reach::Past };
            let limit = self.latest(sure, env);
            if !limit.ends() {
                return each;
            }
            let others = of.iter().filter(|e| *e != sure && self.changes(e));
            let before = Some(limit.plus(0, -1));
            let by_limit = others.map(|e| self.passed(e, limit, 0).later(self.last_asked(e, before, env)));
            by_limit.fold(known, Reach::later)
        });
        by_one.fold(each, Reach::sooner)
    }

    /// The point by which it is known for good whether a value is missing, too.
    fn known_for_good(&self, value: &Expr, env: &Env) -> Reach {
        match &value.kind {
            ExprKind::Column { row, links, column } => self.revealed(*row, links, *column, env),
            ExprKind::Linked(_) => self.value_settles(value, env),
            _ => {
                let own = self.value_settles(value, env);
                value.children().into_iter().map(|c| self.known_for_good(c, env)).fold(own, Reach::later)
            }
        }
    }

    /// The point by which all questions about rows inside a value are decided, as far as they
    /// matter up to `limit`.
    pub(super) fn last_asked(&self, value: &Expr, limit: Option<Reach>, env: &Env) -> Reach {
        match &value.kind {
            ExprKind::Linked(q) => self.rows_value_settles(q, limit, env),
            // What is moved is compared with another day than the limit.
            ExprKind::Shift { date, .. } => self.last_asked(date, None, env),
            // So is what the condition asks.
            ExprKind::Call { function: Function::IfElse, of } => {
                let (condition, values) = of.split_at(1.min(of.len()));
                let asked = |e: &Expr, limit| self.last_asked(e, limit, env);
                let condition = condition.iter().map(|e| asked(e, None));
                condition.chain(values.iter().map(|e| asked(e, limit))).fold(Reach::Past, Reach::later)
            }
            _ => value.children().into_iter().map(|c| self.last_asked(c, limit, env)).fold(Reach::Past, Reach::later),
        }
    }
}
