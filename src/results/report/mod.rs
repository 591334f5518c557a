//! Scorecard to bytes, one file per format. No disk: plain data in, bytes out, the same from run to
//! run.
//!
//! To add a format: one file with a `FORMAT`, one line in [`FORMATS`].

mod amount;
pub mod attrition;
pub mod book;
pub mod catalog;
pub mod changes;
mod csv;
pub mod due;
pub mod escaped;
mod html;
mod json;
mod mark;
mod markdown;
mod parquet;
pub mod plan;
mod plot;
pub mod relation;
mod row_pieces;
mod scale;
mod spreadsheet;
mod text;
pub mod trend;
pub mod why;
mod workbook;

use crate::scorecard::case_list::CaseList;
use crate::scorecard::{Judged, Progress};
pub use spreadsheet::Csv;
use std::io::{self, Write};

/// What a report is made from.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// The judged cells: a card for forms that people read, rows for forms that programs read.
    pub judged: Judged,
    /// How many characters a line of text may have.
    pub width: usize,
    /// Whether a table in text shows the spread behind each cell; a page always does.
    pub spread: bool,
    /// Threads that make result rows at once; as many as the machine has when missing. Their number
    /// changes no byte.
    pub threads: Option<usize>,
    /// How CSV is written.
    pub csv: Csv,
    /// What a page says of each indicator, by its id, and under no id how to read that.
    pub descriptions: Vec<(String, String)>,
    /// The rows behind the latest cells, where somebody asks for them: names of people may be among
    /// them.
    pub cases: Vec<CaseList>,
    /// The plans that a page shows beside the values of their entities.
    pub plans: Vec<Progress>,
}

/// The width of a line when nobody says otherwise.
pub const WIDTH: usize = 100;

/// What the bytes of a format are, as far as a terminal or a file has to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Text with ANSI colours, to be stripped where colours are not wanted.
    Coloured,
    /// Text.
    Text,
    /// Bytes that do not belong on a terminal.
    Binary,
}

/// A format reports are written in.
#[derive(Debug, Clone, Copy)]
pub struct Format {
    /// Its name on the command line.
    pub name: &'static str,
    /// The ending of its files, without dot.
    pub extension: &'static str,
    /// What its bytes are.
    pub kind: Kind,
    /// How it is written.
    pub writing: Writing,
}

/// How a format is written.
#[derive(Debug, Clone, Copy)]
pub enum Writing {
    /// From the whole report: people read across indicators.
    Whole(fn(&Report, &mut dyn Write) -> io::Result<()>),
    /// Indicator by indicator, so that what was written of one need not be kept for the next.
    Rows(fn() -> io::Result<Box<dyn Rows>>),
}

/// A file of result rows being written.
pub trait Rows {
    /// Writes the rows of all tables that the report has now.
    ///
    /// # Errors
    /// When they cannot be written.
    fn add(&mut self, report: &Report, out: &mut dyn Write) -> io::Result<()>;

    /// Writes what stands at the end.
    ///
    /// # Errors
    /// When it cannot be written.
    fn end(self: Box<Self>, out: &mut dyn Write) -> io::Result<()>;
}

impl Format {
    /// Writes a report whose tables are all there.
    ///
    /// # Errors
    /// When something of the report has no form in this format, or cannot be written.
    pub fn write(&self, report: &Report, out: &mut dyn Write) -> io::Result<()> {
        match self.writing {
            Writing::Whole(write) => write(report, out),
            Writing::Rows(begin) => {
                let mut rows = begin()?;
                rows.add(report, out)?;
                rows.end(out)
            }
        }
    }

    /// A report as one run of bytes.
    ///
    /// # Errors
    /// When something of the report has no form in this format.
    pub fn bytes(&self, report: &Report) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        self.write(report, &mut bytes)?;
        Ok(bytes)
    }
}

/// Every format; the first is the one people get when they ask for none.
pub const FORMATS: &[Format] =
    &[text::FORMAT, html::FORMAT, csv::FORMAT, json::FORMAT, parquet::FORMAT, markdown::FORMAT, workbook::FORMAT];

/// Other names of formats, by which some commands or an earlier version call them.
const ALIASES: [(&str, &str); 2] = [("markdown", "md"), ("text", "table")];

/// The format with this name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Format> {
    let name = ALIASES.iter().find(|(alias, _)| *alias == name).map_or(name, |(_, name)| name);
    FORMATS.iter().find(|f| f.name == name)
}

/// The format whose files end like this (`csv`, without dot).
#[must_use]
pub fn find_extension(extension: &str) -> Option<&'static Format> {
    FORMATS.iter().find(|f| f.extension.eq_ignore_ascii_case(extension))
}
