//! What a number or a day is in each window.

use super::lower::Lower;
use crate::plan::analysis::uses_window;
use crate::plan::functions::window_list::{in_each_of, number, repeated};
use datafusion::error::Result;
use datafusion::logical_expr::Expr;
use yardstick_language::calendar::Window;
use yardstick_language::ir::{Ask, Expr as IrExpr, ExprKind, Quantified};

impl Lower<'_> {
    /// Whether the answer of a quantifier that no condition compares at once (see `counted`) is a
    /// list of what it is in each window.
    pub(in crate::plan) fn in_lists(&self, q: &Quantified) -> bool {
        self.lists && q.ask != Ask::Some && uses_window(q)
    }

    /// The value in each window; of a number or a day.
    pub(in crate::plan) fn in_each(&self, e: &IrExpr, windows: &[Window]) -> Result<Expr> {
        if let ExprKind::Some(q) = &e.kind
            && self.in_lists(q)
        {
            return self.expr(e);
        }
        if !e.uses_window() {
            return Ok(repeated(number(self.expr(e)?, e.ty), windows.len()));
        }
        let in_each = |(n, window): (usize, &Window)| Ok(number(self.expr_in(e, n, *window)?, e.ty));
        let values = windows.iter().enumerate().map(in_each).collect::<Result<Vec<_>>>()?;
        Ok(in_each_of(values, windows.len()))
    }
}
