//! How declarations begin: a word, and what must follow it.

use super::tokens::{Kind, Lexer, Quotes, Token};
use super::vocabulary;

/// The next few tokens of a text.
struct Ahead<'t> {
    text: &'t str,
    lexer: Lexer<'t>,
}

impl<'t> Ahead<'t> {
    fn new(text: &'t str, at: usize, quotes: Quotes) -> Self {
        Self { text, lexer: Lexer::new(text, at, quotes) }
    }

    fn next(&mut self) -> (Token, &'t str) {
        let token = self.lexer.next();
        let text = self.text.get(token.range.clone()).unwrap_or_default();
        (token, text)
    }
}

/// Whether a declaration begins at `at`, where one may have ended, whatever the columns and lines.
///
/// Asked of the words that follow a declaration of one line: no condition goes on with what is
/// asked for here.
pub(super) fn begins(text: &str, at: usize) -> bool {
    let mut ahead = Ahead::new(text, at, Quotes::Closed);
    let (_, word) = ahead.next();
    if vocabulary::declaration(word).is_none() {
        return false;
    }
    let (second, name) = ahead.next();
    match word {
        "dates" => second.kind == Kind::Day,
        "text" => second.kind == Kind::Text,
        "headers" => name == "ignoring",
        "quality" => name == "at" && ahead.next().1 == "most",
        "business" => name == "days" && ahead.next().0.kind == Kind::Word && ahead.next().1 == "to",
        "times" => name == "are" && ahead.next().1 == "local",
        _ if second.kind != Kind::Word || vocabulary::joins(name) => false,
        "levels" => may_end(ahead.next(), &[">", ":"]),
        "domains" => may_end(ahead.next(), &[","]),
        "codes" | "rows" => ahead.next().1 == "=",
        "define" => ahead.next().1 == "of",
        "groups" => {
            let (token, text) = ahead.next();
            token.kind == Kind::Text || text == "of"
        }
        "plan" => ahead.next().1 == "of" && ahead.next().0.kind == Kind::Word && ahead.next().1 == "{",
        _ => has_braces(&mut ahead, word),
    }
}

/// After a list's first name: its sign, a heading, the end, or the next declaration.
fn may_end((token, text): (Token, &str), signs: &[&str]) -> bool {
    matches!(token.kind, Kind::End | Kind::Text) || signs.contains(&text) || vocabulary::declaration(text).is_some()
}

/// What may stand between a name and the brace is passed over: `"..."`, `from "..."`,
/// `sheet "..."`, `in windows-1252`, `not fed`, `distinct`. A table of words has `of TABLE.COLUMN`
/// instead of a brace.
fn has_braces(ahead: &mut Ahead<'_>, word: &str) -> bool {
    let mut encoded = false;
    for _ in 0..13 {
        let (token, text) = ahead.next();
        if text == "{" || word == "table" && text == "of" {
            return true;
        }
        // The name of an encoding may be any.
        encoded |= text == "in";
        let named = encoded && (matches!(token.kind, Kind::Word | Kind::Number | Kind::Day) || text == "-");
        let words = ["from", "sheet", "not", "fed", "distinct"];
        if token.kind != Kind::Text && !named && !words.contains(&text) {
            return false;
        }
    }
    false
}

/// Whether the line at `at` seems to begin a declaration: its word in the first column and what
/// must follow it on its line. Asked inside the open brackets and texts of a file with a mistake in
/// it, where the word alone could be a column or prose.
pub(super) fn seems_to_begin(text: &str, at: usize) -> bool {
    // Asked of every line of a text without an end: blank lines are not passed over from each.
    if !text.as_bytes().get(at).is_some_and(u8::is_ascii_lowercase) {
        return false;
    }
    let mut ahead = Ahead::new(text, at, Quotes::Signs);
    let (first, word) = ahead.next();
    if first.range.start != at || vocabulary::declaration(word).is_none() {
        return false;
    }
    let mut on_line = || {
        let (token, text) = ahead.next();
        if token.first || token.kind == Kind::End { (Kind::End, "") } else { (token.kind, text) }
    };
    let (kind, name) = on_line();
    let named = kind == Kind::Word;
    match word {
        "dates" => matches!(kind, Kind::Number | Kind::Day),
        "text" => name == "\"",
        "headers" => name == "ignoring",
        "quality" => name == "at",
        "business" => name == "days",
        "times" => name == "are",
        _ if !named => false,
        "levels" => matches!(on_line().1, ">" | ":"),
        "domains" => matches!(on_line().1, "\"" | ","),
        "codes" | "rows" => on_line().1 == "=",
        "define" => matches!(on_line().1, "of" | "="),
        "groups" => matches!(on_line().1, "\"" | "of" | ""),
        "test" => on_line().1 == "\"",
        "plan" => matches!(on_line().1, "of" | "{" | ""),
        "table" => matches!(on_line().1, "\"" | "{" | "from" | "sheet" | "in" | "not" | "distinct" | "of"),
        _ => matches!(on_line().1, "\"" | "{" | ""),
    }
}
