//! A proportion: met rows of all rows, with the interval of chance.

use super::{Computed, number};
use crate::counts::{Counts, Doubt};
use crate::scorecard::band::Share;
use crate::scorecard::bounds::Bounds;
use crate::scorecard::figures::Figures;
use crate::scorecard::rollup::Total;
use crate::scorecard::wilson_interval::Interval;
use yardstick_language::calendar::Window;
use yardstick_language::ir::measure::Proportion;

impl Computed for Proportion {
    fn figures(&self, total: &Total, _: Window) -> Figures {
        let Counts { met, denominator: rows, .. } = total.counts;
        Figures {
            numerator: number(met),
            denominator: number(rows),
            rows,
            value: Share::of(100, met.into(), rows.into()),
            interval: Interval::wilson(met, rows),
        }
    }

    fn bounds(&self, total: &Total, doubt: &Doubt, _: Window) -> Bounds {
        bounds(&total.counts, doubt)
    }
}

/// Lower end: unknown outcomes are unmet, met rows that may leave do, and unmet rows that may come
/// do. Upper end: the same, with met and unmet exchanged.
fn bounds(counts: &Counts, doubt: &Doubt) -> Bounds {
    let (met, all) = (i128::from(counts.met), i128::from(counts.denominator));
    let undetermined = i128::from(counts.undetermined);
    // A row that was picked may have to make room for one that went.
    let leave = |takes: i64, of: i128| (i128::from(takes) + i128::from(doubt.instead)).min(of);
    let (met_leave, unmet_leave) = (leave(doubt.takes[0], met), leave(doubt.takes[1], all - met - undetermined));
    let [met_come, unmet_come] = doubt.brings.map(i128::from);
    // Where nothing is left below the line, only rows that are all met (or all unmet) could be
    // there.
    let whole = |any: bool, share| any.then(|| Share::of(100, share, 1)).flatten();
    let least = Share::of(100, met - met_leave, all - met_leave + unmet_come);
    let most = Share::of(100, met + undetermined + met_come, all - unmet_leave + met_come);
    Bounds {
        least: least.or_else(|| whole(all + met_come > 0, 1)),
        most: most.or_else(|| whole(all + unmet_come > 0, 0)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(met: u64, undetermined: u64, all: u64, takes: [i64; 2], brings: [i64; 2]) -> (Option<f64>, Option<f64>) {
        let counts = Counts { met, undetermined, denominator: all, ..Counts::default() };
        let Bounds { least, most } = bounds(&counts, &Doubt { takes, brings, ..Doubt::default() });
        (least.map(Share::figure), most.map(Share::figure))
    }

    #[test]
    fn a_share_is_least_when_what_is_unknown_is_unmet_and_most_when_it_is_met() {
        assert_eq!(of(5, 2, 10, [0, 0], [0, 0]), (Some(50.0), Some(70.0)));
        // One met row may leave, one unmet row may leave: 4 of 9, and 5 of 9.
        assert_eq!(of(5, 0, 10, [1, 1], [0, 0]), (Some(400.0 / 9.0), Some(500.0 / 9.0)));
        // Two rows may come, one of which cannot be met: 5 of 12, 6 of 11.
        assert_eq!(of(5, 0, 10, [0, 0], [1, 2]), (Some(500.0 / 12.0), Some(600.0 / 11.0)));
    }

    #[test]
    fn where_all_may_leave_what_is_left_says_the_ends() {
        assert_eq!(of(2, 0, 2, [2, 0], [0, 0]), (Some(100.0), Some(100.0)));
        assert_eq!(of(0, 0, 2, [0, 2], [0, 0]), (Some(0.0), Some(0.0)));
        assert_eq!(of(0, 0, 0, [0, 0], [1, 0]), (Some(100.0), Some(100.0)));
        assert_eq!(of(0, 0, 0, [0, 0], [1, 1]), (Some(0.0), Some(100.0)));
        assert_eq!(of(0, 0, 0, [0, 0], [0, 0]), (None, None));
    }
}
