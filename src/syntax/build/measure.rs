//! What is measured, and what a row adds below the line.

use super::{Builder, Kids, Rule, amount, expr};
use crate::source::Spanned;
use crate::syntax::ast::{Denominator, Measure};
use pest::iterators::Pair;

/// The percentile that is called the median.
const MEDIAN: i64 = 50;

/// `measure rate per 100_000 days`, `measure median of days`, `measure percentile 90 of days`.
pub(super) fn measure(b: &mut Builder<'_>, pair: Pair<'_, Rule>) -> Option<Spanned<Measure>> {
    let mut kids = Kids::of(pair);
    kids.find(Rule::k_measure)?;
    let kind = kids.next()?;
    let span = b.span(&kind);
    let rule = kind.as_rule();
    let mut kids = Kids::of(kind);
    let measure = if rule == Rule::rate {
        let per = amount::count(b, &kids.find(Rule::number)?)?;
        Measure::Rate { per, unit: kids.maybe(Rule::unit).and_then(|u| amount::unit(&u)) }
    } else {
        let percent = if rule == Rule::mean_of { None } else { Some(percent(b, &kids.next()?, &mut kids)?) };
        let value = expr::value(b, kids.find(Rule::value)?)?;
        let censored = kids.has(Rule::censored);
        match percent {
            None => Measure::Mean(value),
            Some(percent) => Measure::Percentile { percent, value, censored },
        }
    };
    Some(Spanned::new(measure, span))
}

/// The percent of `percentile 90`, or of `median`.
fn percent(b: &mut Builder<'_>, word: &Pair<'_, Rule>, kids: &mut Kids<'_>) -> Option<Spanned<i64>> {
    match word.as_rule() {
        Rule::k_median => Some(Spanned::new(MEDIAN, b.span(word))),
        _ => amount::whole(b, &kids.find(Rule::number)?),
    }
}

/// `denominator days in window`, `denominator share of window`.
pub(super) fn denominator(b: &mut Builder<'_>, pair: Pair<'_, Rule>) -> Option<Denominator> {
    let mut kids = Kids::of(pair);
    kids.find(Rule::k_denominator)?;
    let what = kids.next()?;
    if what.as_rule() == Rule::share_of_window {
        return Some(Denominator::ShareOfWindow(b.span(&what)));
    }
    Some(Denominator::Value(expr::value(b, what)?))
}
