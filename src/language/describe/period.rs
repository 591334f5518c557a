//! The period a figure is about, and when it is reported.

use super::page::Point;
use super::words::{day, months, so_many};
use crate::calendar::{FIRST_YEAR, Window, add_days};
use crate::ir::{Indicator, MONTHS, Period, WindowLength};
use chrono::{Datelike, NaiveDate};

/// The latest day after the period of the example.
const EXAMPLE_END: NaiveDate = match NaiveDate::from_ymd_opt(2025, 1, 1) {
    Some(day) => day,
    None => NaiveDate::MIN,
};

pub(super) fn points(indicator: &Indicator) -> Vec<Point> {
    let mut points = vec![length_of(indicator)];
    if !indicator.ends.are_all() {
        points.push(format!("Only periods that end with {} are shown.", indicator.ends.in_words()));
    }
    let (follow_up, lag) = (indicator.follow_up.and_then(length), length(indicator.lag));
    if let Some(wait) = &follow_up {
        let counted =
            if indicator.follow_up.is_some_and(|wait| wait.months > 0) { ", from month end to month end," } else { "" };
        points.push(format!("What happens up to {wait} after that{counted} can still decide it."));
    }
    if let Some(wait) = &lag {
        points.push(format!("A further {wait} is waited for, because some of the data is entered late."));
    }
    if let Some(history) = indicator.history.and_then(length) {
        let from = if indicator.window == WindowLength::AllTime { "the end of the period" } else { "the period" };
        points.push(format!("Where all of the past is asked about, {history} before {from} are taken to be enough."));
    }
    if indicator.as_it_stands {
        points.extend(as_it_stands(indicator, follow_up, lag));
        return points.into_iter().map(Point::new).collect();
    }
    let named = indicator.named_day().map(|named| format!(" It waits for {}, which the text names.", day(named)));
    points.push(format!("{}{}", example(indicator).unwrap_or_default(), named.unwrap_or_default()));
    points.into_iter().map(Point::new).collect()
}

fn length_of(indicator: &Indicator) -> String {
    let anew = if indicator.ends.are_all() { ", and is made anew each month." } else { "." };
    match indicator.window {
        WindowLength::Day => {
            "The figure is about one day, the last of a month, and is made anew each month.".to_owned()
        }
        WindowLength::Week => "The figure covers one week, from Monday to Sunday.".to_owned(),
        WindowLength::Months(1) => "The figure covers one calendar month.".to_owned(),
        WindowLength::Months(n) => format!("The figure covers {n} calendar months{anew}"),
        WindowLength::YearToDate(first) => {
            let year = if first == 1 { "year" } else { "fiscal year" };
            let month = (first as usize).checked_sub(1).and_then(|n| MONTHS.get(n)).copied().unwrap_or_default();
            format!("The figure covers the {year} to date, from 1 {month} to the last day of a month{anew}")
        }
        WindowLength::AllTime => format!("The figure covers all time up to the last day of a month{anew}"),
    }
}

/// The period of the example: the last one that ends in 2024 or before.
fn example_window(indicator: &Indicator) -> Option<Window> {
    let ends =
        std::iter::successors(indicator.window.latest_end(EXAMPLE_END), |end| indicator.window.previous_end(*end));
    ends.take(MONTHS.len() + 1).find_map(|end| indicator.window_ending(add_days(end, -1)?))
}

/// When a period that can still change is shown, and until when it can change.
fn as_it_stands(indicator: &Indicator, follow_up: Option<String>, lag: Option<String>) -> Vec<String> {
    let once = if lag.is_some() { "this wait has passed" } else { "it has ended" };
    let shown = format!("A period is shown as soon as {once}, as the record stands on the as-of day.");
    let open = "What hangs on a day, or on a row, that may still come is not known until then.".to_owned();
    if indicator.follow_up.is_none() {
        let always = "Nothing says by when its outcomes must be known, so its numbers can always change, and are marked provisional.";
        return vec![shown, open, always.to_owned()];
    }
    let after = match (follow_up, lag) {
        (Some(wait), None) => Some(format!("{wait} after its end")),
        (Some(wait), Some(lag)) => Some(format!("{wait} after its end and a further {lag}")),
        (None, _) => None,
    };
    let complete = indicator.named_day().map(|named| format!("the data is complete through {}", day(named)));
    let until: Vec<String> = after.into_iter().chain(complete).collect();
    let until = match until.as_slice() {
        [] => "Nothing of it can change after that.".to_owned(),
        until => format!("Until {}, its numbers can still change and are marked provisional.", until.join(" and ")),
    };
    vec![shown, open, format!("{until}{}", stands_example(indicator).unwrap_or_default())]
}

fn stands_example(indicator: &Indicator) -> Option<String> {
    let window = example_window(indicator)?;
    let (shown, known) = (indicator.shown_on(window)?, indicator.final_on(window)?);
    let until = (shown < known).then(|| format!(", and is provisional before {}", day(known)));
    Some(format!(
        " So the period {} is shown once the data is complete through {}{}.",
        dates(window),
        day(shown),
        until.unwrap_or_default()
    ))
}

fn dates(window: Window) -> String {
    let (first, last) = (day(window.start), day(window.last_day()));
    if window.start.year() == FIRST_YEAR {
        return format!("up to {last}");
    }
    if window.start.year() == window.last_day().year() && first != last {
        let year = format!(" {}", window.start.year());
        return format!("from {} to {last}", first.trim_end_matches(&year));
    }
    if first == last { format!("of {last}") } else { format!("from {first} to {last}") }
}

fn example(indicator: &Indicator) -> Option<String> {
    let window = example_window(indicator)?;
    let (complete, period) = (day(indicator.final_on(window)?), dates(window));
    Some(format!("So the figure {period} is shown once the data is complete through {complete}."))
}

fn length(wait: Period) -> Option<String> {
    match (wait.months, wait.days) {
        (0, 0) => None,
        (m, 0) => Some(months(m.into())),
        (0, d) => Some(so_many(d.into(), "day")),
        (m, d) => Some(format!("{} and {}", months(m.into()), so_many(d.into(), "day"))),
    }
}
