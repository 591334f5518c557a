//! What is measured: a share, a rate, a mean, a percentile or a time until something happens, and
//! how a row counts of which something is not known.

use super::followed;
use super::page::Point;
use super::words::{capital, number, one};
use super::writer::Writer;
use crate::ir::measure::{Exposure, Rate};
use crate::ir::{Ask, Expr, ExprKind, Function, Indicator, Measure, Missing, Ty};

pub(super) fn points(w: &mut Writer<'_>, indicator: &Indicator) -> Vec<Point> {
    let left =
        if indicator.exclusions.is_empty() { "all that are counted" } else { "all that are counted and not left out" };
    let mut points = match &indicator.measure {
        Measure::Proportion(of) => proportion(w, &of.numerator, left),
        Measure::Rate(of) if of.unit == Exposure::Events => sum_of_sum(w, of, left),
        Measure::Rate(of) => rate(w, of, left),
        Measure::Count(of) => count(w, &of.events, left),
        Measure::Distinct(of) => distinct(w, &of.of, left),
        Measure::Mean(of) => {
            let how =
                format!("the mean of a number, over {left}: the sum of the numbers, divided by how many there are");
            middle(w, &of.of, &how)
        }
        Measure::Percentile(of) => middle(w, &of.of, &percentile(of.percent, left)),
        Measure::Until(of) => followed::until(w, of.percent, of.unit, &of.rows, left),
        Measure::Incidence(of) => followed::incidence(w, &of.of, of.by, &of.rows, left),
    };
    points.push(Point::new(smallest(indicator)));
    points
}

/// The number of cases from which a figure is shown.
fn smallest(indicator: &Indicator) -> String {
    let counted = if indicator.exclusions.is_empty() { "are counted" } else { "are counted and not left out" };
    let some = match &indicator.measure {
        Measure::Mean(_) | Measure::Percentile(_) => "have a number",
        Measure::Until(_) | Measure::Incidence(_) => "have a time",
        Measure::Count(_) | Measure::Distinct(_) | Measure::Proportion(_) | Measure::Rate(_) => counted,
    };
    let none = match &indicator.measure {
        Measure::Rate(of) if of.unit == Exposure::Events => {
            "Where there is nothing to divide by there is no figure".to_owned()
        }
        Measure::Rate(of) => match &of.unit {
            Exposure::Named(name) => format!("Without any {name} there is no figure"),
            Exposure::Time(_) | Exposure::OfWindow | Exposure::Events => {
                "Without any exposure there is no figure".to_owned()
            }
        },
        Measure::Count(_) | Measure::Distinct(_) => "Where there are none, the figure is 0".to_owned(),
        Measure::Proportion(_)
        | Measure::Mean(_)
        | Measure::Percentile(_)
        | Measure::Until(_)
        | Measure::Incidence(_) => {
            format!("Where none {} there is no figure", some.replace("are ", "is ").replace("have ", "has "))
        }
    };
    match indicator.minimum {
        None if indicator.measure.kind().has_value_of_nothing() => format!("{none}."),
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

fn rate(w: &mut Writer<'_>, of: &Rate, left: &str) -> Vec<Point> {
    let case = w.case();
    let per = number(i64::try_from(of.per).unwrap_or(i64::MAX));
    let a = capital(&one(&case));
    let (unit, divided) = match &of.unit {
        Exposure::OfWindow => ("on average over the period".to_owned(), "their exposure".to_owned()),
        Exposure::Time(_) | Exposure::Events => (of.unit.to_string(), "their exposure".to_owned()),
        Exposure::Named(name) => (name.clone(), format!("their number of {name}")),
    };
    let mut points = vec![Point::new(format!(
        "The figure is a rate per {per} {unit}: the events of {left}, divided by {divided}, times {per}."
    ))];
    points.push(if of.events.ty == Ty::Bool {
        w.clause(&of.events).after(&format!("{a} has one event when ")).sentence()
    } else {
        w.point(|w| format!("The events of {}: {}.", one(&case), w.value(&of.events)))
    });
    points.push(w.point(|w| {
        let (a, exposure) = (one(&case), w.value(&of.exposure));
        match &of.unit {
            Exposure::OfWindow => {
                format!("The exposure of {a}: {exposure}, divided by the number of days of the period.")
            }
            Exposure::Time(_) | Exposure::Events => format!("The exposure of {a}, in {}: {exposure}.", of.unit),
            Exposure::Named(name) => format!("The number of {name} of {a}: {exposure}."),
        }
    }));
    let of_what = match &of.unit {
        Exposure::Named(name) => format!("the number of {name}"),
        Exposure::OfWindow | Exposure::Time(_) | Exposure::Events => "its days".to_owned(),
    };
    let (none, are) = match &of.unit {
        Exposure::Named(_) => (format!("none where {of_what}"), "is"),
        Exposure::OfWindow | Exposure::Time(_) | Exposure::Events => (format!("no exposure where {of_what}"), "are"),
    };
    let then = format!("has only the events that are certain, {none} {are} not known, and is reported as undetermined");
    points.push(undetermined(w, &[&of.events, &of.exposure], &then));
    points.extend(below_zero(w, of));
    points
}

/// What becomes of a row whose exposure is negative.
fn below_zero(w: &Writer<'_>, of: &Rate) -> Option<Point> {
    let case = w.case();
    let (less, none) = match &of.unit {
        Exposure::OfWindow | Exposure::Time(_) => ("the days of its exposure would be fewer than none", "no exposure"),
        Exposure::Named(_) => ("that number would be less than none", "none"),
        Exposure::Events => ("the number below the line would be less than none", "none"),
    };
    let text = format!("Where {less}, the {case} has {none}, and is reported as undetermined, too.");
    (!of.exposure.never_negative()).then(|| Point::new(text))
}

fn sum_of_sum(w: &mut Writer<'_>, of: &Rate, left: &str) -> Vec<Point> {
    let a = one(&w.case());
    let mut points = vec![Point::new(format!(
        "The figure is a percentage: over {left}, the sum of one number, divided by the sum of another, times 100."
    ))];
    let unit = length(&of.events);
    points.push(w.point(|w| format!("The number above the line, of {a}{unit}: {}.", w.value(&of.events))));
    points.push(w.point(|w| format!("The number below the line, of {a}{unit}: {}.", w.value(&of.exposure))));
    let then = "has only what is certain above the line, nothing below the line where that number is not known, and is reported as \
                undetermined";
    points.push(undetermined(w, &[&of.events, &of.exposure], then));
    points.extend(below_zero(w, of));
    points
}

fn count(w: &mut Writer<'_>, events: &Expr, left: &str) -> Vec<Point> {
    let a = one(&w.case());
    let by_level = w.indicator.by_level();
    let adds_up = if by_level { "." } else { ". The figures of those below add up to the figure above them." };
    if events.kind == ExprKind::Bool(true) {
        return vec![Point::new(format!("The figure is a number: how many there are of {left}{adds_up}"))];
    }
    let (figure, point) = match events.ty {
        Ty::Bool => {
            let figure = format!("The figure is a number: how many are met of {left}{adds_up}");
            (figure, w.clause(events).after(&format!("{} is met when ", capital(&a))).sentence())
        }
        Ty::Int
        | Ty::Days
        | Ty::Months
        | Ty::Years
        | Ty::Text
        | Ty::Date
        | Ty::Timestamp
        | Ty::Code(_)
        | Ty::Row(_) => {
            let figure = format!("The figure is the sum of a number, over {left}{adds_up}");
            (figure, w.point(|w| format!("The number of {a}: {}.", w.value(events))))
        }
    };
    let then = "adds only what is certain, and is reported as undetermined";
    vec![Point::new(figure), point, undetermined(w, &[events], then)]
}

fn distinct(w: &mut Writer<'_>, of: &Expr, left: &str) -> Vec<Point> {
    let a = one(&w.case());
    let figure = format!(
        "The figure is a number: how many different ones {left} lead to. One that several lead to counts once. It also \
         counts once where several of those below lead to it, so their figures may add up to more."
    );
    let which = w.point(|w| format!("The one that {a} leads to: {}.", w.value(of)));
    let then = "adds nothing, and is reported as undetermined";
    vec![Point::new(figure), which, undetermined(w, &[of], then)]
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
    let unit = length(of);
    let mut points = vec![Point::new(format!("The figure is {how}."))];
    let a = one(&w.case());
    points.push(w.point(|w| format!("The number of {a}{unit}: {}.", w.value(of))));
    points.push(undetermined(w, &[of], "has no part in the figure, and is reported as undetermined"));
    points
}

/// The unit of a number, when it is a length of time.
fn length(of: &Expr) -> &'static str {
    match of.ty {
        Ty::Days => ", in days",
        Ty::Months => ", in months",
        Ty::Years => ", in years",
        Ty::Int | Ty::Bool | Ty::Text | Ty::Date | Ty::Timestamp | Ty::Code(..) | Ty::Row(_) => "",
    }
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
