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
use crate::plan::relational::verbs::{add_columns, filter};
use datafusion::error::Result;
use datafusion::logical_expr::{Expr, LogicalPlan, ident};
use std::borrow::Cow;
use yardstick_language::ir::LinkedQuery;

/// Rows, and the context that what follows is planned in: that of split rows, where they are split.
pub(in crate::plan) type InContext<'c, 'a> = (LogicalPlan, Cow<'c, Context<'a>>);

/// The rows of the cohort with the windows in which they count, and every quantifier answered.
pub(in crate::plan) fn answered_rows<'c, 'a>(ctx: &'c Context<'a>, steps: &mut Steps) -> Result<InContext<'c, 'a>> {
    let mut asked = asked(ctx);
    let rows = cohort(ctx, steps, &asked)?;
    asked.retain(|q| uses_window(q));
    let (rows, ctx) = if analysis::splits(ctx.indicator) {
        let (rows, split) = split_and_answer(ctx, steps, rows, &asked)?;
        (rows, Cow::Owned(split))
    } else {
        let rows = Keyed { plan: rows, keys: &[ctx.row_key()] };
        (answer(ctx, steps, rows, &asked, &[])?, Cow::Borrowed(ctx))
    };
    let rows = if ctx.indicator.by_level() { of_level(&ctx, steps, rows)? } else { rows };
    Ok((rows, ctx))
}

/// The rows of the cohort that pass `only`, split by windows, and every quantifier answered. Where
/// every level is measured by itself all rows are there: they are picked among each other.
pub(in crate::plan) fn answered_split<'a>(
    ctx: &Context<'a>,
    steps: &mut Steps,
    only: Option<Expr>,
) -> Result<(LogicalPlan, Context<'a>)> {
    let mut asked = asked(ctx);
    let mut rows = cohort(ctx, steps, &asked)?;
    let by_level = ctx.indicator.by_level();
    if let Some(only) = only.filter(|_| !by_level) {
        rows = steps.decisive(filter(rows, only)?)?;
    }
    asked.retain(|q| uses_window(q));
    let (rows, split) = split_and_answer(ctx, steps, rows, &asked)?;
    let rows = if by_level { of_level(&split, steps, rows)? } else { rows };
    Ok((rows, split))
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
