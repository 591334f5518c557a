//! Standards and their yellow bands.

use super::{Builder, Kids, Rule, amount, indicator};
use crate::diag::{Diagnostic, code};
use crate::source::{Span, Spanned};
use crate::syntax::ast::{Name, Quantity, Standard, Text, Yellow};
use chrono::NaiveDate;
use pest::iterators::Pair;

pub(super) fn standard(b: &mut Builder<'_>, pair: Pair<'_, Rule>) -> Option<Standard> {
    let mut said = Said::default();
    let mut band = None;
    for part in pair.clone().into_inner() {
        if part.as_rule() == Rule::yellow {
            band = Some(yellow(b, part)?);
        } else {
            part_of(b, part, &mut said);
        }
    }
    let (at_least, amount) = figure(b, pair, "standard", &said)?;
    let Said { source, status, from, until, .. } = said;
    Some(Standard { at_least, amount, source, status, from, until, yellow: band })
}

fn yellow(b: &mut Builder<'_>, pair: Pair<'_, Rule>) -> Option<Yellow> {
    let mut said = Said::default();
    for part in pair.clone().into_inner() {
        part_of(b, part, &mut said);
    }
    let (at_least, amount) = figure(b, pair, "yellow", &said)?;
    Some(Yellow { at_least, amount, status: said.status, source: said.source })
}

/// What is said of a figure.
#[derive(Default)]
struct Said {
    source: Option<Text>,
    status: Option<Name>,
    from: Option<Spanned<NaiveDate>>,
    until: Option<Spanned<NaiveDate>>,
    /// The dates as they are written.
    dates: Vec<String>,
    /// What should stand in braces and does not, as it is written.
    loose: Vec<String>,
    loose_at: Option<Span>,
    /// Whether a date stands among these.
    dates_among: bool,
}

/// Direction and amount of a standard or band. Reports what is said of it without braces.
fn figure(b: &mut Builder<'_>, pair: Pair<'_, Rule>, word: &str, said: &Said) -> Option<(bool, Spanned<Quantity>)> {
    let mut kids = Kids::of(pair);
    let (direction, quantity) = (kids.find(Rule::direction)?, kids.find(Rule::quantity)?);
    if let (Some(place), Some(first)) = (said.loose_at, said.loose.first()) {
        let first = first.split(' ').next().unwrap_or_default();
        let head = [word.to_owned(), on_one_line(&direction), on_one_line(&quantity)];
        let head = head.into_iter().chain(said.dates.iter().cloned()).collect::<Vec<_>>().join(" ");
        let found = Diagnostic::new(code::SYNTAX, place, format!("after a `{word}`, a `{first}` stands in braces"))
            .because("of this figure, or of the indicator?")
            .help(format!(
                "write `{head} {{ {} }}`; what the indicator says of itself stands before its first `standard`",
                said.loose.join(" ")
            ));
        let whose = said.was_of_figure(b, b.span(&direction));
        b.found.push(if whose { in_braces(found, place) } else { found });
    }
    let at_least = Kids::of(direction).find(Rule::k_least).is_some();
    Some((at_least, amount::quantity(b, quantity)?))
}

impl Said {
    /// Whether the old form of the language took what stands without braces as the figure's: it
    /// stood on the line of the figure, or further to the right.
    fn was_of_figure(&self, b: &Builder<'_>, figure: Span) -> bool {
        let Some(place) = self.loose_at.filter(|_| !self.dates_among) else { return false };
        let line = |at: u32| {
            let before = b.text.get(..at as usize).unwrap_or_default();
            before.rsplit_once('\n').map_or(0, |(lines, _)| lines.len() + 1)
        };
        let indent = |start: usize| {
            let text = b.text.get(start..).unwrap_or_default();
            text.len() - text.trim_start_matches([' ', '\t']).len()
        };
        let (own, loose) = (line(figure.start), line(place.start));
        own == loose || indent(loose) > indent(own)
    }
}

fn in_braces(found: Diagnostic, place: Span) -> Diagnostic {
    let (start, end) = (Span { end: place.start, ..place }, Span { start: place.end, ..place });
    found.fix(start, "{ ").fix(end, " }")
}

fn on_one_line(pair: &Pair<'_, Rule>) -> String {
    pair.as_str().split_whitespace().collect::<Vec<_>>().join(" ")
}

fn part_of(b: &mut Builder<'_>, part: Pair<'_, Rule>, said: &mut Said) {
    let span = b.span(&part);
    match part.as_rule() {
        Rule::origin => part.into_inner().for_each(|p| part_of(b, p, said)),
        Rule::wrong_origin => {
            said.loose_at = Some(span);
            for part in part.into_inner() {
                match part.as_rule() {
                    Rule::origin_part => said.loose.push(on_one_line(&part)),
                    _ => said.dates_among = true,
                }
                part_of(b, part, said);
            }
        }
        Rule::origin_part => part.into_inner().for_each(|p| part_of(b, p, said)),
        Rule::standard_part => {
            said.dates.push(on_one_line(&part));
            part.into_inner().for_each(|p| part_of(b, p, said));
        }
        Rule::source => {
            if let Some(text) = indicator::text(b, part) {
                once(b, &mut said.source, text, span);
            }
        }
        Rule::status => {
            if let Some(name) = indicator::name(b, part) {
                once(b, &mut said.status, name, span);
            }
        }
        rule @ (Rule::in_force | Rule::no_longer) => {
            let slot = if rule == Rule::in_force { &mut said.from } else { &mut said.until };
            if let Some(date) = Kids::of(part).find(Rule::date).and_then(|p| amount::date(b, &p)) {
                once(b, slot, date, span);
            }
        }
        _ => {}
    }
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
