//! Which texts are open, which belong together, and what was said about them.

use crate::RunTest;
use crate::address;
use crate::document::{Columns, Document};
use crate::files::Disk;
use gen_lsp_types::{Location, Position, Range, Uri};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use yardstick_language::ide::{Definitions, layout};
use yardstick_language::source::{FileId, Span};

/// The state of a session.
#[derive(Debug)]
pub(crate) struct Session {
    pub(crate) columns: Columns,
    /// The folders that the editor has open.
    pub(crate) folders: Vec<PathBuf>,
    /// What runs tests, where something does.
    pub(crate) tests: Option<RunTest>,
    /// The texts that the editor has open.
    open: BTreeMap<PathBuf, Document>,
    /// The address under which the editor opened a text, and its version.
    opened: BTreeMap<PathBuf, (Uri, i32)>,
    sets: Vec<Set>,
}

/// Texts that belong together.
#[derive(Debug)]
pub(crate) struct Set {
    pub(crate) definitions: Definitions,
    /// The texts as they are written, by the number of the file.
    pub(crate) documents: Vec<Document>,
    /// Files that could not be read, and why.
    pub(crate) unreadable: Vec<(PathBuf, String)>,
}

/// A text among those that belong together.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place<'s> {
    pub(crate) session: &'s Session,
    pub(crate) set: &'s Set,
    pub(crate) file: FileId,
}

impl Session {
    pub(crate) fn new(columns: Columns, folders: Vec<PathBuf>, tests: Option<RunTest>) -> Self {
        Self { columns, folders, tests, open: BTreeMap::new(), opened: BTreeMap::new(), sets: Vec::new() }
    }

    /// The editor has opened a text.
    pub(crate) fn open(&mut self, uri: Uri, version: i32, text: String) {
        let path = address::known_as(&uri);
        let document = Document::new(text);
        self.open.insert(path.clone(), document.clone());
        self.opened.insert(path.clone(), (uri, version));
        match self.find(&path) {
            Some((set, file)) => self.put(set, file, document),
            None => self.load(&path),
        }
    }

    /// The editor has changed an open text.
    pub(crate) fn change(
        &mut self,
        uri: &Uri,
        version: i32,
        changes: impl IntoIterator<Item = (Option<Range>, String)>,
    ) {
        let path = address::known_as(uri);
        let columns = self.columns;
        let Some(document) = self.open.get_mut(&path) else { return };
        changes.into_iter().for_each(|(range, text)| document.change(range, &text, columns));
        let document = document.clone();
        self.opened.entry(path.clone()).or_insert_with(|| (uri.clone(), version)).1 = version;
        if let Some((set, file)) = self.find(&path) {
            self.put(set, file, document);
        }
    }

    /// The editor has closed a text: it is what the disk says again. When none of those that belong
    /// together is open any more, they are forgotten.
    pub(crate) fn close(&mut self, uri: &Uri) {
        let path = address::known_as(uri);
        self.open.remove(&path);
        self.opened.remove(&path);
        self.on_disk(&path);
        let open = |set: &Set| self.open.keys().any(|path| set.definitions.find(path).is_some());
        let kept: Vec<bool> = self.sets.iter().map(open).collect();
        let mut kept = kept.into_iter();
        self.sets.retain(|_| kept.next().unwrap_or(false));
    }

    /// A file has another content on disk, or there is one more, or one less.
    pub(crate) fn on_disk(&mut self, path: &Path) {
        if self.open.contains_key(path) {
            return;
        }
        match (self.find(path), crate::files::read(path)) {
            (Some((set, file)), Ok(text)) => self.put(set, file, Document::new(text)),
            (None, Err(_)) => {}
            (Some(_), Err(_)) | (None, Ok(_)) => self.load_anew(),
        }
    }

    /// Looks at the disk anew: which texts belong together may be another question now.
    pub(crate) fn load_anew(&mut self) {
        self.sets.clear();
        for path in self.open.keys().cloned().collect::<Vec<_>>() {
            if self.find(&path).is_none() {
                self.load(&path);
            }
        }
    }

    /// Checks what has changed.
    pub(crate) fn check(&mut self) {
        self.sets.iter_mut().for_each(|set| set.definitions.check());
    }

    /// The texts that belong together.
    pub(crate) fn sets(&self) -> &[Set] {
        &self.sets
    }

    /// The text with this address.
    pub(crate) fn place(&self, uri: &Uri) -> Option<Place<'_>> {
        let (set, file) = self.find(&address::known_as(uri))?;
        Some(Place { session: self, set: self.sets.get(set)?, file })
    }

    /// The address of a file, as the editor writes it where it has the file open.
    pub(crate) fn uri(&self, path: &Path) -> Uri {
        self.opened.get(path).map_or_else(|| address::uri(path), |(uri, _)| uri.clone())
    }

    /// The version of an open text.
    pub(crate) fn version(&self, path: &Path) -> Option<i32> {
        self.opened.get(path).map(|(_, version)| *version)
    }

    fn find(&self, path: &Path) -> Option<(usize, FileId)> {
        self.sets.iter().enumerate().find_map(|(number, set)| Some((number, set.definitions.find(path)?)))
    }

    fn put(&mut self, set: usize, file: FileId, document: Document) {
        let Some(set) = self.sets.get_mut(set) else { return };
        set.definitions.replace(file, &document.text());
        if let Some(known) = set.documents.get_mut(file.0 as usize) {
            *known = document;
        }
    }

    /// Reads the texts that belong together with one.
    fn load(&mut self, path: &Path) {
        let disk = Disk::new(&self.open);
        let together = match path.parent().filter(|_| path.is_absolute()) {
            None => vec![path.to_path_buf()],
            Some(folder) => {
                let top = self.folders.iter().find(|top| path.starts_with(top)).map_or(folder, PathBuf::as_path);
                layout::together(&disk, path, top)
            }
        };
        let (mut documents, mut unreadable) = (BTreeMap::new(), Vec::new());
        for path in together {
            match disk.document(&path) {
                Ok(document) => {
                    documents.insert(path, document);
                }
                Err(problem) => unreadable.push((path, problem)),
            }
        }
        let texts: Vec<_> = documents.iter().map(|(path, of)| (path.clone(), of.text().into_owned())).collect();
        let definitions = Definitions::new(texts, !unreadable.is_empty());
        self.sets.push(Set { definitions, documents: documents.into_values().collect(), unreadable });
    }
}

impl<'s> Place<'s> {
    /// The byte of a line and column.
    pub(crate) fn offset(&self, position: Position) -> u32 {
        self.document(self.file).map_or(0, |document| document.offset(position, self.session.columns))
    }

    /// Lines and columns of a place in any of the texts that belong together.
    pub(crate) fn range(&self, span: Span) -> Range {
        self.set.range(span, self.session.columns)
    }

    /// The same with the address of the text.
    pub(crate) fn location(&self, span: Span) -> Location {
        self.set.location(self.session, span)
    }

    /// The address of a text.
    pub(crate) fn uri(&self, file: FileId) -> Uri {
        self.session.uri(&self.definitions().sources().file(file).path)
    }

    /// Whether lines end as those of Windows do.
    pub(crate) fn has_windows_lines(&self) -> bool {
        self.document(self.file).is_some_and(Document::has_windows_lines)
    }

    pub(crate) fn definitions(&self) -> &'s Definitions {
        &self.set.definitions
    }

    fn document(&self, file: FileId) -> Option<&'s Document> {
        self.set.documents.get(file.0 as usize)
    }
}

impl Set {
    /// Lines and columns of a place.
    pub(crate) fn range(&self, span: Span, columns: Columns) -> Range {
        let document = self.documents.get(span.file.0 as usize);
        document.map_or_else(Range::default, |document| document.range(span.start, span.end, columns))
    }

    /// The same with the address of the text.
    pub(crate) fn location(&self, session: &Session, span: Span) -> Location {
        let path = &self.definitions.sources().file(span.file).path;
        Location { uri: session.uri(path), range: self.range(span, session.columns) }
    }
}
