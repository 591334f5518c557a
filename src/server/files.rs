//! The disk: texts, and which there are. The one place of this crate where files are opened.

use crate::document::Document;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};
use yardstick_language::ide::layout::Folders;
use yardstick_language::source::Sources;
use yardstick_language::syntax;
use yardstick_language::syntax::ast::Item;

/// The ending of files with definitions.
const ENDING: &str = "ind";
/// A text of more bytes than this is no definition, as `yardstick check` says.
const LARGEST: u64 = 16 << 20;
/// A folder with more files and folders than this is not searched through: it is no folder of
/// definitions, but somebody's whole disk.
const MOST: usize = 50_000;

/// The text of a file, or what is wrong with it.
pub(crate) fn read(path: &Path) -> Result<String, String> {
    let mut bytes = Vec::new();
    let regular = fs::metadata(path).is_ok_and(|of| of.is_file());
    if !regular {
        return Err("the file cannot be read: it is no file".to_owned());
    }
    let read = File::open(path).and_then(|file| file.take(LARGEST + 1).read_to_end(&mut bytes));
    read.map_err(|e| format!("the file cannot be read: {e}"))?;
    if bytes.len() as u64 > LARGEST {
        return Err(format!("the file is larger than {} MB", LARGEST >> 20));
    }
    if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) {
        return Err("the file is UTF-16, not UTF-8; save it as UTF-8".to_owned());
    }
    String::from_utf8(bytes).map_err(|_| "the file is not UTF-8; save it as UTF-8".to_owned())
}

/// The disk as it is now, with the texts that are open in the place of their files.
pub(crate) struct Disk<'o> {
    /// The open texts.
    pub(crate) open: &'o BTreeMap<PathBuf, Document>,
    /// The tables of texts that were looked at.
    seen: RefCell<BTreeMap<PathBuf, Vec<String>>>,
}

impl<'o> Disk<'o> {
    pub(crate) fn new(open: &'o BTreeMap<PathBuf, Document>) -> Self {
        Self { open, seen: RefCell::default() }
    }

    /// The text of a file as the editor or the disk has it.
    pub(crate) fn document(&self, path: &Path) -> Result<Document, String> {
        self.open.get(path).cloned().map_or_else(|| read(path).map(Document::new), Ok)
    }
}

impl Folders for Disk<'_> {
    fn is_file(&self, path: &Path) -> bool {
        self.open.contains_key(path) || path.is_file()
    }

    fn below(&self, folder: &Path) -> Vec<PathBuf> {
        let mut found = Vec::new();
        let mut left = MOST;
        walk(folder, &mut BTreeSet::new(), &mut left, &mut found);
        if left == 0 {
            return Vec::new();
        }
        found.sort();
        found
    }

    fn tables(&self, path: &Path) -> Vec<String> {
        if let Some(known) = self.seen.borrow().get(path) {
            return known.clone();
        }
        let tables = self.document(path).map_or_else(|_| Vec::new(), |document| tables(&document.text()));
        self.seen.borrow_mut().insert(path.to_path_buf(), tables.clone());
        tables
    }
}

/// The names of the tables that a text declares.
fn tables(text: &str) -> Vec<String> {
    let mut sources = Sources::default();
    let file = sources.add("text", text);
    let items = syntax::parse(&sources, file).0.items.into_iter();
    items.filter_map(|item| if let Item::Table(table) = item { Some(table.name.value) } else { None }).collect()
}

/// Collects the texts below a folder, without hidden folders. `seen` holds the folders already
/// walked, so that links in a circle end.
fn walk(folder: &Path, seen: &mut BTreeSet<PathBuf>, left: &mut usize, found: &mut Vec<PathBuf>) {
    if !fs::canonicalize(folder).is_ok_and(|whole| seen.insert(whole)) {
        return;
    }
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        if *left == 0 {
            return;
        }
        *left -= 1;
        let path = entry.path();
        let hidden = entry.file_name().to_string_lossy().starts_with('.');
        let Ok(kind) = fs::metadata(&path) else { continue };
        if kind.is_dir() && !hidden {
            walk(&path, seen, left, found);
        } else if !kind.is_dir() && path.extension().is_some_and(|e| e.eq_ignore_ascii_case(ENDING)) {
            found.push(path);
        }
    }
}
