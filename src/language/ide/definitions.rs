//! The texts that belong together, and what they mean: read and checked again when one changes.

use crate::check::references::References;
use crate::check::{self, Checked};
use crate::diag::{Diagnostic, Diagnostics, Severity};
use crate::ir::Program;
use crate::source::{FileId, Sources};
use crate::syntax;
use crate::syntax::ast::Ast;
use std::path::{Path, PathBuf};

/// The texts of one set of definitions, with what they mean.
#[derive(Debug, Default)]
pub struct Definitions {
    sources: Sources,
    /// The tree of each text, and what is wrong in it alone.
    trees: Vec<(Diagnostics, FileId)>,
    asts: Vec<Ast>,
    /// Whether a text is missing, because its file could not be read: every name that it declares
    /// would be reported as unknown.
    incomplete: bool,
    /// Whether a text has changed since the last check.
    stale: bool,
    checked: Checked,
    /// The findings of each text, by place.
    findings: Vec<Vec<Diagnostic>>,
}

impl Definitions {
    /// Reads and checks texts, in the order of their paths. `incomplete` says that a file is
    /// missing among them which could not be read; then only the grammar is looked at.
    #[must_use]
    pub fn new(texts: impl IntoIterator<Item = (PathBuf, String)>, incomplete: bool) -> Self {
        let mut texts: Vec<_> = texts.into_iter().collect();
        texts.sort_by(|one, other| one.0.cmp(&other.0));
        let mut made = Self { incomplete, ..Self::default() };
        for (path, text) in texts {
            let file = made.sources.add(path, text);
            let (ast, found) = syntax::parse(&made.sources, file);
            made.asts.push(ast);
            made.trees.push((found, file));
        }
        made.stale = true;
        made.check();
        made
    }

    /// Gives one of the texts another content. What follows from it is known after
    /// [`Definitions::check`].
    pub fn replace(&mut self, file: FileId, text: &str) {
        let at = file.0 as usize;
        if self.sources.file(file).text == text {
            return;
        }
        self.sources.replace(file, text);
        let (ast, found) = syntax::parse(&self.sources, file);
        if let (Some(tree), Some(known)) = (self.trees.get_mut(at), self.asts.get_mut(at)) {
            tree.0 = found;
            *known = ast;
        }
        self.stale = true;
    }

    /// Checks all texts together, when one has changed.
    pub fn check(&mut self) {
        if !self.stale {
            return;
        }
        self.stale = false;
        let mut all = Diagnostics::default();
        self.trees.iter().for_each(|(found, _)| all.extend(found.clone()));
        self.checked = check::check_again(&self.asts, std::mem::take(&mut self.checked));
        if !self.incomplete {
            all.extend(self.checked.findings.clone());
        }
        let mut findings = vec![Vec::new(); self.asts.len()];
        for finding in all.sorted() {
            let of_file = finding.span().and_then(|span| findings.get_mut(span.file.0 as usize));
            of_file.into_iter().for_each(|of_file| of_file.push(finding.clone()));
        }
        self.findings = findings;
    }

    /// The number of indicators, and of tests of these, that the last check has worked out; all
    /// others cannot have changed since the check before, and were taken over.
    #[must_use]
    pub fn worked_out(&self) -> (usize, usize) {
        self.checked.worked_out()
    }

    /// The texts.
    #[must_use]
    pub fn sources(&self) -> &Sources {
        &self.sources
    }

    /// The text of a file.
    #[must_use]
    pub fn text(&self, file: FileId) -> &str {
        &self.sources.file(file).text
    }

    /// The file with this path.
    #[must_use]
    pub fn find(&self, path: &Path) -> Option<FileId> {
        self.sources.find(path)
    }

    /// The tree of a text; a declaration that could not be read is missing.
    #[must_use]
    pub fn ast(&self, file: FileId) -> Option<&Ast> {
        self.asts.get(file.0 as usize)
    }

    /// The trees of all texts.
    #[must_use]
    pub fn asts(&self) -> &[Ast] {
        &self.asts
    }

    /// What the texts mean; not to be run when something is wrong.
    #[must_use]
    pub fn program(&self) -> &Program {
        &self.checked.program
    }

    /// What each name means.
    #[must_use]
    pub fn references(&self) -> &References {
        &self.checked.references
    }

    /// What is wrong with a text: errors first, then by place.
    #[must_use]
    pub fn findings(&self, file: FileId) -> &[Diagnostic] {
        self.findings.get(file.0 as usize).map_or(&[], Vec::as_slice)
    }

    /// The errors of all texts, in the order of the texts.
    pub fn errors(&self) -> impl Iterator<Item = &Diagnostic> {
        self.findings.iter().flatten().filter(|finding| finding.severity == Severity::Error)
    }

    /// Whether a file is missing that could not be read.
    #[must_use]
    pub fn is_incomplete(&self) -> bool {
        self.incomplete
    }
}
