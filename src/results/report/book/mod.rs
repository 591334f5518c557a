//! The data book of an entity to bytes, one file per format. What it says is laid down once, in
//! [`document`] and [`sheet`]; a format only lays it out.

mod breakdown;
pub(in crate::report) mod document;
mod html;
pub(in crate::report) mod markdown;
#[cfg(feature = "pdf")]
mod pdf;
mod pptx;
mod room;
pub(in crate::report) mod sheet;

use crate::scorecard::Book;
use document::Document;
use std::io;

/// A format of books.
#[derive(Debug, Clone, Copy)]
pub struct BookFormat {
    /// Its name on the command line, and the ending of its files.
    pub name: &'static str,
    /// Whether its bytes are text.
    pub is_text: bool,
    write: fn(&Document) -> io::Result<Vec<u8>>,
}

/// Every format of this build.
pub const FORMATS: &[BookFormat] = &[
    markdown::FORMAT,
    html::FORMAT,
    pptx::FORMAT,
    #[cfg(feature = "pdf")]
    pdf::FORMAT,
];

/// Formats that this build has not, each with the feature of the crate that brings it.
pub const NOT_BUILT: &[(&str, &str)] = &[
    #[cfg(not(feature = "pdf"))]
    ("pdf", "pdf"),
];

impl BookFormat {
    /// The bytes of a book; of the same book the same.
    ///
    /// # Errors
    /// When something of it has no form in this format: `InvalidData` where that is a text of the
    /// data.
    pub fn bytes(&self, book: &Book) -> io::Result<Vec<u8>> {
        (self.write)(&Document::of(book))
    }
}

/// The format with this name, or ending.
#[must_use]
pub fn find(name: &str) -> Option<&'static BookFormat> {
    FORMATS.iter().find(|of| of.name.eq_ignore_ascii_case(name))
}
