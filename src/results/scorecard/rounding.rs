//! A value as a short number that never contradicts its colour.
//!
//! 94.58 against `at least 94.6` is red; shown as `94.6 R` it would look like a mistake. So a value
//! is shown with one decimal, and with as many more as it takes to fall on the same side of the
//! standard as the value itself. In the same way `0.0` and `100.0` are kept for exactly none and
//! exactly all.

use super::band;
use super::cell::{Band, Cell};
use yardstick_language::ir::{Indicator, Thresholds};

const MOST_DECIMALS: usize = 6;

/// The thresholds of a standard for green, and for green or yellow where it has a yellow band.
pub type Ends = (Thresholds, Option<Thresholds>);

/// The value of a cell as it is shown: of a count whole; empty without one.
#[must_use]
pub fn number(indicator: &Indicator, cell: &Cell<'_>) -> String {
    let shown = |value: f64| match indicator.measure.kind().is_count() {
        true => format!("{value:.0}"),
        false => shown(value, cell.band, cell.standard.map(|green| (green, cell.yellow))),
    };
    cell.value.map(shown).unwrap_or_default()
}

/// A value with one decimal, or more where one would mislead.
#[must_use]
pub fn shown(value: f64, band: Option<Band>, standard: Option<Ends>) -> String {
    // A colour by another standard, as of something published before, says nothing of how many
    // decimals this one takes.
    let standard = standard.filter(|standard| band.is_none_or(|band| place(*standard, value).band == band));
    (1..MOST_DECIMALS)
        .map(|decimals| format!("{value:.decimals$}"))
        .find(|text| text.parse().is_ok_and(|rounded| honest(value, rounded, band, standard)))
        .unwrap_or_else(|| format!("{value:.MOST_DECIMALS$}"))
}

fn place((green, yellow): Ends, value: f64) -> band::Place {
    band::place(&green, yellow.as_ref(), |threshold| value.total_cmp(threshold))
}

fn honest(value: f64, rounded: f64, band: Option<Band>, standard: Option<Ends>) -> bool {
    let at_an_end = rounded == 0.0 || rounded == 100.0;
    let place = |value: f64| standard.map(|standard| place(standard, value));
    let same_place = match (band, place(rounded)) {
        (Some(band), Some(at)) => {
            // Of a range, yellow and red are on both sides.
            at.band == band && (band == Band::Green || place(value).is_some_and(|exact| exact.side == at.side))
        }
        _ => true,
    };
    same_place && (!at_an_end || rounded == value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn standard(at_least: bool, green: f64, yellow: Option<f64>) -> Ends {
        let ends = |end| match at_least {
            true => Thresholds { least: Some(end), most: None },
            false => Thresholds { least: None, most: Some(end) },
        };
        (ends(green), yellow.map(ends))
    }

    #[test]
    fn one_decimal_is_enough_where_it_is_honest() {
        let s = standard(true, 94.6, Some(90.0));
        assert_eq!(shown(93.939_393, Some(Band::Yellow), Some(s)), "93.9");
        assert_eq!(shown(94.6, Some(Band::Green), Some(s)), "94.6");
        assert_eq!(shown(50.0, None, None), "50.0");
        // Its colour is that of a standard that is no longer in force.
        assert_eq!(shown(70.0, Some(Band::Green), Some(s)), "70.0");
    }

    #[test]
    fn more_decimals_where_one_would_cross_a_line() {
        let s = standard(true, 94.6, Some(90.0));
        assert_eq!(shown(94.58, Some(Band::Yellow), Some(s)), "94.58");
        assert_eq!(shown(89.9996, Some(Band::Red), Some(s)), "89.9996");
        let s = standard(false, 9.9, None);
        assert_eq!(shown(9.92, Some(Band::Red), Some(s)), "9.92");
        let s = standard(true, 99.68, None);
        assert_eq!(shown(99.68, Some(Band::Green), Some(s)), "99.7");
        assert_eq!(shown(99.66, Some(Band::Red), Some(s)), "99.66");
    }

    #[test]
    fn a_value_does_not_cross_a_narrow_range() {
        let ends = |least, most| Thresholds { least: Some(least), most: Some(most) };
        let s = (ends(40.01, 40.04), Some(ends(39.0, 41.0)));
        assert_eq!(shown(40.045, Some(Band::Yellow), Some(s)), "40.05");
        assert_eq!(shown(40.005, Some(Band::Yellow), Some(s)), "40.0");
        assert_eq!(shown(40.02, Some(Band::Green), Some(s)), "40.02");
        assert_eq!(shown(41.02, Some(Band::Red), Some(s)), "41.02");
    }

    #[test]
    fn none_and_all_are_exact() {
        assert_eq!(shown(0.0, None, None), "0.0");
        assert_eq!(shown(0.04, None, None), "0.04");
        assert_eq!(shown(100.0, None, None), "100.0");
        assert_eq!(shown(99.97, None, None), "99.97");
    }
}
