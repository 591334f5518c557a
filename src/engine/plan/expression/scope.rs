//! What the expressions of one indicator are lowered in: its row variables, the run, the windows.

use crate::plan::RunContext;
use crate::plan::analysis::uses_window;
use crate::plan::columns::{WINDOWS, lost_name};
use crate::plan::relational::row_variables::RowVariables;
use datafusion::logical_expr::{Expr, ident};
use yardstick_language::calendar::Window;
use yardstick_language::ir::{Ask, Expr as IrExpr, LinkedQuery};
use yardstick_language::model::BusinessDays;

/// What every expression of one indicator is lowered in.
#[derive(Debug, Clone)]
pub(in crate::plan) struct Scope<'a> {
    /// The row variables, with the columns that are read of them.
    pub(in crate::plan) rows: RowVariables<'a>,
    /// The as-of date, the holidays, and which rows are asked.
    pub(in crate::plan) run: RunContext<'a>,
    /// Which weekdays are business days.
    pub(in crate::plan) business: Option<BusinessDays>,
    /// The days on which rows are asked whether they are held elsewhere.
    pub(in crate::plan) elsewhere: Vec<IrExpr>,
    /// The windows; in a set each has the bit of its place here.
    pub(in crate::plan) windows: &'a [Window],
    /// Whether each row stands for one window, whose days it has in columns; otherwise a row has
    /// the set of its windows.
    pub(in crate::plan) is_split: bool,
}

impl Scope<'_> {
    /// Whether a value that depends on the window is a list with one for each (see
    /// `functions::window_list`).
    pub(in crate::plan) fn has_lists(&self) -> bool {
        !self.is_split && self.windows.len() > 1
    }

    /// The windows in which a row that went may be among those that a quantifier is about; of split
    /// rows, those of them that are the row's.
    pub(in crate::plan) fn lost(&self, q: &LinkedQuery) -> Expr {
        let lost = ident(lost_name(q));
        if self.is_split && uses_window(q) { lost & ident(WINDOWS) } else { lost }
    }

    /// Whether the answer of a quantifier that no condition compares at once (see
    /// `count_threshold`) is such a list.
    pub(in crate::plan) fn in_lists(&self, q: &LinkedQuery) -> bool {
        self.has_lists() && q.ask != Ask::Exists && uses_window(q)
    }
}
