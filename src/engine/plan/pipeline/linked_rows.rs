//! Pairs of a row that asks and the rows that its question is about.
//!
//! A link joins them, or the question is about all rows of a table. Then both often lead to one
//! row: `some told.child.home_areas as home where home.office = office`, and the pairs are found by
//! that row. Else each row is looked at together with each other one: with twice the data, that
//! takes four times as long.

use crate::plan::analysis::is_of_row_alone;
use crate::plan::columns::common_name;
use crate::plan::expression::lower::lower;
use crate::plan::expression::truth::truth_of_all;
use crate::plan::pipeline::context::Context;
use crate::plan::pipeline::quantifier::{Keyed, answer, is_needed};
use crate::plan::pipeline::steps::Steps;
use crate::plan::relational::verbs::{aggregate, filter, join, names, select, select_with};
use crate::plan::window_set;
use datafusion::error::Result;
use datafusion::logical_expr::{Expr, JoinType, LogicalPlan, ident, lit};
use yardstick_language::ir::{CompareOp, Expr as IrExpr, ExprKind, LinkedQuery, RowId};
use yardstick_language::model::ColumnId;

/// Pairs of a row and a row linked to it, with the answers of the quantifiers that the linked
/// row `alone` decides.
///
/// Where its links lead is looked up after the join, for the few rows that are linked to one of
/// the plan's; of a question about all rows before it, as each of them stands in many pairs.
pub(in crate::plan) fn join_linked(
    ctx: &Context<'_>,
    steps: &mut Steps,
    base: LogicalPlan,
    q: &LinkedQuery,
    alone: &[&LinkedQuery],
) -> Result<LogicalPlan> {
    let rows = &ctx.scope.rows;
    let own_key = rows.row_name(q.row, &[]);
    let other = q.other_than.map(|other| ident(rows.row_name(other, &[])).not_eq(ident(&own_key)));
    let looked_up_later = q.via.is_some() && alone.is_empty();
    let linked = if looked_up_later { rows.own_columns(q.row)? } else { rows.relation(q.row)? };
    let linked = if q.via.is_none() { filter_alone(ctx, linked, q)? } else { linked };
    let keyed = Keyed { plan: linked, keys: std::slice::from_ref(&own_key) };
    let linked = answer(ctx, steps, keyed, alone, &q.condition.conjuncts())?;
    let Some(via) = q.via else { return join_unlinked(ctx, base, linked, q, other) };
    let on = (ident(rows.row_name(q.owner, &q.owner_links)), ident(rows.column_name(q.row, &[], via)));
    let joined = join(base, linked, JoinType::Inner, vec![on], other)?;
    if looked_up_later { rows.follow_links(joined, q.row) } else { Ok(joined) }
}

/// Drops rows of which one of the conditions is surely false in every window, whichever row asks.
fn filter_alone(ctx: &Context<'_>, mut linked: LogicalPlan, q: &LinkedQuery) -> Result<LogicalPlan> {
    let of_itself = q.condition.conjuncts().into_iter().filter(|c| is_of_row_alone(c, q.row));
    let (moving, fixed): (Vec<&IrExpr>, Vec<&IrExpr>) = of_itself.partition(|c| c.uses_window());
    for condition in fixed {
        linked = filter(linked, lower(&ctx.scope, condition)?.is_not_false())?;
    }
    // The window of a row that was split stands beside the row that asks.
    if moving.is_empty() || ctx.scope.is_split {
        return Ok(linked);
    }
    let no = truth_of_all(&ctx.scope, &moving)?.no;
    filter(linked, window_set::not(no, ctx.windows()).not_eq(lit(0_i64)))
}

/// The rows that ask with those that are asked about. Pairs of which one of the conditions is
/// surely false need not be there; each condition is still to be asked of those that are.
fn join_unlinked(
    ctx: &Context<'_>,
    asking: LogicalPlan,
    asked: LogicalPlan,
    q: &LinkedQuery,
    also: Option<Expr>,
) -> Result<LogicalPlan> {
    let conditions = q.condition.conjuncts();
    let given = names(&asking);
    if let Some(same) = conditions.iter().find_map(|c| same_row(ctx, &given, q.row, c)) {
        return join(asking, asked, JoinType::Inner, vec![same.on()], also);
    }
    let known = names(&asked);
    for condition in &conditions {
        let ExprKind::Linked(between) = &condition.kind else { continue };
        let (Some(via), true) = (between.via, between.owner == q.row) else { continue };
        let owner = ctx.scope.rows.row_name(q.row, &between.owner_links);
        let inside = between.condition.conjuncts();
        let same = inside.into_iter().find_map(|c| same_row(ctx, &given, between.row, c));
        if let Some(same) = same
            && known.contains(&owner)
            && is_needed(ctx, between, &conditions)
        {
            let common = common_name(q);
            let via = ctx.scope.rows.column_name(between.row, &[], via);
            let led_to = rows_led_to(ctx, between, &via, (same.own, &common))?;
            let asked = join(led_to, asked, JoinType::Inner, vec![(ident(&via), ident(owner))], None)?;
            let on = vec![(ident(same.other), ident(&common))];
            return select(join(asking, asked, JoinType::Inner, on, also)?, |name| name != common && name != via);
        }
    }
    join(asking, asked, JoinType::Inner, Vec::new(), also)
}

/// For each row that rows are linked to, by its number in `via`, the rows that they lead to, each
/// once.
fn rows_led_to(
    ctx: &Context<'_>,
    linked: &LinkedQuery,
    via: &str,
    (link, name): (String, &str),
) -> Result<LogicalPlan> {
    let rows = ctx.scope.rows.own_columns(linked.row)?;
    let rows = select_with(rows, |column| column == via, vec![(ident(link), name.to_owned())])?;
    aggregate(rows, &[via.to_owned(), name.to_owned()], Vec::new())
}

/// Two numbers of rows that are the same where a condition is true, when neither can be missing.
struct SameRow {
    /// That to which the row that is asked about leads by a link of its own.
    own: String,
    /// That to which the row that asks leads.
    other: String,
}

impl SameRow {
    fn on(self) -> (Expr, Expr) {
        (ident(self.other), ident(self.own))
    }
}

/// What a condition says of a row to which `row` leads and one of those whose numbers are `given`.
fn same_row(ctx: &Context<'_>, given: &[String], row: RowId, condition: &IrExpr) -> Option<SameRow> {
    let ExprKind::Compare { op: CompareOp::Eq, left, right } = &condition.kind else { return None };
    let number = |e: &IrExpr, passes: &dyn Fn(RowId, &[ColumnId], &String) -> bool| match &e.kind {
        ExprKind::Row { row, links } if is_never_missing(ctx, *row, e) => {
            Some(ctx.scope.rows.row_name(*row, links)).filter(|name| passes(*row, links, name))
        }
        _ => None,
    };
    let own = |e| number(e, &|of, links, _| of == row && links.len() < 2);
    let other = |e| number(e, &|of, _, name| of != row && given.contains(name));
    let pair = |a, b| Some(SameRow { own: own(a)?, other: other(b)? });
    pair(left, right).or_else(|| pair(right, left))
}

fn is_never_missing(ctx: &Context<'_>, row: RowId, e: &IrExpr) -> bool {
    row.holds().is_none() && !ctx.scope.rows.is_went(row) && !ctx.scope.rows.may_be_unknown(e)
}
