//! Scorecards.

use super::{Builder, Kids, Rule, amount, word};
use crate::diag::{Diagnostic, code};
use crate::source::{Span, Spanned};
use crate::syntax::ast::{Name, Scorecard};
use pest::iterators::Pair;

pub(super) fn scorecard(b: &mut Builder<'_>, pair: Pair<'_, Rule>) -> Option<Scorecard> {
    let mut kids = Kids::of(pair);
    let name = word::name(b, &kids.find(Rule::name)?);
    let title = kids.maybe(Rule::text).and_then(|p| word::text(b, p));
    let mut rows = Vec::new();
    let mut hide: Option<(Span, Spanned<i64>)> = None;
    let mut split: Option<(Span, Vec<Name>)> = None;
    while let Some(part) = kids.next() {
        match part.as_rule() {
            Rule::scorecard_row => {
                let mut kids = Kids::of(part);
                let domain = word::name(b, &kids.find(Rule::name)?);
                rows.push((domain, word::names(b, kids)));
            }
            Rule::hide => {
                let span = b.span(&part);
                let limit = amount::count(b, &Kids::of(part).find(Rule::number)?)?;
                match &hide {
                    None => hide = Some((span, limit)),
                    Some((first, _)) => twice(b, span, *first),
                }
            }
            Rule::split => {
                let span = b.span(&part);
                let names = word::names(b, Kids::of(part));
                match &split {
                    None => split = Some((span, names)),
                    Some((first, _)) => twice(b, span, *first),
                }
            }
            _ => {}
        }
    }
    let split_by = split.map(|(_, names)| names).unwrap_or_default();
    Some(Scorecard { name, title, rows, hide_under: hide.map(|(_, limit)| limit), split_by })
}

fn twice(b: &mut Builder<'_>, span: Span, first: Span) {
    b.found.push(
        Diagnostic::new(code::TWICE, span, "a scorecard says this twice")
            .also(first, "first here")
            .help("keep one of the two"),
    );
}
