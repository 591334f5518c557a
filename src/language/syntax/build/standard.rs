//! Standards and their yellow bands.

use super::{Builder, Kids, Rule, amount, indicator};
use crate::diag::{Diagnostic, code};
use crate::source::{Span, Spanned};
use crate::syntax::ast::{Clause, Standard, Yellow};
use pest::iterators::Pair;

/// The standard. A `source` or `status` after it that begins its line, no deeper than the standard
/// itself, is the indicator's own clause, and a clause of its own here.
pub(super) fn standard(b: &mut Builder<'_>, pair: Pair<'_, Rule>) -> Vec<Spanned<Clause>> {
    let mut whole = b.span(&pair);
    let start = b.base + pair.as_span().start();
    let mut kids = Kids::of(pair);
    let (Some(direction), Some(quantity)) = (kids.find(Rule::direction), kids.find(Rule::quantity)) else {
        return Vec::new();
    };
    let Some(quantity) = amount::quantity(b, quantity) else { return Vec::new() };
    let mut standard = Standard {
        at_least: at_least(direction),
        amount: quantity,
        source: None,
        status: None,
        from: None,
        until: None,
        yellow: None,
    };
    let mut own = Vec::new();
    while let Some(pair) = kids.next() {
        if pair.as_rule() == Rule::yellow {
            standard.yellow = yellow(b, pair, start, &mut own);
        } else if let Some(part) = Kids::of(pair).next() {
            part_of(b, part, start, &mut standard, &mut own);
        }
    }
    if let Some(first) = own.first() {
        whole.end = whole.end.min(first.span.start);
    }
    own.insert(0, Spanned::new(Clause::Standard(standard), whole));
    own
}

fn part_of(
    b: &mut Builder<'_>,
    part: Pair<'_, Rule>,
    start: usize,
    standard: &mut Standard,
    own: &mut Vec<Spanned<Clause>>,
) {
    let span = b.span(&part);
    let of_indicator = belongs_to_indicator(b, &part, start);
    match part.as_rule() {
        Rule::source => {
            if let Some(text) = indicator::text(b, part) {
                if of_indicator {
                    own.push(Spanned::new(Clause::Source(text), span));
                } else {
                    once(b, &mut standard.source, text, span);
                }
            }
        }
        Rule::status => {
            if let Some(name) = indicator::name(b, part) {
                if of_indicator {
                    own.push(Spanned::new(Clause::Status(name), span));
                } else {
                    once(b, &mut standard.status, name, span);
                }
            }
        }
        Rule::in_force => {
            if let Some(date) = Kids::of(part).find(Rule::date).and_then(|p| amount::date(b, &p)) {
                once(b, &mut standard.from, date, span);
            }
        }
        Rule::no_longer => {
            if let Some(date) = Kids::of(part).find(Rule::date).and_then(|p| amount::date(b, &p)) {
                once(b, &mut standard.until, date, span);
            }
        }
        _ => {}
    }
}

fn yellow(b: &mut Builder<'_>, pair: Pair<'_, Rule>, start: usize, own: &mut Vec<Spanned<Clause>>) -> Option<Yellow> {
    let mut kids = Kids::of(pair);
    let direction = kids.find(Rule::direction)?;
    let amount = amount::quantity(b, kids.find(Rule::quantity)?)?;
    let mut yellow = Yellow { at_least: at_least(direction), amount, status: None, source: None };
    for part in kids.all(Rule::yellow_part) {
        let part = Kids::of(part).next()?;
        let span = b.span(&part);
        let of_indicator = belongs_to_indicator(b, &part, start);
        if part.as_rule() == Rule::source {
            let text = indicator::text(b, part)?;
            if of_indicator {
                own.push(Spanned::new(Clause::Source(text), span));
            } else {
                once(b, &mut yellow.source, text, span);
            }
        } else {
            let name = indicator::name(b, part)?;
            if of_indicator {
                own.push(Spanned::new(Clause::Status(name), span));
            } else {
                once(b, &mut yellow.status, name, span);
            }
        }
    }
    Some(yellow)
}

fn at_least(direction: Pair<'_, Rule>) -> bool {
    Kids::of(direction).find(Rule::k_least).is_some()
}

/// Whether this part begins its line and is indented no deeper than the standard, when that begins
/// its own line.
fn belongs_to_indicator(b: &Builder<'_>, part: &Pair<'_, Rule>, standard: usize) -> bool {
    let at = b.base + part.as_span().start();
    match (indent(b.text, at), indent(b.text, standard)) {
        (Some(part), Some(standard)) => part <= standard,
        (Some(_), None) => true,
        (None, _) => false,
    }
}

/// How far `at` is indented, when only blanks stand before it on its line.
fn indent(text: &str, at: usize) -> Option<usize> {
    let before = text.get(..at)?.trim_end_matches([' ', '\t', '\u{A0}']);
    (before.is_empty() || before.ends_with('\n')).then_some(at - before.len())
}

fn once<T>(b: &mut Builder<'_>, slot: &mut Option<Spanned<T>>, value: Spanned<T>, span: Span) {
    if let Some(first) = slot {
        b.found.push(
            Diagnostic::new(code::TWICE, span, "a standard says this twice")
                .also(first.span, "said here first")
                .help("keep one; write a second `standard` for other dates"),
        );
    } else {
        *slot = Some(value);
    }
}
