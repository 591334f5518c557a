//! The values of a row that a measure asks for.

use super::evaluate::Evaluator;
use super::rows::Rows;
use crate::functions::{Arithmetic, Value};
use crate::ir::{Expr, ExprKind};
use crate::measures::RowValues;
use chrono::NaiveDate;

/// An evaluator and the rows that expressions are about.
pub(super) struct ValuesOf<'e> {
    evaluator: &'e Evaluator<'e>,
    rows: &'e Rows<'e>,
}

impl<'e> Evaluator<'e> {
    pub(super) fn values_of(&'e self, rows: &'e Rows) -> ValuesOf<'e> {
        ValuesOf { evaluator: self, rows }
    }
}

impl RowValues for ValuesOf<'_> {
    fn truth(&self, of: &Expr) -> Option<bool> {
        self.evaluator.truth(of, self.rows)
    }

    fn number(&self, of: &Expr) -> Option<i64> {
        self.evaluator.number(of, self.rows)
    }

    fn day(&self, of: &Expr) -> Option<NaiveDate> {
        self.evaluator.day(of, self.rows)
    }

    fn row(&self, of: &Expr) -> Option<i64> {
        match self.evaluator.value(of, self.rows)? {
            Value::Row(row) => i64::try_from(row).ok(),
            other => self.evaluator.mistake(of, other),
        }
    }

    fn certain(&self, of: &Expr) -> i64 {
        match &of.kind {
            ExprKind::Linked(q) if q.ask.is_count() => self.evaluator.surely(q, self.rows),
            _ => 0,
        }
    }

    fn arithmetic(&self) -> &dyn Arithmetic {
        &self.evaluator.arithmetic
    }
}
