//! The steps that every answer begins with: the rows of the cohort, everything asked of linked rows
//! answered.

use crate::plan::analysis::{self, outermost, uses_window};
use crate::plan::columns::{PAIR, entity};
use crate::plan::pipeline::attribution::attribute;
use crate::plan::pipeline::cohort::cohort;
use crate::plan::pipeline::context::Context;
use crate::plan::pipeline::grouping::grouped;
use crate::plan::pipeline::per_level::of_level;
use crate::plan::pipeline::quantifier::{Keyed, answer};
use crate::plan::pipeline::split_by_window::split_and_answer;
use crate::plan::pipeline::steps::Steps;
use crate::plan::relational::verbs::add_columns;
use datafusion::error::Result;
use datafusion::logical_expr::{LogicalPlan, ident};
use std::borrow::Cow;
use yardstick_language::ir::LinkedQuery;

/// Rows, and the context that what follows is planned in: that of split rows, where they are split.
pub(in crate::plan) type InContext<'c, 'a> = (LogicalPlan, Cow<'c, Context<'a>>);

/// The rows of the cohort with the windows in which they count, and every quantifier answered.
pub(in crate::plan) fn answered_rows<'c, 'a>(ctx: &'c Context<'a>, steps: &mut Steps) -> Result<InContext<'c, 'a>> {
    let rows = cohort_rows(ctx, steps)?;
    if analysis::splits(ctx.indicator) {
        let (rows, split) = answered_split(ctx, steps, rows)?;
        return Ok((rows, Cow::Owned(split)));
    }
    Ok((answered_in_sets(ctx, steps, rows)?, Cow::Borrowed(ctx)))
}

/// The rows of the cohort with the windows in which they count, and every quantifier answered that
/// does not depend on the window.
pub(in crate::plan) fn cohort_rows(ctx: &Context<'_>, steps: &mut Steps) -> Result<LogicalPlan> {
    cohort(ctx, steps, &asked(ctx))
}

/// The rows of the cohort with the other quantifiers answered for all windows at once.
pub(in crate::plan) fn answered_in_sets(
    ctx: &Context<'_>,
    steps: &mut Steps,
    rows: LogicalPlan,
) -> Result<LogicalPlan> {
    answer(ctx, steps, Keyed { plan: rows, keys: &[ctx.row_key()] }, &asked_in_windows(ctx), &[])
}

/// The rows of the cohort split by windows, with the other quantifiers answered; where every level
/// is measured by itself, those of the level.
pub(in crate::plan) fn answered_split<'a>(
    ctx: &Context<'a>,
    steps: &mut Steps,
    rows: LogicalPlan,
) -> Result<(LogicalPlan, Context<'a>)> {
    let (rows, split) = split_and_answer(ctx, steps, rows, &asked_in_windows(ctx))?;
    let rows = if ctx.indicator.by_level() { of_level(&split, steps, rows)? } else { rows };
    Ok((rows, split))
}

/// What is asked of the rows of the cohort and depends on the window.
fn asked_in_windows<'a>(ctx: &Context<'a>) -> Vec<&'a LinkedQuery> {
    let mut asked = asked(ctx);
    asked.retain(|q| uses_window(q));
    asked
}

/// The rows with their holders, which those of a single level have already, and their groups.
pub(in crate::plan) fn attributed(ctx: &Context<'_>, steps: &mut Steps, rows: LogicalPlan) -> Result<LogicalPlan> {
    let rows = if ctx.indicator.by_level() { rows } else { attribute(ctx, rows)? };
    grouped(ctx, of_holders(ctx, steps, rows)?)
}

/// The rows with all that groups need of their holders.
fn of_holders(ctx: &Context<'_>, steps: &mut Steps, mut rows: LogicalPlan) -> Result<LogicalPlan> {
    let variables = &ctx.scope.rows;
    for (holder, table) in variables.holders() {
        let Some(level) = ctx.model.levels.iter().position(|level| level.table == Some(table)) else { continue };
        rows = add_columns(rows, vec![(ident(entity(level)), variables.row_name(holder, &[]))])?;
        rows = variables.look_up_holder(rows, holder)?;
    }
    // Each row has one holder: of rows with several, those that are asked about are split.
    let keys = [if ctx.scope.is_split { PAIR.to_owned() } else { ctx.row_key() }];
    answer(ctx, steps, Keyed { plan: rows, keys: &keys }, &analysis::asked_of_holders(ctx.indicator), &[])
}

/// The outermost quantifiers of the exclusions, of what is measured, of the day of attribution and
/// of the groups, but for those about holders.
pub(in crate::plan) fn asked<'a>(ctx: &Context<'a>) -> Vec<&'a LinkedQuery> {
    let indicator = ctx.indicator;
    let mut asked = Vec::new();
    indicator.exclusions.iter().for_each(|x| outermost(&x.condition, &mut asked));
    indicator.measure.expressions().into_iter().for_each(|e| outermost(e, &mut asked));
    outermost(&indicator.attribution.at, &mut asked);
    indicator.groups().for_each(|e| outermost(e, &mut asked));
    asked.retain(|q| !analysis::asks_of_holder(q));
    asked
}
