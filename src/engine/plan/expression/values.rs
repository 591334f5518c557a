//! What a number or a day is in each window.

use crate::plan::expression::lower::{lower, lower_in};
use crate::plan::expression::scope::Scope;
use crate::plan::functions::window_list::{in_each_of, number, repeated};
use datafusion::error::Result;
use datafusion::logical_expr::Expr;
use yardstick_language::calendar::Window;
use yardstick_language::ir::{Expr as IrExpr, ExprKind};

/// The value in each window; of a number or a day.
pub(in crate::plan) fn in_each(scope: &Scope<'_>, e: &IrExpr) -> Result<Expr> {
    let windows = scope.windows;
    if let ExprKind::Linked(q) = &e.kind
        && scope.in_lists(q)
    {
        return lower(scope, e);
    }
    if !e.uses_window() {
        return Ok(repeated(number(lower(scope, e)?, e.ty), windows.len()));
    }
    let in_each = |(n, window): (usize, &Window)| Ok(number(lower_in(scope, e, n, *window)?, e.ty));
    let values = windows.iter().enumerate().map(in_each).collect::<Result<Vec<_>>>()?;
    Ok(in_each_of(values, windows.len()))
}
