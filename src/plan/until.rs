//! The time until something happens, of rows for which it may not have happened yet.

use super::answer::Build;
use crate::ir::{CompareOp, Expr as IrExpr, ExprKind, Missing, Ty};
use crate::model::Counted;
use datafusion::error::Result;
use datafusion::logical_expr::{Expr, when};

impl Build<'_> {
    /// Whether it has happened by the as-of date, and the time until then; where it has not, the time until the day after the as-of
    /// date. Both are missing where the first day is.
    pub(super) fn until(&self, unit: Counted, from: &IrExpr, to: &IrExpr) -> Result<(Expr, Expr)> {
        let as_of = IrExpr { kind: ExprKind::AsOf, ty: Ty::Date, missing: Missing::Never };
        let kind = ExprKind::Compare { op: CompareOp::Le, left: to.clone().into(), right: as_of.clone().into() };
        let happened = self.value(&IrExpr { kind, ty: Ty::Bool, missing: Missing::Never })?;
        let kind = ExprKind::Shift { date: as_of.into(), months: 0, days: 1, hours: 0 };
        let after = IrExpr { kind, ty: Ty::Date, missing: Missing::Never };
        // An open end is later than every day, so the earlier of the two is never one.
        let kind = ExprKind::Extreme { latest: false, of: vec![to.clone(), after] };
        let end = IrExpr { kind, ty: Ty::Date, missing: Missing::Never };
        let time = self.value(&between(unit, from.clone(), end))?;
        Ok((when(time.clone().is_not_null(), happened).end()?, time))
    }
}

fn between(unit: Counted, from: IrExpr, to: IrExpr) -> IrExpr {
    let missing = from.missing;
    let (from, to) = (Box::new(from), Box::new(to));
    let (kind, ty) = match unit {
        Counted::Days => (ExprKind::DaysBetween(from, to), Ty::Days),
        Counted::Months => (ExprKind::MonthsBetween(from, to), Ty::Months),
        Counted::Years => (ExprKind::YearsBetween(from, to), Ty::Years),
    };
    IrExpr { kind, ty, missing }
}
