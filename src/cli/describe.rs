//! `yardstick describe`: what an indicator measures, in plain English.

use super::failure::{self, Done, Exit, Failure};
use super::output::Target;
use super::{breakdown, case_data, definitions, output};
use crate::data::Options;
use crate::describe::{self, Page};
use crate::ir::{Indicator, Program};
use crate::model::TableId;
use crate::run;
use crate::visible;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Say in plain English what an indicator measures
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  yardstick describe returned_in_time\n  yardstick describe --all -o measures.md")]
pub(super) struct Arguments {
    /// The id of an indicator
    #[arg(value_name = "INDICATOR", required_unless_present = "all", conflicts_with = "all")]
    what: Option<String>,
    /// Describe every indicator
    #[arg(long)]
    all: bool,
    /// What has changed since it was approved: definitions of that time (a file or a folder), or a
    /// meaning hash, of which only is said whether it is still the same
    #[arg(long, value_name = "PATH|HASH")]
    since: Option<PathBuf>,
    /// Say what the groups of this breakdown are, too; can be given several times
    #[arg(long, value_name = "NAME", conflicts_with = "all")]
    by: Vec<String>,
    /// Print, from the case data in this folder, the lines of the tables that are `not fed` and
    /// that it goes by
    #[arg(long, value_name = "DIR", conflicts_with_all = ["all", "since"])]
    data: Option<PathBuf>,
    /// Format of the text [default: by the ending of the output file, else text]
    #[arg(long, value_enum)]
    format: Option<Format>,
    #[command(flatten)]
    definitions: definitions::Arguments,
    /// Write to this file, completely or not at all
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// The forms a description is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// For reading on a screen
    #[value(alias = "table")]
    Text,
    /// For a document
    #[value(name = "md", alias = "markdown")]
    Markdown,
}

/// Runs the command.
pub(super) fn run(arguments: &Arguments) -> Done {
    let format =
        output::format(arguments.format, arguments.output.as_deref(), (Format::Text, "format of a description"))?;
    let target = Target::open(arguments.output.as_deref())?;
    let (_, program) = definitions::load(arguments.definitions.paths())?.sound()?;
    let chosen: Vec<&Indicator> = match &arguments.what {
        Some(id) => vec![definitions::indicator(first_with(&program, id), id)?.1],
        None => everything(&program),
    };
    let form = match format {
        Format::Text => Page::text,
        Format::Markdown => Page::markdown,
    };
    let by = arguments.by.iter().map(|name| breakdown::find(&program, name)).collect::<Result<Vec<_>, _>>()?;
    let page = |indicator: &&Indicator| {
        let first = first_with(&program, &indicator.id);
        match first.indicators.iter().position(|i| i.id == indicator.id) {
            Some(number) if !by.is_empty() => describe::broken_down(first, number, &by).ok_or_else(|| {
                let message = format!("`{}` cannot be broken down by `{}`", indicator.id, program.group_name(&by));
                Failure::usage(message).help(breakdown::WAYS)
            }),
            _ => Ok(describe::page(&program, indicator)),
        }
    };
    let pages = match (&arguments.since, arguments.all) {
        (Some(since), _) => changes(&program, &chosen, since)?,
        (None, true) => describe::book(&program, &chosen),
        (None, false) => {
            let pages = chosen.iter().map(|indicator| match &arguments.data {
                Some(folder) => with_lines(&program, indicator, folder, page(indicator)?),
                None => page(indicator),
            });
            pages.collect::<Result<_, _>>()?
        }
    };
    let text = pages.iter().map(form).collect::<Vec<_>>().join("\n");
    target.say(&visible::lines(&text))?;
    Ok(Exit::Fine)
}

/// The page with the lines of the tables that are no record of what happened.
fn with_lines(program: &Program, of: &Indicator, folder: &Path, page: Page) -> Result<Page, Failure> {
    let model = &program.model;
    let tables = describe::not_fed(model, of);
    if tables.is_empty() {
        failure::warn(&format!("`{}` goes by no table that is `not fed`, so no data is read", of.id), None);
        return Ok(page);
    }
    let loaded = case_data::read(program, folder, &tables.iter().copied().collect(), &Options::default())?;
    let lines = |table: TableId| run::lines(model, &loaded.store, table).map(|lines| (table, lines));
    let lines = tables.into_iter().map(lines).collect::<Result<Vec<_>, _>>();
    Ok(describe::with_lines(page, model, &lines.map_err(|error| case_data::failed(&error))?))
}

/// The program of the first hierarchy of levels in which an indicator is shown.
fn first_with<'p>(program: &'p Program, id: &str) -> &'p Program {
    program.hierarchies().find(|of| of.find(id).is_some()).unwrap_or(program)
}

/// All indicators by their ids, each in the first hierarchy of levels in which it is shown.
fn everything(program: &Program) -> Vec<&Indicator> {
    let mut all = BTreeMap::new();
    for indicator in program.hierarchies().flat_map(|of| &of.indicators) {
        all.entry(indicator.id.as_str()).or_insert(indicator);
    }
    all.into_values().collect()
}

/// What has changed since that time, a page for each indicator.
fn changes(program: &Program, chosen: &[&Indicator], since: &Path) -> Result<Vec<Page>, Failure> {
    let hash = since.to_str().filter(|text| is_hash(text) && !since.exists());
    let Some(hash) = hash else {
        let (_, before) = definitions::load(&[since.to_path_buf()])?.sound()?;
        return Ok(chosen.iter().map(|indicator| describe::since(program, indicator, &before)).collect());
    };
    let everywhere = chosen.iter().flat_map(|of| program.hierarchies().filter_map(|in_these| in_these.find(&of.id)));
    let same: Vec<Page> = everywhere.filter(|i| i.meaning == hash).map(|of| describe::unchanged(program, of)).collect();
    if same.is_empty() {
        return Err(Failure::usage(format!("no definition that is described has the meaning `{hash}`")).help(
            "it has changed since, and a hash alone does not tell how: name a file or folder with the definitions of that \
             time, such as a checkout of that day",
        ));
    }
    Ok(same)
}

/// Whether this is written as a meaning hash.
fn is_hash(text: &str) -> bool {
    text.len() == 16 && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}
