//! Conditions and values.

use super::{Builder, Kids, Rule, amount, quantified, relation, word};
use crate::diag::{Diagnostic, code};
use crate::source::{Span, Spanned};
use crate::syntax::ast::{CompareOp, Expr, ExprKind, InSet, Path, Relation, Sign, Unit};
use crate::syntax::first_typed::OVER;
use crate::syntax::scan::{DEEPEST, too_deep};
use pest::iterators::Pair;

/// The one expression inside `pair`.
pub(super) fn inside(b: &mut Builder<'_>, pair: Pair<'_, Rule>) -> Option<Expr> {
    expr(b, Kids::of(pair).find(Rule::expr)?)
}

/// `a and b or not c`.
pub(super) fn expr(b: &mut Builder<'_>, pair: Pair<'_, Rule>) -> Option<Expr> {
    let span = b.span(&pair);
    deeper(b, 1, span, |b| {
        let mut alternatives = Vec::new();
        let mut together = Vec::new();
        let mut negations = Vec::new();
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::negation => negations.push(negation(b, part)),
                Rule::connective => {
                    if is_or(b, part) {
                        alternatives.push(joined(std::mem::take(&mut together), ExprKind::And)?);
                    }
                }
                _ => {
                    let at = b.span(&part);
                    let inner = deeper(b, negations.len(), at, |b| predicate(b, part))?;
                    together.push(negations.drain(..).rev().fold(inner, negated));
                }
            }
        }
        alternatives.push(joined(together, ExprKind::And)?);
        joined(alternatives, ExprKind::Or)
    })
}

/// Builds something `levels` further inside, when that is not too deep for the stages to come.
fn deeper<'a, T>(
    b: &mut Builder<'a>,
    levels: usize,
    span: Span,
    build: impl FnOnce(&mut Builder<'a>) -> Option<T>,
) -> Option<T> {
    if b.depth + levels > DEEPEST {
        b.found.push(too_deep(Span { end: span.end.min(span.start + 20), ..span }));
        return None;
    }
    b.depth += levels;
    let built = build(b);
    b.depth -= levels;
    built
}

fn joined(mut all: Vec<Expr>, join: impl FnOnce(Vec<Expr>) -> ExprKind) -> Option<Expr> {
    let (first, last) = (all.first()?.span, all.last()?.span);
    if all.len() == 1 {
        return all.pop();
    }
    Some(Expr { kind: join(all), span: first.to(last) })
}

fn negated(inner: Expr, sign: Span) -> Expr {
    let span = sign.to(inner.span);
    Expr { kind: ExprKind::Not(Box::new(inner)), span }
}

fn negation(b: &mut Builder<'_>, pair: Pair<'_, Rule>) -> Span {
    let span = b.span(&pair);
    if Kids::of(pair).has(Rule::wrong_not) {
        b.foreign(span, "not");
    }
    span
}

fn is_or(b: &mut Builder<'_>, pair: Pair<'_, Rule>) -> bool {
    let span = b.span(&pair);
    let (or, word) = match Kids::of(pair).peek() {
        Some(Rule::k_or) => return true,
        Some(Rule::wrong_or) => (true, "or"),
        Some(Rule::wrong_and) => (false, "and"),
        _ => return false,
    };
    b.foreign(span, word);
    or
}

fn predicate(b: &mut Builder<'_>, pair: Pair<'_, Rule>) -> Option<Expr> {
    let span = b.span(&pair);
    let mut kids = Kids::of(pair);
    let first = kids.next()?;
    let kind = match first.as_rule() {
        Rule::quantified => ExprKind::Quantified(Box::new(quantified::quantified(b, first)?)),
        Rule::relation => ExprKind::Relation { row: None, relation: Box::new(relation::relation(b, first)?) },
        Rule::keeps => ExprKind::KeepsRules(None),
        Rule::elsewhere => ExprKind::Elsewhere(Box::new(value(b, Kids::of(first).find(Rule::value)?)?)),
        _ => {
            let value = value(b, first)?;
            match kids.next() {
                Some(tail) => with_tail(b, value, Kids::of(tail).next()?, span)?,
                None => return Some(value),
            }
        }
    };
    Some(Expr { kind, span })
}

/// What follows a value and makes it a condition.
fn with_tail(b: &mut Builder<'_>, value: Expr, tail: Pair<'_, Rule>, whole: Span) -> Option<ExprKind> {
    let span = b.span(&tail);
    match tail.as_rule() {
        Rule::comparison => comparison(b, value, tail),
        Rule::in_ => {
            let mut kids = Kids::of(tail);
            let negated = kids.has(Rule::k_not);
            kids.find(Rule::k_in)?;
            let set = match kids.next()? {
                list if list.as_rule() == Rule::value_list => listed(b, list)?,
                path => InSet::Named(word::path(b, path)),
            };
            Some(ExprKind::In { value: Box::new(value), set, negated })
        }
        Rule::is => is(b, value, tail),
        Rule::keeps => Some(ExprKind::KeepsRules(Some(row_before(b, value, span, "keeps all rules")?))),
        Rule::relation => {
            let relation = relation::relation(b, tail)?;
            let word = match &relation {
                Relation::OpenOn(_) => "open on",
                Relation::Overlapping(_) => "overlapping",
                Relation::Covering(_) => "covering",
            };
            let row = row_before(b, value, span, word)?;
            Some(ExprKind::Relation { row: Some(row), relation: Box::new(relation) })
        }
        Rule::between => {
            let name = b.text_of(value.span).to_owned();
            let parts: Vec<_> = Kids::of(tail).all(Rule::value).map(|p| p.as_str().trim_end().to_owned()).collect();
            let [low, high] = parts.as_slice() else { return None };
            let help = format!(
                "write `{name} on or after {low} and {name} on or before {high}` for days, `{name} >= {low} and {name} <= {high}` for numbers"
            );
            b.report(code::SQL_FORM, span, "`between` does not say whether its ends belong to it", help);
            None
        }
        Rule::like => {
            let help = "name the words that are meant, as in `setting in { relative, shelter }`";
            b.report(code::SQL_FORM, whole, "there are no text patterns here", help);
            None
        }
        _ => None,
    }
}

/// `{ a, b }`, `{ "a", "b" }`.
fn listed(b: &mut Builder<'_>, list: Pair<'_, Rule>) -> Option<InSet> {
    let is_item = |p: &Pair<'_, Rule>| matches!(p.as_rule(), Rule::date | Rule::amount | Rule::text | Rule::name);
    let items: Vec<_> = list.clone().into_inner().filter(is_item).collect();
    if items.iter().all(|item| item.as_rule() == Rule::name) {
        return Some(InSet::Codes(word::code_list(b, list)));
    }
    let values = items.into_iter().map(|item| match item.as_rule() {
        Rule::name => {
            let name = word::name(b, &item);
            Some(Expr { span: name.span, kind: ExprKind::Path(vec![name]) })
        }
        _ => operand(b, item),
    });
    Some(InSet::Values(values.collect::<Option<_>>()?))
}

/// The row that stands before `open on` and its like: a path.
fn row_before(b: &mut Builder<'_>, value: Expr, span: Span, word: &str) -> Option<Path> {
    if let ExprKind::Path(names) = value.kind {
        return Some(Spanned::new(names, value.span));
    }
    b.report(
        code::SYNTAX,
        value.span.to(span),
        format!("`{word}` asks about a row, and this is a value"),
        format!("write the name of a row before `{word}`, or nothing for the current row"),
    );
    None
}

fn comparison(b: &mut Builder<'_>, left: Expr, tail: Pair<'_, Rule>) -> Option<ExprKind> {
    let mut kids = Kids::of(tail);
    let sign = kids.find(Rule::compare_op)?;
    let op = compare_op(b, sign)?;
    let right = value(b, kids.find(Rule::value)?)?;
    if is_null(&right) {
        let known = op.value == CompareOp::NotEqual;
        let help = format!("write `{} is {}`", b.text_of(left.span), if known { "known" } else { "missing" });
        b.report(code::SQL_FORM, op.span.to(right.span), "a missing value cannot be compared", help);
        return Some(ExprKind::Missing { value: Box::new(left), known });
    }
    Some(ExprKind::Compare { op, left: Box::new(left), right: Box::new(right) })
}

fn is_null(e: &Expr) -> bool {
    matches!(&e.kind, ExprKind::Path(names) if matches!(names.as_slice(), [one] if one.value.eq_ignore_ascii_case("null")))
}

pub(super) fn compare_op(b: &mut Builder<'_>, pair: Pair<'_, Rule>) -> Option<Spanned<CompareOp>> {
    let span = b.span(&pair);
    let written = pair.as_str().trim_end().to_owned();
    let rule = Kids::of(pair).next()?.as_rule();
    let (op, instead) = match rule {
        Rule::equal => (CompareOp::Equal, None),
        Rule::not_equal => (CompareOp::NotEqual, None),
        Rule::less => (CompareOp::Less, None),
        Rule::less_equal => (CompareOp::LessEqual, None),
        Rule::greater => (CompareOp::Greater, None),
        Rule::greater_equal => (CompareOp::GreaterEqual, None),
        Rule::k_before => (CompareOp::Before, None),
        Rule::k_after => (CompareOp::After, None),
        Rule::on_or_before => (CompareOp::OnOrBefore, None),
        Rule::on_or_after => (CompareOp::OnOrAfter, None),
        Rule::wrong_equal => (CompareOp::Equal, Some("=")),
        Rule::wrong_not_equal => (CompareOp::NotEqual, Some("!=")),
        Rule::wrong_sign => match written.as_str() {
            "≠" => (CompareOp::NotEqual, Some("!=")),
            "≤" | "=<" => (CompareOp::LessEqual, Some("<=")),
            _ => (CompareOp::GreaterEqual, Some(">=")),
        },
        _ => return None,
    };
    if let Some(instead) = instead {
        b.foreign(span, instead);
    }
    Some(Spanned::new(op, span))
}

/// `is missing`, `is known`, `is substantiated`.
fn is(b: &mut Builder<'_>, value: Expr, tail: Pair<'_, Rule>) -> Option<ExprKind> {
    let span = b.span(&tail);
    let mut kids = Kids::of(tail);
    kids.find(Rule::k_is)?;
    let not = kids.has(Rule::k_not);
    let name = word::name(b, &kids.find(Rule::name)?);
    let subject = b.text_of(value.span).to_owned();
    let missing = |known: bool| Some(ExprKind::Missing { value: Box::new(value.clone()), known });
    match (name.value.to_lowercase().as_str(), not) {
        ("missing", false) => missing(false),
        ("known", false) => missing(true),
        ("missing" | "known" | "null" | "empty" | "blank", _) => {
            let known = not != (name.value == "known");
            let instead = if known { "is known" } else { "is missing" };
            let message = format!("`{}` is not written here", b.text_of(span));
            let found = Diagnostic::new(code::SQL_FORM, span, message);
            b.found.push(found.help(format!("write `{subject} {instead}`")).fix(span, instead));
            missing(known)
        }
        (_, true) => {
            let help = format!("write `not ({subject} is {})`", name.value);
            b.report(code::SQL_FORM, span, "`is not` is not written here", help);
            None
        }
        (_, false) => {
            if let ExprKind::Path(names) = value.kind {
                let row = Spanned::new(names, value.span);
                return Some(ExprKind::IsRows { row, rows: name });
            }
            let help = "write the name of a row before `is`, or `=` to compare two values";
            b.report(code::SYNTAX, span, format!("`is {}` asks about a row, and this is a value", name.value), help);
            None
        }
    }
}

/// `exited_on + 12 months - 1 day`, `a + 2 * b`; the first signs are the innermost, and `*` comes
/// before the others.
pub(super) fn value(b: &mut Builder<'_>, pair: Pair<'_, Rule>) -> Option<Expr> {
    let span = b.span(&pair);
    let mut parts: Vec<_> = pair.into_inner().collect();
    if parts.len() == 1 {
        return operand(b, parts.pop()?);
    }
    let signs = parts.iter().filter(|p| p.as_rule() == Rule::sign).count();
    deeper(b, signs, span, |b| {
        let mut parts = parts.into_iter();
        let mut sum: Option<(Expr, Sign)> = None;
        let mut product = operand(b, parts.next()?)?;
        while let (Some(written), Some(right)) = (parts.next(), parts.next()) {
            let sign = sign(b, written)?;
            let right = operand(b, right)?;
            if sign == Sign::Times {
                product = reckoned(sign, product, right);
            } else {
                sum = Some((added(sum, product), sign));
                product = right;
            }
        }
        Some(added(sum, product))
    })
}

fn sign(b: &mut Builder<'_>, pair: Pair<'_, Rule>) -> Option<Sign> {
    let span = b.span(&pair);
    match Kids::of(pair).next()?.as_rule() {
        Rule::s_plus => Some(Sign::Plus),
        Rule::s_minus => Some(Sign::Minus),
        Rule::s_times => Some(Sign::Times),
        _ => {
            b.report(code::STRANGE_CHARACTER, span, "`/` has no meaning here", OVER);
            None
        }
    }
}

fn added(sum: Option<(Expr, Sign)>, product: Expr) -> Expr {
    match sum {
        Some((sum, sign)) => reckoned(sign, sum, product),
        None => product,
    }
}

fn reckoned(sign: Sign, left: Expr, right: Expr) -> Expr {
    let span = left.span.to(right.span);
    Expr { kind: ExprKind::Arithmetic { sign, left: Box::new(left), right: Box::new(right) }, span }
}

/// `if C then A else B`.
fn if_else(b: &mut Builder<'_>, pair: Pair<'_, Rule>) -> Option<ExprKind> {
    let span = b.span(&pair);
    let kids = Kids::of(pair);
    let parts: Vec<_> = kids.all(Rule::expr).collect();
    deeper(b, 1, span, |b| {
        let parts: Vec<Option<Expr>> = parts.into_iter().map(|part| expr(b, part)).collect();
        let parts: Vec<Expr> = parts.into_iter().collect::<Option<_>>()?;
        let [condition, then, otherwise] = parts.try_into().ok()?;
        Some(ExprKind::IfElse { condition: Box::new(condition), then: Box::new(then), otherwise: Box::new(otherwise) })
    })
}

/// A whole number, or one with a point.
fn number_kind(b: &mut Builder<'_>, number: &Pair<'_, Rule>) -> Option<ExprKind> {
    match number.as_str().contains('.') {
        true => amount::written(b, number).map(|number| ExprKind::Decimal(number.value)),
        false => amount::whole(b, number).map(|number| ExprKind::Int(number.value)),
    }
}

fn operand(b: &mut Builder<'_>, pair: Pair<'_, Rule>) -> Option<Expr> {
    let span = b.span(&pair);
    let kind = match pair.as_rule() {
        Rule::paren => return inside(b, pair),
        Rule::path => path(b, pair),
        Rule::at_day => ExprKind::Path(vec![Spanned::new("at".to_owned(), span)]),
        Rule::date => ExprKind::Date(amount::date(b, &pair)?.value),
        Rule::text => ExprKind::Text(word::text(b, pair)?.value),
        Rule::amount => {
            let mut kids = Kids::of(pair.clone());
            let number = kids.find(Rule::number)?;
            if kids.peek().is_some() {
                ExprKind::Duration(amount::duration(b, pair)?.value)
            } else {
                number_kind(b, &number)?
            }
        }
        Rule::day_of => {
            let mut kids = Kids::of(pair);
            let name = word::name(b, &kids.find(Rule::day_word)?);
            kids.find(Rule::k_of)?;
            let inner = kids.next()?;
            ExprKind::OfCall { name, args: vec![deeper(b, 1, span, |b| operand(b, inner))?], on: None }
        }
        Rule::of_call => {
            let (call, mut kids) = (pair.clone(), Kids::of(pair));
            let mut name = word::name(b, &kids.find(Rule::of_name)?);
            if name.value.ends_with("known") && name.value.starts_with("first") {
                name.value = "first known".to_owned();
            }
            let on = call.into_inner().find(|p| p.as_rule() == Rule::wrong_on);
            let args = deeper(b, 1, span, |b| kids.all(Rule::value).map(|p| value(b, p)).collect::<Option<Vec<_>>>())?;
            let on = on.and_then(|on| deeper(b, 1, span, |b| value(b, Kids::of(on).all(Rule::value).next()?)));
            ExprKind::OfCall { name, args, on: on.map(Box::new) }
        }
        Rule::from_to => from_to(b, pair)?,
        Rule::beside => ExprKind::Beside(Box::new(quantified::beside(b, pair)?)),
        Rule::if_else => if_else(b, pair)?,
        Rule::days_in => ExprKind::DaysInWindow,
        Rule::among | Rule::days_among => {
            ExprKind::Quantified(Box::new(deeper(b, 1, span, |b| quantified::among(b, pair))?))
        }
        _ => return None,
    };
    Some(Expr { kind, span })
}

fn path(b: &Builder<'_>, pair: Pair<'_, Rule>) -> ExprKind {
    match pair.as_str() {
        "true" => ExprKind::Bool(true),
        "false" => ExprKind::Bool(false),
        _ => ExprKind::Path(word::path(b, pair).value),
    }
}

/// `days from a to b`.
fn from_to(b: &mut Builder<'_>, pair: Pair<'_, Rule>) -> Option<ExprKind> {
    let span = b.span(&pair);
    let mut kids = Kids::of(pair);
    let written = kids.find(Rule::from_unit)?;
    let unit = Spanned::new(amount::unit(&written)?, b.span(&written));
    let from = kids.find(Rule::value)?;
    kids.find(Rule::k_to)?;
    let to = kids.find(Rule::value)?;
    let among = kids.maybe(Rule::k_among).is_some();
    deeper(b, 1, span, |b| {
        let (from, to) = (value(b, from)?, value(b, to)?);
        if !among {
            return Some(ExprKind::FromTo { unit, from: Box::new(from), to: Box::new(to) });
        }
        if unit.value != Unit::Days {
            let help = "write `days from A to B among ...`: other units are counted between two days";
            b.report(code::UNIT_MISMATCH, unit.span, "of several stays together, days are counted", help);
            return None;
        }
        let rows = kids.find(Rule::quantified_of)?;
        Some(ExprKind::Quantified(Box::new(quantified::days_from_to(b, from, to, rows)?)))
    })
}
