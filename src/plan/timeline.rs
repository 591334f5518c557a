//! Timelines: a dated link's table in which nobody holds a day too.
//!
//! A row attributed on a day of the window goes by a dated link to one row in some windows and to another in the others: it is joined
//! with every stay of the owner, and takes the stay's windows along. The days on which nobody holds the owner must then be
//! rows as well, or the row's windows would be lost there.

use super::reached::reached;
use super::windows::{all, not};
use crate::calendar::Window;
use crate::model::{Model, TableId};
use crate::store::{FROM, OWNER, TARGET, UNTIL, dated_name};
use chrono::NaiveDate;
use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use datafusion::logical_expr::{Expr, lit};
use datafusion::prelude::coalesce;
use std::sync::Arc;

/// The name of a dated link's timeline in plans: `child.worker.timeline`.
#[must_use]
pub fn timeline_name(model: &Model, table: TableId, link: usize) -> String {
    format!("{}.timeline", dated_name(model, table, link))
}

/// The schema of a timeline: as of a dated link's table, but the target may be missing. For an owner that has a row, the rows share no day
/// and leave none out.
#[must_use]
pub fn timeline_schema() -> SchemaRef {
    Arc::new(Schema::new(vec![
        Field::new(OWNER, DataType::Int32, false),
        Field::new(TARGET, DataType::Int32, true),
        Field::new(FROM, DataType::Date32, false),
        Field::new(UNTIL, DataType::Date32, true),
    ]))
}

/// The windows whose day falls into a stay; `after` has the day after each. All windows where there is no stay.
pub(super) fn held(from: Expr, until: Expr, after: &[NaiveDate], windows: &[Window]) -> Expr {
    let or_all = |set| coalesce(vec![set, lit(all(windows))]);
    or_all(reached(until, after)) & or_all(not(reached(from, after), windows))
}
