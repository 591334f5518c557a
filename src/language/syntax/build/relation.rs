//! `open on`, `overlapping` and `covering`.

use super::{Builder, Kids, Rule, expr, word};
use crate::syntax::ast::Relation;
use pest::iterators::Pair;

pub(super) fn relation(b: &mut Builder<'_>, pair: Pair<'_, Rule>) -> Option<Relation> {
    let pair = Kids::of(pair).next()?;
    match pair.as_rule() {
        Rule::open_on => {
            let day = expr::value(b, Kids::of(pair).find(Rule::value)?)?;
            Some(Relation::OpenOn(Box::new(day)))
        }
        Rule::overlapping => Some(Relation::Overlapping(word::path(b, Kids::of(pair).find(Rule::path)?))),
        Rule::covering => Some(Relation::Covering(word::path(b, Kids::of(pair).find(Rule::path)?))),
        _ => None,
    }
}
