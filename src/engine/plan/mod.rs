//! Typed IR to DataFusion logical plans. Knows no session, no files; scans name tables of the [`store`](crate::store).
//!
//! An indicator becomes one chain for all windows and all levels together:
//!
//! ```text
//!  rows of the cohort's table, linked columns looked up          (relation, lookup, slice)
//!    conditions that do not look at the window; picks "ever"     (cohort)
//!    questions about linked rows that do not look at the window  (quantifier, among)
//!    the set of windows in which the row counts                  (windows, moving, cohort)
//!    picks and questions that look at the window: fewer windows  (cohort, taken, quantifier, counted)
//!    values that depend on the window: a list of them            (lists, among, fold, days)
//!    of medians and single levels: rows split by windows         (split, among)
//!    exclusion, outcome: the windows of each count               (answer, amounts)
//!    worker, unit, office ... on the attribution date            (attribution, held)
//!    rows of which it is not known whether they belong           (unsure)
//!    counts by entities and window, or the rows themselves       (amounts, tally, fold)
//! ```
//!
//! Rows are not multiplied by windows: a row carries the set of its windows (see `windows`), so twenty-four windows cost
//! little more than one. A value that depends on the window (a count of rows in it, days in it) is a list with one for each (see
//! `lists`); where such a count is only compared with a number, its answer is a set again (`counted`). Only where values are put in
//! order, and where every level is measured by itself (`each_level`, planned once for each level), are the rows that count split by
//! windows (`split`), as late as that can be.
//!
//! The functions of our own (`reached`, `day_of`, `moved`, `months_between`, `business_day`, `kept`, `taken`, `tally`, `days_covered`,
//! `pairs_of` and their like) know nothing but their arguments, so a plan can be sent elsewhere together with them. Lookups (`lookup`)
//! name a table, as scans do, and get it where the plan is run.
//!
//! DataFusion does not share a subplan that is used twice, so a plan is a list of [`Step`]s: each is run once and
//! kept under its name for the steps after it. Columns have flat names: `r0.child.born_on` is the column `born_on` of the
//! row that the link `child` of row variable 0 leads to; `w` is the set of the row's windows.

mod aggregate;
mod among;
mod amounts;
mod answer;
mod attribution;
mod business;
mod coalesce;
mod cohort;
mod contenders;
mod counted;
mod date;
mod day;
mod days;
mod each_level;
mod expr;
mod extreme;
mod fold;
mod function;
mod held;
mod kept;
mod lists;
mod lookup;
mod months;
mod moved;
mod moving;
mod quantifier;
mod reached;
mod relation;
mod slice;
mod split;
mod taken;
mod tally;
mod unread;
mod unsure;
mod until;
mod windows;

pub use amounts::VALUE;
pub use answer::{Fact, Plan, cases, counts};
pub use held::Stays;
pub use lookup::{Tables, with_tables};
pub use slice::Slice;
pub use windows::{at_once, splits};

use chrono::NaiveDate;
use datafusion::logical_expr::LogicalPlan;

/// What is known before any row is asked.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    /// The last day it is complete through.
    pub as_of: NaiveDate,
    /// Days that are no business days, whatever the weekday.
    pub holidays: &'a [NaiveDate],
    /// Which of the cohort's rows are asked.
    pub slice: Slice,
    /// Whether they are those in use.
    pub standing: Standing,
    /// The rows that went of the cohort's table, if some did: one of them may have to be picked instead of a row in use.
    pub went: &'a [Standing],
}

/// Which rows of the cohort's table stand for its rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Those in use.
    InUse,
    /// Those that went because their identity or place is broken, as far as they are known (see [`yardstick_language::ir::went`]): none is in the cohort, and
    /// any that may be is unsure.
    Went {
        /// Whether their ends are known.
        ends_known: bool,
    },
}

impl Standing {
    fn went(self) -> bool {
        self != Self::InUse
    }
}

/// A plan to run once and keep under a name.
#[derive(Debug, Clone)]
pub struct Step {
    /// The name later steps scan it by.
    pub name: String,
    /// The plan.
    pub plan: LogicalPlan,
}

/// The windows in which a row counts or may count, as a set (see `windows`).
pub const WINDOWS: &str = "w";
/// Where it is not known of every row: the windows in which it counts.
const COUNTED: &str = "w.counted";
/// Those of them in which it may not belong after all: another may have been picked instead.
const LEAVES: &str = "w.leaves";
/// The number of the exclusion that took the row out (Int32), or missing.
pub const EXCLUDED: &str = "excluded";
/// Whether the numerator is true (Boolean), missing when unknown.
pub const MET: &str = "met";
/// What a row adds above the line of a rate, or its value in a mean or a median (Int64).
pub const AMOUNT: &str = "amount";
/// The days that a row adds below the line of a rate (Int64).
pub const EXPOSURE: &str = "exposure";
/// Whether a row is in the cohort, as far as is known (Boolean).
pub const HELD: &str = "held";
/// Whether it is not known that it belongs below the line (Boolean), see `unsure`.
pub const UNSURE: &str = "unsure";
/// The counts of unsure rows, see [`yardstick_results::counts::Doubt`]: how many there are, what those that are counted would take away (rows that are
/// met and unmet, or events and exposure), what the others would bring, of how many of these that is not known, and how many rows that went may
/// stand in the place of any other, since it is not known whose they are.
pub const DOUBTS: [&str; 7] = [UNSURE, "takes.0", "takes.1", "brings.0", "brings.1", "blank", "instead"];
/// The attribution date (Date32).
pub const AT: &str = "at";

/// The column of the entity's row number (Int32) at a level below the whole.
#[must_use]
pub fn entity(level: usize) -> String {
    format!("e{level}")
}
