//! In which windows the comparison of a count of linked rows with a number holds.

use super::truth::Truth;
use crate::plan::analysis::CountThreshold;
use crate::plan::columns::count_names;
use crate::plan::functions::at_least::AT_LEAST;
use crate::plan::functions::coalesce::coalesce;
use crate::plan::window_set::{all, by_order, none_of, not};
use datafusion::logical_expr::{ident, lit};
use yardstick_language::calendar::Window;

/// In which windows the comparison of a count with a number is true and false.
pub(in crate::plan) fn counted_in(count: &CountThreshold<'_>, windows: &[Window]) -> Truth {
    let [times, unknown] = count_names(count.rows);
    let at_least = |number: i64| match number {
        ..=0 => lit(all(windows)),
        _ => coalesce(vec![AT_LEAST.call(vec![ident(&times), lit(number)]), lit(0_i64)]),
    };
    let (enough, more) = (at_least(count.number), at_least(count.number.saturating_add(1)));
    let holds = by_order(count.op, enough, more, windows);
    let known = || none_of(ident(&unknown));
    Truth { yes: holds.clone() & known(), no: not(holds, windows) & known() }
}
