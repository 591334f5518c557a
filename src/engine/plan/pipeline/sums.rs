//! What is added up of rows that are split by windows, one by one: of a percentile, say, and where
//! every level is measured by itself.

use crate::plan::columns::{
    AMOUNT, COHORT, DENOMINATOR, EXCLUDED, EXPOSURE, HELD, MET, UNDETERMINED, UNEXPOSED, UNSURE, VALUE, WINDOWS,
    entity, excluded,
};
use crate::plan::functions::coalesce::coalesce;
use crate::plan::functions::sum::sum_of;
use crate::plan::pipeline::chain::attributed;
use crate::plan::pipeline::context::Context;
use crate::plan::pipeline::grouping;
use crate::plan::pipeline::outcome::{exclusion, outcome};
use crate::plan::pipeline::steps::Steps;
use crate::plan::pipeline::unsure::{doubtful_sums, membership};
use crate::plan::relational::verbs::{add_columns, aggregate};
use datafusion::error::Result;
use datafusion::functions_aggregate::expr_fn::{count, sum};
use datafusion::logical_expr::{Expr, LogicalPlan, ident, lit, when};
use datafusion::scalar::ScalarValue;

/// One row per window and combination of entities (where values do not add up: and value,
/// missing where rows have none), with the columns [`WINDOWS`] (the set of that window),
/// [`entity`] of every level, [`VALUE`], and the sums `cohort`, `excluded.0` ...,
/// `denominator`, `met`, `undetermined`, [`AMOUNT`], [`EXPOSURE`] (Int64), and where a row may
/// be unsure [`DOUBTS`].
pub(in crate::plan) fn sums(ctx: &Context<'_>, steps: &mut Steps, rows: LogicalPlan) -> Result<LogicalPlan> {
    let mut judged = vec![(exclusion(ctx)?, EXCLUDED.to_owned())];
    judged.extend(outcome(ctx)?);
    let (in_doubt, has_unsure) = (ctx.in_doubt, ctx.scope.rows.may_be_unsure(ctx.indicator));
    if has_unsure {
        judged.extend(membership(ctx)?);
    }
    let rows = attributed(ctx, steps, add_columns(rows, judged)?)?;
    let by_value = !ctx.indicator.measure.is_additive();
    let held = |is: Expr| if in_doubt { is.and(ident(HELD)) } else { is };
    let stays = || held(ident(EXCLUDED).is_null());
    let number = |of: Expr| -> Result<Expr> {
        Ok(coalesce(vec![sum_of(when(stays(), coalesce(vec![of, lit(0_i64)])).otherwise(lit(0_i64))?), lit(0_i64)]))
    };
    let rows_where = |is: Expr| -> Result<Expr> { Ok(sum(when(is, lit(1_i64)).otherwise(lit(0_i64))?)) };
    let value = when(stays(), ident(AMOUNT)).end()?;
    let value = if by_value { value } else { Expr::Literal(ScalarValue::Int64(None), None) };
    let rows = add_columns(rows, vec![(value, VALUE.to_owned())])?;
    let all = if in_doubt { rows_where(ident(HELD))? } else { count(lit(1_i64)) };
    let mut sums = vec![all.alias(COHORT)];
    for i in 0..ctx.indicator.exclusions.len() {
        let gone = ident(EXCLUDED).eq(lit(i32::try_from(i).unwrap_or(i32::MAX)));
        sums.push(rows_where(held(gone))?.alias(excluded(i)));
    }
    let has_met = ctx.indicator.measure.kind().has_met_rows();
    sums.push(rows_where(stays())?.alias(DENOMINATOR));
    sums.push(rows_where(stays().and(ident(MET).is_true()).and(lit(has_met)))?.alias(MET));
    sums.push(rows_where(stays().and(ident(MET).is_null()))?.alias(UNDETERMINED));
    sums.push(number(if by_value { lit(0_i64) } else { ident(AMOUNT) })?.alias(AMOUNT));
    sums.push(number(ident(EXPOSURE))?.alias(EXPOSURE));
    let has_exposure = ctx.indicator.measure.kind().has_exposure();
    let comes = if in_doubt { ident(UNSURE).and(!ident(HELD)) } else { lit(false) };
    sums.push(rows_where(stays().or(comes).and(ident(EXPOSURE).is_null()).and(lit(has_exposure)))?.alias(UNEXPOSED));
    if has_unsure {
        sums.extend(doubtful_sums(ctx)?);
    }
    let of_parts = [WINDOWS.to_owned(), VALUE.to_owned()];
    let groups: Vec<String> =
        (1..ctx.model.levels.len()).map(entity).chain(grouping::columns(ctx)).chain(of_parts).collect();
    aggregate(rows, &groups, sums)
}
