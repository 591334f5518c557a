//! Standards: which values are green and which yellow, and on which days.

use crate::decimal::Decimal;
use chrono::NaiveDate;
use std::cmp::Ordering;

/// The ends between which values lie, both included. A side without an end goes on for ever; at
/// least one side has one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Thresholds<T = f64> {
    /// No value is less; `None` of `at most`.
    pub least: Option<T>,
    /// No value is more; `None` of `at least`.
    pub most: Option<T>,
}

impl<T> Thresholds<T> {
    /// The same with other ends.
    pub fn map<U>(self, mut end: impl FnMut(T) -> U) -> Thresholds<U> {
        Thresholds { least: self.least.map(&mut end), most: self.most.map(end) }
    }

    /// Its ends, the lower one first.
    pub fn ends(self) -> impl Iterator<Item = T> {
        self.least.into_iter().chain(self.most)
    }

    /// Where a value lies that `against` compares with an end: below them (`Less`), between them
    /// (`Equal`), or above.
    pub fn side(&self, against: impl Fn(&T) -> Ordering) -> Ordering {
        if self.least.as_ref().is_some_and(|least| against(least).is_lt()) {
            Ordering::Less
        } else if self.most.as_ref().is_some_and(|most| against(most).is_gt()) {
            Ordering::Greater
        } else {
            Ordering::Equal
        }
    }

    /// Whether higher values are better, by the side that has an end; `None` of a range.
    #[must_use]
    pub fn higher_is_better(&self) -> Option<bool> {
        match (self.least.is_some(), self.most.is_some()) {
            (true, false) => Some(true),
            (false, true) => Some(false),
            (true, true) | (false, false) => None,
        }
    }

    /// Whether both have their ends on the same sides: both are `at least`, `at most` or `between`.
    #[must_use]
    pub fn is_like(&self, other: &Self) -> bool {
        (self.least.is_some(), self.most.is_some()) == (other.least.is_some(), other.most.is_some())
    }
}

impl Thresholds {
    /// The same with each end moved so many hundredths of the way to the bad end of the scale: of
    /// `least` to 0; of `most` to 100 where that is the upper end, otherwise by so much of itself.
    /// Computed exactly, and not rounded; `None` when a number cannot keep the digits.
    #[must_use]
    pub fn within(self, share: Decimal, has_top: bool) -> Option<Self> {
        let below = |end: Decimal| end.minus(end.percent(share)?)?.number();
        let above = |end: Decimal| {
            let way = if has_top { Decimal::HUNDRED.minus(end)? } else { end };
            end.plus(way.percent(share)?)?.number()
        };
        let moved = |end: Option<f64>, by: &dyn Fn(Decimal) -> Option<f64>| match end {
            None => Some(None),
            Some(end) => Decimal::of(end).and_then(by).map(Some),
        };
        Some(Self { least: moved(self.least, &below)?, most: moved(self.most, &above)? })
    }
}

/// A threshold with the days it is in force; the one in force on the window's last day judges the
/// cell.
#[derive(Debug, Clone, PartialEq)]
pub struct Standard {
    /// Which values are green; `None` of `standard none`, by which no value has a colour.
    pub green: Option<Thresholds>,
    /// Which values are green or yellow, when a yellow band is declared. It has an end on the sides
    /// on which `green` has one, no nearer.
    pub yellow: Option<Thresholds>,
    /// First day in force; always, when missing.
    pub from: Option<NaiveDate>,
    /// First day no longer in force.
    pub until: Option<NaiveDate>,
    /// Where the figure comes from.
    pub source: Option<String>,
    /// `published`, `adapted`, `inferred`.
    pub status: Option<String>,
    /// Status of the yellow threshold.
    pub yellow_status: Option<String>,
}
