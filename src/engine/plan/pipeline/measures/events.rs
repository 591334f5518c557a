//! Events of a row: one where a condition is true, or a number.

use crate::plan::columns::sure_name;
use crate::plan::expression::lower::value;
use crate::plan::expression::truth::truth;
use crate::plan::expression::values::in_each;
use crate::plan::functions::coalesce::coalesce;
use crate::plan::functions::window_list::{ones, repeated};
use crate::plan::pipeline::answer_form::AnswerForm;
use crate::plan::pipeline::context::Context;
use datafusion::error::Result;
use datafusion::logical_expr::{Expr, ident, lit, when};
use yardstick_language::ir::{Expr as IrExpr, ExprKind, Ty};

/// The events of a row, and whether there can be no more: of a count, the rows that surely
/// count.
pub(super) fn events_of(ctx: &Context<'_>, events: &IrExpr) -> Result<(Expr, Expr)> {
    let value = value(&ctx.scope, events)?;
    let known = value.clone().is_not_null();
    let amount = match &events.kind {
        ExprKind::Linked(q) if q.ask.is_count() => ident(sure_name(q)),
        _ if events.ty == Ty::Bool => when(value, lit(1_i64)).otherwise(lit(0_i64))?,
        _ => coalesce(vec![value, lit(0_i64)]),
    };
    Ok((amount, known))
}

/// The events of a row in each window, and those that are sure: of a count, the rows that
/// surely count.
pub(super) fn events_in_each(ctx: &Context<'_>, events: &IrExpr) -> Result<(Expr, Expr)> {
    if events.ty == Ty::Bool {
        let truth = truth(&ctx.scope, events)?;
        let happened = ones(truth.yes, truth.no, ctx.windows().len());
        return Ok((happened.clone(), happened));
    }
    let known = in_each(&ctx.scope, events)?;
    let sure = match &events.kind {
        ExprKind::Linked(q) if q.ask.is_count() && AnswerForm::of(q, ctx) == AnswerForm::ValueLists => {
            ident(sure_name(q))
        }
        ExprKind::Linked(q) if q.ask.is_count() => repeated(ident(sure_name(q)), ctx.windows().len()),
        _ => known.clone(),
    };
    Ok((known, sure))
}
