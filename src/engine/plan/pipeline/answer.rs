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
use crate::plan::pipeline::chain::{self, answered_in_sets, answered_rows, answered_split, attributed, cohort_rows};
use crate::plan::pipeline::contenders::may_be_anybodys;
use crate::plan::pipeline::context::Context;
use crate::plan::pipeline::counts_by_window::counts_by_window;
use crate::plan::pipeline::facts::{Fact, cohort_facts, join_witness, witness_facts};
use crate::plan::pipeline::grouping;
use crate::plan::pipeline::outcome::{exclusion, outcome};
use crate::plan::pipeline::steps::Steps;
use crate::plan::pipeline::sums::sums;
use crate::plan::pipeline::unsure::membership;
use crate::plan::relational::lean::Read;
use crate::plan::relational::verbs::{add_columns, filter, project};
use crate::plan::{Ends, RunContext, Standing, Step, apart};
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
    /// Rows that are told one by one beside the counts.
    pub told: Option<Told>,
}

impl Plan {
    /// The same, of which each step gives only what is read of it.
    fn lean(self) -> Result<Self> {
        let mut read = Read::default();
        let told = match self.told {
            Some(Told { steps, rows }) => {
                read.by(&rows);
                Some(Told { steps: read.lean(steps)?, rows })
            }
            None => None,
        };
        read.by(&self.answer);
        Ok(Self { steps: read.lean(self.steps)?, told, ..self })
    }
}

/// Rows that are told one by one, see [`counts`].
#[derive(Debug, Clone)]
pub struct Told {
    /// To run first, after the steps of the counts; a step that decides does so for these rows.
    pub steps: Vec<Step>,
    /// The rows.
    pub rows: LogicalPlan,
}

/// Of which rows it may not be known who holds them: those of which the day of attribution is not
/// known, and where a stay that was set aside may count, those of the owners for whom one may.
#[derive(Debug, Clone, Copy)]
pub struct Doubtful<'a> {
    /// A column of the table of owners (see [`OWNER`]) that is true of each of those.
    pub owners: Option<&'a str>,
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
/// Where some rows are `doubtful`, these are told beside the counts, as [`rows_that_went`] are.
///
/// # Errors
/// When DataFusion refuses a plan: a fault of ours, since the program was checked.
pub fn counts(
    model: &Model,
    indicator: &Indicator,
    run: RunContext,
    windows: &[Window],
    level: usize,
    doubtful: Option<Doubtful<'_>>,
) -> Result<Plan> {
    let indicator = of_standing(model, indicator, run);
    let ctx = Context::new(model, &indicator, run, windows, level);
    let mut steps = Steps::new(&ctx);
    let mut rows = cohort_rows(&ctx, &mut steps)?;
    if analysis::splits(&indicator) {
        let (mut rows, split) = answered_split(&ctx, &mut steps, rows)?;
        if doubtful.is_some() {
            rows = steps.materialize(rows)?;
        }
        let counted = rows.clone();
        let (answer, counted) = (sums(&split, &mut steps, counted)?, steps.take());
        let told = doubtful.map(|doubtful| told_of_split(&split, &mut steps, rows, doubtful)).transpose()?;
        return Plan { steps: counted, answer, shape: Shape::Sums, told }.lean();
    }
    if doubtful.is_some() {
        rows = steps.materialize(rows)?;
    }
    let counted = answered_in_sets(&ctx, &mut steps, rows.clone())?;
    let (answer, counted) = (counts_by_window(&ctx, &mut steps, counted)?, steps.take());
    let told = doubtful.map(|doubtful| told_of_cohort(&ctx, &mut steps, rows, doubtful)).transpose()?;
    Plan { steps: counted, answer, shape: Shape::Lists, told }.lean()
}

/// Of the rows of the cohort, those of which it may not be known who holds them.
fn told_of_cohort(ctx: &Context<'_>, steps: &mut Steps, rows: LogicalPlan, doubtful: Doubtful<'_>) -> Result<Told> {
    let by_day = ctx.scope.rows.may_order_unknown(&ctx.indicator.attribution.at);
    let lacks_day = if by_day { Some(is_unknown(&ctx.scope, &ctx.indicator.attribution.at)?) } else { None };
    let rows = match lacks_day {
        // It takes the window of a row to tell.
        Some(_) if ctx.indicator.attribution.at.uses_window() => rows,
        lacks_day => {
            let any = is_of_doubtful(ctx, doubtful, owner(ctx)).into_iter().chain(lacks_day).reduce(Expr::or);
            steps.decisive(filter(rows, any.unwrap_or(lit(false)))?)?
        }
    };
    let (rows, split) = answered_split(ctx, steps, rows)?;
    told_of_split(&split, steps, rows, doubtful)
}

/// Of split rows, those of which it is not known who holds them.
fn told_of_split(ctx: &Context<'_>, steps: &mut Steps, rows: LogicalPlan, doubtful: Doubtful<'_>) -> Result<Told> {
    let is_doubtful = is_of_doubtful(ctx, doubtful, owner(ctx)).into_iter();
    let any = is_doubtful.fold(is_unknown(&ctx.scope, &ctx.indicator.attribution.at)?, Expr::or);
    let rows = judged(ctx, steps, filter(rows, any)?)?;
    told(ctx, steps, rows)
}

/// Whether an owner is one for whom a stay that was set aside may count; `None` where there is
/// none.
fn is_of_doubtful(ctx: &Context<'_>, doubtful: Doubtful<'_>, owner: Expr) -> Option<Expr> {
    let plain = analysis::plain_links(&ctx.indicator.attribution);
    let owners = &ctx.model.table(ctx.scope.rows.table_at(RowId::COHORT, &plain)).name;
    let is = lookup::column(owners, doubtful.owners?, DataType::Boolean, owner);
    Some(coalesce(vec![is, lit(false)]))
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
    Ok((Plan { steps: steps.take(), answer, shape: Shape::Rows, told: None }.lean()?, facts))
}

/// The rows that went and may be in the cohort, in each of the windows: they are told one by one.
/// They have the columns of [`cases`] but for the facts, [`ANYBODYS`], and [`WINDOWS`], the set of
/// the one window.
///
/// # Errors
/// As [`counts`].
pub fn rows_that_went(
    model: &Model,
    indicator: &Indicator,
    run: RunContext,
    windows: &[Window],
    level: usize,
) -> Result<Plan> {
    let indicator = of_standing(model, indicator, run);
    let ctx = Context::new(model, &indicator, run, windows, level);
    let mut steps = Steps::new(&ctx);
    let rows = cohort_rows(&ctx, &mut steps)?;
    let (rows, ctx) = answered_split(&ctx, &mut steps, rows)?;
    let rows = judged(&ctx, &mut steps, rows)?;
    let Told { steps, rows } = told(&ctx, &mut steps, rows)?;
    Plan { steps, answer: rows, shape: Shape::Rows, told: None }.lean()
}

/// Judged rows with what is told of each.
fn told(ctx: &Context<'_>, steps: &mut Steps, judged: LogicalPlan) -> Result<Told> {
    let anybodys = may_be_anybodys(ctx).unwrap_or(lit(false)).alias(ANYBODYS);
    let columns = columns_of_judged(ctx).into_iter().chain([anybodys, ident(WINDOWS)]).collect::<Vec<_>>();
    let rows = project(judged, columns)?;
    Ok(Told { steps: steps.take(), rows })
}

/// Whether the day of attribution of some row may not be known.
#[must_use]
pub fn may_lack_day(model: &Model, indicator: &Indicator, run: RunContext) -> bool {
    let indicator = of_standing(model, indicator, run);
    Context::new(model, &indicator, run, &[], 0).scope.rows.may_order_unknown(&indicator.attribution.at)
}

/// The rows, in the one window or split, with what became of them and who holds them; without those
/// that came in doubt and go for an exclusion, which is nobody's business, but for those that may
/// be anybody's.
fn judged(ctx: &Context<'_>, steps: &mut Steps, rows: LogicalPlan) -> Result<LogicalPlan> {
    let mut judged = vec![(exclusion(ctx)?, EXCLUDED.to_owned())];
    judged.extend(outcome(ctx)?);
    judged.extend(membership(ctx)?);
    judged.push((owner(ctx), OWNER.to_owned()));
    judged.push((is_unknown(&ctx.scope, &ctx.indicator.attribution.at)?, AT_UNKNOWN.to_owned()));
    let rows = attributed(ctx, steps, add_columns(rows, judged)?)?;
    let told = ident(HELD).or(ident(UNSURE));
    filter(rows, may_be_anybodys(ctx).into_iter().fold(told, Expr::or))
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
        Standing::Went(ends) => Cow::Owned(went::indicator(model, &indicator, ends == Ends::Known)),
    }
}

/// The rows that went of the cohort's table, as they are asked about.
#[must_use]
pub fn standings(model: &Model, indicator: &Indicator, run: RunContext) -> Vec<Standing> {
    let indicator = of_standing(model, indicator, run);
    let of_went = apart(run.went, |ends_known| went::indicator(model, &indicator, ends_known));
    of_went.into_iter().map(|(standing, _)| standing).collect()
}
