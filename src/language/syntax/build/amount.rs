//! Numbers, lengths of time, quantities and days.

use super::{Builder, Kids, Rule, word};
use crate::decimal::Decimal;
use crate::diag::{Diagnostic, code};
use crate::source::{Span, Spanned};
use crate::syntax::ast::{Duration, Quantity, Unit, Window, WindowEnds, WindowSpec};
use chrono::NaiveDate;
use pest::iterators::Pair;

/// A whole number.
pub(super) fn whole(b: &mut Builder<'_>, pair: &Pair<'_, Rule>) -> Option<Spanned<i64>> {
    let span = b.span(pair);
    let digits = pair.as_str().replace('_', "");
    if digits.contains('.') {
        let message = format!("`{}` is not a whole number, and only whole numbers are possible here", pair.as_str());
        b.report(code::BAD_NUMBER, span, message, "write it without a fraction");
        return None;
    }
    match digits.parse() {
        Ok(value) => Some(Spanned::new(value, span)),
        Err(_) => {
            let message = format!("`{}` is too large a number", pair.as_str());
            b.report(code::BAD_NUMBER, span, message, format!("the largest one is {}", i64::MAX));
            None
        }
    }
}

/// A whole number that is not negative: a count.
pub(super) fn count(b: &mut Builder<'_>, pair: &Pair<'_, Rule>) -> Option<Spanned<i64>> {
    let number = whole(b, pair)?;
    if number.value < 0 {
        let message = format!("`{}` is negative", pair.as_str());
        b.report(code::BAD_NUMBER, number.span, message, "write a number that is not negative");
        return None;
    }
    Some(number)
}

/// A number that may have a fraction.
pub(super) fn decimal(b: &mut Builder<'_>, pair: &Pair<'_, Rule>) -> Option<Spanned<f64>> {
    let span = b.span(pair);
    match pair.as_str().replace('_', "").parse::<f64>() {
        Ok(value) if value.is_finite() && value.abs() < 1e15 => Some(Spanned::new(value, span)),
        _ => {
            let message = format!("`{}` is too large a number", pair.as_str());
            b.report(code::BAD_NUMBER, span, message, "write a number below 1,000,000,000,000,000");
            None
        }
    }
}

/// A number with the decimals that are written: `12.50` has two.
pub(super) fn written(b: &mut Builder<'_>, pair: &Pair<'_, Rule>) -> Option<Spanned<Decimal>> {
    let span = decimal(b, pair)?.span;
    let text = pair.as_str().replace('_', "");
    let (whole, rest) = text.split_once('.').unwrap_or((&text, ""));
    let digits = format!("{whole}{rest}").parse().ok();
    let scale = u32::try_from(rest.len()).ok().and_then(|places| 10_i128.checked_pow(places));
    let written = digits.zip(scale).map(|(digits, scale)| Decimal { digits, scale });
    if written.is_none() {
        let message = format!("`{}` has too many digits", pair.as_str());
        b.report(code::BAD_NUMBER, span, message, "write fewer decimals: 30 digits are always possible");
    }
    Some(Spanned::new(written?, span))
}

/// `days`, `month` ...
pub(super) fn unit(pair: &Pair<'_, Rule>) -> Option<Unit> {
    if pair.as_str().starts_with("business") {
        return Some(Unit::BusinessDays);
    }
    let unit = match pair.as_str().trim_end_matches('s') {
        "minute" => Unit::Minutes,
        "hour" => Unit::Hours,
        "day" => Unit::Days,
        "week" => Unit::Weeks,
        "month" => Unit::Months,
        "year" => Unit::Years,
        _ => return None,
    };
    Some(unit)
}

/// `12 months`.
pub(super) fn duration(b: &mut Builder<'_>, pair: Pair<'_, Rule>) -> Option<Spanned<Duration>> {
    let span = b.span(&pair);
    let mut kids = Kids::of(pair);
    let amount = whole(b, &kids.find(Rule::number)?)?.value;
    let unit = unit(&kids.find(Rule::unit)?)?;
    Some(Spanned::new(Duration { amount, unit }, span))
}

/// `window ...`.
pub(super) fn window(b: &mut Builder<'_>, pair: Pair<'_, Rule>) -> Option<Window> {
    let mut kids = Kids::of(pair);
    kids.find(Rule::k_window)?;
    let pair = kids.next()?;
    let span = b.span(&pair);
    let ends = kids.next().map(|pair| window_ends(b, pair));
    let spec = match pair.as_rule() {
        Rule::month_end => WindowSpec::MonthEnd,
        Rule::all_time => WindowSpec::AllTime,
        Rule::year_to_date => {
            let mut kids = Kids::of(pair);
            let fiscal = kids.has(Rule::k_fiscal);
            WindowSpec::YearToDate { fiscal, from: kids.all(Rule::name).next().map(|p| word::name(b, &p)) }
        }
        Rule::window_word => match pair.as_str() {
            "week" => WindowSpec::Week,
            "month" => WindowSpec::Months(1),
            "quarter" => WindowSpec::Quarter,
            "year" => {
                former(b, span, "a `year` may be the calendar's or any twelve months", "12 months");
                WindowSpec::Months(12)
            }
            _ => {
                former(b, span, "a window is no day: it is the last day of a month", "month end");
                WindowSpec::MonthEnd
            }
        },
        _ => {
            let Duration { amount, unit } = duration(b, pair)?.value;
            match (unit, amount) {
                (Unit::Months, n) => WindowSpec::Months(n),
                (Unit::Years, n) => n.checked_mul(12).map_or(WindowSpec::Other(n, Unit::Years), WindowSpec::Months),
                (Unit::Days, 1) => {
                    former(b, span, "a window is no day: it is the last day of a month", "month end");
                    WindowSpec::MonthEnd
                }
                (Unit::Weeks, 1) => WindowSpec::Week,
                (Unit::Minutes | Unit::Hours | Unit::Days | Unit::BusinessDays | Unit::Weeks, n) => {
                    WindowSpec::Other(n, unit)
                }
            }
        }
    };
    Some(Window { length: Spanned::new(spec, span), ends })
}

/// `every quarter`, `ending in June`.
fn window_ends(b: &Builder<'_>, pair: Pair<'_, Rule>) -> Spanned<WindowEnds> {
    let span = b.span(&pair);
    let names = word::names(b, Kids::of(pair));
    Spanned::new(if names.is_empty() { WindowEnds::EveryQuarter } else { WindowEnds::In(names) }, span)
}

/// Reports a form of an earlier version of the language, with the one that means the same.
fn former(b: &mut Builder<'_>, span: Span, message: &str, instead: &str) {
    let help = format!("write `window {instead}`, which means the same; `yardstick check --fix` writes it");
    b.found.push(Diagnostic::new(code::FORMER, span, message).help(help).fix(span, instead));
}

/// `9.9%`, `12 days`, `8`.
pub(super) fn quantity(b: &mut Builder<'_>, pair: Pair<'_, Rule>) -> Option<Spanned<Quantity>> {
    let span = b.span(&pair);
    let mut kids = Kids::of(pair);
    let value = decimal(b, &kids.find(Rule::number)?)?.value;
    let unit = kids.next().map(|unit| match unit.as_rule() {
        Rule::s_percent | Rule::k_percent => "percent".to_owned(),
        // Between the two words may stand a comment.
        _ if unit.as_str().starts_with("business") => {
            let word = if unit.as_str().ends_with("days") { "days" } else { "day" };
            format!("business {word}")
        }
        _ => unit.as_str().to_owned(),
    });
    Some(Spanned::new(Quantity { value, unit }, span))
}

/// `2024-12-31`, a day that exists.
pub(super) fn date(b: &mut Builder<'_>, pair: &Pair<'_, Rule>) -> Option<Spanned<NaiveDate>> {
    let span = b.span(pair);
    let written = pair.as_str();
    let parts: Vec<&str> = written.split(|c: char| !c.is_ascii_digit()).collect();
    let signs_are_minus = written.chars().all(|c| c.is_ascii_digit() || c == '-');
    let [year, month, day] = parts.as_slice() else { return None };
    if !signs_are_minus || year.len() != 4 || month.len() != 2 || day.len() != 2 {
        let help = "write the year, the month and the day with all their digits, as in `2024-03-09`";
        b.report(code::BAD_DATE, span, format!("`{written}` is not how a day is written"), help);
        return None;
    }
    let value = match (year.parse(), month.parse(), day.parse()) {
        (Ok(y), Ok(m), Ok(d)) if y > 0 => NaiveDate::from_ymd_opt(y, m, d),
        _ => None,
    };
    if value.is_none() {
        b.report(code::BAD_DATE, span, format!("there is no day `{written}`"), impossible(year, month, day));
    }
    Some(Spanned::new(value?, span))
}

fn impossible(year: &str, month: &str, day: &str) -> String {
    let first = |m: u32| NaiveDate::from_ymd_opt(year.parse().ok()?, m, 1);
    let Some(start) = month.parse().ok().and_then(first) else {
        return "years go from 0001 to 9999, months from 01 to 12".to_owned();
    };
    let last = start.checked_add_months(chrono::Months::new(1)).and_then(|next| next.pred_opt()).unwrap_or(start);
    if day == "00" { format!("the month begins with `{start}`") } else { format!("the month ends with `{last}`") }
}
