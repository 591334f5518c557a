//! Rows of which it is not known whether they belong below the line.
//!
//! There are two kinds. Some are counted and may *leave*: no exclusion is true of them and one is
//! unknown, or another row of which little is known may have been picked instead. Others are not
//! counted and may *come*: the condition of the cohort is unknown, and no exclusion is true. What
//! they would take away and bring is counted beside the rest, so that the range of a value can be
//! told. Where nothing that decides can be missing, none of this is planned. Rows that went are
//! told one by one, by plans of their own in which each of them may come.

use crate::plan::columns::{
    AMOUNT, COHORT, COMES, COUNTED, DOUBTS, EXPOSURE, HELD, LEAVES, MET, UNSURE, WINDOWS, excluded,
};
use crate::plan::expression::lower::value;
use crate::plan::expression::truth::{Truth, truth};
use crate::plan::functions::coalesce::coalesce;
use crate::plan::functions::sum::sum_of;
use crate::plan::pipeline::context::Context;
use crate::plan::window_set::{self, none_of};
use datafusion::error::Result;
use datafusion::functions_aggregate::expr_fn::sum;
use datafusion::logical_expr::{Expr, ident, lit, when};
use yardstick_language::measures::Summary;

/// Sets of windows in which a row stays below the line, may leave it, and may come to it.
pub(in crate::plan) struct Membership {
    pub(in crate::plan) stays: Expr,
    pub(in crate::plan) leaves: Expr,
    pub(in crate::plan) comes: Expr,
}

/// The windows in which a row is in the cohort, as far as is known.
pub(in crate::plan) fn held(ctx: &Context<'_>) -> Expr {
    if ctx.in_doubt { ident(COUNTED) & ident(WINDOWS) } else { ident(WINDOWS) }
}

/// The windows in which a row is not in the cohort and may be.
fn may_come(ctx: &Context<'_>) -> Expr {
    if ctx.strangers().is_some() {
        return ident(COMES) & ident(WINDOWS);
    }
    if ctx.in_doubt { ident(WINDOWS) & none_of(ident(COUNTED)) } else { lit(0_i64) }
}

/// The windows in which a row is in the cohort and may not be.
fn may_leave(ctx: &Context<'_>) -> Expr {
    if ctx.in_doubt { ident(LEAVES) & held(ctx) } else { lit(0_i64) }
}

/// The columns for the cohort and for each exclusion, and the membership after all exclusions.
pub(in crate::plan) fn staying(ctx: &Context<'_>) -> Result<(Vec<(Expr, String)>, Membership)> {
    let mut sets = vec![(held(ctx), COHORT.to_owned())];
    let (mut stays, mut comes, mut doubt) = (held(ctx), may_come(ctx), lit(0_i64));
    for (i, exclusion) in ctx.indicator.exclusions.iter().enumerate() {
        let truth = truth(&ctx.scope, &exclusion.condition)?;
        let remains = || window_set::not(truth.yes.clone(), ctx.windows());
        sets.push((stays.clone() & truth.yes.clone(), excluded(i)));
        stays = stays & remains();
        if ctx.in_doubt {
            comes = comes & remains();
        }
        if ctx.scope.rows.may_be_unknown(&exclusion.condition) {
            doubt = doubt | (remains() & window_set::not(truth.no, ctx.windows()));
        }
    }
    let leaves = stays.clone() & (may_leave(ctx) | doubt);
    Ok((sets, Membership { stays, leaves, comes }))
}

/// Of a proportion, the sets in which a row takes away and brings: see [`DOUBTS`].
pub(in crate::plan) fn doubtful_sets(ctx: &Context<'_>, of: &Membership, truth: &Truth) -> [Expr; 4] {
    let not = |set: &Expr| window_set::not(set.clone(), ctx.windows());
    [
        of.leaves.clone() & truth.yes.clone(),
        of.leaves.clone() & truth.no.clone(),
        of.comes.clone() & not(&truth.no),
        of.comes.clone() & not(&truth.yes),
    ]
}

/// Of rows with a window each: the columns [`HELD`] and [`UNSURE`].
pub(in crate::plan) fn membership(ctx: &Context<'_>) -> Result<Vec<(Expr, String)>> {
    let is = |set: Expr| set.not_eq(lit(0_i64));
    let held = if ctx.in_doubt { is(held(ctx)) } else { lit(true) };
    let (mut leaves, mut comes) = (lit(false), lit(false));
    if ctx.in_doubt {
        (leaves, comes) = (is(may_leave(ctx)), is(may_come(ctx)));
    }
    let (mut gone, mut doubt) = (lit(false), lit(false));
    for exclusion in &ctx.indicator.exclusions {
        let holds = value(&ctx.scope, &exclusion.condition)?;
        gone = gone.or(surely(holds.clone()));
        if ctx.scope.rows.may_be_unknown(&exclusion.condition) {
            doubt = doubt.or(holds.is_null());
        }
    }
    let unsure = comes.or(held.clone().and(leaves.or(doubt))).and(!gone);
    Ok(vec![(held, HELD.to_owned()), (unsure, UNSURE.to_owned())])
}

/// The sums of [`DOUBTS`] over rows with a window each.
pub(in crate::plan) fn doubtful_sums(ctx: &Context<'_>) -> Result<Vec<Expr>> {
    let leaves = || ident(UNSURE).and(ident(HELD));
    let comes = || ident(UNSURE).and(!ident(HELD));
    let rows = |is: Expr| -> Result<Expr> { Ok(sum(when(is, lit(1_i64)).otherwise(lit(0_i64))?)) };
    let added = |is: Expr, of: Expr| -> Result<Expr> {
        Ok(sum_of(when(is, coalesce(vec![of, lit(0_i64)])).otherwise(lit(0_i64))?))
    };
    let nothing = || sum(lit(0_i64));
    let sums = match ctx.indicator.measure.kind().summary() {
        Summary::MetOfRows => [
            rows(leaves().and(surely(ident(MET))))?,
            rows(leaves().and(surely(!ident(MET))))?,
            rows(comes().and(!surely(!ident(MET))))?,
            rows(comes().and(!surely(ident(MET))))?,
            nothing(),
        ],
        Summary::Events => [
            added(leaves(), ident(AMOUNT))?,
            added(leaves(), ident(EXPOSURE))?,
            added(comes(), ident(AMOUNT))?,
            added(comes(), ident(EXPOSURE))?,
            rows(comes().and(ident(MET).is_null()))?,
        ],
        Summary::SumOfValues => [nothing(), nothing(), nothing(), nothing(), nothing()],
        Summary::Values => {
            [rows(leaves().and(ident(AMOUNT).is_not_null()))?, nothing(), rows(comes())?, nothing(), nothing()]
        }
    };
    let sums = std::iter::once(rows(ident(UNSURE))?).chain(sums);
    let named = DOUBTS.into_iter().zip(sums);
    Ok(named.map(|(name, sum)| sum.alias(name)).collect())
}

/// Whether a condition is true; unlike `IS TRUE`, which the engine holds to be missing where the
/// condition is, in columns too.
fn surely(condition: Expr) -> Expr {
    coalesce(vec![condition, lit(false)])
}
