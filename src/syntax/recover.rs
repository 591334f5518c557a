//! Goes on after a mistake inside a declaration: the clauses of an indicator and the lines of a test are read one by one,
//! so that two of them that are wrong give two findings.

use super::build::{self, Builder};
use super::grammar::{self, Rule};
use super::lexeme::{self, CLAUSES, Quoted};
use super::scan::{Declaration, is_drawn_line};
use super::{ast::Name, failure};
use crate::diag::Diagnostics;
use crate::source::{FileId, Span, Spanned};
use std::ops::Range;

/// The name a declaration gives, when it can be told.
pub(super) fn name_of(text: &str, file: FileId, declaration: &Declaration) -> Option<Name> {
    if declaration.word_in(text) == "test" {
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
    let parts = if rule == Rule::indicator {
        Some((Rule::indicator_head, Rule::clauses))
    } else if rule == Rule::test {
        Some((Rule::test_head, Rule::test_lines))
    } else {
        None
    };
    let brace = parts.and_then(|_| head_end(text, &declaration.range));
    if let (Some((head, lines)), Some(brace)) = (parts, brace) {
        let mut parts = vec![(declaration.range.start..brace, head)];
        parts.extend(starts(text, brace, &declaration.range, rule).into_iter().map(|part| (part, lines)));
        for (part, rule) in parts {
            if !declaration.faults.iter().any(|at| part.contains(at)) {
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
        match text.as_bytes().get(at)? {
            b'{' => return Some(at + 1),
            b'"' => at = past_text(text, at),
            b'#' => at = lexeme::line_end(text, at),
            _ => at += 1,
        }
    }
    None
}

fn past_text(text: &str, at: usize) -> usize {
    match lexeme::quoted(text, at) {
        Quoted::Closed(end) | Quoted::Open(end) => end,
    }
}

/// The parts of the body, each from a line that begins one to the next such line.
fn starts(text: &str, brace: usize, range: &Range<usize>, rule: Rule) -> Vec<Range<usize>> {
    let body = text.get(brace..range.end).unwrap_or_default();
    let closed = body.trim_end().strip_suffix('}').map_or(body, |rest| rest);
    let end = brace + closed.len();
    let mut starts: Vec<usize> = Vec::new();
    let mut at = brace;
    let mut fresh = true;
    while at < end {
        let start = lexeme::after_blanks(text, at, false);
        if fresh && start < end && begins_part(text, start, rule) {
            starts.push(start);
        }
        fresh = false;
        at = match text.as_bytes().get(start) {
            None => end,
            Some(b'\n') => {
                fresh = true;
                start + 1
            }
            Some(b'#') => lexeme::line_end(text, start),
            Some(b'"') => past_text(text, start),
            Some(_) if rule == Rule::test && is_drawn_line(text, start) => lexeme::line_end(text, start),
            Some(_) => lexeme::word_end(text, start).max(start + 1),
        };
    }
    // What stands before the first known word is a part as well.
    if starts.first().is_none_or(|first| !text.get(brace..*first).unwrap_or_default().trim().is_empty()) {
        starts.insert(0, brace);
    }
    let ends: Vec<usize> = starts.iter().skip(1).copied().chain([end]).collect();
    let parts = starts.into_iter().zip(ends).map(|(start, end)| start..end);
    parts.filter(|part| !text.get(part.clone()).unwrap_or_default().trim().is_empty()).collect()
}

fn begins_part(text: &str, start: usize, rule: Rule) -> bool {
    let word = lexeme::word_at(text, start);
    let next = lexeme::after_blanks(text, start + word.len(), false);
    let next = text.as_bytes().get(next).copied().unwrap_or(b'\n');
    if rule == Rule::test {
        return matches!(word, "expect" | "as") || (!word.is_empty() && next == b'|');
    }
    CLAUSES.contains(&word) && !matches!(next, b'.' | b'=' | b'<' | b'>' | b'!' | b')' | b'+' | b'-' | b',')
}
