//! Plans.

use super::{Builder, Kids, Rule, amount, word};
use crate::diag::code;
use crate::source::Spanned;
use crate::syntax::ast::{Action, ExpectedPath, Plan, PlanLine};
use chrono::NaiveDate;
use pest::iterators::Pair;

pub(super) fn plan(b: &mut Builder<'_>, pair: Pair<'_, Rule>) -> Option<Plan> {
    let span = b.span(&pair);
    let mut kids = Kids::of(pair);
    let name = word::name(b, &kids.find(Rule::name)?);
    let indicator = word::name(b, &kids.find(Rule::name)?);
    let (before, _) = b.found.counts();
    let lines: Vec<_> = kids.all(Rule::plan_line).filter_map(|pair| line(b, pair)).collect();
    // A plan that lacks a line expects something else.
    let (after, _) = b.found.counts();
    (before == after).then_some(Plan { name, indicator, lines, span })
}

/// What one line says.
pub(super) fn line(b: &mut Builder<'_>, pair: Pair<'_, Rule>) -> Option<Spanned<PlanLine>> {
    let pair = Kids::of(pair).next()?;
    let (span, rule) = (b.span(&pair), pair.as_rule());
    let mut kids = Kids::of(pair);
    let line = match rule {
        Rule::plan_entity => {
            let level = word::name(b, &kids.find(Rule::name)?);
            let id = kids.maybe(Rule::text).map(|pair| word::text(b, pair));
            PlanLine::Entity { level, id: if let Some(id) = id { Some(id?) } else { None } }
        }
        Rule::since => PlanLine::Since(amount::date(b, &kids.find(Rule::date)?)?),
        Rule::because => PlanLine::Because(word::text(b, kids.find(Rule::text)?)?),
        Rule::expected_path => PlanLine::Expect(expected_path(b, kids)?),
        _ => PlanLine::Action(action(b, kids)?),
    };
    Some(Spanned::new(line, span))
}

fn expected_path(b: &mut Builder<'_>, mut kids: Kids<'_>) -> Option<ExpectedPath> {
    let from = amount::quantity(b, kids.find(Rule::quantity)?);
    let start = month(b, &kids.find(Rule::month)?);
    let to = amount::quantity(b, kids.find(Rule::quantity)?);
    let end = month(b, &kids.find(Rule::month)?);
    Some(ExpectedPath { from: from?, start: start?, to: to?, end: end? })
}

fn action(b: &mut Builder<'_>, mut kids: Kids<'_>) -> Option<Action> {
    let what = word::text(b, kids.find(Rule::text)?);
    let owner = word::text(b, kids.find(Rule::text)?);
    let due = amount::date(b, &kids.find(Rule::date)?);
    let done = kids.find(Rule::date).map(|pair| amount::date(b, &pair));
    Some(Action { what: what?, owner: owner?, due: due?, done: if let Some(done) = done { Some(done?) } else { None } })
}

/// `2026-02`, by its first day.
fn month(b: &mut Builder<'_>, pair: &Pair<'_, Rule>) -> Option<Spanned<NaiveDate>> {
    let (span, written) = (b.span(pair), pair.as_str());
    let parts = written.split_once('-').filter(|(year, month)| year.len() == 4 && month.len() == 2);
    let number = |text: &str| Some(text).filter(|text| text.bytes().all(|c| c.is_ascii_digit()))?.parse().ok();
    let Some((year, month)) = parts.and_then(|(year, month)| Some((number(year)?, number(month)?))) else {
        let help = "write the year with four digits and the month with two, as in `2026-02`";
        b.report(code::BAD_DATE, span, format!("`{written}` is not how a month is written"), help);
        return None;
    };
    let first = i32::try_from(year).ok().filter(|year| *year > 0).and_then(|y| NaiveDate::from_ymd_opt(y, month, 1));
    if first.is_none() {
        let help = "years go from 0001 to 9999, months from 01 to 12";
        b.report(code::BAD_DATE, span, format!("there is no month `{written}`"), help);
    }
    Some(Spanned::new(first?, span))
}
