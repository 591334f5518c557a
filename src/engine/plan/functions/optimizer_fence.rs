//! A condition that the engine's optimizer does not look into, as the function `kept`.
//!
//! DataFusion 55 joins lists of one value: `x IN (1, 2) AND x IN (3)` becomes false, also where `x`
//! is missing and the answer is unknown (its pull request 24258 mends it in later versions). A
//! filter drops the row either way; a numerator does not. So lists, and what becomes lists (`x = 1
//! OR x = 2`), are hidden from each other. The rule that joins them is none of those that are run
//! today (see `run::session`); with it the numbers stay the same.

use crate::plan::functions::scalar::Function;
use datafusion::arrow::array::ArrayRef;
use datafusion::arrow::datatypes::DataType;
use datafusion::error::Result;
use datafusion::logical_expr::{ColumnarValue, Expr, ScalarUDF};
use std::sync::{Arc, LazyLock};

static KEPT: LazyLock<Arc<ScalarUDF>> =
    LazyLock::new(|| Function::of("kept", vec![DataType::Boolean], DataType::Boolean, itself));

/// The condition itself.
pub(in crate::plan) fn kept(condition: Expr) -> Expr {
    KEPT.call(vec![condition])
}

fn itself(args: &[ColumnarValue], rows: usize) -> Result<Option<ArrayRef>> {
    let [condition] = args else { return Ok(None) };
    condition.to_array(rows).map(Some)
}
