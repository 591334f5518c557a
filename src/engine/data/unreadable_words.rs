//! What is written in a column where a value cannot be read: one word again and again is how
//! another tool writes that nothing is known.

use super::problem::Problem;
use super::rejects::shorten;
use std::collections::BTreeMap;
use yardstick_language::diag::code;
use yardstick_language::model::{Column, ColumnType};

/// The most distinct words that are counted separately.
const WORDS: usize = 1000;

/// A word that stands there less often is no habit of a tool.
const OFTEN: u64 = 3;

/// What tools write where nothing is known, in small letters.
const USUAL: [&str; 16] = [
    "null", "(null)", "<null>", "na", "n/a", "#n/a", "<na>", "\\n", "nan", "nat", "none", "nil", ".", "-", "?",
    "missing",
];

/// The words of one column that cannot be read, and how often each stands there.
#[derive(Debug, Default)]
pub(super) struct UnreadableWords {
    words: BTreeMap<String, u64>,
    all: u64,
}

impl UnreadableWords {
    /// Adds a word.
    pub(super) fn add(&mut self, word: &str) {
        self.add_all(shorten(word.to_owned()), 1);
    }

    /// The words that were told apart, with how often each stands there.
    pub(super) fn words(&self) -> impl Iterator<Item = (&str, u64)> {
        self.words.iter().map(|(word, times)| (word.as_str(), *times))
    }

    /// How many there are in all.
    pub(super) fn all(&self) -> u64 {
        self.all
    }

    /// Adds the words of a later unit of the same column.
    pub(super) fn append(&mut self, later: Self) {
        let told = later.words.values().sum::<u64>();
        later.words.into_iter().for_each(|(word, times)| self.add_all(word, times));
        self.all += later.all - told;
    }

    fn add_all(&mut self, word: String, times: u64) {
        self.all += times;
        if self.words.len() < WORDS || self.words.contains_key(&word) {
            *self.words.entry(word).or_default() += times;
        }
    }

    /// The word that `otherwise` takes though it usually says that nothing is known: taken for a
    /// word of the list it would be counted as one, and nobody would see it.
    pub(super) fn taken_for_a_word(&self, column: &Column, table: &str) -> Option<Problem> {
        let is_usual = |word: &str| USUAL.contains(&word.to_lowercase().as_str());
        let often = self.words().filter(|(word, times)| *times >= OFTEN && is_usual(word));
        let (word, times) = often.max_by_key(|(_, times)| *times)?;
        let name = &column.file_name;
        let message = format!(
            "in column `{name}` of table `{table}`, {times} values are the word `{word}`, and the list of `{}` takes whatever is there `otherwise`",
            column.name
        );
        let written = word.replace('\\', "\\\\").replace('"', "\\\"");
        Some(Problem::new(code::DATA_WRONG_TYPE, message).help(format!(
            "if it says that nothing is known, add `text \"{written}\" mean missing` to the model; if it is a word, write \"{written}\" behind the one of the list that it means"
        )))
    }

    /// How often each word stands there, the most frequent first; of those alike, in the order of
    /// their text.
    pub(super) fn by_times(&self) -> Vec<(String, u64)> {
        let mut words: Vec<(String, u64)> = self.words().map(|(word, times)| (word.to_owned(), times)).collect();
        words.sort_by_key(|(_, times)| std::cmp::Reverse(*times));
        words
    }

    /// Adds a word that stands there several times.
    pub(super) fn add_times(&mut self, word: &str, times: u64) {
        self.add_all(shorten(word.to_owned()), times);
    }

    /// Data in which one word is most of what cannot be read in a column cannot be used: what that
    /// word says would be lost. A code that the model does not list yet is an unknown code, an id
    /// that leads nowhere a link to nothing, unless it is one of the usual words; so is a day that
    /// does not exist. In `native` columns of Parquet only what is no number, as `NaN`, says so.
    pub(super) fn missing_word(&self, column: &Column, table: &str, native: bool) -> Option<Problem> {
        let (word, times) = self.words.iter().max_by_key(|(_, times)| **times)?;
        let usual = USUAL.contains(&word.to_lowercase().as_str());
        let link = matches!(column.ty, ColumnType::Link(_));
        let any_word = !native && !link && !matches!(column.ty, ColumnType::Codes(_));
        let says_nothing = any_word && !word.contains(|c| matches!(c, '1'..='9'));
        if *times < OFTEN || times * 2 <= self.all || !usual && !says_nothing {
            return None;
        }
        let (name, all) = (&column.file_name, self.all);
        let which = if link { "links that lead nowhere" } else { "values that cannot be read" };
        let message =
            format!("in column `{name}` of table `{table}`, {times} of the {all} {which} are the word `{word}`");
        Some(Problem::new(code::DATA_WRONG_TYPE, message).help(if native {
            format!("where nothing is known, write a missing value: `{word}` is none")
        } else {
            let written = word.replace('\\', "\\\\").replace('"', "\\\"");
            format!("if it says that nothing is known, add `text \"{written}\" mean missing` to the model, or leave such cells empty")
        }))
    }
}
