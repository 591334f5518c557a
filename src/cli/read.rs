//! Reads the texts of definitions: the one place where `.ind` files come from disk.
//!
//! Folders are read through, in sorted order; a text is UTF-8, a byte order mark is dropped and
//! Windows line ends become plain ones, so that the same definitions mean the same wherever they
//! were saved.

use super::failure::Failure;
use super::output::reason;
use crate::inputs;
use crate::source::Sources;
use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// What some programs begin a text in UTF-8 with.
pub(super) const BYTE_ORDER_MARK: &[u8] = &[0xEF, 0xBB, 0xBF];

/// The ending of files with definitions.
const ENDING: &str = "ind";
/// A text of more bytes than this is refused: no person wrote it.
const LARGEST: u64 = 16 << 20;

/// The texts of a run.
#[derive(Debug, Default)]
pub(super) struct Texts {
    /// Those that could be read.
    pub(super) sources: Sources,
    /// What is wrong with the others: message and help.
    pub(super) unreadable: Vec<(String, String)>,
}

/// Reads every file that the paths name. A path that names nothing is wrong usage; a file that
/// cannot be read is told with the errors of the others.
pub(super) fn texts(paths: &[PathBuf]) -> Result<Texts, Failure> {
    let mut texts = Texts::default();
    let mut seen = BTreeSet::new();
    for path in paths {
        let files = files(path)?;
        for file in files {
            if seen.insert(fs::canonicalize(&file).unwrap_or_else(|_| file.clone())) {
                texts.add(&file);
            }
        }
    }
    Ok(texts)
}

impl Texts {
    /// Adds one file.
    pub(super) fn add(&mut self, path: &Path) {
        match text(path) {
            Ok(text) => {
                self.sources.add(path, text);
            }
            Err(problem) => self.unreadable.push(problem),
        }
    }
}

/// The `.ind` files of a path: itself, or everything below the folder.
fn files(path: &Path) -> Result<Vec<PathBuf>, Failure> {
    let found = fs::metadata(path).map_err(|e| {
        Failure::usage(format!("`{}` cannot be read: {}", path.display(), reason(&e)))
            .help("name a file or a folder with `.ind` files")
    })?;
    if !found.is_dir() {
        return Ok(vec![path.to_path_buf()]);
    }
    let mut files = Vec::new();
    walk(path, &mut BTreeSet::new(), &mut files)
        .map_err(|(folder, e)| Failure::usage(format!("`{}` cannot be read: {}", folder.display(), reason(&e))))?;
    if files.is_empty() {
        return Err(Failure::usage(format!("the folder `{}` holds no `.ind` file", path.display()))
            .help("definitions are text files whose names end in `.ind`"));
    }
    files.sort();
    Ok(files)
}

/// Collects the files below a folder. `seen` holds the folders already walked, so that links in a
/// circle end.
fn walk(folder: &Path, seen: &mut BTreeSet<PathBuf>, files: &mut Vec<PathBuf>) -> Result<(), (PathBuf, io::Error)> {
    let failed = |e: io::Error| (folder.to_path_buf(), e);
    if !seen.insert(fs::canonicalize(folder).map_err(failed)?) {
        return Ok(());
    }
    let mut entries = fs::read_dir(folder).and_then(Iterator::collect::<io::Result<Vec<_>>>).map_err(failed)?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let path = entry.path();
        let hidden = entry.file_name().to_string_lossy().starts_with('.');
        // A link to nothing is nobody's definition.
        let Ok(kind) = fs::metadata(&path) else { continue };
        if kind.is_dir() && !hidden {
            walk(&path, seen, files)?;
        } else if !kind.is_dir() && path.extension().is_some_and(|e| e.eq_ignore_ascii_case(ENDING)) {
            files.push(path);
        }
    }
    Ok(())
}

/// The text of a file, or message and help.
fn text(path: &Path) -> Result<String, (String, String)> {
    let name = path.display();
    let mut bytes = Vec::new();
    let read = inputs::open(path).and_then(|f| f.take(LARGEST + 1).read_to_end(&mut bytes));
    if let Err(error) = read {
        return Err((
            format!("`{name}` cannot be read: {}", reason(&error)),
            "look at the file and its permissions".into(),
        ));
    }
    if bytes.len() as u64 > LARGEST {
        let help = "definitions are short texts; is this one of them?";
        return Err((format!("`{name}` is larger than {} MB", LARGEST >> 20), help.into()));
    }
    decode(bytes).map_err(|(problem, help)| (format!("`{name}` {problem}"), help))
}

pub(super) fn decode(mut bytes: Vec<u8>) -> Result<String, (String, String)> {
    if bytes.starts_with(BYTE_ORDER_MARK) {
        bytes.drain(..3);
    }
    if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) {
        return Err(("is UTF-16, not UTF-8".into(), "save the file as UTF-8".into()));
    }
    match String::from_utf8(bytes) {
        Ok(text) if text.contains("\r\n") => Ok(text.replace("\r\n", "\n")),
        Ok(text) => Ok(text),
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            let before = String::from_utf8_lossy(error.as_bytes().get(..at).unwrap_or_default());
            let line = before.matches('\n').count() + 1;
            let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
            let byte = error.as_bytes().get(at).copied().unwrap_or_default();
            Err((
                format!("is not UTF-8: byte 0x{byte:02X} at line {line}, column {column} (byte {at} of the file)"),
                "save the file as UTF-8".into(),
            ))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_and_line_ends_are_evened_out() {
        assert_eq!(decode(b"\xEF\xBB\xBFa\r\nb".to_vec()), Ok("a\nb".to_owned()));
        let (problem, _) = decode(b"a\nb\xE9".to_vec()).unwrap_err();
        assert!(problem.contains("byte 0xE9 at line 2, column 2"), "{problem}");
        assert!(decode(b"\xFF\xFEa\0".to_vec()).unwrap_err().0.contains("UTF-16"));
    }

    #[test]
    fn folders_are_read_through_in_order_and_links_in_a_circle_end() {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("inner");
        fs::create_dir(&inner).unwrap();
        for name in ["b.ind", "inner/a.ind", "notes.md", "a.IND"] {
            fs::write(folder.path().join(name), "").unwrap();
        }
        #[cfg(unix)]
        std::os::unix::fs::symlink(folder.path(), inner.join("loop")).unwrap();
        let found = files(folder.path()).unwrap();
        let names: Vec<_> =
            found.iter().map(|p| p.strip_prefix(folder.path()).unwrap().display().to_string()).collect();
        assert_eq!(names, ["a.IND", "b.ind", "inner/a.ind"]);
        assert_eq!(texts(&[folder.path().to_path_buf(), inner]).unwrap().sources.iter().count(), 3);
    }
}
