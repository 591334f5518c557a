//! Cuts a file into declarations, without the grammar: texts, comments, brackets, and words in the
//! first column.
//!
//! A declaration that begins beyond doubt ends the one before it even when brackets are still open,
//! so a mistake in one never hides the next. Drawn rows of tests are passed over whole: their cells
//! are bare text.

use super::lexeme::{self, DECLARATIONS, Quoted};
use crate::diag::{Diagnostic, Diagnostics, code, suggest};
use crate::source::{FileId, Span};
use std::ops::Range;

/// Deeper nesting than this is refused, on every machine alike.
pub(super) const DEEPEST: usize = 128;

/// The text of one declaration.
#[derive(Debug, Clone)]
pub(super) struct Declaration {
    /// From its first word to its last; comments after it are no part of it.
    pub(super) range: Range<usize>,
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
#[derive(Debug)]
pub(super) struct Scan {
    pub(super) declarations: Vec<Declaration>,
    pub(super) found: Diagnostics,
}

/// Cuts `text` into declarations.
pub(super) fn scan(text: &str, file: FileId) -> Scan {
    let mut scanner = Scanner {
        text,
        file,
        at: 0,
        line: 0,
        first: 0,
        line_end: 0,
        last: 0,
        current: None,
        open: Vec::new(),
        braces: 0,
        mistakes: 0,
        out: Scan { declarations: Vec::new(), found: Diagnostics::default() },
    };
    scanner.run();
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

struct Scanner<'a> {
    text: &'a str,
    file: FileId,
    at: usize,
    /// Where the line begins.
    line: usize,
    /// Where its first word or sign stands, and where it ends.
    first: usize,
    line_end: usize,
    /// Where the last word or sign ended.
    last: usize,
    current: Option<Current>,
    open: Vec<Open>,
    /// How many of them are braces.
    braces: usize,
    mistakes: usize,
    out: Scan,
}

impl Scanner<'_> {
    fn run(&mut self) {
        let bytes = self.text.as_bytes();
        self.line_start();
        while let Some(byte) = bytes.get(self.at).copied() {
            let next = bytes.get(self.at + 1).copied();
            match byte {
                b'\n' => {
                    self.at += 1;
                    self.line = self.at;
                    self.line_start();
                }
                b' ' | b'\t' | b'\r' => self.at += 1,
                b'#' => self.at = self.line_end,
                b'-' if next == Some(b'-') && bytes.get(self.at + 2) != Some(&b'>') => self.foreign_comment("--"),
                b'/' if next == Some(b'/') => self.foreign_comment("//"),
                b'"' => self.text(),
                b'\'' => self.single_quote(),
                b'{' | b'(' => self.open(byte == b'{'),
                b'}' | b')' => self.close(byte == b'}'),
                _ => {
                    self.begin_unless_begun();
                    self.at = lexeme::step(self.text, self.at);
                }
            }
            if !matches!(byte, b'\n' | b' ' | b'\t' | b'\r' | b'#') {
                self.last = self.at;
            }
        }
        self.end(self.last);
    }

    /// At the first column: does a declaration begin here? Is this a drawn row?
    fn line_start(&mut self) {
        self.first = lexeme::after_blanks(self.text, self.line, false);
        self.line_end = lexeme::line_end(self.text, self.line);
        let word = lexeme::word_at(self.text, self.at);
        let begins = if word.is_empty() {
            false
        } else if self.open.is_empty() {
            match &self.current {
                None => true,
                Some(_) if DECLARATIONS.contains(&word) => true,
                // Lines of prose are one mistake, not one each; and an indicator's brace may be
                // forgotten.
                Some(current) if current.braced => current.known && suggest::nearest(word, DECLARATIONS).is_some(),
                Some(_) => !self.goes_on(word),
            }
        } else {
            lexeme::begins_declaration(self.text, self.at)
        };
        if begins {
            self.end(self.last);
            self.begin();
        } else if self.open.len() == 1 && self.in_test() && is_drawn_line(self.text, self.at) {
            self.at = self.line_end;
            self.last = self.at;
        }
    }

    /// Whether a line that begins with this word goes on with a declaration of one line, `rows x =
    /// y` for example.
    fn goes_on(&self, word: &str) -> bool {
        let before = self.last.checked_sub(1).and_then(|at| self.text.as_bytes().get(at));
        matches!(word, "where" | "and" | "or" | "not" | "mean" | "means")
            || before.is_some_and(|b| matches!(b, b',' | b'>' | b'=' | b'<' | b'+' | b'-'))
    }

    fn in_test(&self) -> bool {
        self.current.as_ref().is_some_and(|c| self.text.get(c.word.clone()) == Some("test"))
    }

    fn begin_unless_begun(&mut self) {
        if self.current.is_none() {
            self.begin();
        }
    }

    fn begin(&mut self) {
        let word = lexeme::word_at(self.text, self.at);
        let known = DECLARATIONS.contains(&word);
        self.current = Some(Current {
            start: self.at,
            word: self.at..self.at + word.len(),
            faults: Vec::new(),
            braced: !known || matches!(word, "table" | "indicator" | "scorecard" | "test"),
            known,
            opened: false,
            too_deep: false,
            suspect: None,
        });
    }

    /// Ends the declaration at hand, if there is one, and says what it left open.
    fn end(&mut self, at: usize) {
        if let Some(last) = self.open.last() {
            let suspect = self.current.as_ref().and_then(|c| c.suspect).filter(|_| self.open.len() == 1);
            let (place, brace) = suspect.map_or((last.at, last.brace), |at| (at, true));
            self.unclosed(place, brace);
        }
        self.open.clear();
        self.braces = 0;
        if let Some(current) = self.current.take() {
            self.out.declarations.push(Declaration {
                range: current.start..at.max(current.word.end),
                word: current.word,
                faults: current.faults,
            });
        }
    }

    fn fault(&mut self, at: usize, diagnostic: Diagnostic) {
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

    fn text(&mut self) {
        self.begin_unless_begun();
        match lexeme::quoted(self.text, self.at) {
            Quoted::Closed(end) => {
                self.at = end;
                if end > self.line_end {
                    self.line = self.text.get(..end).and_then(|t| t.rfind('\n')).map_or(0, |n| n + 1);
                    self.first = lexeme::after_blanks(self.text, self.line, false);
                    self.line_end = lexeme::line_end(self.text, end);
                }
            }
            Quoted::Open(line_end) => {
                let start = self.at;
                let shown = self.text.get(start..line_end).map_or(line_end, |t| start + t.trim_end().len());
                let diagnostic =
                    Diagnostic::new(code::UNCLOSED_TEXT, self.span(start, shown), "this text is not closed")
                        .because("begins here")
                        .help("end it with `\"`; write a quotation mark inside a text as `\\\"`");
                self.fault(start, diagnostic);
                self.at = line_end;
            }
        }
    }

    /// `'text'` is read by the grammar and reported there; brackets inside it do not count.
    fn single_quote(&mut self) {
        self.begin_unless_begun();
        let rest = self.text.as_bytes().get(self.at + 1..self.line_end).unwrap_or_default();
        self.at += rest.iter().position(|b| *b == b'\'').map_or(1, |n| n + 2);
    }

    /// It is passed over like a comment, here and by the grammar, so that nothing else is lost.
    fn foreign_comment(&mut self, sign: &str) {
        let (start, end) = (self.at, self.line_end);
        let diagnostic = Diagnostic::new(
            code::STRANGE_CHARACTER,
            self.span(start, start + sign.len()),
            format!("`{sign}` does not begin a comment"),
        )
        .help("begin a comment with `#`");
        self.report(diagnostic);
        self.at = end;
    }

    fn open(&mut self, brace: bool) {
        self.begin_unless_begun();
        self.open.push(Open { at: self.at, brace, indent: self.first - self.line });
        self.braces += usize::from(brace);
        let place = self.span(self.at, self.at + 1);
        let at = self.at;
        self.at += 1;
        let deep = self.open.len() > DEEPEST;
        if let Some(current) = &mut self.current {
            current.opened |= brace;
            if deep && !current.too_deep {
                current.too_deep = true;
                self.fault(at, too_deep(place));
            }
        }
    }

    fn close(&mut self, brace: bool) {
        let at = self.at;
        self.at += 1;
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
        let left_of_it = at == self.first && at - self.line < self.open[partner].indent;
        self.open.truncate(partner);
        self.braces -= usize::from(brace);
        if let Some(current) = &mut self.current {
            if left_of_it {
                current.suspect.get_or_insert(opened);
            }
            if brace && self.open.is_empty() && current.braced {
                self.end(self.at);
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
            self.end(self.at);
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

/// `removal | removal_id | child |` or `| r1 | c1 |`.
pub(super) fn is_drawn_line(text: &str, line: usize) -> bool {
    let start = lexeme::after_blanks(text, line, false);
    let name_end = lexeme::word_end(text, start);
    text.as_bytes().get(lexeme::after_blanks(text, name_end, false)) == Some(&b'|')
}
