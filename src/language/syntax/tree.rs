//! A file as it is written: its declarations, their clauses and lines, and in them every token with
//! the blanks and comments around it. Printed, it is the file byte for byte, whatever the file is.
//!
//! Items follow one another without a gap, and so do the parts of an item. A comment belongs to the
//! token before it on its line, or else to the next one: the comment over a clause is leading
//! trivia of the clause's first word.

use super::grammar::{self, Rule};
use super::scan::{self, Cut, Declaration, Scan};
use super::tokens::{Kind, Token, Tokens};
use super::vocabulary::{self, Word};
use super::{File, LONGEST_DECLARATION, recover};
use crate::source::FileId;
use pest::iterators::Pair;
use std::ops::Range;

#[cfg(test)]
mod editors;

/// A form of the grammar, by the name of its rule.
pub(crate) use super::grammar::Rule as Form;

/// A file as it is written.
#[derive(Debug, Clone)]
pub struct Tree<'t> {
    text: &'t str,
    /// All tokens with their trivia; the last one stands for the end of the file.
    pub tokens: Tokens,
    /// What the file is made of, in order. They hold all tokens but the last one.
    pub items: Vec<Item>,
    /// Whether the grammar could read all of it.
    pub sound: bool,
}

/// A declaration, or what belongs to none.
#[derive(Debug, Clone)]
pub struct Item {
    /// The word it begins with; `None` when no declaration begins so.
    pub word: Option<&'static Word>,
    /// Its tokens, as places in the list.
    pub tokens: Range<usize>,
    /// What it is made of, in order. They hold all of its tokens.
    pub parts: Vec<Part>,
    /// The forms that the grammar read, each before those inside of it; none when it could not read
    /// the declaration.
    pub(crate) nodes: Vec<Node>,
    /// Whether the grammar could read it.
    pub sound: bool,
}

/// A form that the grammar read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Node {
    pub(crate) form: Form,
    /// Its tokens, as places in the list; never empty.
    pub(crate) tokens: Range<usize>,
    /// The form it is a part of, as its place among the nodes.
    pub(crate) parent: Option<usize>,
}

/// A part of a declaration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// What it is.
    pub kind: PartKind,
    /// Its tokens, as places in the list.
    pub tokens: Range<usize>,
}

/// The kinds of parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PartKind {
    /// From the word of the declaration to its opening brace; all of a declaration without braces.
    Head,
    /// A clause of an indicator.
    Clause,
    /// A line of a table, a scorecard, a plan or a test.
    Line,
    /// A table drawn in a test: its name and its rows.
    Drawn,
    /// The closing brace.
    Close,
}

impl<'t> Tree<'t> {
    /// The tree of a text. Never fails.
    #[must_use]
    pub fn of(text: &'t str) -> Self {
        let written = Self::cut(text, Cut::AsWritten);
        if written.sound { written } else { Self::cut(text, Cut::ByLines) }
    }

    fn cut(text: &'t str, cut: Cut) -> Self {
        let Scan { tokens, declarations, faulty, .. } = scan::scan(text, FileId(0), cut);
        let file = File { id: FileId(0), text, tokens: &tokens };
        let mut items = Vec::new();
        let mut next = 0;
        for declaration in &declarations {
            items.extend(stray(next..declaration.tokens.start));
            items.push(item(file, declaration));
            next = declaration.tokens.end;
        }
        items.extend(stray(next..tokens.list.len().saturating_sub(1)));
        let sound = !faulty && items.iter().all(|item| item.sound);
        Self { text, tokens, items, sound }
    }

    /// The text of a token, without what stands around it.
    #[must_use]
    pub fn text_of(&self, token: &Token) -> &'t str {
        self.text.get(token.range.clone()).unwrap_or_default()
    }

    /// How many bytes the text has.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "nobody asks")]
    pub fn len(&self) -> usize {
        self.text.len()
    }

    /// A piece of the text.
    #[must_use]
    pub fn slice(&self, range: Range<usize>) -> &'t str {
        self.text.get(range).unwrap_or_default()
    }

    /// The text again, put together from the parts.
    #[must_use]
    pub fn print(&self) -> String {
        let mut out = String::with_capacity(self.text.len());
        for part in self.items.iter().flat_map(|item| &item.parts) {
            self.print_tokens(&part.tokens, &mut out);
        }
        self.print_tokens(&(self.tokens.list.len().saturating_sub(1)..self.tokens.list.len()), &mut out);
        out
    }

    /// Adds these tokens with their trivia.
    fn print_tokens(&self, places: &Range<usize>, out: &mut String) {
        for token in self.tokens.list.get(places.clone()).unwrap_or_default() {
            for trivia in self.tokens.trivia(&token.leading) {
                out.push_str(self.text.get(trivia.range.clone()).unwrap_or_default());
            }
            out.push_str(self.text_of(token));
            for trivia in self.tokens.trivia(&token.trailing) {
                out.push_str(self.text.get(trivia.range.clone()).unwrap_or_default());
            }
        }
    }
}

/// Closing brackets that belong to no declaration.
fn stray(tokens: Range<usize>) -> Option<Item> {
    let parts = vec![Part { kind: PartKind::Head, tokens: tokens.clone() }];
    (!tokens.is_empty()).then_some(Item { word: None, tokens, parts, nodes: Vec::new(), sound: false })
}

fn item(file: File<'_>, declaration: &Declaration) -> Item {
    let written = declaration.word_in(file.text);
    let rule = vocabulary::declaration(written);
    let nodes = rule.and_then(|rule| read(file, declaration, rule));
    let sound = nodes.is_some();
    let starts = match &nodes {
        Some(nodes) => part_starts(nodes),
        None => rule.map_or_else(Vec::new, |rule| recover::part_starts(file, declaration, rule)),
    };
    let word = rule.and_then(|_| vocabulary::find(written));
    let parts = parts(file, &declaration.tokens, &starts);
    Item { word, parts, tokens: declaration.tokens.clone(), nodes: nodes.unwrap_or_default(), sound }
}

/// The forms in a declaration; `None` when the grammar cannot read it.
fn read(file: File<'_>, declaration: &Declaration, rule: Rule) -> Option<Vec<Node>> {
    if !declaration.faults.is_empty() || declaration.range.len() > LONGEST_DECLARATION {
        return None;
    }
    let text = file.text.get(declaration.range.clone())?;
    Some(nodes(file, declaration, grammar::read(rule, text).ok()?))
}

/// All forms of what was read, in order. None of it recurses: a text may be deep.
fn nodes(file: File<'_>, declaration: &Declaration, pair: Pair<'_, Rule>) -> Vec<Node> {
    let mut nodes: Vec<Node> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    for pair in pest::iterators::Pairs::single(pair).flatten() {
        let (start, end) = (pair.as_span().start(), pair.as_span().end());
        let first = file.tokens.at(declaration.range.start + start);
        // A span may end behind the blanks after the form.
        let after = file.tokens.from(declaration.range.start + end).min(declaration.tokens.end);
        if first >= after {
            continue;
        }
        while open.last().is_some_and(|at| nodes.get(*at).is_some_and(|node| node.tokens.end <= first)) {
            open.pop();
        }
        let parent = open.last().copied();
        open.push(nodes.len());
        nodes.push(Node { form: pair.as_rule(), tokens: first..after, parent });
    }
    nodes
}

/// Where the clauses and lines begin, as places in the list of tokens.
fn part_starts(nodes: &[Node]) -> Vec<usize> {
    let parts = nodes.iter().filter(|node| {
        matches!(
            node.form,
            Rule::clause
                | Rule::member
                | Rule::scorecard_row
                | Rule::hide
                | Rule::split
                | Rule::plan_line
                | Rule::test_line
        )
    });
    parts.map(|node| node.tokens.start).collect()
}

/// The head, the parts that begin at these tokens, and the closing brace.
fn parts(file: File<'_>, tokens: &Range<usize>, starts: &[usize]) -> Vec<Part> {
    let list = file.tokens.list.get(tokens.clone()).unwrap_or_default();
    let text_at = |at: usize| file.tokens.list.get(at).map_or("", |t| file.text_of(t));
    let braced = list.iter().any(|t| file.text_of(t) == "{");
    let closes =
        braced && list.len() > 1 && text_at(tokens.end - 1) == "}" && vocabulary::has_braces(text_at(tokens.start));
    let end = tokens.end - usize::from(closes);
    let mut parts = vec![Part { kind: PartKind::Head, tokens: tokens.start..starts.first().map_or(end, |s| *s) }];
    for (start, next) in starts.iter().zip(starts.iter().skip(1).chain([&end])) {
        parts.push(Part { kind: kind(file, tokens.start, *start..*next), tokens: *start..*next });
    }
    parts.extend(closes.then_some(Part { kind: PartKind::Close, tokens: end..tokens.end }));
    parts
}

fn kind(file: File<'_>, declaration: usize, part: Range<usize>) -> PartKind {
    let tokens = file.tokens.list.get(part).unwrap_or_default();
    let word = file.tokens.list.get(declaration).map_or("", |t| file.text_of(t));
    if vocabulary::declaration(word) == Some(Rule::indicator) {
        PartKind::Clause
    } else if tokens.iter().any(|t| t.kind == Kind::Row) {
        PartKind::Drawn
    } else {
        PartKind::Line
    }
}
