//! How late the dates of a row can be, given the conditions that keep it.

use super::reach::{Reach, Why};
use crate::check::point::Point;
use crate::functions::{self, Day};
use crate::ir::{Ask, CompareOp, Expr, ExprKind, Function, LinkedQuery, Missing, RowId, Ty, WindowLength};
use crate::model::{Column, ColumnId, ColumnType, Counted, Model, TableId};
use std::borrow::Cow;
use std::cell::Cell;
use std::collections::{BTreeMap, HashMap};

/// More cases than this are not told apart.
const CASES: usize = 64;
/// The minutes of a day.
const A_DAY: i64 = 24 * 60;
/// More days, months or minutes than any calendar has.
const FAR: i64 = 1_000_000_000;
/// One date may bound another, and that a third; so many steps are followed.
const ROUNDS: usize = 6;

/// A date column of a row or of one reached from it by links.
pub(super) type Fact = (RowId, Vec<ColumnId>, ColumnId);

/// How late dates can be, by the conditions looked at so far.
#[derive(Debug, Clone, Default)]
pub(super) struct Env {
    dates: BTreeMap<Fact, Reach>,
    /// Choices among dates (`first known of a, b`) of which only the one that is chosen is bounded.
    choices: HashMap<Expr, Reach>,
}

impl Env {
    /// The latest day of a date.
    pub(super) fn date(&self, fact: &Fact) -> Option<Reach> {
        self.dates.get(fact).copied()
    }

    /// Says that a date is at most so late.
    pub(super) fn bound(&mut self, fact: Fact, reach: Reach) {
        let known = self.date(&fact);
        self.dates.insert(fact, known.map_or(reach, |k| k.sooner(reach)));
    }

    fn choice(&self, e: &Expr) -> Option<Reach> {
        self.choices.get(e).copied()
    }

    /// The rows that are chosen among others of which a date is bounded.
    fn rows_chosen(&self) -> impl Iterator<Item = (&LinkedQuery, Reach)> {
        self.choices.iter().filter_map(|(choice, reach)| match &choice.kind {
            ExprKind::Linked(q) => Some((&**q, *reach)),
            _ => None,
        })
    }
}

/// What a condition bounds.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) dates: Vec<Bound>,
    choices: Vec<(Expr, Reach)>,
}

/// A date that a condition bounds; `sure` when that very date is at most `reach`, otherwise it is
/// one of several of which one is.
#[derive(Debug, Clone)]
pub(super) struct Bound {
    pub(super) fact: Fact,
    pub(super) reach: Reach,
    pub(super) sure: bool,
}

/// What bounding needs to know.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bounds<'a> {
    pub(super) model: &'a Model,
    pub(super) window: WindowLength,
    /// The table of each row variable.
    pub(super) rows: &'a BTreeMap<RowId, TableId>,
    /// How many more branches of `or` may be looked into; beyond, cases are not told apart, and the
    /// wait is longer.
    pub(super) budget: &'a Cell<usize>,
}

/// `left op right` in terms of two dates, where counted days are written as a moved date: the right
/// side is `date + months + days`. Hours, minutes and business days are moved by the right side
/// itself.
#[derive(Debug, Clone)]
pub(in super::super) struct Sides<'e> {
    pub(in super::super) op: CompareOp,
    pub(in super::super) left: &'e Expr,
    pub(in super::super) right: Cow<'e, Expr>,
    pub(in super::super) months: i64,
    pub(in super::super) days: i64,
}

impl Bounds<'_> {
    /// The latest day an expression can be.
    pub(super) fn latest(&self, e: &Expr, env: &Env) -> Reach {
        match &e.kind {
            ExprKind::Date(_) => Reach::Past,
            // The as-of date moves on without an end.
            ExprKind::AsOf => Reach::Never(Some(Why::AsOf)),
            ExprKind::Window(point) => Reach::At(Point::latest(*point, self.window)),
            ExprKind::Column { row, links, column } => {
                let own = env.date(&(*row, links.clone(), *column));
                let own = own.or_else(|| self.by_end(*row, links, *column, env));
                own.unwrap_or_else(|| Reach::Never(self.comes_late(*row, links, *column)))
            }
            ExprKind::Shift { date, months, days, minutes } => {
                let days = i64::from(*days) + days_up(*minutes);
                self.latest(date, env).plus(i64::from(*months), days)
            }
            ExprKind::BusinessDay { date, days } => self.latest(date, env).plus(0, self.longest(*days)),
            ExprKind::Call { function, of } => {
                let each = self.latest_of(functions::definition(*function).day, of, env);
                env.choice(e).map_or(each, |reach| reach.sooner(each))
            }
            ExprKind::Bool(_)
            | ExprKind::Int(_)
            | ExprKind::Text(_)
            | ExprKind::Code(_)
            | ExprKind::Row { .. }
            | ExprKind::And(_)
            | ExprKind::Or(_)
            | ExprKind::Not(_)
            | ExprKind::Compare { .. }
            | ExprKind::InCodes { .. }
            | ExprKind::InWindow(_)
            | ExprKind::IsMissing(_)
            | ExprKind::Elsewhere(_) => Reach::Never(None),
            ExprKind::Move { date, by, back } => self.moved(date, by, *back, env),
            ExprKind::Linked(q) => match &q.ask {
                // The day of a row that counts: bounded as the row is, inside the question.
                Ask::Earliest(value) | Ask::Latest(value) => {
                    self.latest(value, &self.extend(env, &q.condition.conjuncts()))
                }
                Ask::Ordered { value, .. } => self.latest(value, &self.of_the_chosen(q, env)),
                Ask::Exists | Ask::Count | Ask::Distinct(_) | Ask::Sum(_) | Ask::Days { .. } => Reach::Never(None),
            },
        }
    }

    /// The latest day of a function of these values.
    fn latest_of(&self, day: Day, of: &[Expr], env: &Env) -> Reach {
        let mut each = of.iter().map(|e| self.latest(e, env));
        let found = match day {
            Day::None => None,
            Day::OfIts => each.next(),
            Day::Latest => each.reduce(Reach::later),
            Day::Earliest => each.reduce(Reach::sooner),
            Day::FirstKnown => self.taken(of, env).map(|e| self.latest(e, env)).reduce(Reach::later),
            Day::Chosen => each.skip(1).reduce(Reach::later),
        };
        found.unwrap_or(Reach::Never(None))
    }

    /// Those of several that may be the first that is known: up to the first that is surely there,
    /// as a date is of which a condition that holds says how late it is.
    pub(super) fn taken<'e>(&self, of: &'e [Expr], env: &Env) -> impl Iterator<Item = &'e Expr> {
        let sure = |e: &Expr| {
            e.missing == Missing::Never
                || matches!(&e.kind, ExprKind::Column { row, links, column }
            if env.date(&(*row, links.clone(), *column)).is_some())
        };
        let last = of.iter().position(sure).unwrap_or(of.len());
        of.iter().take(last + 1)
    }

    /// The same expression of rows whose dates are so bounded: of several of which the first that
    /// is known counts, the one that surely is (the last day of a stay that has ended is that of
    /// its end, and moves on no more).
    pub(super) fn chosen(&self, e: &Expr, env: &Env) -> Expr {
        if let Some(of) = e.call(Function::FirstKnown)
            && let [only] = self.taken(of, env).collect::<Vec<_>>().as_slice()
        {
            return self.chosen(only, env);
        }
        Expr { kind: e.kind_with(&|inner| self.chosen(inner, env)), ..*e }
    }

    /// At most so many days forwards: the weeks that the business days take, and one more for
    /// holidays. Backwards, at least a day each.
    fn longest(&self, days: i32) -> i64 {
        let days = i64::from(days);
        if days <= 0 {
            return days;
        }
        let a_week = self.model.business.as_ref().map_or(5, |b| b.weekdays.iter().filter(|is| **is).count());
        let a_week = i64::try_from(a_week).unwrap_or(5).max(1);
        (-(-days).div_euclid(a_week) + 1) * 7
    }

    /// How much later than its result, at most, a day can lie that is moved by so many business
    /// days.
    pub(super) fn soonest(&self, days: i32) -> i64 {
        if days >= 0 { -i64::from(days) } else { self.longest(-days) }
    }

    /// A day moved by a number of the row: backwards it is no later than the day itself, if the
    /// number is not negative, which nobody promises; so moves by written numbers are told.
    fn moved(&self, date: &Expr, by: &Expr, back: bool, env: &Env) -> Reach {
        if let Some((least, most)) = by.written_range() {
            let (months, days) = in_months_and_days(if back { least.saturating_neg() } else { most }, by.ty);
            return self.latest(date, env).plus(months, days);
        }
        if back && self.never_negative(by) { self.latest(date, env) } else { Reach::Never(None) }
    }

    /// Numbers of a table without dates are taken as a schedule, which counts forwards.
    fn never_negative(&self, by: &Expr) -> bool {
        let ExprKind::Column { row, links, .. } = &by.kind else { return false };
        let table = self.rows.get(row).copied();
        let is_day = |c: &Column| matches!(c.ty, ColumnType::Date | ColumnType::Timestamp);
        links.is_empty() && table.is_some_and(|t| !self.model.table(t).columns.iter().any(is_day))
    }

    /// The first day of a stay is no later than its end.
    pub(super) fn by_end(&self, row: RowId, links: &[ColumnId], column: ColumnId, env: &Env) -> Option<Reach> {
        let table = self.model.table(self.table_at(row, links)?);
        let spans = table.spans.filter(|s| s.from == column)?;
        env.date(&(row, links.to_vec(), spans.until))
    }

    /// The dates a single condition bounds when it is true.
    pub(super) fn bounds(&self, condition: &Expr, env: &Env) -> Found {
        let mut found = Found::default();
        match &condition.kind {
            ExprKind::InWindow(date) => self.put(date, Reach::At(Point::last_day(self.window)), true, &mut found),
            ExprKind::Compare { op, left, right } => self.compared(*op, left, right, env, &mut found),
            ExprKind::Or(branches) => self.bounds_in_all(branches, env, &mut found),
            ExprKind::Not(inner) => {
                if let ExprKind::Compare { op, left, right } = &inner.kind {
                    self.compared(op.negated(), left, right, env, &mut found);
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
            | ExprKind::And(_)
            | ExprKind::InCodes { .. }
            | ExprKind::IsMissing(_)
            | ExprKind::Elsewhere(_)
            | ExprKind::Shift { .. }
            | ExprKind::Call { .. }
            | ExprKind::BusinessDay { .. }
            | ExprKind::Move { .. }
            | ExprKind::Linked(_) => {}
        }
        found
    }

    /// The dates that are bounded whichever of the branches is true.
    fn bounds_in_all(&self, branches: &[Expr], env: &Env, found: &mut Found) {
        let Some(left) = self.budget.get().checked_sub(branches.len()) else { return };
        self.budget.set(left);
        let mut each = branches.iter().map(|branch| self.extend(env, &branch.conjuncts()).dates);
        let Some(mut all) = each.next() else { return };
        for other in each {
            all = all
                .into_iter()
                .filter_map(|(fact, reach)| Some((fact.clone(), reach.later(*other.get(&fact)?))))
                .collect();
        }
        let news = all.into_iter().filter(|(fact, reach)| env.date(fact) != Some(*reach));
        found.dates.extend(news.map(|(fact, reach)| Bound { fact, reach, sure: true }));
    }

    fn compared(&self, op: CompareOp, left: &Expr, right: &Expr, env: &Env, found: &mut Found) {
        if op == CompareOp::Ne {
            return;
        }
        let time = left.ty == Ty::Timestamp;
        let before = |strict: bool| if strict && !time { -1 } else { 0 };
        for sides in sides(op, left, right) {
            if matches!(sides.op, CompareOp::Lt | CompareOp::Le | CompareOp::Eq) {
                let reach = self.latest(&sides.right, env).plus(sides.months, sides.days);
                self.put(sides.left, reach.plus(0, before(sides.op == CompareOp::Lt)), true, found);
            }
            if matches!(sides.op, CompareOp::Gt | CompareOp::Ge | CompareOp::Eq) {
                let reach = self.latest(sides.left, env).plus(0, before(sides.op == CompareOp::Gt) - sides.days);
                self.put(&sides.right, reach.plus(-sides.months, 0), true, found);
            }
        }
    }

    /// `date` is at most `reach`: what that says of the columns in it.
    pub(super) fn put(&self, date: &Expr, reach: Reach, sure: bool, found: &mut Found) {
        if !reach.ends() {
            return;
        }
        match &date.kind {
            ExprKind::Column { row, links, column } => {
                let fact = (*row, links.clone(), *column);
                found.dates.push(Bound { fact, reach, sure });
            }
            ExprKind::Shift { date, months, days, minutes } => {
                let days = i64::from(*days) + days_down(*minutes);
                self.put(date, reach.plus(0, -days).plus(-i64::from(*months), 0), sure, found);
            }
            // A business day is at least a day.
            ExprKind::BusinessDay { date, days } => self.put(date, reach.plus(0, self.soonest(*days)), sure, found),
            ExprKind::Call { function, of } => match functions::definition(*function).day {
                Day::None => {}
                Day::OfIts | Day::Latest => of.iter().for_each(|e| self.put(e, reach, sure, found)),
                Day::Earliest | Day::FirstKnown => {
                    if sure {
                        found.choices.push((date.clone(), reach));
                    }
                    of.iter().for_each(|e| self.put(e, reach, false, found));
                }
                Day::Chosen => {
                    if sure {
                        found.choices.push((date.clone(), reach));
                    }
                    of.iter().skip(1).for_each(|e| self.put(e, reach, false, found));
                }
            },
            ExprKind::Bool(_)
            | ExprKind::Int(_)
            | ExprKind::Text(_)
            | ExprKind::Date(_)
            | ExprKind::Code(_)
            | ExprKind::Window(_)
            | ExprKind::AsOf
            | ExprKind::Row { .. }
            | ExprKind::And(_)
            | ExprKind::Or(_)
            | ExprKind::Not(_)
            | ExprKind::Compare { .. }
            | ExprKind::InCodes { .. }
            | ExprKind::InWindow(_)
            | ExprKind::IsMissing(_)
            | ExprKind::Elsewhere(_)
            | ExprKind::Move { .. } => {}
            // Of the one row that is chosen: other columns of the same row are bounded by it, too.
            ExprKind::Linked(q) => {
                if sure && q.ask.chosen().is_some() {
                    found.choices.push((date.clone(), reach));
                }
            }
        }
    }

    /// What is known of the dates of the one row that a question chooses: of every row that counts,
    /// and what conditions around the question say of that row, where they ask for it likewise.
    pub(super) fn of_the_chosen(&self, q: &LinkedQuery, env: &Env) -> Env {
        let mut inner = self.extend(env, &q.condition.conjuncts());
        for (other, reach) in env.rows_chosen().filter(|(other, _)| same_rows(other, q) && same_order(other, q)) {
            if let Some((_, value, _)) = other.ask.chosen()
                && let ExprKind::Column { row, links, column } = &value.kind
                && *row == other.row
            {
                inner.bound((q.row, links.clone(), *column), reach);
            }
        }
        inner
    }

    /// How late the first of these rows is by what conditions around the question say of it. Of the
    /// first row, or of whether there is one, no later row matters.
    pub(super) fn first_is_by(&self, q: &LinkedQuery, env: &Env) -> Vec<(Fact, Reach)> {
        let first = |ask: &Ask| matches!(ask, Ask::Exists) || ask.chosen().is_some_and(|(last, _, _)| !last);
        let mut found = Vec::new();
        for (other, reach) in env.rows_chosen().filter(|(other, _)| first(&q.ask) && same_rows(other, q)) {
            let likewise = q.ask == Ask::Exists || same_order(other, q);
            if let Some((false, value, by)) = other.ask.chosen()
                && let ExprKind::Column { row, links, column } = &by.kind
                && (value, *row, likewise) == (by, other.row, true)
            {
                found.push(((q.row, links.clone(), *column), reach));
            }
        }
        found
    }

    /// Adds what conditions joined by `and` say, as long as one bounds a date by another.
    pub(super) fn extend(&self, env: &Env, conjuncts: &[&Expr]) -> Env {
        let mut env = env.clone();
        for _ in 0..ROUNDS {
            let mut changed = false;
            for condition in conjuncts {
                let found = self.bounds(condition, &env);
                for bound in found.dates.into_iter().filter(|b| b.sure) {
                    let known = env.date(&bound.fact);
                    let reach = known.map_or(bound.reach, |k| k.sooner(bound.reach));
                    changed |= known != Some(reach);
                    env.dates.insert(bound.fact, reach);
                }
                for (choice, reach) in found.choices {
                    env.choices.entry(choice).or_insert(reach);
                }
            }
            if !changed {
                break;
            }
        }
        env
    }

    /// The cases of a condition: in each, every date is bounded as its branches of `or` say.
    pub(super) fn cases(&self, condition: &Expr) -> Vec<Env> {
        self.cases_from(condition, &Env::default())
    }

    pub(super) fn cases_from(&self, condition: &Expr, env: &Env) -> Vec<Env> {
        let conjuncts = condition.conjuncts();
        let mut cases = vec![self.extend(env, &conjuncts)];
        let Some(left) = self.budget.get().checked_sub(1) else { return cases };
        self.budget.set(left);
        for conjunct in &conjuncts {
            let ExprKind::Or(branches) = &conjunct.kind else { continue };
            if cases.len().saturating_mul(branches.len()) > CASES {
                continue;
            }
            let finer: Vec<Env> =
                cases.iter().flat_map(|env| branches.iter().flat_map(|b| self.cases_from(b, env))).collect();
            if finer.len() <= CASES {
                cases = finer;
            }
        }
        cases.iter().map(|env| self.extend(env, &conjuncts)).collect()
    }
}

/// Whether two questions are about the same rows, whatever the number of their variable.
fn same_rows(a: &LinkedQuery, b: &LinkedQuery) -> bool {
    (a.table, a.via, a.owner, a.other_than) == (b.table, b.via, b.owner, b.other_than)
        && a.owner_links == b.owner_links
        && renamed(&a.condition, a.row, b.row) == b.condition
}

/// Whether two questions about the same rows choose the same one, whatever is taken from it.
fn same_order(a: &LinkedQuery, b: &LinkedQuery) -> bool {
    let (Some((last, _, by)), Some((also_last, _, also_by))) = (a.ask.chosen(), b.ask.chosen()) else { return false };
    last == also_last && renamed(by, a.row, b.row) == *also_by
}

/// An expression about another row variable.
fn renamed(e: &Expr, from: RowId, to: RowId) -> Expr {
    let mut kind = e.kind_with(&|inner| renamed(inner, from, to));
    let variable = match &mut kind {
        ExprKind::Column { row, .. } | ExprKind::Row { row, .. } => Some(row),
        ExprKind::Linked(q) => Some(&mut q.owner),
        _ => None,
    };
    if let Some(variable) = variable.filter(|row| **row == from) {
        *variable = to;
    }
    Expr { kind, ..*e }
}

/// A comparison as one of two dates, or as two of these that both hold: a number of completed
/// months or years is at least and at most so many. Nothing when it is of something else.
pub(in super::super) fn sides<'e>(op: CompareOp, left: &'e Expr, right: &'e Expr) -> impl Iterator<Item = Sides<'e>> {
    let counted = matches!(left.ty, Ty::Length(counted) if counted != Counted::Days)
        && matches!(op, CompareOp::Eq | CompareOp::Ne);
    let ops = if counted { vec![CompareOp::Ge, CompareOp::Le] } else { vec![op] };
    ops.into_iter().filter_map(|op| of_dates(op, left, right))
}

fn of_dates<'e>(op: CompareOp, left: &'e Expr, right: &'e Expr) -> Option<Sides<'e>> {
    if matches!(left.ty, Ty::Date | Ty::Timestamp) {
        return Some(Sides { op, left, right: Cow::Borrowed(right), months: 0, days: 0 });
    }
    let (op, count, n) = match (&left.kind, &right.kind) {
        (_, ExprKind::Int(n)) => (op, left, *n),
        (ExprKind::Int(n), _) => (op.flipped(), right, *n),
        _ => return None,
    };
    let ExprKind::Call { function, of } = &count.kind else { return None };
    let (Some(counted), [from, to]) = (functions::counts(*function), of.as_slice()) else { return None };
    // At least n whole months between two days: the later is on or after the earlier plus n months.
    let (op, n) = match (counted, op) {
        (Counted::Days, op) => (op, n),
        (_, CompareOp::Le) => (CompareOp::Lt, n.saturating_add(1)),
        (_, CompareOp::Gt) => (CompareOp::Ge, n.saturating_add(1)),
        (_, op) => (op, n),
    };
    let far = |n: i64| n.clamp(-FAR, FAR);
    let small = |n: i64| i32::try_from(far(n)).unwrap_or_default();
    let later = |minutes: i64| {
        let date = Box::new(from.clone());
        Cow::Owned(Expr { kind: ExprKind::Shift { date, months: 0, days: 0, minutes: small(minutes) }, ..from.clone() })
    };
    let (right, months, days) = match counted {
        Counted::Days => (Cow::Borrowed(from), 0, n),
        Counted::Months => (Cow::Borrowed(from), n, 0),
        Counted::Years => (Cow::Borrowed(from), n.saturating_mul(12), 0),
        Counted::BusinessDays => {
            let kind = ExprKind::BusinessDay { date: Box::new(from.clone()), days: small(n) };
            (Cow::Owned(Expr { kind, ..from.clone() }), 0, 0)
        }
        Counted::Hours => (later(n.saturating_mul(60)), 0, 0),
        Counted::Minutes => (later(n), 0, 0),
    };
    Some(Sides { op, left: to, right, months: far(months), days: far(days) })
}

/// How far a number of this unit moves a day, in months and in days.
pub(in super::super) fn in_months_and_days(number: i64, unit: Ty) -> (i64, i64) {
    let number = number.clamp(-FAR, FAR);
    match unit {
        Ty::Length(Counted::Months) => (number, 0),
        Ty::Length(Counted::Years) => (12 * number, 0),
        _ => (0, number),
    }
}

/// The days that some minutes of the clock take, rounded down.
pub(in super::super) fn days_down(minutes: i32) -> i64 {
    i64::from(minutes).div_euclid(A_DAY)
}

/// The days that some minutes of the clock take, rounded up.
pub(in super::super) fn days_up(minutes: i32) -> i64 {
    -(-i64::from(minutes)).div_euclid(A_DAY)
}
