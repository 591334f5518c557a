//! The cohort: which rows are counted, and which of them are excluded.

use super::fields::Open;
use super::notes::Note;
use super::page::Point;
use super::words::{capital, one};
use super::writer::Writer;
use crate::ir::{Cohort, Exclusion, Expr, ExprKind, Missing, Pick, RowId, Ty};

pub(super) fn points(w: &mut Writer<'_>, cohort: &Cohort) -> Vec<Point> {
    let case = w.case();
    let whole = introduced(&case, &w.model.table(cohort.table).title);
    let mut points = match &cohort.pick {
        None => vec![asked(w, &cohort.condition, &whole, "counts")],
        Some(pick) if pick.ever => {
            let mut points = picked(w, pick, "Of all with", &format!("whatever their dates, one {whole} is taken"));
            points.push(asked(w, &cohort.condition, &format!("{case} that is taken"), "counts"));
            points
        }
        Some(pick) => {
            let mut points = vec![asked(w, &cohort.condition, &whole, "may count")];
            points.extend(picked(w, pick, "Of those that may count in a period and have", "one counts"));
            points
        }
    };
    let causes = w.left_open().of_cohort();
    let by = cohort.pick.iter().flat_map(|pick| &pick.by);
    let asked: Vec<&Expr> = by.chain([&cohort.condition]).collect();
    let open = Open::new(w, &causes, &asked);
    if !open.is_never() {
        let (which, fields) = open.in_words();
        points.push(Point::new(match cohort.pick {
            None => format!(
                "If {which} leaves open whether it counts, the {case} does not count, and is reported as \"unsure\".{fields}"
            ),
            Some(_) => format!(
                "If {which} leaves open whether one may count, or where it stands in the choice, it does not count; where it \
                 might be the one, both it and the one that counts in its place are reported as \"unsure\".{fields}"
            ),
        }));
    }
    points
}

/// What a row is called, with the words that the model has for it where they say more.
fn introduced(case: &str, title: &str) -> String {
    if one(case) == title { case.to_owned() } else { format!("{case} ({title})") }
}

/// The conditions on a row of the cohort.
fn asked(w: &mut Writer<'_>, condition: &Expr, row: &str, then: &str) -> Point {
    if condition.kind == ExprKind::Bool(true) {
        return Point::new(format!("Every {row} {then}."));
    }
    w.clause(condition).after(&format!("{} {then} when ", capital(&one(row)))).sentence()
}

/// The pick of one row for each linked row.
fn picked(w: &mut Writer<'_>, pick: &Pick, begin: &str, then: &str) -> Vec<Point> {
    let case = w.case();
    let per = w.reached(RowId::COHORT, &pick.per);
    let per = per.strip_prefix("the ").unwrap_or(&per).to_owned();
    let end = if pick.last { "last" } else { "first" };
    let each = if pick.each_level { " and, at each level, the same holder (nobody is one)" } else { "" };
    let mut points = vec![match pick.by.as_slice() {
        [only] => w.point(|w| {
            format!("{begin} the same {per}{each}, {then}: the one for which {}.", extreme(w, only, pick.last))
        }),
        several => {
            let order = several.iter().map(|e| w.point(|w| ordered(w, e))).collect();
            let begin = format!("{begin} the same {per}{each}, {then}: the {end} when they are put in order by:");
            Point::over(begin, order)
        }
    }];
    w.note(Note::Ties);
    let mut without = Vec::new();
    if w.end(RowId::COHORT, &pick.per).is_some_and(|(_, optional)| optional) {
        without.push(format!("without the {per}"));
    }
    if pick.by.iter().any(|e| e.missing == Missing::Unknown) {
        without.push("for which what the choice goes by is not known".to_owned());
    }
    if !without.is_empty() {
        let a = capital(&one(&case));
        points.push(Point::new(format!("{a} {} is not taken.", without.join(", or "))));
    }
    points
}

/// What makes a row the first or the last.
pub(super) fn extreme(w: &mut Writer<'_>, e: &Expr, last: bool) -> String {
    let may_be_empty = e.missing == Missing::OpenEnd && w.left_open().may_be_open(e);
    let open = if may_be_empty { " (an empty one is later than all others)" } else { "" };
    match (e.ty, last) {
        (Ty::Date | Ty::Timestamp, true) => format!("{} is the latest{open}", w.value(e)),
        (Ty::Date | Ty::Timestamp, false) => format!("{} is the earliest{open}", w.value(e)),
        (Ty::Int | Ty::Decimal(_) | Ty::Length(_), true) => format!("{} is the largest", w.value(e)),
        (Ty::Int | Ty::Decimal(_) | Ty::Length(_), false) => format!("{} is the smallest", w.value(e)),
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
        Ty::Int | Ty::Decimal(_) | Ty::Length(_) => format!("{}, smallest first", w.value(e)),
        Ty::Bool | Ty::Text | Ty::Code(..) => format!("{}, in the order of the data", w.value(e)),
    }
}

/// Exclusions, in order.
pub(super) fn excluded(w: &mut Writer<'_>, exclusions: &[Exclusion]) -> Vec<Point> {
    if exclusions.is_empty() {
        return vec![Point::new("No exclusions.")];
    }
    let case = w.case();
    let a = capital(&one(&case));
    let mut points = if let [only] = exclusions {
        let begin = format!("{a} is excluded, as \"{}\", when ", only.reason);
        vec![w.clause(&only.condition).after(&begin).sentence()]
    } else {
        let numbered =
            |(n, e): (usize, &Exclusion)| w.clause(&e.condition).after(&format!("({}) \"{}\": when ", n + 1, e.reason));
        let reasons = exclusions.iter().enumerate().map(numbered).collect();
        vec![Point::over(format!("{a} is excluded for the first of these reasons that is true:"), reasons)]
    };
    let causes: Vec<_> = (0..exclusions.len()).flat_map(|n| w.left_open().of_exclusion(n)).collect();
    let asked: Vec<&Expr> = exclusions.iter().map(|e| &e.condition).collect();
    let open = Open::new(w, &causes, &asked);
    if !open.is_never() {
        let (which, fields) = open.in_words();
        points.push(Point::new(format!(
            "If {which} leaves a reason open, the {case} is not excluded for it, and is reported as \"unsure\".{fields}"
        )));
    }
    if w.indicator.cohort.pick.is_some() {
        points.push(Point::new(format!("No other {case} takes its place.")));
    }
    points
}
