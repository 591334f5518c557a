//! Goes on after a mistake inside a declaration: the clauses of an indicator and the lines of a
//! test are read one by one, so that two of them that are wrong give two findings.

use super::build::{self, Builder};
use super::grammar::{self, Rule};
use super::lexeme::{self, CLAUSES, DECLARATIONS};
use super::scan::{Declaration, is_drawn_line};
use super::{ast::Name, failure};
use crate::diag::{Diagnostics, suggest};
use crate::source::{FileId, Span, Spanned};
use std::ops::Range;

/// Declarations with braces: the rules of their heads and of what stands between the braces.
const PARTS: [(Rule, Rule, Rule); 4] = [
    (Rule::indicator, Rule::indicator_head, Rule::clauses),
    (Rule::table, Rule::table_head, Rule::members),
    (Rule::scorecard, Rule::scorecard_head, Rule::scorecard_rows),
    (Rule::test, Rule::test_head, Rule::test_lines),
];

/// Words that go on with a clause when they begin a line, however little it is indented.
const GO_ON: [&str; 20] = [
    "and", "or", "not", "where", "have", "in", "is", "as", "of", "by", "at", "before", "after", "on", "open", "some",
    "no", "all", "among", "yellow",
];

/// The name a declaration gives, when it can be told.
pub(super) fn name_of(text: &str, file: FileId, declaration: &Declaration) -> Option<Name> {
    let word = declaration.word_in(text);
    if word == "test" || suggest::nearest(word, DECLARATIONS).is_none() {
        return None;
    }
    let start = lexeme::after_blanks(text, declaration.word.end, false);
    let name = lexeme::word_at(text, start);
    (!name.is_empty() && declaration.range.contains(&start))
        .then(|| Spanned::new(name.to_owned(), Span::new(file, start, start + name.len())))
}

/// Reports what is wrong in a declaration that could not be read as a whole.
pub(super) fn mistakes(text: &str, file: FileId, declaration: &Declaration, rule: Rule, found: &mut Diagnostics) {
    let (before, _) = found.counts();
    let parts = PARTS.iter().find(|(whole, ..)| *whole == rule).map(|(_, head, lines)| (*head, *lines));
    let brace = parts.and_then(|_| head_end(text, &declaration.range));
    if let (Some((head, lines)), Some(brace)) = (parts, brace) {
        let mut parts = vec![(declaration.range.start..brace, head)];
        parts.extend(starts(text, brace, &declaration.range, rule).into_iter().map(|part| (part, lines)));
        let mut faults = declaration.faults.clone();
        faults.sort_unstable();
        for (part, rule) in parts {
            if found.counts().0 >= super::MOST_MISTAKES {
                return;
            }
            let next = faults.get(faults.partition_point(|at| *at < part.start));
            if next.is_none_or(|at| *at >= part.end) {
                check(text, file, &part, rule, found);
            }
        }
    }
    let (after, _) = found.counts();
    if after == before && declaration.faults.is_empty() {
        check(text, file, &declaration.range, rule, found);
    }
}

/// Reads one part for its mistakes.
fn check(text: &str, file: FileId, part: &Range<usize>, rule: Rule, found: &mut Diagnostics) {
    let Some(read) = text.get(part.clone()) else { return };
    match grammar::read(rule, read) {
        Err(error) => found.push(failure::unexpected(text, file, part.start, &error)),
        Ok(pair) => {
            let mut builder = Builder::new(file, part.start, text);
            build::check_part(&mut builder, pair);
            found.extend(builder.found);
        }
    }
}

/// One past the brace that opens the declaration.
fn head_end(text: &str, range: &Range<usize>) -> Option<usize> {
    let mut at = range.start;
    while at < range.end {
        if text.as_bytes().get(at) == Some(&b'{') {
            return Some(at + 1);
        }
        at = lexeme::step(text, at);
    }
    None
}

/// The parts of the body: each begins on a line that begins with one of the words, or is indented
/// as little as the first.
fn starts(text: &str, brace: usize, range: &Range<usize>, rule: Rule) -> Vec<Range<usize>> {
    let body = text.get(brace..range.end).unwrap_or_default();
    let end = brace + body.trim_end().strip_suffix('}').unwrap_or(body).len();
    let mut starts: Vec<usize> = Vec::new();
    let mut deepest = None;
    let (mut at, mut line) = (brace, None);
    while at < end {
        let start = lexeme::after_blanks(text, at, false);
        let byte = text.as_bytes().get(start).copied().unwrap_or(b'\n');
        if let Some(line) = line.take().filter(|_| start < end && byte != b'\n' && byte != b'#') {
            let indent = start - line;
            let outer = indent <= *deepest.get_or_insert(indent);
            if begins_part(text, start, outer, rule) {
                starts.push(start);
            }
        }
        at = match byte {
            b'\n' => {
                line = Some(start + 1);
                start + 1
            }
            _ if rule == Rule::test && is_drawn_line(text, start) => lexeme::line_end(text, start),
            _ => lexeme::step(text, start),
        };
    }
    // What stands on the line of the brace is a part as well.
    if starts.first().is_none_or(|first| !text.get(brace..*first).unwrap_or_default().trim().is_empty()) {
        starts.insert(0, brace);
    }
    let ends: Vec<usize> = starts.iter().skip(1).copied().chain([end]).collect();
    let parts = starts.into_iter().zip(ends).map(|(start, end)| start..end);
    parts.filter(|part| text.get(part.clone()).is_some_and(|t| !only_comments(t))).collect()
}

fn only_comments(text: &str) -> bool {
    text.lines().all(|line| line.trim().is_empty() || line.trim().starts_with('#'))
}

fn begins_part(text: &str, start: usize, outer: bool, rule: Rule) -> bool {
    let word = lexeme::word_at(text, start);
    let next = lexeme::after_blanks(text, start + word.len(), false);
    let next = text.as_bytes().get(next).copied().unwrap_or(b'\n');
    if rule == Rule::test {
        // A drawn row belongs to the head line above it.
        return next != b'|' || !word.is_empty();
    }
    let goes_on = matches!(next, b'.' | b'=' | b'<' | b'>' | b'!' | b')' | b'+' | b'-' | b',' | b'"');
    let stands = word == "as" && lexeme::word_at(text, lexeme::after_blanks(text, start + word.len(), false)) == "it";
    let clause = rule == Rule::indicator && (stands || CLAUSES.contains(&word) && (next == b'"' || !goes_on));
    clause || (outer && !word.is_empty() && (rule != Rule::indicator || !(goes_on || GO_ON.contains(&word))))
}
