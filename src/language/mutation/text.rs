//! Changes of a text: places that are replaced, and words that are looked for outside of comments.

use crate::source::Span;

/// A place and what stands there instead.
pub type Replaced = (Span, String);

/// The text that begins at byte `start`, with the replacements made that lie in it. They do not
/// overlap.
pub(super) fn replaced(text: &str, start: u32, all: &[Replaced]) -> String {
    let mut all: Vec<&Replaced> = all.iter().collect();
    all.sort_by_key(|(span, _)| span.start);
    let (mut out, mut done) = (String::new(), 0);
    for (span, instead) in all {
        let from = span.start.saturating_sub(start) as usize;
        out += text.get(done..from).unwrap_or_default();
        out += instead;
        done = span.end.saturating_sub(start) as usize;
    }
    out + text.get(done..).unwrap_or_default()
}

/// Where a word stands between two bytes of a file's text, comments left out.
pub(super) fn word(text: &str, between: Span, word: &str) -> Option<Span> {
    let range = between.start as usize..between.end as usize;
    let inside = text.get(range)?;
    let is_part = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    let mut in_comment = false;
    let mut before = None;
    for (place, letter) in inside.char_indices() {
        in_comment = (in_comment || letter == '#') && letter != '\n';
        let rest = inside.get(place..)?;
        if !in_comment && rest.starts_with(word) && !is_part(before) && !is_part(rest.get(word.len()..)?.chars().next())
        {
            let start = between.start as usize + place;
            return Some(Span::new(between.file, start, start + word.len()));
        }
        before = Some(letter);
    }
    None
}

/// A whole number or a decimal as it is written, a step of its last digit further: `12` and `11`,
/// `0.49` and `0.51`. Nothing below 0.
pub(super) fn steps(number: &str) -> Vec<String> {
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    let Ok(value) = digits.parse::<u64>() else { return Vec::new() };
    let after = number.split_once('.').map_or(0, |(_, after)| after.chars().filter(char::is_ascii_digit).count());
    let written = |value: u64| {
        let digits = format!("{value:0>width$}", width = after + 1);
        let (whole, rest) = digits.split_at(digits.len() - after);
        if rest.is_empty() { whole.to_owned() } else { format!("{whole}.{rest}") }
    };
    [value.checked_sub(1), value.checked_add(1)].into_iter().flatten().map(written).collect()
}

/// A length of time as it is written, a step shorter and a step longer: `44 days` and `46 days`.
pub(super) fn lengths(length: &str) -> Vec<String> {
    let Some((number, unit)) = length.split_once(char::is_whitespace) else { return Vec::new() };
    let many = |unit: &str| unit.trim().trim_end_matches('s').to_owned();
    steps(number).into_iter().map(|n| format!("{n} {}{}", many(unit), if n == "1" { "" } else { "s" })).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::FileId;

    #[test]
    fn numbers_and_lengths_go_a_step_down_and_up() {
        assert_eq!(lengths("45 days"), ["44 days", "46 days"]);
        assert_eq!(lengths("1  month"), ["0 months", "2 months"]);
        assert_eq!(lengths("2 business days"), ["1 business day", "3 business days"]);
        assert_eq!(steps("0"), ["1"]);
        assert_eq!(steps("0.50"), ["0.49", "0.51"]);
        assert_eq!(steps("1.0"), ["0.9", "1.1"]);
        assert_eq!(steps("1_000"), ["999", "1001"]);
    }

    #[test]
    fn words_are_found_outside_of_comments_and_of_words() {
        let text = "a  # and not here\n band and b";
        let whole = Span::new(FileId(0), 0, text.len());
        assert_eq!(word(text, whole, "and"), Some(Span::new(FileId(0), 24, 27)));
        assert_eq!(word(text, whole, "or"), None);
    }
}
