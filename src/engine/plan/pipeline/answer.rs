//! The whole chain of one indicator, and its two answers: counts by window and entity, or the rows
//! behind them.

use crate::plan::analysis;
use crate::plan::columns::{
    AMOUNT, ANYBODYS, AT, AT_UNKNOWN, EXCLUDED, EXPOSURE, HELD, MET, OWNER, ROW, UNSURE, WINDOWS, entity,
};
use crate::plan::expression::lower::is_unknown;
use crate::plan::functions::coalesce::coalesce;
use crate::plan::functions::lookup;
use crate::plan::pipeline::attribution::owner;
use crate::plan::pipeline::chain::{self, answered_rows, answered_split, attributed};
use crate::plan::pipeline::contenders::may_be_anybodys;
use crate::plan::pipeline::context::Context;
use crate::plan::pipeline::counts_by_window::counts_by_window;
use crate::plan::pipeline::facts::{Fact, cohort_facts, join_witness, witness_facts};
use crate::plan::pipeline::grouping;
use crate::plan::pipeline::outcome::{exclusion, outcome};
use crate::plan::pipeline::steps::Steps;
use crate::plan::pipeline::sums::sums;
use crate::plan::pipeline::unsure::membership;
use crate::plan::relational::verbs::{add_columns, filter, project};
use crate::plan::{RunContext, Standing, Step};
use datafusion::arrow::datatypes::DataType;
use datafusion::error::Result;
use datafusion::logical_expr::{Expr, LogicalPlan, LogicalPlanBuilder, ident, lit};
use std::borrow::Cow;
use yardstick_language::calendar::Window;
use yardstick_language::ir::{Ask, Indicator, RowId, went};
use yardstick_language::model::Model;
use yardstick_language::still_open;

/// Steps to run in order, and the plan that gives the answer.
#[derive(Debug, Clone)]
pub struct Plan {
    /// To run first, in this order.
    pub steps: Vec<Step>,
    /// The answer.
    pub answer: LogicalPlan,
    /// What its rows are.
    pub shape: Shape,
}

/// What the rows of an answer are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// One for each combination of entities; its counts and sums are lists with a number for every
    /// window.
    Lists,
    /// One for each combination of entities, window and value; its counts and sums are numbers.
    Sums,
    /// One for each row of the cohort.
    Rows,
}

/// The counts of an indicator in all windows, [`super::at_once`] at most: one row per combination
/// of entities, with the columns [`entity`] of every level, and the counts
/// [`COHORT`](super::columns::COHORT), [`excluded`](super::columns::excluded),
/// [`DENOMINATOR`](super::columns::DENOMINATOR), [`MET`],
/// [`UNDETERMINED`](super::columns::UNDETERMINED), and where a row may be unsure those of
/// [`DOUBTS`](super::DOUBTS). Of a proportion each is a list with a number for every window
/// (Int64); where rows are split by windows, see `sums`. The counts are those of every level
/// together, or of `level` alone when every level is measured by itself.
///
/// # Errors
/// When DataFusion refuses a plan: a fault of ours, since the program was checked.
pub fn counts(model: &Model, indicator: &Indicator, run: RunContext, windows: &[Window], level: usize) -> Result<Plan> {
    let indicator = of_standing(model, indicator, run);
    let ctx = Context::new(model, &indicator, run, windows, level);
    let mut steps = Steps::new(&ctx);
    let (rows, ctx) = answered_rows(&ctx, &mut steps)?;
    let (answer, shape) = match ctx.scope.is_split {
        true => (sums(&ctx, &mut steps, rows)?, Shape::Sums),
        false => (counts_by_window(&ctx, &mut steps, rows)?, Shape::Lists),
    };
    Ok(Plan { steps: steps.finish(), answer, shape })
}

/// The rows of the cohort in one window, and those that may be in it, sorted, with the columns
/// [`ROW`], [`EXCLUDED`], [`MET`], [`AMOUNT`], [`EXPOSURE`], [`AT`], [`HELD`], [`UNSURE`],
/// [`entity`] of every level, [`group`](super::columns::group) of every breakdown and one for each
/// fact; those of `level`, when every level is measured by itself.
///
/// # Errors
/// As [`counts`].
pub fn cases(
    model: &Model,
    indicator: &Indicator,
    run: RunContext,
    window: Window,
    level: usize,
) -> Result<(Plan, Vec<Fact>)> {
    let windows = [window];
    let asked = of_standing(model, indicator, run);
    let mut ctx = Context::new(model, &asked, run, &windows, level);
    let mut steps = Steps::new(&ctx);
    ctx.witnesses = true;
    // The same of all rows, whatever is asked of those that went.
    indicator.expressions().for_each(|e| ctx.scope.rows.need(e));
    let mut facts = cohort_facts(&ctx, indicator);
    let (rows, ctx) = answered_rows(&ctx, &mut steps)?;
    let mut rows = judged(&ctx, &mut steps, rows)?;
    for q in chain::asked(&ctx).into_iter().filter(|q| q.ask == Ask::Exists) {
        rows = join_witness(&ctx, rows, q)?;
        facts.extend(witness_facts(&ctx, q));
    }
    let columns = columns_of_judged(&ctx).into_iter().chain(facts.iter().map(|f| ident(&f.column)));
    let answer =
        LogicalPlanBuilder::from(project(rows, columns.collect())?).sort([ident(ROW).sort(true, false)])?.build()?;
    Ok((Plan { steps: steps.finish(), answer, shape: Shape::Rows }, facts))
}

/// The rows that are told one by one, in each of the windows: of those that went all that may be in
/// the cohort, and of those in use the ones that are or may be, and of which it may not be known
/// who holds them. They have the columns of [`cases`] but for the facts, [`ANYBODYS`], and
/// [`WINDOWS`], the set of the one window. `doubtful` is a column of the table of owners (see
/// [`OWNER`]) that is true of each for whom a stay that was set aside may count.
///
/// # Errors
/// As [`counts`].
pub fn rows_in_doubt(
    model: &Model,
    indicator: &Indicator,
    run: RunContext,
    windows: &[Window],
    level: usize,
    doubtful: Option<&str>,
) -> Result<Plan> {
    let indicator = of_standing(model, indicator, run);
    let ctx = Context::new(model, &indicator, run, windows, level);
    let unknown = ctx.scope.rows.may_order_unknown(&indicator.attribution.at);
    let mut steps = Steps::new(&ctx);
    let plain = analysis::plain_links(&indicator.attribution);
    let owners = &model.table(ctx.scope.rows.table_at(RowId::COHORT, &plain)).name;
    let of = |owner| doubtful.map(|name| lookup::column(owners, name, DataType::Boolean, owner));
    let is_doubtful = |owner| of(owner).map(|is| coalesce(vec![is, lit(false)]));
    let at = &indicator.attribution.at;
    let only = match (is_doubtful(owner(&ctx)), unknown) {
        _ if ctx.went() => None,
        (doubtful, false) => doubtful,
        (_, true) if at.uses_window() => None,
        (doubtful, true) => Some(doubtful.into_iter().fold(is_unknown(&ctx.scope, at)?, Expr::or)),
    };
    let (rows, ctx) = answered_split(&ctx, &mut steps, only)?;
    let mut rows = judged(&ctx, &mut steps, rows)?;
    if !ctx.went() {
        rows = filter(rows, is_doubtful(ident(OWNER)).into_iter().fold(ident(AT_UNKNOWN), Expr::or))?;
    }
    let anybodys = may_be_anybodys(&ctx).unwrap_or(lit(false)).alias(ANYBODYS);
    let columns = columns_of_judged(&ctx).into_iter().chain([anybodys, ident(WINDOWS)]).collect::<Vec<_>>();
    let answer = project(rows, columns)?;
    Ok(Plan { steps: steps.finish(), answer, shape: Shape::Rows })
}

/// Whether the day of attribution of some row may not be known.
#[must_use]
pub fn may_lack_day(model: &Model, indicator: &Indicator, run: RunContext) -> bool {
    let indicator = of_standing(model, indicator, run);
    Context::new(model, &indicator, run, &[], 0).scope.rows.may_order_unknown(&indicator.attribution.at)
}

/// The rows, in the one window or split, with what became of them and who holds them; without those
/// that came in doubt and go for an exclusion, which is nobody's business.
fn judged(ctx: &Context<'_>, steps: &mut Steps, rows: LogicalPlan) -> Result<LogicalPlan> {
    let mut judged = vec![(exclusion(ctx)?, EXCLUDED.to_owned())];
    judged.extend(outcome(ctx)?);
    judged.extend(membership(ctx)?);
    judged.push((owner(ctx), OWNER.to_owned()));
    judged.push((is_unknown(&ctx.scope, &ctx.indicator.attribution.at)?, AT_UNKNOWN.to_owned()));
    let rows = attributed(ctx, steps, add_columns(rows, judged)?)?;
    filter(rows, ident(HELD).or(ident(UNSURE)))
}

/// What is told of such rows.
fn columns_of_judged(ctx: &Context<'_>) -> Vec<Expr> {
    let columns = [EXCLUDED, MET, AMOUNT, EXPOSURE, AT, AT_UNKNOWN, OWNER, HELD, UNSURE].map(ident).into_iter();
    std::iter::once(ident(ctx.row_key()).alias(ROW))
        .chain(columns)
        .chain((1..ctx.model.levels.len()).map(entity).chain(grouping::columns(ctx)).map(ident))
        .collect()
}

/// The indicator as it is asked of the rows that stand for those of the cohort.
fn of_standing<'a>(model: &Model, indicator: &'a Indicator, run: RunContext) -> Cow<'a, Indicator> {
    let indicator = match indicator.as_it_stands {
        false => Cow::Borrowed(indicator),
        true => Cow::Owned(still_open::indicator(model, indicator)),
    };
    match run.standing {
        Standing::InUse => indicator,
        Standing::Went { ends_known } => Cow::Owned(went::indicator(model, &indicator, ends_known)),
    }
}
