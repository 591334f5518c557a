//! Rows that went and may have to be picked instead of a row in use: of the same child, say. A row
//! in use that is picked may not belong then.

use crate::plan::columns::{CONTENDED, WINDOWS, entity};
use crate::plan::functions::coalesce::coalesce;
use crate::plan::pipeline::chain::answered_rows;
use crate::plan::pipeline::cohort::cohort;
use crate::plan::pipeline::context::Context;
use crate::plan::pipeline::slice::slice;
use crate::plan::pipeline::steps::Steps;
use crate::plan::relational::verbs::{add_columns, aggregate, join, names, project};
use crate::plan::{RunContext, apart, window_set};
use datafusion::error::Result;
use datafusion::functions_aggregate::expr_fn::bit_or;
use datafusion::logical_expr::{Expr, JoinType, LogicalPlan, LogicalPlanBuilder, ident, lit};
use yardstick_language::ir::{Pick, went};

/// For whom a row that went would be picked, and its holder.
const PER: &str = "went.per";
const HOLDER: &str = "went.holder";
/// No row.
const NOBODY: i32 = -1;

/// Adds the windows in which a row that went may have to be picked instead; no column when no row
/// went.
pub(in crate::plan) fn contended(
    ctx: &Context<'_>,
    steps: &mut Steps,
    rows: LogicalPlan,
    pick: &Pick,
    holder: Option<&Expr>,
) -> Result<(LogicalPlan, Option<Expr>)> {
    let Some(went) = contenders(ctx, steps, pick, holder.is_some())? else {
        return Ok((rows, None));
    };
    let mut on = vec![(ctx.per(pick), ident(PER))];
    on.extend(holder.map(|holder| (coalesce(vec![holder.clone(), lit(NOBODY)]), ident(HOLDER))));
    let before: Vec<Expr> = names(&rows).into_iter().map(ident).collect();
    let windows = coalesce(vec![ident(CONTENDED), lit(0_i64)]).alias(CONTENDED);
    let columns = before.into_iter().chain([windows]).collect::<Vec<_>>();
    let rows = project(join(rows, went, JoinType::Left, on, None)?, columns)?;
    Ok((rows, Some(ident(CONTENDED))))
}

/// Per group of the pick, the windows in which a row that went may have to be picked; `None` when
/// no row went. Its position in the order is taken as unknown.
fn contenders(ctx: &Context<'_>, steps: &mut Steps, pick: &Pick, with_holder: bool) -> Result<Option<LogicalPlan>> {
    if !ctx.scope.rows.contended {
        return Ok(None);
    }
    let run = ctx.scope.run;
    let mut all: Option<LogicalPlanBuilder> = None;
    for (standing, indicator) in apart(run.went, |known| went::indicator(ctx.model, ctx.indicator, known)) {
        let run = RunContext { standing, went: &[], ..run };
        let of_went = Context::new(ctx.model, &indicator, run, ctx.windows(), ctx.level);
        let rows = match (pick.ever, pick.each_level) {
            (true, _) => {
                add_columns(slice(&of_went, steps)?, vec![(lit(window_set::all(ctx.windows())), WINDOWS.to_owned())])?
            }
            (false, true) => answered_rows(&of_went, steps)?.0,
            (false, false) => cohort(&of_went, steps, &[])?,
        };
        let mut columns = vec![of_went.per(pick).alias(PER), ident(WINDOWS)];
        if with_holder {
            columns.push(coalesce(vec![ident(entity(ctx.level)), lit(NOBODY)]).alias(HOLDER));
        }
        let rows = LogicalPlanBuilder::from(project(rows, columns)?);
        all = Some(match all {
            None => rows,
            Some(before) => before.union(rows.build()?)?,
        });
    }
    let Some(all) = all else { return Ok(None) };
    let of: Vec<String> = [PER, HOLDER].iter().take(if with_holder { 2 } else { 1 }).map(|s| (*s).to_owned()).collect();
    let by_whom = all.filter(ident(PER).is_not_null())?.build()?;
    let windows = bit_or(ident(WINDOWS)).alias(CONTENDED);
    Ok(Some(steps.materialize(aggregate(by_whom, &of, vec![windows])?)?))
}

/// Of rows that went: whether it is not known whom a row would be picked for. `None` when rows
/// are not picked.
pub(in crate::plan) fn may_be_anybodys(ctx: &Context<'_>) -> Option<Expr> {
    let pick = ctx.indicator.cohort.pick.as_ref().filter(|_| ctx.went())?;
    let nobodys = ctx.per(pick).is_null();
    Some(if pick.each_level && ctx.level > 0 { nobodys.or(ident(entity(ctx.level)).is_null()) } else { nobodys })
}
