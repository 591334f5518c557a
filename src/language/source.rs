//! Source texts and places in them.
//!
//! Every later stage points at the analyst's text with a [`Span`]: a file and a half-open byte
//! range. This room takes nothing from the others but what makes text [`visible`](crate::visible).

use crate::visible::{INSTEAD, acts};
use std::borrow::Cow;
use std::path::{Path, PathBuf};

/// Which file of a [`Sources`] a span points into.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub u32);

/// A half-open byte range `[start, end)` of one source file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The file.
    pub file: FileId,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// The span of `start..end` in `file`.
    #[must_use]
    pub fn new(file: FileId, start: usize, end: usize) -> Self {
        let clamp = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Self { file, start: clamp(start), end: clamp(end) }
    }

    /// The smallest span that holds both; `self` when they are in different files.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        if self.file != other.file {
            return self;
        }
        Self { file: self.file, start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// Its part before another place in it; all of it where there is none.
    #[must_use]
    pub fn until(self, other: Option<Self>) -> Self {
        other.filter(|other| other.is_inside(self)).map_or(self, |other| Self { end: other.start, ..self })
    }

    /// Whether it lies inside another.
    #[must_use]
    pub fn is_inside(self, other: Self) -> bool {
        self.file == other.file && other.start <= self.start && self.end <= other.end
    }
}

/// A value together with the text it was written as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Where it was written.
    pub span: Span,
}

impl<T> Spanned<T> {
    /// `value`, written at `span`.
    pub fn new(value: T, span: Span) -> Self {
        Self { value, span }
    }
}

/// One text: its path as shown to people, and its contents (valid UTF-8, without a byte order
/// mark).
#[derive(Debug, Clone)]
pub struct SourceFile {
    /// The path as it is shown in messages.
    pub path: PathBuf,
    /// The whole text.
    pub text: String,
    line_starts: Vec<u32>,
    /// The offsets of the continuation bytes of UTF-8, so that columns are counted without reading
    /// a long line again.
    continued: Vec<u32>,
    /// The text without control characters, when it has any.
    printable: Option<String>,
}

impl SourceFile {
    fn new(path: PathBuf, text: String) -> Self {
        let places = |of: fn(u8) -> bool| text.bytes().enumerate().filter(move |(_, b)| of(*b)).map(|(i, _)| i as u32);
        let line_starts = std::iter::once(0).chain(places(|b| b == b'\n').map(|i| i + 1)).collect();
        let continued = places(|b| b & 0b1100_0000 == 0b1000_0000).collect();
        let printable = match printable(&text) {
            Cow::Borrowed(_) => None,
            Cow::Owned(other) => Some(other),
        };
        Self { path, text, line_starts, continued, printable }
    }

    /// The text without control characters; byte offsets are those of the text.
    #[must_use]
    pub fn printable(&self) -> &str {
        self.printable.as_deref().unwrap_or(&self.text)
    }

    /// How many lines the text has; a text that ends in a line break has an empty last line.
    #[must_use]
    pub fn line_count(&self) -> usize {
        self.line_starts.len()
    }

    /// The bytes of a line counted from 1, its line break included; empty when there is no such
    /// line.
    #[must_use]
    pub fn line_bytes(&self, line: usize) -> std::ops::Range<usize> {
        let end = self.text.len();
        let at = |i: usize| self.line_starts.get(i).map_or(end, |s| *s as usize);
        if line == 0 { end..end } else { at(line - 1)..at(line) }
    }

    /// Line and column of a byte offset, both counted from 1; columns count characters.
    #[must_use]
    pub fn line_column(&self, offset: u32) -> (usize, usize) {
        let line = self.line_starts.partition_point(|start| *start <= offset).max(1);
        let start = self.line_starts[line - 1] as usize;
        let end = (offset as usize).min(self.text.len());
        let before = |place: usize| self.continued.partition_point(|at| (*at as usize) < place);
        let column = end.saturating_sub(start) - (before(end) - before(start));
        (line, column + 1)
    }
}

/// Text without control characters, so that a definition cannot drive the terminal that shows it.
/// Keeps byte offsets.
#[must_use]
pub fn printable(text: &str) -> Cow<'_, str> {
    let odd = |c: char| acts(c) && c != '\n' && c != '\t';
    // The replacement has as many bytes as the character.
    let instead = |c: char| match c.len_utf8() {
        3 => INSTEAD.to_string(),
        bytes => "?".repeat(bytes),
    };
    if !text.contains(odd) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().map(|c| if odd(c) { instead(c) } else { c.to_string() }).collect())
}

/// All texts of one run, in the order they were added.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    files: Vec<SourceFile>,
}

impl Sources {
    /// Adds a text and returns its id.
    pub fn add(&mut self, path: impl Into<PathBuf>, text: impl Into<String>) -> FileId {
        self.files.push(SourceFile::new(path.into(), text.into()));
        FileId(u32::try_from(self.files.len() - 1).unwrap_or(u32::MAX))
    }

    /// Gives a file another text; its id and path stay.
    pub fn replace(&mut self, id: FileId, text: impl Into<String>) {
        if let Some(file) = self.files.get_mut(id.0 as usize) {
            *file = SourceFile::new(std::mem::take(&mut file.path), text.into());
        }
    }

    /// The file of an id handed out by [`Sources::add`].
    #[must_use]
    pub fn file(&self, id: FileId) -> &SourceFile {
        &self.files[id.0 as usize]
    }

    /// The text a span covers.
    #[must_use]
    pub fn text(&self, span: Span) -> &str {
        self.file(span.file).text.get(span.start as usize..span.end as usize).unwrap_or_default()
    }

    /// Ids and files, in the order they were added.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &SourceFile)> {
        self.files.iter().enumerate().map(|(i, f)| (FileId(i as u32), f))
    }

    /// The id of the file with this path, when it was added.
    #[must_use]
    pub fn find(&self, path: &Path) -> Option<FileId> {
        self.iter().find(|(_, f)| f.path == path).map(|(id, _)| id)
    }
}
