//! `groups`: by what results can be broken down.

use super::{Builder, Kids, Rule, amount, expr, word};
use crate::syntax::ast::{Band, Bound, Groups};
use pest::iterators::Pair;

pub(super) fn groups(b: &mut Builder<'_>, pair: Pair<'_, Rule>) -> Option<Groups> {
    let mut kids = Kids::of(pair);
    let name = word::name(b, &kids.find(Rule::name)?);
    let title = match kids.maybe(Rule::text) {
        Some(text) => Some(word::text(b, text)?),
        None => None,
    };
    let table = word::name(b, &kids.find(Rule::name)?);
    let value = expr::expr(b, kids.find(Rule::expr)?)?;
    let bands = match kids.maybe(Rule::bands) {
        Some(bands) => Kids::of(bands).all(Rule::band).map(|pair| band(b, pair)).collect::<Option<_>>()?,
        None => Vec::new(),
    };
    Some(Groups { name, title, table, value, bands })
}

fn band(b: &mut Builder<'_>, pair: Pair<'_, Rule>) -> Option<Band> {
    let span = b.span(&pair);
    let mut kids = Kids::of(pair);
    let title = word::text(b, kids.find(Rule::text)?)?;
    let bound = match kids.maybe(Rule::compare_op) {
        None => None,
        Some(sign) => {
            let op = expr::compare_op(b, sign)?;
            let than = kids.next()?;
            let than = match than.as_rule() {
                Rule::text => Bound::Text(word::text(b, than)?.value),
                _ if than.as_str().contains('.') => Bound::Decimal(amount::written(b, &than)?.value),
                _ => Bound::Number(amount::whole(b, &than)?.value),
            };
            Some((op, than))
        }
    };
    Some(Band { title, bound, span })
}
