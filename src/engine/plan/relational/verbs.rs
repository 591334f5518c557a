//! What plans are made of: rows with more columns, with fewer, filtered, grouped, numbered.

use crate::plan::columns::{WINDOWS, key_name};
use datafusion::arrow::datatypes::{Field, SchemaRef};
use datafusion::common::tree_node::{Transformed, TreeNode, TreeNodeRecursion};
use datafusion::common::{Column, DFSchema, NullEquality, TableReference, UnnestOptions};
use datafusion::error::Result;
use datafusion::logical_expr::{
    Expr, ExprSchemable, Filter, Join, JoinConstraint, JoinType, LogicalPlan, LogicalPlanBuilder, Projection,
    TableSource, ident, lit,
};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// A scan of `table` that gives the columns flat names: (name in the table, flat name).
pub(in crate::plan) fn scan(table: &str, schema: &SchemaRef, columns: &[(String, String)]) -> Result<LogicalPlan> {
    let table = TableReference::bare(table);
    let source = Arc::new(Named(Arc::clone(schema)));
    let named = columns
        .iter()
        .map(|(from, to)| Expr::Column(Column::new(Some(table.clone()), from)).alias(to))
        .collect::<Vec<_>>();
    project(LogicalPlanBuilder::scan(table.clone(), source, None)?.build()?, named)
}

/// The columns of a table that a plan names. It takes over no filter: the engine's own for this
/// purpose says that it filters exactly.
#[derive(Debug)]
struct Named(SchemaRef);

impl TableSource for Named {
    fn schema(&self) -> SchemaRef {
        Arc::clone(&self.0)
    }
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
    project(plan, columns)
}

/// The plan with these columns alone, each a column of the plan or named. Not by the builder, which
/// looks for every column by name first and works out the type of each anew: planning is mostly
/// that, and no plan here has two columns of one name.
pub(in crate::plan) fn project(plan: LogicalPlan, columns: Vec<Expr>) -> Result<LogicalPlan> {
    let (input, columns) = match plan {
        LogicalPlan::Projection(below) if makes_all(&below, &columns) => from_below(below, columns)?,
        other => (Arc::new(other), columns),
    };
    let schema = schema_of(&columns, input.schema())?;
    Ok(LogicalPlan::Projection(Projection::try_new_with_schema(columns, input, Arc::new(schema))?))
}

/// What a column is, apart from its name.
fn unnamed(column: &Expr) -> &Expr {
    match column {
        Expr::Alias(named) => unnamed(&named.expr),
        other => other,
    }
}

/// Whether a projection may make these columns, too, which are asked of its own: then none that it
/// computes is part of another one, or there twice.
fn makes_all(below: &Projection, columns: &[Expr]) -> bool {
    let named = below.expr.iter().zip(below.schema.fields());
    let computed: HashSet<&str> = named
        .filter(|(of, _)| !matches!(unnamed(of), Expr::Column(_)))
        .map(|(_, field)| field.name().as_str())
        .collect();
    let mut taken = HashSet::new();
    columns.iter().all(|column| match (column, unnamed(column)) {
        (_, Expr::Column(c)) => !computed.contains(c.name()) || taken.insert(c.name()),
        (Expr::Alias(_), of) => {
            let uses = of.exists(|e| Ok(matches!(e, Expr::Column(c) if computed.contains(c.name()))));
            matches!(uses, Ok(false))
        }
        // Its name would change with those of its columns.
        _ => false,
    })
}

/// The columns, asked of a projection, as it would make them itself, and what it is made of.
fn from_below(below: Projection, columns: Vec<Expr>) -> Result<(Arc<LogicalPlan>, Vec<Expr>)> {
    let names = below.schema.fields().iter().map(|field| field.name().clone());
    let mut made: HashMap<String, Expr> = names.zip(below.expr).collect();
    let same = |name: &str, of: &Expr| matches!(of, Expr::Column(c) if c.relation.is_none() && c.name == name);
    let renamed: HashMap<String, Expr> = made
        .iter()
        .filter(|(name, of)| matches!(unnamed(of), Expr::Column(_)) && !same(name, of))
        .map(|(name, of)| (name.clone(), unnamed(of).clone()))
        .collect();
    let columns = columns.into_iter().map(|column| match unnamed(&column) {
        Expr::Column(c) => {
            let from = c.name.clone();
            let to = if let Expr::Alias(named) = &column { named.name.clone() } else { from.clone() };
            let of = match renamed.get(&from) {
                Some(of) => of.clone(),
                None => made.remove(&from).unwrap_or(Expr::Column(Column::new_unqualified(&from))),
            };
            Ok(if same(&to, &of) { of } else { of.unalias_nested().data.alias(to) })
        }
        _ if renamed.is_empty() => Ok(column),
        _ => {
            let replaced = column.transform_up(|e| match &e {
                Expr::Column(c) => Ok(match renamed.get(c.name()) {
                    Some(of) => Transformed::yes(of.clone()),
                    None => Transformed::no(e),
                }),
                _ => Ok(Transformed::no(e)),
            });
            Ok(replaced?.data)
        }
    });
    let columns = columns.collect::<Result<_>>()?;
    Ok((below.input, columns))
}

/// The schema of columns made of rows; that of a column which passes through is not worked out.
fn schema_of(columns: &[Expr], rows: &DFSchema) -> Result<DFSchema> {
    let known: HashMap<&str, _> =
        rows.iter().filter(|(of, _)| of.is_none()).map(|(_, field)| (field.name().as_str(), field)).collect();
    let fields = columns.iter().map(|column| match column {
        Expr::Column(c) if c.relation.is_none() && known.contains_key(c.name()) => {
            Ok((None, Arc::clone(known[c.name()])))
        }
        // Its name is told apart from its type, which would be worked out twice.
        Expr::Alias(named) if named.metadata.is_none() => {
            let (_, field) = named.expr.to_field(rows)?;
            Ok((named.relation.clone(), Arc::new(Field::clone(&field).with_name(&named.name))))
        }
        other => other.to_field(rows),
    });
    DFSchema::new_with_metadata(fields.collect::<Result<_>>()?, rows.metadata().clone())
}

/// Rows joined with others where the pairs of columns are equal and, if it is asked, one more
/// condition holds.
pub(in crate::plan) fn join(
    rows: LogicalPlan,
    others: LogicalPlan,
    kind: JoinType,
    on: Vec<(Expr, Expr)>,
    also: Option<Expr>,
) -> Result<LogicalPlan> {
    let (rows, others, nulls) = (Arc::new(rows), Arc::new(others), NullEquality::NullEqualsNothing);
    Ok(LogicalPlan::Join(Join::try_new(rows, others, on, also, kind, JoinConstraint::On, nulls, false)?))
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
    project(rows, columns)
}

/// The plan with the column of a window function.
pub(in crate::plan) fn add_window_column(plan: LogicalPlan, function: Expr, name: &str) -> Result<LogicalPlan> {
    let columns = names(&plan);
    let long_name = function.schema_name().to_string();
    let numbered = LogicalPlanBuilder::window_plan(plan, [function])?;
    let all = columns.into_iter().map(ident).chain([ident(long_name).alias(name)]).collect::<Vec<_>>();
    project(numbered, all)
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
    project(grouped.build()?, all)
}

/// Answers by keys that do not share their names with those of the rows.
pub(in crate::plan) fn rename_keys(answers: LogicalPlan, keys: &[String]) -> Result<LogicalPlan> {
    let given = names(&answers).into_iter().filter(|n| !keys.contains(n)).map(ident).collect::<Vec<_>>();
    let renamed = keys.iter().map(|k| ident(k).alias(key_name(k))).chain(given);
    project(answers, renamed.collect())
}
