//! Indicators `as it stands`: a window is shown as soon as it has ended. What depends on something
//! still to come is *unknown*, and is not decided by its absence. Once the data has gone on far
//! enough, the result is the same as without the clause.
//!
//! - An open end is later than the as-of day by an unknown length. A comparison of it with a day
//!   that has not come either is unknown.
//! - A row may still be added, and begin on any day after the as-of day. Where such a row could
//!   answer a question, the existence of a row is unknown as long as there is none, and the number
//!   of rows is unknown.

use super::{
    Ask, At, CompareOp, Expr, ExprKind, Function, Indicator, LinkedQuery, Missing, Part, RowId, Ty, WindowPoint,
};
use crate::model::Model;

/// The indicator, in which everything that is still open is unknown.
#[must_use]
pub fn indicator(model: &Model, indicator: &Indicator) -> Indicator {
    opened(indicator, &Open { model, is_final: is_final(indicator), has_ended: true })
}

/// The same for windows that may not have ended: a row that is still to come may lie in the window.
#[must_use]
pub fn going_on(model: &Model, indicator: &Indicator) -> Indicator {
    opened(indicator, &Open { model, is_final: is_final(indicator), has_ended: false })
}

fn opened(indicator: &Indicator, open: &Open) -> Indicator {
    // Its conditions say it themselves.
    let mut of = Indicator { as_it_stands: false, ..indicator.clone() };
    of.cohort.condition = open.expr(&of.cohort.condition);
    of.exclusions.iter_mut().for_each(|exclusion| exclusion.condition = open.expr(&exclusion.condition));
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
    Open { model, is_final: is_final(indicator), has_ended: true }.expr(e)
}

struct Open<'a> {
    model: &'a Model,
    /// Whether the window is final: then nothing that is still open matters.
    is_final: Expr,
    /// Whether the window has ended.
    has_ended: bool,
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

impl Open<'_> {
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
            // What is missing may still come.
            ExprKind::IsMissing(value) if !self.has_ended && value.missing == Missing::OpenEnd => {
                and(vec![e.clone(), or(vec![self.is_final.clone(), unknown()])])
            }
            // The end may come within the window, as long as the window goes on.
            ExprKind::InWindow(day) if !self.has_ended && day.missing == Missing::OpenEnd => {
                let since = compare(CompareOp::Ge, (**day).clone(), window_point(WindowPoint::Start));
                let through = compare(CompareOp::Le, (**day).clone(), window_point(WindowPoint::LastDay));
                self.expr(&and(vec![since, through]))
            }
            _ => {
                let chosen = self.chosen(e);
                self.unless_a_row_comes(chosen.clone(), values_of_rows(&chosen))
            }
        }
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
        let missing = if e.missing == Missing::Never && chooses(e) { Missing::Unknown } else { e.missing };
        Expr { kind: e.kind_with(&inside), missing, ..*e }
    }

    fn compared(&self, op: CompareOp, left: &Expr, right: &Expr) -> Expr {
        let mut said = compare(op, left.clone(), right.clone());
        for (op, open, other) in [(op, left, right), (op.flipped(), right, left)] {
            if open.missing == Missing::OpenEnd && matches!(open.ty, Ty::Date | Ty::Timestamp) {
                said = self.unless_open(said, op, open, other);
            }
        }
        self.unless_a_row_comes(said, values_of_rows(left).into_iter().chain(values_of_rows(right)))
    }

    /// The value of `said`, but unknown where a row may still come that one of these values is made
    /// of.
    fn unless_a_row_comes<'e>(&self, mut said: Expr, made_of: impl IntoIterator<Item = &'e LinkedQuery>) -> Expr {
        for q in made_of {
            if let Some(may) = self.may_come(q) {
                let settled = or(vec![not(may.clone()), unknown()]);
                said = or(vec![and(vec![said, settled]), and(vec![may, unknown()])]);
            }
        }
        said
    }

    /// The value of `said`, but unknown where one side is an open end and the other lies after the
    /// as-of day. The open side is the left side of `op`.
    fn unless_open(&self, said: Expr, op: CompareOp, open: &Expr, other: &Expr) -> Expr {
        let day = Expr { missing: Missing::Unknown, ..open.clone() };
        // True where the day is there, and unknown where it is open.
        let is_there = compare(CompareOp::Eq, day.clone(), day);
        let of_day = match other.ty {
            Ty::Timestamp => {
                let kind = ExprKind::Call { function: Function::DayOf, of: vec![other.clone()] };
                Expr { kind, ty: Ty::Date, missing: other.missing, at: At::default() }
            }
            _ => other.clone(),
        };
        let has_come = match (self.has_ended, soonest(open)) {
            (true, _) => compare(CompareOp::Le, of_day, as_of()),
            (false, Some(soonest)) => compare(CompareOp::Lt, of_day, soonest),
            (false, None) => never(),
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
        let table = self.model.table(q.table);
        let may = || vec![self.of_a_row_to_come(&q.condition, q), not(self.is_final.clone()), unknown()];
        (table.fed && table.is_dated()).then(|| and(may()))
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
        ExprKind::Column { .. } => Some(day_after()),
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

/// A value that is counted or chosen among rows by something that may still be open: it is taken as
/// known, though what is open may change it. `None` where there is no such value.
#[must_use]
pub fn value_of_open_rows(indicator: &Indicator) -> Option<&LinkedQuery> {
    let reads_open = |e: &Expr| e.has(&|e| e.missing == Missing::OpenEnd);
    let conditions = [&indicator.cohort.condition].into_iter();
    let conditions = conditions.chain(indicator.exclusions.iter().map(|exclusion| &exclusion.condition));
    let mut found = None;
    for e in conditions.chain(indicator.measure.expressions()) {
        e.walk(&mut |e| {
            if let ExprKind::Linked(q) = &e.kind
                && q.ask != Ask::Exists
                && q.ask.values().into_iter().chain([&q.condition]).any(reads_open)
            {
                found = Some(&**q);
            }
        });
    }
    found
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
