//! Picks: which windows rows before a row have taken, as the window function `taken` (of SQL's windows, not of reporting windows).
//!
//! A function over partitions by child, say, would be called once for each child, most of whom have a row or two. So rows are
//! partitioned by some [`BUCKETS`] of whatever is counted once, sorted by it and then in the order of the pick, and `taken` goes
//! through a bucket in one go.

use datafusion::arrow::array::{ArrayRef, AsArray, Int64Array};
use datafusion::arrow::datatypes::{DataType, Field, FieldRef, Int32Type, Int64Type};
use datafusion::error::{DataFusionError, Result};
use datafusion::logical_expr::expr::{Sort, WindowFunction};
use datafusion::logical_expr::function::{PartitionEvaluatorArgs, WindowUDFFieldArgs};
use datafusion::logical_expr::{
    Expr, ExprFunctionExt, PartitionEvaluator, Signature, Volatility, WindowUDF, WindowUDFImpl, lit,
};
use std::sync::{Arc, LazyLock};

/// Enough to keep many threads busy, few enough to hold many rows each.
const BUCKETS: i32 = 256;

static TAKEN: LazyLock<Arc<WindowUDF>> = LazyLock::new(|| {
    let signature = Signature::exact(vec![DataType::Int32, DataType::Int64], Volatility::Immutable);
    Arc::new(WindowUDF::from(Taken { signature }))
});

/// The union of the `sets` of the rows with the same `per` that stand before this one in the order.
pub(super) fn taken(per: Expr, set: Expr, order: Vec<Sort>) -> Result<Expr> {
    let order = std::iter::once(per.clone().sort(true, false)).chain(order).collect();
    let function = Expr::from(WindowFunction::new(Arc::clone(&TAKEN), vec![per.clone(), set]));
    function.partition_by(vec![per % lit(BUCKETS)]).order_by(order).build()
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Taken {
    signature: Signature,
}

impl WindowUDFImpl for Taken {
    fn name(&self) -> &'static str {
        "taken"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn partition_evaluator(&self, _: PartitionEvaluatorArgs<'_>) -> Result<Box<dyn PartitionEvaluator>> {
        Ok(Box::new(Before))
    }

    fn field(&self, args: WindowUDFFieldArgs<'_>) -> Result<FieldRef> {
        Ok(Arc::new(Field::new(args.name(), DataType::Int64, false)))
    }
}

#[derive(Debug)]
struct Before;

impl PartitionEvaluator for Before {
    fn evaluate_all(&mut self, values: &[ArrayRef], _: usize) -> Result<ArrayRef> {
        let wrong = || DataFusionError::Internal("`taken` takes a row number and a set".to_owned());
        let [per, sets] = values else { return Err(wrong()) };
        let per = per.as_primitive_opt::<Int32Type>().ok_or_else(wrong)?;
        let sets = sets.as_primitive_opt::<Int64Type>().ok_or_else(wrong)?;
        let (mut current, mut taken) = (None, 0);
        let before = per.iter().zip(sets.values()).map(|(per, set)| {
            if per != current {
                (current, taken) = (per, 0);
            }
            let before = taken;
            taken |= set;
            before
        });
        Ok(Arc::new(Int64Array::from_iter_values(before)))
    }
}
