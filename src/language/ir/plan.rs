//! Plans: what an entity does to move an indicator, how fast it shall move, and when one can know.

use super::{Expr, Indicator, LookBack, Missing, WindowLength};
use crate::calendar::{Window, add_days, add_months, first_of_month, months_between};
use crate::source::Span;
use chrono::NaiveDate;

/// A plan. It changes no number, and so no meaning hash.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// Its name.
    pub name: String,
    /// Where its entity is named.
    pub span: Span,
    /// Index into [`Program::indicators`](super::Program::indicators).
    pub indicator: usize,
    /// The level of its entity.
    pub level: usize,
    /// The id of its entity; `None` of the whole. Whether there is one, the data says.
    pub entity: Option<String>,
    /// The day from which on something is done differently.
    pub since: NaiveDate,
    /// What it is an answer to.
    pub because: String,
    /// How the value shall move.
    pub path: Path,
    /// What is done, in the order in which it is written.
    pub actions: Vec<Action>,
}

/// How a value shall move: from one value to another by a straight line over the months, and then
/// it shall stay there. The two values differ.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Path {
    /// The value at the start.
    pub from: f64,
    /// The last day of the month in which it is `from`.
    pub start: NaiveDate,
    /// The value that is to be reached.
    pub to: f64,
    /// The last day of the month by which it is to be reached; later than `start`.
    pub end: NaiveDate,
}

impl Path {
    /// Whether higher values are better.
    #[must_use]
    pub fn rises(&self) -> bool {
        self.from < self.to
    }

    /// What is expected of a window that ends on this day; nothing before the start.
    #[must_use]
    pub fn expected(&self, last_day: NaiveDate) -> Option<f64> {
        if last_day < self.start {
            return None;
        }
        if self.end <= last_day {
            return Some(self.to);
        }
        let whole = months_between(first_of_month(self.start), first_of_month(self.end)).max(1);
        let gone = months_between(first_of_month(self.start), first_of_month(last_day));
        // One division at the end: of months that divide the way the figure is exact.
        Some((self.from * (whole - gone) as f64 + self.to * gone as f64) / whole as f64)
    }

    /// Whether a value is as far along as is expected. What arithmetic with fractions leaves behind
    /// decides nothing.
    #[must_use]
    pub fn is_reached(&self, value: f64, expected: f64) -> bool {
        const NOTHING: f64 = 1e-9;
        if self.rises() { value >= expected - NOTHING } else { value <= expected + NOTHING }
    }
}

/// What is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Action {
    /// What.
    pub what: String,
    /// Who answers for it.
    pub owner: String,
    /// By when.
    pub due: NaiveDate,
    /// When it was done.
    pub done: Option<NaiveDate>,
}

impl Plan {
    /// The windows of its indicator that end in the months of its path, oldest first, and after it
    /// through this day.
    #[must_use]
    pub fn windows(&self, indicator: &Indicator, through: NaiveDate) -> Vec<Window> {
        let last = self.path.end.max(through);
        let months = std::iter::successors(Some(self.path.start), |day| end_of_next_month(*day));
        months.take_while(|day| *day <= last).filter_map(|day| indicator.window_ending(day)).collect()
    }

    /// The first window of its indicator that has only days on which the plan was at work; `None`
    /// where there is none before the end of the calendar.
    #[must_use]
    pub fn first_after(&self, indicator: &Indicator) -> Option<Window> {
        // A year to date has the day in at most twelve months; a thinned one ends once a year.
        const YEARS: u32 = 4;
        let from = end_of_month(self.since)?;
        let months = match indicator.window {
            WindowLength::Months(n) => n,
            WindowLength::Day | WindowLength::Week | WindowLength::YearToDate(_) | WindowLength::AllTime => 1,
        };
        let ends = std::iter::successors(Some(from), |day| end_of_next_month(*day));
        ends.take((months + 12 * YEARS) as usize)
            .filter_map(|day| indicator.window_ending(day))
            .find(|window| self.is_after(*window))
    }

    /// Whether a window has only days on which the plan was at work.
    #[must_use]
    pub fn is_after(&self, window: Window) -> bool {
        self.since <= window.start
    }

    /// Whether a row counts in one window alone, so that months are as good as independent. False
    /// where those are counted who are there on a day, or who have not left.
    #[must_use]
    pub fn counts_rows_once(indicator: &Indicator) -> bool {
        let open = |e: &Expr| e.missing == Missing::OpenEnd;
        indicator.window != WindowLength::Day && !indicator.cohort.condition.has(&open)
    }

    /// Whether something from before a window decides its value, too: where those are counted who
    /// are there on a day, or the text looks back.
    #[must_use]
    pub fn carries_over(indicator: &Indicator) -> bool {
        let back = |back: &LookBack| match back {
            LookBack::UpTo(period) => period.months > 0 || period.days > 0,
            LookBack::Endless => true,
        };
        indicator.window == WindowLength::Day || indicator.look_back.values().any(back)
    }
}

/// The last day of the month of a day.
pub(crate) fn end_of_month(day: NaiveDate) -> Option<NaiveDate> {
    add_days(add_months(first_of_month(day), 1)?, -1)
}

fn end_of_next_month(day: NaiveDate) -> Option<NaiveDate> {
    add_days(add_months(first_of_month(day), 2)?, -1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_path_is_a_straight_line_and_then_the_target() {
        let path = Path { from: 20.0, start: day("2026-02-28"), to: 75.0, end: day("2026-10-31") };
        let expected = |text: &str| path.expected(day(text));
        assert_eq!(expected("2026-01-31"), None);
        assert_eq!(expected("2026-02-28"), Some(20.0));
        assert_eq!(expected("2026-06-30"), Some(47.5));
        assert_eq!(expected("2026-10-31"), Some(75.0));
        assert_eq!(expected("2031-01-31"), Some(75.0));
        let falls = Path { from: 12.0, start: day("2026-01-31"), to: 9.0, end: day("2026-04-30") };
        assert_eq!(falls.expected(day("2026-03-31")), Some(10.0));
        assert!(falls.is_reached(10.0, 10.0) && falls.is_reached(8.0, 10.0) && !falls.is_reached(10.1, 10.0));
    }

    /// Every third of a way that has no end in binary fractions.
    #[test]
    fn a_value_on_the_line_is_on_it() {
        let path = Path { from: 0.1, start: day("2026-01-31"), to: 0.4, end: day("2026-04-30") };
        for (text, value) in [("2026-02-28", 0.2), ("2026-03-31", 0.3)] {
            assert!(path.is_reached(value, path.expected(day(text)).unwrap()), "{text}");
        }
    }
}
