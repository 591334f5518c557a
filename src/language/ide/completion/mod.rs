//! Which words and names can stand at a place.
//!
//! The words come from the grammar ([`crate::syntax::expected`]), the names from what is declared:
//! which kind of names it is, is told by the words before the place (`slot`), and in a condition or
//! value by the rows in sight (`sight`).

mod sight;
mod slot;

use super::Definitions;
use super::members::{Declared, Member};
use crate::check::references::Kind;
use crate::source::{FileId, Span};
use crate::syntax::tree::Tree;
use crate::syntax::{expected, tokens, vocabulary};
use std::collections::BTreeSet;

/// What can be written at a place.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Completion {
    /// The word that is being written, which each of them would replace.
    pub replaces: Option<Span>,
    /// What can stand there, the likeliest first.
    pub items: Vec<Item>,
}

/// A word or name that can be written.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Item {
    /// The word or name.
    pub text: String,
    /// What it is: a word of the language, or declared as this.
    pub kind: Option<Kind>,
    /// A few words about it: its type, or what the word is for.
    pub detail: String,
}

/// What can stand at a place.
#[must_use]
pub fn at(definitions: &Definitions, file: FileId, offset: u32) -> Completion {
    let text = definitions.text(file);
    let at = (0..=(offset as usize).min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    let is_part = |b: &u8| b.is_ascii_alphanumeric() || *b == b'_';
    let bytes = text.as_bytes();
    let start = at - bytes.get(..at).unwrap_or_default().iter().rev().take_while(|b| is_part(b)).count();
    let end = at + bytes.get(at..).unwrap_or_default().iter().take_while(|b| is_part(b)).count();
    // A number or a day goes on with digits, and is no name.
    let written = text.get(start..at).unwrap_or_default();
    if written.starts_with(|c: char| c.is_ascii_digit()) {
        return Completion::default();
    }
    let before = text.get(..start).unwrap_or_default();
    // The declaration at hand alone: the others say nothing about the place.
    let before = Tree::of(before.get(expected::last_declaration(before)..).unwrap_or_default());
    let behind = text.get(end..).unwrap_or_default();
    let behind = behind.get(..expected::next_declaration(behind)).unwrap_or_default();
    let replaces = Some(Span::new(file, start, end));
    let declared = Declared::of(definitions);
    let mut found = Found { definitions, declared: &declared, items: Vec::new(), seen: BTreeSet::new() };
    let expected = expected::after(&before);
    if let Some(written) = slot::Written::new(&before, behind) {
        slot::names(&written, expected.name, &mut found);
    }
    expected.words.into_iter().for_each(|word| found.word(word));
    Completion { replaces, items: found.items }
}

/// What has been found, each once.
struct Found<'f, 'a> {
    definitions: &'a Definitions,
    declared: &'f Declared<'a>,
    items: Vec<Item>,
    seen: BTreeSet<String>,
}

impl Found<'_, '_> {
    fn add(&mut self, text: &str, kind: Option<Kind>, detail: impl Into<String>) {
        if self.seen.insert(text.to_owned()) {
            self.items.push(Item { text: text.to_owned(), kind, detail: detail.into() });
        }
    }

    fn word(&mut self, word: &vocabulary::Word) {
        self.add(word.text, None, word.says);
    }

    /// Words that the grammar takes for names.
    fn plain(&mut self, words: &[&str]) {
        for word in words {
            let says = vocabulary::find(word).map_or("", |word| word.says);
            self.add(word, None, says);
        }
    }

    fn names<'n>(&mut self, names: impl IntoIterator<Item = &'n str>, kind: Kind) {
        names.into_iter().for_each(|name| self.add(name, Some(kind), kind.words()));
    }

    fn tables(&mut self) {
        let declared = self.declared;
        for (name, members) in &declared.tables {
            self.add(name, Some(Kind::Table), members.title.unwrap_or_default());
        }
    }

    fn rows(&mut self) {
        let declared = self.declared;
        for (name, table) in &declared.rows {
            self.add(name, Some(Kind::Rows), format!("rows of `{table}`"));
        }
    }

    /// Members of a table of which something is true.
    fn members(&mut self, table: &str, wanted: impl Fn(&Member<'_>) -> bool) {
        let declared = self.declared;
        let Some(members) = declared.tables.get(table) else { return };
        for member in members.list.iter().filter(|member| wanted(member)) {
            let references = self.definitions.references();
            let span = member.name.span;
            let ty = references.meanings_of(span).find_map(|id| references.declaration(id)?.ty.clone());
            self.add(&member.name.value, Some(member.kind), ty.unwrap_or_else(|| member.kind.words().to_owned()));
        }
    }

    /// All words of all lists.
    fn all_words(&mut self) {
        let declared = self.declared;
        for (table, members) in &declared.tables {
            for member in &members.list {
                let of = format!("a word of `{table}.{}`", member.name.value);
                member.words.iter().for_each(|word| self.add(&word.value, Some(Kind::Word), of.as_str()));
            }
        }
    }
}

/// The words of a text without what stands between them.
fn texts<'t>(tree: &Tree<'t>, tokens: &[tokens::Token]) -> Vec<&'t str> {
    tokens.iter().filter(|t| t.kind != tokens::Kind::End).map(|t| tree.text_of(t)).collect()
}
