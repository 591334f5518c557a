//! Which words can come next, by the grammar itself: each word of the vocabulary is put there, and
//! the parser is asked whether it reads on.
//!
//! Where a name can stand, every word can be one. A word is told from a name by what may follow it:
//! after `some` stands a row set, after a name a comparison.

use super::grammar::{self, Rule};
use super::heads;
use super::recover;
use super::tokens::{Kind, TriviaKind};
use super::tree::{Item, Part, PartKind, Tree};
use super::vocabulary::{self, Word};
use pest::error::{ErrorVariant, InputLocation};
use std::collections::BTreeMap;

/// What can come next.
#[derive(Debug, Clone, Default)]
pub struct Expected {
    /// Words of the language.
    pub words: Vec<&'static Word>,
    /// Whether a name can stand there.
    pub name: bool,
}

/// What is put behind a word to find out what it is: several words are words of the language only
/// before certain others.
fn behind(word: &str) -> &'static [&'static str] {
    match word {
        "domain" | "cohort" | "numerator" | "denominator" | "attribute" | "ever" | "by" | "with" => &["", " zq"],
        "on" => &["", " or before zq"],
        "or" => &["", " before zq"],
        "in" => &["", " window"],
        "known" => &["", " of zq"],
        "peers" => &["", " by zq"],
        "count" | "sum" | "earliest" | "latest" | "previous" | "next" | "distinct" | "other" => &["", " zq"],
        "first" | "last" => &["", " zq", " known of zq"],
        "days" => &["", " in window", " from zq"],
        "business" => &["", " days from zq"],
        "months" | "years" | "hours" | "minutes" => &["", " from zq"],
        "day" | "weekday" | "month" | "year" => &["", " of zq"],
        "share" => &["", " of window"],
        "at" => &["", " each level"],
        _ => &[""],
    }
}

/// A name that nobody gives.
const NAME: &str = "zq";

/// What can come at the end of a text, which is what stands before a place.
#[must_use]
pub fn after(before: &Tree<'_>) -> Expected {
    if in_text_or_comment(before) {
        return Expected::default();
    }
    let Some(item) = before.items.last() else { return Expected { words: declarations(), name: false } };
    let mut found = read_on(before, item).map_or_else(Expected::default, |(rule, part)| probe(rule, part));
    if may_begin(before, item) {
        found.words.extend(declarations());
    }
    found
}

/// Whether what comes next is part of a text, a comment or a drawn row, where no word of the
/// language stands.
#[must_use]
pub fn in_text_or_comment(before: &Tree<'_>) -> bool {
    let end = before.len();
    let comment = |t: &&super::tokens::Trivia| matches!(t.kind, TriviaKind::Comment | TriviaKind::ForeignComment);
    if before.tokens.trivia.iter().filter(comment).any(|t| t.range.end == end) {
        return true;
    }
    let last = before.tokens.list.iter().rev().find(|t| t.kind != Kind::End);
    last.is_some_and(|last| match last.kind {
        Kind::OpenText => !before.slice(last.range.end..end).contains('\n'),
        Kind::Row => !before.slice(last.range.end..end).contains('\n'),
        Kind::Word | Kind::Number | Kind::Day | Kind::Text | Kind::SingleQuoted | Kind::Sign | Kind::End => false,
    })
}

fn declarations() -> Vec<&'static Word> {
    vocabulary::declarations().filter_map(vocabulary::find).collect()
}

/// Whether a declaration can begin: the last one is closed, or needs no closing brace.
fn may_begin(before: &Tree<'_>, item: &Item) -> bool {
    let closed = part_at_hand(before, item).is_none();
    let tokens = before.tokens.list.get(item.tokens.clone()).unwrap_or_default();
    let braced = tokens.iter().any(|t| before.text_of(t) == "{");
    let one_line = !braced || !item.word.is_some_and(|word| vocabulary::has_braces(word.text));
    let end = tokens.last().map_or(0, |t| t.range.end);
    closed || item.word.is_none() || one_line && before.slice(end..before.len()).contains('\n')
}

/// The part of a declaration that goes on at its end; `None` when its braces are closed. The brace
/// at the end of a declaration that is not finished is one of its last clause.
#[must_use]
pub fn part_at_hand(before: &Tree<'_>, item: &Item) -> Option<Part> {
    let tokens = before.tokens.list.get(item.tokens.clone()).unwrap_or_default();
    let count = |sign: &str| tokens.iter().filter(|t| t.kind == Kind::Sign && before.text_of(t) == sign).count();
    let last = item.parts.last()?;
    if last.kind != PartKind::Close {
        return Some(last.clone());
    }
    let before_it = item.parts.iter().rev().nth(1).filter(|_| count("{") > count("}"))?;
    Some(Part { kind: before_it.kind, tokens: before_it.tokens.start..last.tokens.end })
}

/// The rule that reads the part at hand, and the part so far.
fn read_on<'t>(before: &Tree<'t>, item: &Item) -> Option<(Rule, &'t str)> {
    let rule = vocabulary::declaration(item.word?.text)?;
    let part = part_at_hand(before, item)?;
    let from = |token: usize| before.tokens.list.get(token).map_or(before.len(), |t| t.range.start);
    let Some(lines) = recover::rule_of_lines(rule) else {
        return Some((rule, before.slice(from(item.tokens.start)..before.len())));
    };
    let opened = before.tokens.list.get(part.tokens.clone())?.iter().any(|t| before.text_of(t) == "{");
    let so_far = before.slice(from(part.tokens.start)..before.len());
    match part.kind {
        PartKind::Head if opened => Some((lines, "")),
        PartKind::Head => Some((rule, so_far)),
        PartKind::Clause | PartKind::Line | PartKind::Drawn | PartKind::Close => Some((lines, so_far)),
    }
}

/// How far the parser reads, and what it would have liked to read there.
fn outcome(rule: Rule, text: &str) -> (usize, Vec<Rule>) {
    match grammar::read(rule, text) {
        Ok(_) => (text.len() + 1, Vec::new()),
        Err(error) => {
            let at = match error.location {
                InputLocation::Pos(at) | InputLocation::Span((at, _)) => at,
            };
            let mut wanted = match error.variant {
                ErrorVariant::ParsingError { positives, .. } => positives,
                ErrorVariant::CustomError { .. } => Vec::new(),
            };
            wanted.sort_unstable();
            (at, wanted)
        }
    }
}

fn probe(rule: Rule, part: &str) -> Expected {
    let end = part.len();
    // How far beyond the word it reads, and what it wants there; nothing when it does not get over
    // the word.
    let read = |word: &str, behind: &str| {
        let (at, wanted) = outcome(rule, &format!("{part}{word}{behind}"));
        at.checked_sub(end + word.len()).map(|beyond| (beyond, wanted))
    };
    let mut names = BTreeMap::new();
    let mut is_word = |word: &&Word| {
        behind(word.text).iter().any(|behind| {
            let of_word = read(word.text, behind);
            // A name reads on in another way.
            of_word.is_some() && *names.entry(*behind).or_insert_with(|| read(NAME, behind)) != of_word
        })
    };
    let words = vocabulary::WORDS.iter().filter(|word| is_word(word)).collect();
    Expected { words, name: read(NAME, "").is_some() }
}

/// Where the declaration begins that holds the end of a text, as far as the first column tells; 0
/// when none seems to begin.
#[must_use]
pub fn last_declaration(before: &str) -> usize {
    let starts = before.match_indices('\n').map(|(at, _)| at + 1).collect::<Vec<_>>();
    starts.into_iter().rev().find(|at| heads::seems_to_begin(before, *at)).unwrap_or(0)
}

/// Where the next declaration begins, as far as the first column tells; the end of the text when
/// none does.
#[must_use]
pub fn next_declaration(behind: &str) -> usize {
    let mut starts = behind.match_indices('\n').map(|(at, _)| at + 1);
    starts.find(|at| heads::seems_to_begin(behind, *at)).unwrap_or(behind.len())
}
