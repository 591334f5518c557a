//! Values that are not known because they break their column: counted by what is written there.
//! Their rows stay.

use super::rejects::shorten;
use super::report::{EXAMPLES, Rule};
use std::collections::BTreeMap;
use yardstick_language::model::ColumnId;

/// The most distinct words of a column that are counted separately; the rest are counted together.
const WORDS: usize = 1000;

/// The values of one table that are not known, by the rule they break and their column.
#[derive(Debug, Default)]
pub(super) struct Unknowns(BTreeMap<(Rule, ColumnId), BTreeMap<Word, Vec<u32>>>);

/// What is written in a cell; `None` when it is one of too many. The rows are listed by it.
type Word = Option<String>;

/// The values of one column that break one rule, among the rows that count.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) rule: Rule,
    pub(super) column: ColumnId,
    pub(super) rows: u64,
    /// The most frequent words and their rows; nothing is written where a value is missing.
    pub(super) words: Vec<(String, u64)>,
    /// The first few rows and what is written there.
    pub(super) examples: Vec<(usize, String)>,
}

impl Unknowns {
    /// Adds a value.
    pub(super) fn add(&mut self, row: usize, rule: Rule, column: ColumnId, text: String) {
        let words = self.0.entry((rule, column)).or_default();
        let word = Some(shorten(text));
        let known = words.len() < WORDS || words.contains_key(&word);
        words.entry(word.filter(|_| known)).or_default().push(row as u32);
    }

    /// Appends the values of a unit that was read separately; `first` is the number of its first
    /// row.
    pub(super) fn append(&mut self, later: Self, first: usize) {
        for (kind, words) in later.0 {
            let all = self.0.entry(kind).or_default();
            for (word, rows) in words {
                let known = all.len() < WORDS || all.contains_key(&word);
                all.entry(word.filter(|_| known)).or_default().extend(rows.iter().map(|row| row + first as u32));
            }
        }
    }

    /// Takes back what was said of a column in these rows, in their order.
    pub(super) fn forget(&mut self, column: ColumnId, rows: &[usize]) {
        let of_column = self.0.iter_mut().filter(|((_, of), _)| *of == column);
        for list in of_column.flat_map(|(_, words)| words.values_mut()) {
            list.retain(|row| rows.binary_search(&(*row as usize)).is_err());
        }
    }

    /// What is written in the cells of each column, with the rows; nothing where it is one of too
    /// many.
    pub(super) fn words(&self) -> impl Iterator<Item = (ColumnId, Option<&str>, &[u32])> {
        self.0.iter().flat_map(|((_, column), words)| {
            words.iter().map(|(word, rows)| (*column, word.as_deref(), rows.as_slice()))
        })
    }

    /// What was found in the rows that pass the test.
    pub(super) fn found(&self, counts: impl Fn(usize) -> bool) -> Vec<Found> {
        let found = self.0.iter().map(|((rule, column), words)| {
            let mut all: Vec<(String, u64)> = Vec::new();
            let (mut examples, mut total) = (Vec::new(), 0);
            for (word, rows) in words {
                let text = word.as_deref().unwrap_or_default();
                let mut here = rows.iter().map(|row| *row as usize).filter(|row| counts(*row)).peekable();
                let first: Vec<usize> = std::iter::from_fn(|| here.next()).take(EXAMPLES).collect();
                let rows = first.len() as u64 + here.count() as u64;
                examples.extend(first.into_iter().map(|row| (row, text.to_owned())));
                total += rows;
                if rows > 0 && word.as_ref().is_some_and(|word| !word.is_empty()) {
                    all.push((text.to_owned(), rows));
                }
            }
            // The most frequent first; of those alike, in the order of their text.
            all.sort_by_key(|(_, rows)| std::cmp::Reverse(*rows));
            all.truncate(EXAMPLES);
            examples.sort_unstable();
            examples.truncate(EXAMPLES);
            Found { rule: *rule, column: *column, rows: total, words: all, examples }
        });
        found.filter(|found| found.rows > 0).collect()
    }
}
