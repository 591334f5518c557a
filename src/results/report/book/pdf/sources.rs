//! What the layout may read: the template, the contents of the book and the fonts in the program.
//! No file, no clock, no network.

use super::contents::Contents;
use std::io;
use std::sync::LazyLock;
use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Dict, Duration, IntoValue};
use typst::syntax::{FileId, Source};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};

const TEMPLATE: &str = include_str!("book.typ");

/// The fonts in the program, read once.
struct Fonts {
    all: Vec<Font>,
    book: LazyHash<FontBook>,
}

static FONTS: LazyLock<Fonts> = LazyLock::new(|| {
    let all: Vec<Font> = typst_assets::fonts().flat_map(|bytes| Font::iter(Bytes::new(bytes))).collect();
    let book = LazyHash::new(FontBook::from_fonts(&all));
    Fonts { all, book }
});

/// The sources of one book.
pub(super) struct Sources {
    library: LazyHash<Library>,
    template: Source,
}

impl Sources {
    /// The sources of a book with these contents.
    ///
    /// # Errors
    /// `InvalidData` where no font in the program has a character of the contents.
    pub(super) fn of(contents: &Contents) -> io::Result<Self> {
        for text in &contents.texts {
            if let Some(lost) = text.chars().find(|sign| !is_drawn(*sign)) {
                return Err(io::Error::new(
                    io::ErrorKind::InvalidData,
                    format!("no font in the program has the character `{lost}` (U+{:04X}) of `{text}`", lost as u32),
                ));
            }
        }
        let mut inputs = Dict::new();
        inputs.insert("book".into(), Bytes::new(contents.json.clone()).into_value());
        let library = LazyHash::new(Library::builder().with_inputs(inputs).build());
        Ok(Self { library, template: Source::detached(TEMPLATE) })
    }
}

/// Whether a font in the program has the character; of a break between the lines of a picture
/// nothing is drawn.
fn is_drawn(sign: char) -> bool {
    sign == '\n' || FONTS.all.iter().any(|font| font.info().coverage.contains(sign as u32))
}

impl World for Sources {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &FONTS.book
    }

    fn main(&self) -> FileId {
        self.template.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.template.id() { Ok(self.template.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn file(&self, _: FileId) -> FileResult<Bytes> {
        Err(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        FONTS.all.get(index).cloned()
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}
