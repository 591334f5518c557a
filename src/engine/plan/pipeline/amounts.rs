//! What is added up of the rows, by entities and windows: how many there are of each kind, and what
//! they bring to a rate or a mean. Rows with sets of windows are counted in all of them at once;
//! rows that are split by windows, as those of a percentile are, one by one.

use crate::plan::columns::{
    AMOUNT, COHORT, DENOMINATOR, DOUBTS, EXCLUDED, EXPOSURE, HELD, MET, UNDETERMINED, VALUE, WINDOWS, entity, excluded,
    sure_name,
};
use crate::plan::expression::truth::Truth;
use crate::plan::functions::coalesce::coalesce;
use crate::plan::functions::fold::Fold;
use crate::plan::functions::tally::tally;
use crate::plan::functions::window_list::{above_zero, below_zero, known, known_in, ones, repeated};
use crate::plan::pipeline::answer::Build;
use crate::plan::pipeline::unsure::Membership;
use crate::plan::relational::verbs::{aggregate, with};
use crate::plan::window_set;
use datafusion::error::{DataFusionError, Result};
use datafusion::functions_aggregate::expr_fn::{count, sum};
use datafusion::logical_expr::{Expr, LogicalPlan, LogicalPlanBuilder, ident, lit, when};
use datafusion::scalar::ScalarValue;
use std::collections::BTreeMap;
use yardstick_language::ir::{Ask, Expr as IrExpr, ExprKind, Measure, Ty};

/// Columns of the windows in which rows leave and come perhaps (see `unsure`).
const LEAVING: &str = "w.leaving";
const COMING: &str = "w.coming";

/// An amount that is added up over the rows in the windows of a set.
struct Folded {
    /// The set, and the column it is put in.
    of: Expr,
    set: &'static str,
    /// The column of the amount.
    amount: &'static str,
    /// The column of the sums.
    name: &'static str,
}

/// Sets to be counted, and amounts to be added up.
type Doubted = (Vec<(Expr, String)>, Vec<Folded>);

/// What is measured of a row in all windows.
struct Outcome {
    /// The windows in which it is met.
    met: Expr,
    /// Those in which something that is needed is not known.
    unknown: Expr,
    /// What it adds in each: the columns [`AMOUNT`] and [`EXPOSURE`].
    amounts: Vec<(Expr, String)>,
    /// Of a proportion, the windows in which it is met and unmet.
    truth: Option<Truth>,
}

impl Build<'_> {
    /// One row per combination of entities, with the columns [`entity`] of every level, and the
    /// counts `cohort`, `excluded.0` ..., `denominator`, `met`, `undetermined`, of a rate or a mean
    /// also [`AMOUNT`] and [`EXPOSURE`], and where a row may be unsure some of [`DOUBTS`]: lists
    /// with a number (Int64) for every window.
    pub(in crate::plan) fn tallies(&mut self, rows: LogicalPlan) -> Result<LogicalPlan> {
        let (mut sets, membership) = self.staying()?;
        let Outcome { met, unknown, amounts, truth } = self.outcome_in_each()?;
        let stays = &membership.stays;
        sets.push((stays.clone(), DENOMINATOR.to_owned()));
        sets.push((stays.clone() & met, MET.to_owned()));
        sets.push((stays.clone() & unknown.clone(), UNDETERMINED.to_owned()));
        let (counted, folded) = match self.lower.rows.may_be_unsure(self.indicator) {
            true => self.doubtful(&membership, truth.as_ref(), unknown)?,
            false => (Vec::new(), Vec::new()),
        };
        sets.extend(counted);
        let named: Vec<String> = sets.iter().map(|(_, name)| name.clone()).collect();
        let added: Vec<String> = amounts.iter().map(|(_, name)| name.clone()).collect();
        let mut columns: Vec<(Expr, String)> = sets.into_iter().chain(amounts).collect();
        let folds: BTreeMap<&str, &Expr> = folded.iter().map(|fold| (fold.set, &fold.of)).collect();
        columns.extend(folds.iter().map(|(set, of)| ((*of).clone(), (*set).to_owned())));
        let rows = self.attribute(with(rows, columns)?)?;
        // A row that belongs to several is there once for each, with the windows in which it does.
        let here = |name: &str| (ident(name) & ident(WINDOWS)).alias(name);
        let entities = || (1..self.model().levels.len()).map(|l| ident(entity(l)));
        let sets = named.iter().map(String::as_str).chain(folds.into_keys()).map(here);
        let columns = entities().chain(sets).chain(added.iter().map(ident)).collect::<Vec<_>>();
        let windows = self.windows.len();
        let mut lists: Vec<Expr> = named.iter().map(|name| tally(windows, ident(name)).alias(name)).collect();
        let sum = |set: &str, of: &str| Fold::Sum.in_each(windows, ident(set), ident(of));
        lists.extend(added.iter().map(|name| sum(DENOMINATOR, name).alias(name)));
        lists.extend(folded.iter().map(|fold| sum(fold.set, fold.amount).alias(fold.name)));
        LogicalPlanBuilder::from(rows).project(columns)?.aggregate(entities().collect::<Vec<_>>(), lists)?.build()
    }

    /// What unsure rows would take away and bring: sets to be counted, and amounts to be added up.
    fn doubtful(&self, of: &Membership, truth: Option<&Truth>, unknown: Expr) -> Result<Doubted> {
        let [unsure, takes_met, takes_unmet, brings_met, brings_unmet, blank, instead] = DOUBTS;
        let mut sets = vec![(of.leaves.clone() | of.comes.clone(), unsure)];
        let mut folded = Vec::new();
        match (&self.indicator.measure, truth) {
            (_, Some(truth)) => {
                let names = [takes_met, takes_unmet, brings_met, brings_unmet];
                sets.extend(self.doubtful_sets(of, truth).into_iter().zip(names));
            }
            (Measure::Rate { .. }, None) => {
                sets.push((of.comes.clone() & unknown, blank));
                let fold = |of: &Expr, set, amount, name| Folded { of: of.clone(), set, amount, name };
                folded.push(fold(&of.leaves, LEAVING, AMOUNT, takes_met));
                folded.push(fold(&of.leaves, LEAVING, EXPOSURE, takes_unmet));
                folded.push(fold(&of.comes, COMING, AMOUNT, brings_met));
                folded.push(fold(&of.comes, COMING, EXPOSURE, brings_unmet));
            }
            (
                Measure::Proportion { .. }
                | Measure::Mean { .. }
                | Measure::Percentile { .. }
                | Measure::Until { .. }
                | Measure::Incidence { .. },
                None,
            ) => {}
        }
        if let Some(anybodys) = self.may_be_anybodys() {
            sets.push((when(anybodys, of.comes.clone()).otherwise(lit(0_i64))?, instead));
        }
        Ok((sets.into_iter().map(|(set, name)| (set, name.to_owned())).collect(), folded))
    }

    /// What is measured of a row that stays.
    fn outcome_in_each(&self) -> Result<Outcome> {
        let unknown = |known: Expr| window_set::not(known, self.windows);
        match &self.indicator.measure {
            Measure::Proportion { numerator } => {
                let met = self.lower.truth(numerator, self.windows)?;
                let known = met.yes.clone() | met.no.clone();
                let truth = Some(met.clone());
                Ok(Outcome { met: met.yes, unknown: unknown(known), amounts: Vec::new(), truth })
            }
            Measure::Rate { events, exposure, .. } => {
                let (events, days) = (self.events_in_each(events)?, self.lower.in_each(exposure, self.windows)?);
                let days = match exposure.never_negative() {
                    true => days,
                    false => known(days.clone(), below_zero(days), None, self.windows.len()),
                };
                let known = known_in(events.0) & known_in(days.clone());
                let amounts = vec![(events.1.clone(), AMOUNT.to_owned()), (days, EXPOSURE.to_owned())];
                let met = known.clone() & above_zero(events.1);
                Ok(Outcome { met, unknown: unknown(known), amounts, truth: None })
            }
            Measure::Mean { of } => {
                let value = self.lower.in_each(of, self.windows)?;
                let known = known_in(value.clone());
                let amounts = vec![(value, AMOUNT.to_owned())];
                Ok(Outcome { met: lit(0_i64), unknown: unknown(known), amounts, truth: None })
            }
            Measure::Percentile { .. } | Measure::Until { .. } | Measure::Incidence { .. } => {
                Err(DataFusionError::Internal("values that are put in order are counted one by one".to_owned()))
            }
        }
    }

    /// The events of a row in each window, and those that are sure: of a count, the rows that
    /// surely count.
    fn events_in_each(&self, events: &IrExpr) -> Result<(Expr, Expr)> {
        if events.ty == Ty::Bool {
            let truth = self.lower.truth(events, self.windows)?;
            let happened = ones(truth.yes, truth.no, self.windows.len());
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

    /// One row per window and combination of entities (where values do not add up: and value,
    /// missing where rows have none), with the columns [`WINDOWS`] (the set of that window),
    /// [`entity`] of every level, [`VALUE`], and the sums `cohort`, `excluded.0` ...,
    /// `denominator`, `met`, `undetermined`, [`AMOUNT`], [`EXPOSURE`] (Int64), and where a row may
    /// be unsure [`DOUBTS`].
    pub(in crate::plan) fn sums(&mut self, rows: LogicalPlan) -> Result<LogicalPlan> {
        let mut judged = vec![(self.exclusion()?, EXCLUDED.to_owned())];
        judged.extend(self.outcome()?);
        let (in_doubt, has_unsure) = (self.in_doubt, self.lower.rows.may_be_unsure(self.indicator));
        if has_unsure {
            judged.extend(self.membership()?);
        }
        let rows = self.attributed(with(rows, judged)?)?;
        let by_value = !self.indicator.measure.is_additive();
        let held = |is: Expr| if in_doubt { is.and(ident(HELD)) } else { is };
        let stays = || held(ident(EXCLUDED).is_null());
        let number = |of: Expr| -> Result<Expr> {
            Ok(coalesce(vec![sum(when(stays(), coalesce(vec![of, lit(0_i64)])).otherwise(lit(0_i64))?), lit(0_i64)]))
        };
        let rows_where = |is: Expr| -> Result<Expr> { Ok(sum(when(is, lit(1_i64)).otherwise(lit(0_i64))?)) };
        let value = when(stays(), ident(AMOUNT)).end()?;
        let value = if by_value { value } else { Expr::Literal(ScalarValue::Int64(None), None) };
        let rows = with(rows, vec![(value, VALUE.to_owned())])?;
        let all = if in_doubt { rows_where(ident(HELD))? } else { count(lit(1_i64)) };
        let mut sums = vec![all.alias(COHORT)];
        for i in 0..self.indicator.exclusions.len() {
            let gone = ident(EXCLUDED).eq(lit(i32::try_from(i).unwrap_or(i32::MAX)));
            sums.push(rows_where(held(gone))?.alias(excluded(i)));
        }
        let counted = !matches!(self.indicator.measure, Measure::Mean { .. } | Measure::Percentile { .. });
        sums.push(rows_where(stays())?.alias(DENOMINATOR));
        sums.push(rows_where(stays().and(ident(MET).is_true()).and(lit(counted)))?.alias(MET));
        sums.push(rows_where(stays().and(ident(MET).is_null()))?.alias(UNDETERMINED));
        sums.push(number(if by_value { lit(0_i64) } else { ident(AMOUNT) })?.alias(AMOUNT));
        sums.push(number(ident(EXPOSURE))?.alias(EXPOSURE));
        if has_unsure {
            sums.extend(self.doubtful_sums()?);
        }
        let of_parts = [WINDOWS.to_owned(), VALUE.to_owned()];
        let groups: Vec<String> = (1..self.model.levels.len()).map(entity).chain(of_parts).collect();
        aggregate(rows, &groups, sums)
    }

    /// The columns [`MET`] (of a rate, whether there is an event; of a mean or a percentile, true),
    /// missing when something that is needed is not known, [`AMOUNT`] and [`EXPOSURE`].
    pub(in crate::plan) fn outcome(&self) -> Result<Vec<(Expr, String)>> {
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

    /// The events of a row, and whether there can be no more: of a count, the rows that surely
    /// count.
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
