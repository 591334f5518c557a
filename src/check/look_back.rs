//! Look-back: how far before a window its rows may lie. Computed from the definition, as the follow-up is.
//!
//! Data that is complete from some day holds every row that happened, or was still open, on that day or later; older rows may be missing. So
//! for each table that is asked it is worked out how early the last day of a row can be that matters: the end of its stay, or the day it
//! happened. `exited_on in window` says that a stay reaches the window; `screened_on on or after window.end - 12 months` looks back 12 months
//! before the window's end; what has no such bound (`first ever`, `no earlier ...`) looks back without an end.
//!
//! A row that another must lead to is there with it. Where the method cannot tell, it looks back further.

use crate::ir::{
    Ask, Cohort, CompareOp, Expr, ExprKind, LookBack, Measure, Period, Quantified, RowId, Ty, WindowLength, WindowPoint,
};
use crate::model::{ColumnId, Model, TableId};
use std::collections::BTreeMap;

/// One date may bound another, and that a third; so many steps are followed.
const ROUNDS: usize = 6;
/// Questions inside questions, and branches, that are looked into.
const DEEP: usize = 12;

/// A day relative to the window's end, moved by months and then by days: no date is earlier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Point {
    months: i64,
    days: i64,
}

type Fact = (RowId, Vec<ColumnId>, ColumnId);
/// How early dates can be.
#[derive(Debug, Clone, Default, PartialEq)]
struct Env {
    dates: BTreeMap<Fact, Point>,
    /// Choices among dates (`first known of a, b`) of which only the one that is chosen is bounded.
    choices: Vec<(Expr, Point)>,
}

/// The parts of an indicator that look at rows.
#[derive(Debug, Clone, Copy)]
pub(super) struct Parts<'a> {
    pub(super) model: &'a Model,
    pub(super) window: WindowLength,
    pub(super) cohort: &'a Cohort,
    pub(super) conditions: &'a [&'a Expr],
    pub(super) measure: &'a Measure,
    pub(super) at: &'a Expr,
    /// The tables of stays by which the holder of a row is found on the day `at`.
    pub(super) held_by: &'a [TableId],
}

/// How far each table is looked back into.
pub(super) fn look_back(parts: Parts) -> BTreeMap<TableId, LookBack> {
    let mut rows = BTreeMap::from([(RowId::COHORT, parts.cohort.table)]);
    let asked = || {
        std::iter::once(&parts.cohort.condition)
            .chain(parts.conditions.iter().copied())
            .chain(parts.measure.expressions())
    };
    for e in asked().chain([parts.at]) {
        e.walk(&mut |e| {
            if let ExprKind::Some(q) = &e.kind {
                rows.insert(q.row, q.table);
            }
        });
    }
    let mut finder = Finder { model: parts.model, window: parts.window, rows, found: BTreeMap::new() };
    let env = finder.extend(&Env::default(), &parts.cohort.condition, DEEP);
    let ever = parts.cohort.pick.as_ref().is_some_and(|p| p.ever);
    // Rows that cannot count may stand before one that does, and hide it.
    let reach = if ever { None } else { finder.row(RowId::COHORT, &parts.cohort.condition, &env) };
    finder.take(parts.cohort.table, reach);
    finder.asked(&parts.cohort.condition, &env, DEEP);
    for e in parts.conditions.iter().copied().chain(parts.measure.expressions()).chain([parts.at]) {
        finder.asked(e, &env, DEEP);
    }
    let at = finder.earliest(parts.at, &env);
    for table in parts.held_by {
        finder.take(*table, at);
    }
    let window = parts.window;
    finder
        .found
        .into_iter()
        .map(|(table, point)| (table, point.map_or(LookBack::Endless, |p| p.before(window))))
        .collect()
}

struct Finder<'a> {
    model: &'a Model,
    window: WindowLength,
    rows: BTreeMap<RowId, TableId>,
    found: BTreeMap<TableId, Option<Point>>,
}

impl Finder<'_> {
    fn take(&mut self, table: TableId, point: Option<Point>) {
        let declared = self.model.table(table);
        if !declared.fed || declared.begins.is_none() && declared.begins_with.is_none() {
            return;
        }
        let known = self.found.entry(table).or_insert(point);
        *known = known.zip(point).map(|(a, b)| a.earlier(b));
    }

    /// Looks at every question about rows inside an expression, by what is known of the dates around it.
    fn asked(&mut self, e: &Expr, env: &Env, deep: usize) {
        let ExprKind::Some(q) = &e.kind else {
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
    fn days_of(&self, q: &Quantified, env: Env) -> Env {
        let Ask::Days { from, until } = &q.ask else { return env };
        let mut env = env;
        if let (ExprKind::Extreme { latest: true, of }, ExprKind::Extreme { latest: false, of: ends }) =
            (&from.kind, &until.kind)
        {
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
            ExprKind::Some(q)
                if q.ask == Ask::Some && q.via.is_some() && q.owner == row && q.owner_links.is_empty() =>
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
            ExprKind::Window(point) => Some(self.point(*point)),
            // The data reaches the window's end at least.
            ExprKind::AsOf => Some(Point { months: 0, days: -1 }),
            ExprKind::Column { row, links, column } => self.day(&(*row, links.clone(), *column), env),
            ExprKind::Shift { date, months, days, hours } => {
                let days = i64::from(*days) + i64::from(*hours).div_euclid(24);
                Some(self.earliest(date, env)?.plus(i64::from(*months), days))
            }
            ExprKind::BusinessDay { date, days } => {
                let days = i64::from(*days);
                // Backwards, weeks with holidays in them.
                Some(self.earliest(date, env)?.plus(0, if days < 0 { 2 * days - 7 } else { days }))
            }
            ExprKind::DayOf(time) => self.earliest(time, env),
            ExprKind::FirstKnown(of) | ExprKind::Extreme { latest: false, of } => {
                let chosen =
                    env.choices.iter().filter(|(choice, _)| choice == e).map(|(_, point)| *point).reduce(Point::later);
                let each = of
                    .iter()
                    .map(|e| self.earliest(e, env))
                    .reduce(|a, b| a.zip(b).map(|(a, b)| a.earlier(b)))
                    .flatten();
                chosen.into_iter().chain(each).reduce(Point::later)
            }
            ExprKind::Extreme { latest: true, of } => {
                of.iter().filter_map(|e| self.earliest(e, env)).reduce(Point::later)
            }
            ExprKind::Some(q) => match &q.ask {
                Ask::Earliest(day) | Ask::Latest(day) => self.earliest(day, &self.extend(env, &q.condition, DEEP)),
                Ask::Some | Ask::Count | Ask::Distinct(_) | Ask::Sum(_) | Ask::Days { .. } => None,
            },
            _ => None,
        }
    }

    fn point(&self, point: WindowPoint) -> Point {
        let (months, days) = match (point, self.window) {
            (WindowPoint::End, _) => (0, 0),
            (WindowPoint::LastDay, _) | (WindowPoint::Start, WindowLength::Day) => (0, -1),
            (WindowPoint::Start, WindowLength::Months(n)) => (-i64::from(n), 0),
        };
        Point { months, days }
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
            ExprKind::InWindow(date) => self.put(date, self.point(WindowPoint::Start), env),
            ExprKind::Compare { op, left, right } => self.compared(*op, left, right, env),
            ExprKind::Not(inner) => {
                if let ExprKind::Compare { op, left, right } = &inner.kind {
                    self.compared(op.opposite(), left, right, env);
                }
            }
            ExprKind::Or(branches) => {
                let mut each = branches.iter().map(|branch| self.extend(env, branch, deep));
                let Some(mut all) = each.next().map(|first| first.dates) else { return };
                for other in each {
                    all = all
                        .into_iter()
                        .filter_map(|(fact, point)| Some((fact.clone(), point.earlier(self.day(&fact, &other)?))))
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
        let Some(sides) = super::wait::sides(op, left, right) else { return };
        let time = sides.left.ty == Ty::Timestamp;
        let after = |strict: bool| i64::from(strict && !time);
        if matches!(sides.op, CompareOp::Gt | CompareOp::Ge | CompareOp::Eq)
            && let Some(low) = self.earliest(sides.right, env)
        {
            self.put(sides.left, low.plus(sides.months, sides.days + after(sides.op == CompareOp::Gt)), env);
        }
        if matches!(sides.op, CompareOp::Lt | CompareOp::Le | CompareOp::Eq)
            && let Some(low) = self.earliest(sides.left, env)
        {
            self.put(
                sides.right,
                low.plus(0, after(sides.op == CompareOp::Lt) - sides.days).plus(-sides.months, 0),
                env,
            );
        }
    }

    /// A day is at least this late: what that says of the columns in it.
    fn put(&self, date: &Expr, point: Point, env: &mut Env) {
        match &date.kind {
            ExprKind::Column { row, links, column } => tighten(env, (*row, links.clone(), *column), point),
            ExprKind::Shift { date, months, days, hours } => {
                let days = i64::from(*days) - (-i64::from(*hours)).div_euclid(24);
                self.put(date, point.plus(0, -days).plus(-i64::from(*months), 0), env);
            }
            ExprKind::BusinessDay { date, days } => {
                let days = i64::from(*days);
                self.put(date, point.plus(0, if days > 0 { -2 * days - 7 } else { -days }), env);
            }
            ExprKind::DayOf(time) => self.put(time, point, env),
            ExprKind::Extreme { latest: false, of } => of.iter().for_each(|e| self.put(e, point, env)),
            ExprKind::FirstKnown(_) if !env.choices.iter().any(|(choice, at)| choice == date && *at == point) => {
                env.choices.push((date.clone(), point));
            }
            _ => {}
        }
    }
}

fn tighten(env: &mut Env, fact: Fact, point: Point) {
    let known = env.dates.get(&fact).copied();
    env.dates.insert(fact, known.map_or(point, |k| k.later(point)));
}

/// The fewest days that so many months can have, by years and months.
fn fewest_days(months: i64) -> i64 {
    months / 12 * 365 + months % 12 * 28
}

impl Point {
    /// Moved by months and then days, and never too late. From a day within the first month after the end, or from the last day before it,
    /// whole months are exact; from elsewhere months of different lengths may be passed, which is at most four days.
    fn plus(self, months: i64, days: i64) -> Self {
        let slack = if months != 0 && !(-1..=26).contains(&self.days) { 4 } else { 0 };
        Self { months: self.months.saturating_add(months), days: self.days.saturating_add(days).saturating_sub(slack) }
    }

    /// A day that is no later than both.
    fn earlier(self, other: Self) -> Self {
        let (less, more) = if self.months <= other.months { (self, other) } else { (other, self) };
        Self {
            months: less.months,
            days: less.days.min(more.days.saturating_add(fewest_days(more.months - less.months))),
        }
    }

    /// The later of the two.
    fn later(self, other: Self) -> Self {
        let size = |p: Self| p.months.saturating_mul(3044).saturating_add(p.days.saturating_mul(100));
        if size(self) >= size(other) { self } else { other }
    }

    /// As something to look back before the window's start: nothing when the day lies in the window.
    fn before(self, window: WindowLength) -> LookBack {
        let start = match window {
            WindowLength::Day => Self { months: 0, days: -1 },
            WindowLength::Months(n) => Self { months: -i64::from(n), days: 0 },
        };
        let months = start.months.saturating_sub(self.months);
        let days = start.days.saturating_sub(self.days);
        let (months, days) = match (months, days) {
            // Days forwards take nothing from whole months: a little too far back.
            (m, d) if m > 0 => (m, d.max(0)),
            (m, d) => (0, d.saturating_sub(fewest_days(-m)).max(0)),
        };
        let of = |n: i64| u32::try_from(n).ok().filter(|n| *n < 100_000);
        of(months).zip(of(days)).map_or(LookBack::Endless, |(months, days)| LookBack::UpTo(Period { months, days }))
    }
}
