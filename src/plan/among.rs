//! Values made of linked rows: `count`, `sum`, `latest` ... as one aggregate over the pairs of a row and a row linked to it.
//!
//! The aggregate of the rows that surely count stands beside a sign that another row may count, or that a value is missing: then the whole
//! is not known.

use super::answer::Build;
use super::days::days_covered;
use super::expr::answer_name;
use super::quantifier::sure_name;
use super::relation::with;
use crate::ir::{Ask, Expr as IrExpr, Missing, Quantified};
use datafusion::error::Result;
use datafusion::functions_aggregate::expr_fn::{count_distinct, max, min, sum};
use datafusion::logical_expr::{Expr, LogicalPlan, ident, lit, when};
use datafusion::prelude::coalesce;

impl Build<'_> {
    /// The pairs with what the aggregates need, and the aggregates: `answer`, and `unknown` (1 when it is not known). `passes` says whether the
    /// linked row counts.
    pub(super) fn among(&self, pairs: LogicalPlan, q: &Quantified, passes: Expr) -> Result<(LogicalPlan, Vec<Expr>)> {
        let mut columns = vec![(passes, "passes".to_owned())];
        for (n, value) in q.ask.values().into_iter().enumerate() {
            columns.push((self.value(value)?, format!("value.{n}")));
        }
        let pairs = with(pairs, columns)?;
        let surely = || ident("passes").is_true();
        let value = || ident("value.0");
        let counted = match &q.ask {
            Ask::Some | Ask::Count => when(surely(), lit(1_i64)).otherwise(lit(0_i64))?,
            Ask::Sum(_) => when(surely(), value()).otherwise(lit(0_i64))?,
            Ask::Days { .. } | Ask::Distinct(_) | Ask::Earliest(_) | Ask::Latest(_) => when(surely(), value()).end()?,
        };
        let mut doubt = ident("passes").is_null();
        for (n, value) in q.ask.values().into_iter().enumerate() {
            if needed(&q.ask, value) {
                doubt = doubt.or(surely().and(ident(format!("value.{n}")).is_null()));
            }
        }
        let doubt = when(doubt, lit(1)).otherwise(lit(0))?;
        // Aggregates of columns alone: the engine stumbles over expressions that a distinct count and another share.
        let pairs = with(pairs, vec![(counted, "counted".to_owned()), (doubt, "doubt".to_owned())])?;
        let counted = ident("counted");
        let answer = match &q.ask {
            Ask::Some | Ask::Count | Ask::Sum(_) => sum(counted),
            Ask::Days { .. } => days_covered(counted, ident("value.1")),
            Ask::Distinct(_) => count_distinct(counted),
            Ask::Earliest(_) => min(counted),
            Ask::Latest(_) => max(counted),
        };
        Ok((pairs, vec![answer.alias("answer"), max(ident("doubt")).alias("unknown")]))
    }
}

/// Whether the whole is not known when this value of a row is missing. The earliest passes over open ends.
fn needed(ask: &Ask, value: &IrExpr) -> bool {
    match value.missing {
        Missing::Never => false,
        Missing::Unknown => true,
        Missing::OpenEnd => !matches!(ask, Ask::Earliest(_)),
    }
}

/// The columns that joined answers give: the value, missing when it is not known; of a count also the rows that surely count.
pub(super) fn answered(q: &Quantified) -> Result<Vec<(Expr, String)>> {
    let none = match q.ask {
        Ask::Some | Ask::Count | Ask::Distinct(_) | Ask::Sum(_) | Ask::Days { .. } => Some(lit(0_i64)),
        Ask::Earliest(_) | Ask::Latest(_) => None,
    };
    let value = || match &none {
        Some(none) => coalesce(vec![ident("answer"), none.clone()]),
        None => ident("answer"),
    };
    let known = coalesce(vec![ident("unknown"), lit(0)]).eq(lit(0));
    let mut columns = vec![(when(known, value()).end()?, answer_name(q))];
    if q.ask == Ask::Count {
        columns.push((value(), sure_name(q)));
    }
    Ok(columns)
}
