//! `yardstick describe`: what an indicator measures, in plain English.

use super::breakdown;
use super::failure::{Done, Exit, Failure};
use super::output::Target;
use super::{definitions, output};
use crate::describe::{self, Page};
use crate::ir::Indicator;
use crate::visible;
use std::path::PathBuf;

/// Say in plain English what an indicator measures
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The id of an indicator
    #[arg(value_name = "INDICATOR", required_unless_present = "all", conflicts_with = "all")]
    what: Option<String>,
    /// Describe every indicator
    #[arg(long)]
    all: bool,
    /// Say what the groups of this breakdown are, too; can be given several times
    #[arg(long, value_name = "NAME", requires = "what")]
    by: Vec<String>,
    /// Format of the text
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Files or folders with definitions [default: indicators]
    #[arg(long, value_name = "PATH")]
    indicators: Vec<PathBuf>,
    /// Write to this file instead of standard output
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// The forms a description is written in.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Format {
    /// For reading on a screen
    Text,
    /// For a document
    Markdown,
}

/// Runs the command.
pub(super) fn run(arguments: &Arguments) -> Done {
    let target = Target::open(arguments.output.as_deref())?;
    let (_, program) = definitions::load(&arguments.indicators)?.sound()?;
    let chosen = match &arguments.what {
        Some(id) => vec![definitions::indicator(&program, id)?.1],
        None => program.indicators.iter().collect(),
    };
    let form = match arguments.format {
        Format::Text => Page::text,
        Format::Markdown => Page::markdown,
    };
    let by = arguments.by.iter().map(|name| breakdown::find(&program, name)).collect::<Result<Vec<_>, _>>()?;
    let page = |indicator: &Indicator| match program.indicators.iter().position(|i| i.id == indicator.id) {
        Some(number) if !by.is_empty() => describe::broken_down(&program, number, &by).ok_or_else(|| {
            Failure::usage(format!("`{}` cannot be broken down by `{}`", indicator.id, program.group_name(&by)))
                .help(breakdown::WAYS)
        }),
        _ => Ok(describe::indicator(&program.model, indicator)),
    };
    let pages = chosen.into_iter().map(|i| page(i).map(|page| form(&page))).collect::<Result<Vec<String>, _>>()?;
    let text = pages.join("\n");
    let text = visible::lines(&text);
    if target == Target::Stdout {
        output::say(&text)?;
    } else {
        target.write(|out| out.write_all(text.as_bytes()))?;
    }
    Ok(Exit::Fine)
}
