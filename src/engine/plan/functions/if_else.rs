//! One of two values by a condition, as the function `if_else`: missing when the condition is
//! unknown. The engine's own `case` names the condition twice.

use datafusion::arrow::array::{Array, ArrayRef, AsArray, BooleanArray};
use datafusion::arrow::compute::kernels::zip::zip;
use datafusion::arrow::compute::{is_null, nullif, prep_null_mask_filter};
use datafusion::arrow::datatypes::DataType;
use datafusion::error::{DataFusionError, Result};
use datafusion::logical_expr::{
    ColumnarValue, Expr, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};
use std::sync::{Arc, LazyLock};

static IF_ELSE: LazyLock<Arc<ScalarUDF>> =
    LazyLock::new(|| Arc::new(ScalarUDF::from(IfElse { signature: Signature::any(3, Volatility::Immutable) })));

/// The first value where the condition is true, the second where it is false; the two are of one
/// type.
pub(in crate::plan) fn if_else(condition: Expr, then: Expr, otherwise: Expr) -> Expr {
    IF_ELSE.call(vec![condition, then, otherwise])
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct IfElse {
    signature: Signature,
}

impl ScalarUDFImpl for IfElse {
    fn name(&self) -> &'static str {
        "if_else"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, of: &[DataType]) -> Result<DataType> {
        of.get(1).cloned().ok_or_else(others)
    }

    fn schema_name(&self, args: &[Expr]) -> Result<String> {
        Ok(super::scalar::name_of_call("if_else", args))
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let rows = args.number_rows;
        let [condition, then, otherwise] = args.args.as_slice() else { return Err(others()) };
        let (condition, then, otherwise) = (condition.to_array(rows)?, then.to_array(rows)?, otherwise.to_array(rows)?);
        let condition = condition.as_boolean_opt().ok_or_else(others)?;
        Ok(ColumnarValue::Array(chosen(condition, &then, &otherwise)?))
    }
}

fn chosen(condition: &BooleanArray, then: &ArrayRef, otherwise: &ArrayRef) -> Result<ArrayRef> {
    if condition.null_count() == 0 {
        return Ok(zip(condition, then, otherwise)?);
    }
    let chosen = zip(&prep_null_mask_filter(condition), then, otherwise)?;
    Ok(nullif(&chosen, &is_null(condition)?)?)
}

fn others() -> DataFusionError {
    DataFusionError::Internal("`if_else` was called with other arguments".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use datafusion::arrow::array::Int64Array;
    use datafusion::arrow::datatypes::Int64Type;

    #[test]
    fn an_unknown_condition_chooses_nothing() {
        let numbers = |of: [Option<i64>; 4]| -> ArrayRef { Arc::new(Int64Array::from(of.to_vec())) };
        let (a, b) = (numbers([Some(1), Some(2), None, Some(4)]), numbers([Some(5), None, Some(7), Some(8)]));
        let of = |condition: [Option<bool>; 4]| {
            let found = chosen(&BooleanArray::from(condition.to_vec()), &a, &b).unwrap();
            found.as_primitive::<Int64Type>().iter().collect::<Vec<_>>()
        };
        assert_eq!(of([Some(true), Some(false), Some(true), None]), [Some(1), None, None, None]);
        assert_eq!(of([Some(false), Some(true), Some(false), Some(true)]), [Some(5), Some(2), Some(7), Some(4)]);
    }
}
