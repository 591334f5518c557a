//! What each kind of measure makes of counts: what stands above and below the line, and the value.

use super::band::Share;
use super::interval::Interval;
use super::rollup::Total;
use crate::calendar::Window;
use crate::ir::Measure;
use std::collections::BTreeMap;

/// The figures of one cell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Figures {
    /// Above the line: rows that are met, events, the sum of the values; a median has none.
    pub numerator: Option<f64>,
    /// Below the line: rows, exposure (days, or rows on average), rows with a value.
    pub denominator: Option<f64>,
    /// How many rows stand behind the value.
    pub rows: u64,
    /// The value; `None` when nothing stands below the line.
    pub value: Option<Share>,
    /// Of a proportion: how far chance alone may have moved it.
    pub interval: Option<Interval>,
}

/// The figures of an entity's rows in a window.
#[must_use]
pub fn figures(measure: &Measure, total: &Total, window: Window) -> Figures {
    let counts = &total.counts;
    let rows = counts.denominator;
    let valued = rows.saturating_sub(counts.undetermined);
    match measure {
        Measure::Proportion { .. } => Figures {
            numerator: Some(counts.met as f64),
            denominator: Some(rows as f64),
            rows,
            value: Share::of(100, counts.met.into(), rows.into()),
            interval: Interval::wilson(counts.met, rows),
        },
        Measure::Rate { per, of_window, .. } => {
            let days = if *of_window { window.days() } else { 1 };
            Figures {
                numerator: Some(counts.amount as f64),
                denominator: Some(counts.exposure as f64 / days as f64),
                rows,
                value: Share::of(i128::from(*per) * i128::from(days), counts.amount.into(), counts.exposure.into()),
                interval: None,
            }
        }
        Measure::Mean { .. } => Figures {
            numerator: Some(counts.amount as f64),
            denominator: Some(valued as f64),
            rows: valued,
            value: Share::of(1, counts.amount.into(), valued.into()),
            interval: None,
        },
        Measure::Median { .. } => {
            let value = median(&total.values);
            Figures { numerator: None, denominator: Some(valued as f64), rows: valued, value, interval: None }
        }
    }
}

/// Halfway between the two in the middle, which of an odd number are the same.
fn median(values: &BTreeMap<i64, u64>) -> Option<Share> {
    let rows: u64 = values.values().sum();
    let nth = |n: u64| {
        let mut before = 0;
        values.iter().find_map(|(value, rows)| {
            before += rows;
            (before > n).then_some(i128::from(*value))
        })
    };
    Share::of(1, nth(rows.checked_sub(1)? / 2)? + nth(rows / 2)?, 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(values: &[(i64, u64)]) -> Option<f64> {
        median(&values.iter().copied().collect()).map(Share::figure)
    }

    #[test]
    fn the_median_is_the_middle_or_halfway_between_the_two_in_the_middle() {
        assert_eq!(of(&[]), None);
        assert_eq!(of(&[(7, 1)]), Some(7.0));
        assert_eq!(of(&[(1, 1), (4, 1)]), Some(2.5));
        assert_eq!(of(&[(1, 1), (4, 1), (9, 1)]), Some(4.0));
        assert_eq!(of(&[(1, 3), (4, 1)]), Some(1.0));
        assert_eq!(of(&[(1, 2), (4, 2)]), Some(2.5));
        assert_eq!(of(&[(-3, 1), (-2, 1)]), Some(-2.5));
    }
}
