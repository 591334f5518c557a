//! In which windows a condition holds. Comparisons with a day that moves with the window give a set
//! at once (`window_compare`); other conditions are evaluated window by window.

use crate::plan::analysis::count_threshold;
use crate::plan::columns::set_names;
use crate::plan::expression::count_compare::counted_in;
use crate::plan::expression::lower::{balanced, comparable, lower, lower_in};
use crate::plan::expression::scope::Scope;
use crate::plan::expression::window_compare::compared;
use crate::plan::functions::coalesce::coalesce;
use crate::plan::functions::windows_reached::reached;
use crate::plan::window_set::{all, not, only};
use datafusion::error::Result;
use datafusion::logical_expr::{Expr, ident, lit, when};
use yardstick_language::calendar::Window;
use yardstick_language::ir::{Ask, Expr as IrExpr, ExprKind, Ty};

/// The windows in which a condition is true, and those in which it is false.
#[derive(Debug, Clone)]
pub(in crate::plan) struct Truth {
    pub(in crate::plan) yes: Expr,
    pub(in crate::plan) no: Expr,
}

impl Truth {
    fn turned(self) -> Self {
        Self { yes: self.no, no: self.yes }
    }
}

/// In which windows the condition is true and false.
pub(in crate::plan) fn truth(scope: &Scope<'_>, e: &IrExpr) -> Result<Truth> {
    let windows = scope.windows;
    if !e.uses_window() {
        let holds = lower(scope, e)?;
        let everywhere = |c: Expr| when(c, lit(all(windows))).otherwise(lit(0_i64));
        return Ok(Truth { yes: everywhere(holds.clone())?, no: everywhere(!holds)? });
    }
    match &e.kind {
        ExprKind::And(conditions) => truth_of_all(scope, &conditions.iter().collect::<Vec<_>>()),
        ExprKind::Or(conditions) => {
            let each = conditions.iter().map(|e| Ok(truth(scope, e)?.turned())).collect::<Result<_>>()?;
            Ok(together(scope, each).turned())
        }
        ExprKind::Not(inner) => Ok(truth(scope, inner)?.turned()),
        ExprKind::Linked(q) if q.ask == Ask::Exists => {
            let (yes, no) = set_names(q);
            Ok(Truth { yes: ident(yes), no: ident(no) })
        }
        ExprKind::InWindow(day) if day.ty == Ty::Date && !day.uses_window() => {
            let day = comparable(scope, day)?;
            let starts: Vec<_> = windows.iter().map(|w| w.start).collect();
            let ends: Vec<_> = windows.iter().map(|w| w.end).collect();
            Ok(known(reached(day.clone(), &starts) & not(reached(day, &ends), windows), windows))
        }
        ExprKind::Compare { op, left, right } => {
            if let Some(count) = count_threshold(e).filter(|_| scope.has_lists()) {
                return Ok(counted_in(&count, windows));
            }
            match compared(scope, *op, left, right)? {
                Some(set) => Ok(known(set, windows)),
                None => one_by_one(scope, e),
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
        | ExprKind::InCodes { .. }
        | ExprKind::InWindow(_)
        | ExprKind::IsMissing(_)
        | ExprKind::Shift { .. }
        | ExprKind::BusinessDay { .. }
        | ExprKind::Move { .. }
        | ExprKind::Call { .. }
        | ExprKind::Linked(_)
        | ExprKind::Elsewhere(_) => one_by_one(scope, e),
    }
}

/// In which windows all conditions together are true and false.
pub(in crate::plan) fn truth_of_all(scope: &Scope<'_>, conditions: &[&IrExpr]) -> Result<Truth> {
    let each = conditions.iter().map(|e| truth(scope, e)).collect::<Result<_>>()?;
    Ok(together(scope, each))
}

/// In which windows all are true and false.
fn together(scope: &Scope<'_>, each: Vec<Truth>) -> Truth {
    let none = Truth { yes: lit(all(scope.windows)), no: lit(0_i64) };
    let all: (Vec<Expr>, Vec<Expr>) = std::iter::once(none.clone()).chain(each).map(|t| (t.yes, t.no)).unzip();
    let joined = |all, by| balanced(all, by).unwrap_or_else(|| none.yes.clone());
    Truth { yes: joined(all.0, |a, b| a & b), no: joined(all.1, |a, b| a | b) }
}

/// Any condition, evaluated in each window by itself.
fn one_by_one(scope: &Scope<'_>, e: &IrExpr) -> Result<Truth> {
    let mut truth = Truth { yes: lit(0_i64), no: lit(0_i64) };
    for (n, window) in scope.windows.iter().enumerate() {
        let holds = lower_in(scope, e, n, *window)?;
        let here = |c: Expr| when(c, lit(only(n))).otherwise(lit(0_i64));
        truth = Truth { yes: truth.yes | here(holds.clone())?, no: truth.no | here(!holds)? };
    }
    Ok(truth)
}

/// A condition that is true in the windows of the set and false in the others, or unknown
/// everywhere when the set is missing.
fn known(set: Expr, windows: &[Window]) -> Truth {
    let or_none = |set| coalesce(vec![set, lit(0_i64)]);
    Truth { yes: or_none(set.clone()), no: or_none(not(set, windows)) }
}
