//! Days that move with the window, compared in all windows at once.
//!
//! Where a day lies among the points of the windows is one look ([`reached`]). Days made of such a
//! point and of the row's own values are taken apart until only such looks are left: a day is
//! before the earliest of several when it is before each of them, and twelve months have passed
//! since a day when the day twelve months after it has come. What cannot be taken apart is asked
//! window by window (`truth`).

use crate::plan::analysis::{points, sides};
use crate::plan::expression::lower::Lower;
use crate::plan::functions::anniversary::ANNIVERSARY;
use crate::plan::functions::date;
use crate::plan::functions::extreme::extreme;
use crate::plan::functions::moved::months_in;
use crate::plan::functions::reached::{reached, reached_moved};
use crate::plan::window_set::{all, by_order, not};
use chrono::NaiveDate;
use datafusion::arrow::datatypes::DataType;
use datafusion::error::Result;
use datafusion::logical_expr::{Expr, cast, lit, when};
use yardstick_language::calendar::{Window, add_days};
use yardstick_language::functions::counts;
use yardstick_language::ir::{CompareOp, Expr as IrExpr, ExprKind, Function, Missing, Ty};

impl Lower<'_> {
    /// The windows in which a comparison holds, missing where it is unknown; `None` when it is not
    /// one of a day or number of the row with a day that moves with the window, or with the time up
    /// to it.
    pub(in crate::plan) fn compared(
        &self,
        op: CompareOp,
        left: &IrExpr,
        right: &IrExpr,
        windows: &[Window],
    ) -> Result<Option<Expr>> {
        let Some((op, fixed, moving)) = sides(op, left, right) else { return Ok(None) };
        // Whether the fixed side is at most the moving one, and whether it is less.
        let (at_most, less) = match &moving.kind {
            _ if fixed.ty == Ty::Date => {
                let day = self.comparable(fixed)?;
                (self.until(day.clone(), moving, false, windows)?, self.until(day, moving, true, windows)?)
            }
            ExprKind::Call { function, of } if counts(*function).is_some() && !uses_window(of.first()) => {
                let [from, to] = of.as_slice() else { return Ok(None) };
                // From a day to another it is so many months when the day so many months later is
                // not after the other.
                let complete = |more| -> Result<Expr> {
                    let number = cast(self.expr(fixed)?, DataType::Int64);
                    Ok(ANNIVERSARY.call(vec![self.expr(from)?, number, lit(months_in(moving.ty)), lit(more)]))
                };
                (self.until(complete(0_i64)?, to, false, windows)?, self.until(complete(1_i64)?, to, false, windows)?)
            }
            _ => return Ok(None),
        };
        let Some((at_most, less)) = at_most.zip(less) else { return Ok(None) };
        Ok(Some(by_order(op, at_most, less, windows)))
    }

    /// The windows in which a day of the row is not after a moving day (`before`: is before it),
    /// missing where that is unknown. `None` when the moving day cannot be taken apart.
    fn until(&self, day: Expr, moving: &IrExpr, before: bool, windows: &[Window]) -> Result<Option<Expr>> {
        if moving.missing == Missing::OpenEnd {
            return Ok(None);
        }
        if let Some(points) = points(moving, windows) {
            let next = |points: Vec<NaiveDate>| points.into_iter().map(|p| add_days(p, 1)).collect();
            let passed: Option<Vec<NaiveDate>> = if before { Some(points) } else { next(points) };
            return Ok(passed.map(|passed| not(reached(day, &passed), windows)));
        }
        match &moving.kind {
            ExprKind::Shift { date, months: 0, days, hours: 0 } => {
                let earlier = date::shift(day, Ty::Date, 0, -days, 0);
                self.until(earlier, date, before, windows)
            }
            ExprKind::Move { date, by, back } if !by.uses_window() => {
                let Some(points) = points(date, windows) else { return Ok(None) };
                let passed = if before { day } else { date::shift(day, Ty::Date, 0, -1, 0) };
                let passed = reached_moved(passed, self.expr(by)?, by.ty, *back, &points);
                Ok(Some(not(passed, windows)))
            }
            ExprKind::Call { function, of } => {
                let Some(latest) = never_open(*function, of) else { return Ok(None) };
                let mut all_parts: Option<Expr> = None;
                for part in of {
                    let Some(part) = self.until_part(day.clone(), part, before, windows)? else { return Ok(None) };
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

    /// As [`Lower::until`], of a day that need not move.
    fn until_part(&self, day: Expr, part: &IrExpr, before: bool, windows: &[Window]) -> Result<Option<Expr>> {
        if part.uses_window() {
            return self.until(day, part, before, windows);
        }
        let part = self.comparable(part)?;
        let holds = if before { day.lt(part) } else { day.lt_eq(part) };
        Ok(Some(when(holds.clone(), lit(all(windows))).when(!holds, lit(0_i64)).end()?))
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
        | Function::DaysBetween
        | Function::MonthsBetween
        | Function::YearsBetween
        | Function::FirstKnown => None,
    }
}

fn uses_window(e: Option<&IrExpr>) -> bool {
    e.is_some_and(IrExpr::uses_window)
}

/// A moving day that is a point of the window, but not after (or, when `latest`, not before) a day
/// of the row, where there is one.
#[derive(Debug)]
pub(in crate::plan) struct Clipped {
    pub(in crate::plan) points: Vec<NaiveDate>,
    pub(in crate::plan) by: Option<Expr>,
    pub(in crate::plan) latest: bool,
}

impl Lower<'_> {
    /// A moving day as a point and a day of the row; `None` when it is something else.
    pub(in crate::plan) fn clipped(&self, moving: &IrExpr, windows: &[Window]) -> Result<Option<Clipped>> {
        if moving.missing == Missing::OpenEnd {
            return Ok(None);
        }
        if let Some(points) = points(moving, windows) {
            return Ok(Some(Clipped { points, by: None, latest: false }));
        }
        match &moving.kind {
            ExprKind::Shift { date, months: 0, days, hours: 0 } => {
                let Some(Clipped { points, by, latest }) = self.clipped(date, windows)? else { return Ok(None) };
                let points: Option<Vec<_>> = points.into_iter().map(|p| add_days(p, i64::from(*days))).collect();
                let by = by.map(|by| date::shift(by, Ty::Date, 0, *days, 0));
                Ok(points.map(|points| Clipped { points, by, latest }))
            }
            ExprKind::Call { function, of } => {
                let Some(latest) = never_open(*function, of) else { return Ok(None) };
                let (mut together, mut by): (Option<Vec<NaiveDate>>, Option<Expr>) = (None, None);
                for part in of {
                    if !part.uses_window() {
                        let part = self.comparable(part)?;
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
}
