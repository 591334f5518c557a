//! Sets of windows.
//!
//! Windows overlap: twenty-four windows of a year begin a month apart, and a row counts in twelve
//! of them. A plan with one row for each row and window does the same work twelve times. So a row
//! stays one row and carries the set of the windows in which it counts: an Int64 whose bit `n`
//! stands for window `n` (hence [`MOST`]). A condition that looks at the window is asked once for
//! all windows, and its answer is two sets: where it is true, and where it is false; it is unknown
//! in the others (see `expression::truth`). `and`, `or` and `not` of sets are those of integers.
//! Only the last step, the counting, looks at single windows (`functions::count_by_window`).

use datafusion::logical_expr::{Expr, lit};
use yardstick_language::calendar::Window;
use yardstick_language::ir::CompareOp;

/// How many windows one plan measures at most: the bits of a set.
pub(in crate::plan) const MOST: usize = 64;

/// The set of all these windows.
pub(in crate::plan) fn all(windows: &[Window]) -> i64 {
    match windows.len() {
        n if n >= MOST => -1,
        n => (1_i64 << n).wrapping_sub(1),
    }
}

/// The windows of a set, the first one first.
pub(in crate::plan) fn each(set: i64) -> impl Iterator<Item = usize> {
    let mut left = set as u64;
    std::iter::from_fn(move || {
        let window = (left != 0).then(|| left.trailing_zeros() as usize);
        left &= left.wrapping_sub(1);
        window
    })
}

/// The set of one window.
pub(in crate::plan) fn only(window: usize) -> i64 {
    1 << window
}

/// The windows that are not in the set.
pub(in crate::plan) fn not(set: Expr, windows: &[Window]) -> Expr {
    set ^ lit(all(windows))
}

/// All bits that are not in the set.
pub(in crate::plan) fn none_of(set: Expr) -> Expr {
    set ^ lit(-1_i64)
}

/// The windows in which a comparison holds, of those in which its left side is at most the right
/// one, and is less.
pub(in crate::plan) fn by_order(op: CompareOp, at_most: Expr, less: Expr, windows: &[Window]) -> Expr {
    match op {
        CompareOp::Le => at_most,
        CompareOp::Lt => less,
        CompareOp::Ge => not(less, windows),
        CompareOp::Gt => not(at_most, windows),
        CompareOp::Eq => at_most & not(less, windows),
        CompareOp::Ne => not(at_most, windows) | less,
    }
}
