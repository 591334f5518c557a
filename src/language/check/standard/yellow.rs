//! The yellow band of a standard: its side, and where it ends when a share of the way is written.

use super::{shown, thresholds};
use crate::decimal::Decimal;
use crate::diag::{Diagnostic, Diagnostics, code};
use crate::ir::{Measure, Thresholds};
use crate::measures::Scale;
use crate::source::{Span, Spanned};
use crate::syntax::ast::{self, Quantity, YellowLine};

/// Which values are green or yellow; `green` is missing when the standard has a mistake or is none.
pub(super) fn band(
    standard: &ast::Standard,
    green: Option<Thresholds>,
    yellow: &ast::Yellow,
    measure: Option<&Measure>,
    out: &mut Diagnostics,
) -> Option<Thresholds> {
    let Some(written) = &standard.green else {
        let message = "a standard that is `none` has no yellow band";
        out.push(
            Diagnostic::new(code::NOTHING_YELLOW, yellow.span, message)
                .help("remove it, or write which values are green in place of `none`"),
        );
        return None;
    };
    match &yellow.line {
        YellowLine::Thresholds(line) => {
            let yellow = thresholds(line, measure, out);
            is_alike(written, line, out)?;
            let (green, yellow) = (green?, yellow?);
            is_beside(green, yellow, written.span, line.span, out)?;
            Some(yellow)
        }
        YellowLine::Within(share) => {
            let share_of = percentage(share, green, out)?;
            let green = green?;
            let has_top = measure?.kind().scale() == Scale::Percent;
            let yellow = digits(green.within(share_of, has_top), share, out)?;
            if yellow == green {
                let message = "no value is yellow: from the standard to the bad end of the scale there is no way";
                out.push(
                    Diagnostic::new(code::YELLOW_SIDE, share.span, message)
                        .also(written.span, "green from here on")
                        .help("remove the yellow band, or mend the standard"),
                );
                return None;
            }
            Some(yellow)
        }
    }
}

/// Standard and band must be written by the same words.
fn is_alike(green: &Spanned<ast::Thresholds>, line: &Spanned<ast::Thresholds>, out: &mut Diagnostics) -> Option<()> {
    let (wanted, found) = (green.value.words(), line.value.words());
    if wanted == found {
        return Some(());
    }
    let message = format!("the standard is `{wanted}`, and its yellow band is `{found}`");
    let form = if wanted == "between" { "between ... and ..." } else { &format!("{wanted} ...") };
    out.push(
        Diagnostic::new(code::YELLOW_DIRECTION, line.span, message)
            .also(green.span, "these values are green")
            .help(format!("write `yellow {form}`, or a share of the way to the bad end, as in `yellow within 10%`")),
    );
    None
}

/// The band must reach beyond green, and take nothing of it away. A range may have yellow on one
/// side only.
fn is_beside(green: Thresholds, yellow: Thresholds, green_span: Span, span: Span, out: &mut Diagnostics) -> Option<()> {
    let below = green.least.zip(yellow.least).filter(|(green, yellow)| yellow > green);
    let above = green.most.zip(yellow.most).filter(|(green, yellow)| yellow < green);
    let is_range = green.least.is_some() && green.most.is_some();
    let wrong = below.map(|ends| (ends, "below")).or_else(|| above.map(|ends| (ends, "above")));
    let wrong = match wrong {
        Some(((green, yellow), side)) => Some((green, yellow, side)),
        None if yellow == green && is_range => {
            out.push(
                Diagnostic::new(
                    code::YELLOW_SIDE,
                    span,
                    "the yellow band has the same ends as green: no value is yellow",
                )
                .also(green_span, "these values are green")
                .help("write a wider range, or remove the yellow band"),
            );
            return None;
        }
        None if yellow == green => {
            let side = if green.least.is_some() { "below" } else { "above" };
            green.ends().next().map(|end| (end, end, side))
        }
        None => None,
    };
    let Some((green, yellow, side)) = wrong else { return Some(()) };
    let message = format!("the yellow band overlaps green: {yellow} is not {side} {green}");
    let help = match is_range {
        true => format!("write a figure {side} {green}, or {green} itself for no yellow on that side"),
        false => format!("write a figure {side} {green}"),
    };
    out.push(Diagnostic::new(code::YELLOW_SIDE, span, message).also(green_span, "green from here on").help(help));
    None
}

/// The share of the way: more than nothing, and no more than the whole.
pub(super) fn percentage(
    share: &Spanned<Quantity>,
    green: Option<Thresholds>,
    out: &mut Diagnostics,
) -> Option<Decimal> {
    let Quantity { value, unit } = &share.value;
    let (message, help) = if unit.as_deref() != Some("percent") {
        let word = match green {
            Some(Thresholds { least: Some(_), most: Some(_) }) => "between ... and ...",
            Some(Thresholds { least: Some(_), most: None }) => "at least ...",
            Some(Thresholds { least: None, .. }) | None => "at most ...",
        };
        let message = format!("`within {}` is no percentage of the way to the bad end of the scale", shown(share));
        (message, format!("write `within 10%`, or the figure itself: `yellow {word}`"))
    } else if *value <= 0.0 {
        let message = format!("within {value}% of the way no value is yellow");
        (message, "write a percentage above 0%, or remove the yellow band".to_owned())
    } else if *value > 100.0 {
        let message = format!("the yellow band goes beyond the bad end of the scale: {value}% of the way there");
        (message, "write a percentage up to 100%, such as `within 10%`".to_owned())
    } else {
        return digits(Decimal::of(*value), share, out);
    };
    out.push(Diagnostic::new(code::YELLOW_WITHIN, share.span, message).help(help));
    None
}

/// A figure that was computed, or the finding that it has more digits than a number can keep.
fn digits<T>(figure: Option<T>, share: &Spanned<Quantity>, out: &mut Diagnostics) -> Option<T> {
    if figure.is_none() {
        let message = "the yellow band would end at a figure with too many digits";
        out.push(
            Diagnostic::new(code::YELLOW_WITHIN, share.span, message)
                .help("write the percentage or the standard with fewer decimals: the figure is not rounded"),
        );
    }
    figure
}
