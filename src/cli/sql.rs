//! `yardstick sql`: an indicator as a query for a database, that gives the same cells.

use super::failure::{Done, Exit, Failure};
use super::output::Target;
use super::{case_data, definitions, hierarchy};
use crate::sql::{self, Asked};
use crate::visible;
use chrono::NaiveDate;
use std::path::PathBuf;

/// Print an indicator as a query for a database, that gives the same cells
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  yardstick sql returned_in_time --dialect duckdb --as-of 2026-10-31\n  yardstick sql returned_in_time --dialect postgres --as-of 2026-10-31 --months 24 -o returned_in_time.sql"
)]
pub(super) struct Arguments {
    /// The id of an indicator
    #[arg(value_name = "INDICATOR")]
    what: String,
    /// The database
    #[arg(long, value_enum)]
    dialect: Dialect,
    /// The last day through which the tables are complete
    #[arg(long, value_name = "DATE", value_parser = case_data::day)]
    as_of: NaiveDate,
    /// The windows that end in the last N months [default: 1]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1200))]
    months: Option<u32>,
    #[command(flatten)]
    definitions: definitions::Arguments,
    /// In this hierarchy of levels [default: the first in which it is shown]
    #[arg(long, value_name = "NAME")]
    levels: Option<String>,
    /// Write to this file, completely or not at all
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// The databases that a query is written for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Dialect {
    /// DuckDB
    #[value(name = "duckdb")]
    DuckDb,
    /// PostgreSQL
    Postgres,
}

impl From<Dialect> for sql::Dialect {
    fn from(dialect: Dialect) -> Self {
        match dialect {
            Dialect::DuckDb => Self::DuckDb,
            Dialect::Postgres => Self::Postgres,
        }
    }
}

/// Runs the command.
pub(super) fn run(arguments: &Arguments) -> Done {
    let target = Target::open(arguments.output.as_deref())?;
    let (sources, program) = definitions::load(arguments.definitions.paths())?.sound()?;
    let program = hierarchy::of_indicator(program, &arguments.what, arguments.levels.as_deref(), None)?;
    let (_, indicator) = definitions::indicator(&program, &arguments.what)?;
    let windows = indicator.windows(arguments.as_of, arguments.months.unwrap_or(1));
    let asked = Asked { dialect: arguments.dialect.into(), as_of: arguments.as_of, windows: &windows };
    let text = sql::query(&program, indicator, &sources, asked).map_err(|refused| {
        Failure::definitions(format!("`{}` has no query: {}", indicator.id, refused.message)).help(refused.help)
    })?;
    target.say(&visible::lines(&text))?;
    Ok(Exit::Fine)
}
