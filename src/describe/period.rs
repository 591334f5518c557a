//! The period a figure is about, and when it is reported.

use super::page::Point;
use super::words::{day, months, so_many};
use crate::ir::{Indicator, Period, WindowLength};
use chrono::NaiveDate;

/// The day after the period of the example.
const EXAMPLE_END: NaiveDate = match NaiveDate::from_ymd_opt(2025, 1, 1) {
    Some(day) => day,
    None => NaiveDate::MIN,
};

pub(super) fn points(indicator: &Indicator) -> Vec<Point> {
    let mut points = vec![match indicator.window {
        WindowLength::Day => "The period is a single day, the last day of a month.".to_owned(),
        WindowLength::Months(1) => "The period is one calendar month, from its first day to its last.".to_owned(),
        WindowLength::Months(n) => {
            format!("The period is {n} whole calendar months in a row. It ends on the last day of a month.")
        }
    }];
    let (follow_up, lag) = (length(indicator.follow_up), length(indicator.lag));
    if let Some(wait) = &follow_up {
        points.push(format!(
            "What happens up to {wait} after the period can still decide the figure; this follows \
            from what is asked below."
        ));
    }
    if let Some(wait) = &lag {
        points.push(format!("A wait of {wait} is added, because some of the data is entered late."));
    }
    if let Some(history) = indicator.history.and_then(length) {
        points.push(format!(
            "Where all of the past is asked about, {history} before the period are taken to be far enough back."
        ));
    }
    let once = match (follow_up, lag) {
        (None, None) => "it ends: there is nothing to wait for",
        (Some(_), None) | (None, Some(_)) => "this time has passed",
        (Some(_), Some(_)) => "both times have passed",
    };
    let named = indicator.named_day().map(|named| format!(" and the data is complete through {}", day(named)));
    let once = format!("{once}{}", named.unwrap_or_default());
    points.push(format!("A period is reported once {once}.{}", example(indicator).unwrap_or_default()));
    points.into_iter().map(Point::new).collect()
}

fn example(indicator: &Indicator) -> Option<String> {
    let window = indicator.window.ending_before(EXAMPLE_END)?;
    let complete = day(indicator.known_on(window)?);
    let (first, last) = (day(window.start), day(window.last_day()));
    let period = if first == last { format!("of {last}") } else { format!("from {first} to {last}") };
    Some(format!(" So the period {period} is reported once the data is complete through {complete}."))
}

fn length(wait: Period) -> Option<String> {
    match (wait.months, wait.days) {
        (0, 0) => None,
        (m, 0) => Some(months(m.into())),
        (0, d) => Some(so_many(d.into(), "day")),
        (m, d) => Some(format!("{} and {}", months(m.into()), so_many(d.into(), "day"))),
    }
}
