//! CSV as spreadsheets open it. A text that begins like a formula would be run as one, whoever
//! wrote it into the data; as OWASP advises (CSV injection), it gets a `'` before it, which makes
//! it a text again.

use std::borrow::Cow;

/// What a formula begins with; the wide forms are those of Chinese and Japanese keyboards.
const BEGINS: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '\u{FF1D}', '\u{FF0B}', '\u{FF0D}', '\u{FF20}'];

/// How CSV is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Csv {
    /// Texts as they are, for programs.
    pub raw: bool,
    /// With a byte order mark, by which Excel knows that the file is UTF-8.
    pub mark: bool,
}

impl Csv {
    /// What stands before the first line.
    #[must_use]
    pub fn begins(self) -> &'static str {
        if self.mark { "\u{FEFF}" } else { "" }
    }

    /// A text as it stands in a cell. A number such as `-3` is no formula. A text that has a `'`
    /// before what looks like a formula gets one more, so that whoever takes one away from each
    /// such cell has the texts as they were.
    #[must_use]
    pub fn text(self, text: &str) -> Cow<'_, str> {
        let is_formula = text.trim_start_matches('\'').starts_with(BEGINS) && !is_number(text);
        if is_formula && !self.raw { format!("'{text}").into() } else { text.into() }
    }
}

/// Whether a text is a number below zero: `-3`, `-0.5`.
fn is_number(text: &str) -> bool {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    text.strip_prefix('-').is_some_and(|rest| {
        let (whole, fraction) = rest.split_once('.').unwrap_or((rest, "0"));
        digits(whole) && digits(fraction)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_become_texts_and_can_be_had_back() {
        let formulas =
            ["=1+1", "+1", "-1+1", "-", "-1.", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\u{FF1D}1", "'=1", "''@a"];
        for formula in formulas {
            let cell = Csv::default().text(formula);
            assert_eq!(cell, format!("'{formula}"));
            assert_eq!(Csv { raw: true, mark: false }.text(formula), formula);
        }
        for text in ["", "O'Neill", "'t Hooft", "''", "-3", "-0.25", "a=1", "1+1", " =1", "é"] {
            assert_eq!(Csv::default().text(text), text);
        }
    }
}
