//! The table of one indicator, built from counts that come slice by slice; suppression included.

use super::complete::Complete;
use super::judge::{self, Table};
use super::reason::Reason;
use super::suppress;
use crate::counts::Measured;
use crate::hierarchy::Hierarchy;
use yardstick_language::ir::Program;

/// The counts of an indicator so far.
#[derive(Debug)]
pub struct Judging<'a> {
    program: &'a Program,
    hierarchy: &'a Hierarchy,
    complete: &'a Complete,
    bad: Option<&'a Reason>,
    /// The smallest count that may be shown, when small ones are hidden.
    limit: Option<u64>,
    table: Option<Table>,
    /// The counts that the table was built from, where suppression needs them again.
    parts: Option<Measured>,
}

impl<'a> Judging<'a> {
    /// An indicator without counts yet. `bad` is why the data that it reads cannot be relied on, if
    /// so.
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

    /// Adds the counts of further rows in the same windows.
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

    /// The table of all counts that were added; `None` when there were none.
    #[must_use]
    pub fn table(self) -> Option<Table> {
        let mut table = self.table?;
        if let Some((limit, parts)) = self.limit.zip(self.parts) {
            suppress::hide(self.program, self.hierarchy, &parts, limit, &mut table);
        }
        Some(table)
    }
}
