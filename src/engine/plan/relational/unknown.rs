//! What may be missing in the data though the model says that it never is: a value that breaks its
//! column is not known, and its row stays; and a row that went may be among those asked about.

use crate::plan::relational::row_variables::RowVariables;
use yardstick_language::ir::{Cohort, Expr, ExprKind, Indicator, Missing};

impl RowVariables<'_> {
    /// Whether an expression may be unknown of a row, as the model says or because a value breaks
    /// its column.
    pub(in crate::plan) fn may_be_unknown(&self, e: &Expr) -> bool {
        self.standing.went() || e.missing != Missing::Never || self.may_be_unread(e) || self.may_miss_rows(e)
    }

    /// Whether an expression asks about rows among which one that went may be.
    pub(in crate::plan) fn may_miss_rows(&self, e: &Expr) -> bool {
        e.has(&|e| matches!(&e.kind, ExprKind::Linked(q) if !self.went_of(q).is_empty()))
    }

    /// Whether it can be unknown of a row whether it is in the cohort.
    pub(in crate::plan) fn may_leave_open(&self, cohort: &Cohort) -> bool {
        let by_unknown = || cohort.pick.as_ref().is_some_and(|p| p.by.iter().any(|by| self.may_order_unknown(by)));
        self.may_be_unknown(&cohort.condition) || by_unknown() || self.contended && cohort.pick.is_some()
    }

    /// Whether what rows are put in order by may be unknown; an open end comes last, and is none.
    pub(in crate::plan) fn may_order_unknown(&self, by: &Expr) -> bool {
        by.missing == Missing::Unknown || self.may_be_unread(by) || self.may_miss_rows(by)
    }

    /// Whether there can be rows of which it is not known whether they belong below the line.
    pub(in crate::plan) fn may_be_unsure(&self, indicator: &Indicator) -> bool {
        let excluded = || indicator.exclusions.iter().any(|x| self.may_be_unknown(&x.condition));
        self.may_leave_open(&indicator.cohort) || excluded()
    }

    /// Whether an expression has a column that is never missing and does not take its row along
    /// where its value cannot be read.
    fn may_be_unread(&self, e: &Expr) -> bool {
        e.has(&|e| match &e.kind {
            ExprKind::Column { row, links, column } if e.missing == Missing::Never => {
                !self.model.table(self.table_at(*row, links)).places(*column)
            }
            _ => false,
        })
    }
}
