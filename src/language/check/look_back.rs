//! Look-back: how far before a window its rows may lie. Computed from the definition, as the
//! follow-up is.
//!
//! Data that is complete from some day holds every row that happened, or was still open, on that
//! day or later; older rows may be missing. So for each table that is asked it is worked out how
//! early the last day of a row can be that matters: the end of its stay, or the day it happened.
//! `exited_on in window` says that a stay reaches the window; `screened_on on or after window.end -
//! 12 months` looks back 12 months before the window's end; what has no such bound (`first ever`,
//! `no earlier ...`) looks back without an end.
//!
//! A row that another must lead to is there with it. Where the method cannot tell, it looks back
//! further.

use super::follow_up::{Sides, days_down, days_up, in_months_and_days};
use super::point::{Point, SHORTER_MONTH};
use crate::functions::{self, Day};
use crate::ir::{
    Ask, CompareOp, Expr, ExprKind, Function, Indicator, LinkedQuery, LookBack, Period, RowId, Ty, WindowLength,
    WindowPoint, reads,
};
use crate::model::{ColumnId, Model, TableId};
use std::collections::BTreeMap;

/// One date may bound another, and that a third; so many steps are followed.
const ROUNDS: usize = 6;
/// Questions inside questions, and branches, that are looked into.
const DEEP: usize = 12;

type Fact = (RowId, Vec<ColumnId>, ColumnId);
/// How early dates can be.
#[derive(Debug, Clone, Default, PartialEq)]
struct Env {
    dates: BTreeMap<Fact, Point>,
    /// Choices among dates (`first known of a, b`) of which only the one that is chosen is bounded.
    choices: Vec<(Expr, Point)>,
}

/// How far each table is looked back into.
pub(super) fn look_back(model: &Model, indicator: &Indicator) -> BTreeMap<TableId, LookBack> {
    Looked::of(model, indicator).back()
}

/// An indicator that was looked through, to be broken down by groups.
pub(super) struct Looked<'a> {
    finder: Finder<'a>,
    /// How early the dates of the cohort's rows can be.
    env: Env,
    /// How early the day of attribution can be.
    at: Option<Point>,
}

impl<'a> Looked<'a> {
    /// Looks through all of an indicator but the stays by which the holder of a row is found.
    pub(super) fn of(model: &'a Model, indicator: &Indicator) -> Self {
        let mut finder = Finder::of(model, indicator);
        let cohort = &indicator.cohort;
        let env = finder.extend(&Env::default(), &cohort.condition, DEEP);
        let ever = cohort.pick.as_ref().is_some_and(|p| p.ever);
        // Rows that cannot count may stand before one that does, and hide it.
        let reach = if ever { None } else { finder.row(RowId::COHORT, &cohort.condition, &env) };
        finder.take(cohort.table, reach);
        for e in indicator.expressions() {
            finder.asked(e, &env, DEEP);
        }
        let at = finder.earliest(&indicator.attribution.at, &env);
        Self { finder, env, at }
    }

    /// How far each table is looked back into.
    pub(super) fn back(&self) -> BTreeMap<TableId, LookBack> {
        self.back_with(&[])
    }

    /// The same where the rows are broken down by groups, by the conditions of the groups.
    pub(super) fn back_with(&self, groups: &[Expr]) -> BTreeMap<TableId, LookBack> {
        let mut finder = self.finder.clone();
        if let Some(cohort) = finder.rows.get(&RowId::COHORT).copied() {
            finder.rows.extend(reads::tables_of_rows(cohort, groups));
        }
        groups.iter().for_each(|condition| finder.asked(condition, &self.env, DEEP));
        finder.held_on(self.at);
        let window = finder.window;
        let found = finder.found.into_iter();
        found.map(|(table, point)| (table, point.map_or(LookBack::Endless, |p| before(p, window)))).collect()
    }
}

impl<'a> Finder<'a> {
    fn of(model: &'a Model, indicator: &Indicator) -> Self {
        let stays = reads::dated(model, indicator).into_iter();
        let stays = stays.map(|(table, link)| model.table(table).dated[link].through).collect();
        Self { model, window: indicator.window, rows: reads::row_tables(indicator), stays, found: BTreeMap::new() }
    }
}

#[derive(Clone)]
struct Finder<'a> {
    model: &'a Model,
    window: WindowLength,
    rows: BTreeMap<RowId, TableId>,
    /// The tables of the stays by which the holder of a row is found.
    stays: Vec<TableId>,
    found: BTreeMap<TableId, Option<Point>>,
}

impl Finder<'_> {
    fn take(&mut self, table: TableId, point: Option<Point>) {
        let declared = self.model.table(table);
        if !declared.fed || !declared.is_dated() {
            return;
        }
        let known = self.found.entry(table).or_insert(point);
        *known = known.zip(point).map(|(a, b)| a.no_later_than_both(b));
    }

    /// Who holds the row is asked on a day that is no earlier than this: only stays that reach it
    /// matter.
    fn held_on(&mut self, day: Option<Point>) {
        for table in self.stays.clone() {
            self.take(table, day);
        }
    }

    /// Looks at every question about rows inside an expression, by what is known of the dates
    /// around it.
    fn asked(&mut self, e: &Expr, env: &Env, deep: usize) {
        if let ExprKind::Elsewhere(day) = &e.kind {
            let day = self.earliest(day, env);
            self.held_on(day);
        }
        let ExprKind::Linked(q) = &e.kind else {
            let inner = if e.ty == Ty::Bool && matches!(e.kind, ExprKind::And(_)) {
                self.extend(env, e, deep)
            } else {
                env.clone()
            };
            e.children().into_iter().for_each(|c| self.asked(c, &inner, deep));
            return;
        };
        let inner = self.extend(env, &q.condition, deep);
        let inner = self.days_of(q, inner);
        let reach = self.row(q.row, &q.condition, &inner);
        self.take(q.table, reach);
        for part in std::iter::once(&q.condition).chain(q.ask.values()) {
            self.asked(part, &inner, deep);
        }
    }

    /// Of stays whose days are counted from some day on, only those matter that reach it.
    fn days_of(&self, q: &LinkedQuery, env: Env) -> Env {
        let Ask::Days { from, until } = &q.ask else { return env };
        let mut env = env;
        if let (Some(of), Some(ends)) = (from.call(Function::Latest), until.call(Function::Earliest)) {
            let start =
                of.iter().filter(|e| !matches!(e.kind, ExprKind::Column { .. })).find_map(|e| self.earliest(e, &env));
            for end in ends {
                if let (Some(start), ExprKind::Column { .. }) = (start, &end.kind) {
                    self.put(end, start, &mut env);
                }
            }
        }
        env
    }

    /// The earliest last day of a row: of its end, or its day; or that of rows that lead to it.
    fn row(&self, row: RowId, condition: &Expr, env: &Env) -> Option<Point> {
        let table = self.model.table(*self.rows.get(&row)?);
        let day = |path: &[ColumnId], column| self.day(&(row, path.to_vec(), column), env);
        let own = match (table.spans, table.begins, table.begins_with) {
            (Some(spans), _, _) => day(&[], spans.until),
            (None, Some(begins), _) => day(&[], begins),
            (None, None, Some(link)) => {
                let to = self.model.table(table.column(link).target()?);
                to.begins.and_then(|begins| day(&[link], begins))
            }
            (None, None, None) => None,
        };
        // What is still to come keeps a row open.
        let waiting = table.columns().filter(|(id, _)| table.has_open_end(*id)).filter_map(|(id, _)| day(&[], id));
        let own = own.into_iter().chain(waiting).reduce(Point::later);
        let leads = condition.conjuncts().into_iter().filter_map(|c| match &c.kind {
            ExprKind::Linked(q)
                if q.ask == Ask::Exists && q.via.is_some() && q.owner == row && q.owner_links.is_empty() =>
            {
                Some(q)
            }
            _ => None,
        });
        let led = leads
            .filter_map(|q| self.row(q.row, &q.condition, &self.extend(env, &q.condition, DEEP)))
            .reduce(Point::later);
        own.into_iter().chain(led).reduce(Point::later)
    }

    fn day(&self, fact: &Fact, env: &Env) -> Option<Point> {
        let own = env.dates.get(fact).copied();
        let mut table = self.model.table(*self.rows.get(&fact.0)?);
        for link in &fact.1 {
            table = self.model.table(table.column(*link).target()?);
        }
        // A stay ends no earlier than it begins.
        let from = table
            .spans
            .filter(|s| s.until == fact.2)
            .and_then(|s| env.dates.get(&(fact.0, fact.1.clone(), s.from)).copied());
        own.into_iter().chain(from).reduce(Point::later)
    }

    /// No value of a day is earlier than this.
    fn earliest(&self, e: &Expr, env: &Env) -> Option<Point> {
        match &e.kind {
            ExprKind::Window(point) => Point::earliest(*point, self.window),
            // The data reaches the window's end at least.
            ExprKind::AsOf => Point::earliest(WindowPoint::LastDay, self.window),
            ExprKind::Column { row, links, column } => self.day(&(*row, links.clone(), *column), env),
            ExprKind::Shift { date, months, days, minutes } => {
                let days = i64::from(*days) + days_down(*minutes);
                Some(self.earliest(date, env)?.plus_at_least(i64::from(*months), days))
            }
            ExprKind::BusinessDay { date, days } => {
                let days = i64::from(*days);
                // Backwards, weeks with holidays in them.
                Some(self.earliest(date, env)?.plus_at_least(0, if days < 0 { 2 * days - 7 } else { days }))
            }
            ExprKind::Move { date, by, back } => {
                let (least, most) = by.written_range()?;
                let (months, days) = in_months_and_days(if *back { most.saturating_neg() } else { least }, by.ty);
                Some(self.earliest(date, env)?.plus_at_least(months, days))
            }
            ExprKind::Call { function, of } => self.earliest_of(e, functions::definition(*function).day, of, env),
            ExprKind::Linked(q) => match &q.ask {
                Ask::Earliest(day) | Ask::Latest(day) | Ask::Ordered { value: day, .. } => {
                    self.earliest(day, &self.extend(env, &q.condition, DEEP))
                }
                Ask::Exists | Ask::Count | Ask::Distinct(_) | Ask::Sum(_) | Ask::Days { .. } => None,
            },
            _ => None,
        }
    }

    /// The same of a function of these values.
    fn earliest_of(&self, e: &Expr, day: Day, of: &[Expr], env: &Env) -> Option<Point> {
        let mut each = of.iter().map(|e| self.earliest(e, env));
        match day {
            Day::None => None,
            Day::OfIts => each.next()?,
            Day::Chosen => {
                let each = each.skip(1).reduce(|a, b| a.zip(b).map(|(a, b)| a.no_later_than_both(b))).flatten();
                chosen(e, env).chain(each).reduce(Point::later)
            }
            Day::Latest => each.flatten().reduce(Point::later),
            Day::Earliest | Day::FirstKnown => {
                let each = each.reduce(|a, b| a.zip(b).map(|(a, b)| a.no_later_than_both(b))).flatten();
                chosen(e, env).chain(each).reduce(Point::later)
            }
        }
    }

    /// Adds what a condition says of dates when it is true.
    fn extend(&self, env: &Env, condition: &Expr, deep: usize) -> Env {
        let mut env = env.clone();
        let Some(deep) = deep.checked_sub(1) else { return env };
        for _ in 0..ROUNDS {
            let before = env.clone();
            for conjunct in condition.conjuncts() {
                self.bound(conjunct, &mut env, deep);
            }
            if env == before {
                break;
            }
        }
        env
    }

    fn bound(&self, condition: &Expr, env: &mut Env, deep: usize) {
        match &condition.kind {
            ExprKind::InWindow(date) => {
                if let Some(start) = Point::earliest(WindowPoint::Start, self.window) {
                    self.put(date, start, env);
                }
            }
            ExprKind::Compare { op, left, right } => self.compared(*op, left, right, env),
            ExprKind::Not(inner) => {
                if let ExprKind::Compare { op, left, right } = &inner.kind {
                    self.compared(op.negated(), left, right, env);
                }
            }
            ExprKind::Or(branches) => {
                let mut each = branches.iter().map(|branch| self.extend(env, branch, deep));
                let Some(mut all) = each.next().map(|first| first.dates) else { return };
                for other in each {
                    all = all
                        .into_iter()
                        .filter_map(|(fact, point)| {
                            Some((fact.clone(), point.no_later_than_both(self.day(&fact, &other)?)))
                        })
                        .collect();
                }
                for (fact, point) in all {
                    tighten(env, fact, point);
                }
            }
            _ => {}
        }
    }

    fn compared(&self, op: CompareOp, left: &Expr, right: &Expr, env: &mut Env) {
        super::follow_up::sides(op, left, right).for_each(|sides| self.of_dates(&sides, env));
    }

    fn of_dates(&self, sides: &Sides<'_>, env: &mut Env) {
        let time = sides.left.ty == Ty::Timestamp;
        let after = |strict: bool| i64::from(strict && !time);
        if matches!(sides.op, CompareOp::Gt | CompareOp::Ge | CompareOp::Eq)
            && let Some(low) = self.earliest(&sides.right, env)
        {
            self.put(sides.left, low.plus_at_least(sides.months, sides.days + after(sides.op == CompareOp::Gt)), env);
        }
        if matches!(sides.op, CompareOp::Lt | CompareOp::Le | CompareOp::Eq)
            && let Some(low) = self.earliest(sides.left, env)
        {
            self.put(
                &sides.right,
                low.plus_at_least(0, after(sides.op == CompareOp::Lt) - sides.days).plus_at_least(-sides.months, 0),
                env,
            );
        }
    }

    /// A day is at least this late: what that says of the columns in it.
    fn put(&self, date: &Expr, point: Point, env: &mut Env) {
        match &date.kind {
            ExprKind::Column { row, links, column } => tighten(env, (*row, links.clone(), *column), point),
            ExprKind::Shift { date, months, days, minutes } => {
                let days = i64::from(*days) + days_up(*minutes);
                self.put(date, point.plus_at_least(0, -days).plus_at_least(-i64::from(*months), 0), env);
            }
            ExprKind::BusinessDay { date, days } => {
                let days = i64::from(*days);
                self.put(date, point.plus_at_least(0, if days > 0 { -2 * days - 7 } else { -days }), env);
            }
            ExprKind::Call { function, of } => match functions::definition(*function).day {
                Day::OfIts | Day::Earliest => of.iter().for_each(|e| self.put(e, point, env)),
                Day::FirstKnown | Day::Chosen
                    if !env.choices.iter().any(|(choice, at)| choice == date && *at == point) =>
                {
                    env.choices.push((date.clone(), point));
                }
                Day::None | Day::Latest | Day::FirstKnown | Day::Chosen => {}
            },
            _ => {}
        }
    }
}

/// The days from which on a choice lies, as conditions say.
fn chosen<'e>(e: &'e Expr, env: &'e Env) -> impl Iterator<Item = Point> {
    env.choices.iter().filter(move |(choice, _)| choice == e).map(|(_, point)| *point)
}

fn tighten(env: &mut Env, fact: Fact, point: Point) {
    let known = env.dates.get(&fact).copied();
    env.dates.insert(fact, known.map_or(point, |k| k.later(point)));
}

/// A point as something to look back before the window's start (of all time, before its end):
/// nothing when it lies in the window.
fn before(point: Point, window: WindowLength) -> LookBack {
    let start = Point::earliest(WindowPoint::Start, window).unwrap_or(Point::end(window, 0));
    let months = start.months.saturating_sub(point.months);
    let days = start.days.saturating_sub(point.days);
    // Days forwards take nothing from whole months: a little too far back.
    let (months, days) = Point { months, days, ..point }.length();
    // From the first day of a week, months lead to the last day of a shorter month.
    let days = if point.any_day && months > 0 { days + SHORTER_MONTH } else { days };
    let of = |n: i64| u32::try_from(n).ok().filter(|n| *n < 100_000);
    of(months).zip(of(days)).map_or(LookBack::Endless, |(months, days)| LookBack::UpTo(Period { months, days }))
}
