//! How days, windows, waits and standards are said to people.

use chrono::{Datelike, NaiveDate};
use yardstick_language::calendar::Window;
use yardstick_language::ir::{Outcome, Period, Thresholds, WindowLength};

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// `Oct 2025`.
#[must_use]
pub fn month(date: NaiveDate) -> String {
    let name = MONTHS.get(date.month0() as usize).copied().unwrap_or_default();
    format!("{name} {:04}", date.year())
}

/// `31 Oct 2025`.
#[must_use]
pub fn day(date: NaiveDate) -> String {
    format!("{} {}", date.day(), month(date))
}

/// `12 months ending Oct 2025`, `Oct 2025` for a single month, `31 Oct 2025` for a day,
/// `week ending 2 Nov 2025`, `Jul 2024 to Mar 2025` for a year to date, `all time to Oct 2025`.
#[must_use]
pub fn window(length: WindowLength, window: Window) -> String {
    let end = window_end(length, window);
    match length {
        WindowLength::Day | WindowLength::Months(1) | WindowLength::YearToDate(_) => end,
        WindowLength::Week => format!("week ending {end}"),
        WindowLength::Months(n) => format!("{n} months ending {end}"),
        WindowLength::AllTime => format!("all time to {end}"),
    }
}

/// What a window is, as it is written in an indicator: `12 months`, `month end`.
#[must_use]
pub fn length(of: WindowLength) -> String {
    match of {
        WindowLength::Day => "month end".to_owned(),
        WindowLength::Week => "week".to_owned(),
        WindowLength::Months(1) => "month".to_owned(),
        WindowLength::Months(n) => format!("{n} months"),
        WindowLength::YearToDate(1) => "year to date".to_owned(),
        WindowLength::YearToDate(_) => "fiscal year to date".to_owned(),
        WindowLength::AllTime => "all time".to_owned(),
    }
}

fn to_date(window: Window) -> String {
    let (first, last) = (window.start, window.last_day());
    match (first.year() == last.year(), first.month() == last.month()) {
        (true, true) => month(last),
        (true, false) => {
            let name = MONTHS.get(first.month0() as usize).copied().unwrap_or_default();
            format!("{name} to {}", month(last))
        }
        (false, _) => format!("{} to {}", month(first), month(last)),
    }
}

/// The window's end alone: `Oct 2025`, `31 Oct 2025` for a day or a week. A year to date, which is
/// longer each month, is said as a whole.
#[must_use]
pub fn window_end(length: WindowLength, window: Window) -> String {
    match length {
        WindowLength::Day | WindowLength::Week => day(window.last_day()),
        WindowLength::Months(_) | WindowLength::AllTime => month(window.last_day()),
        WindowLength::YearToDate(_) => to_date(window),
    }
}

/// `12 months for outcomes, 1 month lag`; `none` when a window can be judged at its end. Of an
/// indicator that is shown as it stands `1 month lag; provisional for 12 months more`.
#[must_use]
pub fn wait(follow_up: Option<Period>, lag: Period, as_it_stands: bool) -> String {
    let waited = follow_up.filter(|_| !as_it_stands).unwrap_or_default();
    let parts: Vec<String> = [(waited, "for outcomes"), (lag, "lag")]
        .into_iter()
        .filter_map(|(wait, why)| Some(format!("{} {why}", period(wait)?)))
        .collect();
    let wait = if parts.is_empty() { "none".to_owned() } else { parts.join(", ") };
    match (as_it_stands, follow_up) {
        (false, _) => wait,
        (true, None) => format!("{wait}; always provisional"),
        (true, Some(follow_up)) => match period(follow_up) {
            None => wait,
            Some(more) => format!("{wait}; provisional for {more} more"),
        },
    }
}

fn period(wait: Period) -> Option<String> {
    let months = match wait.months {
        0 => None,
        1 => Some("1 month".to_owned()),
        n => Some(format!("{n} months")),
    };
    let days = match wait.days {
        0 => None,
        1 => Some("1 day".to_owned()),
        n => Some(format!("{n} days")),
    };
    match (months, days) {
        (Some(months), Some(days)) => Some(format!("{months} and {days}")),
        (months, days) => months.or(days),
    }
}

/// `at least 94.6`, `between 40 and 60`.
#[must_use]
pub fn thresholds(of: Thresholds) -> String {
    match (of.least, of.most) {
        (Some(least), Some(most)) => format!("between {least} and {most}"),
        (Some(least), None) => format!("at least {least}"),
        (None, most) => format!("at most {}", most.unwrap_or_default()),
    }
}

/// `94.6`; of a range `40 to 60`.
#[must_use]
pub fn figures(of: Thresholds) -> String {
    of.ends().map(|end| end.to_string()).collect::<Vec<_>>().join(" to ")
}

/// What became of a row, as lists of rows say it.
#[must_use]
pub fn outcome(of: &Outcome) -> &'static str {
    match of {
        Outcome::Met => "met",
        Outcome::Unmet => "unmet",
        Outcome::Counted => "counted",
        Outcome::Undetermined => "undetermined",
        Outcome::Excluded(_) => "excluded",
        Outcome::Unsure => "unsure",
        Outcome::Unread => "unread",
        Outcome::NotCounted => "not counted",
    }
}

/// The sign after a value.
#[must_use]
pub fn sign(unit: &str) -> &str {
    match unit {
        "percent" => "%",
        // A number of things has no sign.
        "count" => "",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(y: i32, m: u32, d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(y, m, d).unwrap()
    }

    #[test]
    fn windows_are_said_by_their_last_day() {
        let end = date(2025, 11, 1);
        let said = |length: WindowLength| window(length, length.ending_before(end).unwrap());
        assert_eq!(said(WindowLength::Day), "31 Oct 2025");
        assert_eq!(said(WindowLength::Months(1)), "Oct 2025");
        assert_eq!(said(WindowLength::Months(12)), "12 months ending Oct 2025");
        assert_eq!(said(WindowLength::YearToDate(1)), "Jan to Oct 2025");
        assert_eq!(said(WindowLength::YearToDate(11)), "Nov 2024 to Oct 2025");
        assert_eq!(said(WindowLength::YearToDate(10)), "Oct 2025");
        assert_eq!(said(WindowLength::AllTime), "all time to Oct 2025");
        let week = WindowLength::Week.ending_before(date(2025, 11, 3)).unwrap();
        assert_eq!(window(WindowLength::Week, week), "week ending 2 Nov 2025");
    }

    #[test]
    fn waits_add_their_reasons() {
        let period = |months, days| Period { months, days };
        let said = |follow_up, lag| wait(Some(follow_up), lag, false);
        assert_eq!(said(period(0, 0), period(0, 0)), "none");
        assert_eq!(said(period(12, 0), period(1, 0)), "12 months for outcomes, 1 month lag");
        assert_eq!(said(period(1, 14), period(0, 0)), "1 month and 14 days for outcomes");
        let stands = |follow_up| wait(follow_up, period(1, 0), true);
        assert_eq!(stands(Some(period(12, 0))), "1 month lag; provisional for 12 months more");
        assert_eq!(stands(None), "1 month lag; always provisional");
    }
}
