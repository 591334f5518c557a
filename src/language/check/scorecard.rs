//! Scorecards: rows are domains, each with indicators of that domain.

use super::declared::{Declared, repeated};
use super::indicator::domain;
use super::model::in_words;
use super::world::World;
use crate::diag::{Diagnostic, Diagnostics, code, suggest};
use crate::ir::{Breakdown, Indicator, Scorecard};
use crate::source::{Span, Spanned};
use crate::syntax::ast::{self, Name};
use std::collections::BTreeMap;

/// Checks one scorecard. An indicator with mistakes of its own is left out without a word.
pub(super) fn check(
    world: &World,
    declared: &Declared,
    (indicators, breakdowns): (&[Indicator], &[Breakdown]),
    decl: &ast::Scorecard,
    out: &mut Diagnostics,
) -> Scorecard {
    let mut columns = Vec::new();
    let mut seen: BTreeMap<&str, Span> = BTreeMap::new();
    for (domain_name, names) in &decl.rows {
        let row = domain(world, domain_name, out);
        for name in names {
            if let Some(first) = seen.insert(&name.value, name.span) {
                let message = format!("`{}` is on the scorecard twice", name.value);
                out.push(repeated(code::SCORECARD_ROW, message, name.span, first).help("keep one of the two"));
                continue;
            }
            if !is_declared(declared, name, out) {
                continue;
            }
            let Some(index) = place(indicators, |i| &i.id, &name.value) else { continue };
            let own = indicators[index].about.domain;
            if let (Some(row), Some(own)) = (row, own)
                && row != own
            {
                let message = format!("`{}` is of the domain `{}`", name.value, world.model.domains[own].name);
                out.push(
                    Diagnostic::new(code::SCORECARD_ROW, name.span, message)
                        .also(domain_name.span, "this row is of another")
                        .help("move it to the row of its domain, or change `domain` in the indicator"),
                );
                continue;
            }
            columns.push(index);
        }
    }
    let title = decl.title.as_ref().map_or_else(|| in_words(&decl.name.value), |t| t.value.clone());
    let hide_under = decl.hide_under.as_ref().and_then(|limit| hide_under(limit, out));
    let split_by = split_by(declared, breakdowns, &columns, decl, out);
    Scorecard { name: decl.name.value.clone(), title, indicators: columns, hide_under, split_by }
}

/// `split by age, sex`: breakdowns, each once, by which some of the columns can be broken down.
fn split_by(
    declared: &Declared,
    breakdowns: &[Breakdown],
    columns: &[usize],
    decl: &ast::Scorecard,
    out: &mut Diagnostics,
) -> Vec<usize> {
    let mut found: Vec<usize> = Vec::new();
    for name in &decl.split_by {
        let Some(number) = breakdown(declared, breakdowns, name, out) else { continue };
        if found.contains(&number) {
            let message = format!("the scorecard is split by `{}` twice", name.value);
            out.push(Diagnostic::new(code::SCORECARD_ROW, name.span, message).help("keep one of the two"));
            continue;
        }
        let of = breakdowns.get(number).map(|breakdown| &breakdown.of);
        if !columns.is_empty() && !columns.iter().any(|column| of.is_some_and(|of| of.contains_key(column))) {
            let message = format!("no indicator of this scorecard can be broken down by `{}`", name.value);
            let help = "their rows lead to no such group, or to one that can always change; leave the name out";
            out.push(Diagnostic::new(code::SCORECARD_ROW, name.span, message).help(help));
            continue;
        }
        found.push(number);
    }
    if let (Some(_), [first, second, ..]) = (&decl.hide_under, decl.split_by.as_slice()) {
        let message = "a scorecard that hides counts is split by one thing only";
        let help = "each breakdown could give away what the other hides: keep one, or leave `hide counts` out";
        out.push(Diagnostic::new(code::SCORECARD_ROW, second.span, message).also(first.span, "the first").help(help));
    }
    found
}

/// The breakdown of this name, by its index; or a finding, unless it has one of its own.
pub(super) fn breakdown(
    declared: &Declared,
    breakdowns: &[Breakdown],
    name: &Name,
    out: &mut Diagnostics,
) -> Option<usize> {
    let found = breakdowns.iter().position(|breakdown| breakdown.name == name.value);
    let is_declared = declared.groups.iter().any(|groups| groups.name.value == name.value);
    if found.is_none() && !is_declared && !declared.unread.contains(name.value.as_str()) {
        let known: Vec<_> = breakdowns.iter().map(|breakdown| breakdown.name.as_str()).collect();
        let help = match known.is_empty() {
            true => "declare it: `groups NAME \"...\" of TABLE = VALUE`".to_owned(),
            false => suggest::help(&name.value, "breakdowns", &known),
        };
        let message = format!("there is no breakdown `{}`", name.value);
        out.push(Diagnostic::new(code::UNKNOWN_NAME, name.span, message).help(help));
    }
    found
}

/// The smallest count that may be shown.
fn hide_under(limit: &Spanned<i64>, out: &mut Diagnostics) -> Option<u64> {
    let found = u64::try_from(limit.value).ok().filter(|n| *n > 1);
    if found.is_none() {
        let message = format!("no count of cases is under {} and more than 0, so nothing would be hidden", limit.value);
        out.push(Diagnostic::new(code::NUMBER_RANGE, limit.span, message).help(
            "write the smallest count that may be shown, as in `hide counts under 11`; leave the line out to hide none",
        ));
    }
    found
}

/// Where the indicator with this id stands among those without mistakes, which are in the order of
/// their ids.
pub(super) fn place<T>(indicators: &[T], id_of: impl Fn(&T) -> &str, id: &str) -> Option<usize> {
    indicators.binary_search_by(|i| id_of(i).cmp(id)).ok()
}

/// Whether an indicator of this name is declared, right or wrong; a finding otherwise.
pub(super) fn is_declared(declared: &Declared, name: &Name, out: &mut Diagnostics) -> bool {
    let found = declared.named.contains(name.value.as_str());
    if !found && !declared.unread.contains(name.value.as_str()) {
        let known: Vec<_> = declared.named.iter().copied().collect();
        let message = format!("there is no indicator `{}`", name.value);
        out.push(Diagnostic::new(code::UNKNOWN_INDICATOR, name.span, message).help(suggest::help(
            &name.value,
            "indicators",
            &known,
        )));
    }
    found
}
