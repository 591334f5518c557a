//! Standards: which figures are green, yellow and red, and when.

use super::notes::Note;
use super::page::Point;
use super::words::{counted, day};
use super::writer::Writer;
use crate::ir::{Measure, Standard};
use crate::measures::Scale;

pub(super) fn points(w: &mut Writer<'_>) -> Vec<Point> {
    let indicator = w.indicator;
    if indicator.standards.is_empty() {
        return vec![Point::new("There is no standard, so figures have no colour.")];
    }
    w.note(Note::Colours);
    let unit = unit(&indicator.measure);
    indicator.standards.iter().map(|s| standard(s, &unit)).collect()
}

fn standard(s: &Standard, unit: &str) -> Point {
    let when = match (s.from, s.until) {
        (None, None) => "For every period".to_owned(),
        (Some(from), None) => format!("For periods that end on or after {}", day(from)),
        (None, Some(until)) => format!("For periods that end before {}", day(until)),
        (Some(from), Some(until)) => {
            format!("For periods that end on or after {} and before {}", day(from), day(until))
        }
    };
    let (reaches, short) = if s.at_least { ("or more", "less than") } else { ("or less", "more than") };
    let green = format!("{}{unit}", s.green);
    let mut bands =
        vec![Point::new(format!("green: {green} {reaches}{}", origin(s.status.as_deref(), s.source.as_deref())))];
    match s.yellow {
        Some(yellow) => {
            let yellow = format!("{yellow}{unit}");
            bands.push(Point::new(format!(
                "yellow: {yellow} {reaches}, and {short} {green}{}; red: {short} {yellow}",
                origin(s.yellow_status.as_deref(), None)
            )));
        }
        None => bands.push(Point::new(format!("red: {short} {green}; there is no yellow"))),
    }
    Point::over(format!("{when}:"), bands)
}

/// Who has set a line, as the file says.
fn origin(status: Option<&str>, source: Option<&str>) -> String {
    match (status, source) {
        (Some(status), Some(source)) => format!(" ({status}: {source})"),
        (Some(status), None) => format!(" ({status})"),
        (None, Some(source)) => format!(" ({source})"),
        (None, None) => String::new(),
    }
}

/// The unit after a figure.
fn unit(measure: &Measure) -> String {
    match measure.kind().scale() {
        Scale::Percent => "%".to_owned(),
        Scale::Number => String::new(),
        Scale::Length(unit) => format!(" {}", counted(unit)),
    }
}
