//! `yardstick check`: every error of every file in one run.

use super::definitions::{self, Definitions};
use super::failure::{Done, Exit, Failure};
use super::{failure, output};
use crate::diag::{Severity, render};
use clap::ValueEnum;
use serde::Serialize;
use std::path::PathBuf;

/// Check definitions: all errors of all files in one run
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Files or folders with definitions [default: indicators]
    paths: Vec<PathBuf>,
    /// Print the meaning hash of every indicator
    #[arg(long)]
    hash: bool,
    /// Format of the findings; json is one object per line
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
}

/// Runs the command.
pub(super) fn run(arguments: &Arguments) -> Done {
    let definitions = definitions::load(&arguments.paths)?;
    match arguments.format {
        Format::Text => definitions::print_findings(&definitions)?,
        Format::Json => print_json(&definitions)?,
    }
    for (message, help) in &definitions.unreadable {
        failure::complain(message, Some(help));
    }
    if arguments.hash && !definitions.failed() {
        print_hashes(&definitions, arguments.format)?;
    }
    if arguments.format == Format::Text {
        output::say(&summary(&definitions))?;
    }
    Ok(if definitions.failed() { Exit::Definitions } else { Exit::Fine })
}

fn print_json(definitions: &Definitions) -> Result<(), Failure> {
    let lines = definitions.findings.sorted().into_iter().map(|f| render::json(&definitions.sources, f) + "\n");
    output::print(lines.collect::<String>().as_bytes())
}

#[derive(Serialize)]
struct Hash<'a> {
    indicator: &'a str,
    meaning: &'a str,
}

fn print_hashes(definitions: &Definitions, format: Format) -> Result<(), Failure> {
    let lines = definitions.program.indicators.iter().map(|i| match format {
        Format::Text => format!("{}  {}\n", i.meaning, i.id),
        Format::Json => {
            serde_json::to_string(&Hash { indicator: &i.id, meaning: &i.meaning }).unwrap_or_default() + "\n"
        }
    });
    output::print(lines.collect::<String>().as_bytes())
}

/// What was read and what was found, on one line.
fn summary(definitions: &Definitions) -> String {
    let (errors, warnings) = definitions.findings.counts();
    let errors = errors + definitions.unreadable.len();
    let program = &definitions.program;
    let read = format!(
        "{}: {}, {}, {}",
        count(definitions.sources.iter().count(), "file"),
        count(program.indicators.len(), "indicator"),
        count(program.scorecards.len(), "scorecard"),
        count(program.tests.len(), "test"),
    );
    let sorted = definitions.findings.sorted();
    let first = sorted.iter().find(|f| f.severity == Severity::Error).map(|f| f.code.as_str());
    match (errors, warnings) {
        (0, 0) => format!("{read}; no errors\n"),
        (0, _) => format!("{read}; no errors, {}\n", count(warnings, "warning")),
        (_, _) => {
            let more = first.map(|c| format!("; `yardstick explain {c}` says more")).unwrap_or_default();
            let also = if warnings == 0 { String::new() } else { format!(", {}", count(warnings, "warning")) };
            format!(
                "{}{also} in {}{more}\n",
                count(errors, "error"),
                count(definitions.sources.iter().count() + definitions.unreadable.len(), "file")
            )
        }
    }
}

fn count(n: usize, what: &str) -> String {
    if n == 1 { format!("1 {what}") } else { format!("{n} {what}s") }
}
