//! A share against a standard, compared exactly as both are written.
//!
//! 473 of 500 meets `at least 94.6%`, although neither figure has an exact binary form: a standard
//! is the decimal that was written, a share is a fraction of whole numbers, and the two are
//! compared as fractions.

use super::cell::Band;
use std::cmp::Ordering;
use yardstick_language::ir::Standard;

/// A fraction of whole numbers, times a scale: 100 for percent, the days of a rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share {
    scale: i128,
    above: i128,
    /// More than 0.
    below: i128,
}

impl Share {
    /// `scale * above / below`; `None` when nothing is below.
    #[must_use]
    pub fn of(scale: i128, above: i128, below: i128) -> Option<Self> {
        (below > 0).then_some(Self { scale, above, below })
    }

    /// As a number, not rounded.
    #[must_use]
    pub fn figure(self) -> f64 {
        number(self.scale) * number(self.above) / number(self.below)
    }

    /// How it stands to a threshold.
    #[must_use]
    pub fn against(self, threshold: &Limit) -> Ordering {
        self.exactly(threshold).unwrap_or_else(|| self.figure().total_cmp(&threshold.figure))
    }

    /// `scale * above / below <=> digits / places`, in whole numbers; `None` when they grow too
    /// large.
    fn exactly(self, threshold: &Limit) -> Option<Ordering> {
        let (digits, places) = threshold.exact?;
        let left = self.above.checked_mul(self.scale)?.checked_mul(places)?;
        Some(left.cmp(&digits.checked_mul(self.below)?))
    }
}

/// The nearest number: of 128 bits that takes several times as long, and few need them.
fn number(whole: i128) -> f64 {
    i64::try_from(whole).map_or(whole as f64, |whole| whole as f64)
}

/// A threshold that shares can be held against.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limit {
    /// As a number.
    pub figure: f64,
    /// The decimal that was written, as a fraction of whole numbers: 94.6 is 946 / 10.
    exact: Option<(i128, i128)>,
}

impl Limit {
    /// The threshold of a standard: the shortest decimal that names its number is the one that was
    /// written.
    #[must_use]
    pub fn new(figure: f64) -> Self {
        let text = figure.to_string();
        let (whole, rest) = text.split_once('.').unwrap_or((&text, ""));
        let digits = format!("{whole}{rest}").parse().ok();
        let scale = u32::try_from(rest.len()).ok().and_then(|places| 10_i128.checked_pow(places));
        Self { figure, exact: digits.zip(scale) }
    }
}

/// A standard, made ready once for the many cells it judges.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limits {
    at_least: bool,
    /// Green from here on.
    pub green: Limit,
    yellow: Option<Limit>,
}

impl Limits {
    /// The thresholds of a standard.
    #[must_use]
    pub fn of(standard: &Standard) -> Self {
        let Standard { at_least, green, yellow, .. } = *standard;
        Self { at_least, green: Limit::new(green), yellow: yellow.map(Limit::new) }
    }

    /// The band of a share: at the threshold is met, whichever the direction.
    #[must_use]
    pub fn band(&self, share: Share) -> Band {
        by_order(self.at_least, &self.green, self.yellow.as_ref(), |limit| share.against(limit))
    }
}

/// The band of a value that `against` compares with a threshold.
pub(super) fn by_order<T: Copy>(at_least: bool, green: T, yellow: Option<T>, against: impl Fn(T) -> Ordering) -> Band {
    let meets = |threshold: T| {
        let order = against(threshold);
        if at_least { order.is_ge() } else { order.is_le() }
    };
    if meets(green) {
        Band::Green
    } else if yellow.is_some_and(meets) {
        Band::Yellow
    } else {
        Band::Red
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn standard(at_least: bool, green: f64, yellow: Option<f64>) -> Standard {
        Standard { at_least, green, yellow, from: None, until: None, source: None, status: None, yellow_status: None }
    }

    fn of(met: u64, of: u64) -> Share {
        Share::of(100, met.into(), of.into()).unwrap()
    }

    fn band(share: Share, standard: &Standard) -> Band {
        Limits::of(standard).band(share)
    }

    #[test]
    fn a_tie_is_met_even_where_floating_point_differs() {
        let at_least = standard(true, 94.6, None);
        let at_most = standard(false, 94.6, None);
        assert_eq!(band(of(473, 500), &at_least), Band::Green);
        assert_eq!(band(of(473, 500), &at_most), Band::Green);
        // Every share that is exactly some threshold of up to two places, in both directions.
        for hundredths in 0..=10_000_u64 {
            let written = format!("{}.{:02}", hundredths / 100, hundredths % 100);
            let threshold = Limit::new(written.parse().unwrap());
            for scale in [1, 3, 7, 1_000_003] {
                let tie = of(hundredths * scale, 10_000 * scale);
                assert_eq!(tie.against(&threshold), Ordering::Equal, "{written}");
            }
        }
    }

    #[test]
    fn one_row_short_is_not_met() {
        assert_eq!(band(of(472, 500), &standard(true, 94.6, None)), Band::Red);
        assert_eq!(band(of(474, 500), &standard(false, 94.6, None)), Band::Red);
    }

    #[test]
    fn bands_are_as_narrow_as_the_standard_says() {
        // Trap 24: 99.5 % against 99.68 %.
        assert_eq!(band(of(995, 1000), &standard(true, 99.68, None)), Band::Red);
        assert_eq!(band(of(995, 1000), &standard(true, 99.68, Some(99.5))), Band::Yellow);
        assert_eq!(band(of(994, 1000), &standard(true, 99.68, Some(99.5))), Band::Red);
    }

    #[test]
    fn the_direction_turns_the_bands_around() {
        // Trap 25.
        let (more, less) = (standard(true, 50.0, Some(40.0)), standard(false, 40.0, Some(50.0)));
        let bands = |s| [30, 40, 45, 50, 60].map(|met| band(of(met, 100), s).letter());
        assert_eq!(bands(&more), ['R', 'Y', 'Y', 'G', 'G']);
        assert_eq!(bands(&less), ['G', 'G', 'Y', 'Y', 'R']);
    }

    #[test]
    fn huge_figures_are_still_compared() {
        let most = u64::MAX;
        let against = |share: Share, threshold| share.against(&Limit::new(threshold));
        assert_eq!(against(of(most, most), 100.0), Ordering::Equal);
        assert_eq!(against(of(most - 1, most), 100.0), Ordering::Less);
        assert_eq!(against(of(1, 3), 1e300), Ordering::Less);
        assert_eq!(against(of(1, 3), -1e-300), Ordering::Greater);
    }
}
