//! Standards: unit, range, direction, the yellow band, and the days each is in force.

use super::declared::repeated;
use super::indicator::status;
use crate::diag::{Diagnostic, Diagnostics, code};
use crate::ir::{Measure, Standard};
use crate::measures::Scale;
use crate::model::Counted;
use crate::source::{Span, Spanned};
use crate::syntax::ast::{self, Quantity};

/// The indicator's standards by the day they come into force, in the unit of the measure; where the
/// measure has a mistake, units are not looked at.
pub(super) fn standards(
    written: &[(&ast::Standard, Span)],
    measure: Option<&Measure>,
    out: &mut Diagnostics,
) -> Vec<Standard> {
    let mut all: Vec<(Standard, Span)> =
        written.iter().filter_map(|(s, span)| Some((standard(s, measure, out)?, *span))).collect();
    one_direction(written, out);
    all.sort_by_key(|(s, _)| s.from);
    for pair in all.windows(2) {
        if let [(first, first_span), (second, second_span)] = pair {
            follow(first, *first_span, second, *second_span, out);
        }
    }
    all.into_iter().map(|(s, _)| s).collect()
}

fn standard(written: &ast::Standard, measure: Option<&Measure>, out: &mut Diagnostics) -> Option<Standard> {
    let green = figure(&written.amount, measure, out);
    let state = written.status.as_ref().and_then(|s| status(s, out));
    let yellow = written.yellow.as_ref().map(|y| (y, figure(&y.amount, measure, out)));
    let yellow_status = written.yellow.as_ref().and_then(|y| y.status.as_ref()).and_then(|s| status(s, out));
    let (from, until) = (written.from.as_ref(), written.until.as_ref());
    if let (Some(from), Some(until)) = (from, until)
        && until.value <= from.value
    {
        let message = format!("the standard is never in force: it ends on {}", until.value);
        out.push(
            Diagnostic::new(code::STANDARD_DATES, until.span, message)
                .also(from.span, "begins here")
                .help("`until` is the first day on which it is no longer in force, so it comes after `from`"),
        );
        return None;
    }
    let green = green?;
    let yellow = match yellow {
        Some((written_yellow, value)) => Some(band(written, green, written_yellow, value?, out)?),
        None => None,
    };
    Some(Standard {
        at_least: written.at_least,
        green,
        yellow,
        from: from.map(|d| d.value),
        until: until.map(|d| d.value),
        source: written.source.as_ref().map(|t| t.value.clone()),
        status: state,
        yellow_status,
    })
}

/// The figure of a threshold, when its unit is the measure's.
fn figure(amount: &Spanned<Quantity>, measure: Option<&Measure>, out: &mut Diagnostics) -> Option<f64> {
    let unit = match measure?.kind().scale() {
        Scale::Percent => return percent(amount, out),
        Scale::Number => None,
        Scale::Length(Counted::Days) => Some("days"),
        Scale::Length(Counted::Months) => Some("months"),
        Scale::Length(Counted::Years) => Some("years"),
    };
    let Quantity { value, unit: found } = &amount.value;
    let plural = |unit: &str| format!("{}s", unit.trim_end_matches('s'));
    if found.as_deref().map(plural).as_deref() != unit {
        let (message, help) = match unit {
            Some(unit) => (
                format!("the measure is a number of {unit}, so its standard must be one, too"),
                format!("write `{value} {unit}`"),
            ),
            None => ("the standard of this measure is a plain number".to_owned(), format!("write `{value}`")),
        };
        out.push(Diagnostic::new(code::STANDARD_UNIT, amount.span, message).help(help));
        return None;
    }
    if *value < 0.0 {
        let message = format!("this measure is never {value}");
        out.push(
            Diagnostic::new(code::STANDARD_RANGE, amount.span, message).help("write a number that is not negative"),
        );
        return None;
    }
    Some(*value)
}

/// A share as a percentage, with no more decimals than it has.
fn percent_of(share: f64) -> f64 {
    const EXACT: f64 = 1e9;
    (share * 100.0 * EXACT).round() / EXACT
}

fn percent(amount: &Spanned<Quantity>, out: &mut Diagnostics) -> Option<f64> {
    let Quantity { value, unit } = &amount.value;
    match unit.as_deref() {
        Some("%" | "percent") => {}
        Some(other) => {
            let message = format!("the measure is a share, so its standard cannot be in {other}");
            out.push(
                Diagnostic::new(code::STANDARD_UNIT, amount.span, message)
                    .help(format!("write a percentage: `{value}%`")),
            );
            return None;
        }
        None => {
            let message = format!("the standard `{value}` has no unit");
            // A share between 0 and 1 is how many other programs write a percentage.
            let help = if *value > 0.0 && *value <= 1.0 {
                format!("write `{}%` if a share of {value} is meant, and `{value}%` if not", percent_of(*value))
            } else {
                format!("write a percentage: `{value}%`")
            };
            out.push(Diagnostic::new(code::STANDARD_UNIT, amount.span, message).help(help));
            return None;
        }
    }
    if !(0.0..=100.0).contains(value) {
        let message = format!("a share is never {value}%");
        out.push(
            Diagnostic::new(code::STANDARD_RANGE, amount.span, message).help("write a percentage from 0% to 100%"),
        );
        return None;
    }
    Some(*value)
}

fn band(standard: &ast::Standard, green: f64, yellow: &ast::Yellow, value: f64, out: &mut Diagnostics) -> Option<f64> {
    let direction = |at_least: bool| if at_least { "at least" } else { "at most" };
    if standard.at_least != yellow.at_least {
        let (wanted, found) = (direction(standard.at_least), direction(yellow.at_least));
        let message = format!("the standard is `{wanted}`, and its yellow band is `{found}`");
        out.push(
            Diagnostic::new(code::YELLOW_DIRECTION, yellow.amount.span, message)
                .also(standard.amount.span, "green from here on")
                .help(format!("write `yellow {wanted} ...`")),
        );
        return None;
    }
    let beyond = if standard.at_least { value < green } else { value > green };
    if !beyond {
        let side = if standard.at_least { "below" } else { "above" };
        let message = format!("the yellow band overlaps green: {value} is not {side} {green}");
        out.push(
            Diagnostic::new(code::YELLOW_SIDE, yellow.amount.span, message)
                .also(standard.amount.span, "green from here on")
                .help(format!("write a figure {side} {green}")),
        );
        return None;
    }
    Some(value)
}

fn one_direction(written: &[(&ast::Standard, Span)], out: &mut Diagnostics) {
    let Some(((first, first_span), rest)) = written.split_first() else { return };
    if let Some((_, span)) = rest.iter().find(|(s, _)| s.at_least != first.at_least) {
        let message = "one standard is `at least` and another `at most`".to_string();
        out.push(
            repeated(code::TWO_DIRECTIONS, message, *span, *first_span)
                .help("higher is better or lower is better; it does not change over time"),
        );
    }
}

/// Of two standards in order, the first ends on the day the second begins.
fn follow(first: &Standard, first_span: Span, second: &Standard, second_span: Span, out: &mut Diagnostics) {
    let begins = second.from;
    if let (Some(until), Some(begins)) = (first.until, begins) {
        if until < begins {
            let message = format!("no standard is in force from {until} until {begins}");
            out.push(
                Diagnostic::new(code::STANDARDS_GAP, second_span, message)
                    .also(first_span, format!("in force until {until}"))
                    .help(format!("let one end on the day the next begins: `until {begins}` or `from {until}`")),
            );
        }
        if until <= begins {
            return;
        }
    }
    let message = match begins {
        Some(day) => format!("two standards are in force on {day}"),
        None => "two standards are in force on the same days".to_string(),
    };
    let help = match begins {
        Some(day) => format!("end the earlier one: `until {day}`"),
        None => "say from when each is in force, with `from` and `until`".to_string(),
    };
    out.push(Diagnostic::new(code::STANDARDS_OVERLAP, second_span, message).also(first_span, "the other").help(help));
}
