//! Cohorts and the choice of one row per something.

use super::{Builder, Kids, Rule, expr, relation, word};
use crate::diag::code;
use crate::source::{Span, Spanned};
use crate::syntax::ast::{Cohort, Path, Pick};
use pest::iterators::Pair;

pub(super) fn cohort(b: &mut Builder<'_>, pair: Pair<'_, Rule>) -> Option<Cohort> {
    let mut kids = Kids::of(pair);
    kids.find(Rule::k_cohort)?;
    let which = kids.maybe(Rule::pick);
    let table = word::name(b, &kids.find(Rule::name)?);
    let each = kids.maybe(Rule::pick_of);
    let pick = pick(b, which, each, &table.value);
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
    Some(Cohort { pick: pick.ok()?, table, relation, condition })
}

/// Both halves (`last`, `of each child by exited_on`) or none of them; `Err` when one is missing,
/// which was reported.
fn pick(
    b: &mut Builder<'_>,
    which: Option<Pair<'_, Rule>>,
    each: Option<Pair<'_, Rule>>,
    table: &str,
) -> Result<Option<Pick>, ()> {
    let (which, each) = match (which, each) {
        (None, None) => return Ok(None),
        (Some(which), Some(each)) => (which, each),
        (Some(which), None) => {
            let word = which.as_str().split_whitespace().next().unwrap_or_default();
            let help = format!("write `{word} {table} of each child by removed_on`, with names of the model");
            let span = b.span(&which);
            b.report(code::HALF_A_PICK, span, format!("`{word}` of what, and in which order?"), help);
            return Err(());
        }
        (None, Some(each)) if matches!(table, "first" | "last") => {
            let span = b.span(&each);
            let help = format!("name the table: `{table} removal {}`", each.as_str().trim_end());
            b.report(code::HALF_A_PICK, span, format!("`{table}` of which rows?"), help);
            return Err(());
        }
        (None, Some(each)) => {
            let help = format!("write `first {table} {0}` or `last {table} {0}`", each.as_str().trim_end());
            let span = b.span(&each);
            b.report(code::HALF_A_PICK, span, "which one of each: the first or the last?", help);
            return Err(());
        }
    };
    let span = b.span(&which).to(b.span(&each));
    let each_level = each.clone().into_inner().any(|part| part.as_rule() == Rule::each_level);
    let (per, by) = per_and_by(b, each, span).ok_or(())?;
    let mut kids = Kids::of(which);
    let last = kids.next().is_some_and(|w| w.as_rule() == Rule::k_last);
    Ok(Some(Pick { last, ever: kids.has(Rule::k_ever), per, each_level, by, span }))
}

fn per_and_by(b: &mut Builder<'_>, each: Pair<'_, Rule>, span: Span) -> Option<(Path, Vec<Path>)> {
    let mut paths = Kids::of(each).all(Rule::path).map(|p| word::path(b, p)).collect::<Vec<_>>().into_iter();
    let per = paths.next()?;
    let by: Vec<_> = paths.collect();
    if by.is_empty() {
        let help = "name the day that puts them in order, as in `of each child by removed_on`";
        b.report(code::HALF_A_PICK, span, "first or last in which order?", help);
        return None;
    }
    Some((per, by))
}
