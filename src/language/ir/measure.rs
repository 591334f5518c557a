//! What is measured: the expressions of each kind of measure, by the part they play. What a kind of
//! measure makes of a row, and of the rows of an entity, is said in the room `measures`, in a file
//! of its own.

use super::{Expr, Period};
use crate::model::Counted;
use std::fmt;

/// What is measured on the rows that stay.
#[derive(Debug, Clone, PartialEq)]
pub enum Measure {
    /// The percentage of rows for which a condition is true.
    Proportion(Proportion),
    /// Events per amount of something.
    Rate(Rate),
    /// How many.
    Count(Count),
    /// How many different rows of another table they lead to.
    Distinct(Distinct),
    /// The mean of a number.
    Mean(Mean),
    /// A percentile of a number.
    Percentile(Percentile),
    /// A percentile of the time until something happens.
    Until(Until),
    /// The percentage of rows that end in one way by some time.
    Incidence(Incidence),
}

/// Rows for which the condition is true, in percent of all rows. An unknown condition counts as not
/// met and as undetermined.
#[derive(Debug, Clone, PartialEq)]
pub struct Proportion {
    /// The condition.
    pub numerator: Expr,
}

/// Events per amount of exposure: the sum of the events divided by the sum of the exposure, times
/// `per`.
#[derive(Debug, Clone, PartialEq)]
pub struct Rate {
    /// Per how much of it.
    pub per: u64,
    /// What the exposure is counted in.
    pub unit: Exposure,
    /// A condition (one event when true) or a number. An unknown condition is no event; of an
    /// unknown count, the rows or values that certainly count are events. In both cases the row is
    /// undetermined.
    pub events: Expr,
    /// A number. A row whose exposure is missing or below 0 adds neither events nor exposure, and
    /// is undetermined.
    pub exposure: Expr,
}

/// What the exposure of a rate is counted in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Exposure {
    /// A length of time.
    Time(Counted),
    /// A share of the window: its days are divided by the window's, so the sum is how many rows
    /// there were on average.
    OfWindow,
    /// What the text calls it: `children`.
    Named(String),
    /// The same as the events: the rate is a percentage.
    Events,
}

/// The sum of the events of the rows. Without rows it is 0.
#[derive(Debug, Clone, PartialEq)]
pub struct Count {
    /// A condition (one event when true) or a whole number, as of a [`Rate`]; true where every row
    /// counts.
    pub events: Expr,
}

/// The number of different rows that the rows lead to. A row that leads to none has no part in it
/// and is undetermined. Without rows it is 0.
#[derive(Debug, Clone, PartialEq)]
pub struct Distinct {
    /// A link.
    pub of: Expr,
}

/// The sum of a whole number over the rows, divided by the number of rows. A row without a value
/// has no part in it and is undetermined.
#[derive(Debug, Clone, PartialEq)]
pub struct Mean {
    /// A whole number, also of days, months or years.
    pub of: Expr,
}

/// Of n sorted values, the one at position n * percent / 100, rounded up. Where that position is a
/// whole number, the result is halfway between the value there and the next one, so that the median
/// is percentile 50. A row without a value has no part in it and is undetermined.
#[derive(Debug, Clone, PartialEq)]
pub struct Percentile {
    /// 1 to 99.
    pub percent: u8,
    /// As for a mean.
    pub of: Expr,
}

/// The time until something happens, where it may not have happened yet: a percentile of the
/// Kaplan-Meier estimate.
///
/// A row whose `to` is on or before `censor` is met, with the time from `from` to `to`. A row whose
/// `to` is missing or later is unmet (*censored*), with the time from `from` to `censor`. A row
/// whose `from` or `censor` is missing, or whose time would be negative, has no part in it and is
/// undetermined. At equal times, met rows come before unmet ones.
///
/// The survival after a time is a product over the times up to it at which rows are met: the rows
/// at risk without those that are met, divided by the rows at risk. The value is the first time
/// after which survival is below 1 - percent / 100. Where survival is exactly that, the value is
/// halfway between the first such time and the next time at which a row is met, or that first time
/// itself where no row is met later. Where survival never falls so low, the value is not estimable.
/// Without unmet rows the value is that of a percentile.
#[derive(Debug, Clone, PartialEq)]
pub struct Until {
    /// 1 to 99.
    pub percent: u8,
    /// What the time is counted in.
    pub unit: Counted,
    /// From when to when.
    pub rows: Followed,
}

/// The percentage of rows that end in one way by some time, where rows can also end in other ways
/// or not have ended yet: the cumulative incidence by the Aalen-Johansen estimator.
///
/// Times are in days. A row is followed through the day that lies `by` after `from`. A row has
/// ended when its `to` is on or before that day and on or before `censor`, with the time from
/// `from` to `to`. An ended row is met when `of` is true, unmet when it is false, and undetermined
/// when it is unknown, which counts as an end of another kind. A row that has not ended is unmet:
/// it was followed to the last day when `censor` is on or after that day, and is censored at
/// `censor` otherwise. A row whose `from` or `censor` is missing, or whose time would be negative,
/// has no part in it and is undetermined.
///
/// The value is a sum over the times at which rows are met: the share that had not ended before,
/// times the met rows divided by the rows at risk. At risk at a time are the rows whose own time is
/// not shorter, and all rows that were followed to the last day. At equal times, ended rows come
/// before censored ones. The value is not estimable where no row was followed to the last day and
/// the share that has not ended is above 0 at the end. Without censored rows the value is that of a
/// proportion.
#[derive(Debug, Clone, PartialEq)]
pub struct Incidence {
    /// The kind of end that counts; evaluated on rows that have ended.
    pub of: Expr,
    /// By when.
    pub by: Period,
    /// From when to when.
    pub rows: Followed,
}

/// A row that is followed from a day on.
#[derive(Debug, Clone, PartialEq)]
pub struct Followed {
    /// The first day.
    pub from: Expr,
    /// The day it happens. Its `missing` is an open end.
    pub to: Expr,
    /// The last day on which it is known whether it has happened: on or before the as-of date, and
    /// never an open end.
    pub censor: Expr,
}

/// The part that an expression plays in a measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Above the line: a condition, a number of events.
    Numerator,
    /// Below the line: exposure.
    Denominator,
    /// The value of a mean or a percentile.
    Value,
    /// The link whose rows are counted.
    Distinct,
    /// The first day that a row is followed.
    From,
    /// The day it happens.
    To,
    /// The last day on which is known whether it has happened.
    Censored,
    /// The end that counts; asked of rows that have ended.
    EndsBy,
}

impl Measure {
    /// Whether it counts the time until something happens in this unit.
    #[must_use]
    pub fn counts(&self, unit: Counted) -> bool {
        matches!(self, Self::Until(of) if of.unit == unit)
    }

    /// Every expression that is evaluated on a row, with its part, in the order of the text.
    #[must_use]
    pub fn parts(&self) -> Vec<(Part, &Expr)> {
        match self {
            Self::Proportion(of) => vec![(Part::Numerator, &of.numerator)],
            Self::Rate(of) => vec![(Part::Numerator, &of.events), (Part::Denominator, &of.exposure)],
            Self::Count(of) => vec![(Part::Numerator, &of.events)],
            Self::Distinct(of) => vec![(Part::Distinct, &of.of)],
            Self::Mean(of) => vec![(Part::Value, &of.of)],
            Self::Percentile(of) => vec![(Part::Value, &of.of)],
            Self::Until(of) => of.rows.parts().to_vec(),
            Self::Incidence(of) => std::iter::once((Part::EndsBy, &of.of)).chain(of.rows.parts()).collect(),
        }
    }

    /// Every expression that is evaluated on a row, in the order of the text.
    #[must_use]
    pub fn expressions(&self) -> Vec<&Expr> {
        self.parts().into_iter().map(|(_, e)| e).collect()
    }

    /// The measure with other expressions in their places.
    #[must_use]
    pub fn with(&self, change: impl Fn(Part, &Expr) -> Expr) -> Self {
        match self {
            Self::Proportion(of) => Self::Proportion(Proportion { numerator: change(Part::Numerator, &of.numerator) }),
            Self::Rate(of) => Self::Rate(Rate {
                per: of.per,
                unit: of.unit.clone(),
                events: change(Part::Numerator, &of.events),
                exposure: change(Part::Denominator, &of.exposure),
            }),
            Self::Count(of) => Self::Count(Count { events: change(Part::Numerator, &of.events) }),
            Self::Distinct(of) => Self::Distinct(Distinct { of: change(Part::Distinct, &of.of) }),
            Self::Mean(of) => Self::Mean(Mean { of: change(Part::Value, &of.of) }),
            Self::Percentile(of) => {
                Self::Percentile(Percentile { percent: of.percent, of: change(Part::Value, &of.of) })
            }
            Self::Until(of) => Self::Until(Until { percent: of.percent, unit: of.unit, rows: of.rows.with(&change) }),
            Self::Incidence(of) => {
                Self::Incidence(Incidence { of: change(Part::EndsBy, &of.of), by: of.by, rows: of.rows.with(&change) })
            }
        }
    }
}

impl Followed {
    fn parts(&self) -> [(Part, &Expr); 3] {
        [(Part::From, &self.from), (Part::To, &self.to), (Part::Censored, &self.censor)]
    }

    fn with(&self, change: impl Fn(Part, &Expr) -> Expr) -> Self {
        Self {
            from: change(Part::From, &self.from),
            to: change(Part::To, &self.to),
            censor: change(Part::Censored, &self.censor),
        }
    }
}

impl fmt::Display for Exposure {
    /// As results show it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Time(counted) => f.write_str(counted.word()),
            Self::Named(name) => f.write_str(name),
            Self::OfWindow | Self::Events => Ok(()),
        }
    }
}
