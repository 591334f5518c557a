//! The findings that people read: one [`Diagnostic`] type for every mistake in a definition.
//!
//! A diagnostic needs a [`Code`] and a place; the code's page (`yardstick explain E0203`) says
//! more. Messages are lower case, without a full stop, with the analyst's own words in backticks,
//! and never name a Rust type. `render.rs` is the only file that names miette.

pub mod code;
pub mod github;
pub mod render;
pub mod sarif;
pub mod suggest;

use crate::source::Span;
pub use code::{Code, Level};

/// How much a diagnostic matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The definitions cannot be used.
    Error,
    /// The definitions can be used, but something in them is probably not meant.
    Warning,
}

/// A place in a text, with a note about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// Where.
    pub span: Span,
    /// A few words shown under the place; may be empty.
    pub text: String,
}

/// A piece of text that takes the place of another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// The text that goes; between two characters when nothing goes.
    pub span: Span,
    /// The text that comes.
    pub text: String,
}

/// One finding about the analyst's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// The stable code, which has a page.
    pub code: Code,
    /// Error or warning; follows from the code.
    pub severity: Severity,
    /// What is wrong, in one sentence.
    pub message: String,
    /// The place (first) and related places.
    pub labels: Vec<Label>,
    /// What to write instead.
    pub help: Option<String>,
    /// The one text that means what was meant, as edits that belong together; empty when nobody but
    /// the author can say what was meant. `yardstick check --fix` makes them.
    pub fix: Vec<Edit>,
}

impl Diagnostic {
    /// A finding with this code at this place.
    #[must_use]
    pub fn new(code: Code, span: Span, message: impl Into<String>) -> Self {
        Self {
            code,
            severity: code.severity(),
            message: message.into(),
            labels: vec![Label { span, text: String::new() }],
            help: None,
            fix: Vec::new(),
        }
    }

    /// Sets the note under the main place.
    #[must_use]
    pub fn because(mut self, text: impl Into<String>) -> Self {
        if let Some(first) = self.labels.first_mut() {
            first.text = text.into();
        }
        self
    }

    /// Adds a related place.
    #[must_use]
    pub fn also(mut self, span: Span, text: impl Into<String>) -> Self {
        self.labels.push(Label { span, text: text.into() });
        self
    }

    /// Says what to write instead.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help = Some(text.into());
        self
    }

    /// Adds an edit to the exact replacement. Only where no other text could be meant.
    #[must_use]
    pub fn fix(mut self, span: Span, text: impl Into<String>) -> Self {
        self.fix.push(Edit { span, text: text.into() });
        self
    }

    /// The main place.
    #[must_use]
    pub fn span(&self) -> Option<Span> {
        self.labels.first().map(|l| l.span)
    }
}

/// A collector of findings: every stage adds, none stops at the first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Diagnostics {
    items: Vec<Diagnostic>,
}

impl Diagnostics {
    /// Adds one finding.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.items.push(diagnostic);
    }

    /// Adds all findings of another collector.
    pub fn extend(&mut self, other: Diagnostics) {
        self.items.extend(other.items);
    }

    /// Whether any finding is an error.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.items.iter().any(|d| d.severity == Severity::Error)
    }

    /// The errors.
    pub fn errors(&self) -> impl Iterator<Item = &Diagnostic> {
        self.items.iter().filter(|d| d.severity == Severity::Error)
    }

    /// Whether there is no finding at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// Whether there is this finding.
    #[must_use]
    pub fn has(&self, finding: &Diagnostic) -> bool {
        self.items.contains(finding)
    }

    /// The findings, in the order in which they were found.
    pub fn into_found(self) -> impl Iterator<Item = Diagnostic> {
        self.items.into_iter()
    }

    /// How many errors and how many warnings.
    #[must_use]
    pub fn counts(&self) -> (usize, usize) {
        let errors = self.items.iter().filter(|d| d.severity == Severity::Error).count();
        (errors, self.items.len() - errors)
    }

    /// Drops the findings with these codes.
    pub fn drop_codes(&mut self, codes: &[Code]) {
        self.items.retain(|d| !codes.contains(&d.code));
    }

    /// Gives every warning its level: it is dropped, told, or an error.
    pub fn regrade(&mut self, level: impl Fn(Code) -> Option<Level>) {
        self.items.retain_mut(|finding| match level(finding.code) {
            Some(Level::Off) => false,
            Some(Level::Error) => {
                finding.severity = Severity::Error;
                true
            }
            Some(Level::Warn) | None => true,
        });
    }

    /// The findings by file and place, each once; errors before warnings.
    #[must_use]
    pub fn sorted(&self) -> Vec<&Diagnostic> {
        let mut all: Vec<_> = self.items.iter().collect();
        let by = |d: &Diagnostic| (d.severity != Severity::Error, d.span(), d.code.as_str());
        all.sort_by(|a, b| (by(a), &a.message).cmp(&(by(b), &b.message)));
        all.dedup();
        all
    }
}
