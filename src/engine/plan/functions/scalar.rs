//! What the scalar functions of this project share: the glue to DataFusion.

use datafusion::arrow::array::{ArrayRef, ArrowPrimitiveType, AsArray, PrimitiveArray};
use datafusion::arrow::datatypes::{DataType, Date32Type};
use datafusion::common::ScalarValue;
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

/// The display name of a call without an alias. DataFusion computes these names again and again,
/// and long lists of days dominated planning time; so a long list is shown as its length and a
/// hash.
pub(in crate::plan) fn display_name(name: &str, arguments: &[Expr]) -> String {
    let days = |argument: &Expr| match argument {
        Expr::Literal(ScalarValue::List(list), _) => {
            list.values().as_primitive_opt::<Date32Type>().map(|d| d.values().clone())
        }
        _ => None,
    };
    let named = arguments.iter().map(|argument| match days(argument) {
        Some(days) if days.len() > WRITTEN_OUT => {
            let mut hasher = DefaultHasher::new();
            days.hash(&mut hasher);
            format!("{} days #{:x}", days.len(), hasher.finish())
        }
        _ => argument.schema_name().to_string(),
    });
    format!("{name}({})", named.collect::<Vec<_>>().join(","))
}

/// Days of a list that are written out in a name.
const WRITTEN_OUT: usize = 2;

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
        Ok(display_name(self.name, args))
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
    use datafusion::logical_expr::{col, lit};

    #[test]
    fn long_lists_of_days_have_short_names_of_their_own() {
        let name_of = |days: &[i32]| {
            let days: Vec<_> = days.iter().map(|day| ScalarValue::Date32(Some(*day))).collect();
            let list = ScalarValue::List(ScalarValue::new_list(&days, &DataType::Date32, true));
            display_name("reached", &[col("a"), lit(list), lit(1_i64)])
        };
        assert_eq!(name_of(&[0, 1]), "reached(a,List([1970-01-01, 1970-01-02]),Int64(1))");
        let one = name_of(&[0, 1, 2]);
        assert!(one.starts_with("reached(a,3 days #") && one.ends_with(",Int64(1))"), "{one}");
        for other in [[0, 1, 3], [0, 2, 1], [1, 0, 2], [-1, 1, 2]] {
            assert_ne!(name_of(&other), one);
        }
    }
}
