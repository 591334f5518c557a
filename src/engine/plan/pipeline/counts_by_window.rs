//! Counts and sums by entity, with a list of one number per window: the rows of each kind, and
//! their amounts of a rate or a mean. A row is counted in all windows of its set at once.

use crate::plan::columns::{AMOUNT, DENOMINATOR, DOUBTS, EXPOSURE, MET, UNDETERMINED, WINDOWS, entity, sure_name};
use crate::plan::expression::truth::{Truth, truth};
use crate::plan::expression::values::in_each;
use crate::plan::functions::count_by_window::tally;
use crate::plan::functions::fold_by_window::Fold;
use crate::plan::functions::window_list::{above_zero, below_zero, known, known_in, ones, repeated};
use crate::plan::pipeline::answer_form::AnswerForm;
use crate::plan::pipeline::attribution::attribute;
use crate::plan::pipeline::contenders::may_be_anybodys;
use crate::plan::pipeline::context::Context;
use crate::plan::pipeline::grouping::{self, grouped};
use crate::plan::pipeline::unsure::{Membership, doubtful_sets, staying};
use crate::plan::relational::verbs::add_columns;
use crate::plan::window_set;
use datafusion::error::{DataFusionError, Result};
use datafusion::logical_expr::{Expr, LogicalPlan, LogicalPlanBuilder, ident, lit, when};
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

/// One row per combination of entities and groups, with the columns [`entity`] of every level and
/// [`group`](crate::plan::columns::group) of every breakdown, and the
/// counts `cohort`, `excluded.0` ..., `denominator`, `met`, `undetermined`, of a rate or a mean
/// also [`AMOUNT`] and [`EXPOSURE`], and where a row may be unsure some of [`DOUBTS`]: lists
/// with a number (Int64) for every window.
pub(in crate::plan) fn counts_by_window(ctx: &Context<'_>, rows: LogicalPlan) -> Result<LogicalPlan> {
    let (mut sets, membership) = staying(ctx)?;
    let Outcome { met, unknown, amounts, truth } = outcome_in_each(ctx)?;
    let stays = &membership.stays;
    sets.push((stays.clone(), DENOMINATOR.to_owned()));
    sets.push((stays.clone() & met, MET.to_owned()));
    sets.push((stays.clone() & unknown.clone(), UNDETERMINED.to_owned()));
    let (counted, folded) = match ctx.scope.rows.may_be_unsure(ctx.indicator) {
        true => doubtful(ctx, &membership, truth.as_ref(), unknown)?,
        false => (Vec::new(), Vec::new()),
    };
    sets.extend(counted);
    let named: Vec<String> = sets.iter().map(|(_, name)| name.clone()).collect();
    let added: Vec<String> = amounts.iter().map(|(_, name)| name.clone()).collect();
    let mut columns: Vec<(Expr, String)> = sets.into_iter().chain(amounts).collect();
    let folds: BTreeMap<&str, &Expr> = folded.iter().map(|fold| (fold.set, &fold.of)).collect();
    columns.extend(folds.iter().map(|(set, of)| ((*of).clone(), (*set).to_owned())));
    let rows = grouped(ctx, attribute(ctx, add_columns(rows, columns)?)?)?;
    // A row that belongs to several, or is in several groups, is there once for each, with the
    // windows in which it does.
    let here = |name: &str| (ident(name) & ident(WINDOWS)).alias(name);
    let entities = || (1..ctx.model.levels.len()).map(entity).chain(grouping::columns(ctx)).map(ident);
    let sets = named.iter().map(String::as_str).chain(folds.into_keys()).map(here);
    let columns = entities().chain(sets).chain(added.iter().map(ident)).collect::<Vec<_>>();
    let windows = ctx.windows().len();
    let mut lists: Vec<Expr> = named.iter().map(|name| tally(windows, ident(name)).alias(name)).collect();
    let sum = |set: &str, of: &str| Fold::Sum.in_each(windows, ident(set), ident(of));
    lists.extend(added.iter().map(|name| sum(DENOMINATOR, name).alias(name)));
    lists.extend(folded.iter().map(|fold| sum(fold.set, fold.amount).alias(fold.name)));
    LogicalPlanBuilder::from(rows).project(columns)?.aggregate(entities().collect::<Vec<_>>(), lists)?.build()
}

/// What unsure rows would take away and bring: sets to be counted, and amounts to be added up.
fn doubtful(ctx: &Context<'_>, of: &Membership, truth: Option<&Truth>, unknown: Expr) -> Result<Doubted> {
    let [unsure, takes_met, takes_unmet, brings_met, brings_unmet, blank, instead] = DOUBTS;
    let mut sets = vec![(of.leaves.clone() | of.comes.clone(), unsure)];
    let mut folded = Vec::new();
    match (&ctx.indicator.measure, truth) {
        (_, Some(truth)) => {
            let names = [takes_met, takes_unmet, brings_met, brings_unmet];
            sets.extend(doubtful_sets(ctx, of, truth).into_iter().zip(names));
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
    if let Some(anybodys) = may_be_anybodys(ctx) {
        sets.push((when(anybodys, of.comes.clone()).otherwise(lit(0_i64))?, instead));
    }
    Ok((sets.into_iter().map(|(set, name)| (set, name.to_owned())).collect(), folded))
}

/// What is measured of a row that stays.
fn outcome_in_each(ctx: &Context<'_>) -> Result<Outcome> {
    let unknown = |known: Expr| window_set::not(known, ctx.windows());
    match &ctx.indicator.measure {
        Measure::Proportion { numerator } => {
            let met = truth(&ctx.scope, numerator)?;
            let known = met.yes.clone() | met.no.clone();
            let truth = Some(met.clone());
            Ok(Outcome { met: met.yes, unknown: unknown(known), amounts: Vec::new(), truth })
        }
        Measure::Rate { events, exposure, .. } => {
            let (events, days) = (events_in_each(ctx, events)?, in_each(&ctx.scope, exposure)?);
            let days = match exposure.never_negative() {
                true => days,
                false => known(days.clone(), below_zero(days), None, ctx.windows().len()),
            };
            let known = known_in(events.0) & known_in(days.clone());
            let amounts = vec![(events.1.clone(), AMOUNT.to_owned()), (days, EXPOSURE.to_owned())];
            let met = known.clone() & above_zero(events.1);
            Ok(Outcome { met, unknown: unknown(known), amounts, truth: None })
        }
        Measure::Mean { of } => {
            let value = in_each(&ctx.scope, of)?;
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
fn events_in_each(ctx: &Context<'_>, events: &IrExpr) -> Result<(Expr, Expr)> {
    if events.ty == Ty::Bool {
        let truth = truth(&ctx.scope, events)?;
        let happened = ones(truth.yes, truth.no, ctx.windows().len());
        return Ok((happened.clone(), happened));
    }
    let known = in_each(&ctx.scope, events)?;
    let sure = match &events.kind {
        ExprKind::Linked(q) if q.ask == Ask::Count && AnswerForm::of(q, ctx) == AnswerForm::ValueLists => {
            ident(sure_name(q))
        }
        ExprKind::Linked(q) if q.ask == Ask::Count => repeated(ident(sure_name(q)), ctx.windows().len()),
        _ => known.clone(),
    };
    Ok((known, sure))
}
