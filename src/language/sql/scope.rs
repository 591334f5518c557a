//! The rows in sight of an expression: what each variable is called, and which rows are joined to
//! it because a path leads to them.

use super::names::name;
use super::writer::Writer;
use crate::ir::RowId;
use crate::model::{ColumnId, TableId};
use std::cell::RefCell;

/// A row variable and its name, and those around it.
#[derive(Debug)]
pub(super) struct Scope<'s> {
    row: RowId,
    /// Its table.
    pub(super) table: TableId,
    /// What it is called.
    pub(super) alias: String,
    /// What has the columns of the window.
    pub(super) window: String,
    /// Rows that paths from it lead to, in the order in which they are joined.
    joins: RefCell<Vec<Join>>,
    /// Whatever else is joined, after these.
    laterals: RefCell<Vec<String>>,
    outer: Option<&'s Scope<'s>>,
}

#[derive(Debug)]
struct Join {
    links: Vec<ColumnId>,
    alias: String,
    text: String,
}

impl<'s> Scope<'s> {
    /// The row of the cohort.
    pub(super) fn of_cohort(table: TableId, alias: &str, window: &str) -> Self {
        Self {
            row: RowId::COHORT,
            table,
            alias: alias.to_owned(),
            window: window.to_owned(),
            joins: RefCell::default(),
            laterals: RefCell::default(),
            outer: None,
        }
    }

    /// A row of a question, and all that is in sight here.
    pub(super) fn with(&'s self, row: RowId, table: TableId, alias: String) -> Scope<'s> {
        Scope {
            row,
            table,
            alias,
            window: self.window.clone(),
            joins: RefCell::default(),
            laterals: RefCell::default(),
            outer: Some(self),
        }
    }

    /// The row of a variable.
    pub(super) fn find(&self, row: RowId) -> Option<&Scope<'s>> {
        if self.row == row { Some(self) } else { self.outer?.find(row) }
    }

    /// What the row is called to which links lead from this one; it is joined where it is not yet.
    pub(super) fn reached(&self, writer: &Writer, links: &[ColumnId]) -> Option<(TableId, String)> {
        let Some((last, before)) = links.split_last() else { return Some((self.table, self.alias.clone())) };
        let target = writer.model.reached(self.table, links)?;
        if let Some(join) = self.joins.borrow().iter().find(|join| join.links == links) {
            return Some((target, join.alias.clone()));
        }
        let (table, from) = self.reached(writer, before)?;
        let link = writer.column(&from, table, *last);
        let wanted = format!("{}_{}", self.alias, writer.model.table(table).column(*last).name);
        let alias = writer.new_name(&wanted);
        let key = writer.identity(&alias, target);
        let text = format!("LEFT JOIN {} AS {} ON {key} = {link}", writer.known(target), name(&alias));
        self.joins.borrow_mut().push(Join { links: links.to_vec(), alias: alias.clone(), text });
        Some((target, alias))
    }

    /// Joins something else.
    pub(super) fn beside(&self, text: String) {
        self.laterals.borrow_mut().push(text);
    }

    /// What is joined, a line each, with a line break before.
    pub(super) fn joins(&self) -> String {
        let joins = self.joins.borrow();
        let texts = joins.iter().map(|join| format!("\n{}", join.text));
        texts.chain(self.laterals.borrow().iter().map(|text| format!("\n{text}"))).collect()
    }
}
