//! `yardstick data`: checks case data against the model.

use super::failure::{Done, Exit, Failure};
use super::output::{self, Target};
use super::rules::{Asked, Form, OfRule};
use super::stopped::Stopped;
use super::{case_data, checked, definitions, extract, memory, rules, spreadsheet, stopped, targets, threads};
use crate::data::{
    self, Ahead, Aside, DataReport, Example, Gap, Hint, Loaded, Options, Otherwise, Projection, Still, TableReport,
    Turned, Unknown,
};
use crate::ir::{OwnStandard, Program};
use crate::model::{TableId, Targets};
use crate::run;
use crate::visible;
use chrono::NaiveDate;
use clap::ValueEnum;
use serde::Serialize;
use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::{Path, PathBuf};

/// Check case data against the model: what is there, and what had to be set aside
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  yardstick data files --indicators definitions\n  yardstick data files --suggest -o model.ind"
)]
pub(super) struct Arguments {
    /// Folder with the case data, or a database as `extract` names it [default: the folder that
    /// `yardstick.toml` names]
    #[arg(value_name = "DIR")]
    folder: Option<PathBuf>,
    /// The same folder, as the other commands name it
    #[arg(long, value_name = "DIR", conflicts_with = "folder")]
    data: Option<PathBuf>,
    #[command(flatten)]
    definitions: definitions::Arguments,
    /// Format of the report, or of the list of `--rule`; `csv` is of the rules alone [default: by
    /// the ending of `--output`, else text]
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// Treat what is dated after this day as not happened yet [default: `as_of` of its
    /// `dataset.toml`]
    #[arg(long, value_name = "DATE", value_parser = case_data::day)]
    as_of: Option<NaiveDate>,
    /// Refuse the data when a single row or value breaks the model
    #[arg(long)]
    strict: bool,
    /// Write a first model of the folder's files instead, made from the files alone: to be read and
    /// corrected. No definitions are needed
    #[arg(long, conflicts_with_all = ["indicators", "format", "as_of", "strict", "rule", "raw", "excel"])]
    suggest: bool,
    #[command(flatten)]
    rules: rules::Arguments,
    #[command(flatten)]
    csv: spreadsheet::Arguments,
    /// Write to this file, completely or not at all
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    checked: checked::Arguments,
    #[command(flatten)]
    threads: threads::Arguments,
    #[command(flatten)]
    memory: memory::Arguments,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    #[value(alias = "table")]
    Text,
    Csv,
    Json,
}

/// Runs the command.
pub(super) fn run(arguments: &Arguments) -> Done {
    if arguments.suggest {
        return suggest(arguments);
    }
    let format = output::format(arguments.format, arguments.output.as_deref(), (Format::Text, "format of a report"))?;
    let csv = arguments.csv.form(format == Format::Csv)?;
    let target = Target::open(arguments.output.as_deref())?;
    let (_, program) = definitions::load(arguments.definitions.paths())?.sound()?;
    let all = program.hierarchies().flat_map(|program| &program.indicators);
    let own: Vec<OwnStandard> = all.flat_map(|indicator| indicator.own_standards.clone()).collect();
    let asked = Asked::of(program, &arguments.rules)?;
    let program = &asked.program;
    let tables = program.model.tables().map(|(id, _)| id).collect();
    let scratch = arguments.memory.scratch()?;
    let (threads, checked) = (arguments.threads.number, arguments.checked.folder.clone());
    let wanted = match arguments.rules.rule {
        Some(_) => Projection::All,
        None => {
            let mut reads = program.reads(0..program.indicators.len());
            for Targets { table, entity, from, figure } in program.model.targets.iter().copied() {
                reads.entry(table).or_default().extend([entity, from, figure]);
            }
            Projection::Only(reads)
        }
    };
    let (as_of, strict) = (arguments.as_of, arguments.strict);
    let options = Options { as_of, strict, threads, scratch: scratch.clone(), wanted, checked };
    let folder = case_data::folder(arguments.named(), "yardstick data DIR")?;
    let loaded = case_data::read(program, &folder, &tables, &options)?;
    target.unread()?;
    let running = run::Settings { threads, scratch, slices: None, parts: None };
    let text = if arguments.rules.rule.is_some() {
        let as_of = loaded.as_of.ok_or_else(|| unsaid(&folder))?;
        let form = match format {
            Format::Text => Form::Text,
            Format::Csv => Form::Csv(csv),
            Format::Json => Form::Json,
        };
        asked.list(&loaded, as_of, (&arguments.rules, form), &running)?
    } else {
        let found = match loaded.as_of {
            Some(as_of) => asked.count(&loaded, as_of, &running)?,
            None if format == Format::Csv => return Err(unsaid(&folder)),
            None => Vec::new(),
        };
        let stopped = match loaded.as_of.filter(|_| format != Format::Csv) {
            Some(as_of) => asked.stopped(&loaded, as_of, &running)?,
            None => Vec::new(),
        };
        let said = targets::out_of_scale(&program.model, &loaded, &own);
        match format {
            Format::Text => {
                let counted = rules::text(&found) + &stopped::text(&stopped);
                summary(&loaded, program) + &of_targets(&said) + &visible::lines(&counted)
            }
            Format::Csv => rules::csv(&found, csv)?,
            Format::Json => json(&loaded, &found, &stopped, &said)?,
        }
    };
    target.put(text.as_bytes(), format == Format::Text)?;
    Ok(Exit::Fine)
}

/// Writes a first model of a folder.
fn suggest(arguments: &Arguments) -> Done {
    let target = Target::open(arguments.output.as_deref())?;
    let folder = case_data::folder(arguments.named(), "yardstick data DIR --suggest")?;
    extract::no_database(&folder)?;
    let text = data::suggest(&folder).map_err(|problem| case_data::unusable(&problem))?;
    target.write(|out| out.write_all(text.as_bytes()))?;
    Ok(Exit::Fine)
}

/// The finding that nothing says as of which day rules are to be asked.
fn unsaid(folder: &Path) -> Failure {
    Failure::data(format!(
        "`{}` does not say through which day it is complete, and rules are asked as of a day",
        folder.display()
    ))
    .help("say it with `--as-of`, or in the folder's `dataset.toml`: `as_of = 2026-10-31`")
}

impl Arguments {
    /// The folder that is named, by position or by `--data`.
    fn named(&self) -> Option<&Path> {
        self.folder.as_deref().or(self.data.as_deref())
    }
}

#[derive(Serialize)]
struct Json<'a> {
    name: Option<&'a str>,
    as_of: Option<String>,
    complete_from: Option<String>,
    #[serde(flatten)]
    report: &'a DataReport,
    rules: &'a [OfRule],
    /// Of whom rows come no more.
    #[serde(skip_serializing_if = "<[Stopped]>::is_empty")]
    stopped: &'a [Stopped],
    /// What is wrong with targets.
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    targets: &'a [String],
}

fn json(loaded: &Loaded, rules: &[OfRule], stopped: &[Stopped], targets: &[String]) -> Result<String, Failure> {
    let settings = loaded.settings.as_ref();
    let all = Json {
        name: settings.map(|s| s.name.as_str()),
        as_of: settings.map(|s| s.as_of.to_string()),
        complete_from: settings.and_then(|s| s.complete_from).map(|d| d.to_string()),
        report: &loaded.report,
        rules,
        stopped,
        targets,
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

impl Bad {
    fn of(loaded: &Loaded, program: &Program) -> Self {
        let columns = loaded.report.bad_columns(&program.model).into_keys();
        Self {
            tables: loaded.report.bad_tables(&program.model),
            columns: columns
                .map(|(table, column)| (table, program.model.table(table).column(column).file_name.clone()))
                .collect(),
        }
    }
}

/// What was found in the data, for reading.
pub(super) fn summary(loaded: &Loaded, program: &Program) -> String {
    visible::lines(&text(loaded, &Bad::of(loaded, program))).into_owned()
}

/// What is said of targets, for reading.
fn of_targets(said: &[String]) -> String {
    let lines: String = said.iter().map(|said| format!("\n{said}\n")).collect();
    visible::lines(&lines).into_owned()
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
    let broken = broken || !table.otherwise.is_empty();
    let dated = !table.ahead.is_empty() || !table.instants.is_empty();
    let lacks = table.stands_still().next().is_some() || table.lost().next().is_some();
    if !broken && !dated && !lacks && table.later == 0 && links.is_empty() && open.is_none() {
        return;
    }
    let files: Vec<_> = table.files.iter().map(|file| visible::value(file)).collect();
    let _ = writeln!(out, "\n{} ({})", table.table, files.join(", "));
    let what = |column: Option<&str>| column.map_or_else(|| "rows".to_owned(), |column| format!("days in `{column}`"));
    for (column, Gap { first, last, rows }) in table.lost() {
        let what = what(column);
        let _ = writeln!(
            out,
            "  no more than {rows} {what} from {first} to {last}, and more before and after: what is asked of them has no number"
        );
    }
    for (column, Still { since, rows }) in table.stands_still() {
        let what = what(column);
        let _ = writeln!(out, "  no more than {rows} {what} since {since}: what is asked of it has no number");
    }
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
    for otherwise in &table.otherwise {
        taken(out, otherwise);
    }
    for unknown in &table.unknown {
        let withheld = bad.columns.contains(&(table.id, unknown.column.clone()));
        values(out, unknown, withheld);
    }
}

/// The most words that are shown of what `otherwise` takes.
const TAKEN: usize = 20;

/// What `otherwise` of a list takes.
fn taken(out: &mut String, otherwise: &Otherwise) {
    let Otherwise { column, word, values, words, hint } = otherwise;
    let _ = writeln!(out, "  {values} in `{column}` taken as `{word}`, which takes whatever is there otherwise");
    for word in words.iter().take(TAKEN) {
        let _ = writeln!(out, "    `{}`: {}", visible::value(&word.text), word.rows);
    }
    let shown: u64 = words.iter().take(TAKEN).map(|word| word.rows).sum();
    if shown < *values {
        let _ = writeln!(out, "    and {} more", values - shown);
    }
    way_out(out, hint.as_ref());
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
