//! Picks: of the rows with the same `per`, the first that counts in each window.

use crate::plan::columns::{CONTENDED, COUNTED, LEAVES, WINDOWS};
use crate::plan::expression::lower::{comparable, lower};
use crate::plan::functions::first_per_group::taken;
use crate::plan::pipeline::contenders::contended;
use crate::plan::pipeline::context::Context;
use crate::plan::pipeline::steps::Steps;
use crate::plan::relational::verbs::{add_columns, add_window_column, in_some_window, select_with};
use crate::plan::window_set;
use datafusion::error::Result;
use datafusion::logical_expr::{Expr, LogicalPlan, ident, lit, when};
use yardstick_language::ir::Pick;

/// Columns of a pick. [`ASKED`]: the windows that a row asks for. [`SURE`]: those of them in which
/// it surely counts. [`DOUBTFUL`]: the others. [`ORDERED`]: whether its position in the order is
/// known. [`TAKEN`] and [`TAKEN_PERHAPS`]: the windows that earlier rows take, surely or perhaps.
const ASKED: &str = "asked";
const SURE: &str = "sure";
const DOUBTFUL: &str = "doubtful";
const ORDERED: &str = "ordered";
const TAKEN: &str = "taken";
const TAKEN_PERHAPS: &str = "taken.perhaps";
/// Columns of a pick among all rows, whatever the window: where the row is the first, as far as is
/// known, and where another row may be the first instead.
pub(in crate::plan) const FIRST: &str = "first";
pub(in crate::plan) const CONTESTED: &str = "contested";

/// Keeps the first of all rows for each `pick.per`. Where that is not known, keeps all rows that
/// may be the first, with the sets [`FIRST`] and [`CONTESTED`].
pub(in crate::plan) fn pick_ever(
    ctx: &Context<'_>,
    steps: &mut Steps,
    rows: LogicalPlan,
    pick: &Pick,
) -> Result<LogicalPlan> {
    let sets = [(WINDOWS, 1_i64), (COUNTED, 1), (LEAVES, 0)];
    let sets = sets.into_iter().take(if ctx.in_doubt { 3 } else { 1 });
    let rows = add_columns(rows, sets.map(|(name, set)| (lit(set), name.to_owned())).collect())?;
    let rows = pick_in_windows(ctx, steps, rows, pick, None)?;
    let everywhere =
        |name: &str| when(ident(name).not_eq(lit(0_i64)), lit(window_set::all(ctx.windows()))).otherwise(lit(0_i64));
    let told = match ctx.in_doubt {
        true => vec![(everywhere(COUNTED)?, FIRST.to_owned()), (everywhere(LEAVES)?, CONTESTED.to_owned())],
        false => Vec::new(),
    };
    select_with(rows, |name| ![WINDOWS, COUNTED, LEAVES].contains(&name), told)
}

/// The first row for each `pick.per` (and each holder, where one is given) in every window: a
/// row keeps the windows that no row before it has. Nothing is left to a row whose `per` is
/// missing; an open end is no missing order.
pub(in crate::plan) fn pick_in_windows(
    ctx: &Context<'_>,
    steps: &mut Steps,
    rows: LogicalPlan,
    pick: &Pick,
    holder: Option<Expr>,
) -> Result<LogicalPlan> {
    if ctx.in_doubt {
        return pick_in_doubt(ctx, steps, rows, pick, holder.as_ref());
    }
    let asked = when(ctx.per(pick).is_not_null(), ident(WINDOWS)).otherwise(lit(0_i64))?;
    let rows = add_columns(rows, vec![(asked, ASKED.to_owned())])?;
    let asked = || ident(ASKED);
    let taken = taken(ctx.per(pick), holder, asked(), asked(), order(ctx, pick)?, pick.last);
    let rows = add_window_column(rows, taken, TAKEN)?;
    let free = ident(ASKED) & window_set::none_of(ident(TAKEN));
    in_some_window(select_with(
        rows,
        |name| ![WINDOWS, ASKED, TAKEN].contains(&name),
        vec![(free, WINDOWS.to_owned())],
    )?)
}

/// As [`pick_in_windows`], where it may be unknown whether a row counts, or what its position in
/// the order is. A row with an unknown position may precede all others.
///
/// A row that surely counts takes its windows from all later rows. A row that may count, and is not
/// after such a row, keeps its windows but is not counted in them; the row that is counted instead
/// may leave them.
fn pick_in_doubt(
    ctx: &Context<'_>,
    steps: &mut Steps,
    rows: LogicalPlan,
    pick: &Pick,
    holder: Option<&Expr>,
) -> Result<LogicalPlan> {
    let mut ordered = lit(true);
    for by in pick.by.iter().filter(|by| ctx.scope.rows.may_order_unknown(by)) {
        ordered = ordered.and(lower(&ctx.scope, by)?.is_not_null());
    }
    let none = || lit(0_i64);
    let asked = when(ctx.per(pick).is_not_null(), ident(WINDOWS)).otherwise(none())?;
    let sure = when(ordered.clone(), ident(COUNTED)).otherwise(none())?;
    let first = if pick.last { !ordered } else { ordered };
    let columns = vec![(asked, ASKED.to_owned()), (sure, SURE.to_owned()), (first, ORDERED.to_owned())];
    let rows = add_columns(rows, columns)?;
    let columns = vec![
        (ident(ASKED) & ident(SURE), SURE.to_owned()),
        (ident(ASKED) & window_set::none_of(ident(SURE)), DOUBTFUL.to_owned()),
    ];
    let rows = select_with(rows, |name| name != SURE, columns)?;
    let order = || -> Result<Vec<Expr>> { Ok(std::iter::once(ident(ORDERED)).chain(order(ctx, pick)?).collect()) };
    let by = |set| -> Result<Expr> {
        Ok(taken(ctx.per(pick), holder.cloned(), ident(ASKED), ident(set), order()?, pick.last))
    };
    let rows = add_window_column(add_window_column(rows, by(SURE)?, TAKEN)?, by(DOUBTFUL)?, TAKEN_PERHAPS)?;
    let (rows, contended) = contended(ctx, steps, rows, pick, holder)?;
    let free = |set| ident(set) & window_set::none_of(ident(TAKEN));
    let leaves = free(SURE) & (ident(LEAVES) | ident(TAKEN_PERHAPS));
    let leaves = contended.map_or(leaves.clone(), |contended| leaves | free(SURE) & contended);
    let sets = [(free(ASKED), WINDOWS), (free(SURE), COUNTED), (leaves, LEAVES)];
    let gone = [WINDOWS, COUNTED, LEAVES, ASKED, SURE, DOUBTFUL, ORDERED, TAKEN, TAKEN_PERHAPS, CONTENDED];
    let sets = sets.into_iter().map(|(set, name)| (set, name.to_owned()));
    in_some_window(select_with(rows, |name| !gone.contains(&name), sets.collect())?)
}

/// The order of a pick, with the row number last so that no two rows tie; it is reversed for a pick
/// of the last row.
fn order(ctx: &Context<'_>, pick: &Pick) -> Result<Vec<Expr>> {
    let by = pick.by.iter().map(|by| comparable(&ctx.scope, by)).collect::<Result<Vec<_>>>()?;
    Ok(by.into_iter().chain([ident(ctx.row_key())]).collect())
}
