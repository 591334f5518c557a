//! Windows: how long they are, and the months that they end with.

use super::clauses::Clauses;
use super::indicator::Rows;
use super::types::{LONGEST, unit_words};
use crate::diag::{Diagnostic, Diagnostics, code, suggest};
use crate::ir::measure::Exposure;
use crate::ir::{CompareOp, Expr, ExprKind, Function, MONTHS, Measure, WindowEnds, WindowLength, WindowPoint};
use crate::source::{Span, Spanned};
use crate::syntax::ast::{self, Name, WindowSpec};

/// The first month of a calendar year.
const JANUARY: u32 = 1;

/// The length of a window and the months that it ends with, or findings.
pub(super) fn window(window: &ast::Window, out: &mut Diagnostics) -> Option<(WindowLength, WindowEnds)> {
    let length = length(&window.length, out);
    let ends = match &window.ends {
        None if window.length.value == WindowSpec::Quarter => Some(WindowEnds::QUARTERS),
        None => Some(WindowEnds::default()),
        Some(ends) => these(&window.length.value, ends, out),
    };
    length.zip(ends)
}

fn length(length: &Spanned<WindowSpec>, out: &mut Diagnostics) -> Option<WindowLength> {
    let (message, help) = match &length.value {
        WindowSpec::MonthEnd => return Some(WindowLength::Day),
        WindowSpec::Week => return Some(WindowLength::Week),
        WindowSpec::Quarter => return Some(WindowLength::Months(3)),
        WindowSpec::AllTime => return Some(WindowLength::AllTime),
        WindowSpec::YearToDate { fiscal, from } => return to_date(length.span, *fiscal, from.as_ref(), out),
        WindowSpec::Months(n) if (1..=LONGEST.0).contains(n) => {
            return u32::try_from(*n).ok().map(WindowLength::Months);
        }
        WindowSpec::Months(n) => {
            (format!("a window of {n} months is not possible"), format!("write 1 to {} months", LONGEST.0))
        }
        WindowSpec::Other(n, unit) => (
            format!("a window cannot be {n} {}: all but a week end with a month", unit_words(*unit)),
            "write `window week`, whole months (`window 12 months`), or `window month end` for a month's last day"
                .to_owned(),
        ),
    };
    out.push(Diagnostic::new(code::WINDOW_LENGTH, length.span, message).help(help));
    None
}

/// `year to date`, which is the calendar's, and `fiscal year to date from July`.
fn to_date(span: Span, fiscal: bool, from: Option<&Name>, out: &mut Diagnostics) -> Option<WindowLength> {
    let (message, help) = match (fiscal, from) {
        (false, None) => return Some(WindowLength::YearToDate(JANUARY)),
        (true, Some(from)) => return month(from, out).map(WindowLength::YearToDate),
        (true, None) => (
            "a fiscal year begins with a month that is not said here".to_owned(),
            "write it: `fiscal year to date from July`".to_owned(),
        ),
        (false, Some(from)) => (
            "a `year to date` begins with January".to_owned(),
            format!("write `fiscal year to date from {}`", from.value),
        ),
    };
    out.push(Diagnostic::new(code::WINDOW_LENGTH, span, message).help(help));
    None
}

/// A month by its name, from 1 to 12.
fn month(name: &Name, out: &mut Diagnostics) -> Option<u32> {
    if let Some((number, _)) = (1..).zip(MONTHS).find(|(_, month)| *month == name.value) {
        return Some(number);
    }
    let found = Diagnostic::new(code::WINDOW_ENDS, name.span, format!("`{}` is not the name of a month", name.value));
    let same = MONTHS.into_iter().find(|month| month.eq_ignore_ascii_case(&name.value));
    out.push(match same {
        Some(month) => found.help(format!("write `{month}`")).fix(name.span, month),
        None => found.help(suggest::help(&name.value, "months", &MONTHS)),
    });
    None
}

/// What is said of the months that windows end with.
fn these(length: &WindowSpec, said: &Spanned<ast::WindowEnds>, out: &mut Diagnostics) -> Option<WindowEnds> {
    let mut refuse = |span: Span, message: String, help: String| {
        out.push(Diagnostic::new(code::WINDOW_ENDS, span, message).help(help));
        None
    };
    let names = match (length, &said.value) {
        (WindowSpec::Week, _) => {
            let message = "a week ends on a Sunday, and with no month".to_owned();
            return refuse(said.span, message, "leave this out: every week is shown".to_owned());
        }
        (WindowSpec::Quarter, ast::WindowEnds::EveryQuarter) => {
            let message = "a `quarter` ends with every quarter already".to_owned();
            return refuse(said.span, message, "leave `every quarter` out".to_owned());
        }
        (_, ast::WindowEnds::EveryQuarter) => return Some(WindowEnds::QUARTERS),
        (_, ast::WindowEnds::In(names)) => names,
    };
    let mut months = Vec::new();
    for name in names {
        let number = month(name, out)?;
        let last = *length != WindowSpec::Quarter || WindowEnds::QUARTERS.months().any(|month| month == number);
        let (message, help) = if !last {
            let message = format!("no quarter of the year ends with {}", name.value);
            (message, format!("write `3 months ending in {}`", name.value))
        } else if months.contains(&number) {
            (format!("{} stands here twice", name.value), "write it once".to_owned())
        } else {
            months.push(number);
            continue;
        };
        out.push(Diagnostic::new(code::WINDOW_ENDS, name.span, message).help(help));
        return None;
    }
    Some(WindowEnds::of(&months))
}

/// Refuses what asks for the first day of `all time`.
pub(super) fn has_first_day(window: WindowLength, clauses: &Clauses, rows: &Rows, out: &mut Diagnostics) -> Option<()> {
    if window != WindowLength::AllTime {
        return Some(());
    }
    let of_window = matches!(&rows.measure, Measure::Rate(of) if of.unit == Exposure::OfWindow);
    let exclusions =
        rows.exclusions.iter().zip(&clauses.exclusions).map(|(e, said)| (&e.condition, said.condition.span));
    let cohort = clauses.cohort.map(|(_, span)| (&rows.cohort.condition, span));
    let measured = clauses.numerator.map(|(_, span)| span).or(clauses.measure.map(|m| m.span));
    let measured = measured.into_iter().flat_map(|span| rows.measure.expressions().into_iter().map(move |e| (e, span)));
    let at = clauses.attribute.map(|of| (&rows.attribution.at, of.at.span));
    let denominator = clauses.denominator.filter(|_| of_window).map(|(_, span)| span);
    let mut asked = cohort.into_iter().chain(exclusions).chain(measured).chain(at);
    let of_start = || asked.find(|(e, _)| asks_for_start(e)).map(|(_, span)| span);
    let Some(place) = denominator.or_else(of_start) else { return Some(()) };
    let message = "`all time` has no first day, and this asks for it".to_owned();
    let mut found = Diagnostic::new(code::NO_FIRST_DAY, place, message);
    if let Some(window) = clauses.window {
        found = found.also(window.length.span, "the window");
    }
    out.push(found.help(
        "ask by `in window`, `overlapping window`, `days in window` or `window.last_day`, or write a window that begins",
    ));
    None
}

/// Whether the first day of a window is asked for, other than to say what lies after it.
fn asks_for_start(e: &Expr) -> bool {
    let is_start = |e: &Expr| matches!(e.kind, ExprKind::Window(WindowPoint::Start));
    let inside = match &e.kind {
        _ if is_start(e) => return true,
        // Stays that overlap it, and days in it.
        ExprKind::Compare { op: CompareOp::Gt, left, right } if is_start(right) => vec![left.as_ref()],
        ExprKind::Call { function: Function::Latest, of } => of.iter().filter(|e| !is_start(e)).collect(),
        _ => e.children(),
    };
    inside.into_iter().any(asks_for_start)
}
