//! Goes on after a mistake inside a declaration: the clauses of an indicator and the lines of a
//! test are read one by one, so that two of them that are wrong give two findings.

use super::build::{self, Builder};
use super::grammar::{self, Rule};
use super::scan::Declaration;
use super::tokens::{Kind, Token};
use super::{File, ast::Name, failure, vocabulary};
use crate::diag::{Diagnostics, suggest};
use crate::source::{Span, Spanned};
use std::ops::Range;

/// Declarations with braces: the rules of their heads and of what stands between the braces.
const PARTS: [(Rule, Rule, Rule); 5] = [
    (Rule::indicator, Rule::indicator_head, Rule::clauses),
    (Rule::table, Rule::table_head, Rule::members),
    (Rule::scorecard, Rule::scorecard_head, Rule::scorecard_rows),
    (Rule::plan, Rule::plan_head, Rule::plan_lines),
    (Rule::test, Rule::test_head, Rule::test_lines),
];

/// The name a declaration gives, when it can be told.
pub(super) fn name_of(file: File<'_>, declaration: &Declaration) -> Option<Name> {
    let word = declaration.word_in(file.text);
    if word == "test" || suggest::nearest(word, vocabulary::declarations()).is_none() {
        return None;
    }
    let name = file.tokens.list.get(declaration.tokens.clone())?.get(1)?;
    (name.kind == Kind::Word && !name.first).then(|| {
        let Range { start, end } = name.range;
        Spanned::new(file.text_of(name).to_owned(), Span::new(file.id, start, end))
    })
}

/// Reports what is wrong in a declaration that could not be read as a whole.
pub(super) fn mistakes(file: File<'_>, declaration: &Declaration, rule: Rule, found: &mut Diagnostics) {
    let (before, _) = found.counts();
    let mut faults = declaration.faults.clone();
    faults.sort_unstable();
    for (part, rule) in parts(file, declaration, rule) {
        if found.counts().0 >= super::MOST_MISTAKES {
            return;
        }
        let next = faults.get(faults.partition_point(|at| *at < part.start));
        if next.is_none_or(|at| *at >= part.end) {
            check(file, &part, rule, found);
        }
    }
    let (after, _) = found.counts();
    if after == before && declaration.faults.is_empty() {
        check(file, &declaration.range, rule, found);
    }
}

/// The head of a declaration with braces and what stands between them, line by line, each with the
/// rule that reads it.
fn parts(file: File<'_>, declaration: &Declaration, rule: Rule) -> Vec<(Range<usize>, Rule)> {
    let Some((_, head, lines)) = PARTS.iter().find(|(whole, ..)| *whole == rule) else { return Vec::new() };
    let Some((brace, inside)) = body(file, declaration) else { return Vec::new() };
    let end = file.tokens.list.get(inside.end).map_or(declaration.range.end, |t| t.range.start);
    let starts: Vec<_> = starts(file, &inside, rule).into_iter().map(|(_, start)| start).collect();
    let ends = starts.iter().skip(1).copied().chain([end]);
    let head = (declaration.range.start..brace, *head);
    let lines = starts.iter().zip(ends).map(|(start, end)| (*start..end.min(declaration.range.end), *lines));
    std::iter::once(head).chain(lines).collect()
}

/// The rule that reads what stands between the braces of a declaration, if it has any.
pub(super) fn rule_of_lines(rule: Rule) -> Option<Rule> {
    PARTS.iter().find(|(whole, ..)| *whole == rule).map(|(_, _, lines)| *lines)
}

/// Where the parts between the braces begin, as places in the list of tokens.
pub(super) fn part_starts(file: File<'_>, declaration: &Declaration, rule: Rule) -> Vec<usize> {
    let inside = body(file, declaration).filter(|_| PARTS.iter().any(|(whole, ..)| *whole == rule));
    let starts = inside.map_or_else(Vec::new, |(_, inside)| starts(file, &inside, rule));
    starts.into_iter().map(|(at, _)| at).collect()
}

/// One past the brace that opens the declaration, and the tokens between the braces.
fn body(file: File<'_>, declaration: &Declaration) -> Option<(usize, Range<usize>)> {
    let tokens = &declaration.tokens;
    let list = file.tokens.list.get(tokens.clone())?;
    let brace = list.iter().position(|t| file.text_of(t) == "{")?;
    // The last brace may be that of a standard, when the one of the declaration is missing.
    let open = declaration.faults.contains(&list.get(brace)?.range.start);
    let closed = !open && list.last().is_some_and(|t| file.text_of(t) == "}");
    let inside = tokens.start + brace + 1..tokens.end - usize::from(closed);
    Some((list.get(brace)?.range.end, inside))
}

/// Where the parts of the body begin, as places in the list of tokens and in the text: each on a
/// line that begins with one of the words, or is indented as little as the first.
fn starts(file: File<'_>, inside: &Range<usize>, rule: Rule) -> Vec<(usize, usize)> {
    let mut starts = Vec::new();
    let mut deepest = None;
    for (at, token) in inside.clone().filter_map(|at| Some((at, file.tokens.list.get(at)?))) {
        // What stands on the line of the brace is a part as well.
        let mut begins = at == inside.start;
        if token.first {
            let indent = token.range.start - token.line;
            let outer = indent <= *deepest.get_or_insert(indent);
            begins |= begins_part(file, at, token, outer, rule);
        }
        if begins {
            starts.push((at, token.range.start));
        }
    }
    starts
}

fn begins_part(file: File<'_>, at: usize, token: &Token, outer: bool, rule: Rule) -> bool {
    if rule == Rule::test {
        // A drawn row belongs to the head line above it.
        return token.kind != Kind::Row;
    }
    let word = if token.kind == Kind::Word { file.text_of(token) } else { "" };
    let next = file.tokens.list.get(at + 1).filter(|t| !t.first).map_or("", |t| file.text_of(t));
    let stands = word == "as" && next == "it";
    let text = next.starts_with('"');
    let goes_on = text || next.starts_with(['.', '=', '<', '>', '!', ')', '+', '-', ',']);
    let clause = rule == Rule::indicator && (stands || vocabulary::begins_clause(word) && (text || !goes_on));
    clause || (outer && !word.is_empty() && (rule != Rule::indicator || !(goes_on || vocabulary::goes_on(word))))
}

/// Reads one part for its mistakes.
fn check(file: File<'_>, part: &Range<usize>, rule: Rule, found: &mut Diagnostics) {
    let Some(read) = file.text.get(part.clone()) else { return };
    match grammar::read(rule, read) {
        Err(error) => found.push(failure::unexpected(file, part.start, &error)),
        Ok(pair) => {
            let mut builder = Builder::new(file.id, part.start, file.text);
            build::check_part(&mut builder, pair);
            found.extend(builder.found);
        }
    }
}
