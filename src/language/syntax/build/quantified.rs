//! Questions about linked rows.

use super::{Builder, Kids, Rule, expr, relation, word};
use crate::source::Spanned;
use crate::syntax::ast::{Beside, Expr, Quantified, Quantifier};
use pest::iterators::Pair;

pub(super) fn quantified(b: &mut Builder<'_>, pair: Pair<'_, Rule>) -> Option<Quantified> {
    let mut outer = Kids::of(pair);
    let kind = match outer.next()?.as_rule() {
        Rule::k_some => Quantifier::Some,
        Rule::k_no => Quantifier::No,
        _ => Quantifier::All,
    };
    let rows = outer.find(Rule::quantified_of)?;
    let have = match outer.maybe(Rule::have_part) {
        Some(pair) => Some(expr::inside(b, pair)?),
        None => None,
    };
    Some(Quantified { have, ..rows_of(b, rows, kind)? })
}

/// `count P`, `count distinct V among P`, `sum V among P`, `days in window among P` ...
pub(super) fn among(b: &mut Builder<'_>, pair: Pair<'_, Rule>) -> Option<Quantified> {
    let days = pair.as_rule() == Rule::days_among;
    let mut kids = Kids::of(pair);
    let first = kids.next()?;
    if days {
        kids.find(Rule::k_among)?;
        return rows_of(b, kids.find(Rule::quantified_of)?, Quantifier::DaysInWindow);
    }
    if first.as_rule() == Rule::among_count {
        let mut kids = Kids::of(first);
        kids.find(Rule::k_count)?;
        let value = match kids.maybe(Rule::k_distinct) {
            Some(_) => {
                let value = expr::value(b, kids.find(Rule::value)?)?;
                kids.find(Rule::k_among)?;
                Some(value)
            }
            None => None,
        };
        let kind = if value.is_some() { Quantifier::Distinct } else { Quantifier::Count };
        return Some(Quantified { value, ..rows_of(b, kids.find(Rule::quantified_of)?, kind)? });
    }
    let kind = match Kids::of(first).peek() {
        Some(Rule::k_sum) => Quantifier::Sum,
        Some(Rule::k_earliest) => Quantifier::Earliest,
        Some(Rule::k_first) => Quantifier::First,
        Some(Rule::k_last) => Quantifier::Last,
        _ => Quantifier::Latest,
    };
    let value = Some(expr::value(b, kids.find(Rule::value)?)?);
    let by = match kids.maybe(Rule::k_by) {
        Some(_) => Some(expr::value(b, kids.find(Rule::value)?)?),
        None => None,
    };
    kids.find(Rule::k_among)?;
    Some(Quantified { value, by, ..rows_of(b, kids.find(Rule::quantified_of)?, kind)? })
}

/// `days from A to B among P`.
pub(super) fn days_from_to(b: &mut Builder<'_>, from: Expr, to: Expr, rows: Pair<'_, Rule>) -> Option<Quantified> {
    Some(Quantified { value: Some(from), to: Some(to), ..rows_of(b, rows, Quantifier::DaysFromTo)? })
}

/// `previous removal of child by removed_on`.
pub(super) fn beside(b: &mut Builder<'_>, pair: Pair<'_, Rule>) -> Option<Beside> {
    let mut kids = Kids::of(pair);
    let next = kids.next()?.as_rule() == Rule::k_next;
    let table = word::name(b, &kids.find(Rule::name)?);
    let of = word::path(b, kids.find(Rule::path)?);
    let by = word::path(b, kids.find(Rule::path)?);
    Some(Beside { next, table, of, by })
}

/// The rows that are asked about.
fn rows_of(b: &mut Builder<'_>, pair: Pair<'_, Rule>, kind: Quantifier) -> Option<Quantified> {
    let mut kids = Kids::of(pair);
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
    let (value, by, to, have) = (None, None, None, None);
    Some(Quantified { kind, value, by, to, other, source, alias, relation, condition, have })
}
