//! Typed IR to DataFusion logical plans. Knows no session, no files; scans name tables of the
//! [`store`](crate::store).
//!
//! An indicator becomes one chain for all windows and all levels together:
//!
//! ```text
//!  rows of the cohort's table, linked columns looked up          (slice; relational::row_variables)
//!    conditions that do not look at the window; picks "ever"     (cohort, pick)
//!    questions about linked rows that do not look at the window  (quantifier, linked_aggregate)
//!    the set of windows in which the row counts                  (cohort; expression::truth, window_compare)
//!    picks and questions that look at the window: fewer windows  (pick, quantifier, count_threshold)
//!    values that depend on the window: a list of them            (linked_aggregate; expression::values)
//!    of medians and single levels: rows split by windows         (split_by_window, linked_aggregate)
//!    exclusion, outcome: the windows of each count               (unsure, counts_by_window, outcome)
//!    worker, unit, office ... on the attribution date            (attribution)
//!    the group of the row, where rows are broken down            (grouping)
//!    rows of which it is not known whether they belong           (unsure, contenders)
//!    counts by entities and window, or the rows themselves       (counts_by_window, sums, answer)
//! ```
//!
//! | room | holds | names |
//! |---|---|---|
//! | `window_set` | sets of windows as whole numbers | nothing of the others |
//! | `columns` | the names of columns | nothing of the others |
//! | `functions` | the functions of our own, that know nothing but their arguments | `window_set` |
//! | `analysis` | what is asked of the typed form before it is lowered | those above |
//! | `relational` | rows with the columns asked of them, and what is made of rows | those above |
//! | `expression` | typed expressions over columns, in a window and in all at once | those above |
//! | `pipeline` | the chain: the files named in the drawing | all |
//!
//! Rows are not multiplied by windows: a row carries the set of its windows (see `window_set`), so
//! twenty-four windows cost little more than one. A value that depends on the window (a count of
//! rows in it, days in it) is a list with one element per window (see `functions::window_list`). A
//! count that is only compared with a number needs no list, since the answer is a set again
//! (`count_threshold`). Rows are split by windows (`split_by_window`) only where values are put in
//! order, and where every level is measured by itself (`per_level`, planned once for each level);
//! and then as late as possible.
//!
//! The functions of our own are stateless: their result depends on their arguments alone, so a plan
//! can be sent elsewhere together with them. Each is called in a plan by the name that the first
//! line of its file gives. Lookups (`functions::lookup`) name a table, as scans do, and get it
//! where the plan is run.
//!
//! DataFusion does not share a subplan that is used twice, so a plan is a list of [`Step`]s: each
//! is run once and kept under its name for the steps after it. Columns have flat names:
//! `r0.child.born_on` is the column `born_on` of the row that the link `child` of row variable 0
//! leads to; `w` is the set of the row's windows.

mod analysis;
mod columns;
mod expression;
mod functions;
mod pipeline;
mod relational;
mod window_set;

pub use analysis::{at_once, plain_links, splits};
pub use columns::{
    AMOUNT, ANYBODYS, AT, AT_UNKNOWN, COHORT, DENOMINATOR, DOUBTS, EXCLUDED, EXPOSURE, HELD, MET, OWNER, ROW,
    UNDETERMINED, UNEXPOSED, UNSURE, VALUE, WINDOWS, entity, excluded, group,
};
pub use functions::holders::HolderIndex;
pub use functions::lookup::{Tables, with_tables};
pub use pipeline::answer::{Doubtful, Plan, Shape, Told, cases, counts, may_lack_day, rows_that_went, standings};
pub use pipeline::facts::Fact;
pub use pipeline::slice::Slice;

pub use crate::store::Ends;
use chrono::NaiveDate;
use datafusion::logical_expr::LogicalPlan;
use std::collections::BTreeMap;
use yardstick_language::model::{ColumnId, TableId};

/// What a plan depends on beside the model and the indicator.
#[derive(Debug, Clone, Copy)]
pub struct RunContext<'a> {
    /// The last day it is complete through.
    pub as_of: NaiveDate,
    /// Days that are no business days, whatever the weekday.
    pub holidays: &'a [NaiveDate],
    /// Which part of the cohort's rows is measured.
    pub slice: Slice,
    /// Whether they are those in use.
    pub standing: Standing,
    /// The rows that went of the cohort's table, if some did: one of them may have to be picked
    /// instead of a row in use.
    pub went: &'a [Standing],
    /// The rows that went of every table.
    pub gone: &'a Gone,
}

/// The rows that went, by their table and, where it is known of some whose they are by a link, by
/// that link too.
pub type Gone = BTreeMap<(TableId, Option<ColumnId>), Vec<Standing>>;

/// Which rows of the cohort's table stand for its rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Those in use.
    InUse,
    /// Those that went because their identity or place is broken, as far as they are known (see
    /// [`yardstick_language::ir::went`]): none is in the cohort, and any that may be is unsure.
    Went(Ends),
}

impl Standing {
    fn went(self) -> bool {
        self != Self::InUse
    }
}

/// Rows that went: those with known ends apart from the others only where `of` them, by whether
/// their ends are known, is not the same.
fn apart<T: PartialEq>(went: &[Standing], of: impl Fn(bool) -> T) -> Vec<(Standing, T)> {
    let with = |standing: &Standing| match standing {
        Standing::InUse => None,
        Standing::Went(ends) => Some((*standing, of(*ends == Ends::Known))),
    };
    let mut all: Vec<(Standing, T)> = went.iter().filter_map(with).collect();
    if all.len() > 1 && all.iter().all(|(_, one)| *one == all[0].1) {
        all.truncate(1);
        all[0].0 = Standing::Went(Ends::Any);
    }
    all
}

/// A plan to run once and keep under a name.
#[derive(Debug, Clone)]
pub struct Step {
    /// The name later steps scan it by.
    pub name: String,
    /// The plan.
    pub plan: LogicalPlan,
    /// Whether the answer has no rows when this has none.
    pub decides: bool,
}
