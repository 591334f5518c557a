//! What is measured: a share, a rate, a mean, a percentile or a time until something happens, and
//! how a row counts of which something is not known.

use super::fields::Open;
use super::followed;
use super::notes::Note;
use super::page::Point;
use super::words::{capital, number, one};
use super::writer::Writer;
use crate::ir::{Ask, Expr, ExprKind, Indicator, Measure, Ty};

pub(super) fn points(w: &mut Writer<'_>, indicator: &Indicator) -> Vec<Point> {
    let left = if indicator.exclusions.is_empty() { "all that count" } else { "all that count and are not excluded" };
    let mut points = match &indicator.measure {
        Measure::Proportion { numerator } => proportion(w, numerator, left),
        Measure::Rate { per, events, exposure, of_window } => rate(w, *per, events, exposure, *of_window, left),
        Measure::Mean { of } => {
            let how =
                format!("the mean of a number, over {left}: the sum of the numbers, divided by how many there are");
            middle(w, of, &how)
        }
        Measure::Percentile { percent, of } => middle(w, of, &percentile(*percent, left)),
        Measure::Until { percent, unit, rows } => followed::until(w, *percent, *unit, rows, left),
        Measure::Incidence { of, by, rows } => followed::incidence(w, of, *by, rows, left),
    };
    points.extend(smallest(indicator));
    points
}

/// The number of cases from which a figure is shown, where one is set.
fn smallest(indicator: &Indicator) -> Option<Point> {
    let n = number(i64::try_from(indicator.minimum?).unwrap_or(i64::MAX));
    let some = match (&indicator.measure, indicator.exclusions.is_empty()) {
        (Measure::Mean { .. } | Measure::Percentile { .. }, _) => "have a number",
        (Measure::Until { .. } | Measure::Incidence { .. }, _) => "have a time",
        (Measure::Proportion { .. } | Measure::Rate { .. }, true) => "count",
        (Measure::Proportion { .. } | Measure::Rate { .. }, false) => "count and are not excluded",
    };
    Some(Point::new(format!(
        "Where fewer than {n} {some} there is neither figure nor colour; the counts are still shown."
    )))
}

fn proportion(w: &mut Writer<'_>, numerator: &Expr, left: &str) -> Vec<Point> {
    let mut points = vec![Point::new(format!("The figure is the percentage of {left} that is met."))];
    let case = w.case();
    points.push(w.clause(numerator).after(&format!("{} is met when ", capital(&one(&case)))).sentence());
    w.note(Note::Undetermined);
    let then = "is \"undetermined\"";
    points.push(undetermined(w, &[numerator], "the answer", then));
    points
}

fn rate(w: &mut Writer<'_>, per: u64, events: &Expr, exposure: &Expr, share: bool, left: &str) -> Vec<Point> {
    let case = w.case();
    let per = number(i64::try_from(per).unwrap_or(i64::MAX));
    let a = capital(&one(&case));
    let mut points = vec![Point::new(match share {
        true => format!(
            "The figure is a rate per {per} on average: the events of {left}, divided by the parts of the period for which \
             they count, times {per}."
        ),
        false => {
            format!("The figure is a rate per {per} days: the events of {left}, divided by their days, times {per}.")
        }
    })];
    points.push(if events.ty == Ty::Bool {
        w.clause(events).after(&format!("{a} has one event when ")).sentence()
    } else {
        w.point(|w| format!("The events of {}: {}.", one(&case), w.value(events)))
    });
    points.push(w.point(|w| {
        let (a, days) = (one(&case), w.value(exposure));
        match share {
            true => format!("The part of the period for which {a} counts: {days}, divided by the days of the period."),
            false => format!("The days of {a}: {days}."),
        }
    }));
    let in_doubt = match &events.kind {
        ExprKind::Linked(q) if q.ask == Ask::Count => "only events that are certain count",
        _ if events.ty == Ty::Bool => "an event in doubt does not count",
        _ => "where the number of its events is in doubt, none counts",
    };
    let then = format!("is \"undetermined\", and reported apart; {in_doubt}, and days that are not known do not");
    points.push(undetermined(w, &[events, exposure], "events or days", &then));
    if !exposure.never_negative() {
        points.push(Point::new(format!(
            "Where its days would be fewer than none, the {case} has no days, and is \"undetermined\", too."
        )));
    }
    points
}

/// How a percentile is found.
fn percentile(percent: u8, left: &str) -> String {
    let how = match percent {
        50 => format!(
            "the median of a number, over {left}: the one in the middle when they are put in order; of an even number of \
             them, halfway between the two in the middle"
        ),
        _ => format!(
            "percentile {percent} of a number, over {left}: when they are put in order, the smallest of them that at \
             least {percent} of 100 do not exceed; where exactly {percent} of 100 do not, halfway between it and the next larger"
        ),
    };
    how + ". It is found anew from the numbers themselves at every level"
}

fn middle(w: &mut Writer<'_>, of: &Expr, how: &str) -> Vec<Point> {
    let unit = match of.ty {
        Ty::Days => ", in days",
        Ty::Months => ", in months",
        Ty::Years => ", in years",
        Ty::Int | Ty::Bool | Ty::Text | Ty::Date | Ty::Timestamp | Ty::Code(..) | Ty::Row(_) => "",
    };
    let mut points = vec![Point::new(format!("The figure is {how}."))];
    let a = one(&w.case());
    points.push(w.point(|w| format!("The number of {a}{unit}: {}.", w.value(of))));
    points.push(undetermined(w, &[of], "the number", "has no part in the figure, and is reported as \"undetermined\""));
    points
}

/// What happens when an empty field leaves something open, and which fields can; or that none can.
pub(super) fn undetermined(w: &mut Writer<'_>, of: &[&Expr], what: &str, then: &str) -> Point {
    let case = w.case();
    let causes = w.left_open().of_measured(of);
    w.point(|w| {
        let open = Open::new(w, &causes, of);
        let mut said = match (open.is_never(), open.is_broken_only()) {
            (true, _) => format!("No empty field can leave {what} open."),
            (false, true) => {
                format!("Only a field that must be filled in and is not can leave {what} open; the {case} then {then}.")
            }
            (false, false) => {
                format!("If an empty field leaves {what} open, the {case} {then}. Such fields: {}.", open.fields())
            }
        };
        if w.indicator.as_it_stands {
            said += " So it is with what is still to come.";
        }
        said
    })
}
