//! What is measured, and what a row adds below the line.

use super::{Builder, Kids, Rule, amount, expr, word};
use crate::source::Spanned;
use crate::syntax::ast::{Denominator, Expr, Incidence, Measure, Per};
use pest::iterators::Pair;

/// The percentile that is called the median.
const MEDIAN: i64 = 50;

/// `measure rate per 100_000 days`, `measure median of days`, `measure percentile 90 of days`,
/// `measure incidence of ...`, `measure count`.
pub(super) fn measure(b: &mut Builder<'_>, pair: Pair<'_, Rule>) -> Option<Spanned<Measure>> {
    let mut kids = Kids::of(pair);
    kids.find(Rule::k_measure)?;
    let kind = kids.next()?;
    let span = b.span(&kind);
    let rule = kind.as_rule();
    let mut kids = Kids::of(kind);
    let measure = if rule == Rule::rate {
        let per = amount::count(b, &kids.find(Rule::number)?)?;
        let unit = kids.maybe(Rule::unit).and_then(|unit| amount::unit(&unit)).map(Per::Unit);
        Measure::Rate {
            per,
            unit: unit.or_else(|| kids.maybe(Rule::name).map(|name| Per::Named(word::name(b, &name)))),
        }
    } else if rule == Rule::k_proportion {
        Measure::Proportion
    } else if rule == Rule::counting {
        kids.find(Rule::how_many)?;
        match kids.maybe(Rule::k_distinct) {
            None => Measure::Count,
            Some(_) => Measure::Distinct(expr::value(b, kids.find(Rule::value)?)?),
        }
    } else if rule == Rule::incidence {
        incidence(b, &mut kids)?
    } else {
        let percent = if rule == Rule::mean_of { None } else { Some(percent(b, &kids.next()?, &mut kids)?) };
        let value = expr::value(b, kids.find(Rule::value)?)?;
        let censored = censored(b, &mut kids)?;
        match percent {
            None => Measure::Mean(value),
            Some(percent) => Measure::Percentile { percent, value, censored },
        }
    };
    Some(Spanned::new(measure, span))
}

/// `incidence of C by 12 months from A to B, censored at as_of`.
fn incidence(b: &mut Builder<'_>, kids: &mut Kids<'_>) -> Option<Measure> {
    let of = expr::expr(b, kids.find(Rule::expr)?)?;
    let by = amount::duration(b, kids.find(Rule::duration)?)?;
    let from = expr::value(b, kids.find(Rule::value)?)?;
    let to = expr::value(b, kids.find(Rule::value)?)?;
    let censored = censored(b, kids)?;
    Some(Measure::Incidence(Box::new(Incidence { of, by, from, to, censored })))
}

/// The day after `censored at`, when it is there; `None` when it cannot be read.
fn censored(b: &mut Builder<'_>, kids: &mut Kids<'_>) -> Option<Option<Expr>> {
    match kids.maybe(Rule::censored) {
        None => Some(None),
        Some(written) => Some(Some(expr::value(b, Kids::of(written).find(Rule::value)?)?)),
    }
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
