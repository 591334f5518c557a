//! A book as slides (PresentationML, ECMA-376): text and tables that can be edited, charts with
//! their own workbooks, and notes for the speaker. The parts are written by hand: the crate
//! `ppt-rs` (0.2) puts the same workbook behind every chart, and a time into every file.

mod chart;
mod deck;
mod frame;
mod package;
mod slide;
mod workbook;
mod xml;

use super::BookFormat;
use super::document::Document;
use std::io;

/// `pptx`.
pub(super) const FORMAT: BookFormat = BookFormat { name: "pptx", is_text: false, write };

fn write(of: &Document) -> io::Result<Vec<u8>> {
    package::bytes(&deck::slides(of), of)
}
