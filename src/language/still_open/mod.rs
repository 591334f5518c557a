//! Indicators `as it stands`: a window is shown as soon as it has ended. What depends on something
//! still to come is *unknown*, and is not decided by its absence. Once the data has gone on far
//! enough, the result is the same as without the clause.
//!
//! - An open end is later than the as-of day by an unknown length, and so are days and numbers made
//!   of it (`range.rs`). What holds for each such length is known, and all else of it is unknown;
//!   so is that it is missing.
//! - What becomes known with a day that has not come may still be anything.
//! - A row may still be added, and begin on any day after the as-of day. Where such a row could
//!   answer a question, the existence of a row is unknown as long as there is none, and the number
//!   of rows is unknown; and where it could be picked, what is picked.
//! - A value of rows is unknown where it is unknown whether one of them counts (`rows.rs`).
//!
//! What a condition says of the as-of day itself, it says of the day at hand.

mod range;
mod rows;

use crate::ir::{
    Ask, At, CompareOp, Exclusion, Expr, ExprKind, Function, Indicator, LinkedQuery, Missing, Part, RowId, Ty,
    WindowPoint, reads,
};
use crate::model::{ColumnId, Model, TableId};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

/// The indicator, in which everything that is still open is unknown.
#[must_use]
pub fn indicator(model: &Model, indicator: &Indicator) -> Indicator {
    opened(indicator, &Open::new(model, indicator, true))
}

/// The same for windows that may not have ended: a row that is still to come may lie in the window.
#[must_use]
pub fn going_on(model: &Model, indicator: &Indicator) -> Indicator {
    opened(indicator, &Open::new(model, indicator, false))
}

fn opened(indicator: &Indicator, open: &Open) -> Indicator {
    // Its conditions say it themselves.
    let mut of = Indicator { as_it_stands: false, ..indicator.clone() };
    let displaced = open.displaced(&of.cohort);
    of.cohort.condition = open.placed(&of.cohort);
    of.exclusions.iter_mut().for_each(|exclusion| exclusion.condition = open.expr(&exclusion.condition));
    // Never true: what is picked is picked, and may leave.
    of.exclusions.extend(displaced.map(|condition| Exclusion { reason: String::new(), condition }));
    // A number is known or missing, unless a condition chooses it; and a row that is followed is
    // censored.
    of.measure = of.measure.with(|part, e| match part {
        Part::Numerator if e.ty == Ty::Bool => open.expr(e),
        Part::Numerator | Part::Denominator | Part::Value | Part::Distinct => open.chosen(e),
        Part::From | Part::To | Part::Censored | Part::EndsBy => e.clone(),
    });
    of
}

/// A condition of the indicator (its cohort's, an exclusion's, or that of a proportion, a rate or a
/// count), in which everything that is still open is unknown; also a part of one, or of the
/// condition of a question in it.
#[must_use]
pub fn open_condition(model: &Model, indicator: &Indicator, e: &Expr) -> Expr {
    Open::new(model, indicator, true).expr(e)
}

/// Links that are followed from a row without a day of its own.
const STEPS: usize = 6;

struct Open<'a> {
    model: &'a Model,
    /// The tables of the rows that the indicator speaks of.
    tables: BTreeMap<RowId, TableId>,
    /// Whether the window is final: then nothing that is still open matters.
    is_final: Expr,
    /// Whether the window has ended.
    has_ended: bool,
    /// The row variable that was given last.
    last_row: Cell<u16>,
    /// Whether the rows of a question may change its answer, by the variable of the question.
    changes: RefCell<BTreeMap<RowId, Option<Expr>>>,
}

/// `final_on(window) <= as_of`.
fn is_final(indicator: &Indicator) -> Expr {
    let Some(follow_up) = indicator.follow_up else { return never() };
    let date = |kind| Expr { kind, ty: Ty::Date, missing: Missing::Never, at: At::default() };
    let later = |from: Expr, months: u32, days: i64| {
        let months = i32::try_from(months).unwrap_or(i32::MAX);
        let days = i32::try_from(days).unwrap_or(i32::MAX);
        date(ExprKind::Shift { date: Box::new(from), months, days, minutes: 0 })
    };
    let end = date(ExprKind::Window(WindowPoint::End));
    let followed = later(end, follow_up.months, follow_up.days.into());
    let known = later(followed, indicator.lag.months, i64::from(indicator.lag.days) - 1);
    let named = indicator.named_day().map(|day| compare(CompareOp::Le, date(ExprKind::Date(day)), as_of()));
    and([compare(CompareOp::Le, known, as_of())].into_iter().chain(named).collect())
}

impl<'a> Open<'a> {
    fn new(model: &'a Model, indicator: &Indicator, has_ended: bool) -> Self {
        let tables = reads::row_tables(indicator);
        let last_row = tables.keys().filter(|row| row.holds().is_none()).map(|row| row.0).max().unwrap_or_default();
        let (last_row, changes) = (Cell::new(last_row), RefCell::default());
        Self { model, tables, is_final: is_final(indicator), has_ended, last_row, changes }
    }

    fn table_at(&self, row: RowId, links: &[ColumnId]) -> Option<TableId> {
        self.model.reached(*self.tables.get(&row)?, links)
    }

    /// The condition, in which everything that is still open is unknown.
    fn expr(&self, e: &Expr) -> Expr {
        Expr { at: e.at, ..self.opened(e) }
    }

    fn opened(&self, e: &Expr) -> Expr {
        match &e.kind {
            ExprKind::And(_) | ExprKind::Or(_) | ExprKind::Not(_) => condition(e.kind_with(&|inner| self.expr(inner))),
            ExprKind::Compare { op, left, right } => self.compared(*op, &self.chosen(left), &self.chosen(right)),
            ExprKind::Linked(q) if q.ask == Ask::Exists => {
                let asked = LinkedQuery { condition: self.expr(&q.condition), ..(**q).clone() };
                let asked = condition(ExprKind::Linked(Box::new(asked)));
                match self.may_come(q) {
                    Some(may) => or(vec![asked, may]),
                    None => asked,
                }
            }
            ExprKind::IsMissing(value) => {
                let said = self.unless_it_comes(e, value);
                self.unless_a_row_comes(said, values_of_rows(value))
            }
            // The window's days have passed before an open end can come.
            ExprKind::InWindow(day) if self.is_open(day) && !(self.has_ended && is_ahead(day)) => {
                let day = if day.ty == Ty::Timestamp { range::day_of(day) } else { (**day).clone() };
                let since = compare(CompareOp::Ge, day.clone(), window_point(WindowPoint::Start));
                let through = compare(CompareOp::Le, day, window_point(WindowPoint::LastDay));
                self.expr(&and(vec![since, through]))
            }
            _ => {
                let chosen = self.chosen(e);
                // An end that comes after the window is not in it.
                let settled = matches!(chosen.kind, ExprKind::InWindow(_));
                let open = if settled { Vec::new() } else { self.open(&chosen) };
                self.unless_a_row_comes(self.unless_any(chosen.clone(), open), values_of_rows(&chosen))
            }
        }
    }

    /// What is missing may still come.
    fn unless_it_comes(&self, is_missing: &Expr, value: &Expr) -> Expr {
        let open = self.hidden(value);
        if open.is_empty() {
            return is_missing.clone();
        }
        and(vec![is_missing.clone(), or(vec![not(or(open)), self.is_final.clone(), unknown()])])
    }

    /// The value, in which the conditions that choose between values are unknown where something is
    /// still open.
    fn chosen(&self, e: &Expr) -> Expr {
        let chooses = |e: &Expr| e.call(Function::IfElse).is_some();
        if !e.has(&chooses) {
            return e.clone();
        }
        let inside =
            |inner: &Expr| if chooses(e) && inner.ty == Ty::Bool { self.expr(inner) } else { self.chosen(inner) };
        // And so is what is made of such a value.
        let missing = if e.missing == Missing::Never { Missing::Unknown } else { e.missing };
        Expr { kind: e.kind_with(&inside), missing, ..*e }
    }

    fn compared(&self, op: CompareOp, left: &Expr, right: &Expr) -> Expr {
        let said = compare(op, left.clone(), right.clone());
        let said = match (self.is_open(left), self.is_open(right)) {
            (false, false) => said,
            (true, false) if soonest(left).is_some() => self.unless_open(said, op, left, right),
            (false, true) if soonest(right).is_some() => self.unless_open(said, op.flipped(), right, left),
            _ => self.in_range(said, op, left, right),
        };
        self.unless_a_row_comes(said, values_of_rows(left).into_iter().chain(values_of_rows(right)))
    }

    /// The value of `said`, but unknown where a row may still come that one of these values is made
    /// of, or it is open whether a row counts that is there.
    fn unless_a_row_comes<'e>(&self, mut said: Expr, made_of: impl IntoIterator<Item = &'e LinkedQuery>) -> Expr {
        for q in made_of {
            let may: Vec<Expr> = [self.may_come(q), self.may_change(q)].into_iter().flatten().collect();
            for may in may {
                said = unless(said, may);
            }
        }
        said
    }

    /// The value of `said`, but unknown where one of these may still come.
    fn unless_any(&self, said: Expr, open: Vec<Expr>) -> Expr {
        if open.is_empty() {
            return said;
        }
        unless(said, and(vec![or(open), not(self.is_final.clone()), unknown()]))
    }

    /// The value of `said`, but unknown where one side is an open end and the other lies at or
    /// after the soonest day that it can be. The open side is the left side of `op`.
    fn unless_open(&self, said: Expr, op: CompareOp, open: &Expr, other: &Expr) -> Expr {
        let day = Expr { missing: Missing::Unknown, ..open.clone() };
        // True where the day is there, and unknown where it is open.
        let is_there = compare(CompareOp::Eq, day.clone(), day);
        let of_day = if other.ty == Ty::Timestamp { range::day_of(other) } else { other.clone() };
        let has_come = match soonest(open) {
            Some(soonest) if soonest != day_after() => compare(CompareOp::Lt, of_day, soonest),
            Some(_) => compare(CompareOp::Le, of_day, as_of()),
            None => never(),
        };
        // As an open end is later than every day.
        if matches!(op, CompareOp::Gt | CompareOp::Ge | CompareOp::Ne) {
            and(vec![said, or(vec![is_there, has_come, self.is_final.clone()])])
        } else {
            or(vec![said, and(vec![not(is_there), not(has_come), not(self.is_final.clone())])])
        }
    }

    /// Whether a row that is still to come may answer the question: unknown where it may, false
    /// where it cannot. `None` where no row will come.
    fn may_come(&self, q: &LinkedQuery) -> Option<Expr> {
        let may = || vec![self.of_a_row_to_come(&q.condition, q), not(self.is_final.clone()), unknown()];
        self.goes_on(q.table, q.via, STEPS).then(|| and(may()))
    }

    /// Whether rows of a table may still come that lead to a row that is there by this link: those
    /// without a day of their own come with the rows on which they hang.
    fn goes_on(&self, table: TableId, via: Option<ColumnId>, steps: usize) -> bool {
        let table = self.model.table(table);
        let mut hangs_on =
            table.hangs_on().filter(|link| via != Some(*link)).filter_map(|id| table.column(id).target());
        table.fed && (table.is_dated() || steps == 0 || hangs_on.any(|to| self.goes_on(to, None, steps - 1)))
    }

    /// The condition for a row that begins after the as-of day: false where it is false for every
    /// such row.
    fn of_a_row_to_come(&self, e: &Expr, q: &LinkedQuery) -> Expr {
        match &e.kind {
            ExprKind::And(all) => and(all.iter().map(|e| self.of_a_row_to_come(e, q)).collect()),
            ExprKind::Or(all) => or(all.iter().map(|e| self.of_a_row_to_come(e, q)).collect()),
            ExprKind::Compare { op, left, right } => match (self.to_come(left, q), self.to_come(right, q)) {
                (Some(day), None) if !is_about(right, q.row) => earliest(*op, day, right),
                (None, Some(day)) if !is_about(left, q.row) => earliest(op.flipped(), day, left),
                _ if is_about(e, q.row) => unknown(),
                _ => self.expr(e),
            },
            ExprKind::InWindow(day) => match self.to_come(day, q) {
                Some(_) if self.has_ended => never(),
                Some(day) => earliest(CompareOp::Lt, day, &window_point(WindowPoint::End)),
                None if is_about(e, q.row) => unknown(),
                None => self.expr(e),
            },
            _ if is_about(e, q.row) => unknown(),
            _ => self.expr(e),
        }
    }

    /// The earliest that the first day of a row to come, moved on or back, can be.
    fn to_come(&self, e: &Expr, q: &LinkedQuery) -> Option<Expr> {
        let kind = match &e.kind {
            ExprKind::Column { row, links, column } if *row == q.row && self.model.begins(q.table, links, *column) => {
                return (e.ty == Ty::Date).then(day_after);
            }
            ExprKind::Call { function: Function::DayOf, of } => match of.first().map(|time| &time.kind) {
                Some(ExprKind::Column { row, links, column })
                    if *row == q.row && self.model.begins(q.table, links, *column) =>
                {
                    return Some(day_after());
                }
                _ => return None,
            },
            ExprKind::Shift { date, months, days, minutes: 0 } => {
                ExprKind::Shift { date: Box::new(self.to_come(date, q)?), months: *months, days: *days, minutes: 0 }
            }
            _ => return None,
        };
        Some(Expr { kind, ty: Ty::Date, missing: Missing::Never, at: At::default() })
    }
}

/// The value of `said`, but unknown where `may` is; `may` is never true.
fn unless(said: Expr, may: Expr) -> Expr {
    let settled = or(vec![not(may.clone()), unknown()]);
    or(vec![and(vec![said, settled]), and(vec![may, unknown()])])
}

/// Whether an open day lies after the as-of day wherever it comes to lie, by its form.
fn is_ahead(day: &Expr) -> bool {
    match &day.kind {
        ExprKind::Column { .. } => day.missing == Missing::OpenEnd,
        ExprKind::Call { function: Function::DayOf, of } => of.iter().all(is_ahead),
        ExprKind::Shift { date, months, days, minutes } => {
            [months, days, minutes].into_iter().all(|n| *n >= 0) && is_ahead(date)
        }
        _ => false,
    }
}

/// The comparison of a day that is `day` or later with another day: false where it cannot be true,
/// and true or unknown otherwise.
fn earliest(op: CompareOp, day: Expr, other: &Expr) -> Expr {
    match op {
        CompareOp::Lt | CompareOp::Le => and(vec![compare(op, day, other.clone()), unknown()]),
        CompareOp::Eq => and(vec![compare(CompareOp::Le, day, other.clone()), unknown()]),
        CompareOp::Gt | CompareOp::Ge | CompareOp::Ne => unknown(),
    }
}

/// The earliest that a day can be which is open as of the as-of day, moved on or back; `None` where
/// the form does not say.
fn soonest(e: &Expr) -> Option<Expr> {
    let moved = |kind| Some(Expr { kind, ..day_after() });
    match &e.kind {
        ExprKind::Column { .. } if e.missing == Missing::OpenEnd => Some(day_after()),
        ExprKind::Call { function: Function::DayOf, of } => of.first().and_then(soonest),
        ExprKind::Shift { date, months, days, minutes: 0 } => {
            moved(ExprKind::Shift { date: Box::new(soonest(date)?), months: *months, days: *days, minutes: 0 })
        }
        ExprKind::BusinessDay { date, days } => {
            moved(ExprKind::BusinessDay { date: Box::new(soonest(date)?), days: *days })
        }
        _ => None,
    }
}

/// The questions about rows from whose answers a number or a day is computed.
fn values_of_rows(e: &Expr) -> Vec<&LinkedQuery> {
    match &e.kind {
        ExprKind::Linked(q) => Vec::from([&**q]),
        // What its condition asks has been looked at.
        ExprKind::Call { function: Function::IfElse, of } => of.iter().skip(1).flat_map(values_of_rows).collect(),
        _ => e.children().into_iter().flat_map(values_of_rows).collect(),
    }
}

/// Whether an expression reads this row, or asks about rows itself.
fn is_about(e: &Expr, row: RowId) -> bool {
    e.has(&|e| match &e.kind {
        ExprKind::Column { row: of, .. } | ExprKind::Row { row: of, .. } => *of == row,
        ExprKind::Linked(_) => true,
        _ => false,
    })
}

fn never() -> Expr {
    Expr { kind: ExprKind::Bool(false), ..Expr::truth() }
}

fn as_of() -> Expr {
    Expr { kind: ExprKind::AsOf, ty: Ty::Date, missing: Missing::Never, at: At::default() }
}

fn window_point(point: WindowPoint) -> Expr {
    Expr { kind: ExprKind::Window(point), ty: Ty::Date, missing: Missing::Never, at: At::default() }
}

fn day_after() -> Expr {
    let kind = ExprKind::Shift { date: Box::new(as_of()), months: 0, days: 1, minutes: 0 };
    Expr { kind, ty: Ty::Date, missing: Missing::Never, at: At::default() }
}

fn unknown() -> Expr {
    Expr::unknown(Ty::Bool)
}

fn compare(op: CompareOp, left: Expr, right: Expr) -> Expr {
    let missing =
        if [&left, &right].iter().any(|e| e.missing == Missing::Unknown) { Missing::Unknown } else { Missing::Never };
    Expr {
        kind: ExprKind::Compare { op, left: Box::new(left), right: Box::new(right) },
        ty: Ty::Bool,
        missing,
        at: At::default(),
    }
}

fn condition(kind: ExprKind) -> Expr {
    Expr { kind, ty: Ty::Bool, missing: Missing::Unknown, at: At::default() }
}

fn and(all: Vec<Expr>) -> Expr {
    condition(ExprKind::And(all))
}

fn or(all: Vec<Expr>) -> Expr {
    condition(ExprKind::Or(all))
}

fn not(e: Expr) -> Expr {
    condition(ExprKind::Not(Box::new(e)))
}
