//! What is added up of the rows, by entities and windows: how many there are of each kind, and what they bring to a rate or a mean. Rows with sets
//! of windows are counted in all of them at once; rows that are split by windows, as those of a percentile are, one by one.

use super::answer::Build;
use super::fold::Fold;
use super::lists::{above_zero, below_zero, known, known_in, ones, repeated};
use super::quantifier::{aggregate, sure_name};
use super::relation::with;
use super::tally::tally;
use super::{AMOUNT, EXCLUDED, EXPOSURE, MET, WINDOWS, entity, windows};
use crate::ir::{Ask, Expr as IrExpr, ExprKind, Measure, Ty};
use datafusion::error::{DataFusionError, Result};
use datafusion::functions_aggregate::expr_fn::{count, sum};
use datafusion::logical_expr::{Expr, LogicalPlan, LogicalPlanBuilder, ident, lit, when};
use datafusion::prelude::coalesce;
use datafusion::scalar::ScalarValue;

/// The column of the values of a percentile, of the times until something happens, and of times and fates (see [`crate::ir::Fate`]).
pub const VALUE: &str = "value";

/// What is measured of a row in all windows.
struct Outcome {
    /// The windows in which it is met.
    met: Expr,
    /// Those in which something that is needed is not known.
    unknown: Expr,
    /// What it adds in each: the columns [`AMOUNT`] and [`EXPOSURE`].
    amounts: Vec<(Expr, String)>,
}

impl Build<'_> {
    /// One row per combination of entities, with the columns [`entity`] of every level, and the counts `cohort`, `excluded.0` ..., `denominator`,
    /// `met`, `undetermined`, of a rate or a mean also [`AMOUNT`] and [`EXPOSURE`]: lists with a number (Int64) for every window.
    pub(super) fn tallies(&mut self, rows: LogicalPlan) -> Result<LogicalPlan> {
        let (mut sets, stays) = self.staying()?;
        let Outcome { met, unknown, amounts } = self.outcome_in_each()?;
        sets.push((stays.clone(), "denominator".to_owned()));
        sets.push((stays.clone() & met, "met".to_owned()));
        sets.push((stays & unknown, "undetermined".to_owned()));
        let named: Vec<String> = sets.iter().map(|(_, name)| name.clone()).collect();
        let added: Vec<String> = amounts.iter().map(|(_, name)| name.clone()).collect();
        let rows = self.attribute(with(rows, sets.into_iter().chain(amounts).collect())?)?;
        // A row that belongs to several is there once for each, with the windows in which it does.
        let here = |name: &String| (ident(name) & ident(WINDOWS)).alias(name);
        let entities = || (1..self.model().levels.len()).map(|l| ident(entity(l)));
        let columns = entities().chain(named.iter().map(here)).chain(added.iter().map(ident)).collect::<Vec<_>>();
        let windows = self.windows.len();
        let mut lists: Vec<Expr> = named.iter().map(|name| tally(windows, ident(name)).alias(name)).collect();
        for name in added {
            lists.push(Fold::Sum.in_each(windows, ident("denominator"), ident(&name)).alias(name));
        }
        LogicalPlanBuilder::from(rows).project(columns)?.aggregate(entities().collect::<Vec<_>>(), lists)?.build()
    }

    /// The windows in which a row is in the cohort, and in which each exclusion takes it out; and those in which it stays.
    fn staying(&self) -> Result<(Vec<(Expr, String)>, Expr)> {
        let mut sets = vec![(ident(WINDOWS), "cohort".to_owned())];
        let mut stays = ident(WINDOWS);
        for (i, exclusion) in self.indicator.exclusions.iter().enumerate() {
            let gone = self.lower.truth(&exclusion.condition, self.windows)?.yes;
            sets.push((stays.clone() & gone.clone(), format!("excluded.{i}")));
            stays = stays & windows::not(gone, self.windows);
        }
        Ok((sets, stays))
    }

    /// What is measured of a row that stays.
    fn outcome_in_each(&self) -> Result<Outcome> {
        let unknown = |known: Expr| windows::not(known, self.windows);
        match &self.indicator.measure {
            Measure::Proportion { numerator } => {
                let met = self.lower.truth(numerator, self.windows)?;
                Ok(Outcome { met: met.yes.clone(), unknown: unknown(met.yes | met.no), amounts: Vec::new() })
            }
            Measure::Rate { events, exposure, .. } => {
                let (events, days) = (self.events_in_each(events)?, self.lower.in_each(exposure, self.windows)?);
                let days = match exposure.never_negative() {
                    true => days,
                    false => known(days.clone(), below_zero(days), None, self.windows.len()),
                };
                let known = known_in(events.0) & known_in(days.clone());
                let amounts = vec![(events.1.clone(), AMOUNT.to_owned()), (days, EXPOSURE.to_owned())];
                Ok(Outcome { met: known.clone() & above_zero(events.1), unknown: unknown(known), amounts })
            }
            Measure::Mean { of } => {
                let value = self.lower.in_each(of, self.windows)?;
                let known = known_in(value.clone());
                Ok(Outcome { met: lit(0_i64), unknown: unknown(known), amounts: vec![(value, AMOUNT.to_owned())] })
            }
            Measure::Percentile { .. } | Measure::Until { .. } | Measure::Incidence { .. } => {
                Err(DataFusionError::Internal("values that are put in order are counted one by one".to_owned()))
            }
        }
    }

    /// The events of a row in each window, and those that are sure: of a count, the rows that surely count.
    fn events_in_each(&self, events: &IrExpr) -> Result<(Expr, Expr)> {
        if events.ty == Ty::Bool {
            let happened = ones(self.lower.truth(events, self.windows)?, self.windows.len());
            return Ok((happened.clone(), happened));
        }
        let known = self.lower.in_each(events, self.windows)?;
        let sure = match &events.kind {
            ExprKind::Some(q) if q.ask == Ask::Count && self.in_lists(q) => ident(sure_name(q)),
            ExprKind::Some(q) if q.ask == Ask::Count => repeated(ident(sure_name(q)), self.windows.len()),
            _ => known.clone(),
        };
        Ok((known, sure))
    }

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
                // Fewer days than none are a mistake in the row.
                let days = match exposure.never_negative() {
                    true => days,
                    false => when(days.clone().gt_eq(lit(0_i64)), days).end()?,
                };
                let (amount, sure) = self.events(events)?;
                let known = sure.and(days.clone().is_not_null());
                let met = when(known, amount.clone().gt(lit(0_i64))).end()?;
                (met, amount, coalesce(vec![days, lit(0_i64)]))
            }
            Measure::Until { unit, rows, .. } => {
                let (happened, time) = self.until(*unit, rows)?;
                (happened, time, missing())
            }
            Measure::Incidence { of, by, rows } => {
                let (met, time) = self.incidence(of, *by, rows)?;
                (met, time, missing())
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
