//! Follow-up: how long after a window's end its outcomes are known. Computed from the definition,
//! never typed.
//!
//! A condition *settles* at a point of time when data that is complete up to that point decides it
//! for good. The follow-up is the latest point, relative to the window's end, at which the cohort,
//! an exclusion, the numerator or the day of attribution settles. Four steps find it:
//!
//! 1. `bounds.rs`: which days the cohort's rows can have. `exited_on in window` says that
//!    `exited_on` is at most the window's last day; `open on D`, `before E` and counted days say so
//!    of other columns, and of moved dates (`x + 30 days before E`). Each `or` splits the rows into
//!    cases, and the latest case decides.
//! 2. `settle.rs`: when a condition settles. `x before E` settles at the latest `E`, whatever `x`
//!    is: by then `x` has happened or is later, as long as what stands in for it until then moves
//!    on with the data. Conditions joined by `and` or `or` settle when the last of them does, those
//!    joined by `and` by what the others say of their dates. Rows asked about settle when all are
//!    there that could pass, and each is decided.
//! 3. `arrive.rs`: from when on rows are there and values known, as the model says.
//! 4. `reach.rs`: how late that is, by arithmetic with points (`check/point.rs`) such as "6 months
//!    and 15 days after the window's end". Windows end with a month, so moving the window's last
//!    day by whole months is exact; other points are rounded up.
//!
//! Where the method cannot tell, it waits longer. A value that may never be entered is not waited
//! for: the row is undetermined or unsure. `tests/finality.rs` holds it to what it promises.

mod arrive;
mod bounds;
mod findings;
mod reach;
mod settle;

use super::point::Point;
use crate::ir::{
    At, Attribution, Cohort, CompareOp, Exclusion, Expr, ExprKind, Function, Indicator, Measure, Missing, Part, Period,
    Pick, RowId, Ty, WindowLength, WindowPoint, reads,
};
use crate::model::{ColumnId, Known, Model, TableId};
use bounds::{Bounds, Env};
pub(super) use bounds::{Sides, days_down, days_up, in_months_and_days, sides};
pub(super) use findings::{follow_up, of_groups, unused, wait};
use reach::{Reach, Why};
use std::cell::Cell;
use std::collections::BTreeMap;

/// Branches of `or` that are looked into for one indicator.
const BRANCHES: usize = 2_000;

/// The parts of an indicator that decide when its outcomes are known.
#[derive(Debug, Clone, Copy)]
pub(super) struct Parts<'a> {
    pub(super) model: &'a Model,
    pub(super) window: WindowLength,
    pub(super) cohort: &'a Cohort,
    pub(super) exclusions: &'a [Exclusion],
    /// What is measured on the rows that stay.
    pub(super) measure: &'a Measure,
    pub(super) attribution: &'a Attribution,
}

/// A part whose answer can change for ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unbounded {
    Pick,
    Cohort(Option<Why>),
    Exclusion(usize, Option<Why>),
    Measured(Option<Why>),
    Attribution(Option<Why>),
}

/// When the outcomes of an indicator are known, and what was found on the way that its groups need.
#[derive(Debug)]
pub(super) struct Settled {
    latest: Point,
    /// How late the dates of its rows can be, in each case of the cohort's condition.
    cases: Vec<Env>,
    /// The table of each row variable.
    rows: BTreeMap<RowId, TableId>,
    /// How many more branches of `or` may be looked into.
    budget: usize,
}

impl Settled {
    /// The follow-up.
    fn wait(&self) -> Period {
        self.latest.wait()
    }

    /// The follow-up of the outcomes and of the groups of the rows, by the conditions of the
    /// groups; `None` when the groups can change for ever.
    fn with_groups(&self, model: &Model, indicator: &Indicator, groups: &[Expr]) -> Option<Period> {
        let mut rows = reads::tables_of_rows(indicator.cohort.table, groups);
        rows.extend(&self.rows);
        let bounds = Bounds { model, window: indicator.window, rows: &rows, budget: &Cell::new(self.budget) };
        let settles = |(env, group)| bounds.settles(&bounds.chosen(group, env), env);
        let reaches = self.cases.iter().flat_map(|env| groups.iter().map(move |group| (env, group))).map(settles);
        let mut latest = self.latest;
        for reach in reaches {
            match reach {
                Reach::Past => {}
                Reach::At(point) => latest = latest.no_earlier_than_both(point),
                Reach::Never(_) => return None,
            }
        }
        Some(latest.wait())
    }
}

/// The follow-up, or the parts that look forward without an end.
fn computed(parts: Parts) -> Result<Settled, Vec<Unbounded>> {
    let rows = rows(parts);
    let budget = Cell::new(BRANCHES);
    let bounds = Bounds { model: parts.model, window: parts.window, rows: &rows, budget: &budget };
    let mut endless = Vec::new();
    let mut latest = Point::end(parts.window, 0);
    let mut take = |reach: Reach, part: &dyn Fn(Option<Why>) -> Unbounded| match reach {
        Reach::Past => {}
        Reach::At(point) => latest = latest.no_earlier_than_both(point),
        Reach::Never(why) => {
            let found = part(why);
            if !endless.contains(&found) {
                endless.push(found);
            }
        }
    };
    let condition = &parts.cohort.condition;
    take(bounds.settles(condition, &Env::default()), &Unbounded::Cohort);
    take(bounds.row_arrives(RowId::COHORT, None, condition, &Env::default()), &Unbounded::Cohort);
    let cases = bounds.cases(condition);
    for env in &cases {
        if let Some(pick) = &parts.cohort.pick {
            take(bounds.pick_settles(parts.cohort.table, pick, env), &|_| Unbounded::Pick);
        }
        for (i, exclusion) in parts.exclusions.iter().enumerate() {
            take(bounds.settles(&exclusion.condition, env), &|why| Unbounded::Exclusion(i, why));
        }
        for reach in bounds.measured(parts.measure, env) {
            take(reach, &Unbounded::Measured);
        }
        let attribution = parts.attribution;
        take(bounds.value_settles(&attribution.at, env), &Unbounded::Attribution);
        take(bounds.latest(&attribution.at, env).plus(0, 1), &Unbounded::Attribution);
        take(bounds.way_settles(attribution, env), &Unbounded::Attribution);
    }
    let budget = budget.get();
    if endless.is_empty() { Ok(Settled { latest, cases, rows, budget }) } else { Err(endless) }
}

/// How long after a window of an indicator its outcomes are known; `None` when they can change for
/// ever.
pub(super) fn of(model: &Model, indicator: &Indicator) -> Option<Period> {
    let parts = Parts {
        model,
        window: indicator.window,
        cohort: &indicator.cohort,
        exclusions: &indicator.exclusions,
        measure: &indicator.measure,
        attribution: &indicator.attribution,
    };
    computed(parts).ok().map(|settled| settled.wait())
}

impl Bounds<'_> {
    /// The point by which a pick is known: the order of the rows is, and no row is to come that
    /// stands before the one that is picked.
    fn pick_settles(&self, table: TableId, pick: &Pick, env: &Env) -> Reach {
        let order = pick.by.iter().map(|by| self.value_settles(by, env)).fold(Reach::Past, Reach::later);
        if !pick.ever || !self.model.table(table).fed {
            return order;
        }
        let first = pick.by.first().filter(|_| !pick.last);
        let begins = first.is_some_and(|by| self.is_no_earlier(table, by));
        if begins { order } else { Reach::Never(None) }
    }

    /// Whether a day of a row that is to come lies after the days that are known: its first day
    /// does, and its end.
    fn is_no_earlier(&self, table: TableId, by: &Expr) -> bool {
        match &by.kind {
            ExprKind::Column { links, column, .. } => self.begins_or_ends(table, links, *column),
            ExprKind::Call { function: Function::DayOf, of } => of.iter().all(|time| self.is_no_earlier(table, time)),
            _ => false,
        }
    }

    fn begins_or_ends(&self, table: TableId, links: &[ColumnId], column: ColumnId) -> bool {
        let declared = self.model.table(table);
        let ends = links.is_empty() && declared.spans.is_some_and(|s| s.until == column);
        self.model.begins(table, links, column) || ends && declared.column(column).known == Known::OwnDay
    }

    /// The points by which everything that is measured is known. The day that a time ends on is not
    /// waited for, nor that on which a row is last heard of: as long as it has not come, the time
    /// is measured as far as it goes.
    fn measured(&self, measure: &Measure, env: &Env) -> Vec<Reach> {
        let ended = measure.parts().into_iter().find(|(part, _)| *part == Part::To).map(|(_, to)| ended(to));
        let reach = |(part, e): (Part, &Expr)| match part {
            Part::Numerator | Part::Denominator | Part::Value | Part::Distinct | Part::From => {
                self.value_settles(e, env)
            }
            Part::To | Part::Censored => self.last_asked(e, None, env),
            // Asked of rows that have ended, so the day of their end has come.
            Part::EndsBy => self.settles(e, &self.extend(env, &ended.iter().collect::<Vec<_>>())),
        };
        measure.parts().into_iter().map(reach).collect()
    }
}

/// That a day has come by the end of the window.
fn ended(to: &Expr) -> Expr {
    let last =
        Expr { kind: ExprKind::Window(WindowPoint::LastDay), ty: Ty::Date, missing: Missing::Never, at: At::default() };
    let kind = ExprKind::Compare { op: CompareOp::Le, left: Box::new(to.clone()), right: Box::new(last) };
    Expr { kind, ty: Ty::Bool, missing: to.missing, at: At::default() }
}

/// The table of each row variable.
fn rows(parts: Parts) -> BTreeMap<RowId, TableId> {
    let exclusions = parts.exclusions.iter().map(|e| &e.condition);
    let own = [&parts.cohort.condition, &parts.attribution.at];
    reads::tables_of_rows(parts.cohort.table, exclusions.chain(own).chain(parts.measure.expressions()))
}
