//! Lookups by row number: the value of a column in a linked row, and the holder of a row on a day.
//!
//! A row number is the position of the row in its table, so a lookup takes the value from there. A
//! join would scan the whole table for the few rows of each plan. A plan names the tables it looks
//! into, as it names those it scans; whoever runs the plan puts the tables in ([`with_tables`]).

use crate::plan::functions::holders::{HolderIndex, HolderQuery};
use crate::plan::functions::scalar::name_of_call;
use datafusion::arrow::array::{ArrayRef, AsArray, Int32Array};
use datafusion::arrow::compute::{max, take};
use datafusion::arrow::datatypes::{DataType, Int32Type};
use datafusion::common::tree_node::{Transformed, TreeNode};
use datafusion::error::{DataFusionError, Result};
use datafusion::logical_expr::expr::ScalarFunction;
use datafusion::logical_expr::{
    ColumnarValue, Expr, LogicalPlan, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};
use std::fmt::Debug;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

/// Where things are looked up.
pub trait Tables {
    /// The column of a table, by their names.
    fn column(&self, table: &str, column: &str) -> Option<ArrayRef>;
    /// The stays of a dated link by owner and day, by its name (see
    /// [`dated_name`](crate::store::dated_name)).
    fn holders(&self, dated: &str) -> Option<Arc<HolderIndex>>;
}

/// The value of a column in the row of a table that has this number; missing without one.
pub(in crate::plan) fn column(table: &str, column: &str, ty: DataType, row: Expr) -> Expr {
    let target = Target::Column { table: table.to_owned(), column: column.to_owned(), ty };
    looked_up(format!("{table}.{column}"), target, vec![row])
}

/// A query of the stays of a dated link; the first argument is the owner's row.
fn of_stays(dated: &str, query: HolderQuery, arguments: Vec<Expr>) -> Expr {
    looked_up(format!("{dated}.{}", query.name()), Target::Holders { dated: dated.to_owned(), query }, arguments)
}

/// The row of who holds the owner on the day (Int32); missing when nobody does, and without an
/// owner or a day.
pub(in crate::plan) fn holder_on(dated: &str, owner: Expr, day: Expr) -> Expr {
    of_stays(dated, HolderQuery::HolderOn, vec![owner, day])
}

/// Who holds the owner in each window of a set, on the day that the row has there: a list of
/// structs of [`HOLDER`] (Int32, missing for nobody) and [`IN`], the windows (Int64) in which that
/// one does. Every window of the set is in one of them.
pub(in crate::plan) fn holders_in(dated: &str, owner: Expr, set: Expr, days: Vec<Expr>) -> Expr {
    of_stays(dated, HolderQuery::HoldersIn, [owner, set].into_iter().chain(days).collect())
}

fn looked_up(name: String, target: Target, arguments: Vec<Expr>) -> Expr {
    let signature = Signature::any(arguments.len(), Volatility::Immutable);
    ScalarUDF::from(Lookup { name, target, signature, resolved: None }).call(arguments)
}

/// The plan with what its lookups name.
///
/// # Errors
/// When there is no such thing.
pub fn with_tables(plan: LogicalPlan, tables: &impl Tables) -> Result<LogicalPlan> {
    Ok(plan.transform_up(|node| node.map_expressions(|e| e.transform_up(|e| with_table(e, tables))))?.data)
}

fn with_table(e: Expr, tables: &impl Tables) -> Result<Transformed<Expr>> {
    let Expr::ScalarFunction(ScalarFunction { func, args }) = &e else { return Ok(Transformed::no(e)) };
    let Some(lookup) = func.inner().downcast_ref::<Lookup>() else { return Ok(Transformed::no(e)) };
    let found = match &lookup.target {
        Target::Column { table, column, .. } => tables.column(table, column).map(Resolved::Column),
        Target::Holders { dated, .. } => tables.holders(dated).map(Resolved::Holders),
    };
    let unknown = || DataFusionError::Internal(format!("no `{}` was loaded", lookup.name));
    let lookup = Lookup { resolved: Some(found.ok_or_else(unknown)?), ..lookup.clone() };
    Ok(Transformed::yes(ScalarUDF::from(lookup).call(args.clone())))
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Target {
    Column { table: String, column: String, ty: DataType },
    Holders { dated: String, query: HolderQuery },
}

#[derive(Debug, Clone)]
enum Resolved {
    Column(ArrayRef),
    Holders(Arc<HolderIndex>),
}

#[derive(Debug, Clone)]
struct Lookup {
    name: String,
    target: Target,
    signature: Signature,
    /// What the name stands for, once the plan has its tables.
    resolved: Option<Resolved>,
}

/// A name stands for one thing.
impl PartialEq for Lookup {
    fn eq(&self, other: &Self) -> bool {
        self.target == other.target
    }
}

impl Eq for Lookup {}

impl Hash for Lookup {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.target.hash(state);
    }
}

impl ScalarUDFImpl for Lookup {
    fn name(&self) -> &str {
        &self.name
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(match &self.target {
            Target::Column { ty, .. } => ty.clone(),
            Target::Holders { query, .. } => query.returns(),
        })
    }

    fn schema_name(&self, args: &[Expr]) -> Result<String> {
        Ok(name_of_call(&self.name, args))
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let answer = match &self.resolved {
            Some(Resolved::Column(column)) => take_rows(column, &args.args, args.number_rows)?,
            Some(Resolved::Holders(stays)) => match &self.target {
                Target::Holders { query, .. } => query.answer(stays, &args.args, args.number_rows)?,
                Target::Column { .. } => None,
            },
            None => None,
        };
        let wrong = || DataFusionError::Internal(format!("`{}` cannot be looked up", self.name));
        Ok(ColumnarValue::Array(answer.ok_or_else(wrong)?))
    }
}

fn take_rows(column: &ArrayRef, args: &[ColumnarValue], rows: usize) -> Result<Option<ArrayRef>> {
    let [row] = args else { return Ok(None) };
    let row = row.to_array(rows)?;
    let Some(row) = row.as_primitive_opt::<Int32Type>() else { return Ok(None) };
    let there = |number: i32| usize::try_from(number).is_ok_and(|number| number < column.len());
    if max(row).is_none_or(there) {
        return Ok(Some(take(column, row, None)?));
    }
    // A row that went has a number beyond those of its table: where a join is turned around, it may
    // be looked for.
    let row: Int32Array = row.iter().map(|number| number.filter(|number| there(*number))).collect();
    Ok(Some(take(column, &row, None)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use datafusion::arrow::array::{Int32Array, StringArray};
    use datafusion::common::DFSchema;
    use datafusion::logical_expr::{LogicalPlanBuilder, lit};

    struct Towns;

    impl Tables for Towns {
        fn column(&self, table: &str, column: &str) -> Option<ArrayRef> {
            (table == "town" && column == "name").then(|| Arc::new(StringArray::from(vec!["a", "b"])) as ArrayRef)
        }

        fn holders(&self, _: &str) -> Option<Arc<HolderIndex>> {
            None
        }
    }

    fn plan(column: &str) -> LogicalPlan {
        let looked_up = super::column("town", column, DataType::Utf8, lit(1_i32));
        LogicalPlanBuilder::empty(true).project([looked_up]).unwrap().build().unwrap()
    }

    #[test]
    fn a_plan_finds_what_it_names() {
        let found = with_tables(plan("name"), &Towns).unwrap();
        // The column keeps its name.
        assert_eq!(names(&found), names(&plan("name")));
        assert!(matches!(names(&found).as_slice(), [name] if name.starts_with("town.name #")));
        assert!(with_tables(plan("size"), &Towns).unwrap_err().to_string().contains("no `town.size` was loaded"));
    }

    fn names(plan: &LogicalPlan) -> Vec<String> {
        let schema: &DFSchema = plan.schema();
        schema.fields().iter().map(|field| field.name().clone()).collect()
    }

    #[test]
    fn rows_without_a_number_have_nothing() {
        let column = Towns.column("town", "name").unwrap();
        let rows = ColumnarValue::Array(Arc::new(Int32Array::from(vec![Some(1), None, Some(0)])));
        let found = take_rows(&column, &[rows], 3).unwrap().unwrap();
        assert_eq!(found.as_string::<i32>().iter().collect::<Vec<_>>(), [Some("b"), None, Some("a")]);
    }
}
