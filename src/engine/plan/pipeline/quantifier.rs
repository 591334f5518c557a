//! Questions about linked rows: a join on the link and one aggregate, never a subquery.
//!
//! `some` is true when the condition is true of a row, else unknown when it is unknown of one, else
//! false. So the join keeps the rows of which the condition is not false, and the largest of 2
//! (true) and 1 (unknown) answers; no row is false.

use crate::plan::analysis::{is_some_of, mentions, outer_rows, outermost, uses_window};
use crate::plan::columns::{WINDOWS, answer_name, key_name, set_names, witness_name};
use crate::plan::expression::lower::{lower, value};
use crate::plan::expression::truth::{truth, truth_of_all};
use crate::plan::functions::coalesce::coalesce;
use crate::plan::pipeline::answer_form::AnswerForm;
use crate::plan::pipeline::context::Context;
use crate::plan::pipeline::count_threshold::{self, times};
use crate::plan::pipeline::linked_aggregate::{aggregate_in_each, aggregates, joined_lists, joined_value};
use crate::plan::pipeline::linked_rows::join_linked;
use crate::plan::pipeline::lost::{Gaps, with_lost};
use crate::plan::pipeline::slice::Slice;
use crate::plan::pipeline::steps::Steps;
use crate::plan::relational::verbs::{add_columns, aggregate, filter, join, names, rename_keys, select};
use crate::plan::window_set;
use datafusion::error::Result;
use datafusion::functions_aggregate::expr_fn::{bit_and, bit_or, max, min};
use datafusion::logical_expr::{Expr, JoinType, LogicalPlan, ident, lit, when};
use datafusion::scalar::ScalarValue;
use yardstick_language::ir::{Expr as IrExpr, LinkedQuery};

/// Rows, and the columns that together name each of them uniquely.
pub(in crate::plan) struct Keyed<'k> {
    pub(in crate::plan) plan: LogicalPlan,
    pub(in crate::plan) keys: &'k [String],
}

/// What a quantifier answers, by the keys of the rows that it was asked of.
pub(in crate::plan) struct Answers<'q> {
    pub(in crate::plan) of: &'q LinkedQuery,
    pub(in crate::plan) plan: LogicalPlan,
}

/// The rows with columns for the answer of each quantifier. Rows for which one of the conditions is
/// surely false, as no linked row may pass, need not be there any more.
pub(in crate::plan) fn answer(
    ctx: &Context<'_>,
    steps: &mut Steps,
    rows: Keyed<'_>,
    asked: &[&LinkedQuery],
    conditions: &[&IrExpr],
) -> Result<LogicalPlan> {
    let Keyed { plan, keys } = rows;
    if asked.is_empty() {
        return Ok(plan);
    }
    let base = steps.materialize(plan)?;
    let mut answered = base.clone();
    for q in asked {
        answered = with_lost(ctx, steps, Keyed { plan: answered, keys }, &base, q)?;
        let answers = Answers { of: q, plan: answers(ctx, steps, Keyed { plan: base.clone(), keys }, q)? };
        let kind = if is_needed(ctx, q, conditions) { JoinType::Inner } else { JoinType::Left };
        answered = join_answers(ctx, Keyed { plan: answered, keys }, answers, kind)?;
    }
    Ok(answered)
}

/// Whether a row for which no linked row may pass is of no use, as one of the conditions is false.
/// Of a row of which not all linked rows are known it is not known whether one passes.
pub(in crate::plan) fn is_needed(ctx: &Context<'_>, q: &LinkedQuery, conditions: &[&IrExpr]) -> bool {
    conditions.iter().any(|c| is_some_of(c, q)) && gaps(ctx, q).somewhere().is_none()
}

/// The same as [`answer`] for pairs of all rows with all others, which are too many to be kept:
/// a linked row that is needed is looked for as they come, and what is asked further is asked of
/// the pairs that are left.
fn answer_in_passing(
    ctx: &Context<'_>,
    steps: &mut Steps,
    pairs: Keyed<'_>,
    asked: &[&LinkedQuery],
    conditions: &[&IrExpr],
) -> Result<LogicalPlan> {
    let Keyed { plan, keys } = pairs;
    let flat = plan.schema().fields().iter().all(|field| !field.data_type().is_nested());
    let first = asked.iter().position(|q| flat && is_needed(ctx, q, conditions));
    let Some(first) = first.and_then(|place| asked.get(place)) else {
        return answer(ctx, steps, Keyed { plan, keys }, asked, conditions);
    };
    let before = names(&plan);
    let linked = candidates(ctx, steps, Keyed { plan, keys }, first)?;
    // Each pair stands there once for each row linked to it, with the same columns.
    let carried = before.iter().filter(|name| !keys.contains(name)).map(|name| min(ident(name)).alias(name));
    let columns = passes(ctx, first)?.into_iter().chain(carried).collect();
    let passed = given(ctx, aggregate(linked, keys, columns)?, first, &before, &Gaps::default())?;
    let others: Vec<&LinkedQuery> = asked.iter().copied().filter(|q| !std::ptr::eq(*q, *first)).collect();
    answer(ctx, steps, Keyed { plan: passed, keys }, &others, conditions)
}

/// For which rows it is not known which rows a question is about.
fn gaps(ctx: &Context<'_>, q: &LinkedQuery) -> Gaps {
    let may_miss = !ctx.scope.rows.went_of(q).is_empty();
    Gaps { nobody: without_owner(ctx, q), lost: may_miss.then(|| ctx.scope.lost(q)) }
}

/// Whether the owner of a row is missing, so that its rows cannot be asked about; `None` when every
/// row has an owner.
fn without_owner(ctx: &Context<'_>, q: &LinkedQuery) -> Option<Expr> {
    q.via?;
    let from = ctx.scope.rows.table_at(q.owner, &[]);
    let may_be_missing = ctx.scope.rows.is_went(q.owner)
        || q.owner.holds().is_some()
        || ctx.model.may_lead_nowhere(from, &q.owner_links);
    may_be_missing.then(|| ident(ctx.scope.rows.row_name(q.owner, &q.owner_links)).is_null())
}

/// For the keys of which some linked row passes or may pass: 2 when one passes, else 1. Where
/// the answer depends on the window, the windows in which one passes, and those in which none
/// may.
fn answers(ctx: &Context<'_>, steps: &mut Steps, rows: Keyed<'_>, q: &LinkedQuery) -> Result<LogicalPlan> {
    let keys = rows.keys;
    let pairs = candidates(ctx, steps, rows, q)?;
    match AnswerForm::of(q, ctx) {
        AnswerForm::CountSets => times(ctx, Keyed { plan: pairs, keys }, q),
        AnswerForm::ValueLists => aggregate_in_each(ctx, Keyed { plan: pairs, keys }, q),
        AnswerForm::Value => {
            let passes = value(&ctx.scope, &q.condition)?;
            let (pairs, columns) = aggregates(ctx, pairs, q, passes)?;
            rename_keys(aggregate(pairs, keys, columns)?, keys)
        }
        AnswerForm::TruthSets | AnswerForm::Truth => {
            let columns = passes(ctx, q)?;
            rename_keys(aggregate(pairs, keys, columns)?, keys)
        }
    }
}

/// The aggregates that tell whether a linked row passes.
fn passes(ctx: &Context<'_>, q: &LinkedQuery) -> Result<Vec<Expr>> {
    if AnswerForm::of(q, ctx) == AnswerForm::TruthSets {
        let truth = truth(&ctx.scope, &q.condition)?;
        let passes = truth.yes.clone().not_eq(lit(0_i64));
        let columns = vec![bit_or(truth.yes).alias("yes"), bit_and(truth.no).alias("no")];
        return with_witness(ctx, columns, q, passes);
    }
    let condition = lower(&ctx.scope, &q.condition)?;
    let passes = when(condition.clone(), lit(2)).otherwise(lit(1))?;
    with_witness(ctx, vec![max(passes).alias("answer")], q, condition)
}

/// The aggregates of an answer, and where it is asked for, a row that gave it: one that `passes`,
/// else one that may.
fn with_witness(ctx: &Context<'_>, mut columns: Vec<Expr>, q: &LinkedQuery, passes: Expr) -> Result<Vec<Expr>> {
    if ctx.witnesses {
        let own_key = ctx.scope.rows.row_name(q.row, &[]);
        let surely = when(passes, ident(&own_key)).end()?;
        columns.push(coalesce(vec![min(surely), min(ident(&own_key))]).alias("witness"));
    }
    Ok(columns)
}

/// Pairs of a row and a row linked to it that may pass, with the answers of the quantifiers
/// inside.
pub(in crate::plan) fn candidates(
    ctx: &Context<'_>,
    steps: &mut Steps,
    rows: Keyed<'_>,
    q: &LinkedQuery,
) -> Result<LogicalPlan> {
    let Keyed { plan: base, keys } = rows;
    let mut inner = Vec::new();
    outermost(&q.condition, &mut inner);
    q.ask.values().into_iter().for_each(|v| outermost(v, &mut inner));
    // What is asked of the row itself, too, may have been answered before.
    let known = names(&base);
    inner.retain(|i| ![answer_name(i), set_names(i).0].iter().any(|name| known.contains(name)));
    let (alone, together): (Vec<&LinkedQuery>, Vec<&LinkedQuery>) =
        inner.into_iter().partition(|i| !uses_window(i) && outer_rows(i).iter().all(|row| *row == q.row));
    let own_key = ctx.scope.rows.row_name(q.row, &[]);
    let mut joined = join_linked(ctx, steps, base, q, &alone)?;
    let (now, later): (Vec<&IrExpr>, Vec<&IrExpr>) =
        q.condition.conjuncts().into_iter().partition(|c| !mentions(c, &together));
    joined = filter_candidates(ctx, joined, &now)?;
    if !together.is_empty() {
        let pair_keys = keys.iter().cloned().chain([own_key]).collect::<Vec<_>>();
        let pairs = Keyed { plan: joined, keys: &pair_keys };
        // Of a slice of the cohort there are few pairs, and what looks for rows as they come shares
        // its memory with the joins before it, which have to keep all of theirs.
        let too_many = q.via.is_none() && ctx.scope.run.slice == Slice::WHOLE;
        let answer = if too_many { answer_in_passing } else { answer };
        joined = answer(ctx, steps, pairs, &together, &later)?;
        joined = filter_candidates(ctx, joined, &later)?;
    }
    Ok(joined)
}

/// Drops pairs of which one of the conditions is surely false, in every window in which the row
/// counts.
fn filter_candidates(ctx: &Context<'_>, mut pairs: LogicalPlan, conditions: &[&IrExpr]) -> Result<LogicalPlan> {
    let (moving, fixed): (Vec<&IrExpr>, Vec<&IrExpr>) =
        conditions.iter().partition(|c| c.uses_window() && !ctx.scope.is_split);
    for condition in fixed {
        pairs = filter(pairs, lower(&ctx.scope, condition)?.is_not_false())?;
    }
    if moving.is_empty() {
        return Ok(pairs);
    }
    let truth = truth_of_all(&ctx.scope, &moving)?;
    filter(pairs, (ident(WINDOWS) & window_set::not(truth.no, ctx.windows())).not_eq(lit(0_i64)))
}

/// The rows with the answers of a quantifier, in columns of their own.
pub(in crate::plan) fn join_answers(
    ctx: &Context<'_>,
    rows: Keyed<'_>,
    answers: Answers<'_>,
    kind: JoinType,
) -> Result<LogicalPlan> {
    let Keyed { plan, keys } = rows;
    let Answers { of: q, plan: answers } = answers;
    let before = names(&plan);
    let on = keys.iter().map(|k| (ident(k), ident(key_name(k)))).collect();
    given(ctx, join(plan, answers, kind, on, None)?, q, &before, &gaps(ctx, q))
}

/// The rows with the columns they had before, and those of what the aggregates of a quantifier
/// give.
fn given(
    ctx: &Context<'_>,
    joined: LogicalPlan,
    q: &LinkedQuery,
    before: &[String],
    gaps: &Gaps,
) -> Result<LogicalPlan> {
    let mut more = match AnswerForm::of(q, ctx) {
        AnswerForm::CountSets => count_threshold::joined(q, gaps)?,
        AnswerForm::ValueLists => joined_lists(ctx, q, gaps)?,
        AnswerForm::Value => joined_value(q, gaps)?,
        AnswerForm::TruthSets => truth_sets(ctx, q, gaps)?,
        AnswerForm::Truth => vec![(truth_of(gaps)?, answer_name(q))],
    };
    if names(&joined).iter().any(|n| n == "witness") {
        more.push((ident("witness"), witness_name(q)));
    }
    let added: Vec<String> = more.iter().map(|(_, name)| name.clone()).collect();
    let answered = add_columns(joined, more)?;
    select(answered, |n| added.iter().chain(before).any(|kept| kept == n))
}

/// The columns of joined answers that are sets: where not all linked rows are known, it is not
/// known that none passes.
fn truth_sets(ctx: &Context<'_>, q: &LinkedQuery, gaps: &Gaps) -> Result<Vec<(Expr, String)>> {
    let (yes, no) = set_names(q);
    let none = coalesce(vec![ident("no"), lit(window_set::all(ctx.windows()))]);
    let none = match gaps.windows()? {
        Some(unknown) => none & window_set::not(unknown, ctx.windows()),
        None => none,
    };
    Ok(vec![(coalesce(vec![ident("yes"), lit(0_i64)]), yes), (none, no)])
}

/// Whether a linked row passes, of joined answers; where not all linked rows are known, it is not
/// known that none does.
fn truth_of(gaps: &Gaps) -> Result<Expr> {
    let unknown = Expr::Literal(ScalarValue::Boolean(None), None);
    let none = gaps.somewhere().map_or(ident("answer").is_null(), |gap| ident("answer").is_null().and(!gap));
    let passed = when(ident("answer").eq(lit(2)), lit(true));
    { passed }.when(none, lit(false)).otherwise(unknown)
}
