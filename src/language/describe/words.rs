//! Numbers, days, lengths of time and names as words.

use crate::ir::{MONTHS, Ty};
use chrono::{Datelike, NaiveDate};

/// `31 October 2025`.
pub(super) fn day(date: NaiveDate) -> String {
    let month = MONTHS.get(date.month0() as usize).copied().unwrap_or_default();
    format!("{} {month} {}", date.day(), date.year())
}

/// `1 month`, `12 months`.
pub(super) fn so_many(n: i64, unit: &str) -> String {
    let s = if n == 1 { "" } else { "s" };
    format!("{} {unit}{s}", number(n))
}

/// Minutes of the clock, as hours where they are whole: `24 hours`, `90 minutes`.
pub(super) fn of_clock(minutes: i64) -> String {
    if minutes % 60 == 0 { so_many(minutes / 60, "hour") } else { so_many(minutes, "minute") }
}

/// Months as people count them: `24 months`, `18 years`.
pub(super) fn months(n: i64) -> String {
    if n > 36 && n % 12 == 0 { so_many(n / 12, "year") } else { so_many(n, "month") }
}

/// `100,000`.
pub(super) fn number(n: i64) -> String {
    let digits = n.unsigned_abs().to_string();
    let mut made = String::new();
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            made.push(',');
        }
        made.push(c);
    }
    if n < 0 { format!("-{made}") } else { made }
}

/// A decimal that is kept as a whole number: `1,234.50`.
pub(super) fn decimal(ty: Ty, n: i64) -> String {
    let written = ty.written(n);
    let (sign, rest) = written.strip_prefix('-').map_or(("", written.as_str()), |rest| ("-", rest));
    let (whole, fraction) = rest.split_once('.').unwrap_or((rest, "0"));
    format!("{sign}{}.{fraction}", whole.parse().map_or_else(|_| whole.to_owned(), number))
}

/// A name of the model as words: `removed_on` is `removed on`.
pub(super) fn plain(name: &str) -> String {
    name.replace('_', " ")
}

/// A name of a column or a code, in quotation marks, so that it is no word of the sentence.
pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", plain(name))
}

/// `a removal`, `an allegation`.
pub(super) fn one(noun: &str) -> String {
    let vowel = noun.starts_with(['a', 'e', 'i', 'o', 'A', 'E', 'I', 'O']);
    format!("{} {noun}", if vowel { "an" } else { "a" })
}

/// The text with a capital at its beginning.
pub(super) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// `a`, `a and b`, `a, b and c`.
pub(super) fn joined(parts: &[String], by: &str) -> String {
    match parts {
        [] => String::new(),
        [one] => one.clone(),
        [most @ .., last] => format!("{} {by} {last}", most.join(", ")),
    }
}

/// The n-th letter; after `Z` comes `AA`.
pub(super) fn letter(n: usize) -> String {
    let last = char::from(b'A' + u8::try_from(n % 26).unwrap_or_default());
    if n < 26 { last.to_string() } else { format!("{}{last}", letter(n / 26 - 1)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_go_on_after_z() {
        assert_eq!([0, 25, 26, 51, 52, 701, 702].map(letter), ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]);
    }

    #[test]
    fn numbers_are_grouped() {
        assert_eq!([0, 999, 1000, 100_000, -12_345].map(number), ["0", "999", "1,000", "100,000", "-12,345"]);
    }
}
