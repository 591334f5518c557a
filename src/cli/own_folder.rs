//! A folder of files that a command writes: whole or not at all, and never in the place of
//! something else. It is known again by a list of its files that lies in it.

use super::failure::Failure;
use super::output::{self, reason};
use crate::atomic_output::{BEGINS, ENDS, UNFINISHED};
use crate::inputs;
use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// What lies in such a folder, and what is said of it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Kind {
    /// The name of the list: a line for each file, its name before the first tab.
    pub(super) list: &'static str,
    /// The help where a file has the folder's name.
    pub(super) is_file: &'static str,
    /// What one file is.
    pub(super) one: &'static str,
    /// The help where something else lies in the folder.
    pub(super) others: &'static str,
}

/// Where the files go.
pub(super) struct OwnFolder {
    path: PathBuf,
    kind: Kind,
    /// There are files of this command, which may be replaced.
    is_there: bool,
}

impl OwnFolder {
    /// The folder, looked at before any long work: it may be missing, empty, or hold files that
    /// this command wrote.
    pub(super) fn open(path: &Path, kind: Kind) -> Result<Self, Failure> {
        let there = match fs::read_dir(path) {
            Ok(there) => there,
            Err(e) if e.kind() == io::ErrorKind::NotFound => {
                let parent = above(path);
                if !parent.is_dir() {
                    return Err(Failure::usage(format!("`{}` cannot be written", path.display()))
                        .help(format!("there is no folder `{}`", parent.display())));
                }
                return Ok(Self { path: path.to_path_buf(), kind, is_there: false });
            }
            Err(e) if e.kind() == io::ErrorKind::NotADirectory => {
                return Err(Failure::usage(format!("`{}` is a file", path.display())).help(kind.is_file));
            }
            Err(e) => return Err(refuse(path, &e)),
        };
        let names = there.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()));
        let names: BTreeSet<String> = names.collect::<io::Result<_>>().map_err(|e| refuse(path, &e))?;
        let listed = match names.contains(kind.list) {
            true => inputs::open(&path.join(kind.list)).and_then(io::read_to_string).map_err(|e| refuse(path, &e))?,
            false => String::new(),
        };
        let own: BTreeSet<&str> =
            listed.lines().filter_map(|line| line.split('\t').next()).chain([kind.list]).collect();
        if let Some(other) = names.iter().find(|name| !own.contains(name.as_str())) {
            return Err(Failure::usage(format!(
                "`{}` holds `{other}`, which is no {} of this command",
                path.display(),
                kind.one
            ))
            .help(kind.others));
        }
        Ok(Self { path: path.to_path_buf(), kind, is_there: true })
    }

    /// The folder.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// A folder beside it to write to, which goes when it is dropped.
    pub(super) fn begin(&self) -> Result<TempDir, Failure> {
        let parent = above(&self.path);
        let make = || tempfile::Builder::new().prefix(BEGINS).suffix(ENDS).tempdir_in(&parent);
        let draft = UNFINISHED.begin(make, TempDir::path).map_err(|e| refuse(&self.path, &e))?;
        output::as_readable(draft.path(), &parent).map_err(|e| refuse(&self.path, &e))?;
        Ok(draft)
    }

    /// Writes one file.
    pub(super) fn add(&self, draft: &TempDir, name: &str, bytes: &[u8]) -> Result<(), Failure> {
        fs::write(draft.path().join(name), bytes).map_err(|e| refuse(&self.path, &e))
    }

    /// Writes the list of the files, each with what is said of it, and puts all in their place;
    /// what was there goes.
    pub(super) fn put(&self, draft: TempDir, files: &[(String, String)]) -> Result<(), Failure> {
        let list: String = files.iter().map(|(name, says)| format!("{name}\t{says}\n")).collect();
        self.add(&draft, self.kind.list, list.as_bytes())?;
        self.exchange(draft).map_err(|e| refuse(&self.path, &e))
    }

    fn exchange(&self, draft: TempDir) -> io::Result<()> {
        let path = draft.path().to_path_buf();
        UNFINISHED.finish(&path, || {
            match self.is_there {
                true => exchange(&path, &self.path)?,
                false => fs::rename(&path, &self.path)?,
            }
            // What was there before, if it can be deleted.
            drop(draft);
            Ok(())
        })
    }
}

/// Puts a folder in the place of another, in one step: the other lies where it lay.
#[cfg(any(target_os = "linux", target_os = "macos"))]
fn exchange(new: &Path, old: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    let done = renameat_with(CWD, new, CWD, old, RenameFlags::EXCHANGE).map_err(io::Error::from);
    // Some file systems cannot.
    done.or_else(|_| in_two_steps(new, old))
}

/// Elsewhere in two.
#[cfg(not(any(target_os = "linux", target_os = "macos")))]
fn exchange(new: &Path, old: &Path) -> io::Result<()> {
    in_two_steps(new, old)
}

fn in_two_steps(new: &Path, old: &Path) -> io::Result<()> {
    // Not by a name that others sweep: until the new one is there, the old one is all there is.
    let aside = tempfile::Builder::new().prefix(BEGINS).tempdir_in(above(old))?;
    let kept = aside.path().join("old");
    fs::rename(old, &kept)?;
    fs::rename(new, old).inspect_err(|_| {
        let _where_it_was = fs::rename(&kept, old);
    })
}

fn refuse(path: &Path, error: &io::Error) -> Failure {
    Failure::usage(format!("`{}` cannot be written: {}", path.display(), reason(error)))
}

/// The folder in which another lies.
fn above(path: &Path) -> PathBuf {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new(".")).to_path_buf()
}
