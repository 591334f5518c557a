//! Lengths of time as they are written.

/// A length of time as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Duration {
    /// How many.
    pub amount: i64,
    /// Of what.
    pub unit: Unit,
}

/// Units of time. Days and months are never converted into each other; a year is 12 months, a week
/// 7 days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Unit {
    /// Minutes of the clock.
    Minutes,
    /// 60 minutes.
    Hours,
    /// Calendar days.
    Days,
    /// Days of work, as the model declares them.
    BusinessDays,
    /// 7 days.
    Weeks,
    /// Calendar months.
    Months,
    /// 12 calendar months.
    Years,
}
