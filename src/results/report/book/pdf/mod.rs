//! A book as PDF: tagged for screen readers (PDF/UA-1), and the same bytes from the same book.
//! A fixed template lays it out; all texts of the book are data to it, so none becomes markup.

mod contents;
mod sources;

use super::BookFormat;
use super::document::Document;
use chrono::Datelike;
use sources::Sources;
use std::io;
use typst::comemo;
use typst::diag::SourceDiagnostic;
use typst::foundations::{Datetime, Smart};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

/// `pdf`.
pub(super) const FORMAT: BookFormat = BookFormat { name: "pdf", is_text: false, write };

fn write(of: &Document) -> io::Result<Vec<u8>> {
    let bytes = laid_out(of);
    // What Typst remembers of one book helps no other, and would grow with each of a folder.
    comemo::evict(0);
    bytes
}

fn laid_out(of: &Document) -> io::Result<Vec<u8>> {
    let contents = contents::of(of)?;
    let sources = Sources::of(&contents)?;
    let made = typst::compile::<PagedDocument>(&sources).output.map_err(|errors| failed(&errors))?;
    let day = of.as_of;
    let part = |of: u32| u8::try_from(of).unwrap_or_default();
    let written = Datetime::from_ymd(day.year(), part(day.month()), part(day.day()));
    let options = PdfOptions {
        ident: Smart::Custom(format!("{} {day}", of.title)),
        creator: Smart::Custom(Some("Yardstick".to_owned())),
        timestamp: written.map(Timestamp::new_utc),
        standards: PdfStandards::new(&[PdfStandard::Ua_1]).map_err(|e| io::Error::other(e.message().to_string()))?,
        ..PdfOptions::default()
    };
    typst_pdf::pdf(&made, &options).map_err(|errors| failed(&errors))
}

/// What stopped Typst, in its words.
fn failed(errors: &[SourceDiagnostic]) -> io::Error {
    let messages: Vec<&str> = errors.iter().map(|error| error.message.as_str()).collect();
    io::Error::other(messages.join("; "))
}
