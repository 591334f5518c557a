//! The forms of what is drawn: a relation, a trend.

use super::failure::Failure;
use super::output::{self, Target};
use super::terminal;
use crate::report::{self, Csv};
use clap::ValueEnum;
use std::fmt;
use std::io;
use std::path::Path;

/// The forms of a chart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum ChartFormat {
    /// For reading.
    #[value(alias = "text")]
    Table,
    /// A picture.
    Svg,
    /// A page with the picture.
    Html,
    /// A line for each point.
    Csv,
    /// One object.
    Json,
}

/// The format asked for, or the one that the output file's ending names.
pub(super) fn chosen(format: Option<ChartFormat>, output: Option<&Path>) -> Result<ChartFormat, Failure> {
    output::format(format, output, (ChartFormat::Table, "format"))
}

/// How something is drawn in each form.
pub(super) struct Forms<T> {
    pub(super) text: fn(&T, usize) -> Result<String, fmt::Error>,
    pub(super) svg: fn(&T) -> Result<String, fmt::Error>,
    pub(super) page: fn(&T) -> Result<String, fmt::Error>,
    pub(super) csv: fn(&T, Csv) -> io::Result<Vec<u8>>,
    pub(super) json: fn(&T) -> io::Result<Vec<u8>>,
}

impl<T> Forms<T> {
    /// Draws it where it shall go: `target` is what was opened for `output`.
    pub(super) fn write(
        &self,
        of: &T,
        (format, csv): (ChartFormat, Csv),
        (output, target): (Option<&Path>, &Target),
    ) -> Result<(), Failure> {
        let width = if output.is_none() { terminal::width() } else { report::WIDTH };
        let bytes = self.bytes(of, (format, csv), width)?;
        target.put(&bytes, format == ChartFormat::Table)
    }

    fn bytes(&self, of: &T, (format, csv): (ChartFormat, Csv), width: usize) -> Result<Vec<u8>, Failure> {
        let internal = |error: &dyn fmt::Display| Failure::internal(format!("internal error: {error}"));
        let drawn = match format {
            ChartFormat::Table => (self.text)(of, width),
            ChartFormat::Svg => (self.svg)(of),
            ChartFormat::Html => (self.page)(of),
            ChartFormat::Csv => return (self.csv)(of, csv).map_err(|e| internal(&e)),
            ChartFormat::Json => return (self.json)(of).map_err(|e| internal(&e)),
        };
        drawn.map(String::into_bytes).map_err(|e| internal(&e))
    }
}
