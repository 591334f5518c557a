//! Clauses as they stand in the files, for people: without comments, and the part of one that is a
//! comparison.

/// What compares a day or a number with another, or with the window; the longer ones first.
const COMPARISONS: [&str; 9] =
    [" on or before ", " on or after ", " before ", " after ", " <= ", " >= ", " < ", " > ", " in window"];
/// What stands between two conditions.
const BETWEEN: [&str; 6] = [" and ", " where ", " have ", " or ", "(", ")"];

/// A text without comments, each run of blanks as one.
pub(super) fn plain(text: &str) -> String {
    let mut out = String::new();
    for line in text.lines() {
        let mut quoted = false;
        let code: String = line
            .chars()
            .take_while(|c| {
                quoted ^= *c == '"';
                quoted || *c != '#'
            })
            .collect();
        out.push_str(&code);
        out.push(' ');
    }
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The comparison of this number in a clause of which so many are known, without comments; the
/// whole clause when it has another number of them.
pub(super) fn comparison(clause: &str, number: usize, of: usize) -> String {
    let text = plain(clause);
    let found = comparisons(&text);
    let Some((start, end)) = found.get(number).filter(|_| found.len() == of) else { return text };
    let before = text.get(..*start).unwrap_or_default();
    let after = text.get(*end..).unwrap_or_default();
    // `on or before` is no `or`.
    let begins = BETWEEN.iter().filter_map(|sign| Some(before.rfind(sign)? + sign.len())).max().unwrap_or(0);
    let ends = BETWEEN.iter().filter_map(|sign| after.find(sign)).min().unwrap_or(after.len());
    text.get(begins..end + ends).unwrap_or(&text).trim().to_owned()
}

/// Where comparisons stand in a text, in order.
fn comparisons(text: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(rest) = text.get(at..) {
        let next =
            COMPARISONS.iter().filter_map(|sign| Some((rest.find(sign)?, sign.len()))).min_by_key(|(at, len)| {
                // Of those that begin at one place, the longest.
                (*at, usize::MAX - len)
            });
        let Some((start, len)) = next else { break };
        found.push((at + start, at + start + len));
        at += start + len;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comparison_is_cut_out_of_its_clause() {
        let clause = "numerator some rows as later   # a note\n  where later.day on or after day and later.day before day + 1 month";
        assert_eq!(comparison(clause, 0, 2), "later.day on or after day");
        assert_eq!(comparison(clause, 1, 2), "later.day before day + 1 month");
        assert_eq!(
            comparison(clause, 0, 3),
            "numerator some rows as later where later.day on or after day and later.day before day + 1 month"
        );
    }
}
