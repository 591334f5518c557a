//! Timelines: a dated link's table in which nobody holds a day too.
//!
//! A row attributed on a day of the window goes by a dated link to one row in some windows and to another in the others: it is joined
//! with every stay of the owner, and takes the stay's windows along. The days on which nobody holds the owner must then be
//! rows as well, or the row's windows would be lost there.

use crate::model::{Model, TableId};
use crate::store::{FROM, OWNER, TARGET, UNTIL, dated_name};
use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use std::sync::Arc;

/// The day on which timelines begin: before every day there is, also when some are counted from it.
pub const EVER: i32 = i32::MIN / 2;

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
