//! In which windows a condition holds: comparisons with a day that moves with the window give a set
//! at once (`moving`), other conditions are asked window by window.

use crate::plan::analysis::counted;
use crate::plan::columns::set_names;
use crate::plan::expression::lower::Lower;
use crate::plan::functions::coalesce::coalesce;
use crate::plan::functions::reached::reached;
use crate::plan::window_set::{all, not, only};
use datafusion::error::Result;
use datafusion::logical_expr::{Expr, ident, lit, when};
use yardstick_language::calendar::Window;
use yardstick_language::ir::{Expr as IrExpr, ExprKind, Ty};

/// The windows in which a condition is true, and those in which it is false.
#[derive(Debug, Clone)]
pub(in crate::plan) struct Truth {
    pub(in crate::plan) yes: Expr,
    pub(in crate::plan) no: Expr,
}

impl Truth {
    fn and(self, other: Self) -> Self {
        Self { yes: self.yes & other.yes, no: self.no | other.no }
    }

    fn turned(self) -> Self {
        Self { yes: self.no, no: self.yes }
    }
}

impl Lower<'_> {
    /// In which windows the condition is true and false; `windows` are numbered as they stand.
    pub(in crate::plan) fn truth(&self, e: &IrExpr, windows: &[Window]) -> Result<Truth> {
        if !e.uses_window() {
            let holds = self.expr(e)?;
            let everywhere = |c: Expr| when(c, lit(all(windows))).otherwise(lit(0_i64));
            return Ok(Truth { yes: everywhere(holds.clone())?, no: everywhere(!holds)? });
        }
        match &e.kind {
            ExprKind::And(conditions) => self.truth_of_all(&conditions.iter().collect::<Vec<_>>(), windows),
            ExprKind::Or(conditions) => {
                let mut none = Truth { yes: lit(all(windows)), no: lit(0_i64) };
                for condition in conditions {
                    none = none.and(self.truth(condition, windows)?.turned());
                }
                Ok(none.turned())
            }
            ExprKind::Not(inner) => Ok(self.truth(inner, windows)?.turned()),
            ExprKind::Some(q) => {
                let (yes, no) = set_names(q);
                Ok(Truth { yes: ident(yes), no: ident(no) })
            }
            ExprKind::InWindow(day) if day.ty == Ty::Date && !day.uses_window() => {
                let day = self.comparable(day)?;
                let starts: Vec<_> = windows.iter().map(|w| w.start).collect();
                let ends: Vec<_> = windows.iter().map(|w| w.end).collect();
                Ok(known(reached(day.clone(), &starts) & not(reached(day, &ends), windows), windows))
            }
            ExprKind::Compare { op, left, right } => {
                if let Some(count) = counted(e).filter(|_| self.lists) {
                    return Ok(self.counted(&count, windows));
                }
                match self.compared(*op, left, right, windows)? {
                    Some(set) => Ok(known(set, windows)),
                    None => self.one_by_one(e, windows),
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
            | ExprKind::Elsewhere(_) => self.one_by_one(e, windows),
        }
    }

    /// In which windows all conditions together are true and false.
    pub(in crate::plan) fn truth_of_all(&self, conditions: &[&IrExpr], windows: &[Window]) -> Result<Truth> {
        let mut together = Truth { yes: lit(all(windows)), no: lit(0_i64) };
        for condition in conditions {
            together = together.and(self.truth(condition, windows)?);
        }
        Ok(together)
    }

    /// Any condition: it is asked in each window by itself.
    fn one_by_one(&self, e: &IrExpr, windows: &[Window]) -> Result<Truth> {
        let mut truth = Truth { yes: lit(0_i64), no: lit(0_i64) };
        for (n, window) in windows.iter().enumerate() {
            let holds = self.expr_in(e, n, *window)?;
            let here = |c: Expr| when(c, lit(only(n))).otherwise(lit(0_i64));
            truth = Truth { yes: truth.yes | here(holds.clone())?, no: truth.no | here(!holds)? };
        }
        Ok(truth)
    }
}

/// A condition that is true in the windows of the set and false in the others, or unknown
/// everywhere when the set is missing.
fn known(set: Expr, windows: &[Window]) -> Truth {
    let or_none = |set| coalesce(vec![set, lit(0_i64)]);
    Truth { yes: or_none(set.clone()), no: or_none(not(set, windows)) }
}
