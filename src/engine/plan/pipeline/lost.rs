//! Rows that went and may be among those that a question is about: a contact of this referral, say,
//! of which the worker cannot be told. What such a row would change is not known.
//!
//! It is asked by the same join and the same condition as the rows in use, in which the broken
//! values are doubtful (see `ir::went::question`). Where no row of a table went, none of this is
//! planned.

use crate::plan::analysis::uses_window;
use crate::plan::apart;
use crate::plan::columns::{key_name, lost_name};
use crate::plan::expression::truth::truth;
use crate::plan::functions::coalesce::coalesce;
use crate::plan::pipeline::context::Context;
use crate::plan::pipeline::quantifier::{Keyed, candidates};
use crate::plan::pipeline::steps::Steps;
use crate::plan::relational::verbs::{aggregate, filter, join, names, project, rename_keys, select_with};
use crate::plan::window_set;
use datafusion::error::Result;
use datafusion::functions_aggregate::expr_fn::bit_or;
use datafusion::logical_expr::{Expr, JoinType, LogicalPlan, LogicalPlanBuilder, ident, lit, when};
use yardstick_language::ir::{LinkedQuery, went};

/// The rows, a step of their own, with the windows in which a row that went may be among those that
/// the question is about, in [`lost_name`]; without that column where none went.
pub(in crate::plan) fn with_lost(
    ctx: &Context<'_>,
    steps: &mut Steps,
    rows: Keyed<'_>,
    base: &LogicalPlan,
    q: &LinkedQuery,
) -> Result<LogicalPlan> {
    let Keyed { plan, keys } = rows;
    let mut lost: Option<LogicalPlanBuilder> = None;
    for (standing, asked) in apart(ctx.scope.rows.went_of(q), |ends_known| went::question(ctx.model, q, ends_known)) {
        let of_went = ctx.of_went(&asked, standing);
        let pairs = candidates(&of_went, steps, Keyed { plan: base.clone(), keys }, &asked)?;
        let followed = went::followed(ctx.model, q).into_iter();
        let leads = followed.map(|link| ident(of_went.scope.rows.row_name(q.row, &[link])).is_not_null());
        let pairs = match leads.reduce(Expr::and) {
            Some(leads) => filter(pairs, leads)?,
            None => pairs,
        };
        let windows = match uses_window(&asked) && !ctx.scope.is_split {
            true => window_set::not(truth(&of_went.scope, &asked.condition)?.no, ctx.windows()),
            false => lit(window_set::all(ctx.windows())),
        };
        let pairs = select_with(pairs, |name| keys.iter().any(|key| key == name), vec![(windows, lost_name(q))])?;
        lost = Some(match lost {
            None => LogicalPlanBuilder::from(pairs),
            Some(others) => others.union(pairs)?,
        });
    }
    let Some(lost) = lost else { return Ok(plan) };
    let by_key = aggregate(lost.build()?, keys, vec![bit_or(ident(lost_name(q))).alias(lost_name(q))])?;
    // Few rows went: once they are found, joining them takes no memory to speak of.
    let by_key = steps.materialize(rename_keys(by_key, keys)?)?;
    let before = names(&plan).into_iter().map(ident);
    let set = coalesce(vec![ident(lost_name(q)), lit(0_i64)]).alias(lost_name(q));
    let columns = before.chain([set]).collect::<Vec<_>>();
    let on = keys.iter().map(|k| (ident(k), ident(key_name(k)))).collect();
    project(join(plan, by_key, JoinType::Left, on, None)?, columns)
}

/// For which rows, and in which windows, a question is about rows that are not all known.
#[derive(Debug, Clone, Default)]
pub(in crate::plan) struct Gaps {
    /// Whether the row has nobody to ask about: then nothing is known, whatever the window.
    pub(in crate::plan) nobody: Option<Expr>,
    /// The windows in which a row that went may be among those asked about.
    pub(in crate::plan) lost: Option<Expr>,
}

impl Gaps {
    /// The windows in which not all rows are known.
    pub(in crate::plan) fn windows(&self) -> Result<Option<Expr>> {
        let everywhere = |nobody: Expr| when(nobody, lit(-1_i64)).otherwise(lit(0_i64));
        let nobody = self.nobody.clone().map(everywhere).transpose()?;
        Ok(nobody.into_iter().chain(self.lost.clone()).reduce(|one, other| one | other))
    }

    /// Whether not all rows are known in some window: in that of the row, where rows are split.
    pub(in crate::plan) fn somewhere(&self) -> Option<Expr> {
        let lost = self.lost.clone().map(|lost| lost.not_eq(lit(0_i64)));
        self.nobody.clone().into_iter().chain(lost).reduce(Expr::or)
    }
}
