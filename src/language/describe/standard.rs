//! Standards: which figures are green, yellow and red, and when.

use super::notes::Note;
use super::page::Point;
use super::words::{day, number, plain, quoted};
use super::writer::Writer;
use crate::ir::{Indicator, Measure, OwnStandard, Standard, Thresholds};
use crate::measures::Scale;
use crate::model::{ColumnId, Model, Targets};
use chrono::NaiveDate;

pub(super) fn points(w: &mut Writer<'_>) -> Vec<Point> {
    let indicator = w.indicator;
    let unit = unit(&indicator.measure);
    let coloured: Vec<(&Standard, Thresholds)> =
        indicator.standards.iter().filter_map(|s| Some((s, s.green?))).collect();
    let own: Vec<Point> = indicator.own_standards.iter().map(|own| own_standard(w.model, own, &unit)).collect();
    if coloured.is_empty() && own.is_empty() {
        return vec![Point::new("There is no standard, so figures have no colour.")];
    }
    w.note(Note::Colours);
    let mut points = own;
    if let Some(others) = others(indicator, coloured.is_empty()) {
        points.push(others);
    }
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
        points.push(Point::over(format!("{when}:"), bands(standard, green, &unit)));
    }
    points
}

/// What each entity of a level has of its own.
fn own_standard(model: &Model, own: &OwnStandard, unit: &str) -> Point {
    let table = model.table(own.targets.table);
    let column = |id: ColumnId| quoted(&table.column(id).name);
    let (of, lines) = (plain(&model.table(own.entities).name), plain(&table.name));
    let Targets { entity, from, figure, .. } = own.targets;
    let (entity, from, figure) = (column(entity), column(from), column(figure));
    let [beyond, within] = if own.at_least { ["more", "less"] } else { ["less", "more"] };
    let green = format!("green: the target or {beyond}{}", origin(own.status.as_deref(), own.source.as_deref()));
    let red = match own.within {
        None => format!("red: {within} than the target; there is no yellow"),
        Some(share) => {
            let way = match (own.at_least, own.is_percent) {
                (true, _) => "of the way from the target to 0",
                (false, true) => "of the way from the target to 100%",
                (false, false) => "of the target above it",
            };
            let state = origin(own.yellow_status.as_deref(), None);
            format!(
                "yellow: {within} than the target, and no further than {share}% {way}{state}; red: what lies further"
            )
        }
    };
    let without = format!(
        "no colour: without such a line, when its {figure} is empty, cannot be read or does not lie between {} and \
         {}{unit}, or when a line that was set aside could be it; never by the target of another",
        own.range()[0],
        number(own.range()[1])
    );
    let over = format!(
        "Each {of} is judged by a target of its own: {figure} of the line in {lines} whose {entity} it is, with the \
         latest {from} on or before the last day of the period:"
    );
    Point::over(over, [green, red, without].into_iter().map(Point::new).collect())
}

/// What holds for all others, where some have targets of their own.
fn others(indicator: &Indicator, none: bool) -> Option<Point> {
    let said = match none {
        true => "For all others there is no standard, and figures have no colour.",
        false => "All others are judged by what follows.",
    };
    (!indicator.own_standards.is_empty()).then(|| Point::new(said))
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

fn bands(standard: &Standard, green: Thresholds, unit: &str) -> Vec<Point> {
    let said = |end: f64| format!("{end}{unit}");
    let inside = match (green.least.map(said), green.most.map(said)) {
        (Some(least), Some(most)) => format!("green: from {least} to {most}, both included"),
        (Some(least), None) => format!("green: {least} or more"),
        (None, most) => format!("green: {} or less", most.unwrap_or_default()),
    };
    let inside = format!("{inside}{}", origin(standard.status.as_deref(), standard.source.as_deref()));
    let outer = standard.yellow.unwrap_or(green);
    let less = outer.least.map(|end| format!("less than {}", said(end)));
    let more = outer.most.map(|end| format!("more than {}", said(end)));
    let red = format!("red: {}", either(less, more));
    let outside = match standard.yellow {
        None => format!("{red}; there is no yellow"),
        Some(yellow) => {
            let below = yellow.least.zip(green.least).filter(|(yellow, green)| yellow < green);
            let above = yellow.most.zip(green.most).filter(|(yellow, green)| yellow > green);
            let inside = match (below, above) {
                (Some((least, _)), None) if green.most.is_none() => format!("otherwise {} or more", said(least)),
                (None, Some((most, _))) if green.least.is_none() => format!("otherwise {} or less", said(most)),
                (below, above) => either(
                    below.map(|(yellow, green)| format!("{} or more, and less than {}", said(yellow), said(green))),
                    above.map(|(yellow, green)| format!("{} or less, and more than {}", said(yellow), said(green))),
                ),
            };
            format!("yellow: {inside}{}; {red}", origin(standard.yellow_status.as_deref(), None))
        }
    };
    vec![Point::new(inside), Point::new(outside)]
}

/// What lies below, what lies above, or the one and the other.
fn either(below: Option<String>, above: Option<String>) -> String {
    below.into_iter().chain(above).collect::<Vec<_>>().join(", or ")
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
        Scale::Length(unit) => format!(" {}", unit.word()),
    }
}
