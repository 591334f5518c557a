//! What to say when the grammar could not read on: what stands there, and what was expected.

use super::grammar::Rule;
use super::scan::{self, Declaration};
use super::tokens::{Kind, Lexer, Quotes};
use super::{File, first_typed, rules, vocabulary};
use crate::diag::{Diagnostic, code, suggest};
use crate::source::{FileId, Span};
use pest::error::{Error, ErrorVariant, InputLocation};

/// The finding about a declaration that begins with none of the words.
pub(super) fn unknown_declaration(file: File<'_>, declaration: &Declaration) -> Diagnostic {
    let word = declaration.word_in(file.text);
    let start = declaration.range.start;
    let declarations: Vec<_> = vocabulary::declarations().collect();
    if word.is_empty() {
        let thing = Thing::at(file.text, start);
        if let Some(strange) = thing.strange(file.id) {
            return strange;
        }
        let span = Span::new(file.id, start, thing.end);
        return Diagnostic::new(
            code::UNKNOWN_DECLARATION,
            span,
            format!("no declaration begins with {}", thing.shown()),
        )
        .help(all_of("a declaration begins with one of", &declarations));
    }
    let span = Span::new(file.id, start, declaration.word.end);
    let message = format!("no declaration begins with `{word}`");
    let help = if vocabulary::begins_clause(word) {
        format!("`{word}` is a clause of an indicator: write it between the braces of one")
    } else {
        did_you_mean(word, "a declaration begins with one of", &declarations)
    };
    Diagnostic::new(code::UNKNOWN_DECLARATION, span, message).help(help)
}

/// The finding about the place where `error` says that reading stopped. `base` is where the text
/// that was read begins.
pub(super) fn unexpected(file: File<'_>, base: usize, error: &Error<Rule>) -> Diagnostic {
    let offset = match error.location {
        InputLocation::Pos(at) | InputLocation::Span((at, _)) => base + at,
    };
    let thing = Thing::at(file.text, offset);
    let span = Span::new(file.id, thing.start, thing.end);
    let ErrorVariant::ParsingError { positives, negatives } = &error.variant else {
        return scan::too_deep(span);
    };
    let before = Thing::before(file, thing.start);
    let first_on_line = thing.first_on_line(file);
    let special = special_help(file.text, &before, &thing, positives);
    if special.is_none()
        && let Some(found) = thing.strange(file.id).or_else(|| foreign_word(&thing, positives, span))
    {
        return found;
    }
    if positives.contains(&Rule::clause) && first_on_line && !thing.is_sign() {
        // `wher` at the start of a line goes on with its clause.
        let words = expected_words(positives);
        let near = suggest::nearest(thing.text, words.iter().map(String::as_str));
        if near.is_none_or(vocabulary::begins_clause) {
            return unknown_clause(thing.text, span);
        }
    }
    let help = special.unwrap_or_else(|| expected(&thing, positives, negatives));
    let complete = positives.iter().any(|r| COMPLETE.contains(r));
    let diagnostic = if !complete && (thing.text.is_empty() || first_on_line) {
        let place = Span::new(file.id, before.start, before.end);
        Diagnostic::new(code::SYNTAX, place, format!("something is missing after {}", before.shown()))
    } else if thing.text.is_empty() {
        Diagnostic::new(code::SYNTAX, span, "the text ends too early")
    } else {
        Diagnostic::new(code::SYNTAX, span, format!("{} is not expected here", thing.shown()))
    };
    if help.is_empty() { diagnostic } else { diagnostic.help(help) }
}

/// When one of these could follow, nothing is missing before.
const COMPLETE: [Rule; 9] = [
    Rule::EOI,
    Rule::clause,
    Rule::member,
    Rule::test_line,
    Rule::scorecard_row,
    Rule::s_close,
    Rule::s_unparen,
    Rule::connective,
    Rule::tail,
];

/// Help for slips that are known by what stands around them.
fn special_help(text: &str, before: &Thing<'_>, thing: &Thing<'_>, positives: &[Rule]) -> Option<String> {
    let has = |rule: Rule| positives.contains(&rule);
    let number = |text: &str| text.starts_with(|c: char| c.is_ascii_digit());
    if let Some(help) = first_typed::help(before.text, thing.text) {
        return Some(help.to_owned());
    }
    let help = match thing.text {
        "," if number(before.text) && text.get(thing.end..).is_some_and(number) => {
            "write `.` before a fraction, and nothing between thousands"
        }
        "," if text.get(thing.end..).is_some_and(|rest| rest.trim_start().starts_with("censored")) => {
            "only the median or a percentile of a time, or an incidence, can be censored: the mean needs every time to its end"
        }
        "," if has(Rule::clause) || has(Rule::member) => "remove it: nothing is written between clauses or columns",
        "have" => "`have` goes with `all`, as in `all placements where ... have ...`",
        "of" if has(Rule::relation) => {
            "put `first` or `last` before the table, as in `last removal of each child by removed_on`"
        }
        "from" | "until" if has(Rule::origin_part) || before.text == "}" && has(Rule::k_yellow) => {
            "the dates of a standard stand before its braces, as in `standard at least 90% from 2014-10-01 { ... }`"
        }
        "half" if has(Rule::window_word) => "write `6 months`, or `6 months ending in June, December`",
        "/" if positives == [Rule::k_of] => "write `of` between the two counts, as in `1 of 2`",
        "(" if !before.is_sign() && has(Rule::tail) => {
            "functions are written without parentheses: `days from a to b`, `earliest of a, b`, `day of a`"
        }
        _ if positives.iter().all(|r| matches!(r, Rule::text | Rule::wrong_quote)) && before.text == "exclude" => {
            "write the reason first, as in `exclude \"in care under 8 days\"  days < 8 days`"
        }
        _ if before.text == "standard" && has(Rule::k_none) => "expected `at least`, `at most`, `between` or `none`",
        _ if before.text == "yellow" && has(Rule::within) => "expected `at least`, `at most`, `between` or `within`",
        _ if positives == [Rule::s_colon] && !number(before.text) => {
            "write `,` between the indicators of a domain, and `:` after the domain"
        }
        _ => return None,
    };
    Some(help.to_owned())
}

fn unknown_clause(word: &str, span: Span) -> Diagnostic {
    let words: Vec<&str> = vocabulary::clauses().chain(["as it stands"]).collect();
    let help = did_you_mean(word, "a clause begins with one of", &words);
    Diagnostic::new(code::UNKNOWN_CLAUSE, span, format!("no clause begins with `{word}`")).help(help)
}

fn did_you_mean(word: &str, begins: &str, words: &[&str]) -> String {
    suggest::nearest(word, words.iter().copied())
        .map_or_else(|| all_of(begins, words), |near| format!("did you mean `{near}`?"))
}

fn all_of(begins: &str, words: &[&str]) -> String {
    let words: Vec<_> = words.iter().map(|w| format!("`{w}`")).collect();
    format!("{begins} {}", words.join(", "))
}

/// `WHERE`, `And`, `BETWEEN`.
fn foreign_word(thing: &Thing<'_>, positives: &[Rule], span: Span) -> Option<Diagnostic> {
    let lower = thing.text.to_lowercase();
    if lower == thing.text {
        return None;
    }
    if matches!(lower.as_str(), "between" | "like") && positives.contains(&Rule::tail) {
        let help = "compare with `on or after` and `on or before`, or `in { ... }` with the words that are meant";
        return Some(Diagnostic::new(code::SQL_FORM, span, format!("`{}` is not written here", thing.text)).help(help));
    }
    expected_words(positives).contains(&lower).then(|| {
        Diagnostic::new(code::SYNTAX, span, format!("`{}` is not expected here", thing.text))
            .help(format!("write `{lower}`: the words of the language are in small letters"))
    })
}

/// Every single word that could stand here, those of the larger forms included.
fn expected_words(positives: &[Rule]) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for rule in positives {
        match rules::word(*rule) {
            Some(word) => words.push(word),
            None => words.extend(vocabulary::first_words(*rule).map(str::to_owned)),
        }
    }
    words
}

/// The word that was probably meant, or else what could stand here.
fn expected(thing: &Thing<'_>, positives: &[Rule], negatives: &[Rule]) -> String {
    let words = expected_words(positives);
    // Most words that stand in the wrong place are not mistyped: only a close one is taken for
    // another.
    let close =
        |near: &&str| near.len() > 2 && strsim::damerau_levenshtein(near, thing.text) <= 1.max(thing.text.len() / 5);
    let near = suggest::nearest(thing.text, words.iter().map(String::as_str)).filter(close);
    if let Some(near) = near.filter(|n| *n != thing.text && !vocabulary::is_small(thing.text)) {
        return format!("did you mean `{near}`?");
    }
    let mut kinds = rules::in_words(positives);
    let word_refused = negatives.contains(&Rule::stop) || negatives.contains(&Rule::clause_ahead);
    if (word_refused || kinds.is_empty() && !negatives.is_empty())
        && !kinds.iter().any(|k| k.starts_with("a name") || k.contains("value"))
    {
        kinds.insert(0, "a name".to_owned());
    }
    match kinds.as_slice() {
        [] if positives.contains(&Rule::EOI) => "the declaration is complete without it: remove this".to_owned(),
        [] if positives.contains(&Rule::drawn_row) => {
            "a line of a test begins with `expect`, `as of`, `|`, or a table's name and `|`".to_owned()
        }
        [] => String::new(),
        [one] => format!("expected {one}"),
        [most @ .., last] => format!("expected {} or {last}", most.join(", ")),
    }
}

/// The word, number, text or sign at one place.
struct Thing<'a> {
    start: usize,
    end: usize,
    text: &'a str,
}

impl<'a> Thing<'a> {
    /// What stands at `offset` or next after it; of a text that goes on over lines, its first one.
    fn at(text: &'a str, offset: usize) -> Self {
        let token = Lexer::new(text, offset, Quotes::Guessed).next();
        let shown = text.get(token.range.clone()).unwrap_or_default();
        let shown = if token.kind == Kind::Text { shown.lines().next().unwrap_or_default() } else { shown };
        Self { start: token.range.start, end: token.range.start + shown.len(), text: shown }
    }

    /// What stands before `offset`, blanks and comments left out: a word with those it is joined to
    /// by dots, or another token.
    fn before(file: File<'a>, offset: usize) -> Self {
        let tokens = file.tokens.list.get(..file.tokens.list.partition_point(|t| t.range.start < offset));
        let mut tokens = tokens.unwrap_or_default().iter().rev();
        let Some(last) = tokens.next() else { return Self { start: offset, end: offset, text: "" } };
        let (mut start, end) = (last.range.start, last.range.end.min(offset));
        let joined = |t: &str| t == "." || !t.starts_with(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
        if joined(file.text_of(last)) {
            let near = tokens.take_while(|t| {
                let near = t.range.end == start && joined(file.text_of(t));
                start = if near { t.range.start } else { start };
                near
            });
            near.for_each(drop);
        }
        Self { start, end, text: file.text.get(start..end).unwrap_or_default() }
    }

    fn shown(&self) -> String {
        if self.text.starts_with('"') { "this text".to_owned() } else { format!("`{}`", self.text) }
    }

    fn is_sign(&self) -> bool {
        !self.text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
    }

    fn first_on_line(&self, file: File<'_>) -> bool {
        let token = file.tokens.list.get(file.tokens.at(self.start));
        token.is_some_and(|t| t.first && t.range.start == self.start && t.line > 0)
    }

    /// A character that has no place in the language outside texts and comments.
    fn strange(&self, file: FileId) -> Option<Diagnostic> {
        let c = self.text.chars().next()?;
        let span = Span::new(file, self.start, self.end);
        let quotes = |help: &str| {
            Some(
                Diagnostic::new(code::QUOTES, span, format!("`{c}` is not a quotation mark of this language"))
                    .help(help),
            )
        };
        let strange = |help: &str| {
            Some(
                Diagnostic::new(code::STRANGE_CHARACTER, span, format!("`{}` has no meaning here", c.escape_debug()))
                    .help(help),
            )
        };
        match c {
            '“' | '”' | '„' | '«' | '»' => quotes("write `\"`; word processors turn it into this one"),
            '\'' | '‘' | '’' | '`' => quotes("write `\"`; the words of a column's list are written without any"),
            '–' | '—' | '−' | '‐' | '‑' => {
                strange("write `-`; word processors turn it into this one").map(|found| found.fix(span, "-"))
            }
            ';' => strange("remove it: nothing is written between clauses or lines").map(|found| found.fix(span, "")),
            '/' => strange(first_typed::OVER),
            '*' => strange("write a whole number before it and a number behind it: `2 * days`"),
            '[' | ']' => strange("write `{` and `}` around a list, `(` and `)` around a condition"),
            c if c.is_alphanumeric() && !c.is_ascii() => strange(
                "names are made of the letters a to z, digits and `_`; other letters are possible in texts and comments",
            ),
            c if !c.is_ascii() || c.is_control() || matches!(c, '@' | '$' | '^' | '~' | '\\') => {
                strange("remove it; texts and comments may contain any character")
            }
            _ => None,
        }
    }
}
