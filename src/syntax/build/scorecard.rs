//! Scorecards.

use super::{Builder, Kids, Rule, word};
use crate::syntax::ast::Scorecard;
use pest::iterators::Pair;

pub(super) fn scorecard(b: &mut Builder<'_>, pair: Pair<'_, Rule>) -> Option<Scorecard> {
    let mut kids = Kids::of(pair);
    let name = word::name(b, &kids.find(Rule::name)?);
    let title = kids.maybe(Rule::text).and_then(|p| word::text(b, p));
    let mut rows = Vec::new();
    for row in kids.all(Rule::scorecard_row) {
        let mut kids = Kids::of(row);
        let domain = word::name(b, &kids.find(Rule::name)?);
        rows.push((domain, word::names(b, kids)));
    }
    Some(Scorecard { name, title, rows })
}
