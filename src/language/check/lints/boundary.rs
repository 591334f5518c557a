//! A title that says "within 12 months" of a numerator that takes the day 12 months after, too.

use crate::diag::{Diagnostic, Diagnostics, code};
use crate::ir::{CompareOp, Expr, ExprKind, Indicator};
use crate::source::Span;

/// Compares what the title and the question say with what the numerator does at its last day.
/// Of days nothing is said: five days end with the fifth.
pub(in crate::check) fn of_indicator(of: &Indicator, place: Span, out: &mut Diagnostics) {
    let texts = [("title", Some(of.about.title.as_str())), ("question", of.about.question.as_deref())];
    let said = texts.into_iter().find_map(|(what, text)| Some((what, within(text?)?)));
    let Some((what, (words, months))) = said else { return };
    let mut takes_the_day = false;
    for (_, part) in of.measure.parts() {
        part.walk(&mut |inner| takes_the_day |= ends_with(inner, months));
    }
    if !takes_the_day {
        return;
    }
    let message = format!("the {what} says \"within {words}\", and the numerator takes the day {words} later, too");
    let help = format!(
        "{words} end on the day before: write `before ... + {words}` in the place of `on or before`; or let the {what} say \"by\""
    );
    out.push(Diagnostic::new(code::WITHIN_OR_BY, place, message).help(help));
}

/// The time in `within 12 months`, in words and in months.
fn within(text: &str) -> Option<(String, i32)> {
    let lower = text.to_lowercase();
    let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    words.windows(3).find_map(|three| {
        let [within, number, unit] = three else { return None };
        let number: i32 = (*within == "within").then(|| number.parse().ok())??;
        let months = match *unit {
            "month" | "months" => number,
            "year" | "years" => number.checked_mul(12)?,
            // Any other word is no length of time that has an anniversary.
            _ => return None,
        };
        Some((format!("{number} {unit}"), months))
    })
}

/// Whether this is a day that may be the same as another and so many months.
fn ends_with(condition: &Expr, months: i32) -> bool {
    let ExprKind::Compare { op, left, right } = &condition.kind else { return false };
    let later = match op {
        CompareOp::Le => right,
        CompareOp::Ge => left,
        CompareOp::Eq | CompareOp::Ne | CompareOp::Lt | CompareOp::Gt => return false,
    };
    matches!(later.kind, ExprKind::Shift { months: of, days: 0, minutes: 0, .. } if of == months)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_of_time_is_found_in_words() {
        assert_eq!(within("Home Within 12 months (entry)"), Some(("12 months".to_owned(), 12)));
        assert_eq!(within("back within 2 years?"), Some(("2 years".to_owned(), 24)));
        for text in ["within 5 days", "within months", "within the year", "12 months", "within 99999999999 years", ""] {
            assert_eq!(within(text), None, "{text}");
        }
    }
}
