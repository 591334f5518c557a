//! Picks: which windows rows before a row have taken, as the window function `taken` (of SQL's windows, not of reporting windows).
//!
//! A function over partitions by child, say, would be called once for each child, most of whom have a row or two. So rows are
//! partitioned by some [`BUCKETS`] of whatever is counted once, sorted by it and then in the order of the pick, and `taken` goes
//! through a bucket in one go.

use datafusion::arrow::array::{Array, ArrayRef, AsArray, Int32Array, Int64Array};
use datafusion::arrow::datatypes::{DataType, Field, FieldRef, Int32Type, Int64Type};
use datafusion::error::{DataFusionError, Result};
use datafusion::logical_expr::expr::{Sort, WindowFunction};
use datafusion::logical_expr::function::{PartitionEvaluatorArgs, WindowUDFFieldArgs};
use datafusion::logical_expr::{
    Expr, ExprFunctionExt, PartitionEvaluator, Signature, TypeSignature, Volatility, WindowUDF, WindowUDFImpl, lit,
};
use std::sync::{Arc, LazyLock};

/// Enough to keep many threads busy, few enough to hold many rows each.
const BUCKETS: i32 = 256;

static TAKEN: LazyLock<Arc<WindowUDF>> = LazyLock::new(|| {
    let keys = |n| TypeSignature::Exact([vec![DataType::Int32; n], vec![DataType::Int64]].concat());
    let signature = Signature::one_of(vec![keys(1), keys(2)], Volatility::Immutable);
    Arc::new(WindowUDF::from(Taken { signature }))
});

/// The union of the `sets` of the rows with the same `per` (and the same holder, where there is one) that stand before this one in
/// the order.
pub(super) fn taken(per: Expr, holder: Option<Expr>, set: Expr, order: Vec<Sort>) -> Result<Expr> {
    let keys: Vec<Expr> = std::iter::once(per.clone()).chain(holder).collect();
    let order = keys.iter().map(|key| key.clone().sort(true, false)).chain(order).collect();
    let function = Expr::from(WindowFunction::new(Arc::clone(&TAKEN), keys.into_iter().chain([set]).collect()));
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
        let wrong = || DataFusionError::Internal("`taken` takes row numbers and a set".to_owned());
        let (sets, keys) = values.split_last().ok_or_else(wrong)?;
        let keys =
            keys.iter().map(|k| k.as_primitive_opt::<Int32Type>().ok_or_else(wrong)).collect::<Result<Vec<_>>>()?;
        let sets = sets.as_primitive_opt::<Int64Type>().ok_or_else(wrong)?;
        let same = |key: &&Int32Array, row: usize| {
            key.is_valid(row) == key.is_valid(row - 1) && (key.is_null(row) || key.value(row) == key.value(row - 1))
        };
        let mut taken = 0;
        let before = sets.values().iter().enumerate().map(|(row, set)| {
            if row == 0 || !keys.iter().all(|key| same(key, row)) {
                taken = 0;
            }
            let before = taken;
            taken |= set;
            before
        });
        Ok(Arc::new(Int64Array::from_iter_values(before)))
    }
}
