//! Rows of a table with the columns an indicator needs, those of linked rows joined in.

use crate::plan::functions::lookup;
use crate::plan::relational::verbs::{add_columns, scan};
use crate::plan::{Gone, RunContext, Standing};
use crate::store::{self, ROW};
use datafusion::error::Result;
use datafusion::logical_expr::{LogicalPlan, ident};
use std::collections::{BTreeMap, BTreeSet};
use yardstick_language::ir::{Expr as IrExpr, ExprKind, LinkedQuery, RowId};
use yardstick_language::model::{ColumnId, ColumnType, Model, TableId};

/// The row variables of one indicator: their tables and the columns asked of them.
#[derive(Debug, Clone)]
pub(in crate::plan) struct RowVariables<'a> {
    pub(in crate::plan) model: &'a Model,
    tables: BTreeMap<RowId, TableId>,
    /// Which rows stand for those of the cohort.
    pub(in crate::plan) standing: Standing,
    /// The variables for which rows that went stand.
    went: BTreeMap<RowId, Standing>,
    /// The rows that went of every table.
    gone: &'a Gone,
    /// Whether a row that went may have to be picked instead of one of these.
    pub(in crate::plan) contended: bool,
    /// For each variable and path of links, the columns needed of the row reached.
    needs: BTreeMap<RowId, BTreeMap<Vec<ColumnId>, BTreeSet<ColumnId>>>,
}

impl<'a> RowVariables<'a> {
    /// Variables of a cohort over `table`, without needs yet.
    pub(in crate::plan) fn new(model: &'a Model, table: TableId, run: &RunContext<'a>) -> Self {
        let (standing, gone) = (run.standing, run.gone);
        let went = BTreeMap::from_iter(standing.went().then_some((RowId::COHORT, standing)));
        let contended = !standing.went() && !run.went.is_empty();
        let tables = BTreeMap::from([(RowId::COHORT, table)]);
        Self { model, tables, standing, went, gone, contended, needs: BTreeMap::new() }
    }

    /// The rows that went and may be among those that a question is about.
    pub(in crate::plan) fn went_of(&self, q: &LinkedQuery) -> &'a [Standing] {
        self.gone.get(&(q.table, q.via)).map_or(&[], Vec::as_slice)
    }

    /// Whether rows that went stand for those of a variable: then a link that must lead somewhere
    /// may not.
    pub(in crate::plan) fn is_went(&self, row: RowId) -> bool {
        self.went.contains_key(&row)
    }

    /// Rows that went stand for those of a variable.
    pub(in crate::plan) fn stand_in(&mut self, row: RowId, standing: Standing) {
        self.went.insert(row, standing);
    }

    /// Notes every column that the expression reads.
    pub(in crate::plan) fn need(&mut self, expr: &IrExpr) {
        // A variable's table must be known before its columns are named.
        self.tables.extend(expr.holders().into_iter().map(|table| (RowId::holder(table), table)));
        expr.walk(&mut |e| {
            if let ExprKind::Linked(q) = &e.kind {
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
    pub(in crate::plan) fn need_row(&mut self, row: RowId, links: &[ColumnId]) {
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
    pub(in crate::plan) fn table_at(&self, row: RowId, links: &[ColumnId]) -> TableId {
        links
            .iter()
            .fold(self.tables[&row], |table, link| self.model.table(table).column(*link).leads_to().unwrap_or(table))
    }

    /// The flat name of a column; of a key, that of the row's number.
    pub(in crate::plan) fn column_name(&self, row: RowId, links: &[ColumnId], column: ColumnId) -> String {
        if self.is_key(row, links, column) {
            return self.row_name(row, links);
        }
        format!("{}{}", self.prefix(row, links), self.model.table(self.table_at(row, links)).column(column).name)
    }

    /// The flat name of the row number at the end of a path.
    pub(in crate::plan) fn row_name(&self, row: RowId, links: &[ColumnId]) -> String {
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
    pub(in crate::plan) fn relation(&self, row: RowId) -> Result<LogicalPlan> {
        self.follow_links(self.own_columns(row)?, row)
    }

    /// The rows of a variable's table with what is needed of their own columns.
    pub(in crate::plan) fn own_columns(&self, row: RowId) -> Result<LogicalPlan> {
        let own = self.needs.get(&row).and_then(|needs| needs.get(&[][..]));
        self.scan(row, own)
    }

    /// Adds what is needed of the rows that a variable's links lead to; its own columns are in the
    /// plan.
    pub(in crate::plan) fn follow_links(&self, plan: LogicalPlan, row: RowId) -> Result<LogicalPlan> {
        self.look_up(plan, row, |links| !links.is_empty())
    }

    /// The holders that are spoken of, and the tables of their levels.
    pub(in crate::plan) fn holders(&self) -> impl Iterator<Item = (RowId, TableId)> {
        self.tables.iter().map(|(row, table)| (*row, *table)).filter(|(row, _)| row.holds().is_some())
    }

    /// Adds all that is needed of a holder; the number of its row is in the plan.
    pub(in crate::plan) fn look_up_holder(&self, plan: LogicalPlan, row: RowId) -> Result<LogicalPlan> {
        self.look_up(plan, row, |_| true)
    }

    /// Adds what is needed of the rows at the end of some of a variable's paths.
    fn look_up(&self, mut plan: LogicalPlan, row: RowId, of: impl Fn(&[ColumnId]) -> bool) -> Result<LogicalPlan> {
        let needs = self.needs.get(&row).into_iter().flatten();
        for (links, columns) in needs.filter(|(links, _)| of(links)) {
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
            plan = add_columns(plan, looked_up.collect::<Result<_>>()?)?;
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
        let name = match self.went.get(&row) {
            Some(Standing::Went(ends)) => &store::went_name(name, *ends),
            Some(Standing::InUse) | None => name,
        };
        scan(name, &store::schema(self.model, table), &all)
    }
}
