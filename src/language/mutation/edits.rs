//! Gathers the changes of one indicator's text.

use super::text::{self, Replaced};
use crate::check::references::{Kind, References};
use crate::source::{Sources, Span};

/// A change of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// The text that is shown, and around all that is changed.
    pub place: Span,
    /// What is replaced.
    pub replaced: Vec<Replaced>,
    /// What stands in the place then, as it is shown.
    pub after: String,
}

#[derive(Debug)]
pub(super) struct Edits<'s> {
    sources: &'s Sources,
    references: &'s References,
    pub(super) all: Vec<Edit>,
}

impl<'s> Edits<'s> {
    pub(super) fn new(sources: &'s Sources, references: &'s References) -> Self {
        Self { sources, references, all: Vec::new() }
    }

    pub(super) fn text(&self, span: Span) -> &'s str {
        self.sources.text(span)
    }

    /// Several places at once, shown with the text around them.
    pub(super) fn several(&mut self, replaced: Vec<Replaced>, place: Span) {
        let after = text::replaced(self.text(place), place.start, &replaced);
        self.all.push(Edit { place, replaced, after });
    }

    /// One place, shown with the text around it.
    pub(super) fn replace(&mut self, span: Span, instead: &str, place: Span) {
        self.several(vec![(span, instead.to_owned())], place);
    }

    /// One place, of which something else is shown than what stands there.
    pub(super) fn shown(&mut self, span: Span, instead: &str, place: Span, after: &str) {
        self.all.push(Edit { place, replaced: vec![(span, instead.to_owned())], after: after.to_owned() });
    }

    /// The first such word in a place as another.
    pub(super) fn word(&mut self, within: Span, word: &str, other: &str, place: Span) {
        if let Some(span) = self.find(within, word) {
            self.replace(span, other, place);
        }
    }

    pub(super) fn find(&self, within: Span, word: &str) -> Option<Span> {
        text::word(&self.sources.file(within.file).text, within, word)
    }

    /// Where a sign stands between two values.
    pub(super) fn sign(&self, left: Span, right: Span, sign: &str) -> Option<Span> {
        let between = Span { start: left.end, end: right.start, ..left };
        let at = between.start as usize + self.text(between).find(sign)?;
        Some(Span::new(left.file, at, at + sign.len()))
    }

    /// A length of time a step shorter, and a step longer.
    pub(super) fn length(&mut self, span: Span) {
        self.lengths(span, span);
    }

    pub(super) fn lengths(&mut self, span: Span, place: Span) {
        for other in text::lengths(self.text(span)) {
            self.replace(span, &other, place);
        }
    }

    /// Of a word of a list, the next one in it that is none of these; after the last comes the
    /// first. Nothing of another name.
    pub(super) fn next_word(&self, span: Span, there: &[&str]) -> Option<String> {
        let id = self.references.declaration_at(span.file, span.start)?;
        let word = self.references.declaration(id).filter(|word| word.kind == Kind::Word)?;
        let text = self.sources.file(word.span.file).text.as_str();
        let (before, behind) = (text.get(..word.span.start as usize)?, text.get(word.span.end as usize..)?);
        let first = before.rfind('{')?;
        let end = word.span.end as usize + behind.find('}')?;
        let list = Span::new(word.span.file, first, end);
        let words = self.references.declarations().map(|(_, other)| other);
        let words: Vec<_> = words.filter(|other| other.kind == Kind::Word && other.span.is_inside(list)).collect();
        let place = words.iter().position(|other| other.span == word.span)?;
        let mut next = words.iter().cycle().skip(place + 1).take(words.len().saturating_sub(1));
        next.find(|other| !there.contains(&other.name.as_str())).map(|other| other.name.clone())
    }
}
