//! Tables of the model.

use super::{Builder, Kids, Rule, amount, expr, word};
use crate::diag::code;
use crate::source::{Span, Spanned};
use crate::syntax::ast::{ColumnType, Joined, KnownWith, Member, Name, ReadAs, Spelled, Table, Text};
use crate::syntax::vocabulary;
use pest::iterators::Pair;

pub(super) fn table(b: &mut Builder<'_>, pair: Pair<'_, Rule>) -> Option<Table> {
    let span = b.span(&pair);
    let mut kids = Kids::of(pair);
    let name = word::name(b, &kids.find(Rule::name)?);
    let title = kids.maybe(Rule::text).and_then(|p| word::text(b, p));
    let words_of = match kids.maybe(Rule::words_of) {
        Some(pair) => {
            let mut names = word::names(b, Kids::of(pair)).into_iter();
            Some((names.next()?, names.next()?))
        }
        None => None,
    };
    let file = kids.maybe(Rule::file).and_then(|p| from(b, p));
    let sheet = kids.maybe(Rule::sheet).and_then(|p| from(b, p));
    let encoding = kids.maybe(Rule::encoding).and_then(|p| {
        let name = Kids::of(p).find(Rule::encoding_name)?;
        Some(Spanned::new(name.as_str().to_owned(), b.span(&name)))
    });
    let fed = !kids.has(Rule::not_fed);
    let distinct = kids.maybe(Rule::only_distinct).map(|p| b.span(&p));
    // Every column is built before any is given up, so that each mistake is reported.
    let members: Vec<_> = kids.all(Rule::member).map(|p| member(b, p)).collect();
    let members = members.into_iter().collect::<Option<_>>()?;
    Some(Table { name, title, file, sheet, encoding, fed, distinct, words_of, members, span })
}

/// `from "NAME"`, `sheet "NAME"`.
fn from(b: &mut Builder<'_>, pair: Pair<'_, Rule>) -> Option<Text> {
    Kids::of(pair).find(Rule::text).and_then(|p| word::text(b, p))
}

pub(super) fn member(b: &mut Builder<'_>, pair: Pair<'_, Rule>) -> Option<Member> {
    let span = b.span(&pair);
    let mut kids = Kids::of(pair);
    let first = kids.next()?;
    if first.as_rule() == Rule::spans {
        let through = Kids::of(first.clone()).find(Rule::k_through).is_some();
        let mut ends = word::names(b, Kids::of(first)).into_iter();
        return Some(Member::Spans { from: ends.next()?, until: ends.next()?, through, span });
    }
    if first.as_rule() == Rule::peers {
        let column = word::name(b, &Kids::of(first).find(Rule::name)?);
        return Some(Member::Peers { column, span });
    }
    if first.as_rule() == Rule::row_rule {
        let mut kids = Kids::of(first.clone());
        kids.has(Rule::k_rule);
        if let Some(wrong) = kids.maybe(Rule::wrong_rule) {
            let missing = if wrong.as_str().starts_with('"') { "name" } else { "text for people" };
            let help = "write `rule NAME \"TEXT\" CONDITION`, as in `rule in_order \"ends after it begins\" ended_on after began_on`";
            b.report(code::SYNTAX, b.span(&wrong), format!("this rule has no {missing}"), help);
            return None;
        }
        let name = word::name(b, &kids.find(Rule::name)?);
        let title = kids.find(Rule::text).and_then(|p| word::text(b, p));
        let condition = expr::inside(b, first);
        return Some(Member::Rule { name, title: title?, condition: condition? });
    }
    if first.as_rule() == Rule::attribute {
        let mut kids = Kids::of(first);
        let path = word::path(b, kids.find(Rule::path)?);
        let at = expr::value(b, kids.find(Rule::value)?)?;
        return Some(Member::Attribute { path, at, span });
    }
    if first.as_rule() == Rule::begins {
        let with_row = Kids::of(first.clone()).find(Rule::k_with).is_some();
        let column = word::name(b, &Kids::of(first).find(Rule::name)?);
        return Some(Member::Begins { column, with_row, span });
    }
    let name = word::name(b, &first);
    let rest = kids.next()?;
    match rest.as_rule() {
        Rule::key => {
            let mut kids = Kids::of(rest);
            kids.has(Rule::k_key);
            let read_as = read_as(b, &mut kids);
            let from = id_file(b, &name, &mut kids)?;
            Some(Member::Key { name, read_as, from })
        }
        Rule::link => link(b, name, rest),
        Rule::back => {
            let mut names = word::names(b, Kids::of(rest)).into_iter();
            Some(Member::Back { name, table: names.next()?, via: names.next() })
        }
        Rule::derived => Some(Member::Derived { name, value: expr::inside(b, rest)? }),
        Rule::column => column(b, name, rest),
        Rule::wrong_parts => {
            in_brackets(b, &name, rest);
            None
        }
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
    let known = kids.maybe(Rule::known).map(|p| known(b, p));
    let read_as = read_as(b, &mut kids);
    let from = id_file(b, &name, &mut kids)?;
    Some(Member::Link { name, target, optional, through, known, read_as, from })
}

/// `from "NAME"`, or `from "NAME" and "NAME"` of an id that is made of several columns.
fn id_file(b: &mut Builder<'_>, name: &Name, kids: &mut Kids<'_>) -> Option<Vec<Text>> {
    if let Some(wrong) = kids.maybe(Rule::wrong_parts) {
        in_brackets(b, name, wrong);
        return None;
    }
    let Some(pair) = kids.maybe(Rule::id_file) else { return Some(Vec::new()) };
    Kids::of(pair).all(Rule::text).map(|p| word::text(b, p)).collect()
}

/// `(OFFICE, CARRIER)`, where the columns of an id should be named.
fn in_brackets(b: &mut Builder<'_>, name: &Name, wrong: Pair<'_, Rule>) {
    let span = b.span(&wrong);
    let quoted: Vec<String> =
        word::names(b, Kids::of(wrong)).iter().map(|column| format!("\"{}\"", column.value)).collect();
    let message = "the columns that make up an id are not named in brackets";
    let name = if name.value == "key" { "NAME key " } else { "" };
    b.report(
        code::SYNTAX,
        span,
        message,
        format!("write their names in the file: `{name}from {}`", quoted.join(" and ")),
    );
}

/// `from TABLE.COLUMN`.
fn joined(b: &Builder<'_>, pair: Pair<'_, Rule>) -> Option<Joined> {
    let span = b.span(&pair);
    let mut names = word::names(b, Kids::of(pair)).into_iter();
    Some(Joined { table: names.next()?, column: names.next()?, span })
}

/// `known with DAY` or `known with the row`.
fn known(b: &Builder<'_>, pair: Pair<'_, Rule>) -> KnownWith {
    let span = b.span(&pair);
    KnownWith { day: Kids::of(pair).find(Rule::name).map(|p| word::name(b, &p)), span }
}

/// `trimmed, ignoring case, as whole number`.
fn read_as(b: &Builder<'_>, kids: &mut Kids<'_>) -> Vec<Spanned<ReadAs>> {
    let all = kids.maybe(Rule::read_as).into_iter().flat_map(|p| Kids::of(p).all(Rule::reading_of));
    let said = all.filter_map(|p| {
        let span = b.span(&p);
        let what = match Kids::of(p).next()?.as_rule() {
            Rule::k_trimmed => ReadAs::Trimmed,
            Rule::k_ignoring => ReadAs::IgnoringCase,
            _ => ReadAs::WholeNumber,
        };
        Some(Spanned::new(what, span))
    });
    said.collect()
}

/// `{ reunification "E4" "E4A", adoption, other otherwise }`.
fn spelled_list(b: &mut Builder<'_>, pair: Pair<'_, Rule>) -> Option<Vec<Spelled>> {
    let span = b.span(&pair);
    let words: Vec<Option<Spelled>> = Kids::of(pair).all(Rule::spelled).map(|p| spelled(b, p)).collect();
    if words.is_empty() {
        word::empty_list(b, span);
    }
    words.into_iter().collect()
}

fn spelled(b: &mut Builder<'_>, pair: Pair<'_, Rule>) -> Option<Spelled> {
    let mut kids = Kids::of(pair);
    let first = kids.next()?;
    if first.as_rule() != Rule::name {
        no_name(b, &first, kids.find(Rule::name).map(|word| word.as_str().to_owned()));
        return None;
    }
    let word = word::name(b, &first);
    let Some(spelling) = kids.maybe(Rule::spelling) else {
        return Some(Spelled { word, texts: Vec::new(), otherwise: None });
    };
    let otherwise = Kids::of(spelling.clone()).find(Rule::k_otherwise).map(|p| b.span(&p));
    let texts: Vec<_> = Kids::of(spelling).all(Rule::text).map(|p| word::as_written(b, p)).collect();
    Some(Spelled { word, texts: texts.into_iter().collect::<Option<_>>()?, otherwise })
}

/// What the file has in the place of a word: the word comes before it. `after` is the word that
/// stands behind it.
fn no_name(b: &mut Builder<'_>, pair: &Pair<'_, Rule>, after: Option<String>) {
    let (span, text) = (b.span(pair), pair.as_str().trim_matches(['"', '\'', ' ']));
    let message = format!("`{text}` is not a name");
    let name = after.unwrap_or_else(|| as_name(text));
    let mut help =
        format!("write a word that says what it means, and behind it what stands in the file: `{name} \"{text}\"`");
    if pair.as_rule() == Rule::text {
        help.push_str("; several spellings of one word stand behind it without commas");
    }
    b.report(code::SYNTAX, span, message, help);
}

/// A name that looks like a text of a file.
fn as_name(text: &str) -> String {
    let mut name = String::new();
    for c in text.chars().take(40) {
        match c {
            c if c.is_ascii_alphanumeric() => name.push(c.to_ascii_lowercase()),
            ' ' | '-' | '/' | '.' | '_' if !name.is_empty() && !name.ends_with('_') => name.push('_'),
            _ => {}
        }
    }
    let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic());
    let name = if is_name { name } else { format!("code_{name}") };
    name.trim_end_matches('_').to_owned()
}

fn column(b: &mut Builder<'_>, name: Name, pair: Pair<'_, Rule>) -> Option<Member> {
    let mut kids = Kids::of(pair);
    let (ty, mut spelled) = match kids.next()? {
        list if list.as_rule() == Rule::spelled_list => {
            let words = spelled_list(b, list)?;
            (ColumnType::Codes(words.iter().map(|word| word.word.clone()).collect()), words)
        }
        named if kids.peek() == Some(Rule::digits_of) => {
            let mut digits = Kids::of(kids.find(Rule::digits_of)?).all(Rule::number).map(|p| amount::whole(b, &p));
            let (all, after) = (digits.next(), digits.next());
            drop(digits);
            (ColumnType::Digits(word::name(b, &named), all??, after??), Vec::new())
        }
        named => {
            let words = kids.maybe(Rule::spelled_list).map_or(Some(Vec::new()), |list| spelled_list(b, list))?;
            (ColumnType::Named(word::name(b, &named)), words)
        }
    };
    if matches!(ty, ColumnType::Codes(_))
        && spelled.iter().all(|word| word.texts.is_empty() && word.otherwise.is_none())
    {
        spelled.clear();
    }
    // What stands on the next line is the next column, unless it can only be this one's type.
    if let ColumnType::Named(word) = &ty
        && !vocabulary::is_type(&word.value)
        && b.text_of(Span { start: name.span.end, end: word.span.start, ..name.span }).contains('\n')
    {
        let help = "write what it holds, as in `removed_on date`; the types are `date`, `timestamp`, `text`, `bool`, `int`, `days`, `months`, `years` and `{ a, b }`";
        b.report(code::SYNTAX, name.span, format!("`{}` has no type", name.value), help);
        return None;
    }
    let optional = kids.has(Rule::s_maybe);
    let not_yet = kids.maybe(Rule::not_yet).map(|p| b.span(&p));
    let known = kids.maybe(Rule::known).map(|p| known(b, p));
    let written = kids.maybe(Rule::written).map(|p| Kids::of(p).all(Rule::text).map(|p| word::text(b, p)).collect());
    let written = written.unwrap_or_else(|| Some(Vec::new()))?;
    let read_as = read_as(b, &mut kids);
    let from = kids.maybe(Rule::file).and_then(|p| from(b, p));
    let joined = kids.maybe(Rule::joined).and_then(|p| joined(b, p));
    Some(Member::Column { name, ty, spelled, optional, not_yet, known, written, read_as, from, joined })
}
