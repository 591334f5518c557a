//! Typed IR to DataFusion logical plans. Knows no session, no files; scans name tables of the [`store`](crate::store).
//!
//! An indicator becomes one chain for all windows and all levels together:
//!
//! ```text
//!  rows of the cohort's table, linked columns joined in          (relation)
//!    conditions that do not look at the window; picks "ever"     (cohort)
//!    questions about linked rows that do not look at the window  (quantifier)
//!    the set of windows in which the row counts                  (windows, cohort)
//!    picks and questions that look at the window: fewer windows  (cohort, taken, quantifier)
//!    exclusion, outcome: the windows of each count               (answer)
//!    worker, unit, office ... on the attribution date            (attribution, timeline)
//!    counts by entities and window, or the rows themselves       (answer, tally)
//! ```
//!
//! Rows are never multiplied by windows: a row carries the set of its windows (see `windows`), so twenty-four windows cost
//! little more than one. The four functions of our own (`reached`, `day_of`, `taken`, `tally`) know nothing but their
//! arguments, so a plan can be sent elsewhere together with them.
//!
//! DataFusion does not share a subplan that is used twice, so a plan is a list of [`Step`]s: each is run once and
//! kept under its name for the steps after it. Columns have flat names: `r0.child.born_on` is the column `born_on` of the
//! row that the link `child` of row variable 0 leads to; `w` is the set of the row's windows.

mod answer;
mod attribution;
mod cohort;
mod date;
mod day;
mod expr;
mod quantifier;
mod reached;
mod relation;
mod taken;
mod tally;
mod timeline;
mod windows;

pub use answer::{Fact, Plan, cases, counts};
pub use timeline::{timeline_name, timeline_schema};
pub use windows::MOST as MOST_WINDOWS;

use datafusion::logical_expr::LogicalPlan;

/// A plan to run once and keep under a name.
#[derive(Debug, Clone)]
pub struct Step {
    /// The name later steps scan it by.
    pub name: String,
    /// The plan.
    pub plan: LogicalPlan,
}

/// The windows in which a row counts, as a set (see `windows`).
const WINDOWS: &str = "w";
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
