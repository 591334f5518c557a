//! What to write instead: the edits that findings carry, and the names that were probably meant.

use super::Definitions;
use crate::diag::{Diagnostic, Edit};
use crate::source::FileId;

/// Something that an editor can write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuickFix {
    /// What it does, in a few words.
    pub title: String,
    /// The edits, which belong together.
    pub edits: Vec<Edit>,
    /// Whether no other text could be meant: `yardstick check --fix` makes the same edits.
    pub certain: bool,
    /// The finding that is gone then.
    pub finding: Diagnostic,
}

/// What can be written about the findings that touch a piece of a text.
#[must_use]
pub fn at(definitions: &Definitions, file: FileId, start: u32, end: u32) -> Vec<QuickFix> {
    let touches = |finding: &&Diagnostic| {
        let mut spans = finding.labels.iter().map(|label| label.span);
        spans.any(|span| span.file == file && span.start <= end && start <= span.end)
    };
    definitions.findings(file).iter().filter(touches).filter_map(|finding| of(definitions, finding)).collect()
}

/// The certain fixes of a text whose edits do not touch one another, the first before others.
#[must_use]
pub fn all(definitions: &Definitions, file: FileId) -> Vec<Edit> {
    let mut chosen: Vec<Edit> = Vec::new();
    for finding in definitions.findings(file) {
        let apart = |edit: &Edit| {
            edit.span.file == file
                && chosen.iter().all(|other| edit.span.end < other.span.start || other.span.end < edit.span.start)
        };
        if finding.fix.iter().all(apart) {
            chosen.extend(finding.fix.iter().cloned());
        }
    }
    chosen
}

fn of(definitions: &Definitions, finding: &Diagnostic) -> Option<QuickFix> {
    let certain = !finding.fix.is_empty();
    let edits = if certain { finding.fix.clone() } else { vec![meant(finding)?] };
    let title = title(definitions, &edits);
    Some(QuickFix { title, edits, certain, finding: finding.clone() })
}

/// The name that the help asks about: `did you mean `x`?`.
fn meant(finding: &Diagnostic) -> Option<Edit> {
    let text = finding.help.as_ref()?.strip_prefix("did you mean `")?.strip_suffix("`?")?;
    Some(Edit { span: finding.span()?, text: text.to_owned() })
}

fn title(definitions: &Definitions, edits: &[Edit]) -> String {
    let [edit] = edits else { return format!("make {} changes", edits.len()) };
    let was = definitions.sources().text(edit.span);
    match (was.is_empty(), edit.text.trim()) {
        (true, text) => format!("add `{text}`"),
        (false, "") => format!("remove `{}`", short(was)),
        (false, text) => format!("write `{text}` instead of `{}`", short(was)),
    }
}

/// The first line of a text.
fn short(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}
