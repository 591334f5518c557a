//! Test blocks.

use super::{Builder, Kids, Rule, amount, drawn, word};
use crate::diag::{Diagnostic, code};
use crate::source::Spanned;
use crate::syntax::ast::{Colour, DrawnTable, EntityName, Expect, ExpectedFigure, Figures, GroupName, Outcome, Test};
use chrono::NaiveDate;
use pest::iterators::Pair;

/// What the lines of a test say.
#[derive(Debug, Default)]
pub(super) struct Lines {
    tables: Vec<DrawnTable>,
    as_of: Option<Spanned<NaiveDate>>,
    expects: Vec<Spanned<Expect>>,
}

pub(super) fn test(b: &mut Builder<'_>, pair: Pair<'_, Rule>) -> Option<Test> {
    let span = b.span(&pair);
    let mut kids = Kids::of(pair);
    let indicator = word::name(b, &kids.find(Rule::name)?);
    let title = word::text(b, kids.find(Rule::text)?)?;
    let mut lines = Lines::default();
    let (before, _) = b.found.counts();
    for pair in kids.all(Rule::test_line) {
        line(b, pair, &mut lines);
    }
    // A test that lacks a row or an expectation shows something else.
    let (after, _) = b.found.counts();
    let Lines { tables, as_of, expects } = lines;
    (before == after).then_some(Test { indicator, title, tables, as_of, expects, span })
}

/// Adds what one line (or one drawn table) says.
pub(super) fn line(b: &mut Builder<'_>, pair: Pair<'_, Rule>, lines: &mut Lines) {
    let Some(pair) = Kids::of(pair).next() else { return };
    let span = b.span(&pair);
    match pair.as_rule() {
        Rule::drawn => lines.tables.extend(drawn::drawn(b, pair)),
        Rule::expect => lines.expects.extend(expect(b, pair).map(|e| Spanned::new(e, span))),
        _ => {
            let Some(date) = Kids::of(pair).find(Rule::date).and_then(|p| amount::date(b, &p)) else { return };
            if let Some(first) = &lines.as_of {
                b.found.push(
                    Diagnostic::new(code::TWICE, span, "a test says `as of` twice")
                        .also(first.span, "said here first")
                        .help("keep one; write a second `test` for another day"),
                );
            } else {
                lines.as_of = Some(date);
            }
        }
    }
}

fn expect(b: &mut Builder<'_>, pair: Pair<'_, Rule>) -> Option<Expect> {
    let mut kids = Kids::of(pair);
    kids.find(Rule::k_expect)?;
    let pair = kids.next()?;
    if pair.as_rule() == Rule::expect_window { window(b, pair) } else { row(b, pair) }
}

fn window(b: &mut Builder<'_>, pair: Pair<'_, Rule>) -> Option<Expect> {
    let mut kids = Kids::of(pair);
    let last_day = amount::date(b, &kids.find(Rule::date)?)?;
    let of = match kids.maybe(Rule::cell) {
        Some(cell) => Some(entity(b, cell)?),
        None => None,
    };
    let group = match kids.maybe(Rule::of_group) {
        Some(group) => Some(group_name(b, group)?),
        None => None,
    };
    let Some(counts) = kids.find(Rule::counts) else { return Some(Expect::NotObservable { last_day, of, group }) };
    let mut kids = Kids::of(counts);
    let first = first(b, &mut kids)?;
    let below = amount::written(b, &kids.find(Rule::number)?)?;
    let (mut undetermined, mut excluded, mut unsure) = (None, None, None);
    let (mut provisional, mut colour) = (None, None);
    for pair in kids.all(Rule::other_count) {
        let span = b.span(&pair);
        let mut kids = Kids::of(pair);
        if kids.has(Rule::k_provisional) {
            if provisional.replace(span).is_some() {
                b.report(code::TWICE, span, "`provisional` is written twice in one line", "keep one of the two");
            }
            continue;
        }
        if let Some(pair) = kids.maybe(Rule::colour) {
            if colour.replace(Spanned::new(named(pair)?, span)).is_some() {
                b.report(code::TWICE, span, "two colours stand in one line", "keep one of the two");
            }
            continue;
        }
        let number = amount::count(b, &kids.find(Rule::number)?)?.value;
        let slot = match kids.next()?.as_rule() {
            Rule::k_excluded => &mut excluded,
            Rule::k_unsure => &mut unsure,
            _ => &mut undetermined,
        };
        if slot.replace(number).is_some() {
            b.report(code::TWICE, span, "this is counted twice in one line", "keep one of the two");
        }
    }
    let figures = Figures { first, of: below, undetermined, excluded, unsure, provisional, colour };
    Some(Expect::Window { last_day, of, group, figures })
}

/// `green`, `no colour`.
fn named(pair: Pair<'_, Rule>) -> Option<Colour> {
    let colour = match Kids::of(pair).next()?.as_rule() {
        Rule::k_green => Colour::Green,
        Rule::k_yellow => Colour::Yellow,
        Rule::k_red => Colour::Red,
        _ => Colour::None,
    };
    Some(colour)
}

/// `of age "under 1"`.
fn group_name(b: &mut Builder<'_>, pair: Pair<'_, Rule>) -> Option<GroupName> {
    let mut kids = Kids::of(pair);
    let breakdown = word::name(b, &kids.find(Rule::name)?);
    Some(GroupName { breakdown, value: word::text(b, kids.find(Rule::text)?)? })
}

/// `in unit u1`.
fn entity(b: &mut Builder<'_>, pair: Pair<'_, Rule>) -> Option<EntityName> {
    let mut kids = Kids::of(pair);
    let level = word::name(b, &kids.find(Rule::name)?);
    Some(EntityName { level, id: row_id(b, kids.find(Rule::entity_id)?)? })
}

/// What stands before `of`.
fn first(b: &mut Builder<'_>, kids: &mut Kids<'_>) -> Option<Spanned<ExpectedFigure>> {
    if let Some(pair) = kids.maybe(Rule::not_estimable) {
        return Some(Spanned::new(ExpectedFigure::NotEstimable, b.span(&pair)));
    }
    let is_value = kids.has(Rule::k_value);
    let Spanned { value: figure, span } = amount::written(b, &kids.find(Rule::number)?)?;
    Some(Spanned::new(if is_value { ExpectedFigure::Value(figure) } else { ExpectedFigure::Above(figure) }, span))
}

fn row(b: &mut Builder<'_>, pair: Pair<'_, Rule>) -> Option<Expect> {
    let mut kids = Kids::of(pair);
    let id = row_id(b, kids.find(Rule::row_id)?)?;
    let mut said = Kids::of(kids.find(Rule::outcome)?);
    let outcome = match said.next()?.as_rule() {
        Rule::k_met => Outcome::Met,
        Rule::k_counted => Outcome::Counted,
        Rule::k_unmet => Outcome::Unmet,
        Rule::k_undetermined => Outcome::Undetermined,
        Rule::k_excluded => Outcome::Excluded(match said.maybe(Rule::text) {
            Some(pair) => Some(word::text(b, pair)?),
            None => None,
        }),
        Rule::k_unsure => Outcome::Unsure,
        _ => Outcome::NotCounted,
    };
    let held_by = match kids.maybe(Rule::held_by) {
        Some(pair) => Some(row_id(b, Kids::of(pair).find(Rule::row_id)?)?),
        None => None,
    };
    Some(Expect::Row { id, outcome, held_by })
}

fn row_id(b: &mut Builder<'_>, pair: Pair<'_, Rule>) -> Option<Spanned<String>> {
    let id = Kids::of(pair).next()?;
    if id.as_rule() == Rule::text {
        return word::text(b, id);
    }
    Some(Spanned::new(id.as_str().to_owned(), b.span(&id)))
}
