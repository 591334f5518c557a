//! Typed IR to DataFusion logical plans. Knows no session, no files; scans name tables of the [`store`](crate::store).
//!
//! An indicator becomes one chain for all windows and all levels together:
//!
//! ```text
//!  rows of the cohort's table, linked columns joined in          (relation)
//!    conditions that do not look at the window; picks "ever"     (cohort)
//!    questions about linked rows that do not look at the window  (quantifier)
//!    × windows: one row per (row, window)                        (cohort)
//!    conditions and picks in the window; questions that look at the window
//!    exclusion, outcome                                          (answer)
//!    worker, unit, office ... on the attribution date            (attribution)
//!    counts by window and entities, or the rows themselves       (answer)
//! ```
//!
//! DataFusion does not share a subplan that is used twice, so a plan is a list of [`Step`]s: each is run once and
//! kept under its name for the steps after it. Columns have flat names: `r0.child.born_on` is the column `born_on` of the
//! row that the link `child` of row variable 0 leads to; `w.start` and `w.end` are the window's.

mod answer;
mod attribution;
mod cohort;
mod date;
mod expr;
mod quantifier;
mod relation;

pub use answer::{Fact, Plan, cases, counts};

use datafusion::logical_expr::LogicalPlan;

/// A plan to run once and keep under a name.
#[derive(Debug, Clone)]
pub struct Step {
    /// The name later steps scan it by.
    pub name: String,
    /// The plan.
    pub plan: LogicalPlan,
}

/// Columns of every answer: the window's number (Int32).
pub const WINDOW: &str = "w";
/// The number of the exclusion that took the row out (Int32), or missing.
pub const EXCLUDED: &str = "excluded";
/// Whether the numerator is true (Boolean), missing when unknown.
pub const MET: &str = "met";
/// The attribution date (Date32).
pub const AT: &str = "at";

/// The column of the entity's row number (Int32) at a level below the whole.
#[must_use]
pub fn entity(level: usize) -> String {
    format!("e{level}")
}
