//! Counts and sums by entity, with a list of one number per window: the rows of each kind, and
//! their amounts of a rate or a mean. A row is counted in all windows of its set at once.

use crate::plan::columns::{AMOUNT, DENOMINATOR, DOUBTS, EXPOSURE, MET, UNDETERMINED, UNEXPOSED, WINDOWS, entity};
use crate::plan::expression::truth::Truth;
use crate::plan::functions::count_by_window::tally;
use crate::plan::functions::fold_by_window::Fold;
use crate::plan::functions::window_list::known_in;
use crate::plan::pipeline::chain::attributed;
use crate::plan::pipeline::context::Context;
use crate::plan::pipeline::grouping;
use crate::plan::pipeline::measures::{Outcomes, planned};
use crate::plan::pipeline::steps::Steps;
use crate::plan::pipeline::unsure::{Membership, doubtful_sets, staying};
use crate::plan::relational::verbs::{add_columns, project};
use crate::plan::window_set::none_of;
use datafusion::error::Result;
use datafusion::logical_expr::{Expr, LogicalPlan, LogicalPlanBuilder, ident};
use std::collections::BTreeMap;
use yardstick_language::measures::Summary;

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

/// One row per combination of entities and groups, with the columns [`entity`] of every level and
/// [`group`](crate::plan::columns::group) of every breakdown, and the
/// counts `cohort`, `excluded.0` ..., `denominator`, `met`, `undetermined`, of a rate or a mean
/// also [`AMOUNT`] and [`EXPOSURE`], and where a row may be unsure some of [`DOUBTS`]: lists
/// with a number (Int64) for every window.
pub(in crate::plan) fn counts_by_window(
    ctx: &Context<'_>,
    steps: &mut Steps,
    rows: LogicalPlan,
) -> Result<LogicalPlan> {
    let (mut sets, membership) = staying(ctx)?;
    let Outcomes { met, unknown, amounts, exposures, truth } = planned(&ctx.indicator.measure).outcomes(ctx)?;
    let unexposed = exposures.clone().map(|exposures| none_of(known_in(exposures)));
    let named = |of: Option<Expr>, name: &str| of.map(|of| (of, name.to_owned()));
    let amounts: Vec<_> = named(amounts, AMOUNT).into_iter().chain(named(exposures, EXPOSURE)).collect();
    let adds = |name: &str| amounts.iter().any(|(_, added)| added == name);
    let stays = &membership.stays;
    if let Some(exposures) = unexposed {
        sets.push(((stays.clone() | membership.comes.clone()) & exposures, UNEXPOSED.to_owned()));
    }
    sets.push((stays.clone(), DENOMINATOR.to_owned()));
    sets.push((stays.clone() & met, MET.to_owned()));
    sets.push((stays.clone() & unknown.clone(), UNDETERMINED.to_owned()));
    let (counted, folded) = match ctx.scope.rows.may_be_unsure(ctx.indicator) {
        true => doubtful(ctx, &membership, truth.as_ref(), unknown, adds(EXPOSURE))?,
        false => (Vec::new(), Vec::new()),
    };
    sets.extend(counted);
    let named: Vec<String> = sets.iter().map(|(_, name)| name.clone()).collect();
    let added: Vec<String> = amounts.iter().map(|(_, name)| name.clone()).collect();
    let mut columns: Vec<(Expr, String)> = sets.into_iter().chain(amounts).collect();
    let folds: BTreeMap<&str, &Expr> = folded.iter().map(|fold| (fold.set, &fold.of)).collect();
    columns.extend(folds.iter().map(|(set, of)| ((*of).clone(), (*set).to_owned())));
    let rows = attributed(ctx, steps, add_columns(rows, columns)?)?;
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
    LogicalPlanBuilder::from(project(rows, columns)?).aggregate(entities().collect::<Vec<_>>(), lists)?.build()
}

/// What unsure rows would take away and bring: sets to be counted, and amounts to be added up.
fn doubtful(
    ctx: &Context<'_>,
    of: &Membership,
    truth: Option<&Truth>,
    unknown: Expr,
    has_exposure: bool,
) -> Result<Doubted> {
    let [unsure, takes_met, takes_unmet, brings_met, brings_unmet, blank] = DOUBTS;
    let mut sets = vec![(of.leaves.clone() | of.comes.clone(), unsure)];
    let mut folded = Vec::new();
    match (ctx.indicator.measure.kind().summary(), truth) {
        (_, Some(truth)) => {
            let names = [takes_met, takes_unmet, brings_met, brings_unmet];
            sets.extend(doubtful_sets(ctx, of, truth).into_iter().zip(names));
        }
        (Summary::Events, None) => {
            sets.push((of.comes.clone() & unknown, blank));
            let fold = |of: &Expr, set, amount, name| Folded { of: of.clone(), set, amount, name };
            folded.push(fold(&of.leaves, LEAVING, AMOUNT, takes_met));
            folded.push(fold(&of.comes, COMING, AMOUNT, brings_met));
            if has_exposure {
                folded.push(fold(&of.leaves, LEAVING, EXPOSURE, takes_unmet));
                folded.push(fold(&of.comes, COMING, EXPOSURE, brings_unmet));
            }
        }
        (Summary::MetOfRows | Summary::SumOfValues | Summary::Values, None) => {}
    }
    Ok((sets.into_iter().map(|(set, name)| (set, name.to_owned())).collect(), folded))
}
