//! Tables of the model.

use super::{Builder, Kids, Rule, expr, word};
use crate::syntax::ast::{ColumnType, Member, Name, Table, Text};
use pest::iterators::Pair;

pub(super) fn table(b: &mut Builder<'_>, pair: Pair<'_, Rule>) -> Option<Table> {
    let span = b.span(&pair);
    let mut kids = Kids::of(pair);
    let name = word::name(b, &kids.find(Rule::name)?);
    let title = kids.maybe(Rule::text).and_then(|p| word::text(b, p));
    let file = kids.maybe(Rule::file).and_then(|p| from(b, p));
    let members = kids.all(Rule::member).filter_map(|p| member(b, p)).collect();
    Some(Table { name, title, file, members, span })
}

/// `from "NAME"`.
fn from(b: &mut Builder<'_>, pair: Pair<'_, Rule>) -> Option<Text> {
    Kids::of(pair).find(Rule::text).and_then(|p| word::text(b, p))
}

fn member(b: &mut Builder<'_>, pair: Pair<'_, Rule>) -> Option<Member> {
    let span = b.span(&pair);
    let mut kids = Kids::of(pair);
    let first = kids.next()?;
    if first.as_rule() == Rule::spans {
        let mut ends = word::names(b, Kids::of(first)).into_iter();
        return Some(Member::Spans { from: ends.next()?, until: ends.next()?, span });
    }
    let name = word::name(b, &first);
    let rest = kids.next()?;
    match rest.as_rule() {
        Rule::key => {
            let from = Kids::of(rest).find(Rule::file).and_then(|p| from(b, p));
            Some(Member::Key { name, from })
        }
        Rule::link => link(b, name, rest),
        Rule::back => {
            let mut names = word::names(b, Kids::of(rest)).into_iter();
            Some(Member::Back { name, table: names.next()?, via: names.next() })
        }
        Rule::derived => Some(Member::Derived { name, value: expr::inside(b, rest)? }),
        Rule::column => column(b, name, rest),
        _ => None,
    }
}

fn link(b: &mut Builder<'_>, name: Name, pair: Pair<'_, Rule>) -> Option<Member> {
    let mut kids = Kids::of(pair);
    let target = word::name(b, &kids.find(Rule::name)?);
    let optional = kids.has(Rule::s_maybe);
    let through = match kids.maybe(Rule::through) {
        Some(pair) => Some(word::name(b, &Kids::of(pair).find(Rule::name)?)),
        None => None,
    };
    let from = kids.maybe(Rule::file).and_then(|p| from(b, p));
    Some(Member::Link { name, target, optional, through, from })
}

fn column(b: &mut Builder<'_>, name: Name, pair: Pair<'_, Rule>) -> Option<Member> {
    let mut kids = Kids::of(pair);
    let ty = match kids.next()? {
        list if list.as_rule() == Rule::code_list => ColumnType::Codes(word::code_list(b, list)),
        named => ColumnType::Named(word::name(b, &named)),
    };
    let optional = kids.has(Rule::s_maybe);
    let from = kids.maybe(Rule::file).and_then(|p| from(b, p));
    Some(Member::Column { name, ty, optional, from })
}
