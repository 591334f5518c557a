//! Text to tokens: one pass, and nothing is lost.
//!
//! A token is a word, a number, a day, a quoted text, a drawn row or a sign. Blanks, line ends and
//! comments are its trivia: what stands before it, and after it on its line. Tokens with their
//! trivia, one after another, are the text byte for byte, whatever the text is.

use super::heads;
use std::ops::Range;

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Letters of the English alphabet, digits and `_`, no digit first.
    Word,
    /// `10`, `9.9`, `100_000`, without a sign before it.
    Number,
    /// `2024-12-31`, and other ways to write a day.
    Day,
    /// A text with its quotation marks. It may go on over lines.
    Text,
    /// A text whose closing mark is missing: the rest of its line.
    OpenText,
    /// A text between `'`, which is reported.
    SingleQuoted,
    /// A row of a drawn table, from its first `|` on.
    Row,
    /// A sign of one or two characters, or a character that has no meaning.
    Sign,
    /// After the last token: what follows it is the trivia of this one, which has no text.
    End,
}

/// A token and its trivia, as places in the text and in the list of trivia.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: Kind,
    /// Its bytes.
    pub range: Range<usize>,
    /// What stands before it: line ends, comments on lines of their own, blanks.
    pub leading: Range<usize>,
    /// What stands after it on its line: blanks and a comment.
    pub trailing: Range<usize>,
    /// Where its line begins.
    pub line: usize,
    /// Whether nothing but blanks stands before it on its line.
    pub first: bool,
}

/// What means nothing to the language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trivia {
    /// What it is.
    pub kind: TriviaKind,
    /// Its bytes.
    pub range: Range<usize>,
}

/// The kinds of trivia.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TriviaKind {
    /// Blanks, tabs, carriage returns.
    Blanks,
    /// One line end.
    LineEnd,
    /// `#` to the end of its line.
    Comment,
    /// `//` or `--` to the end of its line: reported, and passed over like a comment.
    ForeignComment,
}

/// The tokens of a text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tokens {
    /// In the order of the text; the last one is [`Kind::End`].
    pub list: Vec<Token>,
    /// In the order of the text.
    pub trivia: Vec<Trivia>,
}

impl Tokens {
    /// The first token that does not end before `offset`, by its place in the list.
    pub(super) fn at(&self, offset: usize) -> usize {
        self.list.partition_point(|t| t.range.end <= offset && t.kind != Kind::End)
    }

    /// The first token that begins at `offset` or after it, by its place in the list.
    pub(super) fn from(&self, offset: usize) -> usize {
        self.list.partition_point(|t| t.range.start < offset && t.kind != Kind::End)
    }

    /// The trivia at these places.
    #[must_use]
    pub fn trivia(&self, places: &Range<usize>) -> &[Trivia] {
        self.trivia.get(places.clone()).unwrap_or_default()
    }
}

/// Signs of two characters.
const SIGNS: [&str; 8] = ["->", "<-", "<=", ">=", "!=", "==", "&&", "||"];

/// How a quoted text is told to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Quotes {
    /// By its closing mark, wherever that is.
    Closed,
    /// By its closing mark, unless it looks as if that belonged to another text: for a file with a
    /// mistake in it, since a missing mark would swallow everything up to the next one.
    Guessed,
    /// Not at all: the mark is a sign of its own.
    Signs,
}

/// Makes tokens, one at a time.
#[derive(Debug)]
pub(super) struct Lexer<'t> {
    text: &'t str,
    at: usize,
    line: usize,
    /// Whether a token has been seen on the line.
    begun: bool,
    quotes: Quotes,
    /// Whether `|` begins a drawn row: inside the braces of a test, where it has no other meaning.
    pub(super) rows: bool,
    pub(super) trivia: Vec<Trivia>,
}

impl<'t> Lexer<'t> {
    /// Begins at `at`, which is taken for the start of a line.
    pub(super) fn new(text: &'t str, at: usize, quotes: Quotes) -> Self {
        Self { text, at, line: at, begun: false, quotes, rows: false, trivia: Vec::new() }
    }

    /// The next token; [`Kind::End`] again and again after the last one.
    pub(super) fn next(&mut self) -> Token {
        let leading = self.pass_trivia(true);
        let (start, line, first) = (self.at, self.line, !self.begun);
        let (kind, end) = self.token_at(start);
        self.begun = true;
        self.move_to(end);
        let trailing = if kind == Kind::End { leading.end..leading.end } else { self.pass_trivia(false) };
        Token { kind, range: start..end, leading, trailing, line, first }
    }

    fn byte(&self, at: usize) -> Option<u8> {
        self.text.as_bytes().get(at).copied()
    }

    fn rest(&self, at: usize) -> &'t str {
        self.text.get(at..).unwrap_or_default()
    }

    /// Goes on at `end`; a text may have passed over line ends.
    fn move_to(&mut self, end: usize) {
        if let Some(last) = self.text.get(self.at..end).and_then(|passed| passed.rfind('\n')) {
            self.line = self.at + last + 1;
        }
        self.at = end;
    }

    /// Passes over trivia, up to the end of the line or also over line ends.
    fn pass_trivia(&mut self, over_lines: bool) -> Range<usize> {
        let first = self.trivia.len();
        while let Some((kind, end)) = self.trivia_at(self.at) {
            if kind == TriviaKind::LineEnd {
                if !over_lines {
                    break;
                }
                self.line = end;
                self.begun = false;
            }
            self.trivia.push(Trivia { kind, range: self.at..end });
            self.at = end;
        }
        first..self.trivia.len()
    }

    fn trivia_at(&self, at: usize) -> Option<(TriviaKind, usize)> {
        let rest = self.rest(at);
        let found = match self.byte(at)? {
            b'\n' => (TriviaKind::LineEnd, at + 1),
            b'#' => (TriviaKind::Comment, line_end(self.text, at)),
            b'-' if rest.starts_with("--") && !rest.starts_with("-->") => {
                (TriviaKind::ForeignComment, line_end(self.text, at))
            }
            b'/' if rest.starts_with("//") => (TriviaKind::ForeignComment, line_end(self.text, at)),
            _ => {
                let blanks = rest.len() - rest.trim_start_matches([' ', '\t', '\r', '\u{A0}']).len();
                (blanks > 0).then_some((TriviaKind::Blanks, at + blanks))?
            }
        };
        Some(found)
    }

    fn token_at(&self, at: usize) -> (Kind, usize) {
        let Some(byte) = self.byte(at) else { return (Kind::End, at) };
        match byte {
            b'0'..=b'9' => self.number(at),
            _ if is_word_byte(byte) => (Kind::Word, at + leading(self.rest(at), is_word_byte)),
            b'"' if self.quotes != Quotes::Signs => self.quoted(at),
            b'\'' => self.single_quoted(at),
            b'|' if self.rows => (Kind::Row, self.row_end(at)),
            _ => (Kind::Sign, self.sign_end(at)),
        }
    }

    /// A day or a number, as the grammar reads them.
    fn number(&self, at: usize) -> (Kind, usize) {
        let digits = |at: usize| at + leading(self.rest(at), |b| b.is_ascii_digit());
        let part = |at: usize| {
            let sign = self.rest(at).chars().next().filter(|c| matches!(c, '-' | '/' | '.' | '–' | '‑'))?;
            let start = at + sign.len_utf8();
            Some(digits(start)).filter(|end| *end > start)
        };
        if let Some(end) = part(digits(at)).and_then(part) {
            return (Kind::Day, end);
        }
        let grouped = |at: usize| at + leading(self.rest(at), |b| b.is_ascii_digit() || b == b'_');
        let end = grouped(at);
        let fraction = self.byte(end) == Some(b'.') && self.byte(end + 1).is_some_and(|b| b.is_ascii_digit());
        (Kind::Number, if fraction { grouped(end + 1) } else { end })
    }

    /// Where the text in quotation marks that begins at `at` ends.
    ///
    /// Two signs tell that its closing mark is missing: a line inside begins like a declaration,
    /// or, after several lines, the closing mark is followed directly by a letter, as the *opening*
    /// mark of the next text is.
    fn quoted(&self, at: usize) -> (Kind, usize) {
        let open = || (Kind::OpenText, line_end(self.text, at));
        let guess = self.quotes == Quotes::Guessed;
        let (mut i, mut lines) = (at + 1, false);
        while let Some(byte) = self.byte(i) {
            match byte {
                b'\\' => i = self.escaped_end(i) - 1,
                b'\n' => {
                    lines = true;
                    if guess && heads::seems_to_begin(self.text, i + 1) {
                        return open();
                    }
                }
                b'"' if guess && lines && !may_follow_text(self.byte(i + 1)) => return open(),
                b'"' => return (Kind::Text, i + 1),
                _ => {}
            }
            i += 1;
        }
        open()
    }

    /// One past a backslash and the character it stands before, which may be the first byte of
    /// several.
    fn escaped_end(&self, at: usize) -> usize {
        match self.byte(at + 1) {
            None | Some(b'\n') => at + 1,
            Some(_) => at + 2,
        }
    }

    /// `'text'` ends on its line, or else the mark stands alone.
    fn single_quoted(&self, at: usize) -> (Kind, usize) {
        let inside = leading(self.rest(at + 1), |b| b != b'\'' && b != b'\n');
        let end = at + 1 + inside;
        if self.byte(end) == Some(b'\'') { (Kind::SingleQuoted, end + 1) } else { (Kind::Sign, at + 1) }
    }

    /// The end of the line, or of the last cell before a comment.
    fn row_end(&self, at: usize) -> usize {
        let row = self.text.get(at..line_end(self.text, at)).unwrap_or_default();
        let comment = row
            .match_indices('|')
            .find(|(i, _)| row.get(i + 1..).is_some_and(|cell| cell.trim_start().starts_with('#')));
        at + comment.map_or(row.trim_end_matches([' ', '\t', '\r', '\u{A0}']).len(), |(i, _)| i + 1)
    }

    /// Outside texts, a `\"` opens none, so that no stretch of a file is searched for a closing
    /// mark again and again.
    fn sign_end(&self, at: usize) -> usize {
        let rest = self.rest(at);
        if SIGNS.iter().any(|s| rest.starts_with(s)) || rest.starts_with("\\\"") || rest.starts_with("\\\\") {
            return at + 2;
        }
        at + rest.chars().next().map_or(1, char::len_utf8)
    }
}

fn may_follow_text(next: Option<u8>) -> bool {
    next.is_none_or(|b| b.is_ascii_whitespace() || matches!(b, b',' | b'}' | b')' | b'#' | b'|' | 0xC2))
}

fn leading(text: &str, is: impl Fn(u8) -> bool) -> usize {
    text.bytes().take_while(|b| is(*b)).count()
}

fn is_word_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// The end of the line that holds `at`, before its line end.
fn line_end(text: &str, at: usize) -> usize {
    let rest = text.as_bytes().get(at..).unwrap_or_default();
    at + rest.iter().position(|b| *b == b'\n').unwrap_or(rest.len())
}

/// Whether the whole text is one word.
pub(super) fn is_name(text: &str) -> bool {
    let token = Lexer::new(text, 0, Quotes::Signs).next();
    token.kind == Kind::Word && token.range == (0..text.len())
}
