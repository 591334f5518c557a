//! From which day on, and through which, the data is complete: as a whole, and for tables of which
//! more is said.

use super::reason::{Provisional, Reason};
use chrono::NaiveDate;
use std::collections::BTreeMap;
use yardstick_language::calendar::Window;
use yardstick_language::ir::{Indicator, reads};
use yardstick_language::model::{ColumnId, Model, TableId};

/// The days between which nothing is missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Complete {
    /// The last day.
    pub through: NaiveDate,
    /// The first day: rows that happened or were still open then, or later, are there. Without one,
    /// all of the past is.
    pub from: Option<NaiveDate>,
    /// Last days of single tables, where they are earlier.
    pub tables_through: BTreeMap<TableId, NaiveDate>,
    /// First days of single tables, where they are others.
    pub tables_from: BTreeMap<TableId, NaiveDate>,
    /// Months between that are not there.
    pub lost: Vec<Lost>,
}

/// Months of which rows of a table, or days of one of its columns, are not there, though there are
/// some of those before and after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lost {
    /// The table.
    pub table: TableId,
    /// The column, where rows are there and its days are not.
    pub column: Option<ColumnId>,
    /// The first day without.
    pub first: NaiveDate,
    /// The last.
    pub last: NaiveDate,
    /// Whether there are some.
    pub some: bool,
}

impl Complete {
    /// Data that is complete through a day, and has all its past.
    #[must_use]
    pub fn through(day: NaiveDate) -> Self {
        Self {
            through: day,
            from: None,
            tables_through: BTreeMap::new(),
            tables_from: BTreeMap::new(),
            lost: Vec::new(),
        }
    }

    /// The last day through which all tables are complete that an indicator reads.
    #[must_use]
    pub fn through_of(&self, model: &Model, indicator: &Indicator) -> NaiveDate {
        if self.tables_through.is_empty() {
            return self.through;
        }
        let read = reads::with_targets(model, indicator);
        let days = read.iter().filter_map(|table| self.tables_through.get(table).copied());
        days.chain([self.through]).min().unwrap_or(self.through)
    }

    /// Why what is shown of a window can still change, when it can.
    #[must_use]
    pub fn provisional(&self, model: &Model, indicator: &Indicator, window: Window) -> Option<Provisional> {
        let through = self.through_of(model, indicator);
        indicator.is_provisional(window, through).then(|| match indicator.follow_up {
            Some(_) => Provisional::Until(indicator.final_on(window)),
            None => Provisional::Always,
        })
    }

    /// Why a window cannot be judged for want of rows, if so: of history, or of months between.
    #[must_use]
    pub fn lacks(&self, model: &Model, indicator: &Indicator, window: Window) -> Option<Reason> {
        self.history(model, indicator, window).or_else(|| self.months(model, indicator, window))
    }

    /// The months that are not there and matter to a window. What is lost of a stay that may still
    /// be open, or of a day that would have ended something, matters to every window after it.
    fn months(&self, model: &Model, indicator: &Indicator, window: Window) -> Option<Reason> {
        if self.lost.is_empty() {
            return None;
        }
        let asked = reads::arrivals(model, indicator);
        let matters = |lost: &&Lost| {
            let of_window = reads::asks_only_of_window(model, indicator, lost.table);
            let (is_asked, until) = match lost.column {
                None if of_window => (asked.rows.contains(&lost.table), Some(window.last_day())),
                None => (asked.rows.contains(&lost.table), indicator.final_on(window)),
                Some(column) => (asked.days.contains(&(lost.table, column)), indicator.final_on(window)),
            };
            let since = match (of_window, lost.column, model.table(lost.table).spans) {
                (true, ..) => Some(indicator.begins(window)),
                (false, None, None) => indicator.looks_back_to(lost.table, window),
                (false, ..) => None,
            };
            is_asked && until.is_none_or(|day| lost.first <= day) && since.is_none_or(|day| day <= lost.last)
        };
        let Lost { table, column, first, last, some } = *self.lost.iter().find(matters)?;
        let table = model.table(table);
        let column = column.map(|column| table.column(column).name.clone());
        Some(Reason::Lost { table: table.name.clone(), column, first, last, some })
    }

    /// Why a window cannot be judged for want of history, if so.
    fn history(&self, model: &Model, indicator: &Indicator, window: Window) -> Option<Reason> {
        let missing = |table: &TableId| {
            let from = self.tables_from.get(table).copied().or(self.from)?;
            let back_to = indicator.looks_back_to(*table, window);
            let name = model.table(*table).name.clone();
            back_to.is_none_or(|day| day < from).then_some(Reason::History { table: name, from, needed: back_to })
        };
        indicator.look_back.keys().find_map(missing)
    }
}
