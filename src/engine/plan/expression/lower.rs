//! IR expressions to DataFusion expressions, missing values and open ends included (see
//! `ir::ExprKind`).

use crate::plan::analysis::{outermost, uses_window};
use crate::plan::columns::{answer_name, elsewhere_name, set_names};
use crate::plan::expression::scope::Scope;
use crate::plan::functions::add_period::moved;
use crate::plan::functions::arithmetic::{added, multiplied, subtracted};
use crate::plan::functions::business_day::business_day;
use crate::plan::functions::business_days_between::business_days_between;
use crate::plan::functions::clock::elapsed;
use crate::plan::functions::coalesce::coalesce;
use crate::plan::functions::date;
use crate::plan::functions::day_of::day_of;
use crate::plan::functions::if_else::if_else;
use crate::plan::functions::least_greatest::extreme;
use crate::plan::functions::month_of::month_of;
use crate::plan::functions::months_between::{months_between, years_between};
use crate::plan::functions::optimizer_fence::kept;
use crate::plan::functions::weekday_of::weekday_of;
use crate::plan::functions::window_list::in_window;
use crate::plan::functions::year_of::year_of;
use crate::plan::window_set::only;
use datafusion::error::{DataFusionError, Result};
use datafusion::logical_expr::{Expr, ident, lit, when};
use datafusion::scalar::ScalarValue;
use yardstick_language::calendar::Window;
use yardstick_language::ir::{
    Ask, CompareOp, Expr as IrExpr, ExprKind, Function, LinkedQuery, Missing, Ty, WindowPoint,
};
use yardstick_language::model::BusinessDays;

/// Lists of conditions that people write are shorter.
const LONG: usize = 16;

fn wrong_number() -> DataFusionError {
    DataFusionError::Internal("a function has another number of values".to_owned())
}

/// Joins expressions two by two: the engine walks trees by recursion, and a long list, joined one
/// after the other, would be as deep as it is long. Short lists are joined in their order.
pub(in crate::plan) fn balanced(mut all: Vec<Expr>, by: fn(Expr, Expr) -> Expr) -> Option<Expr> {
    while all.len() > LONG {
        let mut rest = all.into_iter();
        let mut halved = Vec::new();
        while let Some(one) = rest.next() {
            halved.push(match rest.next() {
                Some(other) => by(one, other),
                None => one,
            });
        }
        all = halved;
    }
    all.into_iter().reduce(by)
}

/// A value that is missing.
fn nothing(ty: Ty) -> Expr {
    let nothing = match ty {
        Ty::Bool => ScalarValue::Boolean(None),
        Ty::Int | Ty::Decimal(_) | Ty::Length(_) => ScalarValue::Int64(None),
        Ty::Text => ScalarValue::Utf8(None),
        Ty::Date => ScalarValue::Date32(None),
        Ty::Timestamp => ScalarValue::TimestampSecond(None, None),
        Ty::Code(..) | Ty::Row(_) => ScalarValue::Int32(None),
    };
    Expr::Literal(nothing, None)
}

/// The expression over flat columns; quantifiers stand for their answer columns, and points of the
/// window for those of the row's window (see `split_by_window`).
pub(in crate::plan) fn lower(scope: &Scope<'_>, e: &IrExpr) -> Result<Expr> {
    Moment { scope, window: None }.expr(e)
}

/// The expression in one window, number `n`.
pub(in crate::plan) fn lower_in(scope: &Scope<'_>, e: &IrExpr, n: usize, window: Window) -> Result<Expr> {
    Moment { scope, window: Some((n, window)) }.expr(e)
}

/// A value in the row's window, or in the only one there is.
pub(in crate::plan) fn value(scope: &Scope<'_>, e: &IrExpr) -> Result<Expr> {
    match scope.windows {
        [window] if !scope.is_split => lower_in(scope, e, 0, *window),
        _ => lower(scope, e),
    }
}

/// A side of a comparison, an open end read as the last of days.
pub(in crate::plan) fn comparable(scope: &Scope<'_>, e: &IrExpr) -> Result<Expr> {
    Moment { scope, window: None }.comparable(e)
}

/// Whether a value is missing because it is not known, in the row's window or in the only one there
/// is; an open end is known.
pub(in crate::plan) fn is_unknown(scope: &Scope<'_>, e: &IrExpr) -> Result<Expr> {
    let window = match scope.windows {
        [window] if !scope.is_split => Some((0, *window)),
        _ => None,
    };
    Ok(Moment { scope, window }.comparable(e)?.is_null())
}

/// Lowers expressions in a window, or where each row has its own.
#[derive(Clone, Copy)]
struct Moment<'l> {
    scope: &'l Scope<'l>,
    window: Option<(usize, Window)>,
}

impl Moment<'_> {
    fn expr(&self, e: &IrExpr) -> Result<Expr> {
        Ok(match &e.kind {
            ExprKind::Bool(b) => lit(*b),
            ExprKind::Int(n) => lit(*n),
            ExprKind::Text(t) => lit(t.as_str()),
            ExprKind::Date(d) => date::day(*d),
            ExprKind::Code(code) => lit(i32::from(*code)),
            ExprKind::Window(point) => self.point(*point),
            ExprKind::AsOf => date::day(self.scope.run.as_of),
            ExprKind::Column { row, links, column } => ident(self.scope.rows.column_name(*row, links, *column)),
            ExprKind::Row { row, links } => ident(self.scope.rows.row_name(*row, links)),
            ExprKind::And(all) => self.join(all, Expr::and)?,
            ExprKind::Or(all) => kept(self.join(all, Expr::or)?),
            ExprKind::Not(inner) => !self.expr(inner)?,
            ExprKind::Compare { op, left, right } => self.compare(*op, left, right)?,
            ExprKind::InCodes { value, codes } => {
                let codes = codes.iter().map(|c| lit(i32::from(*c))).collect();
                kept(self.expr(value)?.in_list(codes, false))
            }
            ExprKind::InWindow(day) => {
                let day = self.comparable(day)?;
                day.clone().gt_eq(self.point(WindowPoint::Start)).and(day.lt(self.point(WindowPoint::End)))
            }
            ExprKind::IsMissing(inner) => {
                let is_missing = self.expr(inner)?.is_null();
                self.unless_lost(inner, is_missing, Ty::Bool)?
            }
            ExprKind::Shift { date: inner, months, days, minutes } => {
                date::shift(self.expr(inner)?, inner.ty, *months, *days, *minutes)
            }
            ExprKind::BusinessDay { date: inner, days } => {
                business_day(self.expr(inner)?, *days, self.week()?, self.scope.run.holidays)
            }
            ExprKind::Move { date: inner, by, back } => moved(self.expr(inner)?, self.expr(by)?, by.ty, *back),
            ExprKind::Call { function, of } => self.call(*function, of, e.ty)?,
            ExprKind::Elsewhere(day) => {
                let asked = self.scope.elsewhere.iter().position(|d| *d == **day);
                let unasked = || DataFusionError::Internal("nobody asked where the row is held".to_owned());
                ident(elsewhere_name(asked.ok_or_else(unasked)?))
            }
            ExprKind::Linked(q) => self.answer(q, e.ty)?,
        })
    }

    /// The weekdays of work.
    fn week(&self) -> Result<&BusinessDays> {
        let undeclared = || DataFusionError::Internal("no business days are declared".to_owned());
        self.scope.business.as_ref().ok_or_else(undeclared)
    }

    /// A function of values.
    fn call(&self, function: Function, of: &[IrExpr], ty: Ty) -> Result<Expr> {
        match function {
            Function::DayOf => self.of_one(of, day_of),
            Function::WeekdayOf => self.of_one(of, weekday_of),
            Function::MonthOf => self.of_one(of, month_of),
            Function::YearOf => self.of_one(of, year_of),
            Function::DaysBetween => self.of_two(of, date::days_between),
            Function::MonthsBetween => self.of_two(of, months_between),
            Function::YearsBetween => self.of_two(of, years_between),
            Function::BusinessDaysBetween => {
                let (week, off) = (self.week()?, self.scope.run.holidays);
                self.of_two(of, |from, to| business_days_between(from, to, week, off))
            }
            Function::HoursBetween => self.of_two(of, |from, to| elapsed(from, to, 3_600)),
            Function::MinutesBetween => self.of_two(of, |from, to| elapsed(from, to, 60)),
            Function::Earliest => self.extreme(false, of),
            Function::Latest => self.extreme(true, of),
            Function::Plus => self.of_two(of, added),
            Function::Minus => self.of_two(of, subtracted),
            Function::Times => self.of_two(of, multiplied),
            Function::IfElse => {
                let [condition, then, otherwise] = of else { return Err(wrong_number()) };
                Ok(if_else(self.expr(condition)?, self.expr(then)?, self.expr(otherwise)?))
            }
            Function::FirstKnown if of.is_empty() => Ok(nothing(ty)),
            Function::FirstKnown if of.iter().any(|e| self.scope.rows.may_miss_rows(e)) => {
                of.iter().rev().try_fold(nothing(ty), |others, e| {
                    let value = self.expr(e)?;
                    Ok(coalesce(vec![value, self.unless_lost(e, others, ty)?]))
                })
            }
            Function::FirstKnown => Ok(coalesce(of.iter().map(|e| self.expr(e)).collect::<Result<_>>()?)),
        }
    }

    fn of_one(&self, of: &[IrExpr], function: fn(Expr) -> Expr) -> Result<Expr> {
        let [one] = of else { return Err(wrong_number()) };
        Ok(function(self.expr(one)?))
    }

    fn of_two(&self, of: &[IrExpr], function: impl Fn(Expr, Expr) -> Expr) -> Result<Expr> {
        let [from, to] = of else { return Err(wrong_number()) };
        Ok(function(self.expr(from)?, self.expr(to)?))
    }

    fn point(&self, point: WindowPoint) -> Expr {
        match (point, self.window) {
            (WindowPoint::Start, None) => ident("w.start"),
            (WindowPoint::End, None) => ident("w.end"),
            (WindowPoint::LastDay, None) => ident("w.last"),
            (WindowPoint::Start, Some((_, window))) => date::day(window.start),
            (WindowPoint::End, Some((_, window))) => date::day(window.end),
            (WindowPoint::LastDay, Some((_, window))) => date::day(window.last_day()),
        }
    }

    fn answer(&self, q: &LinkedQuery, ty: Ty) -> Result<Expr> {
        let answer = ident(answer_name(q));
        let Some((n, _)) = self.window.filter(|_| uses_window(q)) else { return Ok(answer) };
        if q.ask != Ask::Exists {
            return Ok(if self.scope.in_lists(q) { in_window(answer, n, ty) } else { answer });
        }
        let (yes, no) = set_names(q);
        let holds = |set: String| (ident(set) & lit(only(n))).not_eq(lit(0_i64));
        when(holds(yes), lit(true)).when(holds(no), lit(false)).end()
    }

    fn join(&self, all: &[IrExpr], by: fn(Expr, Expr) -> Expr) -> Result<Expr> {
        let all: Vec<Expr> = all.iter().map(|e| self.expr(e)).collect::<Result<_>>()?;
        Ok(balanced(all, by).unwrap_or_else(|| lit(true)))
    }

    fn comparable(&self, e: &IrExpr) -> Result<Expr> {
        let value = self.expr(e)?;
        if e.missing != Missing::OpenEnd {
            return Ok(value);
        }
        self.unless_lost(e, date::open_as_last(value, e.ty), e.ty)
    }

    /// What is read of a value, but nothing where the value is missing since a row that
    /// went may be among those it is made of.
    fn unless_lost(&self, e: &IrExpr, read: Expr, ty: Ty) -> Result<Expr> {
        let mut asked = Vec::new();
        outermost(e, &mut asked);
        asked.retain(|q| !self.scope.rows.went_of(q).is_empty());
        let lost = asked.into_iter().map(|q| match self.window.filter(|_| uses_window(q)) {
            Some((n, _)) => self.scope.lost(q) & lit(only(n)),
            None => self.scope.lost(q),
        });
        match lost.reduce(|one, other| one | other) {
            Some(lost) => when(lost.not_eq(lit(0_i64)).and(self.expr(e)?.is_null()), nothing(ty)).otherwise(read),
            None => Ok(read),
        }
    }

    fn compare(&self, op: CompareOp, left: &IrExpr, right: &IrExpr) -> Result<Expr> {
        let both_open = left.missing == Missing::OpenEnd && right.missing == Missing::OpenEnd;
        // Between two open ends only `Ne` holds: one side is read a day earlier where equality
        // would hold otherwise.
        let lower = |e: &IrExpr| -> Result<Expr> {
            match both_open {
                true => self.unless_lost(e, date::open_as_last_but_one(self.expr(e)?, e.ty), e.ty),
                false => self.comparable(e),
            }
        };
        Ok(match op {
            CompareOp::Eq => self.comparable(left)?.eq(lower(right)?),
            CompareOp::Ne => self.comparable(left)?.not_eq(lower(right)?),
            CompareOp::Lt => self.comparable(left)?.lt(self.comparable(right)?),
            CompareOp::Gt => self.comparable(left)?.gt(self.comparable(right)?),
            CompareOp::Le => self.comparable(left)?.lt_eq(lower(right)?),
            CompareOp::Ge => lower(left)?.gt_eq(self.comparable(right)?),
        })
    }

    fn extreme(&self, latest: bool, of: &[IrExpr]) -> Result<Expr> {
        let mut best: Option<Expr> = None;
        for e in of {
            let next = self.comparable(e)?;
            best = Some(match best {
                None => next,
                Some(best) => extreme(latest, e.ty, best, next),
            });
        }
        let best = best.unwrap_or_else(|| lit(ScalarValue::Date32(None)));
        let open = of.iter().find(|e| e.missing == Missing::OpenEnd);
        Ok(if let Some(e) = open { date::last_as_open(best, e.ty) } else { best })
    }
}
