//! Histories: a few made-up rows on which two definitions disagree, or that lie on both sides of an
//! edge of one.
//!
//! ```text
//!  two definitions ──boundaries──▶ days, numbers, words ──draw──▶ histories ──answer──▶ where they differ ──smaller──▶ block
//! ```
//!
//! A [`History`] is drawn in the columns that the definitions read ([`Shape`]), from the days,
//! numbers and words at which they can change their mind (`boundaries`). The row-by-row evaluator
//! says what each makes of it (`answer`). [`apart()`] looks for a history on which two definitions
//! differ: first every cell of the rows that tests draw, one after the other, and then further ones
//! from a fixed seed, led by which conditions were true, false or unknown. What is found is made
//! smaller and printed as a `test` block (`block`). [`suggested`] writes boundary cases of one
//! definition.
//!
//! Nothing that was not found is proven not to be there: what was looked through is said by
//! [`Bounds`].

mod answer;
mod apart;
mod block;
mod boundaries;
mod copies;
mod draw;
mod edges;
mod month_end;
mod shape;
mod smaller;
mod suggest;
mod values;

use crate::calendar::Window;
use crate::interpret::Verdict;
use crate::ir::{Indicator, Program};
use crate::model::{Model, TableId};
pub use answer::{Answer, RowAnswer};
pub use apart::{Apart, Searched, apart};
use chrono::NaiveDate;
pub use edges::{Edge, Side};
pub use month_end::{MonthEnd, month_end};
pub use shape::Shape;
use std::collections::BTreeMap;
pub use suggest::{Suggested, suggested};

/// One indicator among the definitions it stands in.
#[derive(Debug, Clone, Copy)]
pub struct Definition<'a> {
    /// The definitions.
    pub program: &'a Program,
    /// Its place in [`Program::indicators`].
    pub number: usize,
}

impl<'a> Definition<'a> {
    /// The indicator with this id, when there is one.
    #[must_use]
    pub fn find(program: &'a Program, id: &str) -> Option<Self> {
        let number = program.indicators.iter().position(|indicator| indicator.id == id)?;
        Some(Self { program, number })
    }

    /// The indicator.
    #[must_use]
    pub fn indicator(self) -> &'a Indicator {
        &self.program.indicators[self.number]
    }

    /// The world it is about.
    #[must_use]
    pub fn model(self) -> &'a Model {
        &self.program.model
    }

    /// The day through which data must be complete for a window to be final, or for it to be shown
    /// when it never is: that of a test without `as of`.
    #[must_use]
    pub fn known_on(self, window: Window) -> Option<NaiveDate> {
        let indicator = self.indicator();
        if indicator.follow_up.is_some() { indicator.final_on(window) } else { indicator.shown_on(window) }
    }
}

/// A row of a history: the text of its cells in the order of the columns of its [`Shape`].
pub type Cells = Vec<Option<String>>;

/// Made-up rows, and the window in which they are looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct History {
    /// The last day of the window.
    pub last_day: NaiveDate,
    /// The day through which the rows are complete.
    pub as_of: NaiveDate,
    /// The rows by their table.
    pub tables: BTreeMap<TableId, Vec<Cells>>,
}

impl History {
    /// How many rows it has.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.tables.values().map(Vec::len).sum()
    }
}

/// What a search looks through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// The most histories.
    pub histories: usize,
    /// The most rows of a history.
    pub rows: usize,
    /// The most copies of rows in a history, where only a standard or the value of a cell differs.
    pub copies: usize,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { histories: 12_000, rows: 8, copies: 40 }
    }
}

/// What a cell shows of rows, each form in which a test can expect it: `1 of 2, green`.
pub trait Shown {
    /// The forms, in the order of preference: of one definition as many as of another whose measure
    /// is of the same kind.
    fn forms(&self, of: Definition, window: Window, rows: &[Verdict]) -> Vec<String>;
}
