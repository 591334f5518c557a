//! The first of several values that is not missing, as the function `coalesce`: unlike the engine's
//! own, which its optimizer makes a case of that names each value twice, and nested ones again and
//! again.

use datafusion::arrow::array::{Array, ArrayRef, Datum};
use datafusion::arrow::compute::is_not_null;
use datafusion::arrow::compute::kernels::zip::zip;
use datafusion::arrow::datatypes::DataType;
use datafusion::error::{DataFusionError, Result};
use datafusion::logical_expr::{
    ColumnarValue, Expr, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};
use std::sync::{Arc, LazyLock};

static COALESCE: LazyLock<Arc<ScalarUDF>> =
    LazyLock::new(|| Arc::new(ScalarUDF::from(Coalesce { signature: Signature::variadic_any(Volatility::Immutable) })));

/// The first of these that is not missing, at least one; all are of one type.
pub(in crate::plan) fn coalesce(values: Vec<Expr>) -> Expr {
    COALESCE.call(values)
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Coalesce {
    signature: Signature,
}

impl ScalarUDFImpl for Coalesce {
    fn name(&self) -> &'static str {
        "coalesce"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, of: &[DataType]) -> Result<DataType> {
        of.first().cloned().ok_or_else(nothing)
    }

    fn schema_name(&self, args: &[Expr]) -> Result<String> {
        Ok(super::scalar::name_of_call("coalesce", args))
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let mut values = args.args.iter();
        let mut found = values.next().ok_or_else(nothing)?.to_array(args.number_rows)?;
        for value in values {
            if found.null_count() == 0 {
                break;
            }
            found = first(&found, value)?;
        }
        Ok(ColumnarValue::Array(found))
    }
}

/// The one, and where it is missing the other.
fn first(one: &ArrayRef, other: &ColumnarValue) -> Result<ArrayRef> {
    let is_there = is_not_null(one)?;
    let other: Box<dyn Datum> = match other {
        ColumnarValue::Array(array) => Box::new(Arc::clone(array)),
        ColumnarValue::Scalar(scalar) => Box::new(scalar.to_scalar()?),
    };
    Ok(zip(&is_there, one, other.as_ref())?)
}

fn nothing() -> DataFusionError {
    DataFusionError::Internal("`coalesce` was called without a value".to_owned())
}
