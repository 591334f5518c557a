//! Fitting words into columns of a terminal.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};
use yardstick_language::visible;

/// How many cells of a terminal a text takes.
pub(super) fn width(text: &str) -> usize {
    text.width()
}

/// A text made exactly this wide: cut with `…`, or filled up at the right.
pub(super) fn left(text: &str, to: usize) -> String {
    let cut = cut(text, to);
    let fill = to.saturating_sub(width(&cut));
    cut + &" ".repeat(fill)
}

/// A text made exactly this wide, in the middle.
pub(super) fn centred(text: &str, to: usize) -> String {
    let cut = cut(text, to);
    let free = to.saturating_sub(width(&cut));
    format!("{}{cut}{}", " ".repeat(free / 2), " ".repeat(free - free / 2))
}

/// At most this wide, with `…` in place of what does not fit.
fn cut(text: &str, to: usize) -> String {
    let text = visible::value(text);
    if width(&text) <= to {
        return text.into_owned();
    }
    let (head, _) = split(&text, to.saturating_sub(1));
    if to == 0 { String::new() } else { format!("{head}…") }
}

/// The longest beginning that is at most this wide, and the rest.
fn split(text: &str, to: usize) -> (String, String) {
    let mut used = 0;
    let at = text.chars().take_while(|c| {
        used += c.width().unwrap_or(0);
        used <= to
    });
    let taken = at.count();
    (text.chars().take(taken).collect(), text.chars().skip(taken).collect())
}

/// Lines of at most this width, broken between words and after hyphens and strokes; a word that is
/// too long is broken with a hyphen.
pub(in crate::report) fn wrap(text: &str, to: usize) -> Vec<String> {
    let to = to.max(4);
    let mut lines: Vec<String> = Vec::new();
    for word in visible::lines(text).split_whitespace() {
        for (at, piece) in word.split_inclusive(['-', '/']).enumerate() {
            let between = if at == 0 { " " } else { "" };
            match lines.last_mut() {
                Some(line) if width(line) + width(between) + width(piece) <= to => {
                    line.push_str(between);
                    line.push_str(piece);
                }
                Some(_) | None => lines.extend(broken(piece, to)),
            }
        }
    }
    lines
}

/// A word as pieces of at most this width, the last no shorter than three letters where it can be
/// helped.
fn broken(word: &str, to: usize) -> Vec<String> {
    let mut pieces = Vec::new();
    let mut rest = word.to_owned();
    while width(&rest) > to {
        let most = (to - 1).min(width(&rest).saturating_sub(3)).max(2);
        let (head, tail) = split(&rest, most);
        if head.is_empty() {
            break;
        }
        pieces.push(format!("{head}-"));
        rest = tail;
    }
    pieces.push(rest);
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_break_between_and_then_within() {
        assert_eq!(wrap("Exit to reunification in 12 months", 9), ["Exit to", "reunific-", "ation in", "12 months"]);
        assert_eq!(wrap("Self-sufficiency", 11), ["Self-", "sufficiency"]);
        assert_eq!(wrap("maltreatment", 11), ["maltreatm-", "ent"]);
        assert_eq!(wrap("", 9), Vec::<String>::new());
        assert_eq!(wrap("日本語のタイトル", 6), ["日本-", "語の-", "タイ-", "トル"]);
    }

    #[test]
    fn every_line_is_as_wide_as_asked() {
        for text in ["", "o1", "Norwood and East", "日本語日本語", "tab\there", "e\u{301}e\u{301}e\u{301}e\u{301}"]
        {
            for to in 0..12 {
                assert_eq!(width(&left(text, to)).max(to), to, "{text} {to}");
                assert_eq!(width(&centred(text, to)).max(to), to, "{text} {to}");
            }
        }
        assert_eq!(left("Norwood", 5), "Norw…");
    }
}
