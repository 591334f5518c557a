//! What plans are made of: rows with more columns, with fewer, filtered, grouped, numbered.

use crate::plan::columns::{WINDOWS, key_name};
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::common::tree_node::{Transformed, TreeNode, TreeNodeRecursion};
use datafusion::common::{Column, TableReference, UnnestOptions};
use datafusion::error::Result;
use datafusion::logical_expr::{
    Expr, Filter, LogicalPlan, LogicalPlanBuilder, LogicalTableSource, Projection, ident, lit,
};
use std::sync::Arc;

/// A scan of `table` that gives the columns flat names: (name in the table, flat name).
pub(in crate::plan) fn scan(table: &str, schema: &SchemaRef, columns: &[(String, String)]) -> Result<LogicalPlan> {
    let table = TableReference::bare(table);
    let source = Arc::new(LogicalTableSource::new(Arc::clone(schema)));
    let named = columns
        .iter()
        .map(|(from, to)| Expr::Column(Column::new(Some(table.clone()), from)).alias(to))
        .collect::<Vec<_>>();
    LogicalPlanBuilder::scan(table.clone(), source, None)?.project(named)?.build()
}

/// The flat names of a plan's columns.
pub(in crate::plan) fn names(plan: &LogicalPlan) -> Vec<String> {
    plan.schema().fields().iter().map(|f| f.name().clone()).collect()
}

/// The plan with only the columns whose name passes.
pub(in crate::plan) fn select(plan: LogicalPlan, wanted: impl Fn(&str) -> bool) -> Result<LogicalPlan> {
    select_with(plan, wanted, Vec::new())
}

/// The plan with more columns.
pub(in crate::plan) fn add_columns(plan: LogicalPlan, more: Vec<(Expr, String)>) -> Result<LogicalPlan> {
    select_with(plan, |_| true, more)
}

/// The plan with the columns whose name passes, and more.
pub(in crate::plan) fn select_with(
    plan: LogicalPlan,
    wanted: impl Fn(&str) -> bool,
    more: Vec<(Expr, String)>,
) -> Result<LogicalPlan> {
    let kept = names(&plan).into_iter().filter(|n| wanted(n)).map(ident);
    let columns = kept.chain(more.into_iter().map(|(expr, name)| expr.alias(name))).collect::<Vec<_>>();
    // Not by the builder, which would look for every column by name first: no plan here has two of
    // one name.
    Ok(LogicalPlan::Projection(Projection::try_new(columns, Arc::new(plan))?))
}

/// The plan with each row once for each item of its list in a column; without one, it is left out.
pub(in crate::plan) fn unnest(plan: LogicalPlan, list: &str) -> Result<LogicalPlan> {
    let each = UnnestOptions::new().with_preserve_nulls(false);
    LogicalPlanBuilder::from(plan).unnest_column_with_options(list, each)?.build()
}

pub(in crate::plan) fn filter(plan: LogicalPlan, condition: Expr) -> Result<LogicalPlan> {
    Ok(LogicalPlan::Filter(Filter::try_new(condition, Arc::new(plan))?))
}

/// Only the rows that have a window left.
pub(in crate::plan) fn in_some_window(rows: LogicalPlan) -> Result<LogicalPlan> {
    filter(rows, ident(WINDOWS).not_eq(lit(0_i64)))
}

/// The rows with only those of their windows that are in the set.
pub(in crate::plan) fn restrict_windows(rows: LogicalPlan, set: &Expr) -> Result<LogicalPlan> {
    restrict_sets(rows, &[(WINDOWS, set.clone())])
}

/// The rows with fewer windows in some of their sets, where they have such a set.
pub(in crate::plan) fn restrict_sets(rows: LogicalPlan, sets: &[(&str, Expr)]) -> Result<LogicalPlan> {
    let columns = names(&rows).into_iter().map(|name| match sets.iter().find(|(of, _)| *of == name) {
        Some((_, set)) => (ident(&name) & set.clone()).alias(name),
        None => ident(name),
    });
    let columns = columns.collect::<Vec<_>>();
    LogicalPlanBuilder::from(rows).project(columns)?.build()
}

/// The plan with the column of a window function.
pub(in crate::plan) fn add_window_column(plan: LogicalPlan, function: Expr, name: &str) -> Result<LogicalPlan> {
    let columns = names(&plan);
    let long_name = function.schema_name().to_string();
    let numbered = LogicalPlanBuilder::window_plan(plan, [function])?;
    let all = columns.into_iter().map(ident).chain([ident(long_name).alias(name)]).collect::<Vec<_>>();
    LogicalPlanBuilder::from(numbered).project(all)?.build()
}

/// Groups by the keys; a column may combine several aggregates.
pub(in crate::plan) fn aggregate(plan: LogicalPlan, keys: &[String], columns: Vec<Expr>) -> Result<LogicalPlan> {
    let mut aggregates: Vec<Expr> = Vec::new();
    for column in &columns {
        column.apply(|e| {
            if matches!(e, Expr::AggregateFunction(_)) && !aggregates.contains(e) {
                aggregates.push(e.clone());
            }
            Ok(TreeNodeRecursion::Continue)
        })?;
    }
    let grouped =
        LogicalPlanBuilder::from(plan).aggregate(keys.iter().map(ident).collect::<Vec<_>>(), aggregates.clone())?;
    let named = columns.into_iter().map(|column| {
        let by_name = column.transform_up(|e| {
            let is_aggregate = matches!(e, Expr::AggregateFunction(_));
            Ok(if is_aggregate { Transformed::yes(ident(e.schema_name().to_string())) } else { Transformed::no(e) })
        })?;
        Ok(by_name.data)
    });
    let all = keys.iter().map(|k| Ok(ident(k))).chain(named).collect::<Result<Vec<_>>>()?;
    grouped.project(all)?.build()
}

/// Answers by keys that do not share their names with those of the rows.
pub(in crate::plan) fn rename_keys(answers: LogicalPlan, keys: &[String]) -> Result<LogicalPlan> {
    let given = names(&answers).into_iter().filter(|n| !keys.contains(n)).map(ident).collect::<Vec<_>>();
    let renamed = keys.iter().map(|k| ident(k).alias(key_name(k))).chain(given);
    LogicalPlanBuilder::from(answers).project(renamed.collect::<Vec<_>>())?.build()
}
