//! Values made of linked rows: `count`, `sum`, `latest` ... as one aggregate over the pairs of a
//! row and a row linked to it.
//!
//! The aggregate of the rows that surely count stands beside a sign that another row may count, or
//! that a value is missing: then the whole is not known.

use crate::plan::columns::{COUNTS, DOUBT, answer_name, sure_name};
use crate::plan::expression::lower;
use crate::plan::expression::truth::truth;
use crate::plan::expression::values::in_each;
use crate::plan::functions::arithmetic::not_too_large;
use crate::plan::functions::coalesce::coalesce;
use crate::plan::functions::count_by_window::tally;
use crate::plan::functions::date;
use crate::plan::functions::days_covered::{days_covered, days_covered_in};
use crate::plan::functions::fold_by_window::Fold;
use crate::plan::functions::sum::sum_of;
use crate::plan::functions::window_list::{known, known_in, number};
use crate::plan::pipeline::context::Context;
use crate::plan::pipeline::count_threshold::{counting, unknown_in};
use crate::plan::pipeline::lost::Gaps;
use crate::plan::pipeline::quantifier::Keyed;
use crate::plan::relational::verbs::{add_columns, aggregate, rename_keys};
use crate::plan::window_set::{self, none_of};
use datafusion::error::{DataFusionError, Result};
use datafusion::functions_aggregate::expr_fn::{bit_or, count_distinct, first_value, max, min, sum};
use datafusion::logical_expr::{Expr, LogicalPlan, ident, lit, when};
use yardstick_language::ir::{Ask, Expr as IrExpr, LinkedQuery, Missing};

/// The pairs with what the aggregates need, and the aggregates: `answer`, and `unknown` (1 when
/// it is not known). `passes` says whether the linked row counts.
pub(in crate::plan) fn aggregates(
    ctx: &Context<'_>,
    pairs: LogicalPlan,
    q: &LinkedQuery,
    passes: Expr,
) -> Result<(LogicalPlan, Vec<Expr>)> {
    let mut columns = vec![(passes, "passes".to_owned())];
    for (n, value) in q.ask.values().into_iter().enumerate() {
        let days = matches!(q.ask, Ask::Days { .. });
        let of_row = lower::value(&ctx.scope, value)?;
        columns.push((if days { number(of_row, value.ty) } else { of_row }, format!("value.{n}")));
    }
    let pairs = add_columns(pairs, columns)?;
    let surely = || ident("passes").is_true();
    let value = || ident("value.0");
    let counted = match &q.ask {
        Ask::Exists | Ask::Count => when(surely(), lit(1_i64)).otherwise(lit(0_i64))?,
        Ask::Sum(_) => when(surely(), value()).otherwise(lit(0_i64))?,
        Ask::Days { .. } | Ask::Distinct(_) | Ask::Earliest(_) | Ask::Latest(_) | Ask::Ordered { .. } => {
            when(surely(), value()).end()?
        }
    };
    let mut doubt = ident("passes").is_null();
    for (n, value) in q.ask.values().into_iter().enumerate() {
        if needed(&q.ask, n, value) {
            doubt = doubt.or(surely().and(ident(format!("value.{n}")).is_null()));
        }
    }
    let doubt = when(doubt, lit(1)).otherwise(lit(0))?;
    // Aggregates of columns alone: the engine stumbles over expressions that a distinct count
    // and another share.
    let pairs = add_columns(pairs, vec![(counted, "counted".to_owned()), (doubt, "doubt".to_owned())])?;
    let counted = ident("counted");
    let answer = match &q.ask {
        Ask::Exists | Ask::Count => sum(counted),
        Ask::Sum(_) => sum_of(counted),
        Ask::Days { .. } => days_covered(counted, ident("value.1")),
        Ask::Distinct(_) => count_distinct(counted),
        Ask::Earliest(_) => min(counted),
        Ask::Latest(_) => max(counted),
        Ask::Ordered { last, by, .. } => {
            let place = date::open_as_last(ident("value.1"), by.ty);
            let place = if by.missing == Missing::OpenEnd { place } else { ident("value.1") };
            let (row, first) = (ident(ctx.scope.rows.row_name(q.row, &[])), !last);
            // Rows that count come first: of no row there is no value.
            let order =
                [ident("passes").is_true().sort(false, false), place.sort(first, false), row.sort(first, false)];
            first_value(counted, order.into())
        }
    };
    Ok((pairs, vec![answer.alias("answer"), max(ident("doubt")).alias("unknown")]))
}

/// Per key, over the pairs with linked rows that may count: `answer`, a list with the aggregate of
/// the rows that surely count in each window; and `unknown`, the windows in which the aggregate is
/// not known.
pub(in crate::plan) fn aggregate_in_each(ctx: &Context<'_>, pairs: Keyed<'_>, q: &LinkedQuery) -> Result<LogicalPlan> {
    let Keyed { plan: pairs, keys } = pairs;
    let windows = ctx.windows().len();
    if q.ask.is_count() {
        let pairs = counting(ctx, Keyed { plan: pairs, keys }, q)?;
        let columns = vec![tally(windows, ident(COUNTS)).alias("answer"), bit_or(ident(DOUBT)).alias("unknown")];
        return rename_keys(aggregate(pairs, keys, columns)?, keys);
    }
    let truth = truth(&ctx.scope, &q.condition)?;
    let doubt = window_set::not(truth.yes.clone() | truth.no, ctx.windows());
    let mut columns = vec![(truth.yes, COUNTS.to_owned())];
    let (mut values, mut doubts) = (Vec::new(), vec![doubt]);
    for (n, value) in q.ask.values().into_iter().enumerate() {
        let name = format!("value.{n}");
        columns.push((in_each(&ctx.scope, value)?, name.clone()));
        if needed(&q.ask, n, value) {
            doubts.push(ident(COUNTS) & none_of(known_in(ident(&name))));
        }
        values.push(ident(name));
    }
    let doubt = doubts.into_iter().reduce(|one, other| one | other);
    let pairs =
        add_columns(add_columns(pairs, columns)?, doubt.map(|doubt| (doubt, DOUBT.to_owned())).into_iter().collect())?;
    let answer = match (&q.ask, values.as_slice()) {
        (Ask::Sum(_), [value]) => Fold::Sum.in_each(windows, ident(COUNTS), value.clone()),
        (Ask::Earliest(_), [value]) => Fold::Least.in_each(windows, ident(COUNTS), value.clone()),
        (Ask::Latest(_), [value]) => Fold::Greatest.in_each(windows, ident(COUNTS), value.clone()),
        (Ask::Days { .. }, [from, until]) => days_covered_in(windows, ident(COUNTS), from.clone(), until.clone()),
        _ => return Err(DataFusionError::Internal("rows were asked for something that is no value".to_owned())),
    };
    let columns = vec![answer.alias("answer"), bit_or(ident(DOUBT)).alias("unknown")];
    rename_keys(aggregate(pairs, keys, columns)?, keys)
}

/// The columns that joined answers of [`aggregate_in_each`] give.
pub(in crate::plan) fn joined_lists(ctx: &Context<'_>, q: &LinkedQuery, gaps: &Gaps) -> Result<Vec<(Expr, String)>> {
    let of_none = nothing(&q.ask);
    let list = |unknown| known(ident("answer"), unknown, of_none, ctx.windows().len());
    let mut columns = vec![(list(unknown_in(gaps)?), answer_name(q))];
    if q.ask.is_count() {
        columns.push((list(lit(0_i64)), sure_name(q)));
    }
    Ok(columns)
}

/// The aggregate of no rows.
fn nothing(ask: &Ask) -> Option<i64> {
    match ask {
        Ask::Exists | Ask::Count | Ask::Distinct(_) | Ask::Sum(_) | Ask::Days { .. } => Some(0),
        Ask::Earliest(_) | Ask::Latest(_) | Ask::Ordered { .. } => None,
    }
}

/// Whether a missing value of one row, the n-th of those that are asked for, makes the aggregate
/// unknown. The earliest passes over open ends; of one row in an order the value may be missing,
/// and the order of any row only where it is an open end.
fn needed(ask: &Ask, n: usize, value: &IrExpr) -> bool {
    if let Ask::Ordered { .. } = ask {
        return n == 1 && value.missing != Missing::OpenEnd;
    }
    match value.missing {
        // What the model says is always there may break its column in the files.
        Missing::Never | Missing::Unknown => true,
        Missing::OpenEnd => !matches!(ask, Ask::Earliest(_)),
    }
}

/// The columns that joined answers give: the value, missing when it is not known, as where not all
/// linked rows are; of a count also the rows that surely count.
pub(in crate::plan) fn joined_value(q: &LinkedQuery, gaps: &Gaps) -> Result<Vec<(Expr, String)>> {
    let value = || match nothing(&q.ask) {
        Some(none) if matches!(q.ask, Ask::Sum(_)) => not_too_large(coalesce(vec![ident("answer"), lit(none)])),
        Some(none) => coalesce(vec![ident("answer"), lit(none)]),
        None => ident("answer"),
    };
    let known = coalesce(vec![ident("unknown"), lit(0)]).eq(lit(0));
    let known = gaps.somewhere().map_or(known.clone(), |gap| known.and(!gap));
    let mut columns = vec![(when(known, value()).end()?, answer_name(q))];
    if q.ask.is_count() {
        columns.push((value(), sure_name(q)));
    }
    Ok(columns)
}
