//! Rows split by windows: each row once for each window of its set.
//!
//! A pair of a row and a window has a number of its own, made of those of both: one column by which
//! pairs are joined and grouped.

use crate::plan::analysis;
use crate::plan::columns::{PAIR, WINDOWS, answer_name, set_names};
use crate::plan::expression::truth::truth;
use crate::plan::functions::date;
use crate::plan::functions::row_windows::{PAIRS_OF, WINDOW_DAY};
use crate::plan::pipeline::context::Context;
use crate::plan::pipeline::linked_aggregate::aggregates;
use crate::plan::pipeline::lost::with_lost;
use crate::plan::pipeline::quantifier::{Answers, Keyed, answer, candidates, join_answers};
use crate::plan::pipeline::steps::Steps;
use crate::plan::relational::verbs::{
    add_columns, aggregate, in_some_window, names, project, rename_keys, restrict_windows, select, unnest,
};
use crate::plan::window_set::{self, MOST};
use chrono::NaiveDate;
use datafusion::arrow::datatypes::DataType;
use datafusion::error::Result;
use datafusion::logical_expr::{JoinType, LogicalPlan, Operator, binary_expr, ident, lit, when};
use datafusion::scalar::ScalarValue;
use yardstick_language::calendar::Window;
use yardstick_language::ir::{Ask, LinkedQuery};

/// The windows in which a linked row surely counts.
const SURELY: &str = "surely";

/// The rows split by windows, with every quantifier answered, and the context of such rows.
/// Whatever can be answered for all windows at once is answered before the split: a row may be
/// linked to many rows, most of which count in few windows or none.
pub(in crate::plan) fn split_and_answer<'a>(
    ctx: &Context<'a>,
    steps: &mut Steps,
    rows: LogicalPlan,
    asked: &[&LinkedQuery],
) -> Result<(LogicalPlan, Context<'a>)> {
    let (before, after): (Vec<&LinkedQuery>, Vec<&LinkedQuery>) = asked.iter().partition(|q| analysis::asks_in_sets(q));
    let (questions, values): (Vec<&LinkedQuery>, Vec<&LinkedQuery>) =
        before.into_iter().partition(|q| q.ask == Ask::Exists);
    let keys = [ctx.row_key()];
    let mut rows = answer(ctx, steps, Keyed { plan: rows, keys: &keys }, &questions, &[])?;
    let mut answers = Vec::new();
    if !values.is_empty() {
        rows = steps.materialize(rows)?;
        let base = rows.clone();
        for q in values {
            rows = with_lost(ctx, steps, Keyed { plan: rows, keys: &keys }, &base, q)?;
            answers.push(Answers { of: q, plan: values_in_pairs(ctx, steps, base.clone(), q)? });
        }
    }
    rows = in_window(split_rows(ctx, rows)?, &questions)?;
    let split = ctx.split();
    let pair = [PAIR.to_owned()];
    for answers in answers {
        rows = join_answers(&split, Keyed { plan: rows, keys: &pair }, answers, JoinType::Left)?;
    }
    let rows = answer(&split, steps, Keyed { plan: rows, keys: &pair }, &after, &[])?;
    Ok((rows, split))
}

/// The value that a quantifier makes of linked rows, by pairs of a row and a window: a linked
/// row is split by the windows in which it may count.
fn values_in_pairs(ctx: &Context<'_>, steps: &mut Steps, base: LogicalPlan, q: &LinkedQuery) -> Result<LogicalPlan> {
    let linked = candidates(ctx, steps, Keyed { plan: base, keys: &[ctx.row_key()] }, q)?;
    let truth = truth(&ctx.scope, &q.condition)?;
    let linked = add_columns(linked, vec![(truth.yes, SURELY.to_owned())])?;
    let linked = restrict_windows(linked, &window_set::not(truth.no, ctx.windows()))?;
    let linked = split_rows(ctx, in_some_window(linked)?)?;
    let passes = when((ident(SURELY) & ident(WINDOWS)).not_eq(lit(0_i64)), lit(true)).end()?;
    let (linked, columns) = aggregates(ctx, linked, q, passes)?;
    let pair = [PAIR.to_owned()];
    rename_keys(aggregate(linked, &pair, columns)?, &pair)
}

/// Each row once for each of its windows, [`WINDOWS`] being that one alone, with [`PAIR`], and
/// with the window's days in `w.start`, `w.end` and `w.last`.
fn split_rows(ctx: &Context<'_>, rows: LogicalPlan) -> Result<LogicalPlan> {
    let rows = add_columns(rows, vec![(PAIRS_OF.call(vec![ident(ctx.row_key()), ident(WINDOWS)]), PAIR.to_owned())])?;
    let rows = unnest(select(rows, |name| name != WINDOWS)?, PAIR)?;
    let window = || ident(PAIR) & lit(MOST as i64 - 1);
    let only = binary_expr(lit(1_i64), Operator::BitwiseShiftLeft, window());
    let days = |of: fn(&Window) -> NaiveDate| {
        let days = ctx.windows().iter().map(|w| ScalarValue::Date32(Some(date::day_number(of(w)))));
        let days = ScalarValue::new_list(&days.collect::<Vec<_>>(), &DataType::Date32, true);
        WINDOW_DAY.call(vec![window(), lit(ScalarValue::List(days))])
    };
    let own = names(&rows).into_iter().map(ident);
    let of_window = [
        only.alias(WINDOWS),
        days(|w| w.start).alias("w.start"),
        days(|w| w.end).alias("w.end"),
        days(|w| w.last_day()).alias("w.last"),
    ];
    project(rows, own.chain(of_window).collect())
}

/// Split rows with the answers of questions in their window, which were sets of windows.
fn in_window(rows: LogicalPlan, questions: &[&LinkedQuery]) -> Result<LogicalPlan> {
    let holds = |set: &String| (ident(set) & ident(WINDOWS)).not_eq(lit(0_i64));
    let sets: Vec<_> = questions.iter().map(|q| (answer_name(q), set_names(q))).collect();
    let answers = sets
        .iter()
        .map(|(name, (yes, no))| Ok((when(holds(yes), lit(true)).when(holds(no), lit(false)).end()?, name.clone())));
    let rows = add_columns(rows, answers.collect::<Result<_>>()?)?;
    select(rows, |name| !sets.iter().any(|(_, (yes, no))| name == yes || name == no))
}
