//! What is known of a column of a file without a model.

use super::super::value;
use chrono::{NaiveDate, NaiveTime};
use std::collections::{BTreeMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use yardstick_language::model::Encoding;

/// Rows of which the values are kept, for what is asked of several values at once.
pub(super) const KEPT: usize = 50_000;
/// More different texts than this are no list of words.
const MOST_WORDS: usize = 200;
/// The words by which exports say that nothing is known.
const NOTHING: [&str; 12] = ["NULL", "null", "Null", "NA", "N/A", "n/a", "\\N", "None", "NaN", "nan", "(null)", "#N/A"];
/// Days by which exports say that nothing is known.
const NO_DAYS: [(i32, u32, u32); 4] = [(9999, 12, 31), (1, 1, 1), (9999, 1, 1), (2999, 12, 31)];

/// What a file itself says of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Native {
    /// Text, which may say anything.
    Text,
    /// Whole numbers.
    Whole,
    /// Numbers with a fraction.
    Fraction,
    /// True or false.
    Truth,
    /// Days.
    Day,
    /// Local times.
    Time,
    /// Instants.
    Instant,
    /// Something that no column of a model holds.
    Other,
}

/// A table's file.
#[derive(Debug)]
pub(super) struct Table {
    /// The name of the file or folder, without its ending.
    pub(super) file: String,
    /// The sheet, of a workbook with several.
    pub(super) sheet: Option<String>,
    pub(super) encoding: Encoding,
    pub(super) rows: u64,
    pub(super) columns: Vec<Column>,
}

/// A column of a file.
#[derive(Debug)]
pub(super) struct Column {
    /// As it stands in the file.
    pub(super) name: String,
    pub(super) native: Native,
    pub(super) rows: u64,
    /// Rows without a value, words and days for "nothing" included.
    pub(super) missing: u64,
    /// The values of the first rows, as text.
    pub(super) kept: Vec<Option<String>>,
    /// How often each word stands there, as long as they are few.
    pub(super) words: Option<BTreeMap<String, u64>>,
    /// The hashes of all different values.
    pub(super) hashes: HashSet<u64>,
    /// How often words for "nothing" stand there.
    pub(super) nothing: BTreeMap<&'static str, u64>,
    /// The days for "nothing" that stand there.
    pub(super) no_days: BTreeMap<NaiveDate, u64>,
}

impl Column {
    pub(super) fn new(name: String, native: Native) -> Self {
        Self {
            name,
            native,
            rows: 0,
            missing: 0,
            kept: Vec::new(),
            words: Some(BTreeMap::new()),
            hashes: HashSet::new(),
            nothing: BTreeMap::new(),
            no_days: BTreeMap::new(),
        }
    }

    /// Adds a value of the next row; an empty text is none.
    pub(super) fn add(&mut self, text: Option<&str>) {
        self.rows += 1;
        let text = text.filter(|text| !text.is_empty() && !self.is_nothing(text));
        if self.kept.len() < KEPT {
            self.kept.push(text.map(str::to_owned));
        }
        let Some(text) = text else {
            self.missing += 1;
            return;
        };
        self.hashes.insert(hash(text));
        if let Some(words) = &mut self.words {
            if let Some(times) = words.get_mut(text) {
                *times += 1;
            } else if words.len() < MOST_WORDS {
                words.insert(text.to_owned(), 1);
            } else {
                self.words = None;
            }
        }
    }

    /// Whether a text says that nothing is known; it is noted.
    fn is_nothing(&mut self, text: &str) -> bool {
        if let Some(word) = NOTHING.iter().find(|word| **word == text) {
            *self.nothing.entry(word).or_default() += 1;
            return true;
        }
        let day = text.get(..10).and_then(value::date).filter(|_| text.starts_with(['0', '2', '9']));
        let Some(day) = day.and_then(value::day) else { return false };
        let none = NO_DAYS.iter().any(|(y, m, d)| NaiveDate::from_ymd_opt(*y, *m, *d) == Some(day));
        if none {
            *self.no_days.entry(day).or_default() += 1;
        }
        none
    }

    pub(super) fn present(&self) -> u64 {
        self.rows - self.missing
    }

    /// The values of the first rows that are there.
    pub(super) fn values(&self) -> impl Iterator<Item = &str> {
        self.kept.iter().flatten().map(String::as_str)
    }

    /// The share of the first values for which this is true, 0 to 1; 0 without a value.
    pub(super) fn share(&self, is: impl Fn(&str) -> bool) -> f64 {
        let (mut all, mut are) = (0_u32, 0_u32);
        for value in self.values() {
            all += 1;
            are += u32::from(is(value));
        }
        if all == 0 { 0.0 } else { f64::from(are) / f64::from(all) }
    }

    /// Whether every time of the column is a midnight.
    pub(super) fn is_midnights(&self) -> bool {
        let midnight = |text: &str| {
            let clock = text.get(11..19).and_then(|clock| NaiveTime::parse_from_str(clock, "%H:%M:%S").ok());
            clock.is_some_and(|clock| clock == NaiveTime::MIN)
        };
        self.values().next().is_some() && self.values().all(midnight)
    }
}

/// A value as one number. Two values may have the same, one time in four billion.
pub(super) fn hash(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}
