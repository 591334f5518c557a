//! Text as people see it: nothing in it moves the cursor, changes a terminal or changes the reading
//! order of the text beside it.
//!
//! Ids and names come from data, and whoever wrote them may have put control characters there.
//! Everything that is written for people goes through here; files for programs carry the data as it
//! is.

use std::borrow::Cow;

/// The replacement for such a character.
pub const INSTEAD: char = char::REPLACEMENT_CHARACTER;

/// Whether a character does something instead of showing something: controls (C0, DEL, C1), breaks
/// of lines and paragraphs, and what overrides the direction of text.
#[must_use]
pub fn acts(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// One value, on one line: line breaks and tabs are made visible, too.
#[must_use]
pub fn value(text: &str) -> Cow<'_, str> {
    shown(text, acts)
}

/// A text of several lines: its line breaks and tabs stay.
#[must_use]
pub fn lines(text: &str) -> Cow<'_, str> {
    shown(text, |c| acts(c) && c != '\n' && c != '\t')
}

fn shown(text: &str, odd: impl Fn(char) -> bool + Copy) -> Cow<'_, str> {
    if text.contains(odd) { text.replace(odd, "\u{FFFD}").into() } else { text.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_acts_is_shown_and_what_is_shown_stays() {
        let odd =
            ["\0", "\u{7}", "\u{1b}", "\u{7f}", "\u{85}", "\u{9b}", "\u{2028}", "\u{202e}", "\u{2066}", "\u{2069}"];
        for odd in odd {
            assert_eq!(value(&format!("a{odd}b")), format!("a{INSTEAD}b"), "{odd:?}");
            assert_eq!(lines(&format!("a{odd}\tb\n")), format!("a{INSTEAD}\tb\n"), "{odd:?}");
        }
        assert_eq!(value("a\r\n\tb"), "a\u{FFFD}\u{FFFD}\u{FFFD}b");
        let plain = "Ana López, 日本語, e\u{301}, שלום\u{200f}, 👩\u{200d}👧";
        assert!(matches!(value(plain), Cow::Borrowed(same) if same == plain));
    }
}
