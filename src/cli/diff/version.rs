//! Definitions of one time: a file, a folder, or a revision that `git` keeps.

use super::super::definitions::{self, Definitions};
use super::super::failure::Failure;
use super::super::read::{self, Texts};
use super::super::settings;
use crate::ir::Program;
use crate::source::Sources;
use crate::syntax::{self, ast::Ast};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The program that keeps revisions.
const GIT: &str = "git";
/// The ending of files with definitions.
const ENDING: &str = ".ind";

/// Definitions without errors, and their texts.
#[derive(Debug)]
pub(super) struct Version {
    /// As it was named.
    pub(super) name: String,
    pub(super) sources: Sources,
    pub(super) asts: Vec<Ast>,
    pub(super) program: Program,
}

impl Version {
    /// Reads what is named so, or the definitions that are used when none are named.
    pub(super) fn now(name: Option<&str>) -> Result<Self, Failure> {
        match name {
            Some(name) => Self::read(name),
            None => Self::of(usual()?, definitions::load(&[])?),
        }
    }

    /// Reads a file or folder of that name, and otherwise a revision: `main`,
    /// `HEAD~1:definitions`.
    pub(super) fn read(name: &str) -> Result<Self, Failure> {
        let path = PathBuf::from(name);
        let found = if path.exists() { definitions::load(&[path])? } else { definitions::checked(of_revision(name)?) };
        Self::of(name.to_owned(), found)
    }

    fn of(name: String, found: Definitions) -> Result<Self, Failure> {
        let (sources, program) = found.sound().map_err(|failure| failure.in_front(&format!("`{name}`: ")))?;
        let asts = sources.iter().map(|(file, _)| syntax::parse(&sources, file).0).collect();
        Ok(Self { name, sources, asts, program })
    }
}

/// The first of the definitions that are used when none are named, as seen from here.
fn usual() -> Result<String, Failure> {
    let paths = settings::in_force()?.definitions();
    let here = std::env::current_dir().unwrap_or_default();
    let first = paths.first().map(|path| path.strip_prefix(&here).unwrap_or(path));
    Ok(first.map_or_else(|| settings::DEFINITIONS.to_owned(), |path| path.to_string_lossy().into_owned()))
}

/// The texts of a revision, each named by it.
fn of_revision(name: &str) -> Result<Texts, Failure> {
    let (revision, folder) = name.split_once(':').map_or((name, None), |(revision, path)| (revision, Some(path)));
    if revision.starts_with('-') || revision.is_empty() {
        return Err(Failure::usage(format!("`{name}` is no file, no folder and no revision")).help(WAYS));
    }
    let commit = git(name, &["rev-parse", "--verify", "--quiet", &format!("{revision}^{{commit}}")])?;
    let commit = commit.ok_or_else(|| {
        Failure::usage(format!("`{name}` is no file and no folder, and `{GIT}` knows no revision `{revision}`"))
            .help(WAYS)
    })?;
    let commit = String::from_utf8_lossy(&commit).trim().to_owned();
    // Without a path, the usual folder as seen from here.
    let place = match folder {
        Some(path) => path.trim_end_matches('/').to_owned(),
        None => format!("./{}", usual()?),
    };
    let object = format!("{commit}:{place}");
    let nothing = || {
        let place = place.trim_start_matches("./");
        Failure::usage(format!("revision `{revision}` has no `{place}`"))
            .help(format!("name the folder as the revision has it: `{revision}:FOLDER`"))
    };
    let kind = git(name, &["cat-file", "-t", &object])?.ok_or_else(nothing)?;
    let mut texts = Texts::default();
    if kind.starts_with(b"tree") {
        let listed = git(name, &["ls-tree", "-r", "-z", &object])?.ok_or_else(nothing)?;
        for (hash, path) in files(&listed) {
            add(&mut texts, name, &hash, &format!("{revision}:{}/{path}", place.trim_start_matches("./")))?;
        }
        if texts.sources.iter().count() == 0 {
            return Err(Failure::usage(format!("`{name}` holds no `{ENDING}` file"))
                .help(format!("definitions are text files whose names end in `{ENDING}`")));
        }
        return Ok(texts);
    }
    add(&mut texts, name, &object, &format!("{revision}:{place}"))?;
    let tables = |texts: &Texts| texts.sources.iter().any(|(file, _)| definitions::has_tables(&texts.sources, file));
    if !tables(&texts) {
        let folders = Path::new(&place).ancestors().skip(1).map(|folder| folder.join(definitions::MODEL));
        for model in folders.map(|path| path.to_string_lossy().into_owned()) {
            let object = format!("{commit}:{model}");
            if git(name, &["cat-file", "-e", &object])?.is_some() {
                add(&mut texts, name, &object, &format!("{revision}:{model}"))?;
                break;
            }
        }
    }
    Ok(texts)
}

/// What can be compared.
const WAYS: &str = "name a file or folder with definitions, or a revision such as `main` or `HEAD~1:definitions`";

/// The files with definitions in a listing, by the names of their contents.
fn files(listed: &[u8]) -> Vec<(String, String)> {
    let line = |line: &[u8]| {
        let line = String::from_utf8_lossy(line);
        let (about, path) = line.split_once('\t')?;
        let mut about = about.split(' ');
        // A link is no text of its own.
        let is_file = about.next().is_some_and(|mode| mode != "120000") && about.next() == Some("blob");
        let hidden = path.split('/').any(|part| part.starts_with('.'));
        let hash = about.next().filter(|_| is_file && !hidden && path.to_lowercase().ends_with(ENDING))?;
        Some((hash.to_owned(), path.to_owned()))
    };
    listed.split(|byte| *byte == 0).filter_map(line).collect()
}

fn add(texts: &mut Texts, name: &str, object: &str, shown: &str) -> Result<(), Failure> {
    let bytes = git(name, &["cat-file", "blob", object])?.unwrap_or_default();
    match read::decode(bytes) {
        Ok(text) => drop(texts.sources.add(shown, text)),
        Err((problem, help)) => texts.unreadable.push((format!("`{shown}` {problem}"), help)),
    }
    Ok(())
}

/// What `git` says; nothing when it refuses.
fn git(name: &str, arguments: &[&str]) -> Result<Option<Vec<u8>>, Failure> {
    match Command::new(GIT).args(arguments).output() {
        Ok(Output { status, stdout, .. }) => Ok(status.success().then_some(stdout)),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            let message =
                format!("`{name}` is no file and no folder, and for a revision the program `{GIT}` is needed");
            Err(Failure::usage(message)
                .help(format!("install `{GIT}`, or name a folder with the definitions of that time")))
        }
        Err(error) => Err(Failure::usage(format!("`{GIT}` cannot be run: {error}"))),
    }
}
