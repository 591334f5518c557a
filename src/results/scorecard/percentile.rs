//! Percentiles of observed values, and Kaplan-Meier percentiles where some rows are censored.

use super::band::Share;
use super::values::Values;
use num_bigint::BigUint;
use std::cmp::Ordering;

/// Of n values in order the one at place `n * percent / 100`, rounded up; where that is whole,
/// halfway between it and the next. `None` without values. (The law of SAS's PCTLDEF=5 and of R's
/// type 2.)
pub(super) fn of(values: &Values, percent: u8) -> Option<Share> {
    let rows = values.rows();
    let reach = u128::from(rows) * u128::from(percent);
    let place = reach.div_ceil(100);
    let next = if reach.is_multiple_of(100) { place + 1 } else { place };
    let at = |place: u128| {
        let mut passed = 0;
        values.iter().find_map(|(value, valued)| {
            passed += u128::from(valued.rows);
            (passed >= place).then_some(value)
        })
    };
    halfway(at(place)?, at(next)?)
}

/// The same of times until something happens, of which some are of rows that are not met: there it
/// has not happened by that time, and when it will is not known. The estimate is Kaplan and
/// Meier's, see [`yardstick_language::ir::Measure::Until`]; `None` when it gives no time.
pub(super) fn until(times: &Values, percent: u8) -> Option<Share> {
    let mut left = times.rows();
    let mut remaining = Remaining { share: 1.0, factors: Vec::new() };
    let mut level = None;
    for (time, valued) in times.iter() {
        if valued.met > 0 {
            if let Some(since) = level {
                return halfway(since, time);
            }
            remaining.step(left, left.saturating_sub(valued.met));
            match remaining.against(percent) {
                Ordering::Less => return halfway(time, time),
                Ordering::Equal => level = Some(time),
                Ordering::Greater => {}
            }
        }
        left = left.saturating_sub(valued.rows);
    }
    // The share stays there to the end of what is known.
    level.and_then(|since| halfway(since, since))
}

/// The range of [`of`] when `unknown` further rows have values that are not known (below or above
/// all others), and `gone` of the known rows may not belong. An end is `None` where it is one of
/// the unknown values.
pub(super) fn range(values: &Values, percent: u8, unknown: u64, gone: u64) -> (Option<Share>, Option<Share>) {
    let known = values.rows();
    let rows = (known + unknown).saturating_sub(gone);
    let reach = u128::from(rows) * u128::from(percent);
    let place = reach.div_ceil(100);
    let next = if reach.is_multiple_of(100) { place + 1 } else { place };
    let at = |place: Option<u128>| {
        let place = place.filter(|place| (1..=u128::from(known)).contains(place))?;
        let mut passed = 0;
        values.iter().find_map(|(value, valued)| {
            passed += u128::from(valued.rows);
            (passed >= place).then_some(value)
        })
    };
    let [unknown, gone] = [unknown, gone].map(u128::from);
    // All that is unknown lies below, and what goes is the largest; or it lies above, and what goes
    // is the smallest.
    let low = |place: u128| at(place.checked_sub(unknown));
    let high = |place: u128| at(Some(place + gone));
    let between = |a: Option<i64>, b: Option<i64>| halfway(a?, b?);
    (between(low(place), low(next)), between(high(place), high(next)))
}

fn halfway(a: i64, b: i64) -> Option<Share> {
    Share::of(1, i128::from(a) + i128::from(b), 2)
}

/// The Kaplan-Meier survival estimate: a product of fractions of whole numbers.
struct Remaining {
    /// The product, nearly.
    share: f64,
    /// Its fractions, above and below.
    factors: Vec<(u64, u64)>,
}

/// A share nearer than this to what it is compared with is compared in whole numbers. Each fraction
/// adds an error of 2 parts in 10^16 or so, and there are never more than days on which something
/// can happen.
const NEAR: f64 = 1e-6;

impl Remaining {
    /// One event time: `before` rows at risk, of which `after` remain.
    fn step(&mut self, before: u64, after: u64) {
        self.share *= after as f64 / before as f64;
        match self.factors.last_mut() {
            // Where nobody has left in between without being met, the fractions cancel.
            Some((above, _)) if *above == before => *above = after,
            _ => self.factors.push((after, before)),
        }
    }

    /// Compares the estimate with the share that remains when `percent` of the rows are gone.
    fn against(&self, percent: u8) -> Ordering {
        let hundredths = 100_u8.saturating_sub(percent);
        let goal = f64::from(hundredths) / 100.0;
        if (self.share - goal).abs() > NEAR {
            return self.share.total_cmp(&goal);
        }
        let above: BigUint = self.factors.iter().map(|(above, _)| BigUint::from(*above)).product();
        let below: BigUint = self.factors.iter().map(|(_, below)| BigUint::from(*below)).product();
        (above * 100_u8).cmp(&(below * hundredths))
    }
}

#[cfg(test)]
mod tests {
    use super::super::values::Valued;
    use super::*;

    fn values(rows: &[(i64, u64)]) -> Values {
        let mut values = Values::NONE;
        rows.iter().for_each(|(value, rows)| values.of(*value).rows = *rows);
        values
    }

    fn median(of_values: &[(i64, u64)]) -> Option<f64> {
        of(&values(of_values), 50).map(Share::figure)
    }

    #[test]
    fn the_median_is_the_middle_or_halfway_between_the_two_in_the_middle() {
        assert_eq!(median(&[]), None);
        assert_eq!(median(&[(7, 1)]), Some(7.0));
        assert_eq!(median(&[(1, 1), (4, 1)]), Some(2.5));
        assert_eq!(median(&[(1, 1), (4, 1), (9, 1)]), Some(4.0));
        assert_eq!(median(&[(1, 3), (4, 1)]), Some(1.0));
        assert_eq!(median(&[(1, 2), (4, 2)]), Some(2.5));
        assert_eq!(median(&[(-3, 1), (-2, 1)]), Some(-2.5));
    }

    #[test]
    fn a_percentile_is_at_its_place_rounded_up_or_halfway_to_the_next() {
        let ten: Vec<(i64, u64)> = (1..=10).map(|n| (n * 10, 1)).collect();
        let at = |percent| of(&values(&ten), percent).map(Share::figure);
        assert_eq!(at(1), Some(10.0), "place 0.1, so the first");
        assert_eq!(at(10), Some(15.0), "place 1, so halfway to the second");
        assert_eq!(at(11), Some(20.0), "place 1.1");
        assert_eq!(at(25), Some(30.0), "place 2.5");
        assert_eq!(at(50), Some(55.0));
        assert_eq!(at(90), Some(95.0));
        assert_eq!(at(99), Some(100.0), "place 9.9, so the last");
        assert_eq!(of(&values(&[(3, 100)]), 99).map(Share::figure), Some(3.0));
    }

    #[test]
    fn a_range_holds_every_way_in_which_the_unknown_can_turn_out() {
        let figures = |range: (Option<Share>, Option<Share>)| (range.0.map(Share::figure), range.1.map(Share::figure));
        let known = values(&[(10, 1), (20, 1), (30, 1), (40, 1)]);
        assert_eq!(figures(range(&known, 50, 0, 0)), (Some(25.0), Some(25.0)));
        assert_eq!(figures(range(&known, 50, 1, 0)), (Some(20.0), Some(30.0)));
        assert_eq!(figures(range(&known, 50, 0, 1)), (Some(20.0), Some(30.0)));
        assert_eq!(figures(range(&known, 50, 4, 0)), (None, None));
        assert_eq!(figures(range(&known, 25, 1, 0)), (Some(10.0), Some(20.0)));
        assert_eq!(figures(range(&known, 10, 1, 0)), (None, Some(10.0)));
        // Three rows more with any values, or a row less, stay inside.
        for percent in 1..100 {
            let (least, most) = figures(range(&known, percent, 1, 0));
            for value in [-5, 10, 15, 25, 35, 40, 99] {
                let mut all = known.clone();
                all.of(value).rows += 1;
                let found = of(&all, percent).map(Share::figure).unwrap();
                assert!(least.is_none_or(|l| l <= found) && most.is_none_or(|m| found <= m), "{percent} {value}");
            }
        }
    }

    /// Times as they are printed: `6+` has not happened by 6.
    fn times(text: &str) -> Values {
        let mut times = Values::NONE;
        for time in text.split(' ') {
            let valued = times.of(time.trim_end_matches('+').parse().unwrap());
            valued.rows += 1;
            valued.met += u64::from(!time.ends_with('+'));
        }
        times
    }

    fn at(percent: u8, of: &str) -> Option<f64> {
        until(&times(of), percent).map(Share::figure)
    }

    /// Weeks in remission: Freireich and others, Blood 21 (1963), as in every textbook since.
    #[test]
    fn a_published_example() {
        let treated = "6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+";
        assert_eq!(at(50, treated), Some(23.0));
        assert_eq!(at(25, treated), Some(13.0));
        assert_eq!(at(75, treated), None);
        // The one of the reference.
        assert_eq!(at(50, "10 20 20+ 30+ 40 60+"), Some(40.0));
        let untreated = "1 1 2 2 3 4 4 5 5 8 8 8 8 11 11 12 12 15 17 22 23";
        assert_eq!(at(50, untreated), Some(8.0));
    }

    #[test]
    fn where_the_share_stays_exactly_at_the_level_it_is_halfway_to_the_next_event() {
        assert_eq!(at(50, "2 4 6 8"), Some(5.0));
        assert_eq!(at(50, "2 4 5+ 9"), Some(6.5), "who leaves in between moves nothing");
        assert_eq!(at(50, "1 1 1+ 3 8 9+"), Some(3.0), "4/6 * 2/3 = 4/9");
    }

    #[test]
    fn where_the_share_stays_exactly_at_the_level_to_the_end_it_is_the_time_it_got_there() {
        assert_eq!(at(50, "1 1 2 2+ 2+ 2+"), Some(2.0));
        assert_eq!(at(50, "1 2 2+ 2+"), Some(2.0));
        assert_eq!(at(50, "10 30+"), Some(10.0));
        assert_eq!([49, 51].map(|percent| at(percent, "10 30+")), [Some(10.0), None]);
    }

    #[test]
    fn at_equal_times_events_come_first() {
        // Of three at risk on day 3 one event: 2/3; then two leave, and the one of day 5 is alone.
        assert_eq!(at(50, "3 3+ 5"), Some(5.0));
        assert_eq!(at(30, "3 3+ 5"), Some(3.0));
    }

    #[test]
    fn without_an_event_nothing_can_be_said() {
        assert_eq!(at(50, "3+ 5+"), None);
        assert_eq!(until(&Values::NONE, 50), None);
        assert_eq!(at(1, "3+ 5+ 9"), Some(9.0));
    }

    #[test]
    fn without_leavers_it_is_the_plain_percentile() {
        for rows in 1..60_i64 {
            let mut all = Values::NONE;
            (0..rows).for_each(|n| *all.of(n * n % 37) = Valued { rows: 3, met: 3 });
            for percent in 1..100 {
                assert_eq!(until(&all, percent), of(&all, percent), "{percent} of {all:?}");
            }
        }
    }

    /// 14/16 * 8/12 * 6/7 and 14/16 * 8/10 * 5/7 are exactly 1/2; computers make it
    /// 0.4999999999999999 and 0.5000000000000001.
    #[test]
    fn the_level_is_told_exactly() {
        let below = "1 1 2+ 2+ 3 3 3 3 4+ 5 9 9 9 9 9 9";
        let above = "1 1 2+ 2+ 2+ 2+ 3 3 4+ 5 5 9 9 9 9 9";
        assert_eq!(at(50, below), Some(7.0));
        assert_eq!(at(50, above), Some(7.0));
        // The next percent on either side has no such stretch.
        assert_eq!([49, 51].map(|percent| at(percent, below)), [Some(5.0), Some(9.0)]);
        assert_eq!([49, 51].map(|percent| at(percent, above)), [Some(5.0), Some(9.0)]);
    }
}
