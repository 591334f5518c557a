//! The ratio of a group's proportion to that of other rows, as the disparity indices of public
//! reports have it: 2.0 is twice as often.
//!
//! The interval is that of Katz, Baptista, Azen and Pike, "Obtaining confidence intervals for the
//! risk ratio in cohort studies", Biometrics 34 (1978), 469-474: the logarithm of the ratio is
//! taken as normal, with the variance 1/a - 1/n + 1/b - 1/m for a of n rows and b of m. It holds
//! the ratio in 95 of 100 cases, if rows come out by chance and independently of each other.

use super::wilson_interval::{DEVIATIONS, Interval};
use crate::counts::Counts;
use yardstick_language::ir::Measure;
use yardstick_language::measures::Summary;

/// The name of all other rows whose group is known.
pub const REST: &str = "the rest";

/// What a group is compared with.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Reference {
    /// All other rows whose group is known.
    #[default]
    Rest,
    /// The group of this number.
    Group(usize),
}

/// A ratio of two proportions.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ratio {
    /// The ratio; 0 when no row of the group is met.
    pub value: f64,
    /// Its interval; `None` when no row of the group is met, or when all rows on both sides are.
    pub interval: Option<Interval>,
}

/// The rows that stay and those that are met.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Rows {
    /// Rows above the line.
    pub met: u64,
    /// Rows below the line.
    pub of: u64,
}

impl Rows {
    /// Those of counts.
    #[must_use]
    pub fn of(counts: &Counts) -> Self {
        Self { met: counts.met, of: counts.denominator }
    }

    /// These and other rows together.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self { met: self.met + other.met, of: self.of + other.of }
    }
}

/// Whether groups have a ratio: shares of rows that are met do.
#[must_use]
pub fn has_ratios(measure: &Measure) -> bool {
    measure.kind().summary() == Summary::MetOfRows
}

/// The ratio of a group's rows to others; `None` when there are no rows of one of the two, or no
/// other row is met.
#[must_use]
pub fn ratio(group: Rows, others: Rows) -> Option<Ratio> {
    if group.of == 0 || others.met == 0 {
        return None;
    }
    let [a, n, b, m] = [group.met, group.of, others.met, others.of].map(|rows| rows as f64);
    let value = (a / n) / (b / m);
    let all = group.met == group.of && others.met == others.of;
    let interval = (group.met > 0 && !all).then(|| {
        let by = DEVIATIONS * (1.0 / a - 1.0 / n + 1.0 / b - 1.0 / m).max(0.0).sqrt();
        Interval { low: value * (-by).exp(), high: value * by.exp() }
    });
    Some(Ratio { value, interval })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(group: (u64, u64), others: (u64, u64)) -> Option<Ratio> {
        let rows = |(met, of)| Rows { met, of };
        ratio(rows(group), rows(others))
    }

    /// Aspirin and heart attacks in the Physicians' Health Study (1988): 139 of 11,037 and 239 of
    /// 11,034; the ratio 0.58 with the interval from 0.47 to 0.72 stands in many textbooks.
    #[test]
    fn a_published_example() {
        let Ratio { value, interval } = of((139, 11_037), (239, 11_034)).unwrap();
        let two = |n: f64| (n * 100.0).round() / 100.0;
        let interval = interval.unwrap();
        assert_eq!((two(value), two(interval.low), two(interval.high)), (0.58, 0.47, 0.72));
    }

    #[test]
    fn it_turns_over_with_its_sides() {
        let (one, other) = (of((30, 100), (20, 150)).unwrap(), of((20, 150), (30, 100)).unwrap());
        let (i, o) = (one.interval.unwrap(), other.interval.unwrap());
        assert!((one.value * other.value - 1.0).abs() < 1e-12);
        assert!((i.low * o.high - 1.0).abs() < 1e-12 && (i.high * o.low - 1.0).abs() < 1e-12);
    }

    #[test]
    fn what_has_no_ratio_and_what_no_interval() {
        assert_eq!(of((0, 0), (5, 10)), None);
        assert_eq!(of((5, 10), (0, 10)), None);
        assert_eq!(of((5, 10), (0, 0)), None);
        assert_eq!(of((0, 10), (5, 10)), Some(Ratio { value: 0.0, interval: None }));
        assert_eq!(of((10, 10), (7, 7)), Some(Ratio { value: 1.0, interval: None }));
        assert!(of((10, 10), (6, 7)).unwrap().interval.is_some());
    }
}
