//! `yardstick diff`: what changed in meaning between two versions of the definitions.

mod clauses;
mod compared;
mod history;
mod text;
mod version;
mod with_data;

use super::failure::{Done, Exit, Failure};
use super::output::{self, Target};
use super::{case_data, progress};
use crate::diag::suggest;
use crate::history::Bounds;
use crate::visible;
use clap::ValueEnum;
use compared::Differences;
use std::path::PathBuf;
use version::Version;

/// Say what changed in meaning between two versions of the definitions
///
/// For every indicator that changed: its clauses and what they say in English, before and now, and
/// the smallest made-up history on which the two disagree, as a test. With `--data`: the rows that
/// move, and the cells that change.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  yardstick diff main\n  yardstick diff HEAD~1:indicators indicators -o changes.md")]
pub(super) struct Arguments {
    /// The definitions before: a file, a folder, or a revision such as `main` or
    /// `HEAD~1:definitions`
    old: String,
    /// The definitions now, in the same way [default: those that `yardstick.toml` names, else the
    /// folder `indicators`]
    new: Option<String>,
    /// Only these indicators; can be given several times
    #[arg(long, value_name = "ID")]
    indicator: Vec<String>,
    /// How many histories are looked at for each change, at most
    #[arg(long, value_name = "N", default_value_t = Bounds::default().histories)]
    histories: usize,
    /// Form of the answer [default: the one that the ending of the file names, else text]
    #[arg(long, value_enum)]
    format: Option<Format>,
    #[command(flatten)]
    data: case_data::Arguments,
    /// Write to this file, completely or not at all: `.md`, `.json`, `.txt`
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// The forms of the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For reading on a screen.
    Text,
    /// Markdown, for a pull request.
    Md,
    /// For programs.
    Json,
}

/// Runs the command.
pub(super) fn run(arguments: &Arguments) -> Done {
    let format = output::format(arguments.format, arguments.output.as_deref(), (Format::Text, "answer"))?;
    let target = Target::open(arguments.output.as_deref())?;
    let (old, new) = (Version::read(&arguments.old)?, Version::now(arguments.new.as_deref())?);
    known(&old, &new, &arguments.indicator)?;
    let mut differences = {
        let _sign_of_life = progress::spinner("comparing");
        let bounds = Bounds { histories: arguments.histories, ..Bounds::default() };
        Differences::between(&old, &new, &arguments.indicator, bounds)
    };
    if arguments.data.data.is_some() {
        with_data::add(&mut differences, (&old, &new), &arguments.data)?;
    }
    target.unread()?;
    let text = match format {
        Format::Text => visible::lines(&text::text(&differences)).into_owned(),
        Format::Md => visible::lines(&text::markdown(&differences)).into_owned(),
        Format::Json => {
            let json = serde_json::to_string_pretty(&differences);
            json.map_err(|e| Failure::internal(format!("internal error: {e}")))? + "\n"
        }
    };
    target.put(text.as_bytes(), format == Format::Text)?;
    Ok(Exit::Fine)
}

/// Whether every indicator that is asked for is in one of the two.
fn known(old: &Version, new: &Version, asked: &[String]) -> Result<(), Failure> {
    let ids: Vec<&str> = [old, new]
        .into_iter()
        .flat_map(|of| of.program.hierarchies())
        .flat_map(|of| of.indicators.iter().map(|i| i.id.as_str()))
        .collect();
    match asked.iter().find(|id| !ids.contains(&id.as_str())) {
        None => Ok(()),
        Some(id) => Err(Failure::usage(format!("neither of the two has an indicator `{id}`")).help(suggest::help(
            id,
            "indicators",
            &ids,
        ))),
    }
}
