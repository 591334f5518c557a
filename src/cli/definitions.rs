//! Definitions from text to a checked program, as every command needs them.

use super::failure::{self, Failure};
use super::read::{self, Texts};
use super::{settings, terminal};
use crate::check::said::Said;
use crate::diag::render::Form;
use crate::diag::{Diagnostics, Severity, render};
use crate::ir::{Indicator, Program};
use crate::source::{FileId, Sources};
use crate::syntax::ast::{Ast, Item};
use crate::{check, diag, syntax};
use chrono::NaiveDate;
use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

/// The file that is read along with definitions that bring no tables of their own.
pub(super) const MODEL: &str = "model.ind";

/// `--indicators`, the same for every command that reads definitions.
#[derive(Debug, Clone, Default, clap::Args)]
#[group(skip)]
pub(super) struct Arguments {
    /// Files or folders with definitions; can be given several times [default: those that
    /// `yardstick.toml` names, else the folder `indicators`]
    #[arg(id = "indicators", long = "indicators", value_name = "PATH")]
    named: Vec<PathBuf>,
}

impl Arguments {
    /// The paths that were given; none for those of the settings.
    pub(super) fn paths(&self) -> &[PathBuf] {
        &self.named
    }
}

/// The same by position, too, of commands that are about nothing else.
#[derive(Debug, Clone, Default, clap::Args)]
#[group(skip)]
pub(super) struct Positional {
    /// Files or folders with definitions, as `--indicators` names them
    #[arg(id = "paths", value_name = "PATH")]
    placed: Vec<PathBuf>,
    #[command(flatten)]
    named: Arguments,
}

impl Positional {
    /// The paths that were given; none for those of the settings.
    pub(super) fn paths(&self) -> Vec<PathBuf> {
        [self.placed.as_slice(), self.named.paths()].concat()
    }
}

/// Everything that was read, with what is wrong with it.
#[derive(Debug)]
pub(super) struct Definitions {
    /// The texts.
    pub(super) sources: Sources,
    /// As they were read.
    asts: Vec<Ast>,
    /// What they mean; not to be run when something is wrong.
    pub(super) program: Program,
    /// Where the text of each indicator says which condition, by its id.
    pub(super) said: BTreeMap<String, Vec<Said>>,
    /// Errors and warnings.
    pub(super) findings: Diagnostics,
    /// Files that could not be read: message and help.
    pub(super) unreadable: Vec<(String, String)>,
    /// How many of the texts were named; the model that is read along with them was not.
    named: usize,
}

/// Reads and checks the definitions in `paths`, all errors of all files together.
pub(super) fn load(paths: &[PathBuf]) -> Result<Definitions, Failure> {
    let of_settings = paths.is_empty();
    let paths = if of_settings { settings::in_force()?.definitions() } else { paths.to_vec() };
    let Texts { sources, unreadable } = read::texts(&paths)?;
    let mut texts = Texts { sources, unreadable };
    let named = texts.sources.iter().count();
    let mut findings = Diagnostics::default();
    let mut asts = parse_from(0, &texts.sources, &mut findings);
    if !asts.iter().flat_map(|a| &a.items).any(|i| matches!(i, Item::Table(_)))
        && let Some(model) = paths.first().and_then(|p| model_near(p))
    {
        texts.add(&model);
        asts.extend(parse_from(named, &texts.sources, &mut findings));
    }
    let definitions = checked_with(texts, asts, findings, named);
    if of_settings && definitions.unreadable.is_empty() && !definitions.findings.has_errors() {
        settings::in_force()?.fit(&definitions.program)?;
    }
    Ok(definitions)
}

/// Texts that were read elsewhere, with all errors of all of them.
pub(super) fn checked(texts: Texts) -> Definitions {
    let mut findings = Diagnostics::default();
    let asts = parse_from(0, &texts.sources, &mut findings);
    let named = texts.sources.iter().count();
    checked_with(texts, asts, findings, named)
}

fn checked_with(texts: Texts, asts: Vec<Ast>, mut findings: Diagnostics, named: usize) -> Definitions {
    let (mut program, mut said) = (Program::default(), BTreeMap::new());
    // Without a file, every name it declares would be reported as unknown.
    if texts.unreadable.is_empty() {
        let checked = check::check(&asts);
        (program, said) = (checked.program, checked.said);
        findings.extend(checked.findings);
    }
    Definitions { sources: texts.sources, asts, program, said, findings, unreadable: texts.unreadable, named }
}

/// Whether a text declares tables.
pub(super) fn has_tables(sources: &Sources, file: FileId) -> bool {
    syntax::parse(sources, file).0.items.iter().any(|item| matches!(item, Item::Table(_)))
}

fn parse_from(first: usize, sources: &Sources, findings: &mut Diagnostics) -> Vec<Ast> {
    let parse = |(file, _)| {
        let (ast, found) = syntax::parse(sources, file);
        findings.extend(found);
        ast
    };
    sources.iter().skip(first).map(parse).collect()
}

/// The model beside a path or in a folder above it, so that one indicator can be checked by its own
/// path.
fn model_near(path: &Path) -> Option<PathBuf> {
    // The path as written is tried first: it is the one people recognise in messages.
    let above = path.ancestors().skip(1).map(Path::to_path_buf);
    let whole = std::fs::canonicalize(path).ok().unwrap_or_default();
    let further = whole.ancestors().skip(1).map(Path::to_path_buf).collect::<Vec<_>>();
    above.chain(further).map(|folder| folder.join(MODEL)).find(|file| file.is_file())
}

impl Definitions {
    /// Whether a text was named, or lies in a folder that was.
    pub(super) fn is_named(&self, file: FileId) -> bool {
        (file.0 as usize) < self.named
    }

    /// What `check` tells besides, when nothing is wrong; as of a day, where one is said.
    pub(super) fn asked(&self, as_of: Option<NaiveDate>) -> Diagnostics {
        if self.failed() { Diagnostics::default() } else { check::asked(&self.asts, &self.program, as_of) }
    }

    /// Whether nothing may be run with them.
    pub(super) fn failed(&self) -> bool {
        !self.unreadable.is_empty() || self.findings.has_errors()
    }

    /// The program, when it is without errors; otherwise they are shown on standard error.
    pub(super) fn sound(self) -> Result<(Sources, Program), Failure> {
        if !self.failed() {
            return Ok((self.sources, self.program));
        }
        let form = terminal::form_on_stderr();
        let mut err = anstream::stderr().lock();
        for finding in self.findings.sorted().into_iter().filter(|d| d.severity == Severity::Error) {
            let _ = writeln!(err, "{}", render::text(&self.sources, finding, form));
        }
        drop(err);
        for (message, help) in &self.unreadable {
            failure::complain(message, Some(help));
        }
        let errors = self.findings.counts().0 + self.unreadable.len();
        let what = if errors == 1 { "1 error".to_owned() } else { format!("{errors} errors") };
        Err(Failure::definitions(format!("the definitions have {what}")))
    }
}

/// The indicator with this id, and its number.
pub(super) fn indicator<'a>(program: &'a Program, id: &str) -> Result<(usize, &'a Indicator), Failure> {
    let found = program.indicators.iter().enumerate().find(|(_, i)| i.id == id);
    found.ok_or_else(|| {
        let ids: Vec<_> = program.indicators.iter().map(|i| i.id.as_str()).collect();
        Failure::usage(format!("there is no indicator `{id}`")).help(diag::suggest::help(id, "indicators", &ids))
    })
}

/// The findings as text.
pub(super) fn findings(definitions: &Definitions, form: Form) -> String {
    let mut all = String::new();
    for finding in definitions.findings.sorted() {
        all += &render::text(&definitions.sources, finding, form);
        if !finding.code.is_about_a_whole() {
            all.push('\n');
        }
    }
    all
}
