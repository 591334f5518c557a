//! What is measured: a share, a rate, a mean, a percentile or a time until something happens, and
//! how a row counts of which something is not known.

use super::fields::Open;
use super::followed;
use super::notes::Note;
use super::page::Point;
use super::words::{capital, number, one};
use super::writer::Writer;
use crate::ir::measure::{Exposure, Rate};
use crate::ir::{Expr, ExprKind, Indicator, Measure, Ty};

pub(super) fn points(w: &mut Writer<'_>, indicator: &Indicator) -> Vec<Point> {
    let left = if indicator.exclusions.is_empty() { "all that count" } else { "all that count and are not excluded" };
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
    points.extend(smallest(indicator));
    points
}

/// The number of cases from which a figure is shown, where one is set; and what the figure of none
/// is, where there is one.
fn smallest(indicator: &Indicator) -> Option<Point> {
    let none = indicator.measure.kind().is_count().then_some("Where there are none, the figure is 0.");
    let Some(n) = indicator.minimum else { return none.map(Point::new) };
    let n = number(i64::try_from(n).unwrap_or(i64::MAX));
    let counted = if indicator.exclusions.is_empty() { "count" } else { "count and are not excluded" };
    let some = match &indicator.measure {
        Measure::Mean(_) | Measure::Percentile(_) => "have a number",
        Measure::Until(_) | Measure::Incidence(_) => "have a time",
        Measure::Count(_) | Measure::Distinct(_) | Measure::Proportion(_) | Measure::Rate(_) => counted,
    };
    let few = format!("Where fewer than {n} {some} there is neither figure nor colour; the counts are still shown.");
    Some(Point::new(none.into_iter().chain([few.as_str()]).collect::<Vec<_>>().join(" ")))
}

fn proportion(w: &mut Writer<'_>, numerator: &Expr, left: &str) -> Vec<Point> {
    let mut points = vec![Point::new(format!("The figure is the percentage of {left} that is met."))];
    let a = capital(&one(&w.case()));
    points.push(w.clause(numerator).after(&format!("{a} is met when ")).sentence());
    points.push(undetermined(w, &[numerator], "the answer", "is \"undetermined\""));
    points
}

fn rate(w: &mut Writer<'_>, of: &Rate, left: &str) -> Vec<Point> {
    let case = w.case();
    let per = number(i64::try_from(of.per).unwrap_or(i64::MAX));
    let a = capital(&one(&case));
    let (unit, divided, amounts) = match &of.unit {
        Exposure::OfWindow => {
            ("on average".to_owned(), "the parts of the period for which they count".to_owned(), "days".to_owned())
        }
        Exposure::Time(_) | Exposure::Events => {
            (of.unit.to_string(), format!("their {}", of.unit), of.unit.to_string())
        }
        Exposure::Named(name) => (name.clone(), format!("their number of {name}"), format!("the number of {name}")),
    };
    let mut points = vec![Point::new(format!(
        "The figure is a rate per {per} {unit}: the events of {left}, divided by {divided}, times {per}."
    ))];
    points.push(if of.events.ty == Ty::Bool {
        w.clause(&of.events).after(&format!("{a} has one event when ")).sentence()
    } else {
        w.told(&format!("The events of {}", one(&case)), &of.events)
    });
    let a = one(&case);
    points.push(match &of.unit {
        Exposure::OfWindow => w.point(|w| {
            let exposure = w.value(&of.exposure);
            format!("The part of the period for which {a} counts: {exposure}, divided by the days of the period.")
        }),
        Exposure::Time(_) | Exposure::Events => w.told(&format!("The {} of {a}", of.unit), &of.exposure),
        Exposure::Named(name) => w.told(&format!("The number of {name} of {a}"), &of.exposure),
    });
    let are = if matches!(of.unit, Exposure::Named(_)) { "is" } else { "are" };
    let then =
        format!("is \"undetermined\"; {}, and where {amounts} {are} not known, nothing counts", in_doubt(&of.events));
    points.push(undetermined(w, &[&of.events, &of.exposure], &format!("events or {amounts}"), &then));
    points.extend(below_zero(w, of));
    points
}

/// What counts of events of which something is not known.
fn in_doubt(events: &Expr) -> &'static str {
    match &events.kind {
        ExprKind::Linked(q) if q.ask.is_count() => "events that are certain still count",
        _ if events.ty == Ty::Bool => "an event in doubt does not count",
        _ => "where the number of its events is not known, none counts",
    }
}

/// What becomes of a row whose exposure is negative.
fn below_zero(w: &Writer<'_>, of: &Rate) -> Option<Point> {
    let case = w.case();
    let less = match &of.unit {
        Exposure::OfWindow | Exposure::Time(_) => "Less time than none",
        Exposure::Named(_) => "A number less than none",
        Exposure::Events => "A number below the line that is less than none",
    };
    let text = format!("{less} is a mistake: nothing counts, and the {case} is \"undetermined\".");
    (!of.exposure.never_negative()).then(|| Point::new(text))
}

fn sum_of_sum(w: &mut Writer<'_>, of: &Rate, left: &str) -> Vec<Point> {
    let a = one(&w.case());
    let mut points = vec![Point::new(format!(
        "The figure is a percentage: over {left}, the sum of one number, divided by the sum of another, times {}.",
        number(i64::try_from(of.per).unwrap_or(i64::MAX))
    ))];
    let unit = length(&of.events);
    // What is above is often some of what is below.
    points.push(w.told(&format!("The number below the line, of {a}{unit}"), &of.exposure));
    points.push(w.told(&format!("The number above the line, of {a}{unit}"), &of.events));
    let then = format!(
        "is \"undetermined\"; {}, and where the number below the line is in doubt, nothing counts",
        in_doubt(&of.events)
    );
    points.push(undetermined(w, &[&of.events, &of.exposure], "a number", &then));
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
        Ty::Int | Ty::Decimal(_) | Ty::Length(_) | Ty::Text | Ty::Date | Ty::Timestamp | Ty::Code(_) | Ty::Row(_) => {
            let figure = format!("The figure is the sum of a number, over {left}{adds_up}");
            (figure, w.told(&format!("The number of {a}"), events))
        }
    };
    let then = format!("is \"undetermined\"; {}", in_doubt(events));
    vec![Point::new(figure), point, undetermined(w, &[events], "that", &then)]
}

fn distinct(w: &mut Writer<'_>, of: &Expr, left: &str) -> Vec<Point> {
    let a = one(&w.case());
    let figure = format!(
        "The figure is a number: how many different ones {left} lead to. One that several lead to counts once. It also \
         counts once where several of those below lead to it, so their figures may add up to more."
    );
    let which = w.point(|w| format!("The one that {a} leads to: {}.", w.value(of)));
    let then = "adds nothing, and is reported as \"undetermined\"";
    vec![Point::new(figure), which, undetermined(w, &[of], "that", then)]
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
    points.push(w.told(&format!("The number of {a}{unit}"), of));
    let then = "has no part in the figure, and is reported as \"undetermined\"";
    points.push(undetermined(w, &[of], "the number", then));
    points
}

/// The unit of a number, when it is a length of time.
fn length(of: &Expr) -> String {
    match of.ty {
        Ty::Length(counted) => format!(", in {}", counted.word()),
        Ty::Int | Ty::Decimal(_) | Ty::Bool | Ty::Text | Ty::Date | Ty::Timestamp | Ty::Code(..) | Ty::Row(_) => {
            String::new()
        }
    }
}

/// What happens when an empty field leaves something open, and which fields can; or that none can.
pub(super) fn undetermined(w: &mut Writer<'_>, of: &[&Expr], what: &str, then: &str) -> Point {
    let case = w.case();
    let causes = w.left_open().of_measured(of);
    w.note(Note::Undetermined);
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
            said += " What is still to come can leave it open, as long as it has not come.";
        }
        said
    })
}
