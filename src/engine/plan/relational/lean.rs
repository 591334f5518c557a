//! Steps with the columns that are read of them and no others: their rows are kept until the plan
//! is done.

use crate::plan::Step;
use crate::plan::relational::verbs::{names, select};
use datafusion::error::Result;
use datafusion::logical_expr::{Expr, LogicalPlan};
use std::collections::{BTreeMap, BTreeSet};

/// The columns that are read of each table and step, by its name.
#[derive(Debug, Default)]
pub(in crate::plan) struct Read(BTreeMap<String, BTreeSet<String>>);

impl Read {
    /// Notes what a plan reads of whose rows every column is asked for.
    pub(in crate::plan) fn by(&mut self, plan: &LogicalPlan) {
        self.look(plan, &names(plan).into_iter().collect());
    }

    /// Takes from steps, which are run before what was noted so far, what nobody reads of them.
    pub(in crate::plan) fn lean(&mut self, steps: Vec<Step>) -> Result<Vec<Step>> {
        let mut lean = Vec::new();
        for step in steps.into_iter().rev() {
            let read = self.0.get(&step.name);
            let all = names(&step.plan);
            // Where only the number of rows matters, one column tells it.
            let is_read = |name: &str| read.is_some_and(|read| read.contains(name));
            let first = if all.iter().any(|name| is_read(name)) { None } else { all.first() };
            let wanted = |name: &str| is_read(name) || first.is_some_and(|first| first == name);
            let plan = if all.iter().all(|name| wanted(name)) { step.plan } else { select(step.plan, wanted)? };
            self.by(&plan);
            lean.push(Step { plan, ..step });
        }
        lean.reverse();
        Ok(lean)
    }

    /// Notes what a plan reads to give these of its columns.
    fn look(&mut self, plan: &LogicalPlan, wanted: &BTreeSet<String>) {
        match plan {
            LogicalPlan::TableScan(scan) => {
                self.0.entry(scan.table_name.table().to_owned()).or_default().extend(wanted.iter().cloned());
            }
            LogicalPlan::Projection(projection) => {
                let columns = projection.expr.iter().zip(projection.schema.fields());
                let asked = columns.filter(|(_, field)| wanted.contains(field.name())).map(|(e, _)| e);
                self.look(&projection.input, &columns_of(asked));
            }
            LogicalPlan::Aggregate(aggregate) => {
                let all = aggregate.group_expr.iter().chain(&aggregate.aggr_expr);
                self.look(&aggregate.input, &columns_of(all));
            }
            // By place: each input has names of its own.
            LogicalPlan::Union(union) => {
                let fields = union.schema.fields().iter().enumerate();
                let places: Vec<usize> =
                    fields.filter(|(_, field)| wanted.contains(field.name())).map(|(place, _)| place).collect();
                for input in &union.inputs {
                    let fields = input.schema().fields();
                    self.look(input, &places.iter().map(|place| fields[*place].name().clone()).collect());
                }
            }
            // What others give is what they are given, and more.
            other => {
                let read = other.expressions();
                let all: BTreeSet<String> = wanted.iter().cloned().chain(columns_of(&read)).collect();
                for input in other.inputs() {
                    let own: BTreeSet<String> = names(input).into_iter().collect();
                    self.look(input, &own.intersection(&all).cloned().collect());
                }
            }
        }
    }
}

fn columns_of<'e>(of: impl IntoIterator<Item = &'e Expr>) -> BTreeSet<String> {
    of.into_iter().flat_map(Expr::column_refs).map(|column| column.name.clone()).collect()
}
