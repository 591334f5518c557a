//! Days and lengths of time in words, as every text for people says them.

use super::words;
use crate::model::Counted;
use chrono::NaiveDate;

/// `31 October 2025`.
#[must_use]
pub fn day(date: NaiveDate) -> String {
    words::day(date)
}

/// `12 months`.
#[must_use]
pub fn length(number: i64, counted: Counted) -> String {
    words::so_many(number, counted.word().trim_end_matches('s'))
}
