//! Cuts a file into declarations, without the grammar: by brackets, and by how declarations begin.
//!
//! A file that is right is cut by that alone ([`Cut::AsWritten`]): columns and line ends mean
//! nothing. Only a file in which something could not be read is cut once more, now
//! [`Cut::ByLines`]: a word in the first column that begins a declaration ends the one before it
//! even when brackets are still open, so a mistake in one declaration never hides the next.

use super::heads;
use super::tokens::{Kind, Lexer, Quotes, Token, Tokens, TriviaKind};
use super::vocabulary;
use crate::diag::{Diagnostic, Diagnostics, code, suggest};
use crate::source::{FileId, Span};
use std::ops::Range;

/// Deeper nesting than this is refused, on every machine alike.
pub(super) const DEEPEST: usize = 128;

/// What tells where a declaration ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cut {
    /// Its closing brace, or the beginning of the next one.
    AsWritten,
    /// Also a line that looks like the beginning of another one.
    ByLines,
}

/// The text of one declaration.
#[derive(Debug, Clone)]
pub(super) struct Declaration {
    /// From its first word to its last; comments after it are no part of it.
    pub(super) range: Range<usize>,
    /// The same as places in the list of tokens.
    pub(super) tokens: Range<usize>,
    /// Its first word; empty when it begins with a sign.
    pub(super) word: Range<usize>,
    /// Where something was found that keeps the grammar from reading it; each has a diagnostic.
    pub(super) faults: Vec<usize>,
}

impl Declaration {
    pub(super) fn word_in<'a>(&self, text: &'a str) -> &'a str {
        text.get(self.word.clone()).unwrap_or_default()
    }
}

/// What a file is made of.
#[derive(Debug, Default)]
pub(super) struct Scan {
    pub(super) tokens: Tokens,
    pub(super) declarations: Vec<Declaration>,
    pub(super) found: Diagnostics,
    /// Something was found that keeps the grammar from reading the file.
    pub(super) faulty: bool,
}

/// Cuts `text` into declarations.
pub(super) fn scan(text: &str, file: FileId, cut: Cut) -> Scan {
    let quotes = if cut == Cut::ByLines { Quotes::Guessed } else { Quotes::Closed };
    let mut scanner = Scanner {
        text,
        file,
        cut,
        indent: 0,
        current: None,
        open: Vec::new(),
        braces: 0,
        mistakes: 0,
        out: Scan::default(),
    };
    scanner.run(Lexer::new(text, 0, quotes));
    scanner.out
}

/// A bracket that is open.
struct Open {
    at: usize,
    brace: bool,
    /// How far its line is indented.
    indent: usize,
}

struct Current {
    /// Its first token, by its place in the list.
    token: usize,
    start: usize,
    word: Range<usize>,
    faults: Vec<usize>,
    /// Ends with its closing brace.
    braced: bool,
    known: bool,
    opened: bool,
    too_deep: bool,
    /// A brace whose closing one stood further left than itself: likely the one that is not closed.
    suspect: Option<usize>,
}

struct Scanner<'t> {
    text: &'t str,
    file: FileId,
    cut: Cut,
    /// How far the line is indented.
    indent: usize,
    current: Option<Current>,
    open: Vec<Open>,
    /// How many of them are braces.
    braces: usize,
    mistakes: usize,
    /// Its tokens are those that have been passed.
    out: Scan,
}

impl Scanner<'_> {
    fn run(&mut self, mut lexer: Lexer<'_>) {
        loop {
            lexer.rows = self.open.len() == 1 && self.in_test();
            let token = lexer.next();
            if token.kind == Kind::End {
                self.end();
                self.out.tokens.list.push(token);
                break;
            }
            self.cut_before(&token);
            self.out.tokens.list.push(token.clone());
            self.pass(&token);
        }
        self.out.tokens.trivia = lexer.trivia;
        self.foreign_comments();
    }

    /// Ends the declaration at hand when another begins with this token.
    fn cut_before(&mut self, token: &Token) {
        if token.first {
            self.indent = token.range.start - token.line;
        }
        let word = if token.kind == Kind::Word { self.text_of(token) } else { "" };
        let begins = match (&self.current, self.cut) {
            // What closes nothing is a mistake of its own.
            (None, _) => !matches!(self.text_of(token), "}" | ")"),
            (Some(_), _) if word.is_empty() => false,
            (Some(current), Cut::AsWritten) => {
                let heading = self.out.tokens.list.len() == current.token + 1;
                self.open.is_empty() && !heading && !self.hangs() && heads::begins(self.text, token.range.start)
            }
            (Some(_), Cut::ByLines) if !(token.first && self.indent == 0) => false,
            (Some(_), Cut::ByLines) if !self.open.is_empty() => heads::seems_to_begin(self.text, token.range.start),
            (Some(_), Cut::ByLines) if vocabulary::declaration(word).is_some() => true,
            // Lines of prose are one mistake, not one each; and an indicator's brace may be
            // forgotten.
            (Some(current), Cut::ByLines) if current.braced => {
                current.known && suggest::nearest(word, vocabulary::declarations()).is_some()
            }
            (Some(_), Cut::ByLines) => !self.goes_on(word),
        };
        if begins {
            self.end();
            self.begin(token);
        }
    }

    fn pass(&mut self, token: &Token) {
        match (token.kind, self.text_of(token)) {
            (Kind::OpenText, _) => self.open_text(token),
            (Kind::Sign, "{") => self.open(token, true),
            (Kind::Sign, "(") => self.open(token, false),
            (Kind::Sign, "}") => self.close(token, true),
            (Kind::Sign, ")") => self.close(token, false),
            _ => {}
        }
    }

    fn text_of(&self, token: &Token) -> &str {
        self.text.get(token.range.clone()).unwrap_or_default()
    }

    /// Whether a line that begins with this word goes on with a declaration of one line, `rows x =
    /// y` for example.
    fn goes_on(&self, word: &str) -> bool {
        matches!(word, "where" | "and" | "or" | "not" | "mean" | "means") || self.hangs()
    }

    /// Whether what has been read so far cannot be all.
    fn hangs(&self) -> bool {
        let last = self.out.tokens.list.last().filter(|t| t.kind == Kind::Sign);
        last.is_some_and(|t| self.text_of(t).ends_with([',', '>', '=', '<', '+', '-', '*']))
    }

    fn in_test(&self) -> bool {
        self.current.as_ref().is_some_and(|c| self.text.get(c.word.clone()) == Some("test"))
    }

    fn begin(&mut self, token: &Token) {
        let word = if token.kind == Kind::Word { token.range.clone() } else { token.range.start..token.range.start };
        let text = self.text.get(word.clone()).unwrap_or_default();
        let known = vocabulary::declaration(text).is_some();
        self.current = Some(Current {
            token: self.out.tokens.list.len(),
            start: token.range.start,
            braced: !known || vocabulary::has_braces(text),
            word,
            faults: Vec::new(),
            known,
            opened: false,
            too_deep: false,
            suspect: None,
        });
    }

    /// Ends the declaration at hand, if there is one, and says what it left open.
    fn end(&mut self) {
        if let Some(last) = self.open.last() {
            let suspect = self.current.as_ref().and_then(|c| c.suspect).filter(|_| self.open.len() == 1);
            let (place, brace) = suspect.map_or((last.at, last.brace), |at| (at, true));
            self.unclosed(place, brace);
        }
        self.open.clear();
        self.braces = 0;
        if let Some(current) = self.current.take() {
            let last = self.out.tokens.list.last().map_or(0, |t| t.range.end);
            self.out.declarations.push(Declaration {
                range: current.start..last.max(current.word.end),
                tokens: current.token..self.out.tokens.list.len(),
                word: current.word,
                faults: current.faults,
            });
        }
    }

    fn fault(&mut self, at: usize, diagnostic: Diagnostic) {
        self.out.faulty = true;
        if let Some(current) = &mut self.current {
            current.faults.push(at);
        }
        self.report(diagnostic);
    }

    fn report(&mut self, diagnostic: Diagnostic) {
        if self.mistakes < super::MOST_MISTAKES {
            self.mistakes += 1;
            self.out.found.push(diagnostic);
        }
    }

    fn span(&self, start: usize, end: usize) -> Span {
        Span::new(self.file, start, end)
    }

    fn open_text(&mut self, token: &Token) {
        let (start, shown) = (token.range.start, self.text_of(token).trim_end().len());
        let diagnostic =
            Diagnostic::new(code::UNCLOSED_TEXT, self.span(start, start + shown), "this text is not closed")
                .because("begins here")
                .help("end it with `\"`; write a quotation mark inside a text as `\\\"`");
        self.fault(start, diagnostic);
    }

    /// They are passed over like comments, here and by the grammar, so that nothing else is lost.
    fn foreign_comments(&mut self) {
        let foreign = self.out.tokens.trivia.iter().filter(|t| t.kind == TriviaKind::ForeignComment);
        let places: Vec<usize> = foreign.map(|t| t.range.start).collect();
        for start in places {
            let sign = self.text.get(start..start + 2).unwrap_or_default();
            let place = self.span(start, start + 2);
            self.report(
                Diagnostic::new(code::STRANGE_CHARACTER, place, format!("`{sign}` does not begin a comment"))
                    .help("begin a comment with `#`"),
            );
        }
    }

    fn open(&mut self, token: &Token, brace: bool) {
        let at = token.range.start;
        self.open.push(Open { at, brace, indent: self.indent });
        self.braces += usize::from(brace);
        let place = self.span(at, at + 1);
        let deep = self.open.len() > DEEPEST;
        if let Some(current) = &mut self.current {
            current.opened |= brace;
            if deep && !current.too_deep {
                current.too_deep = true;
                self.fault(at, too_deep(place));
            }
        }
    }

    fn close(&mut self, token: &Token, brace: bool) {
        let at = token.range.start;
        let partner = if brace {
            // Without one, all that is open would be looked through for every brace that closes
            // nothing.
            if self.braces > 0 { self.open.iter().rposition(|o| o.brace) } else { None }
        } else {
            self.open.len().checked_sub(1).filter(|top| !self.open[*top].brace)
        };
        let Some(partner) = partner else {
            self.stray(at, brace);
            return;
        };
        if let Some(inner) = self.open.get(partner + 1..).and_then(<[Open]>::last) {
            self.unclosed(inner.at, inner.brace);
        }
        let opened = self.open[partner].at;
        let left_of_it = token.first && self.indent < self.open[partner].indent;
        self.open.truncate(partner);
        self.braces -= usize::from(brace);
        if let Some(current) = &mut self.current {
            if left_of_it {
                current.suspect.get_or_insert(opened);
            }
            if brace && self.open.is_empty() && current.braced {
                self.end();
            }
        }
    }

    fn stray(&mut self, at: usize, brace: bool) {
        let sign = if brace { "}" } else { ")" };
        let never_opened = |c: &&Current| brace && c.known && c.braced && !c.opened;
        let headless = self.current.as_ref().filter(never_opened).and_then(|c| self.text.get(c.word.clone()));
        let help = headless.map_or_else(
            || "remove it, or write the opening one before it".to_owned(),
            |word| format!("write `{{` at the end of the line that begins with `{word}`"),
        );
        let diagnostic =
            Diagnostic::new(code::STRAY_BRACKET, self.span(at, at + 1), format!("this `{sign}` closes nothing"));
        self.fault(at, diagnostic.help(help));
        if headless.is_some() {
            self.end();
        }
    }

    fn unclosed(&mut self, at: usize, brace: bool) {
        let (sign, closing) = if brace { ("{", "}") } else { ("(", ")") };
        let diagnostic =
            Diagnostic::new(code::UNCLOSED_BRACKET, self.span(at, at + 1), format!("this `{sign}` is not closed"))
                .because("opened here")
                .help(format!("write `{closing}` where it ends"));
        self.fault(at, diagnostic);
    }
}

/// The finding about a bracket too many levels down.
pub(super) fn too_deep(place: Span) -> Diagnostic {
    Diagnostic::new(code::TOO_BIG, place, format!("nested more than {DEEPEST} levels deep"))
        .help("give the inner parts names with `let` and use the names")
}
