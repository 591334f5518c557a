//! `yardstick data`: checks case data against the model.

use super::failure::{Done, Exit, Failure};
use super::{case_data, checked, definitions, memory, output, threads};
use crate::data::{Ahead, Aside, DataReport, Example, Hint, Loaded, Options, Projection, TableReport, Turned, Unknown};
use crate::ir::reads::Reads;
use crate::model::TableId;
use crate::visible;
use chrono::NaiveDate;
use clap::ValueEnum;
use serde::Serialize;
use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::PathBuf;

/// Check case data against the model: what is there, and what had to be set aside
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Folder with the case data [default: examples/county/data, where there is such a folder]
    #[arg(value_name = "DIR")]
    folder: Option<PathBuf>,
    /// Files or folders with definitions; only their model is used [default: indicators]
    #[arg(long, value_name = "PATH")]
    indicators: Vec<PathBuf>,
    /// Format of the report
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Treat what is dated after this day as not happened yet [default: `as_of` of its
    /// `dataset.toml`]
    #[arg(long, value_name = "DATE", value_parser = case_data::day)]
    as_of: Option<NaiveDate>,
    /// Refuse the data when a single row or value breaks the model
    #[arg(long)]
    strict: bool,
    #[command(flatten)]
    checked: checked::Arguments,
    #[command(flatten)]
    threads: threads::Arguments,
    #[command(flatten)]
    memory: memory::Arguments,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
}

/// Runs the command.
pub(super) fn run(arguments: &Arguments) -> Done {
    let (_, program) = definitions::load(&arguments.indicators)?.sound()?;
    let tables = program.model.tables().map(|(id, _)| id).collect();
    let scratch = arguments.memory.scratch()?;
    let (threads, checked) = (arguments.threads.number, arguments.checked.folder.clone());
    let (as_of, strict, wanted) = (arguments.as_of, arguments.strict, Projection::Only(Reads::new()));
    let options = Options { as_of, strict, threads, scratch, wanted, checked };
    let folder = case_data::folder(arguments.folder.as_deref(), "yardstick data DIR")?;
    let loaded = case_data::read(&program, &folder, &tables, &options)?;
    let bad = Bad {
        tables: loaded.report.bad_tables(&program.model),
        columns: (loaded.report.bad_columns(&program.model).into_keys())
            .map(|(table, column)| (table, program.model.table(table).column(column).file_name.clone()))
            .collect(),
    };
    match arguments.format {
        Format::Text => output::say(&visible::lines(&text(&loaded, &bad)))?,
        Format::Json => output::print(json(&loaded)?.as_bytes())?,
    }
    Ok(Exit::Fine)
}

#[derive(Serialize)]
struct Json<'a> {
    name: Option<&'a str>,
    as_of: Option<String>,
    complete_from: Option<String>,
    #[serde(flatten)]
    report: &'a DataReport,
}

fn json(loaded: &Loaded) -> Result<String, Failure> {
    let settings = loaded.settings.as_ref();
    let all = Json {
        name: settings.map(|s| s.name.as_str()),
        as_of: settings.map(|s| s.as_of.to_string()),
        complete_from: settings.and_then(|s| s.complete_from).map(|d| d.to_string()),
        report: &loaded.report,
    };
    let text = serde_json::to_string_pretty(&all);
    text.map(|t| t + "\n").map_err(|e| Failure::internal(format!("the report could not be written: {e}")))
}

/// What breaks the model more often than it allows.
struct Bad {
    tables: BTreeSet<TableId>,
    /// By their names in the files.
    columns: BTreeSet<(TableId, String)>,
}

fn text(loaded: &Loaded, bad: &Bad) -> String {
    let report = &loaded.report;
    let mut out = String::new();
    match &loaded.settings {
        Some(settings) => {
            let from = settings.complete_from.map(|from| format!("from {from} ")).unwrap_or_default();
            let _ = writeln!(out, "{}, complete {from}through {}", visible::value(&settings.name), settings.as_of);
        }
        None => out.push_str("the folder does not say through which day it is complete; `--as-of` has to\n"),
    }
    let read: u64 = report.tables.iter().map(|t| t.read).sum();
    let _ = write!(out, "{} tables, {read} rows, {} set aside", report.tables.len(), report.aside_rows());
    let _ = match report.unknown_values() {
        0 => writeln!(out, "\n"),
        values => writeln!(out, "; {values} values that break their column are taken as not known\n"),
    };
    let width = report.tables.iter().map(|t| t.table.chars().count()).max().unwrap_or(0);
    let _ = writeln!(out, "{:width$}  {:>10}  {:>10}  dates", "table", "rows", "set aside");
    for table in &report.tables {
        let verdict =
            if bad.tables.contains(&table.id) { "  too many set aside: its numbers are withheld" } else { "" };
        let line = format!(
            "{:width$}  {:>10}  {:>10}  {}{verdict}",
            table.table,
            table.read,
            table.aside_rows(),
            dates(table)
        );
        let _ = writeln!(out, "{}", line.trim_end());
    }
    for table in &report.tables {
        details(&mut out, table, bad);
    }
    out
}

/// From the first to the last day of all columns.
fn dates(table: &TableReport) -> String {
    let first = table.dates.iter().filter_map(|d| d.first.as_ref()).min();
    let last = table.dates.iter().filter_map(|d| d.last.as_ref()).max();
    first.zip(last).map(|(first, last)| format!("{first} to {last}")).unwrap_or_default()
}

/// What is worth saying of one table.
fn details(out: &mut String, table: &TableReport, bad: &Bad) {
    let links: Vec<_> = table.missing_links.iter().filter(|l| l.rows > 0).collect();
    let open = table.open.filter(|n| *n > 0);
    let broken = !table.aside.is_empty() || !table.unknown.is_empty() || table.alike > 0 || table.copies > 0;
    let dated = !table.ahead.is_empty() || !table.instants.is_empty();
    if !broken && !dated && table.later == 0 && links.is_empty() && open.is_none() {
        return;
    }
    let files: Vec<_> = table.files.iter().map(|file| visible::value(file)).collect();
    let _ = writeln!(out, "\n{} ({})", table.table, files.join(", "));
    if let Some(open) = open {
        let _ = writeln!(out, "  {open} still open");
    }
    for link in links {
        let _ = writeln!(out, "  {} without `{}`", link.rows, link.column);
    }
    if table.later > 0 {
        let _ = writeln!(
            out,
            "  {} rows not there yet: they begin after the as-of day, or hang on a row that does",
            table.later
        );
    }
    for Turned { column, values, zone } in &table.instants {
        let _ = writeln!(out, "  {values} instants in `{column}`, turned into local time in {zone}");
    }
    for ahead in &table.ahead {
        let Ahead { column, rows, furthest, effect } = ahead;
        let effect = effect.words();
        let _ = writeln!(out, "  {rows} with `{column}` after the as-of day, up to {furthest}: {effect}");
    }
    if table.alike > 0 {
        let _ = writeln!(
            out,
            "  {} the same as an earlier row in every column of the file: kept; `distinct` in the model leaves them out",
            table.alike
        );
    }
    if table.copies > 0 {
        let _ = writeln!(out, "  {} left out: the same as an earlier row in every column of the file", table.copies);
    }
    for aside in &table.aside {
        reason(out, aside);
    }
    for unknown in &table.unknown {
        let withheld = bad.columns.contains(&(table.id, unknown.column.clone()));
        values(out, unknown, withheld);
    }
}

/// Values that are not known, and what is written there.
fn values(out: &mut String, unknown: &Unknown, withheld: bool) {
    let Unknown { rule, column, rows, words, .. } = unknown;
    let verdict = if withheld { "; too many: numbers that read the column are withheld" } else { "" };
    let _ = writeln!(out, "  {rows} not known in `{column}`: {}{verdict}", rule.words());
    for word in words {
        let _ = writeln!(out, "    `{}`: {}", visible::value(&word.text), word.rows);
    }
    way_out(out, unknown.hint.as_ref());
    examples(out, &unknown.examples, *rows);
}

fn reason(out: &mut String, aside: &Aside) {
    let column = aside.column.as_ref().map(|c| format!(" in `{c}`")).unwrap_or_default();
    let _ = writeln!(out, "  {} set aside: {}{column}", aside.rows, aside.rule.words());
    way_out(out, aside.hint.as_ref());
    examples(out, &aside.examples, aside.rows);
}

/// What would make them readable.
fn way_out(out: &mut String, hint: Option<&Hint>) {
    let Some(Hint { found, help }) = hint else { return };
    let said = [found.as_str(), help.as_str()];
    for line in said.into_iter().filter(|line| !line.is_empty()) {
        let _ = writeln!(out, "    {}", visible::value(line));
    }
}

/// The first few rows.
fn examples(out: &mut String, examples: &[Example], rows: u64) {
    for example in examples {
        let id = example.id.as_ref().map(|id| format!(" `{}`", visible::value(id))).unwrap_or_default();
        let text = if example.text.is_empty() { String::new() } else { format!(": {}", visible::value(&example.text)) };
        let _ = writeln!(out, "    {} {}{id}{text}", visible::value(&example.file), example.place);
    }
    let more = rows.saturating_sub(examples.len() as u64);
    if more > 0 {
        let _ = writeln!(out, "    and {more} more");
    }
}
