//! Indicators that measure every level by itself: the holder of a row is found before rows are
//! picked and judged.

use crate::plan::columns::{elsewhere_name, entity};
use crate::plan::expression::lower::lower;
use crate::plan::pipeline::attribution::{Day, attribute, holders};
use crate::plan::pipeline::context::Context;
use crate::plan::pipeline::pick::pick_in_windows;
use crate::plan::pipeline::steps::Steps;
use crate::plan::relational::verbs::{add_columns, select};
use datafusion::error::Result;
use datafusion::logical_expr::{LogicalPlan, Operator, binary_expr, ident, lit, when};
use yardstick_language::ir::{Expr as IrExpr, Missing};

/// The day on which a row may be elsewhere.
const THERE: &str = "there.at";

/// The rows of one level, split by windows: with their holders, picked among the rows of the same
/// holder, and with a column for each day on which the definition asks whether a row is held
/// elsewhere.
pub(in crate::plan) fn of_level(ctx: &Context<'_>, steps: &mut Steps, rows: LogicalPlan) -> Result<LogicalPlan> {
    let mut rows = attribute(ctx, rows)?;
    if let Some(pick) = ctx.pick().filter(|p| p.each_level) {
        let holder = (ctx.level > 0).then(|| ident(entity(ctx.level)));
        rows = pick_in_windows(ctx, steps, rows, pick, holder)?;
    }
    for (n, day) in ctx.scope.elsewhere.iter().enumerate() {
        rows = held_elsewhere(ctx, rows, day, elsewhere_name(n))?;
    }
    Ok(rows)
}

/// Adds a boolean column: on `day`, is the row held by a different entity than on the attribution
/// date, or by none?
fn held_elsewhere(ctx: &Context<'_>, rows: LogicalPlan, day: &IrExpr, name: String) -> Result<LogicalPlan> {
    let there = |level| format!("there.{}", entity(level));
    let rows = add_columns(rows, vec![(lower(&ctx.scope, day)?, THERE.to_owned())])?;
    let rows = holders(ctx, rows, &Day::OfRow(THERE), there)?;
    let left = match ctx.level {
        0 => ident(entity(1)).is_not_null().and(ident(there(1)).is_null()),
        level => binary_expr(ident(entity(level)), Operator::IsDistinctFrom, ident(there(level))),
    };
    let comes = ident(THERE).is_not_null();
    let answer = match day.missing {
        // Who holds a row that went is not known well enough.
        _ if ctx.went() => when(lit(false), left).end()?,
        // What the model says is always there may break its column in the files.
        Missing::Never | Missing::Unknown => when(comes, left).end()?,
        Missing::OpenEnd => when(comes, left).otherwise(lit(false))?,
    };
    select(add_columns(rows, vec![(answer, name)])?, |name| !name.starts_with("there."))
}
