//! "Did you mean": the nearest known name to a mistyped one.

/// Longer words are not compared.
const LONGEST: usize = 200;

/// The candidate closest to `word`, when it is close enough to be what was meant.
#[must_use]
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // Comparing takes as long as the word; one this long is no slip of the pen.
    if word.len() > LONGEST {
        return None;
    }
    let lower = word.to_lowercase();
    candidates
        .into_iter()
        .map(|c| (strsim::damerau_levenshtein(&lower, &c.to_lowercase()), c))
        .filter(|(distance, c)| *distance <= 1 + c.chars().count().min(word.chars().count()) / 3)
        .min_by(|a, b| (a.0, a.1).cmp(&(b.0, b.1)))
        .map(|(_, c)| c)
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
    let mut names: Vec<_> = candidates.to_vec();
    names.sort_unstable();
    names.dedup();
    let shown: Vec<_> = names.iter().take(12).map(|n| format!("`{n}`")).collect();
    let more = if names.len() > 12 { format!(", and {} more", names.len() - 12) } else { String::new() };
    format!("{what} here: {}{more}", shown.join(", "))
}
