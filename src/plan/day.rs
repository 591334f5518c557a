//! The day of a time, as the function `day_of`: the engine's own cast goes by year, month and day, and takes ten times as long.

use datafusion::arrow::array::{ArrayRef, AsArray, Date32Array};
use datafusion::arrow::datatypes::{DataType, Date32Type, TimeUnit, TimestampSecondType};
use datafusion::error::{DataFusionError, Result};
use datafusion::logical_expr::{
    ColumnarValue, Expr, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};
use std::sync::{Arc, LazyLock};

const SECONDS: i64 = 86_400;

static DAY_OF: LazyLock<Arc<ScalarUDF>> = LazyLock::new(|| {
    let time = DataType::Timestamp(TimeUnit::Second, None);
    Arc::new(ScalarUDF::from(DayOf { signature: Signature::exact(vec![time], Volatility::Immutable) }))
});

/// The day of a time.
pub(super) fn day_of(time: Expr) -> Expr {
    DAY_OF.call(vec![time])
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct DayOf {
    signature: Signature,
}

impl ScalarUDFImpl for DayOf {
    fn name(&self) -> &'static str {
        "day_of"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::Date32)
    }

    fn is_strict(&self) -> bool {
        true
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let wrong = || DataFusionError::Internal("`day_of` takes a time".to_owned());
        let times: ArrayRef = args.args.first().ok_or_else(wrong)?.to_array(args.number_rows)?;
        let times = times.as_primitive_opt::<TimestampSecondType>().ok_or_else(wrong)?;
        let days: Date32Array = times.unary::<_, Date32Type>(|t| t.div_euclid(SECONDS) as i32);
        Ok(ColumnarValue::Array(Arc::new(days)))
    }
}
