//! From what is measured of an indicator, slice by slice, to its table, with what must be hidden in
//! it.

use super::complete::Complete;
use super::judge::{self, Table};
use super::reason::Reason;
use super::suppress;
use crate::counts::Measured;
use crate::hierarchy::Hierarchy;
use yardstick_language::ir::Program;

/// What there is so far of an indicator.
#[derive(Debug)]
pub struct Judging<'a> {
    program: &'a Program,
    hierarchy: &'a Hierarchy,
    complete: &'a Complete,
    bad: Option<&'a Reason>,
    /// The smallest count that may be shown, when small ones are hidden.
    limit: Option<u64>,
    table: Option<Table>,
    /// What the table was made of, where it is looked at again.
    parts: Option<Measured>,
}

impl<'a> Judging<'a> {
    /// Of an indicator of which nothing is measured yet. `bad` is why the data that it reads cannot
    /// be relied on, if so.
    #[must_use]
    pub fn new(
        program: &'a Program,
        hierarchy: &'a Hierarchy,
        complete: &'a Complete,
        bad: Option<&'a Reason>,
        limit: Option<u64>,
    ) -> Self {
        Self { program, hierarchy, complete, bad, limit, table: None, parts: None }
    }

    /// Adds what was measured of further rows in the same windows.
    pub fn add(&mut self, measured: Measured) {
        match &mut self.table {
            Some(table) => table.totals.add_all(&measured, self.hierarchy),
            None => self.table = judge::table(self.program, self.hierarchy, &measured, self.complete, self.bad),
        }
        if self.limit.is_some() {
            match &mut self.parts {
                Some(parts) => parts.add(measured),
                None => self.parts = Some(measured),
            }
        }
    }

    /// The table of all that was added; `None` when nothing was.
    #[must_use]
    pub fn table(self) -> Option<Table> {
        let mut table = self.table?;
        if let Some((limit, parts)) = self.limit.zip(self.parts) {
            suppress::hide(self.program, self.hierarchy, &parts, limit, &mut table);
        }
        Some(table)
    }
}
