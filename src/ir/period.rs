//! Lengths of windows and waits, and which windows a reporting month shows.

use super::Indicator;
use crate::calendar::{Window, add_days, add_months, first_of_month};
use chrono::NaiveDate;

/// The length of a reporting window; every window ends on the last day of a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WindowLength {
    /// The month's last day alone.
    Day,
    /// So many whole calendar months, at least 1.
    Months(u32),
}

impl WindowLength {
    /// The window of this length that ends just before `end`, the first day of a month; `None` before the year 1.
    #[must_use]
    pub fn ending_before(self, end: NaiveDate) -> Option<Window> {
        let start = match self {
            Self::Day => add_days(end, -1),
            Self::Months(n) => add_months(end, -i64::from(n)),
        }?;
        Some(Window { start, end })
    }
}

/// Months and days to wait: added to a day in this order.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Period {
    /// Calendar months.
    pub months: u32,
    /// Days after those.
    pub days: u32,
}

impl Period {
    /// `date` plus this period; `None` after the year 9999.
    #[must_use]
    pub fn after(self, date: NaiveDate) -> Option<NaiveDate> {
        add_days(add_months(date, i64::from(self.months))?, i64::from(self.days))
    }
}

impl Indicator {
    /// Whether every outcome of the window is known to data that is complete through `as_of`.
    ///
    /// `window end + follow-up + lag <= as-of + 1 day`, both ends being "the day after": the window of October is
    /// reportable, without follow-up, on data complete through 31 October.
    #[must_use]
    pub fn reportable(&self, window: Window, as_of: NaiveDate) -> bool {
        let known = self.follow_up.after(window.end).and_then(|d| self.lag.after(d));
        known.zip(add_days(as_of, 1)).is_some_and(|(known, complete)| known <= complete)
    }

    /// The last `months` windows, oldest first: for each complete month up to `as_of`, the latest window reportable at
    /// that month's end.
    #[must_use]
    pub fn windows(&self, as_of: NaiveDate, months: u32) -> Vec<Window> {
        let Some(complete) = add_days(as_of, 1).map(first_of_month) else { return Vec::new() };
        let mut windows: Vec<_> = (0..i64::from(months))
            .filter_map(|back| add_months(complete, -back))
            .filter_map(|month_end| self.latest_window(month_end))
            .collect();
        windows.reverse();
        windows
    }

    /// The latest window reportable when data is complete up to, not including, `complete` (the first day of a month).
    #[must_use]
    pub fn latest_window(&self, complete: NaiveDate) -> Option<Window> {
        let as_of = add_days(complete, -1)?;
        let whole = self.follow_up.months + self.lag.months;
        let rest = (self.follow_up.days + self.lag.days).div_ceil(28);
        let mut back = i64::from(whole);
        let last = i64::from(whole + rest) + 1;
        while back <= last {
            let window = self.window.ending_before(add_months(complete, -back)?)?;
            if self.reportable(window, as_of) {
                return Some(window);
            }
            back += 1;
        }
        None
    }
}
