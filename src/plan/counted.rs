//! How many linked rows there are, compared with a number: `homes <= 2`. In which windows that holds is a set like any other, so rows need not
//! be split by windows for it. Different values are counted once each, in every window in which one of the rows that have it counts.

use super::answer::Build;
use super::expr::Lower;
use super::function::Function;
use super::quantifier::{aggregate, keyed, uses_window};
use super::relation::with;
use super::tally::{DIGITS, MOST_TIMES, times};
use super::windows::{self, Truth, all, asks_in_sets, none_of, not};
use crate::calendar::Window;
use crate::ir::{Ask, CompareOp, Expr as IrExpr, ExprKind, Quantified};
use datafusion::arrow::array::{Array, ArrayRef, AsArray, Int64Array};
use datafusion::arrow::datatypes::{DataType, Int64Type};
use datafusion::error::Result;
use datafusion::functions_aggregate::expr_fn::bit_or;
use datafusion::logical_expr::{ColumnarValue, Expr, LogicalPlan, ScalarUDF, Signature, Volatility, ident, lit, when};
use datafusion::prelude::coalesce;
use std::sync::{Arc, LazyLock};

static AT_LEAST: LazyLock<Arc<ScalarUDF>> = LazyLock::new(|| {
    let signature = Signature::any(2, Volatility::Immutable);
    Function { name: "at_least", signature, returns: DataType::Int64, answers: counted_to }.shared()
});

/// A count of linked rows that depends on the window, against a number.
#[derive(Debug)]
pub(super) struct Counted<'e> {
    rows: &'e Quantified,
    op: CompareOp,
    number: i64,
}

/// What a condition compares, when it is a count whose windows can be told at once.
pub(super) fn counted(condition: &IrExpr) -> Option<Counted<'_>> {
    let ExprKind::Compare { op, left, right } = &condition.kind else { return None };
    let (op, rows, number) = match (&left.kind, &right.kind) {
        (ExprKind::Some(rows), ExprKind::Int(number)) => (*op, rows, *number),
        (ExprKind::Int(number), ExprKind::Some(rows)) => (op.turned(), rows, *number),
        _ => return None,
    };
    let of_rows = match &rows.ask {
        Ask::Count => true,
        Ask::Distinct(value) => !value.uses_window(),
        Ask::Some | Ask::Sum(_) | Ask::Earliest(_) | Ask::Latest(_) | Ask::Days { .. } => false,
    };
    // A number is compared with as it is, and with the next one.
    let fits = number < MOST_TIMES;
    (of_rows && fits && uses_window(rows) && asks_in_sets(rows)).then_some(Counted { rows, op, number })
}

/// The columns of a count's answer: how often each window counts, and the windows in which that is not known.
fn answer_names(q: &Quantified) -> [String; 2] {
    ["times", "unknown"].map(|what| format!("count.r{}.{what}", q.row.0))
}

impl Lower<'_> {
    /// In which windows the comparison is true and false.
    pub(super) fn counted(&self, count: &Counted, windows: &[Window]) -> Truth {
        let [times, unknown] = answer_names(count.rows);
        let at_least = |number: i64| match number {
            ..=0 => lit(all(windows)),
            _ => coalesce(vec![AT_LEAST.call(vec![ident(&times), lit(number)]), lit(0_i64)]),
        };
        let (enough, more) = (at_least(count.number), at_least(count.number.saturating_add(1)));
        let holds = match count.op {
            CompareOp::Ge => enough,
            CompareOp::Gt => more,
            CompareOp::Lt => not(enough, windows),
            CompareOp::Le => not(more, windows),
            CompareOp::Eq => enough & not(more, windows),
            CompareOp::Ne => not(enough, windows) | more,
        };
        let known = || none_of(ident(&unknown));
        Truth { yes: holds.clone() & known(), no: not(holds, windows) & known() }
    }
}

impl Build<'_> {
    /// Whether the answer of a quantifier is asked for as [`Build::times`] gives it. Where there is one window, it is a number like others.
    pub(super) fn counts_in_sets(&self, q: &Quantified) -> bool {
        let counts = matches!(q.ask, Ask::Count | Ask::Distinct(_));
        counts && uses_window(q) && !self.is_split && self.windows.len() > 1
    }

    /// For the keys of pairs with linked rows that may count: how often each window counts, and where that is not known.
    pub(super) fn times(&self, pairs: LogicalPlan, keys: &[String], q: &Quantified) -> Result<LogicalPlan> {
        let truth = self.lower.truth(&q.condition, self.windows)?;
        let mut pairs = with(
            pairs,
            vec![
                (truth.yes.clone(), "surely".to_owned()),
                (windows::not(truth.yes | truth.no, self.windows), "perhaps".to_owned()),
            ],
        )?;
        if let Ask::Distinct(value) = &q.ask {
            pairs = with(pairs, vec![(self.lower.expr(value)?, "value".to_owned())])?;
            let by_value: Vec<String> = keys.iter().cloned().chain(["value".to_owned()]).collect();
            let sets = ["surely", "perhaps"].map(|set| bit_or(ident(set)).alias(set));
            pairs = aggregate(pairs, &by_value, sets.to_vec())?;
            // A row without a value is not known to bring a new one.
            let missing = || ident("value").is_null();
            let sets = vec![
                (when(missing(), lit(0_i64)).otherwise(ident("surely"))?, "counts".to_owned()),
                (when(missing(), ident("surely") | ident("perhaps")).otherwise(ident("perhaps"))?, "doubt".to_owned()),
            ];
            pairs = with(pairs, sets)?;
        } else {
            let sets = [("surely", "counts"), ("perhaps", "doubt")].map(|(set, name)| (ident(set), name.to_owned()));
            pairs = with(pairs, sets.to_vec())?;
        }
        let columns = vec![times(ident("counts")).alias("times"), bit_or(ident("doubt")).alias("unknown")];
        keyed(aggregate(pairs, keys, columns)?, keys)
    }
}

/// What joined answers of [`Build::times`] give: a row that is linked to none counts none.
pub(super) fn joined(q: &Quantified) -> Vec<(Expr, String)> {
    let [times, unknown] = answer_names(q);
    vec![(ident("times"), times), (coalesce(vec![ident("unknown"), lit(0_i64)]), unknown)]
}

/// `at_least(digits, number)`: the windows that count at least so often.
fn counted_to(args: &[ColumnarValue], _: usize) -> Result<Option<ArrayRef>> {
    let [ColumnarValue::Array(lists), ColumnarValue::Scalar(number)] = args else { return Ok(None) };
    let (Some(lists), Ok(number)) = (lists.as_fixed_size_list_opt(), i64::try_from(number.clone())) else {
        return Ok(None);
    };
    let Some(digits) = lists.values().as_primitive_opt::<Int64Type>() else { return Ok(None) };
    let sets = digits.values().chunks_exact(DIGITS).enumerate();
    let sets: Int64Array = sets.map(|(row, digits)| lists.is_valid(row).then(|| reaches(digits, number))).collect();
    Ok(Some(Arc::new(sets)))
}

/// The windows whose number, by its digits, is at least this one.
fn reaches(digits: &[i64], number: i64) -> i64 {
    let (mut greater, mut same) = (0, -1);
    for (n, digit) in digits.iter().enumerate().rev() {
        if number >> n & 1 == 1 {
            same &= digit;
        } else {
            greater |= same & digit;
            same &= !digit;
        }
    }
    greater | same
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_reach_numbers_up_to_their_own() {
        // Window n counts 3 n times.
        let counts: Vec<i64> = (0..64).map(|n| 3 * n).collect();
        let digit = |d: usize| counts.iter().enumerate().fold(0, |set, (n, count)| set | (count >> d & 1) << n);
        let digits: Vec<i64> = (0..DIGITS).map(digit).collect();
        for number in 1..=MOST_TIMES {
            let expected = counts.iter().enumerate().fold(0, |set, (n, c)| set | i64::from(*c >= number) << n);
            assert_eq!(reaches(&digits, number), expected, "{number}");
        }
    }
}
