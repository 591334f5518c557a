//! In which group a row is, where rows are broken down.

use crate::plan::columns::{WINDOWS, group};
use crate::plan::expression::lower::value;
use crate::plan::expression::truth::truth;
use crate::plan::functions::groups_in::{GROUP, IN, groups_in};
use crate::plan::pipeline::context::Context;
use crate::plan::relational::verbs::{add_columns, select_with, unnest};
use datafusion::error::Result;
use datafusion::functions::core::expr_fn::get_field;
use datafusion::logical_expr::{Expr, LogicalPlan, ident, lit, when};
use yardstick_language::ir::Expr as IrExpr;

/// The column of a row's groups, before it is there once for each.
const GROUPS: &str = "groups";

/// The plan with the number of the row's group in each breakdown, in the columns that [`group`]
/// names; the number after that of the last value is that of rows whose group is not known.
///
/// A row whose group depends on the window may be in several: it is there once for each, with the
/// windows in which it is in it.
pub(in crate::plan) fn grouped(ctx: &Context<'_>, mut rows: LogicalPlan) -> Result<LogicalPlan> {
    for (number, values) in breakdowns(ctx).enumerate() {
        let moves = values.iter().any(IrExpr::uses_window);
        rows = if moves && ctx.scope.has_lists() {
            let sets = values.iter().map(|condition| Ok(truth(&ctx.scope, condition)?.yes));
            once_per_group(rows, groups_in(ident(WINDOWS), sets.collect::<Result<_>>()?), &group(number))?
        } else {
            add_columns(rows, vec![(number_of(ctx, values)?, group(number))])?
        };
    }
    Ok(rows)
}

/// The columns of the groups.
pub(in crate::plan) fn columns(ctx: &Context<'_>) -> Vec<String> {
    breakdowns(ctx).enumerate().map(|(number, _)| group(number)).collect()
}

fn breakdowns<'a>(ctx: &Context<'a>) -> impl Iterator<Item = &'a Vec<IrExpr>> {
    ctx.indicator.split.iter().flat_map(|split| &split.by)
}

/// The number of the value whose condition is true.
fn number_of(ctx: &Context<'_>, values: &[IrExpr]) -> Result<Expr> {
    let number = |place: usize| lit(i32::try_from(place).unwrap_or(i32::MAX));
    let mut found = number(values.len());
    for (place, condition) in values.iter().enumerate().rev() {
        found = when(value(&ctx.scope, condition)?, number(place)).otherwise(found)?;
    }
    Ok(found)
}

/// Each row once for each of its groups, whose number is in the column `to`, with the windows in
/// which it is in it.
fn once_per_group(rows: LogicalPlan, groups: Expr, to: &str) -> Result<LogicalPlan> {
    let rows = unnest(select_with(rows, |name| name != WINDOWS, vec![(groups, GROUPS.to_owned())])?, GROUPS)?;
    let of = |field: &str| get_field(ident(GROUPS), field);
    select_with(rows, |name| name != GROUPS, vec![(of(GROUP), to.to_owned()), (of(IN), WINDOWS.to_owned())])
}
