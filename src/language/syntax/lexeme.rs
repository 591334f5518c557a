//! The few questions about characters that can be asked without the grammar: words, lines, where a
//! quoted text ends.

/// Words that begin a declaration.
pub(super) const DECLARATIONS: [&str; 14] = [
    "levels",
    "domains",
    "dates",
    "text",
    "headers",
    "quality",
    "business",
    "times",
    "table",
    "codes",
    "rows",
    "indicator",
    "scorecard",
    "test",
];

/// Words that begin a clause of an indicator.
pub(super) const CLAUSES: [&str; 19] = [
    "title",
    "tier",
    "domain",
    "question",
    "reading",
    "source",
    "status",
    "window",
    "lag",
    "history",
    "let",
    "cohort",
    "exclude",
    "measure",
    "numerator",
    "denominator",
    "attribute",
    "standard",
    "minimum",
];

/// How a quoted text goes on.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Quoted {
    /// It ends before this offset.
    Closed(usize),
    /// Its closing quotation mark is missing; the line it begins on ends here.
    Open(usize),
}

pub(super) fn is_word_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// The end of the word that begins at `at`; `at` when none does.
pub(super) fn word_end(text: &str, at: usize) -> usize {
    let rest = text.as_bytes().get(at..).unwrap_or_default();
    if rest.first().is_some_and(u8::is_ascii_digit) {
        return at;
    }
    at + rest.iter().take_while(|b| is_word_byte(**b)).count()
}

/// The word that begins at `at`, which may be empty.
pub(super) fn word_at(text: &str, at: usize) -> &str {
    text.get(at..word_end(text, at)).unwrap_or_default()
}

/// The end of the line that holds `at`, before its line end.
pub(super) fn line_end(text: &str, at: usize) -> usize {
    let rest = text.as_bytes().get(at..).unwrap_or_default();
    at + rest.iter().position(|b| *b == b'\n').unwrap_or(rest.len())
}

/// The first offset from `at` on that is no blank; line ends are passed over too when `lines`.
pub(super) fn after_blanks(text: &str, at: usize, lines: bool) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    let blank = |c: char| c == ' ' || c == '\t' || c == '\r' || c == '\u{A0}' || (lines && c == '\n');
    at + (rest.len() - rest.trim_start_matches(blank).len())
}

/// Where the text in quotation marks that begins at `at` ends.
///
/// A text may go on over lines, so a missing quotation mark would swallow everything up to the next
/// one. Two signs tell: a line inside begins like a declaration, or, after several lines, the
/// closing mark is followed directly by a letter, as the *opening* mark of the next text is.
pub(super) fn quoted(text: &str, at: usize) -> Quoted {
    let bytes = text.as_bytes();
    let mut i = at + 1;
    let mut lines = false;
    while let Some(byte) = bytes.get(i) {
        match byte {
            b'\\' => i = escaped_end(text, i) - 1,
            b'\n' => {
                lines = true;
                if begins_declaration(text, i + 1) {
                    return Quoted::Open(line_end(text, at));
                }
            }
            b'"' if lines && !may_follow_text(bytes.get(i + 1)) => return Quoted::Open(line_end(text, at)),
            b'"' => return Quoted::Closed(i + 1),
            _ => {}
        }
        i += 1;
    }
    Quoted::Open(line_end(text, at))
}

/// One past a backslash and the character it stands before. Outside texts, a `\"` opens none, so
/// that no stretch of a file is searched for a closing mark again and again.
pub(super) fn escaped_end(text: &str, at: usize) -> usize {
    match text.as_bytes().get(at + 1) {
        None | Some(b'\n') => at + 1,
        Some(_) => at + 2,
    }
}

/// One past the text, comment, word or single character at `at`.
pub(super) fn step(text: &str, at: usize) -> usize {
    match text.as_bytes().get(at) {
        Some(b'#') => line_end(text, at),
        Some(b'\\') => escaped_end(text, at),
        Some(b'"') => match quoted(text, at) {
            Quoted::Closed(end) | Quoted::Open(end) => end,
        },
        _ => word_end(text, at).max(at + 1),
    }
}

fn may_follow_text(next: Option<&u8>) -> bool {
    next.is_none_or(|b| b.is_ascii_whitespace() || matches!(b, b',' | b'}' | b')' | b'#' | b'|' | 0xC2))
}

/// Whether the line at `at` begins a declaration beyond doubt: its word in the first column and
/// what must follow it. Asked inside open brackets and texts, where the word alone could be a
/// column or prose.
pub(super) fn begins_declaration(text: &str, at: usize) -> bool {
    let word = word_at(text, at);
    if !DECLARATIONS.contains(&word) {
        return false;
    }
    let next = after_blanks(text, at + word.len(), false);
    let name_end = word_end(text, next);
    let named = name_end > next;
    let sign = text.as_bytes().get(after_blanks(text, name_end, false)).copied().unwrap_or(b'\n');
    match word {
        "dates" => text.as_bytes().get(next).is_some_and(u8::is_ascii_digit),
        "text" => text.as_bytes().get(next) == Some(&b'"'),
        "headers" => word_at(text, next) == "ignoring",
        "quality" => word_at(text, next) == "at",
        "business" => word_at(text, next) == "days",
        "times" => word_at(text, next) == "are",
        "levels" => named && sign == b'>',
        "domains" => named && matches!(sign, b'"' | b','),
        "codes" | "rows" => named && sign == b'=',
        "test" => named && sign == b'"',
        "table" => named && matches!(sign, b'"' | b'{' | b'f' | b'n' | b'd'),
        _ => named && matches!(sign, b'"' | b'{' | b'\n'),
    }
}
