//! Where the reference says that something differs on purpose: a link to a heading, and the words
//! that stand below it.

use crate::root;
use std::fs;

/// The name by which a heading is linked to.
fn anchor(heading: &str) -> String {
    let text = heading.trim_start_matches('#').trim().to_lowercase();
    let kept = text.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.map(|c| if c == ' ' { '-' } else { c }).collect()
}

/// What stands under a heading of a page, with every run of blanks as one.
fn section(page: &str, wanted: &str) -> Option<String> {
    let mut lines = page.lines().skip_while(|line| !(line.starts_with('#') && anchor(line) == wanted));
    let depth = |line: &str| line.bytes().take_while(|b| *b == b'#').count();
    let heading = lines.next()?;
    let mut code = false;
    let inside = lines.take_while(|line| {
        code ^= line.starts_with("```");
        code || !line.starts_with('#') || depth(line) > depth(heading)
    });
    let words: Vec<&str> = inside.flat_map(str::split_whitespace).collect();
    Some(words.join(" "))
}

/// Why the reference does not say what a fact quotes; `None` when it does. A reason is
/// `[words](../../../grammar/PAGE.md#heading): "what is said there"`.
pub(crate) fn unsaid(why: &str) -> Option<String> {
    let parts = why.split_once("](../../../grammar/").and_then(|(_, rest)| rest.split_once("): \""));
    let Some((target, quoted)) = parts else {
        return Some(
            "where does the reference say so? [section](../../../grammar/README.md#heading): \"...\"".to_owned(),
        );
    };
    let (page, heading) = target.split_once('#')?;
    let quoted = quoted.rsplit_once('"').map_or(quoted, |(quoted, _)| quoted);
    let text = fs::read_to_string(root().join("grammar").join(page)).unwrap_or_default();
    match section(&text, heading) {
        None => Some(format!("grammar/{page} has no heading #{heading}")),
        Some(section) if section.contains(quoted) => None,
        Some(_) => Some(format!("grammar/{page}#{heading} does not say \"{quoted}\"")),
    }
}
