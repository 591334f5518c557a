//! The plan of an indicator as text: for people, step by step, or as the engine prints it.

mod expression;

use super::Error;
use crate::plan::{self, Gone, Plan, RunContext, Slice, Standing};
use chrono::NaiveDate;
use datafusion::common::tree_node::{Transformed, TreeNode};
use datafusion::logical_expr::{Expr, JoinType, LogicalPlan};
use expression::{all, shown};
use std::collections::BTreeSet;
use std::fmt::Write;
use yardstick_language::calendar::Window;
use yardstick_language::ir::Program;

/// How a plan is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// What each step does, in the order in which it is done; columns that are only handed on are
    /// not named.
    Steps,
    /// As DataFusion prints its logical plans before they are optimised.
    Engine,
}

/// The plan of an indicator's counts.
///
/// # Errors
/// When the plan cannot be built.
pub fn explain(
    program: &Program,
    indicator: usize,
    as_of: NaiveDate,
    windows: &[Window],
    form: Form,
) -> std::result::Result<String, Error> {
    let measured = &program.indicators[indicator];
    // The last windows that one plan measures.
    let some = windows.rchunks(plan::at_once(measured)).next().unwrap_or_default();
    let plan = plan::counts(
        &program.model,
        measured,
        RunContext {
            as_of,
            holidays: &[],
            slice: Slice::WHOLE,
            standing: Standing::InUse,
            went: &[],
            gone: &Gone::new(),
        },
        some,
        0,
        None,
    )
    .map_err(|cause| Error { indicator: measured.id.clone(), cause })?;
    Ok(text(&plan, form))
}

fn text(plan: &Plan, form: Form) -> String {
    let shown = |of: &LogicalPlan| match form {
        Form::Engine => format!("{}\n", of.display_indent()),
        Form::Steps => {
            let mut lines = String::new();
            tell(of, 1, &mut lines);
            lines
        }
    };
    let mut text = String::new();
    for step in &plan.steps {
        let _ = writeln!(text, "step {}:\n{}", step.name, shown(&step.plan));
    }
    let _ = write!(text, "counts:\n{}", shown(&plan.answer));
    text
}

/// What is done, one line each: that to which it is done first.
fn tell(plan: &LogicalPlan, depth: usize, out: &mut String) {
    let line = |out: &mut String, said: String| {
        let _ = writeln!(out, "{:1$}{said}", "", depth * 2);
    };
    match plan {
        LogicalPlan::TableScan(scan) => line(out, format!("rows of `{}`", scan.table_name.table())),
        LogicalPlan::Projection(projection) => {
            let made = made(&projection.input);
            match &*projection.input {
                LogicalPlan::Aggregate(aggregate) => {
                    tell(&aggregate.input, depth, out);
                    line(out, format!("together by {}:", all(&aggregate.group_expr)));
                }
                LogicalPlan::Window(window) => tell(&window.input, depth, out),
                other => tell(other, depth, out),
            }
            columns(&projection.expr, &projection.input, made).into_iter().for_each(|said| line(out, said));
        }
        LogicalPlan::Filter(filter) => {
            tell(&filter.input, depth, out);
            line(out, format!("where {}", shown(&filter.predicate)));
        }
        LogicalPlan::Join(join) => {
            tell(&join.left, depth, out);
            let on = join.on.iter().map(|(left, right)| format!("{} = {}", shown(left), shown(right)));
            let on: Vec<String> = on.chain(join.filter.iter().map(shown)).collect();
            let kind = match join.join_type {
                JoinType::Left => "beside it, where there are such,",
                _ => "joined with",
            };
            let on = if on.is_empty() { String::new() } else { format!(" on {}", on.join(" and ")) };
            line(out, format!("{kind} these{on}:"));
            tell(&join.right, depth + 1, out);
        }
        LogicalPlan::Aggregate(aggregate) => {
            tell(&aggregate.input, depth, out);
            line(out, format!("together by {}: {}", all(&aggregate.group_expr), all(&aggregate.aggr_expr)));
        }
        LogicalPlan::Window(window) => {
            tell(&window.input, depth, out);
            line(out, format!("beside each, {}", all(&window.window_expr)));
        }
        LogicalPlan::Unnest(unnest) => {
            tell(&unnest.input, depth, out);
            let lists: Vec<_> = unnest.exec_columns.iter().map(|column| column.name.clone()).collect();
            line(out, format!("once for each item of {}", lists.join(", ")));
        }
        LogicalPlan::Sort(sort) => {
            tell(&sort.input, depth, out);
            line(out, format!("in the order of {}", all(sort.expr.iter().map(|by| &by.expr))));
        }
        LogicalPlan::Union(union) => {
            for (n, input) in union.inputs.iter().enumerate() {
                if n > 0 {
                    line(out, "and".to_owned());
                }
                tell(input, depth, out);
            }
        }
        other => {
            other.inputs().into_iter().for_each(|input| tell(input, depth, out));
            line(out, other.display().to_string());
        }
    }
}

/// What an aggregate or a window makes: columns that are called by the whole of their expression.
fn made(plan: &LogicalPlan) -> &[Expr] {
    match plan {
        LogicalPlan::Aggregate(aggregate) => &aggregate.aggr_expr,
        LogicalPlan::Window(window) => &window.window_expr,
        _ => &[],
    }
}

/// What a projection does to the columns: one line for each that is new or has another name, and
/// one for those that are left out. What was `made` is shown where it gets its name.
fn columns(expressions: &[Expr], input: &LogicalPlan, made: &[Expr]) -> Vec<String> {
    let made_as = |name: &str| made.iter().find(|e| e.schema_name().to_string() == name);
    let named = |e: &Expr| e.qualified_name().1;
    let of_input = |e: &Expr| match e.clone().unalias() {
        Expr::Column(column) => Some(column.name),
        _ => None,
    };
    let is_scan = matches!(input, LogicalPlan::TableScan(_));
    let mut said = Vec::new();
    if is_scan {
        said.push(format!("  {}", expressions.iter().map(named).collect::<Vec<_>>().join(", ")));
    } else {
        let new = expressions.iter().filter(|e| of_input(e).is_none_or(|name| name != named(e)));
        let whole = |e: &Expr| {
            let made_of = |part: Expr| match &part {
                Expr::Column(column) => {
                    Ok(made_as(&column.name).cloned().map_or_else(|| Transformed::no(part), Transformed::yes))
                }
                _ => Ok(Transformed::no(part)),
            };
            e.clone().transform_up(made_of).map_or_else(|_| shown(e), |whole| shown(&whole.data))
        };
        let new: Vec<&Expr> = new.collect();
        // Where a name gets another value, the others are made of the one before.
        let takes_place = |e: &&Expr| input.schema().fields().iter().any(|field| *field.name() == named(e));
        let at_once = new.len() > 1 && new.iter().any(takes_place);
        said.extend(at_once.then(|| "at once:".to_owned()));
        let indent = if at_once { "  " } else { "" };
        said.extend(new.into_iter().map(|e| format!("{indent}{} = {}", named(e), whole(e))));
        let kept: BTreeSet<String> =
            expressions.iter().map(named).chain(expressions.iter().filter_map(of_input)).collect();
        let names = input.schema().fields().iter().map(|field| field.name().clone());
        let left: Vec<String> = names.filter(|name| !kept.contains(name) && made_as(name).is_none()).collect();
        if !left.is_empty() {
            said.push(format!("without {}", left.join(", ")));
        }
    }
    said
}
