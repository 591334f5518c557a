//! Standards: unit, range, direction, the yellow band, and the days each is in force.

mod own;
mod yellow;

use super::declared::repeated;
use super::indicator::status;
use crate::diag::{Diagnostic, Diagnostics, code};
use crate::ir::{Measure, Standard, Thresholds};
use crate::measures::Scale;
use crate::source::{Span, Spanned};
use crate::syntax::ast::{self, Quantity};
pub(super) use own::own_standards;

/// The indicator's standards by the day they come into force, in the unit of the measure; where the
/// measure has a mistake, units are not looked at. Without those that entities have of their own.
pub(super) fn standards(
    written: &[(&ast::Standard, Span)],
    measure: Option<&Measure>,
    out: &mut Diagnostics,
) -> Vec<Standard> {
    let for_all = written.iter().filter(|(s, _)| s.own.is_none());
    let mut all: Vec<(Standard, Span)> =
        for_all.filter_map(|(s, span)| Some((standard(s, measure, out)?, *span))).collect();
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
    let green = written.green.as_ref().map(|green| thresholds(green, measure, out));
    let state = written.status.as_ref().and_then(|s| status(s, out));
    let yellow = written.yellow.as_ref().map(|band| yellow::band(written, green.flatten(), band, measure, out));
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
    let (green, yellow) = (whole(green)?, whole(yellow)?);
    Some(Standard {
        green,
        yellow,
        from: from.map(|d| d.value),
        until: until.map(|d| d.value),
        source: written.source.as_ref().map(|t| t.value.clone()),
        status: state,
        yellow_status,
    })
}

/// What is not written, or is right; `None` when it is written and has a mistake.
fn whole<T>(part: Option<Option<T>>) -> Option<Option<T>> {
    match part {
        None => Some(None),
        Some(read) => read.map(Some),
    }
}

/// The values that a standard or a band names, when their figures are the measure's.
fn thresholds(
    written: &Spanned<ast::Thresholds>,
    measure: Option<&Measure>,
    out: &mut Diagnostics,
) -> Option<Thresholds> {
    let (low, high) = match &written.value {
        ast::Thresholds::AtLeast(low) => {
            return Some(Thresholds { least: Some(figure(low, measure, out)?), most: None });
        }
        ast::Thresholds::AtMost(high) => {
            return Some(Thresholds { least: None, most: Some(figure(high, measure, out)?) });
        }
        ast::Thresholds::Between(low, high) => (low, high),
    };
    let (least, most) = (figure(low, measure, out), figure(high, measure, out));
    let (least, most) = (least?, most?);
    if least >= most {
        let [first, second] = [low, high].map(shown);
        let (message, help) = if least == most {
            let help = "write a lower and an upper end, `at least ...` or `at most ...`".to_owned();
            (format!("from {first} to {second} there is only one value"), help)
        } else {
            let help = format!("write the lower end first: `between {second} and {first}`");
            (format!("no value is between {first} and {second}: the first end is above the second"), help)
        };
        out.push(Diagnostic::new(code::RANGE_ENDS, written.span, message).help(help));
        return None;
    }
    Some(Thresholds { least: Some(least), most: Some(most) })
}

/// A quantity as it is written.
pub(super) fn shown(amount: &Spanned<Quantity>) -> String {
    let Quantity { value, unit } = &amount.value;
    match unit.as_deref() {
        None => value.to_string(),
        Some("percent") => format!("{value}%"),
        Some(unit) => format!("{value} {unit}"),
    }
}

/// The figure of a threshold, when its unit is the measure's.
fn figure(amount: &Spanned<Quantity>, measure: Option<&Measure>, out: &mut Diagnostics) -> Option<f64> {
    value(amount, "standard", measure?, out)
}

/// A value of the measure that something says, such as a standard, when its unit is the measure's.
pub(super) fn value(amount: &Spanned<Quantity>, of: &str, measure: &Measure, out: &mut Diagnostics) -> Option<f64> {
    let unit = match measure.kind().scale() {
        Scale::Percent => return percent(amount, of, out),
        Scale::Number => None,
        Scale::Length(counted) => Some(counted.word()),
    };
    let Quantity { value, unit: found } = &amount.value;
    let plural = |unit: &str| format!("{}s", unit.trim_end_matches('s'));
    if found.as_deref().map(plural).as_deref() != unit {
        let (message, help) = match unit {
            Some(unit) => (
                format!("the measure is a number of {unit}, so its {of} must be one, too"),
                format!("write `{value} {unit}`"),
            ),
            None => (format!("the {of} of this measure is a plain number"), format!("write `{value}`")),
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

fn percent(amount: &Spanned<Quantity>, of: &str, out: &mut Diagnostics) -> Option<f64> {
    let Quantity { value, unit } = &amount.value;
    match unit.as_deref() {
        Some("%" | "percent") => {}
        Some(other) => {
            let message = format!("the measure is a share, so its {of} cannot be in {other}");
            out.push(
                Diagnostic::new(code::STANDARD_UNIT, amount.span, message)
                    .help(format!("write a percentage: `{value}%`")),
            );
            return None;
        }
        None => {
            let message = format!("the {of} `{value}` has no unit");
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

fn one_direction(written: &[(&ast::Standard, Span)], out: &mut Diagnostics) {
    let words = |standard: &ast::Standard| match (&standard.green, &standard.own) {
        (Some(green), _) => Some(green.value.words()),
        (None, own) => own.as_ref().map(|own| own.value.words()),
    };
    let mut directed = written.iter().filter_map(|(standard, span)| Some((words(standard)?, *span)));
    let Some((first, first_span)) = directed.next() else { return };
    if let Some((other, span)) = directed.find(|(words, _)| *words != first) {
        let message = format!("one standard is `{first}` and another `{other}`");
        out.push(
            repeated(code::TWO_DIRECTIONS, message, span, first_span)
                .help("higher is better, lower is better, or the middle is: it does not change over time"),
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
                    .help(format!(
                        "let one end on the day the next begins: `until {begins}` or `from {until}`; if there was none, \
                         say so: `standard none from {until} until {begins}`"
                    )),
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
