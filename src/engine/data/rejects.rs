//! The rows of a table that are set aside, the reasons, and the positions of rows in the files.

use super::report::{EXAMPLES, Rule};
use super::unknown_values::Unknowns;
use arrow::array::BooleanBufferBuilder;
use arrow::buffer::BooleanBuffer;
use std::collections::BTreeMap;
use yardstick_language::model::ColumnId;

/// The number of rows of a table for which the reason is kept.
const REASONS: usize = 100_000;

/// What is counted under one rule and column.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) rows: u64,
    /// Rows, and the text that breaks the rule.
    pub(super) examples: Vec<(usize, String)>,
}

/// Rows in the order of the files, each in use or set aside.
#[derive(Debug)]
pub(super) struct Rejects {
    /// One bit per row that is not in use. A table may have a hundred million rows.
    dropped: BooleanBufferBuilder,
    /// Those of the dropped rows that are not there yet on the as-of day; empty as long as there is
    /// none.
    later: BooleanBufferBuilder,
    /// How many such rows there are.
    pub(super) later_rows: u64,
    /// How many are left out because they are the same as an earlier one.
    pub(super) copies: u64,
    /// Those of the dropped rows that repeat another row, copies included; empty as long as there
    /// is none.
    repeated: BooleanBufferBuilder,
    /// Rows with an end that cannot be read, in the order in which they were found.
    pub(super) without_end: Vec<u32>,
    /// The reasons of the first [`REASONS`] rows that were set aside.
    pub(super) reasons: Vec<(u32, Rule, Option<ColumnId>)>,
    pub(super) tallies: BTreeMap<(Rule, Option<ColumnId>), Tally>,
    /// Values that are not known though their rows stay.
    pub(super) unknown: Unknowns,
}

impl Default for Rejects {
    fn default() -> Self {
        let none = || BooleanBufferBuilder::new(0);
        Self {
            dropped: none(),
            later: none(),
            later_rows: 0,
            copies: 0,
            repeated: none(),
            without_end: Vec::new(),
            reasons: Vec::new(),
            tallies: BTreeMap::new(),
            unknown: Unknowns::default(),
        }
    }
}

impl Rejects {
    /// Adds rows that are about to be read, all in use.
    pub(super) fn grow(&mut self, rows: usize) {
        self.dropped.append_n(rows, false);
    }

    /// Appends the flags of a unit that was read separately; its row numbers are shifted.
    pub(super) fn append(&mut self, later: Self) {
        let first = self.rows();
        self.dropped.append_buffer(&later.dropped.build());
        for (kind, tally) in later.tallies {
            let all = self.tallies.entry(kind).or_default();
            all.rows += tally.rows;
            all.examples.extend(tally.examples.into_iter().map(|(row, text)| (first + row, text)));
            all.examples.truncate(EXAMPLES);
        }
        self.unknown.append(later.unknown, first);
        self.without_end.extend(later.without_end.into_iter().map(|row| row + first as u32));
        let reasons = later.reasons.into_iter().map(|(row, rule, column)| (row + first as u32, rule, column));
        self.reasons.extend(reasons.take(REASONS.saturating_sub(self.reasons.len())));
    }

    pub(super) fn rows(&self) -> usize {
        self.dropped.len()
    }

    pub(super) fn is_dropped(&self, row: usize) -> bool {
        self.dropped.get_bit(row)
    }

    /// Whether every row is in use.
    pub(super) fn is_clean(&self) -> bool {
        self.tallies.is_empty() && self.later_rows == 0 && self.copies == 0
    }

    /// Whether a row is not there yet: it begins after the as-of day, or hangs on one that does.
    pub(super) fn is_later(&self, row: usize) -> bool {
        row < self.later.len() && self.later.get_bit(row)
    }

    /// Takes out a row that is not there yet. One that is set aside counts as such.
    pub(super) fn set_later(&mut self, row: usize) {
        mark(&mut self.later, self.dropped.len(), row);
        if !self.dropped.get_bit(row) {
            self.dropped.set_bit(row, true);
            self.later_rows += 1;
        }
    }

    /// The rows that went: set aside, not in use once more, and there on the as-of day.
    pub(super) fn went(&self) -> Vec<u32> {
        if self.tallies.is_empty() {
            return Vec::new();
        }
        let is_repeated = |row: usize| row < self.repeated.len() && self.repeated.get_bit(row);
        let went = |row: &u32| !self.is_later(*row as usize) && !is_repeated(*row as usize);
        self.dropped.finish_cloned().set_indices_u32().filter(went).collect()
    }

    /// The rows that are in use, a bit for each row.
    pub(super) fn in_use(&self) -> BooleanBuffer {
        !&self.dropped.finish_cloned()
    }

    /// Leaves out a row in use that is the same as an earlier one.
    pub(super) fn set_copy(&mut self, row: usize) {
        mark(&mut self.repeated, self.dropped.len(), row);
        self.dropped.set_bit(row, true);
        self.copies += 1;
    }

    /// Sets a row aside unless it already is: a row counts under the first rule it breaks.
    pub(super) fn set_aside(
        &mut self,
        row: usize,
        rule: Rule,
        column: Option<ColumnId>,
        text: impl FnOnce() -> String,
    ) {
        if rule == Rule::UnreadableEnd {
            self.without_end.push(row as u32);
        }
        if self.dropped.get_bit(row) {
            return;
        }
        if rule == Rule::RepeatedRow {
            mark(&mut self.repeated, self.dropped.len(), row);
        } else if self.reasons.len() < REASONS {
            self.reasons.push((row as u32, rule, column));
        }
        self.dropped.set_bit(row, true);
        let tally = self.tallies.entry((rule, column)).or_default();
        tally.rows += 1;
        if tally.examples.len() < EXAMPLES {
            tally.examples.push((row, shorten(text())));
        }
    }
}

/// Sets the bit of a row; `rows` is the number of rows.
fn mark(bits: &mut BooleanBufferBuilder, rows: usize, row: usize) {
    if bits.is_empty() {
        bits.append_n(rows, false);
    }
    bits.set_bit(row, true);
}

/// Keeps a quoted value readable in a message.
pub(super) fn shorten(text: String) -> String {
    shorten_to(text, 60)
}

/// The first `longest` characters.
pub(super) fn shorten_to(text: String, longest: usize) -> String {
    if text.chars().count() <= longest {
        return text;
    }
    text.chars().take(longest).chain("...".chars()).collect()
}

/// Where rows stand in the files. Rows that follow each other line by line share one entry.
#[derive(Debug, Default)]
pub(super) struct Places {
    runs: Vec<Run>,
}

#[derive(Debug)]
struct Run {
    row: usize,
    file: usize,
    number: u64,
}

impl Places {
    /// Notes that `row` stands at `number` (a line or a row) of a file.
    pub(super) fn note(&mut self, row: usize, file: usize, number: u64) {
        let follows = self.runs.last().is_some_and(|r| r.file == file && r.number + (row - r.row) as u64 == number);
        if !follows {
            self.runs.push(Run { row, file, number });
        }
    }

    /// Appends the places of a unit that was read separately, of one file.
    pub(super) fn append(&mut self, later: Self, first: usize, file: usize) {
        later.runs.into_iter().for_each(|run| self.note(first + run.row, file, run.number));
    }

    /// The file, and the line or row in it.
    pub(super) fn of(&self, row: usize) -> (usize, u64) {
        let after = self.runs.partition_point(|r| r.row <= row);
        after
            .checked_sub(1)
            .map_or((0, 0), |i| (self.runs[i].file, self.runs[i].number + (row - self.runs[i].row) as u64))
    }
}
