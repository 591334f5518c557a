//! The names of declarations that could not be read, and what was asked about them.
//!
//! A use of such a name is no further mistake. While somebody types, a declaration is unread at
//! every other keystroke; what was asked about the names tells which results depend on that.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// The names.
#[derive(Debug, Clone, Default)]
pub(super) struct Unread<'a> {
    names: BTreeSet<&'a str>,
    /// Shared by all copies.
    asked: Rc<RefCell<Answers>>,
}

/// What was asked about the names, with the answers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Answers {
    of_names: BTreeMap<String, bool>,
    is_empty: Option<bool>,
}

impl<'a> Unread<'a> {
    pub(super) fn new(names: impl Iterator<Item = &'a str>) -> Self {
        Self { names: names.collect(), asked: Rc::default() }
    }

    /// Whether a declaration of this name could not be read.
    pub(super) fn contains(&self, name: &str) -> bool {
        let is_unread = self.names.contains(name);
        self.asked.borrow_mut().of_names.insert(name.to_owned(), is_unread);
        is_unread
    }

    /// Whether all declarations were read, but for those without a name.
    pub(super) fn is_empty(&self) -> bool {
        let is_empty = self.names.is_empty();
        self.asked.borrow_mut().is_empty = Some(is_empty);
        is_empty
    }

    /// What was asked since the last call.
    pub(super) fn take_asked(&self) -> Answers {
        self.asked.take()
    }

    /// Whether the same questions have the same answers here.
    pub(super) fn answers(&self, asked: &Answers) -> bool {
        asked.is_empty.is_none_or(|is_empty| is_empty == self.names.is_empty())
            && asked.of_names.iter().all(|(name, is_unread)| self.names.contains(name.as_str()) == *is_unread)
    }
}
