//! PostgreSQL.

use super::Says;
use crate::model::Counted;

#[derive(Debug)]
pub(super) struct Postgres;

impl Says for Postgres {
    fn word(&self) -> &'static str {
        "postgres"
    }

    fn tried_with(&self) -> &'static str {
        "PostgreSQL 15"
    }

    fn by_bytes(&self, text: &str) -> String {
        format!("{text} COLLATE \"C\"")
    }

    /// What is used twice is otherwise put aside first, without an index.
    fn in_place(&self) -> &'static str {
        "AS NOT MATERIALIZED"
    }

    /// What is computed in a step that is read in place is computed wherever it is used.
    fn once(&self) -> &'static str {
        "AS MATERIALIZED"
    }

    fn wide(&self, number: &str) -> String {
        format!("CAST({number} AS NUMERIC)")
    }

    fn interval(&self, number: &str, counted: Counted) -> Option<String> {
        let named = match counted {
            Counted::Days => "days",
            Counted::Months => "months",
            Counted::Years => "years",
            Counted::BusinessDays | Counted::Hours | Counted::Minutes => return None,
        };
        Some(format!("make_interval({named} => CAST({number} AS INTEGER))"))
    }
}
