//! Who a row belongs to: links followed from the row to a level's entity, and up from there, on the
//! attribution date.

use crate::plan::analysis;
use crate::plan::columns::{AT, WINDOWS, entity};
use crate::plan::expression::lower::{lower, lower_in};
use crate::plan::expression::values::in_each;
use crate::plan::expression::window_compare::{Clipped, clipped};
use crate::plan::functions::date;
use crate::plan::functions::holders::{HOLDER, IN};
use crate::plan::functions::lookup::{self, holder_on, holders_in};
use crate::plan::functions::windows_reached::day_list;
use crate::plan::pipeline::context::Context;
use crate::plan::relational::verbs::{add_columns, select, select_with, unnest};
use crate::store;
use datafusion::arrow::datatypes::DataType;
use datafusion::error::Result;
use datafusion::functions::core::expr_fn::get_field;
use datafusion::logical_expr::{Expr, LogicalPlan, ident, lit};
use datafusion::scalar::ScalarValue;
use yardstick_language::ir::{Expr as IrExpr, RowId};
use yardstick_language::model::{Model, Step, TableId};

/// The column of a row's holders, before it is there once for each.
const HELD: &str = "held";

/// No row of a level's table.
fn nobody() -> Expr {
    Expr::Literal(ScalarValue::Int32(None), None)
}

/// The row to which the plain links at the start of the path lead. A row that went is nobody
/// itself.
pub(in crate::plan) fn owner(ctx: &Context<'_>) -> Expr {
    let plain = analysis::plain_links(&ctx.indicator.attribution);
    match ctx.went() && plain.is_empty() {
        true => nobody(),
        false => ident(ctx.scope.rows.row_name(RowId::COHORT, &plain)),
    }
}

/// The day on which dated links are followed.
pub(in crate::plan) enum Day {
    /// Each row's own, in this column.
    OfRow(&'static str),
    /// The row's own in each window: what [`holders_in`] takes for it.
    InWindows(Vec<Expr>),
}

/// The plan with the attribution date and the entity's row number at every level below the
/// whole; missing is unassigned.
///
/// A row whose attribution date depends on the window may belong to several: it is there once
/// for each, with the windows in which it belongs to it.
pub(in crate::plan) fn attribute(ctx: &Context<'_>, plan: LogicalPlan) -> Result<LogicalPlan> {
    let (plan, day) = day(ctx, plan, &ctx.indicator.attribution.at)?;
    holders(ctx, plan, &day, entity)
}

/// The plan with the row number of who holds the row at every level below the whole on a day,
/// in the columns that `entity` names.
pub(in crate::plan) fn holders(
    ctx: &Context<'_>,
    plan: LogicalPlan,
    day: &Day,
    entity: impl Fn(usize) -> String,
) -> Result<LogicalPlan> {
    let attribution = &ctx.indicator.attribution;
    let plain = analysis::plain_links(attribution);
    let cohort = RowId::COHORT;
    let mut table = ctx.scope.rows.table_at(cohort, &plain);
    let mut plan = add_columns(plan, vec![(owner(ctx), "at.0".to_owned())])?;
    let mut at = "at.0".to_owned();
    for (i, step) in attribution.steps.iter().enumerate().skip(plain.len()) {
        let next = format!("at.{}", i + 1);
        let hop = Hop { table, step: *step, from: &at, to: &next };
        (plan, table) = follow(ctx.model, plan, &hop, day)?;
        at = next;
    }
    plan = add_columns(plan, vec![(ident(&at), entity(attribution.level))])?;
    for level in (1..attribution.level).rev() {
        if let Some(above) = ctx.own_holder().filter(|_| level + 1 == attribution.level) {
            plan = add_columns(plan, vec![(ident(ctx.scope.rows.row_name(cohort, &[above])), entity(level))])?;
            table = ctx.model.table(table).column(above).leads_to().unwrap_or(table);
        } else if let Some(step) = ctx.model.levels[level + 1].up {
            let hop = Hop { table, step, from: &entity(level + 1), to: &entity(level) };
            (plan, table) = follow(ctx.model, plan, &hop, day)?;
        }
    }
    let below = attribution.level + 1..ctx.model.levels.len();
    plan = add_columns(plan, below.map(|level| (nobody(), entity(level))).collect())?;
    select(plan, |name| !name.starts_with("at."))
}

/// The plan with the attribution date, or the date in each window.
fn day(ctx: &Context<'_>, plan: LogicalPlan, at: &IrExpr) -> Result<(LogicalPlan, Day)> {
    let (plan, value) = match ctx.windows() {
        _ if ctx.scope.is_split => (plan, lower(&ctx.scope, at)?),
        [window] => (plan, lower_in(&ctx.scope, at, 0, *window)?),
        _ if !at.uses_window() => (plan, lower(&ctx.scope, at)?),
        _ => {
            if let Some(Clipped { points, by, latest }) = clipped(&ctx.scope, at)? {
                let by = by.unwrap_or_else(date::open_end);
                return Ok((plan, Day::InWindows(vec![day_list(&points), by, lit(latest)])));
            }
            let listed = add_columns(plan, vec![(in_each(&ctx.scope, at)?, AT.to_owned())])?;
            return Ok((listed, Day::InWindows(vec![ident(AT)])));
        }
    };
    Ok((add_columns(plan, vec![(value, AT.to_owned())])?, Day::OfRow(AT)))
}

/// One step from the row of `table` that the column `from` numbers to the row that `to` numbers.
struct Hop<'h> {
    table: TableId,
    step: Step,
    from: &'h str,
    to: &'h str,
}

/// The plan with the row that a step reaches, and that row's table.
fn follow(model: &Model, plan: LogicalPlan, hop: &Hop<'_>, day: &Day) -> Result<(LogicalPlan, TableId)> {
    let Hop { table, step, from, to } = *hop;
    match step {
        Step::Link(column) => {
            let link = model.table(table).column(column);
            let above = lookup::column(&model.table(table).name, &link.name, DataType::Int32, ident(from));
            Ok((add_columns(plan, vec![(above, to.to_owned())])?, link.leads_to().unwrap_or(table)))
        }
        Step::Dated(number) => {
            let (dated, target) = (store::dated_name(model, table, number), model.table(table).dated[number].target);
            let plan = match day {
                Day::OfRow(at) => add_columns(plan, vec![(holder_on(&dated, ident(from), ident(*at)), to.to_owned())])?,
                Day::InWindows(days) => {
                    once_per_holder(plan, holders_in(&dated, ident(from), ident(WINDOWS), days.clone()), to)?
                }
            };
            Ok((plan, target))
        }
    }
}

/// Each row once for each of its holders, who is in the column `to`, with the windows in which that
/// one holds it.
fn once_per_holder(rows: LogicalPlan, holders: Expr, to: &str) -> Result<LogicalPlan> {
    let rows = unnest(select_with(rows, |name| name != WINDOWS, vec![(holders, HELD.to_owned())])?, HELD)?;
    let of = |field: &str| get_field(ident(HELD), field);
    select_with(rows, |name| name != HELD, vec![(of(HOLDER), to.to_owned()), (of(IN), WINDOWS.to_owned())])
}
