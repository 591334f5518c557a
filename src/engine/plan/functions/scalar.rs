//! What the scalar functions of this project share: the glue to DataFusion.

use datafusion::arrow::array::{ArrayRef, ArrowPrimitiveType, AsArray, PrimitiveArray};
use datafusion::arrow::datatypes::DataType;
use datafusion::error::{DataFusionError, Result};
use datafusion::logical_expr::{
    ColumnarValue, Expr, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

/// A deterministic function of the values of a row.
#[derive(Debug)]
pub(in crate::plan) struct Function {
    name: &'static str,
    signature: Signature,
    returns: DataType,
    answers: Implementation,
    /// Whether the result is null when an argument is null.
    strict: bool,
}

/// The arguments and the number of rows to the result; `None` when the arguments have other types
/// than the function takes.
pub(in crate::plan) type Implementation = fn(&[ColumnarValue], usize) -> Result<Option<ArrayRef>>;

impl Function {
    /// The function as the engine takes it.
    pub(in crate::plan) fn shared(self) -> Arc<ScalarUDF> {
        Arc::new(ScalarUDF::from(self))
    }

    /// A function of arguments of exactly these types; null when an argument is null.
    pub(in crate::plan) fn of(
        name: &'static str,
        takes: Vec<DataType>,
        returns: DataType,
        answers: Implementation,
    ) -> Arc<ScalarUDF> {
        let signature = Signature::exact(takes, Volatility::Immutable);
        Self { name, signature, returns, answers, strict: true }.shared()
    }

    /// A function that checks the types of its arguments itself; `takes` is their number. Null when
    /// an argument is null.
    pub(in crate::plan) fn any(name: &'static str, takes: usize, returns: DataType, answers: Implementation) -> Self {
        Self { name, signature: Signature::any(takes, Volatility::Immutable), returns, answers, strict: true }
    }

    /// The same function, whose result need not be null when an argument is.
    pub(in crate::plan) fn of_missing(self) -> Self {
        Self { strict: false, ..self }
    }
}

/// The name of a call without an alias. It is short also of a deep one: DataFusion 55 makes these
/// names again at each level of an expression (`Expr::to_field`), and twice below an alias. What a
/// call is of stands in plans all the same.
pub(in crate::plan) fn name_of_call(function: &str, arguments: &[Expr]) -> String {
    let mut hasher = DefaultHasher::new();
    arguments.hash(&mut hasher);
    format!("{function} #{:x}", hasher.finish())
}

/// The two arguments of a function of two values of one type.
pub(in crate::plan) fn two<T: ArrowPrimitiveType>(
    args: &[ColumnarValue],
    rows: usize,
) -> Result<Option<(PrimitiveArray<T>, PrimitiveArray<T>)>> {
    let [one, other] = args else { return Ok(None) };
    let (one, other) = (one.to_array(rows)?, other.to_array(rows)?);
    Ok(one.as_primitive_opt().cloned().zip(other.as_primitive_opt().cloned()))
}

/// Each name is given once.
impl PartialEq for Function {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Function {}

impl Hash for Function {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name.hash(state);
    }
}

impl ScalarUDFImpl for Function {
    fn name(&self) -> &str {
        self.name
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(self.returns.clone())
    }

    fn is_strict(&self) -> bool {
        self.strict
    }

    fn schema_name(&self, args: &[Expr]) -> Result<String> {
        Ok(name_of_call(self.name, args))
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let answers = (self.answers)(&args.args, args.number_rows)?;
        let wrong = || DataFusionError::Internal(format!("`{}` was called with other arguments", self.name));
        Ok(ColumnarValue::Array(answers.ok_or_else(wrong)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use datafusion::common::ScalarValue;
    use datafusion::logical_expr::{col, lit};
    use std::collections::BTreeSet;

    #[test]
    fn calls_have_short_names_of_their_own() {
        let days = |days: &[i32]| {
            let days: Vec<_> = days.iter().map(|day| ScalarValue::Date32(Some(*day))).collect();
            lit(ScalarValue::List(ScalarValue::new_list(&days, &DataType::Date32, true)))
        };
        let deep = (0..40).fold(col("a"), |of, n| of + lit(n));
        let calls = [
            vec![col("a"), days(&[0, 1, 2]), lit(1_i64)],
            vec![col("a"), days(&[0, 1, 3]), lit(1_i64)],
            vec![col("a"), days(&[0, 2, 1]), lit(1_i64)],
            vec![col("a"), days(&[0, 1]), lit(1_i64)],
            vec![col("a"), days(&[0, 1, 2]), lit(2_i64)],
            vec![col("b"), days(&[0, 1, 2]), lit(1_i64)],
            vec![days(&[0, 1, 2]), col("a"), lit(1_i64)],
            vec![deep.clone()],
            vec![deep.clone(), lit(1_i64)],
            Vec::new(),
        ];
        let names: BTreeSet<String> = calls.iter().map(|of| name_of_call("reached", of)).collect();
        assert_eq!(names.len(), calls.len());
        assert!(names.iter().all(|name| name.starts_with("reached #") && name.len() <= "reached #".len() + 16));
        assert_eq!(name_of_call("reached", &calls[7]), name_of_call("reached", &[deep]));
    }
}
