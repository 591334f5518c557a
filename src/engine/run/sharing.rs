//! What indicators share when they are measured together, and what each does for itself. Nothing is
//! run to find out: the answer comes from the functions that decide how data is read and plans are
//! made.

use crate::plan;
use std::collections::{BTreeMap, BTreeSet};
use yardstick_language::ir::print::population;
use yardstick_language::ir::{Program, reads};
use yardstick_language::model::{ColumnId, TableId};

/// What some indicators share. Indicators are named by their index into the program, in the order
/// in which they were asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sharing {
    /// The tables that decide a row's outcome or its holders.
    pub tables: BTreeMap<TableId, Use>,
    /// The dated links that are looked up, by their table and number there.
    pub dated: BTreeMap<(TableId, usize), Vec<usize>>,
    /// Indicators about the same rows in the same windows, before any are excluded; those with rows
    /// of their own stand alone.
    pub populations: Vec<Vec<usize>>,
    /// Indicators by the way in which several windows are measured.
    pub windows: BTreeMap<WindowStrategy, Vec<usize>>,
    /// Those of which every level is measured by itself.
    pub by_level: Vec<usize>,
}

/// Who uses a table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Use {
    /// The indicators.
    pub by: Vec<usize>,
    /// The columns they use together; which rows there are can be all that is used.
    pub columns: BTreeSet<ColumnId>,
}

/// How several windows of one indicator are measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct WindowStrategy {
    /// Windows of which the cohort is found at once, at most.
    pub at_once: usize,
    /// Whether the cohort's rows are taken window by window after that.
    pub splits: bool,
}

/// What these indicators (by index into the program) share.
#[must_use]
pub fn sharing(program: &Program, indicators: &[usize]) -> Sharing {
    let model = &program.model;
    let mut sharing = Sharing::default();
    let mut alike: BTreeMap<String, usize> = BTreeMap::new();
    for (number, indicator) in indicators.iter().filter_map(|i| Some((*i, program.indicators.get(*i)?))) {
        for (table, columns) in indicator.reads(model) {
            let used = sharing.tables.entry(table).or_default();
            used.by.push(number);
            used.columns.extend(columns);
        }
        for link in reads::dated(model, indicator) {
            sharing.dated.entry(link).or_default().push(number);
        }
        let new = sharing.populations.len();
        let place = *alike.entry(population(model, indicator)).or_insert(new);
        if place == new {
            sharing.populations.push(Vec::new());
        }
        sharing.populations[place].push(number);
        let way = WindowStrategy { at_once: plan::at_once(indicator), splits: plan::splits(indicator) };
        sharing.windows.entry(way).or_default().push(number);
        if indicator.by_level() {
            sharing.by_level.push(number);
        }
    }
    sharing
}
