//! The parts of a pair, taken from the front.

use super::super::grammar::Rule;
use pest::iterators::{Pair, Pairs};

/// What is inside a pair.
pub(super) struct Kids<'i> {
    rest: std::iter::Peekable<Pairs<'i, Rule>>,
}

impl<'i> Kids<'i> {
    pub(super) fn of(pair: Pair<'i, Rule>) -> Self {
        Self { rest: pair.into_inner().peekable() }
    }

    /// The next part, when it was read by this rule.
    pub(super) fn maybe(&mut self, rule: Rule) -> Option<Pair<'i, Rule>> {
        self.rest.next_if(|p| p.as_rule() == rule)
    }

    /// Whether the next part was read by this rule; it is passed over.
    pub(super) fn has(&mut self, rule: Rule) -> bool {
        self.maybe(rule).is_some()
    }

    /// The next part read by this rule, passing over what stands before it.
    pub(super) fn find(&mut self, rule: Rule) -> Option<Pair<'i, Rule>> {
        self.rest.find(|p| p.as_rule() == rule)
    }

    /// The next part, whatever it is.
    pub(super) fn next(&mut self) -> Option<Pair<'i, Rule>> {
        self.rest.next()
    }

    /// The rule of the next part.
    pub(super) fn peek(&mut self) -> Option<Rule> {
        self.rest.peek().map(Pair::as_rule)
    }

    /// All further parts read by this rule.
    pub(super) fn all(self, rule: Rule) -> impl Iterator<Item = Pair<'i, Rule>> {
        self.rest.filter(move |p| p.as_rule() == rule)
    }
}
