//! Rows that are followed until something happens, and for which it may not have happened yet.

use super::figure::undetermined;
use super::notes::Note;
use super::page::Point;
use super::words::{capital, one};
use super::writer::Writer;
use crate::ir::{At, Expr, ExprKind, Followed, Period, Ty};
use crate::model::Counted;

/// The time until something happens.
pub(super) fn until(w: &mut Writer<'_>, percent: u8, unit: Counted, rows: &Followed, left: &str) -> Vec<Point> {
    let Followed { from, to, censor } = rows;
    if unit == Counted::BusinessDays {
        w.note(Note::BusinessDays);
        w.note(Note::CountedBusinessDays);
    }
    let (case, full, unit) = (w.case(), if unit.is_rounded_down() { "full " } else { "" }, unit.word());
    let name = if percent == 50 { "the median time".to_owned() } else { format!("percentile {percent} of the time") };
    let rest = 100_u8.saturating_sub(percent);
    let mut points = vec![
        w.point(|w| {
            format!(
                "The figure is {name} until something happens, over {left}, also those for which it has not happened by {}: the \
                 time by which it has happened for {percent} of 100, as Kaplan and Meier estimate it.",
                w.value(censor)
            )
        }),
        w.point(|w| {
            let (from, to, censor) = (w.value(from), w.value(to), w.value(censor));
            format!(
                "The time of {}: the number of {full}{unit} from {from} to {to}, when that is on or before {censor}. The {case} \
                 is then met.",
                one(&case)
            )
        }),
        w.point(|w| {
            let (from, to, censor) = (w.value(from), w.value(to), w.value(censor));
            format!(
                "When {to} is after {censor}, or has not come yet, the {case} is not met: it stays in as \"not yet\", and its \
                 time is the number of {full}{unit} from {from} to {censor}."
            )
        }),
        Point::new(format!(
            "How it is found: 100 of 100 are left at first. At each time at which something happened, that number is multiplied by \
             the part of those with that time or a longer one for which it did not happen then; those who are \"not yet\" with \
             that very time are among them. The figure is the first time after which less than {rest} of 100 are left; where \
             exactly {rest} of 100 are, halfway between that time and the next at which something happened, and that time itself \
             where nothing happened later. Where the number never gets so low, the figure cannot be estimated. It is found anew \
             from the times themselves at every level, and changes as more of them become known."
        )),
    ];
    points.push(undetermined(
        w,
        &[from, censor],
        "the time",
        "has no time and no part in the figure, and is reported as \"undetermined\"",
    ));
    points.push(negative(&case));
    points
}

/// The share that has ended in one way by some time.
pub(super) fn incidence(w: &mut Writer<'_>, of: &Expr, by: Period, rows: &Followed, left: &str) -> Vec<Point> {
    let Followed { from, to, censor } = rows;
    let case = w.case();
    let a = capital(&one(&case));
    let last = last(from, by);
    let mut points = vec![Point::new(format!(
        "The figure is a percentage: of {left}, the share that is met by the last day on which they are looked at, where some end \
         otherwise before and some have not been followed so long; as Aalen and Johansen estimate it."
    ))];
    points.push(w.point(|w| {
        let (from, last) = (w.value(from), w.value(&last));
        format!("{a} is looked at from {from} to {last}, both days included.")
    }));
    points.push(w.point(|w| {
        let (from, to, censor) = (w.value(from), w.value(to), w.value(censor));
        format!(
            "It has ended when {to} is neither after that last day nor after {censor}. Its time is then the number of days from \
             {from} to {to}."
        )
    }));
    points.push(w.clause(of).after(&format!("{a} that has ended is met when ")).sentence());
    points.push(w.point(|w| {
        let (from, censor) = (w.value(from), w.value(censor));
        format!(
            "{a} that has ended otherwise is not met, and can no longer be. One that has not ended is not met, either: it was \
             followed all through when {censor} is on or after the last day on which it is looked at; when not, it is \"not yet\", \
             and its time is the number of days from {from} to {censor}."
        )
    }));
    points.push(Point::new(
        "How it is found: at each time at which some ended, the part that had not ended before is multiplied by the share of those \
         met then, among those left: those with that time or a longer one, and those followed all through; those who are \"not yet\" \
         with that very time are among them. The figure is the sum. Where nobody was followed all through and some might still end \
         after the last time, the figure cannot be estimated. It is found anew from the rows themselves at every level, and changes \
         as more of them become known.",
    ));
    let then = "has no time and no part in the figure, and is reported as \"undetermined\"";
    points.push(undetermined(w, &[from, censor], "the time", then));
    points.push(negative(&case));
    let then = "keeps its time, counts as ended otherwise, and is reported as \"undetermined\"";
    points.push(undetermined(w, &[of], "whether one that has ended is met", then));
    points
}

fn negative(case: &str) -> Point {
    Point::new(format!(
        "Where the time would be less than nothing, as its end lies before its beginning, the {case} has no time and no part in the \
         figure, and is reported as undetermined, too."
    ))
}

/// The last day on which a row is looked at.
fn last(from: &Expr, by: Period) -> Expr {
    let number = |n: u32| i32::try_from(n).unwrap_or(i32::MAX);
    let (months, days) = (number(by.months), number(by.days));
    let kind = ExprKind::Shift { date: Box::new(from.clone()), months, days, minutes: 0 };
    Expr { kind, ty: Ty::Date, missing: from.missing, at: At::default() }
}
