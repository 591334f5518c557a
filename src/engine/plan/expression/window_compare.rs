//! Days that move with the window, compared in all windows at once.
//!
//! [`reached`] finds the position of a day among the points of all windows in one step. A day that
//! is made of such a point and of values of the row is taken apart until only such steps are left.
//! For example, a day precedes the earliest of several days when it precedes each of them; and
//! twelve months have passed since a day when the day twelve months later has come. What cannot be
//! taken apart is evaluated window by window (`truth`).

use crate::plan::analysis::{points, sides};
use crate::plan::expression::lower::{comparable, lower};
use crate::plan::expression::scope::Scope;
use crate::plan::functions::add_period::months_in;
use crate::plan::functions::anniversary::ANNIVERSARY;
use crate::plan::functions::date;
use crate::plan::functions::least_greatest::extreme;
use crate::plan::functions::windows_reached::{reached, reached_moved};
use crate::plan::window_set::{all, by_order, not};
use chrono::NaiveDate;
use datafusion::arrow::datatypes::DataType;
use datafusion::error::Result;
use datafusion::logical_expr::{Expr, cast, lit, when};
use yardstick_language::calendar::add_days;
use yardstick_language::functions::counts;
use yardstick_language::ir::{CompareOp, Expr as IrExpr, ExprKind, Function, Missing, Ty};
use yardstick_language::model::Counted;

/// The windows in which a comparison holds, missing where it is unknown; `None` when it is not
/// one of a day or number of the row with a day that moves with the window, or with the time up
/// to it.
pub(in crate::plan) fn compared(
    scope: &Scope<'_>,
    op: CompareOp,
    left: &IrExpr,
    right: &IrExpr,
) -> Result<Option<Expr>> {
    let Some((op, fixed, moving)) = sides(op, left, right) else { return Ok(None) };
    // Whether the fixed side is at most the moving one, and whether it is less.
    let (at_most, less) = match &moving.kind {
        _ if fixed.ty == Ty::Date => {
            let day = comparable(scope, fixed)?;
            (until(scope, day.clone(), moving, false)?, until(scope, day, moving, true)?)
        }
        ExprKind::Call { function, of } if counts(*function).is_some_and(Counted::moves_days) => {
            let [from, to] = of.as_slice() else { return Ok(None) };
            if from.uses_window() {
                return Ok(None);
            }
            // From a day to another it is so many months when the day so many months later is
            // not after the other.
            let complete = |more| -> Result<Expr> {
                let number = cast(lower(scope, fixed)?, DataType::Int64);
                Ok(ANNIVERSARY.call(vec![lower(scope, from)?, number, lit(months_in(moving.ty)), lit(more)]))
            };
            (until(scope, complete(0_i64)?, to, false)?, until(scope, complete(1_i64)?, to, false)?)
        }
        _ => return Ok(None),
    };
    let Some((at_most, less)) = at_most.zip(less) else { return Ok(None) };
    Ok(Some(by_order(op, at_most, less, scope.windows)))
}

/// The windows in which a day of the row is not after a moving day (`before`: is before it),
/// missing where that is unknown. `None` when the moving day cannot be taken apart.
fn until(scope: &Scope<'_>, day: Expr, moving: &IrExpr, before: bool) -> Result<Option<Expr>> {
    let windows = scope.windows;
    if moving.missing == Missing::OpenEnd {
        return Ok(None);
    }
    if let Some(points) = points(moving, windows) {
        let next = |points: Vec<NaiveDate>| points.into_iter().map(|p| add_days(p, 1)).collect();
        let passed: Option<Vec<NaiveDate>> = if before { Some(points) } else { next(points) };
        return Ok(passed.map(|passed| not(reached(day, &passed), windows)));
    }
    match &moving.kind {
        ExprKind::Shift { date, months: 0, days, minutes: 0 } => {
            let earlier = date::shift(day, Ty::Date, 0, -days, 0);
            until(scope, earlier, date, before)
        }
        ExprKind::Move { date, by, back } if !by.uses_window() => {
            let Some(points) = points(date, windows) else { return Ok(None) };
            let passed = if before { day } else { date::shift(day, Ty::Date, 0, -1, 0) };
            let passed = reached_moved(passed, lower(scope, by)?, by.ty, *back, &points);
            Ok(Some(not(passed, windows)))
        }
        ExprKind::Call { function, of } => {
            let Some(latest) = never_open(*function, of) else { return Ok(None) };
            let mut all_parts: Option<Expr> = None;
            for part in of {
                let Some(part) = until_part(scope, day.clone(), part, before)? else { return Ok(None) };
                all_parts = Some(match all_parts {
                    None => part,
                    Some(others) if latest => others | part,
                    Some(others) => others & part,
                });
            }
            Ok(all_parts)
        }
        _ => Ok(None),
    }
}

/// Whether it is the latest of some days rather than the earliest; `None` when it is neither, or
/// may be an open end. The latest is one when one of the days is; the earliest, with a point of the
/// window among them, never.
fn never_open(function: Function, of: &[IrExpr]) -> Option<bool> {
    match function {
        Function::Earliest => Some(false),
        Function::Latest if of.iter().all(|e| e.missing != Missing::OpenEnd) => Some(true),
        Function::Latest
        | Function::DayOf
        | Function::WeekdayOf
        | Function::MonthOf
        | Function::YearOf
        | Function::DaysBetween
        | Function::BusinessDaysBetween
        | Function::MonthsBetween
        | Function::YearsBetween
        | Function::HoursBetween
        | Function::MinutesBetween
        | Function::FirstKnown
        | Function::Plus
        | Function::Minus
        | Function::Times
        | Function::IfElse => None,
    }
}

/// As [`until`], of a day that need not move.
fn until_part(scope: &Scope<'_>, day: Expr, part: &IrExpr, before: bool) -> Result<Option<Expr>> {
    if part.uses_window() {
        return until(scope, day, part, before);
    }
    let part = comparable(scope, part)?;
    let holds = if before { day.lt(part) } else { day.lt_eq(part) };
    Ok(Some(when(holds.clone(), lit(all(scope.windows))).when(!holds, lit(0_i64)).end()?))
}

/// A moving day that is a point of the window, but not after (or, when `latest`, not before) a day
/// of the row, where there is one.
#[derive(Debug)]
pub(in crate::plan) struct Clipped {
    pub(in crate::plan) points: Vec<NaiveDate>,
    pub(in crate::plan) by: Option<Expr>,
    pub(in crate::plan) latest: bool,
}

/// A moving day as a point and a day of the row; `None` when it is something else.
pub(in crate::plan) fn clipped(scope: &Scope<'_>, moving: &IrExpr) -> Result<Option<Clipped>> {
    let windows = scope.windows;
    if moving.missing == Missing::OpenEnd {
        return Ok(None);
    }
    if let Some(points) = points(moving, windows) {
        return Ok(Some(Clipped { points, by: None, latest: false }));
    }
    match &moving.kind {
        ExprKind::Shift { date, months: 0, days, minutes: 0 } => {
            let Some(Clipped { points, by, latest }) = clipped(scope, date)? else { return Ok(None) };
            let points: Option<Vec<_>> = points.into_iter().map(|p| add_days(p, i64::from(*days))).collect();
            let by = by.map(|by| date::shift(by, Ty::Date, 0, *days, 0));
            Ok(points.map(|points| Clipped { points, by, latest }))
        }
        ExprKind::Call { function, of } => {
            let Some(latest) = never_open(*function, of) else { return Ok(None) };
            let (mut together, mut by): (Option<Vec<NaiveDate>>, Option<Expr>) = (None, None);
            for part in of {
                if !part.uses_window() {
                    let part = comparable(scope, part)?;
                    by = Some(match by {
                        None => part,
                        Some(by) => extreme(latest, Ty::Date, by, part),
                    });
                    continue;
                }
                let Some(points) = points(part, windows) else { return Ok(None) };
                together = Some(match together {
                    None => points,
                    Some(others) => {
                        let both = others.into_iter().zip(points);
                        both.map(|(a, b)| if latest { a.max(b) } else { a.min(b) }).collect()
                    }
                });
            }
            Ok(together.map(|points| Clipped { points, latest: latest && by.is_some(), by }))
        }
        _ => Ok(None),
    }
}
