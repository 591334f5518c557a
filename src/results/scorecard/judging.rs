//! The tables of one indicator, built from counts that come slice by slice; suppression included.

use super::complete::Complete;
use super::judge::{self, Group, Table};
use super::reason::Reason;
use super::rollup::Totals;
use super::suppress;
use super::suppress_groups;
use crate::counts::Measured;
use crate::hierarchy::Hierarchy;
use std::sync::Arc;
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
    broken_down: Option<BrokenDown<'a>>,
    table: Option<Table>,
    /// The tables of the groups.
    groups: Vec<Table>,
    /// The counts that the tables were built from, where suppression needs them again.
    parts: Option<Measured>,
}

/// By what the rows of an indicator are broken down.
#[derive(Debug, Clone, Copy)]
pub struct BrokenDown<'a> {
    /// The definitions in which the indicator is broken down.
    pub program: &'a Program,
    /// Why the data that it reads then cannot be relied on, if so.
    pub bad: Option<&'a Reason>,
    /// The name of the breakdown.
    pub by: &'a str,
    /// Its groups by their numbers, and whether it is known of their rows what they are.
    pub values: &'a [(String, bool)],
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
        let (broken_down, table, groups, parts) = (None, None, Vec::new(), None);
        Self { program, hierarchy, complete, bad, limit, broken_down, table, groups, parts }
    }

    /// The same with a table for each group.
    #[must_use]
    pub fn by(self, broken_down: Option<BrokenDown<'a>>) -> Self {
        Self { broken_down, ..self }
    }

    /// Adds the counts of further rows in the same windows.
    pub fn add(&mut self, measured: Measured) {
        if self.table.is_none() {
            self.groups = self.of_groups(&measured);
        } else {
            for (number, table) in self.groups.iter_mut().enumerate() {
                table.totals.add_group(&measured, self.hierarchy, number);
            }
        }
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

    /// The tables of the groups, where rows are broken down.
    fn of_groups(&self, measured: &Measured) -> Vec<Table> {
        let Some(of) = self.broken_down else { return Vec::new() };
        let nothing = Measured { parts: Vec::new(), windows: measured.windows.clone(), ..*measured };
        let blank = judge::table(of.program, self.hierarchy, &nothing, self.complete, of.bad);
        let split = of.program.indicators.get(measured.indicator).and_then(|indicator| indicator.split.as_ref());
        let Some((blank, split)) = blank.zip(split) else { return Vec::new() };
        let (by, meaning): (Arc<str>, Arc<str>) = (of.by.into(), split.meaning.as_str().into());
        let table = |(number, (value, is_known)): (usize, &(String, bool))| {
            let (by, meaning) = (Arc::clone(&by), Arc::clone(&meaning));
            let group = Group { by, value: value.clone(), is_known: *is_known, meaning, instead: Vec::new() };
            let totals = Totals::of_group(measured, self.hierarchy, number);
            Table { group: Some(group), totals, ..blank.clone() }
        };
        of.values.iter().enumerate().map(table).collect()
    }

    /// The table of all counts that were added, and then those of the groups; none when there were
    /// no counts.
    #[must_use]
    pub fn tables(self) -> Vec<Table> {
        let Some(mut table) = self.table else { return Vec::new() };
        let mut groups = self.groups;
        let instead: Vec<u64> = (0..table.windows.len()).map(|n| table.totals.counts(0, n).instead()).collect();
        for group in groups.iter_mut().filter_map(|table| table.group.as_mut()) {
            group.instead.clone_from(&instead);
        }
        if let Some((limit, parts)) = self.limit.zip(self.parts) {
            suppress::hide(self.program, self.hierarchy, &parts, limit, &mut table);
            suppress_groups::hide(self.program, self.hierarchy, &parts, limit, &table, &mut groups);
        }
        std::iter::once(table).chain(groups).collect()
    }
}
