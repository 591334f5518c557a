//! The period a figure is about, and when it is reported.

use super::page::Point;
use super::words::{day, months, so_many};
use crate::calendar::Window;
use crate::ir::{Indicator, Period, WindowLength};
use chrono::NaiveDate;

/// The day after the period of the example.
const EXAMPLE_END: NaiveDate = match NaiveDate::from_ymd_opt(2025, 1, 1) {
    Some(day) => day,
    None => NaiveDate::MIN,
};

pub(super) fn points(indicator: &Indicator) -> Vec<Point> {
    let mut points = vec![match indicator.window {
        WindowLength::Day => {
            "The figure is about one day, the last of a month, and is made anew each month.".to_owned()
        }
        WindowLength::Months(1) => "The figure covers one calendar month.".to_owned(),
        WindowLength::Months(n) => {
            format!("The figure covers {n} calendar months, and is made anew at the end of each month.")
        }
    }];
    let (follow_up, lag) = (indicator.follow_up.and_then(length), length(indicator.lag));
    if let Some(wait) = &follow_up {
        points.push(format!("What happens up to {wait} after that can still decide it."));
    }
    if let Some(wait) = &lag {
        points.push(format!("A further {wait} is waited for, because some of the data is entered late."));
    }
    if let Some(history) = indicator.history.and_then(length) {
        points
            .push(format!("Where all of the past is asked about, {history} before the period are taken to be enough."));
    }
    if indicator.as_it_stands {
        points.extend(as_it_stands(indicator, follow_up, lag));
        return points.into_iter().map(Point::new).collect();
    }
    let named = indicator.named_day().map(|named| format!(" It waits for {}, which the text names.", day(named)));
    points.push(format!("{}{}", example(indicator).unwrap_or_default(), named.unwrap_or_default()));
    points.into_iter().map(Point::new).collect()
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
    let window = indicator.window.ending_before(EXAMPLE_END)?;
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
    if first == last { format!("of {last}") } else { format!("from {first} to {last}") }
}

fn example(indicator: &Indicator) -> Option<String> {
    let window = indicator.window.ending_before(EXAMPLE_END)?;
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
