//! Standards and their yellow bands.

use super::{Builder, Kids, Rule, amount, indicator, word};
use crate::diag::{Diagnostic, code};
use crate::source::{Span, Spanned};
use crate::syntax::ast::{Name, OwnTarget, Standard, TableColumn, Text, Thresholds, Yellow, YellowLine};
use chrono::NaiveDate;
use pest::iterators::Pair;

pub(super) fn standard(b: &mut Builder<'_>, pair: Pair<'_, Rule>) -> Option<Standard> {
    let span = b.span(&pair);
    let mut said = Said { head: vec!["standard".to_owned()], ..Said::default() };
    let (mut green, mut own) = (None, None);
    let mut band = None;
    for part in pair.into_inner() {
        match part.as_rule() {
            Rule::thresholds => {
                said.head.push(on_one_line(&part));
                green = Some(thresholds(b, part)?);
            }
            Rule::own_target => {
                said.head.push(on_one_line(&part));
                own = Some(own_target(b, part)?);
            }
            Rule::k_none => said.head.push(on_one_line(&part)),
            Rule::yellow => {
                let next = yellow(b, part)?;
                one_band(b, &mut band, next);
            }
            _ => part_of(b, part, &mut said),
        }
    }
    in_braces(b, &said, span);
    let Said { source, status, from, until, .. } = said;
    Some(Standard { green, own, source, status, from, until, yellow: band })
}

fn yellow(b: &mut Builder<'_>, pair: Pair<'_, Rule>) -> Option<Yellow> {
    let span = b.span(&pair);
    let mut said = Said { head: vec!["yellow".to_owned()], ..Said::default() };
    let mut line = None;
    for part in pair.into_inner() {
        match part.as_rule() {
            Rule::thresholds => {
                said.head.push(on_one_line(&part));
                line = Some(YellowLine::Thresholds(thresholds(b, part)?));
            }
            Rule::within => {
                said.head.push(on_one_line(&part));
                line = Some(YellowLine::Within(amount::quantity(b, Kids::of(part).find(Rule::quantity)?)?));
            }
            _ => part_of(b, part, &mut said),
        }
    }
    in_braces(b, &said, span);
    Some(Yellow { line: line?, span, status: said.status, source: said.source })
}

/// `at least 90%`, `between 40% and 60%`.
fn thresholds(b: &mut Builder<'_>, pair: Pair<'_, Rule>) -> Option<Spanned<Thresholds>> {
    let span = b.span(&pair);
    let mut kids = Kids::of(pair);
    let zone = match kids.maybe(Rule::range) {
        Some(range) => {
            let mut ends = Kids::of(range);
            let low = amount::quantity(b, ends.find(Rule::quantity)?)?;
            Thresholds::Between(low, amount::quantity(b, ends.find(Rule::quantity)?)?)
        }
        None => {
            let least = Kids::of(kids.find(Rule::direction)?).find(Rule::k_least).is_some();
            let amount = amount::quantity(b, kids.find(Rule::quantity)?)?;
            if least { Thresholds::AtLeast(amount) } else { Thresholds::AtMost(amount) }
        }
    };
    Some(Spanned::new(zone, span))
}

/// `at least goal.target% of each office from goal.from_on`.
fn own_target(b: &mut Builder<'_>, pair: Pair<'_, Rule>) -> Option<Spanned<Box<OwnTarget>>> {
    let span = b.span(&pair);
    let mut kids = Kids::of(pair);
    let at_least = Kids::of(kids.find(Rule::direction)?).find(Rule::k_least).is_some();
    let figure = table_column(b, kids.find(Rule::table_column)?)?;
    let percent = kids.maybe(Rule::s_percent).or_else(|| kids.maybe(Rule::k_percent)).is_some();
    let each = word::name(b, &kids.find(Rule::name)?);
    let from = table_column(b, kids.find(Rule::table_column)?)?;
    Some(Spanned::new(Box::new(OwnTarget { at_least, figure, percent, each, from }), span))
}

fn table_column(b: &mut Builder<'_>, pair: Pair<'_, Rule>) -> Option<TableColumn> {
    let mut kids = Kids::of(pair);
    let table = word::name(b, &kids.find(Rule::name)?);
    Some(TableColumn { table, column: word::name(b, &kids.find(Rule::name)?) })
}

fn one_band(b: &mut Builder<'_>, band: &mut Option<Yellow>, next: Yellow) {
    let Some(first) = band else {
        *band = Some(next);
        return;
    };
    b.found.push(
        Diagnostic::new(code::TWICE, next.span, "a standard has two yellow bands")
            .also(first.span, "the first")
            .help("keep one; of a range it may lie on both sides, as in `yellow between 35% and 65%`"),
    );
}

/// What is said of a figure.
#[derive(Default)]
struct Said {
    source: Option<Text>,
    status: Option<Name>,
    from: Option<Spanned<NaiveDate>>,
    until: Option<Spanned<NaiveDate>>,
    /// What stands before the braces, as it is written.
    head: Vec<String>,
    /// What should stand in braces and does not, as it is written.
    loose: Vec<String>,
    loose_at: Option<Span>,
    /// Whether a date stands among these.
    dates_among: bool,
}

/// Reports what is said of a standard or band without braces.
fn in_braces(b: &mut Builder<'_>, said: &Said, figure: Span) {
    if let (Some(place), Some(first), Some(word)) = (said.loose_at, said.loose.first(), said.head.first()) {
        let first = first.split(' ').next().unwrap_or_default();
        let head = said.head.join(" ");
        let found = Diagnostic::new(code::SYNTAX, place, format!("after a `{word}`, a `{first}` stands in braces"))
            .because("of this figure, or of the indicator?")
            .help(format!(
                "write `{head} {{ {} }}`; what the indicator says of itself stands before its first `standard`",
                said.loose.join(" ")
            ));
        let whose = said.was_of_figure(b, figure);
        b.found.push(if whose { with_braces(found, place) } else { found });
    }
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

fn with_braces(found: Diagnostic, place: Span) -> Diagnostic {
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
            said.head.push(on_one_line(&part));
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
