//! Mutants: an indicator with one thing in it changed by a step, to see whether its tests notice.
//!
//! ```text
//!  text ──edits──▶ Mutant ──changed──▶ text, read and checked again ──▶ Changed
//! ```
//!
//! A mutant is a change of the text: what is shown of it is what was run, and an author can write
//! it. The text is read and checked as any other, so what a change means for the time that outcomes
//! take is computed again. What is no definition then is no mutant, and neither is what has the
//! same meaning hash or the same normal form: no row can tell it from the indicator.
//!
//! Not changed are words, standards and how values are shown, what stands in other declarations,
//! and `history`, as a test draws all the past there is.

mod clause;
mod edits;
mod expr;
mod normal;
mod text;

use crate::check::references::References;
use crate::check::{self};
use crate::ir::{self, Program};
use crate::source::{FileId, Sources, Span};
use crate::syntax;
use crate::syntax::ast::{Ast, Indicator, Item};
pub use edits::Edit;
use edits::Edits;
use std::collections::BTreeMap;
pub use text::Replaced;

/// A change of one clause of an indicator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mutant {
    /// The indicator's id.
    pub indicator: String,
    /// The change.
    pub edit: Edit,
}

/// What came of a change.
#[derive(Debug, Clone, PartialEq)]
pub enum Changed {
    /// It is no definition: the checker refuses it.
    Refused,
    /// Its meaning is the same.
    Same,
    /// A test cannot be read with it: a window that it names is none, a reason that it names.
    TestRefused,
    /// The changed indicator with its tests, which are the only ones in the program.
    Other(Box<Program>),
}

/// All that is declared, by what a single indicator needs of it.
#[derive(Debug)]
pub struct Library<'s> {
    sources: &'s Sources,
    references: References,
    /// What all indicators need: tables, names, breakdowns.
    world: Ast,
    indicators: BTreeMap<String, (Indicator, Span)>,
    tests: BTreeMap<String, Vec<Item>>,
    /// The meaning hash of each indicator, and its normal forms.
    meanings: BTreeMap<String, (String, Vec<ir::Indicator>)>,
}

impl<'s> Library<'s> {
    /// Reads sound definitions.
    #[must_use]
    pub fn of(sources: &'s Sources) -> Self {
        let asts: Vec<Ast> = sources.iter().map(|(file, _)| syntax::parse(sources, file).0).collect();
        let references = check::check(&asts).references;
        let (world, indicators, tests) = (Ast::default(), BTreeMap::new(), BTreeMap::new());
        let mut library = Self { sources, references, world, indicators, tests, meanings: BTreeMap::new() };
        for item in asts.into_iter().flat_map(|ast| ast.items) {
            library.take(item);
        }
        let meant = |(id, (indicator, _)): (&String, &(Indicator, Span))| {
            let mut items = vec![Item::Indicator(indicator.clone())];
            items.extend(library.taken_over(indicator));
            let program = check::check(&[library.world.clone(), Ast { items, ..Ast::default() }]).program;
            let meaning = program.hierarchies().find_map(|of| of.find(id))?.meaning.clone();
            Some((id.clone(), (meaning, normal::normal(&program, id))))
        };
        library.meanings = library.indicators.iter().filter_map(meant).collect();
        library
    }

    fn take(&mut self, item: Item) {
        match item {
            Item::Levels(_)
            | Item::Domains(_)
            | Item::MissingDates(_)
            | Item::MissingWords(_)
            | Item::HeadersIgnoreCase
            | Item::Quality(_)
            | Item::BusinessDays(_)
            | Item::Times { .. }
            | Item::Table(_)
            | Item::Codes { .. }
            | Item::Rows { .. }
            | Item::Define(_)
            | Item::Groups(_) => self.world.items.push(item),
            // What shows indicators, and what is planned of them.
            Item::Scorecard(_) | Item::Plan(_) => {}
            Item::Indicator(indicator) => {
                let span = indicator.span;
                self.indicators.insert(indicator.name.value.clone(), (indicator, span));
            }
            Item::Test(test) => {
                let id = test.indicator.value.clone();
                self.tests.entry(id).or_default().push(Item::Test(test));
            }
        }
    }

    /// The mutants of an indicator in the order of their places, each change once. What it takes
    /// over from another indicator is changed there.
    #[must_use]
    pub fn mutants(&self, id: &str) -> Vec<Mutant> {
        let Some((indicator, _)) = self.indicators.get(id) else { return Vec::new() };
        let mut edits = Edits::new(self.sources, &self.references);
        for clause in &indicator.clauses {
            edits.clause(clause);
        }
        let mut all: Vec<Mutant> = Vec::new();
        edits.all.sort_by_key(|edit| edit.replaced.first().map(|(span, _)| span.start));
        for edit in edits.all {
            if all.iter().all(|other| other.edit.replaced != edit.replaced) {
                all.push(Mutant { indicator: id.to_owned(), edit });
            }
        }
        all
    }

    /// What comes of a mutant.
    #[must_use]
    pub fn changed(&self, mutant: &Mutant) -> Changed {
        let Some((indicator, whole)) = self.indicators.get(&mutant.indicator) else { return Changed::Refused };
        // The text of the one declaration, with a file number that no other text has.
        let mut sources = Sources::default();
        for _ in self.sources.iter() {
            sources.add("", "");
        }
        let text = text::replaced(self.sources.text(*whole), whole.start, &mutant.edit.replaced);
        let file = sources.add("mutant", text);
        let (mut ast, found) = syntax::parse(&sources, file);
        if found.has_errors() {
            return Changed::Refused;
        }
        ast.items.extend(self.taken_over(indicator));
        ast.items.extend(self.tests.get(&mutant.indicator).into_iter().flatten().cloned());
        self.judged(mutant, ast, file)
    }

    fn judged(&self, mutant: &Mutant, ast: Ast, file: FileId) -> Changed {
        let checked = check::check(&[self.world.clone(), ast]);
        let errors = || checked.findings.errors();
        if errors().any(|finding| finding.span().is_none_or(|span| span.file == file)) {
            return Changed::Refused;
        }
        let id = mutant.indicator.as_str();
        let Some(changed) = checked.program.hierarchies().find_map(|of| of.find(id)) else { return Changed::Refused };
        let meant = self.meanings.get(id);
        let same = meant.is_some_and(|(meaning, normal)| {
            *meaning == changed.meaning || *normal == normal::normal(&checked.program, id)
        });
        match (same, checked.findings.has_errors()) {
            (true, _) => Changed::Same,
            (false, true) => Changed::TestRefused,
            (false, false) => Changed::Other(Box::new(checked.program)),
        }
    }

    /// The indicators whose clauses an indicator takes over.
    fn taken_over(&self, indicator: &Indicator) -> Vec<Item> {
        let mut found = Vec::new();
        let mut like = indicator.like.as_ref();
        while let Some((other, _)) = like.and_then(|name| self.indicators.get(&name.value)) {
            if found.len() > self.indicators.len() {
                break;
            }
            found.push(Item::Indicator(other.clone()));
            like = other.like.as_ref();
        }
        found
    }
}
