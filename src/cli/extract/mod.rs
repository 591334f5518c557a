//! `yardstick extract`: the tables that the model names, read from a database into a folder of
//! Parquet files, all as of one moment.

mod database;
mod manifest;
mod tables;
mod temporary;

use super::failure::{Done, Exit, Failure};
use super::own_folder::{Kind, OwnFolder};
use super::{case_data, definitions, output};
use crate::inputs;
use chrono::{NaiveDate, Utc};
use manifest::Manifest;
use std::path::{Path, PathBuf};
use std::time::{Instant, SystemTime};
use tables::Found;
use toml::{Table, Value};

pub(super) use temporary::{no_database, of_database};

/// Read the tables that the model names from a database into a folder of Parquet files, all as of
/// one moment
#[derive(Debug, Clone, clap::Args)]
#[command(
    after_help = "The password, where one is needed, stands in the variable YARDSTICK_PASSWORD, in the driver's own file (~/.pgpass, a service \
                  file), or is asked for with --ask-password; an address holds none.\n\nExamples:\n  \
                  yardstick extract postgresql://reader@db/casework -o files --as-of 2026-10-31\n  \
                  yardstick extract sqlite:casework.db --indicators definitions -o files --as-of 2026-10-31"
)]
pub(super) struct Arguments {
    /// The database: `postgresql://user@host/database`, `sqlite:FILE`, `duckdb:FILE`
    #[arg(value_name = "SOURCE")]
    source: String,
    #[command(flatten)]
    definitions: definitions::Arguments,
    /// The folder for the files, written whole or not at all
    #[arg(short, long, value_name = "DIR")]
    output: PathBuf,
    /// The last day of which everything has been entered; written to `dataset.toml`
    #[arg(long, value_name = "DATE", value_parser = case_data::day)]
    as_of: NaiveDate,
    /// The first day from which on everything is there; written to `dataset.toml`
    #[arg(long, value_name = "DATE", value_parser = case_data::day)]
    complete_from: Option<NaiveDate>,
    /// Whose data it is; written to `dataset.toml`
    #[arg(long, value_name = "TEXT")]
    name: Option<String>,
    #[command(flatten)]
    database: database::Arguments,
}

const EXTRACT: Kind = Kind {
    list: "extract.txt",
    is_file: "name a folder with `-o`",
    one: "file",
    others: "name a folder that is not there yet, or is empty, or holds what `extract` wrote",
};

/// What says through which day the data is complete.
const SETTINGS: &str = "dataset.toml";

/// Runs the command.
pub(super) fn run(arguments: &Arguments) -> Done {
    let (_, program) = definitions::load(arguments.definitions.paths())?.sound()?;
    let settings = settings(arguments)?;
    let folder = OwnFolder::open(&arguments.output, EXTRACT)?;
    unchanged(&arguments.output)?;
    let source = arguments.database.source(&arguments.source)?;
    let (began, clock) = (SystemTime::now(), Instant::now());
    let draft = folder.begin()?;
    let found = tables::read(source, &program.model, draft.path()).map_err(|failed| failed.told(&arguments.output))?;
    let mut files = vec![
        (SETTINGS.to_owned(), settings),
        (manifest::NAME.to_owned(), Manifest::of(arguments.as_of, &found, began).text()?),
    ];
    let mut list = tables::listed(&found);
    for (name, text) in &mut files {
        folder.add(&draft, name, text.as_bytes())?;
        let hash =
            inputs::hash(&draft.path().join(&name)).map_err(|e| tables::Failed::Disk(e).told(&arguments.output))?;
        list.push((name.clone(), hash));
    }
    folder.put(draft, &list)?;
    output::say(&crate::visible::lines(&summary(folder.path(), &found, clock.elapsed().as_secs_f64())))?;
    Ok(Exit::Fine)
}

/// `files: 12 tables, 48,210 rows as of 2026-11-30T12:04:31Z`.
fn summary(folder: &Path, found: &Found, seconds: f64) -> String {
    let rows: u64 = found.tables.iter().map(|table| table.rows).sum();
    let tables = found.tables.len();
    let a_second = (rows as f64 / seconds.max(0.001)) as u64;
    format!(
        "{}: {tables} {}, {} rows, all as of {}; {seconds:.1} s, {} rows a second\n",
        folder.display(),
        if tables == 1 { "table" } else { "tables" },
        rows,
        found.plan.moment,
        a_second,
    )
}

/// The settings of the folder, as text.
fn settings(arguments: &Arguments) -> Result<String, Failure> {
    let today = chrono::DateTime::<Utc>::from(SystemTime::now()).date_naive();
    // A day further east may be a day ahead.
    if arguments.as_of > today.succ_opt().unwrap_or(today) {
        return Err(Failure::usage(format!(
            "{} is still to come: nothing of it can have been entered",
            arguments.as_of
        ))
        .help("name the last day of which everything is in the database"));
    }
    if let Some(from) = arguments.complete_from.filter(|from| *from > arguments.as_of) {
        return Err(Failure::usage(format!(
            "the data cannot be complete from {from} on and through {}",
            arguments.as_of
        ))
        .help("`--complete-from` is the first day of which nothing is missing, `--as-of` the last"));
    }
    let mut all = Table::new();
    let mut say = |name: &str, value: String| all.insert(name.to_owned(), Value::String(value));
    say("as_of", arguments.as_of.to_string());
    arguments.complete_from.map(|day| say("complete_from", day.to_string()));
    arguments.name.clone().map(|name| say("name", name));
    Ok(all.to_string())
}

/// Refuses to replace settings that somebody has changed since they were written.
fn unchanged(folder: &Path) -> Result<(), Failure> {
    let (list, settings) = (folder.join(EXTRACT.list), folder.join(SETTINGS));
    let Ok(listed) = inputs::open(&list).and_then(std::io::read_to_string) else { return Ok(()) };
    let written = listed.lines().find_map(|line| line.strip_prefix(SETTINGS)?.strip_prefix('\t'));
    match inputs::hash(&settings) {
        Ok(now) if written != Some(&now) => Err(Failure::usage(format!(
            "`{}` was changed after it was written, and an extract replaces it",
            settings.display()
        ))
        .help("say what it says with `--as-of`, `--complete-from` and `--name`, and delete it; or write to another folder")),
        _ => Ok(()),
    }
}
