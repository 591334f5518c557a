//! What a length of time is counted in.

/// Lengths of time that a whole number can count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Counted {
    /// Days.
    Days,
    /// Days of work, as the model declares them.
    BusinessDays,
    /// Calendar months.
    Months,
    /// Calendar years.
    Years,
    /// Hours, between times.
    Hours,
    /// Minutes, between times.
    Minutes,
}

impl Counted {
    /// The word for several, as it is written: `days`.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Days => "days",
            Self::BusinessDays => "business days",
            Self::Months => "months",
            Self::Years => "years",
            Self::Hours => "hours",
            Self::Minutes => "minutes",
        }
    }

    /// Whether a time takes so many of them, and a day has no time for it: hours and minutes.
    #[must_use]
    pub fn is_of_clock(self) -> bool {
        matches!(self, Self::Hours | Self::Minutes)
    }

    /// Whether the time between two days need not be a whole number of them: it is rounded down.
    #[must_use]
    pub fn is_rounded_down(self) -> bool {
        !matches!(self, Self::Days | Self::BusinessDays)
    }

    /// Whether a day can be moved by a column or a value that counts them.
    #[must_use]
    pub fn moves_days(self) -> bool {
        matches!(self, Self::Days | Self::Months | Self::Years)
    }
}
