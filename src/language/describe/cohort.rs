//! The cohort: which rows are counted, and which of them are left out.

use super::page::Point;
use super::words::{capital, one, quoted};
use super::writer::Writer;
use crate::ir::{Cohort, Exclusion, Expr, ExprKind, Missing, Pick, RowId, Ty};

pub(super) fn points(w: &mut Writer<'_>, cohort: &Cohort) -> Vec<Point> {
    let case = w.case();
    let title = &w.model.table(cohort.table).title;
    let mut points = vec![Point::new(format!("One {case} ({title}) counts as one."))];
    match &cohort.pick {
        None => points.extend(asked(w, &cohort.condition, &case, "counted")),
        Some(pick) if pick.ever => {
            let begin = "before anything else is asked, among all there are, whatever their dates";
            points.extend(picked(w, pick, &format!("one {case} is chosen, {begin}: the")));
            points.extend(asked(w, &cohort.condition, &format!("chosen {case}"), "counted"));
        }
        Some(pick) => {
            points.extend(asked(w, &cohort.condition, &case, "considered"));
            points.extend(picked(w, pick, &format!("one {case} is counted: of those considered in a period, the")));
        }
    }
    points
}

/// The conditions on a row of the cohort.
fn asked(w: &mut Writer<'_>, condition: &Expr, row: &str, then: &str) -> Vec<Point> {
    if condition.kind == ExprKind::Bool(true) {
        return vec![Point::new(format!("Every {row} is {then}."))];
    }
    let begin = format!("{} is {then} when ", capital(&one(row)));
    let mut points = vec![w.clause(condition).after(&begin).sentence()];
    if condition.missing != Missing::Never {
        points.push(Point::new(format!("Where missing data leaves this open, the {row} is not {then}.")));
    }
    points
}

/// The pick of one row for each linked row.
fn picked(w: &mut Writer<'_>, pick: &Pick, begin: &str) -> Vec<Point> {
    let case = w.case();
    let per = w.reached(RowId::COHORT, &pick.per);
    let per = per.strip_prefix("the ").unwrap_or(&per).to_owned();
    let end = if pick.last { "last" } else { "first" };
    let each = if pick.each_level { " and each holder of a level (nobody is one)" } else { "" };
    let mut points = vec![match pick.by.as_slice() {
        [only] => w.point(|w| format!("For each {per}{each}, {begin} one for which {}.", extreme(w, only, pick.last))),
        several => {
            let order = several.iter().map(|e| w.point(|w| ordered(w, e))).collect();
            Point::over(format!("For each {per}{each}, {begin} {end} when they are put in order by:"), order)
        }
    }];
    let cohort = w.model.table(w.indicator.cohort.table);
    let key = cohort.key.map(|k| quoted(&cohort.column(k).name));
    let alike = "Where several are alike in this, the one";
    points.push(Point::new(match key {
        Some(key) => format!("{alike} whose {key} comes {end} is taken; ids are compared as text."),
        None => format!("{alike} that comes {end} in the data is taken."),
    }));
    let mut without = Vec::new();
    if w.end(RowId::COHORT, &pick.per).is_some_and(|(_, optional)| optional) {
        without.push(format!("the {per}"));
    }
    if pick.by.iter().any(|e| e.missing == Missing::Unknown) {
        without.push("what the choice is made by".to_owned());
    }
    if !without.is_empty() {
        let a = capital(&one(&case));
        points.push(Point::new(format!("{a} is never taken when {} is missing.", without.join(" or "))));
    }
    points
}

/// What makes a row the first or the last.
fn extreme(w: &mut Writer<'_>, e: &Expr, last: bool) -> String {
    let open = if e.missing == Missing::OpenEnd { " (an empty one is later than all others)" } else { "" };
    match (e.ty, last) {
        (Ty::Date | Ty::Timestamp, true) => format!("{} is the latest{open}", w.value(e)),
        (Ty::Date | Ty::Timestamp, false) => format!("{} is the earliest{open}", w.value(e)),
        (Ty::Int | Ty::Days | Ty::Months | Ty::Years, true) => format!("{} is the largest", w.value(e)),
        (Ty::Int | Ty::Days | Ty::Months | Ty::Years, false) => format!("{} is the smallest", w.value(e)),
        (Ty::Row(_), true) => format!("{} comes last, compared as text", w.id_of(e)),
        (Ty::Row(_), false) => format!("{} comes first, compared as text", w.id_of(e)),
        (Ty::Bool | Ty::Text | Ty::Code(..), true) => format!("{} comes last", w.value(e)),
        (Ty::Bool | Ty::Text | Ty::Code(..), false) => format!("{} comes first", w.value(e)),
    }
}

/// The values by which rows are ordered.
fn ordered(w: &mut Writer<'_>, e: &Expr) -> String {
    match e.ty {
        Ty::Row(_) => format!("{}, compared as text", w.id_of(e)),
        Ty::Date | Ty::Timestamp if e.missing == Missing::OpenEnd => {
            format!("{}, earliest first and empty ones last", w.value(e))
        }
        Ty::Date | Ty::Timestamp => format!("{}, earliest first", w.value(e)),
        Ty::Int | Ty::Days | Ty::Months | Ty::Years => format!("{}, smallest first", w.value(e)),
        Ty::Bool | Ty::Text | Ty::Code(..) => format!("{}, in the order of the data", w.value(e)),
    }
}

/// Exclusions, in order.
pub(super) fn left_out(w: &mut Writer<'_>, exclusions: &[Exclusion]) -> Vec<Point> {
    if exclusions.is_empty() {
        return vec![Point::new("Nothing that is counted is left out.")];
    }
    let case = w.case();
    let numbered =
        |(n, e): (usize, &Exclusion)| w.clause(&e.condition).after(&format!("({}) \"{}\", when ", n + 1, e.reason));
    let reasons: Vec<Point> = exclusions.iter().enumerate().map(numbered).collect();
    let a = capital(&one(&case));
    let begin =
        format!("{a} is left out, and shown under the first of these reasons that is true, asked in this order:");
    let mut points = vec![Point::over(begin, reasons)];
    if exclusions.iter().any(|e| e.condition.missing != Missing::Never) {
        points.push(Point::new(format!("Where missing data leaves a reason open, the {case} is not left out for it.")));
    }
    if w.indicator.cohort.pick.is_some() {
        points.push(Point::new(format!("No other {case} takes the place of one that is left out.")));
    }
    points
}
