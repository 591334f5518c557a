//! The functions of values, by name. What each of them means is said in the room `functions`, in a
//! file of its own.

/// A function of values of one row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Function {
    /// The day of a time.
    DayOf,
    /// The weekday of a day.
    WeekdayOf,
    /// Days from one day to another.
    DaysBetween,
    /// Completed months from one day to another.
    MonthsBetween,
    /// Completed years from one day to another.
    YearsBetween,
    /// The earliest of several days.
    Earliest,
    /// The latest of several days.
    Latest,
    /// The first of several values that is known.
    FirstKnown,
}

impl Function {
    /// Its name in the canonical text, on which the meaning hash stands: it never changes.
    #[must_use]
    pub fn canonical(self) -> &'static str {
        match self {
            Self::DayOf => "day",
            Self::WeekdayOf => "weekday",
            Self::DaysBetween => "days",
            Self::MonthsBetween => "months",
            Self::YearsBetween => "years",
            Self::Earliest => "earliest",
            Self::Latest => "latest",
            Self::FirstKnown => "first-known",
        }
    }
}
