//! A share against a standard, compared exactly as both are written.
//!
//! 473 of 500 meets `at least 94.6%`, although neither figure has an exact binary form: a standard
//! is the decimal that was written, a share is a fraction of whole numbers, and the two are
//! compared as fractions.

use super::cell::Band;
use std::cmp::Ordering;
use yardstick_language::decimal::Decimal;
use yardstick_language::ir::{Standard, Thresholds};

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

    /// One of so many equal parts of it; nothing when there are none.
    #[must_use]
    pub fn part(self, parts: i64) -> Option<Self> {
        Self::of(self.scale, self.above, self.below.checked_mul(parts.into())?)
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

    fn exactly(self, threshold: &Limit) -> Option<Ordering> {
        self.cmp_decimal(threshold.exact?)
    }

    /// How it stands to a decimal, `scale * above / below <=> digits / scale`, in whole numbers;
    /// `None` when they grow too large.
    #[must_use]
    pub fn cmp_decimal(self, decimal: Decimal) -> Option<Ordering> {
        let left = self.above.checked_mul(self.scale)?.checked_mul(decimal.scale)?;
        Some(left.cmp(&decimal.digits.checked_mul(self.below)?))
    }

    /// Whether a figure is the share, rounded to the decimals the figure is written with; where the
    /// share lies halfway between two figures, either is. A figure without decimals is not rounded.
    /// A figure with all the digits that [`Share::figure`] has is that number.
    #[must_use]
    pub fn is_written_as(self, figure: Decimal) -> bool {
        let half = Decimal { digits: i128::from(figure.scale > 1), scale: figure.scale.saturating_mul(2) };
        let inside = || {
            let least = self.cmp_decimal(figure.minus(half)?)?;
            let most = self.cmp_decimal(figure.plus(half)?)?;
            Some(least.is_ge() && most.is_le())
        };
        let number = || figure.to_string().parse().is_ok_and(|number: f64| number.total_cmp(&self.figure()).is_eq());
        inside().unwrap_or(false) || number()
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
    /// The decimal that was written.
    exact: Option<Decimal>,
}

impl Limit {
    /// The threshold of a standard: the shortest decimal that names its number is the one that was
    /// written.
    #[must_use]
    pub fn new(figure: f64) -> Self {
        Self { figure, exact: Decimal::of(figure) }
    }
}

/// A standard, made ready once for the many cells it judges.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limits {
    green: Thresholds<Limit>,
    yellow: Option<Thresholds<Limit>>,
}

impl Limits {
    /// The thresholds of a standard; `None` of one that gives no colour.
    #[must_use]
    pub fn of(standard: &Standard) -> Option<Self> {
        let Standard { green, yellow, .. } = *standard;
        Some(Self { green: green?.map(Limit::new), yellow: yellow.map(|yellow| yellow.map(Limit::new)) })
    }

    /// The thresholds for green.
    #[must_use]
    pub fn green(&self) -> Thresholds {
        self.green.map(|limit| limit.figure)
    }

    /// The thresholds for green or yellow, when there is a yellow band.
    #[must_use]
    pub fn yellow(&self) -> Option<Thresholds> {
        self.yellow.map(|yellow| yellow.map(|limit| limit.figure))
    }

    /// Where a share lies: at a threshold is met, whichever the direction.
    #[must_use]
    pub fn place(&self, share: Share) -> Place {
        place(&self.green, self.yellow.as_ref(), |limit| share.against(limit))
    }
}

/// Where a value lies. A range has yellow and red on both sides: two values of one band are in one
/// place only when they lie on the same side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The band.
    pub band: Band,
    /// Below what is green, in it, or above it.
    pub(super) side: Ordering,
}

/// The place of a value that `against` compares with a threshold.
pub(super) fn place<T>(
    green: &Thresholds<T>,
    yellow: Option<&Thresholds<T>>,
    against: impl Fn(&T) -> Ordering,
) -> Place {
    let side = green.side(&against);
    let band = match yellow {
        _ if side.is_eq() => Band::Green,
        Some(yellow) if yellow.side(&against).is_eq() => Band::Yellow,
        Some(_) | None => Band::Red,
    };
    Place { band, side }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn standard(at_least: bool, green: f64, yellow: Option<f64>) -> Standard {
        let ends = |end| match at_least {
            true => Thresholds { least: Some(end), most: None },
            false => Thresholds { least: None, most: Some(end) },
        };
        of_ends(ends(green), yellow.map(ends))
    }

    fn of_ends(green: Thresholds, yellow: Option<Thresholds>) -> Standard {
        let (from, until, source, status, yellow_status) = (None, None, None, None, None);
        Standard { green: Some(green), yellow, from, until, source, status, yellow_status }
    }

    fn range(least: f64, most: f64) -> Thresholds {
        Thresholds { least: Some(least), most: Some(most) }
    }

    fn of(met: u64, of: u64) -> Share {
        Share::of(100, met.into(), of.into()).unwrap()
    }

    fn band(share: Share, standard: &Standard) -> Band {
        Limits::of(standard).unwrap().place(share).band
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
    fn a_range_has_yellow_and_red_on_both_sides() {
        let standard = of_ends(range(40.0, 60.0), Some(range(36.0, 64.0)));
        let shares = [359, 360, 399, 400, 500, 600, 601, 640, 641];
        assert_eq!(
            shares.map(|met| band(of(met, 1000), &standard).letter()),
            ['R', 'Y', 'Y', 'G', 'G', 'G', 'Y', 'Y', 'R']
        );
        let place = |met| Limits::of(&standard).unwrap().place(of(met, 1000));
        assert_eq!(place(359), place(0));
        assert_ne!(place(359), place(641), "red, but on the other side");
        assert_ne!(place(399), place(601));
        // Yellow on one side only, and none at all.
        let above = of_ends(range(40.0, 60.0), Some(range(40.0, 64.0)));
        assert_eq!([399, 400, 640, 641].map(|met| band(of(met, 1000), &above).letter()), ['R', 'G', 'Y', 'R']);
        let none = of_ends(range(40.0, 60.0), None);
        assert_eq!([399, 400, 600, 601].map(|met| band(of(met, 1000), &none).letter()), ['R', 'G', 'G', 'R']);
    }

    #[test]
    fn no_standard_no_place() {
        assert_eq!(Limits::of(&Standard { green: None, ..standard(true, 90.0, None) }), None);
    }

    #[test]
    fn halfway_between_two_figures_either_is_right() {
        let written = |digits, scale| Decimal { digits, scale };
        let eighth = Share::of(1, 1, 8).unwrap();
        for (digits, scale) in [(125, 1000), (12, 100), (13, 100), (1, 10), (1250, 10_000)] {
            assert!(eighth.is_written_as(written(digits, scale)), "{digits} / {scale}");
        }
        for (digits, scale) in [(11, 100), (14, 100), (2, 10), (124, 1000), (0, 1), (1, 1)] {
            assert!(!eighth.is_written_as(written(digits, scale)), "{digits} / {scale}");
        }
        // 0.015 has no exact binary form: floating point takes one of the two only.
        let share = Share::of(1, 3, 200).unwrap();
        assert!(share.is_written_as(written(1, 100)) && share.is_written_as(written(2, 100)));
        assert!(Share::of(1, 12, 1).unwrap().is_written_as(written(12, 1)));
        assert!(!Share::of(1, 25, 2).unwrap().is_written_as(written(12, 1)), "a figure without decimals is exact");
        let long = Share::of(1, 548, 366).unwrap();
        let printed = written(14_972_677_595_628_416, 10_000_000_000_000_000);
        assert_eq!(long.figure().to_string(), printed.to_string());
        assert!(long.is_written_as(printed));
        let negative = Share::of(1, -1, 8).unwrap();
        assert!(negative.is_written_as(written(-12, 100)) && negative.is_written_as(written(-13, 100)));
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
