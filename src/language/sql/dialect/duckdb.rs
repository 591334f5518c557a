//! DuckDB.

use super::Says;
use crate::model::Counted;

#[derive(Debug)]
pub(super) struct DuckDb;

impl Says for DuckDb {
    fn word(&self) -> &'static str {
        "duckdb"
    }

    fn tried_with(&self) -> &'static str {
        "DuckDB 2.0"
    }

    /// Texts are compared by bytes unless the database is told otherwise.
    fn by_bytes(&self, text: &str) -> String {
        text.to_owned()
    }

    fn wide(&self, number: &str) -> String {
        format!("CAST({number} AS HUGEINT)")
    }

    fn interval(&self, number: &str, counted: Counted) -> Option<String> {
        let made = match counted {
            Counted::Days => "to_days",
            Counted::Months => "to_months",
            Counted::Years => "to_years",
            Counted::BusinessDays | Counted::Hours | Counted::Minutes => return None,
        };
        Some(format!("{made}(CAST({number} AS INTEGER))"))
    }
}
