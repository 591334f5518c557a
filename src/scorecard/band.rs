//! A share against a standard, compared exactly as both are written.
//!
//! 473 of 500 meets `at least 94.6%`, although neither figure has an exact binary form: a standard is the decimal that
//! was written, a share is a fraction of whole numbers, and the two are compared as fractions.

use super::cell::Band;
use crate::ir::Standard;
use std::cmp::Ordering;

/// Rows above the line, of rows below it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share {
    /// Above.
    pub met: u64,
    /// Below; not 0.
    pub of: u64,
}

impl Share {
    /// In percent, not rounded.
    #[must_use]
    pub fn percent(self) -> f64 {
        100.0 * self.met as f64 / self.of as f64
    }

    /// How it stands to a threshold in percent.
    #[must_use]
    pub fn against(self, threshold: f64) -> Ordering {
        self.exactly(threshold).unwrap_or_else(|| self.percent().total_cmp(&threshold))
    }

    /// `met / of <=> digits / 10^places / 100`, in whole numbers; `None` when they grow too large.
    fn exactly(self, threshold: f64) -> Option<Ordering> {
        let (digits, places) = decimal(threshold)?;
        let left = i128::from(self.met).checked_mul(100)?.checked_mul(10_i128.checked_pow(places)?)?;
        let right = digits.checked_mul(i128::from(self.of))?;
        Some(left.cmp(&right))
    }
}

/// The shortest decimal that names this number, which is the one that was written: 94.6 is 946 with one place.
fn decimal(number: f64) -> Option<(i128, u32)> {
    let text = number.to_string();
    let (whole, rest) = text.split_once('.').unwrap_or((&text, ""));
    let digits = format!("{whole}{rest}").parse().ok()?;
    Some((digits, u32::try_from(rest.len()).ok()?))
}

/// The band of a share: at the threshold is met, whichever the direction.
#[must_use]
pub fn band(share: Share, standard: &Standard) -> Band {
    by_order(standard, |threshold| share.against(threshold))
}

/// The band of a value that `against` compares with a threshold.
pub(super) fn by_order(standard: &Standard, against: impl Fn(f64) -> Ordering) -> Band {
    let meets = |threshold: f64| {
        let order = against(threshold);
        if standard.at_least { order.is_ge() } else { order.is_le() }
    };
    if meets(standard.green) {
        Band::Green
    } else if standard.yellow.is_some_and(&meets) {
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
        Share { met, of }
    }

    #[test]
    fn a_tie_is_met_even_where_floating_point_differs() {
        let at_least = standard(true, 94.6, None);
        let at_most = standard(false, 94.6, None);
        assert_eq!(band(of(473, 500), &at_least), Band::Green);
        assert_eq!(band(of(473, 500), &at_most), Band::Green);
        // Every share that is exactly some threshold of up to two places, in both directions.
        for hundredths in 0..=10_000_u64 {
            let threshold: f64 = format!("{}.{:02}", hundredths / 100, hundredths % 100).parse().unwrap();
            for scale in [1, 3, 7, 1_000_003] {
                let tie = of(hundredths * scale, 10_000 * scale);
                assert_eq!(tie.against(threshold), Ordering::Equal, "{threshold}");
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
        assert_eq!(of(most, most).against(100.0), Ordering::Equal);
        assert_eq!(of(most - 1, most).against(100.0), Ordering::Less);
        assert_eq!(of(1, 3).against(1e300), Ordering::Less);
        assert_eq!(of(1, 3).against(-1e-300), Ordering::Greater);
    }
}
