//! From a dated link's table to its timeline (see `plan::timeline_schema`).

use crate::plan::{EVER, timeline_schema};
use crate::store::{FROM, OWNER, TARGET, UNTIL};
use datafusion::arrow::array::{Array, AsArray, Date32Array, Int32Array, PrimitiveArray, RecordBatch};
use datafusion::arrow::datatypes::{ArrowPrimitiveType, Date32Type, Int32Type};
use datafusion::error::{DataFusionError, Result};
use std::sync::Arc;

/// The stays, sorted by owner and first day, and between them rows for the days on which nobody holds the owner.
pub(super) fn timeline(stays: &RecordBatch) -> Result<RecordBatch> {
    let (owners, targets) = (column::<Int32Type>(stays, OWNER)?, column::<Int32Type>(stays, TARGET)?);
    let (from, until) = (column::<Date32Type>(stays, FROM)?, column::<Date32Type>(stays, UNTIL)?);
    let mut rows = Rows::default();
    // The first day of the current owner that no row holds; missing when the last stay has no end.
    let mut free = Some(EVER);
    for i in 0..stays.num_rows() {
        let owner = owners.value(i);
        if let Some(free) = free.filter(|free| *free < from.value(i)) {
            rows.add(owner, None, free, Some(from.value(i)));
        }
        free = until.is_valid(i).then(|| until.value(i));
        rows.add(owner, Some(targets.value(i)), from.value(i), free);
        let last_of_owner = i + 1 == stays.num_rows() || owners.value(i + 1) != owner;
        if last_of_owner {
            if let Some(free) = free {
                rows.add(owner, None, free, None);
            }
            free = Some(EVER);
        }
    }
    rows.finish()
}

fn column<'b, T: ArrowPrimitiveType>(stays: &'b RecordBatch, name: &str) -> Result<&'b PrimitiveArray<T>> {
    let column = stays.column_by_name(name).and_then(|c| c.as_primitive_opt::<T>());
    column.ok_or_else(|| DataFusionError::Internal(format!("a dated link's column `{name}` is not as it should be")))
}

#[derive(Default)]
struct Rows {
    owners: Vec<i32>,
    targets: Vec<Option<i32>>,
    from: Vec<i32>,
    until: Vec<Option<i32>>,
}

impl Rows {
    fn add(&mut self, owner: i32, target: Option<i32>, from: i32, until: Option<i32>) {
        self.owners.push(owner);
        self.targets.push(target);
        self.from.push(from);
        self.until.push(until);
    }

    fn finish(self) -> Result<RecordBatch> {
        let columns: Vec<Arc<dyn Array>> = vec![
            Arc::new(Int32Array::from(self.owners)),
            Arc::new(Int32Array::from(self.targets)),
            Arc::new(Date32Array::from(self.from)),
            Arc::new(Date32Array::from(self.until)),
        ];
        Ok(RecordBatch::try_new(timeline_schema(), columns)?)
    }
}
