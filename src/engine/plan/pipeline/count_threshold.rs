//! How many linked rows there are, compared with a number: `homes <= 2`. In which windows that
//! holds is a set like any other, so rows need not be split by windows for it. Different values are
//! counted once each, in every window in which one of the rows that have it counts.

use crate::plan::columns::{COUNTS, DOUBT, count_names};
use crate::plan::expression::lower::lower;
use crate::plan::expression::truth::truth;
use crate::plan::functions::coalesce::coalesce;
use crate::plan::functions::count_by_window;
use crate::plan::pipeline::context::Context;
use crate::plan::pipeline::lost::Gaps;
use crate::plan::pipeline::quantifier::Keyed;
use crate::plan::relational::verbs::{add_columns, aggregate, project, rename_keys};
use crate::plan::window_set;
use datafusion::error::Result;
use datafusion::functions_aggregate::expr_fn::bit_or;
use datafusion::logical_expr::{Expr, LogicalPlan, ident, lit, when};
use yardstick_language::ir::{Ask, LinkedQuery};

/// For the keys of pairs with linked rows that may count: how often each window counts, and
/// where that is not known.
pub(in crate::plan) fn times(ctx: &Context<'_>, pairs: Keyed<'_>, q: &LinkedQuery) -> Result<LogicalPlan> {
    let keys = pairs.keys;
    let pairs = counting(ctx, pairs, q)?;
    let columns = vec![count_by_window::times(ident(COUNTS)).alias("times"), bit_or(ident(DOUBT)).alias("unknown")];
    rename_keys(aggregate(pairs, keys, columns)?, keys)
}

/// The pairs, or of different values the keys with each value, with the windows in which they
/// count in [`COUNTS`], and those in which it is not known how many do in [`DOUBT`].
pub(in crate::plan) fn counting(ctx: &Context<'_>, pairs: Keyed<'_>, q: &LinkedQuery) -> Result<LogicalPlan> {
    let Keyed { plan: pairs, keys } = pairs;
    let truth = truth(&ctx.scope, &q.condition)?;
    let mut pairs = add_columns(
        pairs,
        vec![
            (truth.yes.clone(), COUNTS.to_owned()),
            (window_set::not(truth.yes | truth.no, ctx.windows()), DOUBT.to_owned()),
        ],
    )?;
    let Ask::Distinct(value) = &q.ask else { return Ok(pairs) };
    pairs = add_columns(pairs, vec![(lower(&ctx.scope, value)?, "value".to_owned())])?;
    let by_value: Vec<String> = keys.iter().cloned().chain(["value".to_owned()]).collect();
    pairs = aggregate(pairs, &by_value, [COUNTS, DOUBT].map(|set| bit_or(ident(set)).alias(set)).to_vec())?;
    // A row without a value is not known to bring a new one.
    let missing = || ident("value").is_null();
    let counts = when(missing(), lit(0_i64)).otherwise(ident(COUNTS))?.alias(COUNTS);
    let doubt = when(missing(), ident(COUNTS) | ident(DOUBT)).otherwise(ident(DOUBT))?.alias(DOUBT);
    let keys = keys.iter().map(ident);
    project(pairs, keys.chain([counts, doubt]).collect())
}

/// What joined answers of [`times`] give: a row that is linked to none counts none. Where not all
/// linked rows are known, nothing is.
pub(in crate::plan) fn joined(q: &LinkedQuery, gaps: &Gaps) -> Result<Vec<(Expr, String)>> {
    let [times, unknown] = count_names(q);
    Ok(vec![(ident("times"), times), (unknown_in(gaps)?, unknown)])
}

/// The windows in which a joined answer is not known.
pub(in crate::plan) fn unknown_in(gaps: &Gaps) -> Result<Expr> {
    let unknown = coalesce(vec![ident("unknown"), lit(0_i64)]);
    Ok(match gaps.windows()? {
        Some(gap) => unknown | gap,
        None => unknown,
    })
}
