//! What databases say differently. All else of a query is said in the same words to each.

mod duckdb;
mod postgres;

use super::names::closed;
use crate::model::Counted;
use std::fmt::Debug;

/// A database that a query is written for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// DuckDB.
    DuckDb,
    /// PostgreSQL.
    Postgres,
}

impl Dialect {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::DuckDb, Self::Postgres];

    /// As it is asked for on the command line.
    #[must_use]
    pub fn word(self) -> &'static str {
        self.says().word()
    }

    /// How it says things.
    pub(super) fn says(self) -> &'static dyn Says {
        match self {
            Self::DuckDb => &duckdb::DuckDb,
            Self::Postgres => &postgres::Postgres,
        }
    }
}

/// How a database says what not all say alike.
pub(super) trait Says: Debug + Sync {
    /// As it is asked for on the command line.
    fn word(&self) -> &'static str;

    /// With which version a query was compared.
    fn tried_with(&self) -> &'static str;

    /// A text, to be put in order and compared byte by byte.
    fn by_bytes(&self, text: &str) -> String;

    /// What stands behind the name of a step that is read as part of those that use it, so that
    /// indexes of its table serve.
    fn in_place(&self) -> &'static str {
        "AS"
    }

    /// What stands behind the name of a step that is to be computed once.
    fn once(&self) -> &'static str {
        "AS"
    }

    /// A number that cannot overflow when two of 18 digits are multiplied.
    fn wide(&self, number: &str) -> String;

    /// A length of time to be added to a day: so many days, months or years, as a number says that
    /// is computed. `None` for what no day is moved by.
    fn interval(&self, number: &str, counted: Counted) -> Option<String>;

    /// The weekday of a day as a number, Monday 1.
    fn weekday(&self, day: &str) -> String {
        format!("CAST(EXTRACT(ISODOW FROM {day}) AS INTEGER)")
    }

    /// A whole number from a part of a day.
    fn part(&self, part: &str, day: &str) -> String {
        format!("CAST(EXTRACT({part} FROM {day}) AS BIGINT)")
    }

    /// The days from one to another.
    fn days_between(&self, from: &str, to: &str) -> String {
        format!("{} - {}", closed(to), closed(from))
    }
}
