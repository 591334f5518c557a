//! Rows of a table with the columns an indicator needs, those of linked rows joined in.

use super::{Known, Standing, lookup};
use crate::store::{self, ROW};
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::common::{Column, TableReference, UnnestOptions};
use datafusion::error::Result;
use datafusion::logical_expr::{Expr, LogicalPlan, LogicalPlanBuilder, LogicalTableSource, Projection, ident};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use yardstick_language::ir::{Expr as IrExpr, ExprKind, RowId};
use yardstick_language::model::{ColumnId, ColumnType, Model, TableId};

/// The row variables of one indicator: their tables and the columns asked of them.
#[derive(Debug)]
pub(super) struct Rows<'a> {
    pub(super) model: &'a Model,
    tables: BTreeMap<RowId, TableId>,
    /// Which rows stand for those of the cohort.
    pub(super) standing: Standing,
    /// Whether a row that went may have to be picked instead of one of these.
    pub(super) contended: bool,
    /// For each variable and path of links, the columns needed of the row reached.
    needs: BTreeMap<RowId, BTreeMap<Vec<ColumnId>, BTreeSet<ColumnId>>>,
}

impl<'a> Rows<'a> {
    /// Variables of a cohort over `table`, without needs yet.
    pub(super) fn new(model: &'a Model, table: TableId, known: &Known<'_>) -> Self {
        let standing = known.standing;
        let contended = !standing.went() && !known.went.is_empty();
        Self { model, tables: BTreeMap::from([(RowId::COHORT, table)]), standing, contended, needs: BTreeMap::new() }
    }

    /// Notes every column that the expression reads.
    pub(super) fn need(&mut self, expr: &IrExpr) {
        // A quantifier's table must be known before its condition names its columns.
        expr.walk(&mut |e| {
            if let ExprKind::Some(q) = &e.kind {
                self.tables.insert(q.row, q.table);
                if let Some(via) = q.via {
                    self.need_column(q.row, &[], via);
                    self.need_row(q.owner, &q.owner_links);
                }
            }
        });
        expr.walk(&mut |e| match &e.kind {
            ExprKind::Column { row, links, column } => self.need_column(*row, links, *column),
            ExprKind::Row { row, links } => self.need_row(*row, links),
            _ => {}
        });
    }

    /// Notes that the row number at the end of a path is read.
    pub(super) fn need_row(&mut self, row: RowId, links: &[ColumnId]) {
        if let Some((last, before)) = links.split_last() {
            self.need_column(row, before, *last);
        }
    }

    fn need_column(&mut self, row: RowId, links: &[ColumnId], column: ColumnId) {
        if self.is_key(row, links, column) {
            return self.need_row(row, links);
        }
        let needs = self.needs.entry(row).or_default();
        for (i, link) in links.iter().enumerate() {
            needs.entry(links[..i].to_vec()).or_default().insert(*link);
        }
        needs.entry(links.to_vec()).or_default().insert(column);
    }

    fn is_key(&self, row: RowId, links: &[ColumnId], column: ColumnId) -> bool {
        self.model.table(self.table_at(row, links)).column(column).ty == ColumnType::Key
    }

    /// The table that a path of links reaches.
    pub(super) fn table_at(&self, row: RowId, links: &[ColumnId]) -> TableId {
        links
            .iter()
            .fold(self.tables[&row], |table, link| self.model.table(table).column(*link).target().unwrap_or(table))
    }

    /// The flat name of a column; of a key, that of the row's number.
    pub(super) fn column_name(&self, row: RowId, links: &[ColumnId], column: ColumnId) -> String {
        if self.is_key(row, links, column) {
            return self.row_name(row, links);
        }
        format!("{}{}", self.prefix(row, links), self.model.table(self.table_at(row, links)).column(column).name)
    }

    /// The flat name of the row number at the end of a path.
    pub(super) fn row_name(&self, row: RowId, links: &[ColumnId]) -> String {
        match links.split_last() {
            Some((last, before)) => self.column_name(row, before, *last),
            None => format!("{}{ROW}", self.prefix(row, links)),
        }
    }

    fn prefix(&self, row: RowId, links: &[ColumnId]) -> String {
        let mut name = format!("r{}.", row.0);
        for (i, link) in links.iter().enumerate() {
            name.push_str(&self.model.table(self.table_at(row, &links[..i])).column(*link).name);
            name.push('.');
        }
        name
    }

    /// The rows of a variable's table with everything needed of them.
    pub(super) fn relation(&self, row: RowId) -> Result<LogicalPlan> {
        self.follow_links(self.own_columns(row)?, row)
    }

    /// The rows of a variable's table with what is needed of their own columns.
    pub(super) fn own_columns(&self, row: RowId) -> Result<LogicalPlan> {
        let own = self.needs.get(&row).and_then(|needs| needs.get(&[][..]));
        self.scan(row, own)
    }

    /// Adds what is needed of the rows that a variable's links lead to; its own columns are in the plan.
    pub(super) fn follow_links(&self, mut plan: LogicalPlan, row: RowId) -> Result<LogicalPlan> {
        let needs = self.needs.get(&row).into_iter().flatten();
        for (links, columns) in needs.filter(|(links, _)| !links.is_empty()) {
            let table = self.table_at(row, links);
            let (name, schema) = (&self.model.table(table).name, store::schema(self.model, table));
            let looked_up = columns.iter().map(|c| {
                let column = &self.model.table(table).column(*c).name;
                let ty = schema.field_with_name(column)?.data_type().clone();
                Ok((
                    lookup::column(name, column, ty, ident(self.row_name(row, links))),
                    self.column_name(row, links, *c),
                ))
            });
            plan = with(plan, looked_up.collect::<Result<_>>()?)?;
        }
        Ok(plan)
    }

    fn scan(&self, row: RowId, columns: Option<&BTreeSet<ColumnId>>) -> Result<LogicalPlan> {
        let table = self.table_at(row, &[]);
        let named = columns.into_iter().flatten().map(|c| {
            let name = self.model.table(table).column(*c).name.clone();
            (name, self.column_name(row, &[], *c))
        });
        let all = std::iter::once((ROW.to_owned(), self.row_name(row, &[]))).chain(named).collect::<Vec<_>>();
        let name = &self.model.table(table).name;
        let name = match self.standing {
            Standing::Went { ends_known } if row == RowId::COHORT => &store::went_name(name, ends_known),
            _ => name,
        };
        scan(name, &store::schema(self.model, table), &all)
    }
}

/// A scan of `table` that gives the columns flat names: (name in the table, flat name).
pub(super) fn scan(table: &str, schema: &SchemaRef, columns: &[(String, String)]) -> Result<LogicalPlan> {
    let table = TableReference::bare(table);
    let source = Arc::new(LogicalTableSource::new(Arc::clone(schema)));
    let named = columns
        .iter()
        .map(|(from, to)| Expr::Column(Column::new(Some(table.clone()), from)).alias(to))
        .collect::<Vec<_>>();
    LogicalPlanBuilder::scan(table.clone(), source, None)?.project(named)?.build()
}

/// The flat names of a plan's columns.
pub(super) fn names(plan: &LogicalPlan) -> Vec<String> {
    plan.schema().fields().iter().map(|f| f.name().clone()).collect()
}

/// The plan with only the columns whose name passes.
pub(super) fn keep(plan: LogicalPlan, wanted: impl Fn(&str) -> bool) -> Result<LogicalPlan> {
    keep_with(plan, wanted, Vec::new())
}

/// The plan with more columns.
pub(super) fn with(plan: LogicalPlan, more: Vec<(Expr, String)>) -> Result<LogicalPlan> {
    keep_with(plan, |_| true, more)
}

/// The plan with the columns whose name passes, and more.
pub(super) fn keep_with(
    plan: LogicalPlan,
    wanted: impl Fn(&str) -> bool,
    more: Vec<(Expr, String)>,
) -> Result<LogicalPlan> {
    let kept = names(&plan).into_iter().filter(|n| wanted(n)).map(ident);
    let columns = kept.chain(more.into_iter().map(|(expr, name)| expr.alias(name))).collect::<Vec<_>>();
    // Not by the builder, which would look for every column by name first: no plan here has two of one name.
    Ok(LogicalPlan::Projection(Projection::try_new(columns, Arc::new(plan))?))
}

/// The plan with each row once for each item of its list in a column; without one, it is left out.
pub(super) fn once_for_each(plan: LogicalPlan, list: &str) -> Result<LogicalPlan> {
    let each = UnnestOptions::new().with_preserve_nulls(false);
    LogicalPlanBuilder::from(plan).unnest_column_with_options(list, each)?.build()
}
