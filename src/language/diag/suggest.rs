//! "Did you mean": the nearest known name to a mistyped one.

use std::collections::BTreeSet;

/// Longer words are not compared.
const LONGEST: usize = 200;
/// How many names are listed where none is close.
const LISTED: usize = 12;

/// The candidate closest to `word`, when it is close enough to be what was meant.
#[must_use]
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // The comparison takes long for a long word, and a word of this length is not a typing error.
    if word.len() > LONGEST {
        return None;
    }
    let lower = word.to_lowercase();
    let (length, letters) = (word.chars().count(), letters(word));
    candidates
        .into_iter()
        .filter_map(|c| {
            let most = 1 + c.chars().count().min(length) / 3;
            // The full comparison is slow, so it is skipped where the letters alone differ by more.
            let near = c.chars().count().abs_diff(length) <= most && apart(letters, self::letters(c)) <= most;
            let distance = near.then(|| strsim::damerau_levenshtein(&lower, &c.to_lowercase()))?;
            (distance <= most).then_some((distance, c))
        })
        .min_by(|a, b| (a.0, a.1).cmp(&(b.0, b.1)))
        .map(|(_, c)| c)
}

/// The set of letters and digits in a word, a bit each, ignoring case. Other characters are left
/// out.
fn letters(word: &str) -> u64 {
    let place = |b: u8| match b.to_ascii_lowercase() {
        b @ b'a'..=b'z' => 1 << (b - b'a'),
        b @ b'0'..=b'9' => 1 << (26 + b - b'0'),
        _ => 0,
    };
    word.bytes().map(place).fold(0, |all, one: u64| all | one)
}

/// A lower bound for the edit distance of two words: one edit adds at most one letter and removes
/// at most one.
fn apart(one: u64, other: u64) -> usize {
    (one & !other).count_ones().max((other & !one).count_ones()) as usize
}

/// `did you mean `x`?` or a list of what there is, for the help line.
#[must_use]
pub fn help(word: &str, what: &str, candidates: &[&str]) -> String {
    if let Some(near) = nearest(word, candidates.iter().copied()) {
        return format!("did you mean `{near}`?");
    }
    if candidates.is_empty() {
        return format!("there are no {what} here");
    }
    let names: BTreeSet<_> = candidates.iter().collect();
    let shown: Vec<_> = names.iter().take(LISTED).map(|n| format!("`{n}`")).collect();
    let more = if names.len() > LISTED { format!(", and {} more", names.len() - LISTED) } else { String::new() };
    format!("{what} here: {}{more}", shown.join(", "))
}
