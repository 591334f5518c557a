//! The one-line declarations of a model.

use super::{Builder, Kids, Rule, amount, expr, word};
use crate::diag::code;
use crate::syntax::ast::{BusinessDays, Define, Item, Levels};
use pest::iterators::Pair;

pub(super) fn levels(b: &mut Builder<'_>, pair: Pair<'_, Rule>) -> Option<Item> {
    let span = b.span(&pair);
    let mut kids = Kids::of(pair);
    kids.find(Rule::k_levels)?;
    let name = match kids.maybe(Rule::hierarchy) {
        Some(of) => Some(word::name(b, &Kids::of(of).find(Rule::name)?)),
        None => None,
    };
    Some(Item::Levels(Levels { name, levels: word::names(b, kids), span }))
}

pub(super) fn domains(b: &mut Builder<'_>, pair: Pair<'_, Rule>) -> Option<Item> {
    let mut all = Vec::new();
    for domain in Kids::of(pair).all(Rule::domain) {
        let mut kids = Kids::of(domain);
        let name = word::name(b, &kids.find(Rule::name)?);
        let heading = match kids.maybe(Rule::text) {
            Some(text) => Some(word::text(b, text)?),
            None => None,
        };
        all.push((name, heading));
    }
    Some(Item::Domains(all))
}

pub(super) fn missing_dates(b: &mut Builder<'_>, pair: Pair<'_, Rule>) -> Option<Item> {
    let dates: Vec<_> = Kids::of(pair).all(Rule::date).map(|p| amount::date(b, &p)).collect();
    Some(Item::MissingDates(dates.into_iter().collect::<Option<_>>()?))
}

/// Words as they stand in the files: a backslash that comes before anything but a quotation mark or
/// a backslash is itself.
pub(super) fn missing_words(b: &mut Builder<'_>, pair: Pair<'_, Rule>) -> Option<Item> {
    let words: Vec<_> = Kids::of(pair).all(Rule::text).map(|p| word::as_written(b, p)).collect();
    Some(Item::MissingWords(words.into_iter().collect::<Option<_>>()?))
}

pub(super) fn quality(b: &mut Builder<'_>, pair: Pair<'_, Rule>) -> Option<Item> {
    let number = Kids::of(pair).find(Rule::number)?;
    Some(Item::Quality(amount::decimal(b, &number)?))
}

pub(super) fn business(b: &mut Builder<'_>, pair: Pair<'_, Rule>) -> Option<Item> {
    let span = b.span(&pair);
    let mut names = word::names(b, Kids::of(pair)).into_iter();
    let (first, last) = (names.next()?, names.next()?);
    Some(Item::BusinessDays(BusinessDays { first, last, except: names.next().zip(names.next()), span }))
}

pub(super) fn times(b: &mut Builder<'_>, pair: Pair<'_, Rule>) -> Option<Item> {
    let span = b.span(&pair);
    let mut kids = Kids::of(pair);
    let written = kids.find(Rule::k_to).and_then(|_| kids.next());
    let zone = written.map(|written| {
        let mut zone = word::name(b, &written);
        if written.as_rule() == Rule::wrong_zone {
            zone.value = zone.value.trim_matches('"').to_owned();
            let help = format!("write `times are local to {}`", zone.value);
            b.report(code::QUOTES, zone.span, "a time zone is written without quotation marks", help);
        }
        zone
    });
    Some(Item::Times { zone, span })
}

pub(super) fn codes(b: &mut Builder<'_>, pair: Pair<'_, Rule>) -> Option<Item> {
    let mut kids = Kids::of(pair);
    let name = word::name(b, &kids.find(Rule::name)?);
    let values = word::code_list(b, kids.find(Rule::code_list)?);
    Some(Item::Codes { name, values })
}

pub(super) fn rows(b: &mut Builder<'_>, pair: Pair<'_, Rule>) -> Option<Item> {
    let mut kids = Kids::of(pair);
    let name = word::name(b, &kids.find(Rule::name)?);
    let table = word::name(b, &kids.find(Rule::name)?);
    let condition = expr::inside(b, kids.find(Rule::where_part)?)?;
    Some(Item::Rows { name, table, condition })
}

pub(super) fn define(b: &mut Builder<'_>, pair: Pair<'_, Rule>) -> Option<Item> {
    let mut kids = Kids::of(pair);
    let name = word::name(b, &kids.find(Rule::name)?);
    let table = word::name(b, &kids.find(Rule::name)?);
    let value = expr::expr(b, kids.find(Rule::expr)?)?;
    Some(Item::Define(Define { name, table, value }))
}
