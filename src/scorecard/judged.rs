//! The judged cells with what is needed to show them; the card and the result rows are made from it when a form asks for them,
//! as a run may judge millions of cells.

use super::card::{Card, Heading};
use super::cell::Cell;
use super::row::{self, ResultRow};
use crate::ir::Program;
use crate::run::entity::{Directory, Selection};

/// A run's cells.
#[derive(Debug, Clone, PartialEq)]
pub struct Judged {
    /// The definitions.
    pub program: Program,
    /// The entities.
    pub directory: Directory,
    /// What is said above and below.
    pub heading: Heading,
    /// The columns: indices into the program's indicators.
    pub indicators: Vec<usize>,
    /// The cells of these indicators.
    pub cells: Vec<Cell>,
    /// Which entities are shown.
    pub selection: Selection,
}

impl Judged {
    /// The card that people read.
    #[must_use]
    pub fn card(&self) -> Card {
        let heading = self.heading.clone();
        Card::new(&self.program, &self.directory, heading, &self.indicators, &self.cells, &self.selection)
    }

    /// The rows that files carry, one for each cell that is shown.
    pub fn rows(&self) -> impl Iterator<Item = ResultRow> + '_ {
        row::rows(&self.program, &self.directory, &self.cells, &self.selection, self.heading.as_of)
    }
}
