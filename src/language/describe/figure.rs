//! What is measured: a share, a rate, a mean, a percentile or a time until something happens, and
//! how a row counts of which something is not known.

use super::followed;
use super::page::Point;
use super::words::{capital, number, one};
use super::writer::Writer;
use crate::ir::{Ask, Expr, ExprKind, Function, Indicator, Measure, Missing, Ty};

pub(super) fn points(w: &mut Writer<'_>, indicator: &Indicator) -> Vec<Point> {
    let left =
        if indicator.exclusions.is_empty() { "all that are counted" } else { "all that are counted and not left out" };
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
    points.push(Point::new(smallest(indicator)));
    points
}

/// The number of cases from which a figure is shown.
fn smallest(indicator: &Indicator) -> String {
    let some = match (&indicator.measure, indicator.exclusions.is_empty()) {
        (Measure::Mean { .. } | Measure::Percentile { .. }, _) => "have a number",
        (Measure::Until { .. } | Measure::Incidence { .. }, _) => "have a time",
        (Measure::Proportion { .. } | Measure::Rate { .. }, true) => "are counted",
        (Measure::Proportion { .. } | Measure::Rate { .. }, false) => "are counted and not left out",
    };
    let none = match indicator.measure {
        Measure::Rate { .. } => "Without any exposure there is no figure".to_owned(),
        Measure::Proportion { .. }
        | Measure::Mean { .. }
        | Measure::Percentile { .. }
        | Measure::Until { .. }
        | Measure::Incidence { .. } => {
            format!("Where none {} there is no figure", some.replace("are ", "is ").replace("have ", "has "))
        }
    };
    match indicator.minimum {
        None => format!("{none}; no other minimum is set."),
        Some(n) => {
            let n = number(i64::try_from(n).unwrap_or(i64::MAX));
            format!(
                "{none}. Where fewer than {n} {some} there is neither figure nor colour; the counts are still shown."
            )
        }
    }
}

fn proportion(w: &mut Writer<'_>, numerator: &Expr, left: &str) -> Vec<Point> {
    let mut points = vec![Point::new(format!("The figure is a percentage: of {left}, the share that is met."))];
    let a = capital(&one(&w.case()));
    points.push(w.clause(numerator).after(&format!("{a} is met when ")).sentence());
    let then = "stays among those counted, does not count as met, and is reported as undetermined";
    points.push(undetermined(w, &[numerator], then));
    points
}

fn rate(w: &mut Writer<'_>, per: u64, events: &Expr, exposure: &Expr, share: bool, left: &str) -> Vec<Point> {
    let case = w.case();
    let per = number(i64::try_from(per).unwrap_or(i64::MAX));
    let unit = if share { "on average over the period" } else { "days" };
    let a = capital(&one(&case));
    let mut points = vec![Point::new(format!(
        "The figure is a rate per {per} {unit}: the events of {left}, divided by their exposure, times {per}."
    ))];
    points.push(if events.ty == Ty::Bool {
        w.clause(events).after(&format!("{a} has one event when ")).sentence()
    } else {
        w.point(|w| format!("The events of {}: {}.", one(&case), w.value(events)))
    });
    points.push(w.point(|w| {
        let (a, days) = (one(&case), w.value(exposure));
        match share {
            true => format!("The exposure of {a}: {days}, divided by the number of days of the period."),
            false => format!("The exposure of {a}, in days: {days}."),
        }
    }));
    let then = "has only the events that are certain, no exposure where its days are not known, and is reported as \
        undetermined";
    points.push(undetermined(w, &[events, exposure], then));
    if !exposure.never_negative() {
        points.push(Point::new(format!(
            "Where the days of its exposure would be fewer than none, the {case} has no exposure, and is reported as undetermined, too."
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
    points.push(undetermined(w, &[of], "has no part in the figure, and is reported as undetermined"));
    points
}

/// What happens when missing data leaves something open, and what can be missing.
pub(super) fn undetermined(w: &mut Writer<'_>, of: &[&Expr], then: &str) -> Point {
    if of.iter().all(|e| e.missing == Missing::Never) {
        return Point::new("Missing data never leaves this open.");
    }
    let mut named: Vec<String> = Vec::new();
    of.iter().for_each(|e| open(w, e, &mut named));
    let begin = format!("Where missing data leaves this open, the {} {then}.", w.case());
    match named.is_empty() {
        true => Point::new(begin),
        false => Point::over(format!("{begin} What can be missing here:"), named.into_iter().map(Point::new).collect()),
    }
}

/// The values by which an expression can be unknown.
fn open(w: &mut Writer<'_>, e: &Expr, named: &mut Vec<String>) {
    if e.missing != Missing::Unknown {
        return;
    }
    let mut add = |said: String| {
        if !named.contains(&said) {
            named.push(said);
        }
    };
    match &e.kind {
        ExprKind::Column { .. } | ExprKind::Row { .. } => add(w.value(e)),
        ExprKind::Call { function: Function::FirstKnown, .. } => {}
        ExprKind::Call { .. } | ExprKind::Move { .. } => {
            for ended in e.children().into_iter().filter(|c| c.missing == Missing::OpenEnd) {
                add(format!("{}, while it is empty", w.value(ended)));
            }
        }
        ExprKind::Linked(q) => {
            if w.owner_may_be_missing(q) {
                add(w.reached(q.owner, &q.owner_links));
            }
            match q.ask {
                Ask::Earliest(_) | Ask::Latest(_) => add(format!("{}, when no row counts", w.value(e))),
                Ask::Exists | Ask::Count | Ask::Distinct(_) | Ask::Sum(_) | Ask::Days { .. } => {}
            }
        }
        ExprKind::Bool(_)
        | ExprKind::Int(_)
        | ExprKind::Text(_)
        | ExprKind::Date(_)
        | ExprKind::Code(_)
        | ExprKind::Window(_)
        | ExprKind::AsOf
        | ExprKind::And(_)
        | ExprKind::Or(_)
        | ExprKind::Not(_)
        | ExprKind::Compare { .. }
        | ExprKind::InCodes { .. }
        | ExprKind::InWindow(_)
        | ExprKind::IsMissing(_)
        | ExprKind::Shift { .. }
        | ExprKind::BusinessDay { .. }
        | ExprKind::Elsewhere(_) => {}
    }
    e.children().into_iter().for_each(|part| open(w, part, named));
}
