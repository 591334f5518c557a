//! Questions about linked rows.

use super::{Builder, Kids, Rule, expr, relation, word};
use crate::source::Spanned;
use crate::syntax::ast::{Quantified, Quantifier};
use pest::iterators::Pair;

pub(super) fn quantified(b: &mut Builder<'_>, pair: Pair<'_, Rule>) -> Option<Quantified> {
    let mut outer = Kids::of(pair);
    let kind = match outer.next()?.as_rule() {
        Rule::k_some => Quantifier::Some,
        Rule::k_no => Quantifier::No,
        _ => Quantifier::All,
    };
    let mut kids = Kids::of(outer.find(Rule::quantified_of)?);
    let other = kids.has(Rule::k_other);
    let source = word::path(b, kids.find(Rule::path)?);
    let alias = match kids.maybe(Rule::alias) {
        Some(pair) => Some(word::name(b, &Kids::of(pair).find(Rule::name)?)),
        None => None,
    };
    let relation = match kids.maybe(Rule::relation) {
        Some(pair) => {
            let span = b.span(&pair);
            Some(Spanned::new(relation::relation(b, pair)?, span))
        }
        None => None,
    };
    let condition = match kids.maybe(Rule::where_part) {
        Some(pair) => Some(expr::inside(b, pair)?),
        None => None,
    };
    let have = match outer.maybe(Rule::have_part) {
        Some(pair) => Some(expr::inside(b, pair)?),
        None => None,
    };
    Some(Quantified { kind, other, source, alias, relation, condition, have })
}
