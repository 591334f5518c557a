//! Standards: which figures are green, yellow and red, and when.

use super::page::Point;
use super::words::{counted, day};
use crate::ir::{Indicator, Measure, Standard, Thresholds};
use chrono::NaiveDate;

pub(super) fn points(indicator: &Indicator) -> Vec<Point> {
    let unit = unit(&indicator.measure);
    let coloured: Vec<(&Standard, Thresholds)> =
        indicator.standards.iter().filter_map(|s| Some((s, s.green?))).collect();
    if coloured.is_empty() {
        return vec![Point::new("There is no standard, so figures have no colour.")];
    }
    let mut points = Vec::new();
    let mut ended: Option<NaiveDate> = None;
    for (standard, green) in coloured {
        if let (Some(until), Some(from)) = (ended, standard.from)
            && until < from
        {
            let when = when(Some(until), Some(from));
            points.push(Point::new(format!("{when} there is no standard, and figures have no colour.")));
        }
        ended = standard.until;
        let when = when(standard.from, standard.until);
        points.push(Point::over(format!("{when}:"), bands(green, standard.yellow, &unit)));
    }
    points.push(Point::new(
        "The standard in force on the last day of the period gives the colour. Figures are compared before they are \
            rounded.",
    ));
    points
}

fn when(from: Option<NaiveDate>, until: Option<NaiveDate>) -> String {
    match (from, until) {
        (None, None) => "For every period".to_owned(),
        (Some(from), None) => format!("For periods that end on or after {}", day(from)),
        (None, Some(until)) => format!("For periods that end before {}", day(until)),
        (Some(from), Some(until)) => {
            format!("For periods that end on or after {} and before {}", day(from), day(until))
        }
    }
}

fn bands(green: Thresholds, yellow: Option<Thresholds>, unit: &str) -> Vec<Point> {
    let said = |end: f64| format!("{end}{unit}");
    let inside = match (green.least.map(said), green.most.map(said)) {
        (Some(least), Some(most)) => format!("green: from {least} to {most} (both included)"),
        (Some(least), None) => format!("green: {least} or more"),
        (None, most) => format!("green: {} or less", most.unwrap_or_default()),
    };
    let mut bands = vec![inside];
    let outer = yellow.unwrap_or(green);
    if yellow.is_some() {
        let below = outer.least.zip(green.least).filter(|(yellow, green)| yellow < green);
        let below = below
            .map(|(yellow, green)| format!("from {} (included) up to {} (not included)", said(yellow), said(green)));
        let above = outer.most.zip(green.most).filter(|(yellow, green)| yellow > green);
        let above =
            above.map(|(yellow, green)| format!("more than {}, up to {} (included)", said(green), said(yellow)));
        bands.push(format!("yellow: {}", either(below, above)));
    }
    let less = outer.least.map(|end| format!("less than {}", said(end)));
    let more = outer.most.map(|end| format!("more than {}", said(end)));
    bands.push(format!("red: {}", either(less, more)));
    if yellow.is_none() {
        bands.push("there is no yellow".to_owned());
    }
    bands.into_iter().map(Point::new).collect()
}

/// What lies below, what lies above, or the one and the other.
fn either(below: Option<String>, above: Option<String>) -> String {
    below.into_iter().chain(above).collect::<Vec<_>>().join("; or ")
}

/// The unit after a figure.
fn unit(measure: &Measure) -> String {
    match measure {
        Measure::Proportion { .. } | Measure::Incidence { .. } => "%".to_owned(),
        Measure::Rate { .. } => String::new(),
        Measure::Mean { .. } | Measure::Percentile { .. } | Measure::Until { .. } => {
            measure.counted().map(|unit| format!(" {}", counted(unit))).unwrap_or_default()
        }
    }
}
