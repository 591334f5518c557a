//! Names and literals as SQL writes them, and pieces of text put together.

use chrono::NaiveDate;

/// Words that cannot be a name without quotation marks in one of the dialects.
const RESERVED: &str = "all analyse analyze and any array as asc asymmetric at authorization between binary both by \
    case cast check collate collation column concurrently constraint create cross current_catalog current_date \
    current_role current_schema current_time current_timestamp current_user day default deferrable desc describe \
    distinct do else end except exclude false fetch filter first following for foreign freeze from full grant group \
    groups having hour ilike in initially inner intersect interval into is isnull join key lambda last lateral leading \
    left level like limit localtime localtimestamp minute month natural no not notnull null offset on only or order \
    outer over overlaps partition pivot placing preceding primary qualify range references replace returning right row \
    rows second select session_user set show similar some start summarize symmetric table tablesample then to trailing \
    true type union unique unpivot user using values variadic verbose when where window with within without year";

/// A name, in quotation marks where it is no plain word.
pub(super) fn name(text: &str) -> String {
    let mut letters = text.chars();
    let begins = letters.next().is_some_and(|c| c.is_ascii_lowercase() || c == '_');
    let plain = begins && letters.all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    if plain && !RESERVED.split_whitespace().any(|word| word == text) {
        return text.to_owned();
    }
    format!("\"{}\"", text.replace('"', "\"\""))
}

/// A text in quotation marks.
pub(super) fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// A day.
pub(super) fn day(day: NaiveDate) -> String {
    format!("DATE '{day}'")
}

/// The text as one piece: in parentheses unless it is a name, a literal, a call, or stands in some
/// already.
pub(super) fn closed(text: &str) -> String {
    let is_literal = text.strip_prefix("DATE '").is_some_and(|rest| rest.find('\'') == Some(rest.len() - 1));
    if is_literal || is_whole(text) { text.to_owned() } else { format!("({text})") }
}

/// Whether nothing but names and signs that bind tightly stands outside of parentheses.
fn is_whole(text: &str) -> bool {
    let (mut depth, mut quote) = (0_usize, None);
    for sign in text.chars() {
        match (quote, sign) {
            (Some(mark), _) => quote = Some(mark).filter(|mark| *mark != sign),
            (None, '\'' | '"') => quote = Some(sign),
            (None, '(' | '[') => depth += 1,
            (None, ')' | ']') => depth = depth.saturating_sub(1),
            (None, _) if depth > 0 || sign.is_alphanumeric() || matches!(sign, '_' | '.') => {}
            (None, _) => return false,
        }
    }
    true
}

/// Every line moved in by two blanks.
pub(super) fn indented(text: &str) -> String {
    let lines: Vec<String> =
        text.lines().map(|line| if line.is_empty() { String::new() } else { format!("  {line}") }).collect();
    lines.join("\n")
}

/// Conditions beside each other: each on a line of its own where they are long.
pub(super) fn joined(word: &str, all: &[String]) -> String {
    let length: usize = all.iter().map(String::len).sum();
    if length > 70 || all.iter().any(|one| one.contains('\n')) {
        all.join(&format!("\n  {word} "))
    } else {
        all.join(&format!(" {word} "))
    }
}

/// Lines of a comment, broken at the width.
pub(super) fn comment(text: &str) -> String {
    const WIDTH: usize = 118;
    let mut lines: Vec<String> = Vec::new();
    for paragraph in text.lines() {
        let mut line = String::from("--");
        for word in paragraph.split_whitespace() {
            if line.len() + 1 + word.len() > WIDTH && line.len() > 2 {
                lines.push(std::mem::replace(&mut line, String::from("--  ")));
            }
            line.push(' ');
            line.push_str(word);
        }
        lines.push(line);
    }
    lines.join("\n")
}
