//! The clauses of an indicator that are written otherwise, as they stand in the files.

use super::super::clause_text::plain;
use super::version::Version;
use crate::source::{Sources, Span};
use crate::syntax::ast::{self, Item};
use serde::Serialize;

/// A clause before and now; nothing where there was or is none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Clause {
    pub(super) old: Option<String>,
    pub(super) new: Option<String>,
}

/// A clause: what tells it from the others, and its text.
type Written = (String, String);

/// The clauses of an indicator that are not the same in both, but for blanks and comments, in the
/// order of the new text; those that are gone come last.
pub(super) fn changed(old: &Version, new: &Version, id: &str) -> Vec<Clause> {
    let (before, now) = (clauses(old, id), clauses(new, id));
    let of = |all: &[Written], key: &str| all.iter().find(|(k, _)| k == key).map(|(_, text)| text.clone());
    let mut found: Vec<Clause> = (now.iter())
        .map(|(key, text)| Clause { old: of(&before, key), new: Some(text.clone()) })
        .filter(|clause| clause.old.as_deref().map(plain) != clause.new.as_deref().map(plain))
        .collect();
    let gone = before.iter().filter(|(key, _)| of(&now, key).is_none());
    found.extend(gone.map(|(_, text)| Clause { old: Some(text.clone()), new: None }));
    found
}

fn clauses(version: &Version, id: &str) -> Vec<Written> {
    let items = version.asts.iter().flat_map(|ast| &ast.items);
    let mut declared = items.filter_map(|item| match item {
        Item::Indicator(of) if of.name.value == id => Some(of),
        _ => None,
    });
    let Some(declared) = declared.next_back() else { return Vec::new() };
    let mut all: Vec<Written> = Vec::new();
    let like = declared.like.iter().map(|like| ("like".to_owned(), format!("like {}", like.value)));
    all.extend(like);
    for clause in &declared.clauses {
        let text = outdented(&version.sources, clause.span);
        let head = text.split_whitespace().next().unwrap_or_default();
        let mut key = match &clause.value {
            ast::Clause::Let { name, .. } => format!("{head} {}", name.value),
            ast::Clause::Exclude { reason, .. } => format!("{head} {}", reason.value),
            _ => head.to_owned(),
        };
        // Several of one kind are told by their order.
        while all.iter().any(|(other, _)| *other == key) {
            key.push('\'');
        }
        all.push((key, text));
    }
    all
}

/// A text with the blanks before its further lines taken away as far as all have them.
fn outdented(sources: &Sources, span: Span) -> String {
    let text = sources.text(span).trim_end();
    let blank = |line: &str| line.len() - line.trim_start().len();
    let (_, column) = sources.file(span.file).line_column(span.start);
    let further = text.lines().skip(1).filter(|line| !line.trim().is_empty());
    let cut = further.map(blank).min().unwrap_or(0).min(column.saturating_sub(1));
    let lines = text.lines().enumerate();
    let lines = lines.map(|(n, line)| if n == 0 { line } else { line.get(cut.min(blank(line))..).unwrap_or_default() });
    lines.collect::<Vec<_>>().join("\n")
}
