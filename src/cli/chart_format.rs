//! The forms of what is drawn: a relation, a trend.

use super::failure::Failure;
use clap::ValueEnum;
use std::path::Path;

/// The forms of a chart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum ChartFormat {
    /// For reading.
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
    if let Some(format) = format {
        return Ok(format);
    }
    let Some(ending) = output.and_then(Path::extension) else { return Ok(ChartFormat::Table) };
    match ending.to_string_lossy().as_ref() {
        "txt" => Ok(ChartFormat::Table),
        "svg" => Ok(ChartFormat::Svg),
        "html" => Ok(ChartFormat::Html),
        "csv" => Ok(ChartFormat::Csv),
        "json" => Ok(ChartFormat::Json),
        other => Err(Failure::usage(format!("no format has the file ending `.{other}`"))
            .help("name one with `--format`: table, svg, html, csv, json")),
    }
}
