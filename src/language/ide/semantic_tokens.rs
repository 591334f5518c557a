//! What each word of a text is: names by what they mean, all else by its form.

use super::Definitions;
use crate::check::references::Kind;
use crate::source::{FileId, Span};
use crate::syntax::tokens::{self, TriviaKind};
use crate::syntax::tree::Tree;
use crate::syntax::vocabulary;
use std::collections::BTreeMap;

/// A word with what it is. None goes over a line end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SemanticToken {
    /// Where.
    pub span: Span,
    /// What it is.
    pub kind: TokenKind,
    /// Whether the name is declared here.
    pub declares: bool,
}

/// What a word is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    /// A word of the language.
    Keyword,
    /// A comment.
    Comment,
    /// A text in quotation marks.
    Text,
    /// A number or a day.
    Number,
    /// `=`, `+`.
    Operator,
    /// A table, a set of its rows, a level.
    Table,
    /// A column, a rule, a link.
    Member,
    /// A word of a list, or a set of them.
    Word,
    /// An indicator, a scorecard, a plan.
    Indicator,
    /// A domain, a breakdown, a hierarchy.
    Group,
    /// A name that is known in one indicator or question.
    Local,
}

impl TokenKind {
    /// All kinds.
    pub const ALL: [Self; 11] = [
        Self::Keyword,
        Self::Comment,
        Self::Text,
        Self::Number,
        Self::Operator,
        Self::Table,
        Self::Member,
        Self::Word,
        Self::Indicator,
        Self::Group,
        Self::Local,
    ];
}

/// The words of a text with what they are, in order.
#[must_use]
pub fn all(definitions: &Definitions, file: FileId) -> Vec<SemanticToken> {
    let tree = Tree::of(definitions.text(file));
    let references = definitions.references();
    let mut names = BTreeMap::new();
    for place in references.places_in(file) {
        if let Some(declared) = references.declaration(place.declaration) {
            let declares = declared.span == place.span;
            let of_first = SemanticToken { span: place.span, kind: of_name(declared.kind), declares };
            names.entry(place.span.start as usize).or_insert(of_first);
        }
    }
    let mut found: Vec<SemanticToken> = names.values().copied().collect();
    let mut add = |range: &std::ops::Range<usize>, kind| {
        if !names.contains_key(&range.start) {
            found.extend(lines(&tree, file, range.clone(), kind));
        }
    };
    for token in &tree.tokens.list {
        if let Some(kind) = of_form(&tree, token) {
            add(&token.range, kind);
        }
    }
    let comment = |t: &&tokens::Trivia| matches!(t.kind, TriviaKind::Comment | TriviaKind::ForeignComment);
    tree.tokens.trivia.iter().filter(comment).for_each(|t| add(&t.range, TokenKind::Comment));
    found.sort_by_key(|token| token.span);
    found
}

fn of_name(kind: Kind) -> TokenKind {
    match kind {
        Kind::Table | Kind::Rows | Kind::Level => TokenKind::Table,
        Kind::Key
        | Kind::Column
        | Kind::Link
        | Kind::DatedLink
        | Kind::BackLink
        | Kind::Derived
        | Kind::Rule
        | Kind::Days
        | Kind::LastDay => TokenKind::Member,
        Kind::Word | Kind::Codes => TokenKind::Word,
        Kind::Indicator | Kind::Scorecard | Kind::Plan => TokenKind::Indicator,
        Kind::Hierarchy | Kind::Domain | Kind::Groups => TokenKind::Group,
        Kind::Let | Kind::Alias => TokenKind::Local,
    }
}

/// What a token is that is no name; the ids and figures of drawn rows are nothing.
fn of_form(tree: &Tree<'_>, token: &tokens::Token) -> Option<TokenKind> {
    match token.kind {
        tokens::Kind::Word => vocabulary::find(tree.text_of(token)).map(|_| TokenKind::Keyword),
        tokens::Kind::Number | tokens::Kind::Day => Some(TokenKind::Number),
        tokens::Kind::Text | tokens::Kind::OpenText | tokens::Kind::SingleQuoted => Some(TokenKind::Text),
        tokens::Kind::Sign => {
            let operator = ["=", "!=", "<", "<=", ">", ">=", "+", "-", "*", "->", "<-"].contains(&tree.text_of(token));
            operator.then_some(TokenKind::Operator)
        }
        tokens::Kind::Row | tokens::Kind::End => None,
    }
}

/// A piece of text line by line.
fn lines(tree: &Tree<'_>, file: FileId, range: std::ops::Range<usize>, kind: TokenKind) -> Vec<SemanticToken> {
    let mut at = range.start;
    let mut found = Vec::new();
    for line in tree.slice(range).split_inclusive('\n') {
        let end = at + line.trim_end_matches(['\n', '\r']).len();
        if end > at {
            found.push(SemanticToken { span: Span::new(file, at, end), kind, declares: false });
        }
        at += line.len();
    }
    found
}
