//! How far chance alone may have moved a proportion: the Wilson interval.
//!
//! Two of three says little about the next three. The interval holds the share that a worker or an
//! office would show in the long run, in 95 of 100 such cases, if rows came out by chance; where it
//! holds the standard, the colour could as well be another.

/// 95 of 100 lie within so many standard deviations.
pub(super) const DEVIATIONS: f64 = 1.959_963_984_540_054;

/// Lower and upper end, in percent.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// At least.
    pub low: f64,
    /// At most.
    pub high: f64,
}

impl Interval {
    /// Wilson's score interval (without correction for continuity) of so many met of so many rows;
    /// `None` without rows.
    #[must_use]
    pub fn wilson(met: u64, of: u64) -> Option<Self> {
        if of == 0 {
            return None;
        }
        let (rows, square) = (of as f64, DEVIATIONS * DEVIATIONS);
        let share = met as f64 / rows;
        let scale = 1.0 + square / rows;
        let middle = (share + square / (2.0 * rows)) / scale;
        let half = DEVIATIONS / scale * (share * (1.0 - share) / rows + square / (4.0 * rows * rows)).sqrt();
        // None and all are exact ends, which rounding may miss by a hair.
        let low = if met == 0 { 0.0 } else { 100.0 * (middle - half).max(0.0) };
        let high = if met == of { 100.0 } else { 100.0 * (middle + half).min(1.0) };
        Some(Self { low, high })
    }

    /// Whether a threshold lies inside, so that the interval reaches to both sides of it.
    #[must_use]
    pub fn straddles(self, threshold: f64) -> bool {
        self.low < threshold && threshold < self.high
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(met: u64, of: u64) -> (f64, f64) {
        let Interval { low, high } = Interval::wilson(met, of).unwrap();
        ((low * 100.0).round() / 100.0, (high * 100.0).round() / 100.0)
    }

    /// Newcombe, Statistics in Medicine 17 (1998), table I, method 3.
    #[test]
    fn published_examples() {
        assert_eq!(of(81, 263), (25.53, 36.62));
        assert_eq!(of(15, 148), (6.24, 16.05));
        assert_eq!(of(0, 20), (0.0, 16.11));
        assert_eq!(of(1, 29), (0.61, 17.18));
    }

    #[test]
    fn none_and_all_reach_the_ends() {
        assert_eq!(Interval::wilson(0, 0), None);
        assert_eq!(of(3, 3).1, 100.0);
        assert_eq!(of(0, 1).0, 0.0);
    }

    #[test]
    fn a_threshold_inside_is_straddled() {
        let interval = Interval::wilson(8, 10).unwrap();
        assert!(interval.straddles(90.0) && interval.straddles(60.0));
        assert!(!interval.straddles(99.0) && !interval.straddles(30.0));
    }
}
