//! Standards: which figures are green, yellow and red, and when.

use super::page::Point;
use super::words::{counted, day};
use crate::ir::{Indicator, Measure, Standard};
use crate::measures::Scale;

pub(super) fn points(indicator: &Indicator) -> Vec<Point> {
    if indicator.standards.is_empty() {
        return vec![Point::new("There is no standard, so figures have no colour.")];
    }
    let unit = unit(&indicator.measure);
    let mut points: Vec<Point> = indicator.standards.iter().map(|s| standard(s, &unit)).collect();
    points.push(Point::new(
        "The standard in force on the last day of the period gives the colour. Figures are compared before they are \
            rounded.",
    ));
    points
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
    let mut bands = vec![format!("green: {green} {reaches}")];
    match s.yellow {
        Some(yellow) => {
            let yellow = format!("{yellow}{unit}");
            bands.push(match s.at_least {
                true => format!("yellow: from {yellow} (included) up to {green} (not included)"),
                false => format!("yellow: more than {green}, up to {yellow} (included)"),
            });
            bands.push(format!("red: {short} {yellow}"));
        }
        None => {
            bands.push(format!("red: {short} {green}"));
            bands.push("there is no yellow".to_owned());
        }
    }
    Point::over(format!("{when}:"), bands.into_iter().map(Point::new).collect())
}

/// The unit after a figure.
fn unit(measure: &Measure) -> String {
    match measure.kind().scale() {
        Scale::Percent => "%".to_owned(),
        Scale::Number => String::new(),
        Scale::Length(unit) => format!(" {}", counted(unit)),
    }
}
