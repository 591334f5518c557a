//! How many linked rows there are, compared with a number: `homes <= 2`. In which windows that holds is a set like any other, so rows need not
//! be split by windows for it. Different values are counted once each, in every window in which one of the rows that have it counts.

use super::answer::Build;
use super::coalesce::coalesce;
use super::expr::Lower;
use super::function::Function;
use super::quantifier::{aggregate, keyed, outermost, uses_window};
use super::relation::with;
use super::tally::{DIGITS, MOST_TIMES, times};
use super::windows::{self, Truth, all, asks_in_sets, by_order, none_of, not};
use datafusion::arrow::array::{Array, ArrayRef, AsArray, Int64Array};
use datafusion::arrow::datatypes::{DataType, Int64Type};
use datafusion::error::Result;
use datafusion::functions_aggregate::expr_fn::bit_or;
use datafusion::logical_expr::{ColumnarValue, Expr, LogicalPlan, LogicalPlanBuilder, ScalarUDF, ident, lit, when};
use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};
use yardstick_language::calendar::Window;
use yardstick_language::ir::{Ask, CompareOp, Expr as IrExpr, ExprKind, Quantified, RowId};

static AT_LEAST: LazyLock<Arc<ScalarUDF>> =
    LazyLock::new(|| Function::any("at_least", 2, DataType::Int64, counted_to).shared());

/// The windows in which a linked row, or a value, counts.
pub(super) const COUNTS: &str = "counts";
/// The windows in which it may count.
pub(super) const DOUBT: &str = "doubt";

/// A number against a count of linked rows that depends on the window.
#[derive(Debug)]
pub(super) struct Counted<'e> {
    number: i64,
    op: CompareOp,
    rows: &'e Quantified,
}

/// What a condition compares, when it is a count whose windows can be told at once.
pub(super) fn counted(condition: &IrExpr) -> Option<Counted<'_>> {
    let ExprKind::Compare { op, left, right } = &condition.kind else { return None };
    let (op, rows, number) = match (&left.kind, &right.kind) {
        (ExprKind::Some(rows), ExprKind::Int(number)) => (op.turned(), rows, *number),
        (ExprKind::Int(number), ExprKind::Some(rows)) => (*op, rows, *number),
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

/// The counts, by their rows, that a condition compares in this way where sets are asked for (see [`Lower::truth`]).
pub(super) fn compared_counts(condition: &IrExpr, found: &mut BTreeSet<RowId>) {
    match &condition.kind {
        ExprKind::And(all) | ExprKind::Or(all) => return all.iter().for_each(|c| compared_counts(c, found)),
        ExprKind::Not(inner) => return compared_counts(inner, found),
        _ => {}
    }
    found.extend(counted(condition).map(|count| count.rows.row));
    let mut inside = Vec::new();
    outermost(condition, &mut inside);
    for q in inside {
        compared_counts(&q.condition, found);
        q.ask.values().into_iter().for_each(|value| compared_counts(value, found));
    }
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
        let holds = by_order(count.op, enough, more, windows);
        let known = || none_of(ident(&unknown));
        Truth { yes: holds.clone() & known(), no: not(holds, windows) & known() }
    }
}

impl Build<'_> {
    /// Whether the answer of a quantifier is asked for as [`Build::times`] gives it. Where there is one window, it is a number like others.
    pub(super) fn counts_in_sets(&self, q: &Quantified) -> bool {
        self.lower.lists && self.compared_counts.contains(&q.row)
    }

    /// For the keys of pairs with linked rows that may count: how often each window counts, and where that is not known.
    pub(super) fn times(&self, pairs: LogicalPlan, keys: &[String], q: &Quantified) -> Result<LogicalPlan> {
        let pairs = self.counting(pairs, keys, q)?;
        let columns = vec![times(ident(COUNTS)).alias("times"), bit_or(ident(DOUBT)).alias("unknown")];
        keyed(aggregate(pairs, keys, columns)?, keys)
    }

    /// The pairs, or of different values the keys with each value, with the windows in which they count in [`COUNTS`], and those in which
    /// it is not known how many do in [`DOUBT`].
    pub(super) fn counting(&self, pairs: LogicalPlan, keys: &[String], q: &Quantified) -> Result<LogicalPlan> {
        let truth = self.lower.truth(&q.condition, self.windows)?;
        let mut pairs = with(
            pairs,
            vec![
                (truth.yes.clone(), COUNTS.to_owned()),
                (windows::not(truth.yes | truth.no, self.windows), DOUBT.to_owned()),
            ],
        )?;
        let Ask::Distinct(value) = &q.ask else { return Ok(pairs) };
        pairs = with(pairs, vec![(self.lower.expr(value)?, "value".to_owned())])?;
        let by_value: Vec<String> = keys.iter().cloned().chain(["value".to_owned()]).collect();
        pairs = aggregate(pairs, &by_value, [COUNTS, DOUBT].map(|set| bit_or(ident(set)).alias(set)).to_vec())?;
        // A row without a value is not known to bring a new one.
        let missing = || ident("value").is_null();
        let counts = when(missing(), lit(0_i64)).otherwise(ident(COUNTS))?.alias(COUNTS);
        let doubt = when(missing(), ident(COUNTS) | ident(DOUBT)).otherwise(ident(DOUBT))?.alias(DOUBT);
        let keys = keys.iter().map(ident);
        LogicalPlanBuilder::from(pairs).project(keys.chain([counts, doubt]).collect::<Vec<_>>())?.build()
    }
}

/// What joined answers of [`Build::times`] give: a row that is linked to none counts none. Of a row with `nobody` to ask about nothing is
/// known in any window.
pub(super) fn joined(q: &Quantified, nobody: Option<Expr>) -> Result<Vec<(Expr, String)>> {
    let [times, unknown] = answer_names(q);
    Ok(vec![(ident("times"), times), (unknown_in(nobody)?, unknown)])
}

/// The windows in which a joined answer is not known.
pub(super) fn unknown_in(nobody: Option<Expr>) -> Result<Expr> {
    let unknown = coalesce(vec![ident("unknown"), lit(0_i64)]);
    match nobody {
        Some(nobody) => when(nobody, lit(-1_i64)).otherwise(unknown),
        None => Ok(unknown),
    }
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
