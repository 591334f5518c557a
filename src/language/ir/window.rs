//! The kinds of reporting windows, and the months that they end with.

use crate::calendar::{FIRST_YEAR, Window, add_days, add_months};
use chrono::{Datelike, NaiveDate, Weekday};

/// The months of a year by name, January first.
pub const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// The length of a reporting window. A week ends on a Sunday, every other window on the last day of
/// a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WindowLength {
    /// The month's last day alone.
    Day,
    /// Monday to Sunday, as ISO 8601 has it.
    Week,
    /// This many whole calendar months, at least 1.
    Months(u32),
    /// From the first day of this month (1 to 12), the first of a year, to a month's end.
    YearToDate(u32),
    /// All days up to a month's end.
    AllTime,
}

impl WindowLength {
    /// The window of this length that ends just before `end`, the first day of a month (of a week,
    /// a Monday); `None` before the year 1.
    #[must_use]
    pub fn ending_before(self, end: NaiveDate) -> Option<Window> {
        let start = match self {
            Self::Day => add_days(end, -1),
            Self::Week => add_days(end, -7),
            Self::Months(n) => add_months(end, -i64::from(n)),
            Self::YearToDate(first) => {
                let last = add_days(end, -1)?;
                let into = (i64::from(last.month()) - i64::from(first)).rem_euclid(12);
                add_months(end, -1 - into)
            }
            Self::AllTime => NaiveDate::from_ymd_opt(FIRST_YEAR, 1, 1).filter(|first| *first < end),
        }?;
        Some(Window { start, end })
    }

    /// Whether a window of this length can end just before this day.
    #[must_use]
    pub fn may_end_before(self, end: NaiveDate) -> bool {
        match self {
            Self::Week => end.weekday() == Weekday::Mon,
            Self::Day | Self::Months(_) | Self::YearToDate(_) | Self::AllTime => end.day() == 1,
        }
    }

    /// The latest day, at most `day`, before which a window of this length can end.
    #[must_use]
    pub fn latest_end(self, day: NaiveDate) -> Option<NaiveDate> {
        match self {
            Self::Week => add_days(day, -i64::from(day.weekday().num_days_from_monday())),
            Self::Day | Self::Months(_) | Self::YearToDate(_) | Self::AllTime => day.with_day(1),
        }
    }

    /// The end of the window before the one that ends before `end`.
    #[must_use]
    pub fn previous_end(self, end: NaiveDate) -> Option<NaiveDate> {
        match self {
            Self::Week => add_days(end, -7),
            Self::Day | Self::Months(_) | Self::YearToDate(_) | Self::AllTime => add_months(end, -1),
        }
    }
}

/// The months that windows end with; of a week all, as it ends with none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WindowEnds([bool; 12]);

impl Default for WindowEnds {
    fn default() -> Self {
        Self([true; 12])
    }
}

impl WindowEnds {
    /// The last months of the quarters of the year.
    pub const QUARTERS: Self = Self([false, false, true, false, false, true, false, false, true, false, false, true]);

    /// These months, from 1 to 12.
    #[must_use]
    pub fn of(months: &[u32]) -> Self {
        let mut ends = [false; 12];
        for (number, ends) in (1..).zip(&mut ends) {
            *ends = months.contains(&number);
        }
        Self(ends)
    }

    /// Whether a window may end on this day, for all that is said of months.
    #[must_use]
    pub fn on(self, last_day: NaiveDate) -> bool {
        self.0.get(last_day.month0() as usize).copied().unwrap_or(true)
    }

    /// Whether windows may end with every month.
    #[must_use]
    pub fn are_all(self) -> bool {
        self == Self::default()
    }

    /// The months, from 1 to 12.
    pub fn months(self) -> impl Iterator<Item = u32> {
        (1..).zip(self.0).filter(|(_, ends)| *ends).map(|(month, _)| month)
    }

    /// The months by name: `March`, `March or September`.
    #[must_use]
    pub fn in_words(self) -> String {
        let names: Vec<_> = MONTHS.into_iter().zip(self.0).filter(|(_, ends)| *ends).map(|(name, _)| name).collect();
        match names.split_last() {
            Some((last, [])) => (*last).to_owned(),
            Some((last, others)) => format!("{} or {last}", others.join(", ")),
            None => String::new(),
        }
    }
}
