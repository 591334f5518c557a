//! Where an expression is written.

use crate::source::Span;
use std::hash::{Hash, Hasher};

/// The place of an expression in the text, for those that show it there. It is no part of what the
/// expression means: any two places are equal, and hashes do not see them.
#[derive(Debug, Clone, Copy, Default)]
pub struct At {
    /// The text itself.
    own: Option<Span>,
    /// Where the name stands that the text is the meaning of.
    used: Option<Span>,
}

impl At {
    /// Written here.
    #[must_use]
    pub fn text(span: Span) -> Self {
        Self { own: Some(span), used: None }
    }

    /// The text itself.
    #[must_use]
    pub fn own(self) -> Option<Span> {
        self.own
    }

    /// The same text, asked for by a name that stands here. What the compiler adds is written
    /// nowhere.
    #[must_use]
    pub fn by_name(self, used: Span) -> Self {
        Self { used: self.own.map(|_| used), ..self }
    }

    /// This place, or another where nothing is known of this.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        if self.own.is_some() { self } else { other }
    }

    /// Where it is shown to those who read the texts of `texts`: its own text when that is one of
    /// these or inside one, and otherwise the name by which it is asked for. `None` where nothing
    /// is known.
    #[must_use]
    pub fn seen_from(self, texts: &[Span]) -> Option<Span> {
        let is_text = |span: &Span| texts.iter().any(|text| span.is_inside(*text));
        self.own.filter(is_text).or(self.used).or(self.own)
    }
}

impl PartialEq for At {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for At {}

impl Hash for At {
    fn hash<H: Hasher>(&self, _: &mut H) {}
}
