//! Decimals as they are written, as fractions of whole numbers: 94.6 is 946 / 10.
//!
//! 94.6 has no exact binary form. What is compared with a standard, or made of one, is computed
//! from the decimal.

use std::fmt;

/// A decimal: `digits / scale`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decimal {
    /// Its digits without the point.
    pub digits: i128,
    /// A power of ten.
    pub scale: i128,
}

impl Decimal {
    /// One hundred.
    pub const HUNDRED: Self = Self { digits: 100, scale: 1 };

    /// The shortest decimal that names a number: the one that was written. `None` when it has too
    /// many digits.
    #[must_use]
    pub fn of(number: f64) -> Option<Self> {
        let text = number.to_string();
        let (whole, rest) = text.split_once('.').unwrap_or((&text, ""));
        let digits = format!("{whole}{rest}").parse().ok()?;
        let places = u32::try_from(rest.len()).ok()?;
        Some(Self { digits, scale: 10_i128.checked_pow(places)? })
    }

    /// The whole number; `None` where there is a fraction.
    #[must_use]
    pub fn whole(self) -> Option<i128> {
        (self.digits.checked_rem(self.scale)? == 0).then(|| self.digits.checked_div(self.scale))?
    }

    /// The sum; `None` when it has too many digits.
    #[must_use]
    pub fn plus(self, other: Self) -> Option<Self> {
        let left = self.digits.checked_mul(other.scale)?;
        let right = other.digits.checked_mul(self.scale)?;
        Some(Self { digits: left.checked_add(right)?, scale: self.scale.checked_mul(other.scale)? })
    }

    /// The difference; `None` when it has too many digits.
    #[must_use]
    pub fn minus(self, other: Self) -> Option<Self> {
        self.plus(Self { digits: other.digits.checked_neg()?, ..other })
    }

    /// The product; `None` when it has too many digits.
    #[must_use]
    pub fn times(self, other: Self) -> Option<Self> {
        let digits = self.digits.checked_mul(other.digits)?;
        Some(Self { digits, scale: self.scale.checked_mul(other.scale)? })
    }

    /// So many hundredths of it; `None` when that has too many digits.
    #[must_use]
    pub fn percent(self, share: Self) -> Option<Self> {
        self.times(share)?.times(Self { digits: 1, scale: Self::HUNDRED.digits })
    }

    /// The number that the decimal names, when the number in turn names this decimal and no other:
    /// always with 15 digits or fewer.
    #[must_use]
    pub fn number(self) -> Option<f64> {
        let number: f64 = self.to_string().parse().ok()?;
        let back = Self::of(number)?;
        let same = back.digits.checked_mul(self.scale)? == self.digits.checked_mul(back.scale)?;
        same.then_some(number)
    }
}

impl fmt::Display for Decimal {
    /// With the decimals it was written with.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let places = self.scale.checked_ilog10().unwrap_or(0) as usize;
        let sign = if self.digits < 0 { "-" } else { "" };
        let digits = format!("{:0>1$}", self.digits.unsigned_abs(), places + 1);
        let (whole, rest) = digits.split_at_checked(digits.len() - places).unwrap_or((&digits, ""));
        let point = if rest.is_empty() { "" } else { "." };
        write!(f, "{sign}{whole}{point}{rest}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(number: f64) -> Decimal {
        Decimal::of(number).unwrap()
    }

    #[test]
    fn a_number_names_the_decimal_that_was_written() {
        assert_eq!(of(94.6), Decimal { digits: 946, scale: 10 });
        assert_eq!(of(-0.05), Decimal { digits: -5, scale: 100 });
        assert_eq!(of(365.0), Decimal { digits: 365, scale: 1 });
        assert_eq!(Decimal::of(1e300), None);
        for number in [0.0, 94.6, -0.05, 0.1, 1e14, 123_456_789.012_345] {
            assert_eq!(of(number).number(), Some(number));
        }
        assert_eq!(Decimal { digits: -1250, scale: 100 }.to_string(), "-12.50");
        assert_eq!(Decimal { digits: 5, scale: 1000 }.to_string(), "0.005");
        assert_eq!(of(365.0).to_string(), "365");
    }

    #[test]
    fn what_is_computed_is_exact() {
        // In floating point 94.6 - 9.46 is 85.13999999999999.
        let tenth = of(94.6).percent(of(10.0)).unwrap();
        assert_eq!(of(94.6).minus(tenth).unwrap().number(), Some(85.14));
        assert_eq!(of(0.1).plus(of(0.2)).unwrap().number(), Some(0.3));
        assert_eq!(of(-1.5).times(of(0.5)).unwrap().number(), Some(-0.75));
    }

    #[test]
    fn a_whole_number_has_no_fraction() {
        assert_eq!(Decimal { digits: 1200, scale: 100 }.whole(), Some(12));
        assert_eq!(of(12.5).whole(), None);
        assert_eq!(of(-3.0).whole(), Some(-3));
    }

    #[test]
    fn a_decimal_that_no_number_names_is_none() {
        let long = of(94.123_456_789_012).percent(of(3.333_333_333)).unwrap();
        assert_eq!(long.number(), None);
    }
}
