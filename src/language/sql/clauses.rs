//! The clauses of an indicator as they stand in its text, for the comments of a query.

use crate::ir::{Expr, ExprKind, Indicator, RowId};
use crate::source::Sources;
use std::collections::BTreeMap;

/// The text of each clause, on one line, without comments.
#[derive(Debug, Default)]
pub(super) struct Clauses {
    pub(super) cohort: String,
    pub(super) picked: String,
    pub(super) exclusions: String,
    pub(super) measured: String,
    pub(super) attribute: String,
}

impl Clauses {
    /// Those of an indicator.
    pub(super) fn of(sources: &Sources, indicator: &Indicator) -> Self {
        let lines = lines(sources.text(indicator.span));
        let named = |names: &[&str]| {
            let of = |line: &&String| names.iter().any(|name| line.split_whitespace().next() == Some(name));
            lines.iter().filter(of).cloned().collect::<Vec<_>>().join("\n")
        };
        let cohort = named(&["cohort"]);
        let (cohort, picked) = match indicator.cohort.pick {
            Some(_) => (cohort.clone(), cohort),
            None => (cohort, String::new()),
        };
        Self {
            cohort,
            picked,
            exclusions: named(&["exclude"]),
            measured: named(&["let", "measure", "numerator", "denominator"]),
            attribute: named(&["attribute"]),
        }
    }

    /// The names that the text gives to the rows of its questions.
    pub(super) fn aliases(&self, sources: &Sources, indicator: &Indicator) -> BTreeMap<RowId, String> {
        let mut found = BTreeMap::new();
        for e in indicator.expressions() {
            e.walk(&mut |e: &Expr| {
                if let (ExprKind::Linked(q), Some(span)) = (&e.kind, e.at.own())
                    && let Some(alias) = alias(sources.text(span))
                {
                    found.insert(q.row, alias);
                }
            });
        }
        found
    }
}

/// The word behind `as`, where it is the first of its kind.
fn alias(text: &str) -> Option<String> {
    let head = text.split(" where ").next()?.split(" have ").next()?;
    let mut words = head.split_whitespace();
    words.find(|word| *word == "as")?;
    let word: String =
        words.next()?.chars().take_while(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || *c == '_').collect();
    (!word.is_empty()).then_some(word)
}

/// The clauses of a text, each on one line: a clause begins with a word that is moved in by no more
/// than the first.
fn lines(text: &str) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    let body = text.split_once('{').map_or("", |(_, body)| body);
    let mut depth = 1_i32;
    for line in body.lines() {
        let code = without_comment(line);
        let indent = code.len() - code.trim_start().len();
        let words = code.split_whitespace().collect::<Vec<_>>().join(" ");
        let starts = CLAUSES.iter().any(|word| words.split(' ').next() == Some(word)) && indent <= 4 && depth == 1;
        depth += i32::try_from(code.matches('{').count()).unwrap_or(0)
            - i32::try_from(code.matches('}').count()).unwrap_or(0);
        if words.is_empty() || depth < 1 {
            continue;
        }
        match all.last_mut().filter(|_| !starts) {
            Some(last) => *last = format!("{last} {words}"),
            None => all.push(words),
        }
    }
    all
}

/// The words with which clauses begin.
const CLAUSES: [&str; 26] = [
    "title",
    "tier",
    "domain",
    "question",
    "reading",
    "source",
    "status",
    "owner",
    "approved",
    "review",
    "window",
    "lag",
    "history",
    "as",
    "let",
    "cohort",
    "exclude",
    "measure",
    "numerator",
    "denominator",
    "attribute",
    "standard",
    "without",
    "minimum",
    "yellow",
    "like",
];

/// A line without the comment at its end.
fn without_comment(line: &str) -> &str {
    let mut quoted = false;
    for (at, sign) in line.char_indices() {
        match sign {
            '"' => quoted = !quoted,
            '#' if !quoted => return line.get(..at).unwrap_or(line),
            _ => {}
        }
    }
    line
}
