//! Rates, means and percentiles, and whatever else is asked of rows that are split by windows: numbers of rows are added up.

use super::answer::Build;
use super::quantifier::{aggregate, sure_name};
use super::relation::with;
use super::{AMOUNT, EXCLUDED, EXPOSURE, MET, WINDOWS, entity};
use crate::ir::{Ask, Expr as IrExpr, ExprKind, Measure, Ty};
use datafusion::error::Result;
use datafusion::functions_aggregate::expr_fn::{count, sum};
use datafusion::logical_expr::{Expr, LogicalPlan, ident, lit, when};
use datafusion::prelude::coalesce;
use datafusion::scalar::ScalarValue;

/// The column of the values of a percentile, and of the times until something happens.
pub const VALUE: &str = "value";

impl Build<'_> {
    /// One row per window and combination of entities (where values do not add up: and value, missing where rows have none), with the columns
    /// [`WINDOWS`] (the set of that window), [`entity`] of every level, [`VALUE`], and the sums `cohort`, `excluded.0` ..., `denominator`, `met`, `undetermined`, [`AMOUNT`] and [`EXPOSURE`] (Int64).
    pub(super) fn sums(&mut self, rows: LogicalPlan) -> Result<LogicalPlan> {
        let mut judged = vec![(self.exclusion()?, EXCLUDED.to_owned())];
        judged.extend(self.outcome()?);
        let rows = self.attributed(with(rows, judged)?)?;
        let by_value = !self.indicator.measure.is_additive();
        let stays = || ident(EXCLUDED).is_null();
        let number = |of: Expr| -> Result<Expr> {
            Ok(coalesce(vec![sum(when(stays(), coalesce(vec![of, lit(0_i64)])).otherwise(lit(0_i64))?), lit(0_i64)]))
        };
        let rows_where = |is: Expr| -> Result<Expr> { Ok(sum(when(is, lit(1_i64)).otherwise(lit(0_i64))?)) };
        let value = when(stays(), ident(AMOUNT)).end()?;
        let value = if by_value { value } else { Expr::Literal(ScalarValue::Int64(None), None) };
        let rows = with(rows, vec![(value, VALUE.to_owned())])?;
        let mut sums = vec![count(lit(1_i64)).alias("cohort")];
        for i in 0..self.indicator.exclusions.len() {
            let gone = ident(EXCLUDED).eq(lit(i32::try_from(i).unwrap_or(i32::MAX)));
            sums.push(rows_where(gone)?.alias(format!("excluded.{i}")));
        }
        let counted = !matches!(self.indicator.measure, Measure::Mean { .. } | Measure::Percentile { .. });
        sums.push(rows_where(stays())?.alias("denominator"));
        sums.push(rows_where(stays().and(ident(MET).is_true()).and(lit(counted)))?.alias("met"));
        sums.push(rows_where(stays().and(ident(MET).is_null()))?.alias("undetermined"));
        sums.push(number(if by_value { lit(0_i64) } else { ident(AMOUNT) })?.alias(AMOUNT));
        sums.push(number(ident(EXPOSURE))?.alias(EXPOSURE));
        let of_parts = [WINDOWS.to_owned(), VALUE.to_owned()];
        let groups: Vec<String> = (1..self.model.levels.len()).map(entity).chain(of_parts).collect();
        aggregate(rows, &groups, sums)
    }

    /// The columns [`MET`] (of a rate, whether there is an event; of a mean or a percentile, true), missing when something that is needed
    /// is not known, [`AMOUNT`] and [`EXPOSURE`].
    pub(super) fn outcome(&self) -> Result<Vec<(Expr, String)>> {
        let missing = || Expr::Literal(ScalarValue::Int64(None), None);
        let (met, amount, exposure) = match &self.indicator.measure {
            Measure::Proportion { numerator } => (self.value(numerator)?, missing(), missing()),
            Measure::Rate { events, exposure, .. } => {
                let days = self.value(exposure)?;
                let (amount, sure) = self.events(events)?;
                let known = sure.and(days.clone().is_not_null());
                let met = when(known, amount.clone().gt(lit(0_i64))).end()?;
                (met, amount, coalesce(vec![days, lit(0_i64)]))
            }
            Measure::Until { unit, from, to, .. } => {
                let (happened, time) = self.until(*unit, from, to)?;
                (happened, time, missing())
            }
            Measure::Mean { of } | Measure::Percentile { of, .. } => {
                let value = self.value(of)?;
                (when(value.clone().is_not_null(), lit(true)).end()?, value, missing())
            }
        };
        Ok(vec![(met, MET.to_owned()), (amount, AMOUNT.to_owned()), (exposure, EXPOSURE.to_owned())])
    }

    /// The events of a row, and whether there can be no more: of a count, the rows that surely count.
    fn events(&self, events: &IrExpr) -> Result<(Expr, Expr)> {
        let value = self.value(events)?;
        let known = value.clone().is_not_null();
        let amount = match &events.kind {
            ExprKind::Some(q) if q.ask == Ask::Count => ident(sure_name(q)),
            _ if events.ty == Ty::Bool => when(value, lit(1_i64)).otherwise(lit(0_i64))?,
            _ => coalesce(vec![value, lit(0_i64)]),
        };
        Ok((amount, known))
    }
}
