//! Texts that were read and checked together.

use std::collections::BTreeMap;
use yardstick::diag::{Diagnostics, Severity};
use yardstick::ir::Program;
use yardstick::source::Sources;
use yardstick::syntax::ast::Ast;
use yardstick::{check, syntax};

/// Texts that were read, and what was found wrong with each, by its number.
#[derive(Clone, Default)]
pub(crate) struct Parsed {
    sources: Sources,
    trees: Vec<Ast>,
    wrong: BTreeMap<usize, String>,
}

impl Parsed {
    pub(crate) fn add(mut self, texts: &[String]) -> Self {
        for text in texts {
            let file = self.sources.add(format!("{}.ind", self.trees.len()), text.as_str());
            let (tree, found) = syntax::parse(&self.sources, file);
            self.trees.push(tree);
            self.note(&found);
        }
        self
    }

    /// The program of all texts, or for each that is not accepted its number and what was said of
    /// it.
    pub(crate) fn program(mut self) -> Result<Program, BTreeMap<usize, String>> {
        let check::Checked { program, findings, .. } = check::check(&self.trees);
        self.note(&findings);
        if self.wrong.is_empty() { Ok(program) } else { Err(self.wrong) }
    }

    fn note(&mut self, found: &Diagnostics) {
        for d in found.sorted().into_iter().filter(|d| d.severity == Severity::Error) {
            let span = d.span().unwrap();
            let said = format!("{}: {} at `{}`", d.code.as_str(), d.message, self.sources.text(span));
            self.wrong.entry(span.file.0 as usize).or_insert(said);
        }
    }
}

/// The program of several texts.
pub(crate) fn program(texts: &[String]) -> Result<Program, BTreeMap<usize, String>> {
    Parsed::default().add(texts).program()
}
