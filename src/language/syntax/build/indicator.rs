//! Indicators and their clauses.

use super::{Builder, Kids, Rule, amount, cohort, expr, measure, standard, word};
use crate::diag::code;
use crate::source::Spanned;
use crate::syntax::ast::{Approved, Clause, Indicator, Name, Text, Without};
use pest::iterators::Pair;

pub(super) fn indicator(b: &mut Builder<'_>, pair: Pair<'_, Rule>) -> Option<Indicator> {
    let span = b.span(&pair);
    let mut kids = Kids::of(pair);
    let name = word::name(b, &kids.find(Rule::name)?);
    let like = match kids.maybe(Rule::variant_of) {
        Some(like) => Some(word::name(b, &Kids::of(like).find(Rule::name)?)),
        None => None,
    };
    let mut clauses = Vec::new();
    let mut whole = true;
    for pair in kids.all(Rule::clause) {
        let read = clause(b, pair);
        whole &= read.is_some();
        clauses.extend(read);
    }
    whole.then_some(Indicator { name, like, clauses, span })
}

/// The clause; none when its meaning is open.
pub(super) fn clause(b: &mut Builder<'_>, pair: Pair<'_, Rule>) -> Option<Spanned<Clause>> {
    let pair = Kids::of(pair).next()?;
    let span = b.span(&pair);
    one(b, pair).map(|clause| Spanned::new(clause, span))
}

fn one(b: &mut Builder<'_>, pair: Pair<'_, Rule>) -> Option<Clause> {
    let clause = match pair.as_rule() {
        Rule::title => Clause::Title(text(b, pair)?),
        Rule::question => Clause::Question(text(b, pair)?),
        Rule::reading => Clause::Reading(text(b, pair)?),
        Rule::source => Clause::Source(text(b, pair)?),
        Rule::status => Clause::Status(name(b, pair)?),
        Rule::owner => Clause::Owner(text(b, pair)?),
        Rule::approved => Clause::Approved(approved(b, pair)?),
        Rule::review => Clause::Review(amount::date(b, &Kids::of(pair).find(Rule::date)?)?),
        Rule::domain_of => Clause::Domain(name(b, pair)?),
        Rule::tier => Clause::Tier(amount::whole(b, &Kids::of(pair).find(Rule::number)?)?),
        Rule::minimum => Clause::Minimum(amount::count(b, &Kids::of(pair).find(Rule::number)?)?),
        Rule::window => Clause::Window(amount::window(b, pair)?),
        Rule::lag => Clause::Lag(amount::duration(b, Kids::of(pair).find(Rule::duration)?)?),
        Rule::history => Clause::History(amount::duration(b, Kids::of(pair).find(Rule::duration)?)?),
        Rule::stands => Clause::AsItStands,
        Rule::cohort => Clause::Cohort(cohort::cohort(b, pair)?),
        Rule::numerator => Clause::Numerator(expr::inside(b, pair)?),
        Rule::measure => Clause::Measure(measure::measure(b, pair)?),
        Rule::denominator => Clause::Denominator(measure::denominator(b, pair)?),
        Rule::standard => Clause::Standard(standard::standard(b, pair)?),
        Rule::let_ => {
            let mut kids = Kids::of(pair);
            let name = word::name(b, &kids.find(Rule::name)?);
            Clause::Let { name, value: expr::expr(b, kids.find(Rule::expr)?)? }
        }
        Rule::exclude => {
            let mut kids = Kids::of(pair);
            let reason = word::text(b, kids.find(Rule::text)?)?;
            Clause::Exclude { reason, condition: expr::expr(b, kids.find(Rule::expr)?)? }
        }
        Rule::without => {
            let mut kids = Kids::of(pair);
            kids.find(Rule::k_without)?;
            let what = kids.next()?;
            Clause::Without(match what.as_rule() {
                Rule::text => Without::Exclusion(word::text(b, what)?),
                _ => Without::Clause(word::name(b, &what)),
            })
        }
        Rule::attribute => {
            let mut kids = Kids::of(pair);
            let path = word::path(b, kids.find(Rule::path)?);
            Clause::Attribute { path, at: expr::value(b, kids.find(Rule::value)?)? }
        }
        _ => return None,
    };
    Some(clause)
}

fn approved(b: &mut Builder<'_>, pair: Pair<'_, Rule>) -> Option<Approved> {
    let mut kids = Kids::of(pair);
    let by = word::text(b, kids.find(Rule::text)?);
    let on = amount::date(b, &kids.find(Rule::date)?);
    let written = kids.maybe(Rule::meanings).into_iter().flat_map(Pair::into_inner);
    let written = written.filter(|pair| matches!(pair.as_rule(), Rule::text | Rule::wrong_hash));
    let meanings: Option<Vec<Text>> = written.map(|pair| meaning(b, pair)).collect();
    Some(Approved { by: by?, on: on?, meanings: meanings? })
}

/// A meaning hash, in quotation marks.
fn meaning(b: &mut Builder<'_>, pair: Pair<'_, Rule>) -> Option<Text> {
    if pair.as_rule() == Rule::text {
        return word::text(b, pair);
    }
    let (span, written) = (b.span(&pair), pair.as_str());
    let help = format!("write `\"{written}\"`");
    b.report(code::QUOTES, span, "a meaning hash is written in double quotation marks", help);
    None
}

/// The text of `source "..."`.
pub(super) fn text(b: &mut Builder<'_>, pair: Pair<'_, Rule>) -> Option<Text> {
    Kids::of(pair).find(Rule::text).and_then(|p| word::text(b, p))
}

/// The name of `status published`.
pub(super) fn name(b: &Builder<'_>, pair: Pair<'_, Rule>) -> Option<Name> {
    Kids::of(pair).find(Rule::name).map(|p| word::name(b, &p))
}
