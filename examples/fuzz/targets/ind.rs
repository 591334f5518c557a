//! Texts of definitions: the corpus, which is every text of the project, and mutations by tokens,
//! clauses and lines.

use super::bytes::{self, below, one_of, steps};
use crate::texts::every_text;
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use std::ops::Range;
use yardstick::syntax::tree::Tree;

/// Longer texts are not begun with, and grown ones are cut: many small inputs find more than few
/// large ones.
const LONGEST_BASE: usize = 1_600;
const LONGEST: usize = 40_000;

const NUMBERS: [&str; 14] = [
    "0",
    "1",
    "-1",
    "00",
    "2147483648",
    "9223372036854775807",
    "9223372036854775808",
    "99999999999999999999999999999999999999999",
    "0.0000000000000000000000000000000000001",
    "1_000_000",
    "1e9",
    "9.",
    "100%",
    "9999999999 months",
];
const DAYS: [&str; 8] =
    ["2024-02-29", "2023-02-29", "0001-01-01", "9999-12-31", "0000-00-00", "99999-01-01", "2024-1-1", "31.12.2024"];
const ODD: [&str; 20] = [
    "\u{0}",
    "\u{7}",
    "\u{1b}[31m",
    "\u{85}",
    "\u{a0}",
    "\u{ad}",
    "\u{200b}",
    "\u{200d}",
    "\u{202e}",
    "\u{2028}",
    "\u{feff}",
    "\u{fffd}",
    "é",
    "e\u{301}",
    "ß",
    "İ",
    "漢",
    "😀",
    "“",
    "\u{10ffff}",
];
const ENDS: [&str; 4] = ["\n", "\r\n", "\r", "\n\r"];
const DEPTHS: [usize; 12] = [1, 1, 2, 2, 3, 3, 9, 9, 40, 40, 400, 4_000];
const NESTS: [(&str, &str); 8] = [
    ("(", ")"),
    ("not ", ""),
    ("{", "}"),
    ("-", ""),
    ("no a where ", ""),
    ("a or (", ")"),
    ("if a then ", ""),
    ("[", "]"),
];

/// The text of a token.
fn part<'t>(text: &'t str, of: &Range<usize>) -> &'t str {
    text.get(of.clone()).unwrap_or_default()
}

/// Texts, whole and by their declarations, and their words.
pub(super) struct Corpus {
    /// Declarations and short texts.
    pub(super) pieces: Vec<String>,
    words: Vec<String>,
}

impl Corpus {
    pub(super) fn new() -> Self {
        let (mut pieces, mut words) = (Vec::new(), Vec::new());
        for (_, text) in every_text() {
            words.extend(tokens(&text).into_iter().map(|token| part(&text, &token).to_owned()));
            // Declarations begin in the first column.
            let mut piece = String::new();
            for line in text.split_inclusive('\n') {
                if line.starts_with(|c: char| c.is_ascii_lowercase()) && !piece.trim().is_empty() {
                    pieces.push(std::mem::take(&mut piece));
                }
                piece += line;
            }
            pieces.push(piece);
            pieces.push(text);
        }
        pieces.retain(|piece| piece.len() <= LONGEST_BASE);
        words.retain(|word| !word.is_empty() && word.len() < 200);
        [&mut pieces, &mut words].into_iter().for_each(|all| {
            all.sort();
            all.dedup();
        });
        Self { pieces, words }
    }

    /// A text to begin with: one piece, or a few one after another.
    pub(super) fn base(&self, rng: &mut ChaCha8Rng) -> String {
        let number = [1, 1, 1, 2, 3][below(rng, 5)];
        let pieces: Vec<&str> = (0..number).map(|_| self.piece(rng)).collect();
        pieces.join("\n")
    }

    fn piece(&self, rng: &mut ChaCha8Rng) -> &str {
        &self.pieces[below(rng, self.pieces.len())]
    }

    fn word(&self, rng: &mut ChaCha8Rng) -> &str {
        &self.words[below(rng, self.words.len())]
    }

    /// The text, changed in some places; now and then not at all.
    pub(super) fn mutated(&self, rng: &mut ChaCha8Rng, mut text: String) -> String {
        let number = if below(rng, 40) == 0 { 0 } else { steps(rng) };
        for _ in 0..number {
            text = self.once(rng, &text);
        }
        let end = (0..=text.len().min(LONGEST)).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        text.truncate(end);
        text
    }

    fn once(&self, rng: &mut ChaCha8Rng, text: &str) -> String {
        match below(rng, 20) {
            0..=10 => self.by_tokens(rng, text),
            11 => by_lines(rng, text),
            12 => by_clauses(rng, text),
            13 | 14 => {
                let other = self.piece(rng);
                let (at, from) = (boundary(rng, text), boundary(rng, other));
                format!("{}{}", text.get(..at).unwrap_or_default(), other.get(from..).unwrap_or_default())
            }
            15 => {
                let end = one_of(rng, &ENDS);
                let all = below(rng, 2) == 0;
                text.split('\n').fold(String::new(), |made, line| {
                    let end = if all || below(rng, 3) == 0 { end } else { "\n" };
                    made + line + end
                })
            }
            16 | 17 => {
                let mut changed = text.as_bytes().to_vec();
                let other = self.piece(rng);
                bytes::mutate(rng, &mut changed, other.as_bytes());
                String::from_utf8_lossy(&changed).into_owned()
            }
            18 => replaced(text, boundary(rng, text), 0, one_of(rng, &ODD)),
            _ => format!("{text}\n{}", self.piece(rng)),
        }
    }

    /// A change of one token, or of some beside one another.
    fn by_tokens(&self, rng: &mut ChaCha8Rng, text: &str) -> String {
        let tokens = tokens(text);
        let number = below(rng, tokens.len());
        let Some(range) = tokens.get(number).cloned() else { return self.word(rng).to_owned() };
        let (at, length) = (range.start, range.len());
        // Up to so many tokens from this one on.
        let run = |rng: &mut ChaCha8Rng, most: usize| {
            part(text, &(at..tokens[(number + below(rng, most)).min(tokens.len() - 1)].end))
        };
        match below(rng, 11) {
            0 | 1 => replaced(text, at, length, self.word(rng)),
            2 => replaced(text, at, length, ""),
            3 => replaced(text, at, 0, &format!("{} ", self.word(rng))),
            4 => replaced(text, at, 0, &format!("{} ", part(text, &range))),
            5 => replaced(text, at, length, part(text, &tokens[below(rng, tokens.len())])),
            6 => {
                // Of the same kind, so that more of it can be read.
                let kind = kind(part(text, &range).chars().next());
                let alike =
                    tokens.iter().map(|token| part(text, token)).filter(|t| self::kind(t.chars().next()) == kind);
                replaced(text, at, length, one_of(rng, &alike.collect::<Vec<_>>()))
            }
            7 => {
                let numbers = tokens.iter().filter(|token| kind(part(text, token).chars().next()) == Sort::Number);
                let numbers: Vec<_> = numbers.cloned().collect();
                let range = numbers.get(below(rng, numbers.len())).cloned().unwrap_or(range);
                let odd = if rng.random_bool(0.6) { one_of(rng, &NUMBERS) } else { one_of(rng, &DAYS) };
                replaced(text, range.start, range.len(), odd)
            }
            8 => {
                let (open, close) = NESTS[below(rng, NESTS.len())];
                let depth = DEPTHS[below(rng, DEPTHS.len())];
                let inside = run(rng, 6);
                let nested = format!("{}{inside}{}", open.repeat(depth), close.repeat(depth));
                replaced(text, at, inside.len(), &nested)
            }
            9 => {
                let inside = format!("{} ", run(rng, 9));
                replaced(text, at, 0, &inside.repeat([1, 1, 1, 3, 3, 30, 30, 300][below(rng, 8)]))
            }
            _ => replaced(text, at, run(rng, 30).len(), ""),
        }
    }
}

/// What a token begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sort {
    Word,
    Number,
    Text,
    Blank,
    Sign,
}

fn kind(first: Option<char>) -> Sort {
    match first {
        Some('a'..='z' | 'A'..='Z' | '_') => Sort::Word,
        Some('0'..='9') => Sort::Number,
        Some('"') => Sort::Text,
        Some(c) if c.is_whitespace() => Sort::Blank,
        _ => Sort::Sign,
    }
}

/// The tokens of a text, as places: nearly those of the language, by rules of their own, since what
/// is tried must not choose what it is tried with.
fn tokens(text: &str) -> Vec<Range<usize>> {
    let (mut all, mut chars) = (Vec::new(), text.char_indices().peekable());
    while let Some((from, first)) = chars.next() {
        let sort = kind(Some(first));
        let goes_on = |c: char| match sort {
            Sort::Word => c.is_ascii_alphanumeric() || c == '_',
            Sort::Number => c.is_ascii_alphanumeric() || "_.-".contains(c),
            Sort::Text => c != '"',
            Sort::Blank => c.is_whitespace(),
            Sort::Sign => false,
        };
        while chars.next_if(|(_, c)| goes_on(*c)).is_some() {}
        if sort == Sort::Text {
            chars.next();
        }
        if sort != Sort::Blank {
            all.push(from..chars.peek().map_or(text.len(), |(at, _)| *at));
        }
    }
    all
}

/// The text with another piece at a place.
fn replaced(text: &str, at: usize, length: usize, with: &str) -> String {
    let (before, after) = (text.get(..at).unwrap_or_default(), text.get(at + length..).unwrap_or_default());
    [before, with, after].concat()
}

/// A place between two characters.
fn boundary(rng: &mut ChaCha8Rng, text: &str) -> usize {
    let at = below(rng, text.len() + 1);
    (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

/// A line twice, away, or elsewhere.
fn by_lines(rng: &mut ChaCha8Rng, text: &str) -> String {
    let mut lines: Vec<&str> = text.lines().collect();
    if lines.is_empty() {
        return text.to_owned();
    }
    let (one, other) = (below(rng, lines.len()), below(rng, lines.len()));
    match below(rng, 3) {
        0 => lines.swap(one, other),
        1 => lines.insert(other, lines[one]),
        _ => drop(lines.remove(one)),
    }
    lines.join("\n")
}

/// Two clauses or lines of a declaration change their places.
fn by_clauses(rng: &mut ChaCha8Rng, text: &str) -> String {
    let tree = Tree::of(text);
    let parts = tree.items.iter().flat_map(|item| &item.parts).filter_map(|part| {
        let tokens = tree.tokens.list.get(part.tokens.clone())?;
        Some(tokens.first()?.range.start..tokens.last()?.range.end)
    });
    let parts: Vec<_> = parts.collect();
    let (one, other) = (below(rng, parts.len()), below(rng, parts.len()));
    let (one, other) = (one.min(other), one.max(other));
    if one == other {
        return text.to_owned();
    }
    let (first, second) = (parts[one].clone(), parts[other].clone());
    [
        tree.slice(0..first.start),
        tree.slice(second.clone()),
        tree.slice(first.end..second.start),
        tree.slice(first),
        tree.slice(second.end..text.len()),
    ]
    .concat()
}
