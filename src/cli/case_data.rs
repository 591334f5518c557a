//! Case data from a folder, as the commands that run indicators need it.

use super::checked;
use super::extract;
use super::failure::{self, Failure};
use super::memory;
use super::progress;
use super::settings;
use super::targets;
use super::threads;
use crate::data::{self, Gap, Loaded, Projection, Settings, Still, TableReport};
use crate::diag::code;
use crate::ir::{Indicator, Program, reads};
use crate::model::{ColumnId, Model, TableId};
use crate::run;
use crate::scorecard::{Complete, Lost, Reason, words};
use crate::scratch::Scratch;
use chrono::NaiveDate;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Which data, and how it is taken. Shared by the commands that run indicators.
#[derive(Debug, Clone, clap::Args)]
#[group(skip)]
pub(super) struct Arguments {
    /// Folder with the case data, or a database as `extract` names it [default: the folder that
    /// `yardstick.toml` names]
    #[arg(long, value_name = "DIR")]
    pub(super) data: Option<PathBuf>,
    /// The last day through which the data is complete [default: `as_of` of its `dataset.toml`]
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(super) as_of: Option<NaiveDate>,
    /// Refuse the data when a single row or value breaks the model
    #[arg(long)]
    pub(super) strict: bool,
    #[command(flatten)]
    checked: checked::Arguments,
    #[command(flatten)]
    pub(super) threads: threads::Arguments,
    #[command(flatten)]
    memory: memory::Arguments,
}

impl Arguments {
    /// The same for the data of another folder, as of its own day and without a validated copy.
    pub(super) fn of_folder(&self, folder: &Path) -> Self {
        Self {
            data: Some(folder.to_owned()),
            as_of: None,
            checked: checked::Arguments { folder: None },
            ..self.clone()
        }
    }
}

/// The folder that was named, or that of the settings; `how` says how one is named.
pub(super) fn folder(named: Option<&Path>, how: &str) -> Result<PathBuf, Failure> {
    if let Some(named) = named {
        return Ok(named.to_owned());
    }
    let of_settings = settings::in_force()?.data.as_ref().map(|said| said.value.clone());
    let unsaid = || {
        Failure::usage("the folder with the case data is not named")
            .help(format!("name it: `{how}`, or once for all commands in `{}`: `data = \"DIR\"`", settings::FILE))
    };
    of_settings.ok_or_else(unsaid)
}

/// A day as an argument.
pub(super) fn day(text: &str) -> Result<NaiveDate, String> {
    let parsed = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().filter(|d| text.len() == 10 && d.to_string() == text);
    parsed.ok_or_else(|| format!("`{text}` is not a day; write it like 2026-10-31"))
}

/// Data with the as-of date that holds for this run.
#[derive(Debug)]
pub(super) struct CaseData {
    /// What was loaded.
    pub(super) loaded: Loaded,
    /// From and through which days it is complete.
    complete: Complete,
    /// Where it lies, and what is made of it.
    scratch: Scratch,
    threads: Option<usize>,
}

/// Loads the tables that these indicators read; keeps of them what is wanted.
pub(super) fn load(
    program: &Program,
    indicators: &[usize],
    wanted: Projection,
    arguments: &Arguments,
) -> Result<CaseData, Failure> {
    let (threads, scratch) = (arguments.threads.number, arguments.memory.scratch()?);
    let checked = arguments.checked.folder.clone();
    let (as_of, strict) = (arguments.as_of, arguments.strict);
    let options = data::Options { as_of, strict, threads, scratch: scratch.clone(), wanted, checked };
    let folder = folder(arguments.data.as_deref(), "--data DIR")?;
    let loaded = read(program, &folder, &tables(program, indicators), &options)?;
    let as_of = loaded.as_of.ok_or_else(|| {
        Failure::data(format!("`{}` does not say through which day it is complete", folder.display()))
            .help("say it with `--as-of`, or in the folder's `dataset.toml`: `as_of = 2026-10-31`")
    })?;
    if arguments.as_of.is_some_and(|asked| asked > as_of) {
        failure::warn(
            &format!("the data is complete through {as_of} only, so it is looked at as of that day"),
            Some(
                "what has not been entered yet would count as not having happened; when the data reaches further, say so in its `dataset.toml`",
            ),
        );
    }
    let complete = complete(program, &loaded, as_of);
    let case_data = CaseData { loaded, complete, scratch, threads };
    case_data.reaches_back(program, indicators)?;
    Ok(case_data)
}

/// From and through which days the data is complete, as its settings say, and the months that are
/// found not to be there, of tables of which they say nothing.
fn complete(program: &Program, loaded: &Loaded, as_of: NaiveDate) -> Complete {
    let settings = loaded.settings.as_ref();
    let mut complete = Complete { from: settings.and_then(|s| s.complete_from), ..Complete::through(as_of) };
    for (name, of) in settings.into_iter().flat_map(|s| &s.tables) {
        let Some(table) = program.model.find_table(name) else { continue };
        complete.tables_through.extend(of.as_of.map(|day| (table, day)));
        complete.tables_from.extend(of.complete_from.map(|day| (table, day)));
    }
    let unsaid = loaded.report.tables.iter().filter(|table| !complete.tables_through.contains_key(&table.id));
    let lost = unsaid.flat_map(|table| table.lost().filter_map(|(name, gap)| lost(&program.model, table, name, gap)));
    complete.lost = lost.collect();
    complete
}

/// Months of a table, or of a column by its name in the file, that are not there.
fn lost(model: &Model, table: &TableReport, column: Option<&str>, gap: &Gap) -> Option<Lost> {
    let named =
        |name: &str| model.table(table.id).columns().find(|(_, column)| column.file_name == name).map(|(id, _)| id);
    let column = match column {
        Some(name) => Some(named(name)?),
        None => None,
    };
    let (first, last) = (gap.first.parse().ok()?, gap.last.parse().ok()?);
    Some(Lost { table: table.id, column, first, last, some: gap.rows > 0 })
}

/// The tables that are asked for to measure these indicators.
pub(super) fn tables(program: &Program, indicators: &[usize]) -> BTreeSet<TableId> {
    let asked = indicators.iter().filter_map(|i| program.indicators.get(*i));
    let levels = program.model.levels.iter().filter_map(|l| l.table);
    asked.flat_map(|i| reads::with_targets(&program.model, i)).chain(levels).collect()
}

/// Reads tables; data that cannot be used ends the command with its own exit code.
pub(super) fn read(
    program: &Program,
    folder: &Path,
    tables: &BTreeSet<TableId>,
    options: &data::Options,
) -> Result<Loaded, Failure> {
    let extracted = extract::of_database(&program.model, folder)?;
    let folder = extracted.as_ref().map_or(folder, |extracted| extracted.path());
    let _sign_of_life = progress::spinner("reading the data");
    let loaded = data::load(&program.model, &data::Source::folder(folder), tables, options)
        .map_err(|problem| unusable(&problem))?;
    if let Some(name) = loaded.settings.as_ref().and_then(Settings::new_name) {
        let help = format!("rename it; the old name is read for now, and `{name}` says the same of any data");
        failure::warn(&format!("the settings of the data are called `{name}` now"), Some(&help));
    }
    if let Some(copy) = options.checked.as_ref().filter(|_| loaded.damaged) {
        failure::warn(
            &format!("the checked copy in `{}` was damaged; it has been made again", copy.display()),
            Some("no number depends on it, but something wrote to it, or the disk fails"),
        );
    }
    Ok(loaded)
}

/// What is said of a run that failed.
pub(super) fn failed(error: &run::Error) -> Failure {
    let indicator = &error.indicator;
    match error.blame() {
        run::Blame::Program => Failure::internal(error.to_string()),
        run::Blame::Memory => Failure::usage(format!("`{indicator}` needs more memory than `--memory` allows"))
            .help("allow more, or leave `--memory` out; fewer months need less"),
        run::Blame::Scratch => {
            Failure::usage(format!("a scratch file for `{indicator}` cannot be written or read: {}", error.cause))
                .help("is the disk full? name a folder on another one with `--scratch`")
        }
    }
}

/// What is said of data that cannot be used.
pub(super) fn unusable(problem: &data::Problem) -> Failure {
    if problem.code == code::DATA_INTERNAL {
        return Failure::internal(problem.to_string());
    }
    let ours = [code::DATA_SCRATCH, code::DATA_CHECKED].contains(&problem.code);
    let stop = if ours { Failure::usage } else { Failure::data };
    let page = format!("`yardstick explain {}` says more", problem.code.as_str());
    let help = problem.help.as_ref().map_or_else(|| page.clone(), |help| format!("{help}; {page}"));
    stop(problem.to_string()).help(help)
}

impl CaseData {
    /// An as-of date before every row of every cohort cannot be meant.
    fn reaches_back(&self, program: &Program, indicators: &[usize]) -> Result<(), Failure> {
        let cohorts: BTreeSet<_> =
            indicators.iter().filter_map(|i| program.indicators.get(*i)).map(|i| i.cohort.table).collect();
        let mut reports = cohorts.iter().filter_map(|t| self.loaded.report.table(*t)).filter(|t| t.read > 0).peekable();
        if reports.peek().is_none() || reports.any(|table| table.later < table.read) {
            return Ok(());
        }
        let names: Vec<_> = cohorts.iter().map(|t| format!("`{}`", program.model.table(*t).name)).collect();
        Err(Failure::data(format!("the as-of date {} is before all data", self.as_of()))
            .help(format!("every row of {} begins later", names.join(", "))))
    }

    /// The last day it is complete through.
    pub(super) fn as_of(&self) -> NaiveDate {
        self.complete.through
    }

    /// How indicators are run on it.
    pub(super) fn running(&self) -> run::Settings {
        run::Settings { threads: self.threads, scratch: self.scratch.clone(), slices: None, parts: None }
    }

    /// Whose data it is.
    pub(super) fn name(&self) -> &str {
        self.loaded.settings.as_ref().map_or("", |s| &s.name)
    }

    /// The indicators that read a table of which too many rows were set aside, or a column of which
    /// too many values are not known, each with the worst of these.
    pub(super) fn bad(&self, program: &Program, indicators: &[usize]) -> BTreeMap<usize, Reason> {
        let (model, report) = (&program.model, &self.loaded.report);
        let (bad_tables, bad_columns) = (report.bad_tables(model), report.bad_columns(model));
        let worst_table = |i: &Indicator| {
            let read = reads::tables(model, i);
            let tables = read.intersection(&bad_tables).filter_map(|table| report.table(*table));
            let worst = tables.max_by(|a, b| a.aside_share().total_cmp(&b.aside_share()))?;
            let most = worst.aside.iter().max_by_key(|aside| aside.rows);
            let help = most.and_then(|aside| aside.hint.as_ref()).map(|hint| hint.help.clone());
            Some(Reason::SetAside { table: worst.table.clone(), share: worst.aside_share(), help })
        };
        let worst_column = |i: &Indicator| {
            let read = i.reads(model).into_iter().flat_map(|(t, of)| of.into_iter().map(move |c| (t, c)));
            let counts = read.filter_map(|column| Some((column, *bad_columns.get(&column)?)));
            let ((table, column), values) = counts.max_by_key(|(_, values)| *values)?;
            let (found, table) = (report.table(table), model.table(table));
            let column = table.column(column);
            let hints = found.into_iter().flat_map(|t| &t.unknown).filter(|u| u.column == column.file_name);
            let help = hints.filter_map(|u| u.hint.as_ref()).map(|hint| hint.help.clone()).next();
            Some(Reason::Unknown { table: table.name.clone(), column: column.name.clone(), values, help })
        };
        let worst = |i: &usize| {
            let indicator = program.indicators.get(*i)?;
            let reason = self.still(program, indicator).or_else(|| worst_table(indicator));
            Some((*i, reason.or_else(|| worst_column(indicator))?))
        };
        indicators.iter().filter_map(worst).collect()
    }

    /// The months that are not there and that the latest windows of indicators reach into.
    pub(super) fn lost(&self, program: &Program, indicators: &[usize]) -> Vec<Reason> {
        let complete = self.complete();
        let shown = indicators.iter().filter_map(|i| program.indicators.get(*i));
        let lacks = shown.flat_map(|indicator| {
            let latest = indicator.windows(complete.through_of(&program.model, indicator), 1);
            latest.into_iter().filter_map(|window| complete.lacks(&program.model, indicator, window))
        });
        lacks.filter(|why| matches!(why, Reason::Lost { .. })).collect()
    }

    /// The last rows of the tables that are counted, whatever the settings say, and of those into
    /// which none come any more.
    fn last_rows(&self, program: &Program, indicators: &[usize]) -> Option<String> {
        let shown = || indicators.iter().filter_map(|i| program.indicators.get(*i));
        let cohorts: BTreeSet<_> = shown().map(|i| i.cohort.table).collect();
        let asked: BTreeSet<_> = shown().flat_map(|i| i.look_back.keys().copied()).collect();
        let lacks = |table: &TableReport| table.stands_still().next().is_some() || table.lost().next().is_some();
        let told = |table: &&TableReport| cohorts.contains(&table.id) || lacks(table) && asked.contains(&table.id);
        let day = |text: &str| text.parse().map_or_else(|_| text.to_owned(), words::day);
        let of = |column: Option<&str>| column.map(|column| format!(" {column}")).unwrap_or_default();
        let last = self.loaded.report.tables.iter().filter(told).filter_map(|table| {
            let still = table.stands_still().map(|(column, still)| {
                format!(" (no more than {}{} since {})", still.rows, of(column), day(&still.since))
            });
            let lost = table.lost().map(|(column, Gap { first, last, rows })| {
                format!(" (no more than {rows}{} from {} to {})", of(column), day(first), day(last))
            });
            let lacks: String = still.chain(lost).collect();
            Some(format!("{} {}{lacks}", table.table, day(table.last_row.as_ref()?)))
        });
        let last: Vec<String> = last.collect();
        (!last.is_empty()).then(|| format!("Last rows: {}", last.join(", ")))
    }

    /// A table that an indicator reads and that has no rows, or into which none come any more, or a
    /// column of it that is no longer filled in.
    fn still(&self, program: &Program, indicator: &Indicator) -> Option<Reason> {
        let report = &self.loaded.report;
        let arrivals = reads::arrivals(&program.model, indicator);
        let tables: BTreeSet<TableId> =
            indicator.reads(&program.model).into_keys().chain(arrivals.rows.clone()).collect();
        let read = || tables.iter().filter_map(|table| report.table(*table));
        // Where rows were set aside, that is what is to be said.
        let is_empty = |table: &&TableReport| table.used == 0 && table.aside_rows() == 0;
        let empty = read().find(is_empty).map(|table| Reason::Empty { table: table.table.clone() });
        let said = |table: &TableReport| self.complete().tables_through.contains_key(&table.id);
        let found = |table: &TableId| report.table(*table).filter(|found| !said(found));
        let reason = |table: &TableReport, column: Option<String>, still: &Still| {
            let since = still.since.parse().ok()?;
            Some(Reason::Still { table: table.table.clone(), column, since, some: still.rows > 0 })
        };
        let of_rows =
            || arrivals.rows.iter().filter_map(found).find_map(|table| reason(table, None, table.still.as_ref()?));
        let of_day = |(table, column): &(TableId, ColumnId)| {
            let day = program.model.table(*table).column(*column);
            let found = found(table)?;
            let dates = found.dates.iter().find(|dates| dates.column == day.file_name)?;
            reason(found, Some(day.name.clone()), dates.still.as_ref()?)
        };
        empty.or_else(of_rows).or_else(|| arrivals.days.iter().find_map(of_day))
    }

    /// From and through which days the data is complete.
    pub(super) fn complete(&self) -> &Complete {
        &self.complete
    }

    /// What a reader must know about the data. Readers from whom counts are hidden are told no
    /// numbers of rows: next month's less this month's would be a few.
    pub(super) fn notes(&self, program: &Program, indicators: &[usize], hides: bool) -> Vec<String> {
        let count = |told: String, words: &str| if hides { words.to_owned() } else { told };
        let report = &self.loaded.report;
        let mut notes = self.last_rows(program, indicators).into_iter().collect::<Vec<_>>();
        let tables: Vec<_> = report.tables.iter().filter(|t| t.aside_rows() > 0).collect();
        let rows = report.aside_rows();
        if rows > 0 {
            let read: u64 = report.tables.iter().map(|t| t.read).sum();
            let names = tables.iter().map(|t| t.table.as_str()).collect::<Vec<_>>().join(", ");
            let rows = count(format!("{rows} of {read} rows"), "Some rows");
            notes.push(format!(
                "{rows} were set aside because they break the model ({names}); `yardstick data` names them"
            ));
        }
        let values = report.unknown_values();
        if values > 0 {
            let tables =
                report.tables.iter().flat_map(|t| t.unknown.iter().map(move |u| format!("{}.{}", t.table, u.column)));
            let mut names: Vec<_> = tables.collect();
            names.dedup();
            let values = count(format!("{values} values"), "Some values");
            notes.push(format!(
                "{values} are taken as not known because they break the model ({}); `yardstick data` names them",
                names.join(", ")
            ));
        }
        let shown = indicators.iter().filter_map(|i| program.indicators.get(*i));
        let own = shown.flat_map(|indicator| &indicator.own_standards);
        notes.extend(targets::out_of_scale(&program.model, &self.loaded, own));
        for table in report.bad_tables(&program.model) {
            if let Some(table) = report.table(table) {
                let part = count(format!("{:.1}%", table.aside_share() * 100.0), "A part");
                notes.push(format!(
                    "{part} of `{}` was set aside, more than the model allows: no number that reads it is shown",
                    table.table
                ));
            }
        }
        for ((table, column), values) in report.bad_columns(&program.model) {
            let table = program.model.table(table);
            let name = &table.column(column).file_name;
            let values = count(format!("{values} values"), "Many values");
            notes.push(format!(
                "{values} of `{name}` in `{}` are not known, more than the model allows: no number that reads the column is shown",
                table.name
            ));
        }
        notes
    }
}
