//! Case data in: a [`Source`] to a [`Store`] of sound rows, and a report on the rest.
//!
//! ```text
//! source ──folder──▶ csv, parquet ──column──▶ rows in the order of the files ──keys──▶ links ──▶ encode ──▶ store
//!                                    │ unreadable, unknown code      │ repeated      │ to nothing, to a row set aside
//!                                    └──────────────── rows set aside, by rule and column ───────────▶ report
//! ```
//!
//! A row whose identity or place is broken is set aside, counted and shown; any other value that
//! breaks its column is not known: the row stays, and the value is counted and shown. Nothing is
//! repaired. A file or column that is missing, a column of another type and a file that is broken
//! are a [`Problem`]: nothing can be said then. Some choices worth knowing:
//!
//! - Empty text is a missing value, in CSV and in Parquet alike. Days that the model calls missing
//!   are missing values, and so are times on such a day.
//! - A column most of whose values cannot be read (and three at least) is a column of another type,
//!   not a heap of bad rows.
//! - Identity and place are the key, the links that must lead somewhere, and the stay: its start,
//!   and an end before it. An end, or a day that has `missing means not yet`, that is there and
//!   cannot be read takes its row along: were it missing, it would be read as still to come.
//! - A row counts under the first rule it breaks; see [`Rule`] for the order. Rows already set
//!   aside for a value of their own do not make another row's id a duplicate.
//! - Values count where their row is in use, and not where a day that they are known with lies
//!   after the as-of day.
//! - A table without a key keeps all its rows, also those that are the same in every column of the
//!   file, unless the model says `distinct`.
//! - Texts are read as they stand: blanks, case and zeros matter, unless the model says otherwise.
//! - Rows that went are kept beside the table, in `went`: a cell says how many may belong to it. A
//!   row that is there once more is none of them.
//! - What is read is closed over links, so what is set aside never depends on which indicators run.

mod arrays;
mod arrivals;
mod as_of_cut;
mod checked;
mod chunks;
mod column;
mod composite_ids;
mod csv;
mod dated;
mod duplicate_rows;
mod encode;
mod encoding;
mod extracted;
mod fingerprint;
mod folder;
mod footer;
mod forms;
mod header;
mod id_prefix;
mod index;
mod instant;
mod joined;
mod keys;
mod later;
mod links;
mod near_misses;
mod packed_ids;
mod packed_index;
mod packed_rows;
mod page_headers;
mod parquet;
mod problem;
mod projection;
mod records;
mod rejects;
mod report;
mod reserved_ids;
mod row_order;
mod sequential_keys;
mod settings;
mod source;
mod staged_table;
mod suggest;
mod test_rows;
mod threads;
mod two_targets;
mod unknown_values;
mod unreadable_words;
mod value;
mod went;
mod words_table;
mod workbook;

use crate::scratch::Scratch;
use crate::store::Store;
use crate::timing::Stages;
use arrow::error::ArrowError;
use chrono::NaiveDate;
use source::{Catalog, TableSource, broke_off};
use staged_table::StagedTable;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use threads::Threads;
use yardstick_language::diag::code;
use yardstick_language::model::{Model, TableId};

pub use arrivals::{LOOKED_AT, stopped};
pub use extracted::Extract;
pub use problem::Problem;
pub use projection::Projection;
pub use report::{
    Ahead, Aside, DataReport, DateRange, Effect, Example, Gap, Hint, MissingLink, Otherwise, Rule, Still, TableReport,
    Turned, Unknown, Word,
};
pub use settings::{OfTable, Settings, settings};
pub use source::Source;
pub use suggest::suggest;
pub use test_rows::drawn;

/// How to read.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// What is dated after this day has not happened; without it, after the day that the folder
    /// says it is complete through.
    pub as_of: Option<NaiveDate>,
    /// Any row set aside is a problem.
    pub strict: bool,
    /// Threads that work at once, four at most; as many as the machine has when missing. Their
    /// number changes nothing that is read.
    pub threads: Option<usize>,
    /// Where what is read lies. In scratch files it is read stretch by stretch, and the same is
    /// read.
    pub scratch: Scratch,
    /// What is kept of what was read. Nothing that is counted depends on it.
    pub wanted: Projection,
    /// The folder of a checked copy: what is read is kept there, and read from there for as long as
    /// the files and the model stay as they are.
    pub checked: Option<PathBuf>,
}

/// What the work is done with.
#[derive(Debug, Clone, Copy)]
struct Means<'a> {
    threads: Threads,
    scratch: &'a Scratch,
    /// The number of the last day that is read.
    as_of: Option<i32>,
}

/// What is to be read.
#[derive(Debug, Clone, Copy)]
struct Task<'a> {
    model: &'a Model,
    catalog: &'a dyn Catalog,
    tables: &'a [TableId],
    /// The rows of each of the tables.
    sources: &'a [Box<dyn TableSource + 'a>],
    means: Means<'a>,
}

/// What was read.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// The tables.
    pub store: Store,
    /// What was found in them.
    pub report: DataReport,
    /// The last day that is in them: the one that was asked for, or that the folder is complete
    /// through when that is earlier; `None` when there is neither.
    pub as_of: Option<NaiveDate>,
    /// What the folder says of itself; `None` when it does not.
    pub settings: Option<Settings>,
    /// How long each part of the work took.
    pub stages: Stages,
    /// Whether there was a checked copy that was not as it had been written, so that it was made
    /// anew.
    pub damaged: bool,
}

/// Reads tables from a source, and all tables they lead to.
///
/// # Errors
/// When the data as a whole cannot be used.
pub fn load(model: &Model, source: &Source, tables: &BTreeSet<TableId>, options: &Options) -> Result<Loaded, Problem> {
    let catalog = source.catalog();
    let settings = catalog.settings()?;
    settings.iter().try_for_each(|settings| settings.speaks_of(model))?;
    let asked = closure(model, tables);
    // Nothing is known of days that the data does not reach.
    let through = settings.as_ref().map(|s| s.as_of);
    let as_of = options.as_of.into_iter().chain(through).min();
    let threads = Threads::new(options.threads);
    let means = Means { threads, scratch: &options.scratch, as_of: as_of.map(value::day_number) };
    let mut stages = Stages::default();
    let (mut read, mut damaged) = read_tables(model, catalog, &asked, options, means, &mut stages)?;
    if read.1.has_rows_to_come() {
        // Whether such a row is there hangs on the rows that lead to it, in whatever table.
        let all = asked.iter().copied().chain(catalog.present(model)).collect();
        let again = read_tables(model, catalog, &closure(model, &all), options, means, &mut stages)?;
        (read, damaged) = (again.0, damaged || again.1);
        read.0.tables.retain(|table, _| asked.contains(table));
        read.0.dated.retain(|(table, _), _| asked.contains(table));
        read.1.tables.retain(|table| asked.contains(&table.id));
    }
    let (mut store, report) = read;
    if options.strict && report.aside_rows() + report.unknown_values() > 0 {
        return Err(catalog.locate(strict(&report)));
    }
    options.wanted.narrow(model, &mut store);
    words_table::add_all(model, &mut store);
    Ok(Loaded { store, report, as_of, settings, stages, damaged })
}

/// Reads these tables from their source, or from their checked copy. Says whether there was a copy
/// that was damaged.
fn read_tables(
    model: &Model,
    catalog: &dyn Catalog,
    tables: &BTreeSet<TableId>,
    options: &Options,
    means: Means<'_>,
    stages: &mut Stages,
) -> Result<((Store, DataReport), bool), Problem> {
    let tables: Vec<TableId> = tables.iter().copied().collect();
    let sources = catalog.open(model, &tables)?;
    let task = Task { model, catalog, tables: &tables, sources: &sources, means };
    match &options.checked {
        Some(folder) => checked::load(folder, task, &options.wanted, stages),
        None => Ok((from_source(task, &options.wanted, stages)?, false)),
    }
}

/// Reads and checks every row; keeps the ids that are wanted, and all columns.
fn from_source(task: Task<'_>, wanted: &Projection, stages: &mut Stages) -> Result<(Store, DataReport), Problem> {
    let staged_tables = stages.time("reading the files, value by value", || read_all(task))?;
    assemble(task.model, staged_tables, wanted, task.means, stages)
}

/// All tables that are read when some are asked for: they, those their links lead to, those their
/// dated links go by, those in which their values stand, and those of the levels. Tables of words
/// are read from nowhere.
#[must_use]
pub fn closure(model: &Model, tables: &BTreeSet<TableId>) -> BTreeSet<TableId> {
    let mut all = BTreeSet::new();
    let mut open: Vec<TableId> = tables.iter().copied().chain(model.levels.iter().filter_map(|l| l.table)).collect();
    while let Some(id) = open.pop() {
        let table = model.table(id);
        if table.words_of.is_none() && all.insert(id) {
            open.extend(links::links(table).map(|(_, _, target)| target));
            open.extend(table.dated.iter().flat_map(|d| [d.through, d.target]));
            open.extend(table.joined().map(|(_, joined)| joined.table));
        }
    }
    all
}

/// Reads every table, unit by unit. Of several problems, the first table's is told.
fn read_all<'a>(task: Task<'a>) -> Result<Vec<StagedTable<'a>>, Problem> {
    let Task { model, tables, sources, means: Means { threads, scratch, .. }, .. } = task;
    let mut work = Vec::new();
    for (place, (id, source)) in tables.iter().zip(sources).enumerate() {
        // The reader of what a file says of itself may break off, too.
        let found = threads::unbroken(|| source.units(model, *id));
        let found = found.unwrap_or_else(|| vec![Err(broke_off(&**source))]);
        work.extend(found.into_iter().map(|unit| (place, *id, unit)));
    }
    let places: Vec<usize> = work.iter().map(|(place, _, _)| *place).collect();
    let read = threads.each(
        work,
        |(_, _, unit)| unit.as_ref().map_or(0, |unit| unit.bytes()),
        |(_, id, unit)| source::read(&*unit?, model, id, scratch),
    );
    let mut tables: Vec<(&'a dyn TableSource, Vec<_>)> = sources.iter().map(|source| (&**source, Vec::new())).collect();
    for (place, unit) in places.into_iter().zip(read) {
        tables[place].1.push(unit.unwrap_or_else(|| Err(broke_off(&*sources[place]))));
    }
    let done = threads.each(
        tables,
        |(source, _)| source.files().into_iter().sum(),
        |(source, units)| source::join(units, source, scratch),
    );
    done.into_iter().zip(sources).map(|(staged, source)| staged.unwrap_or_else(|| Err(broke_off(&**source)))).collect()
}

/// Applies the rules and makes the store.
fn assemble(
    model: &Model,
    mut staged_tables: Vec<StagedTable<'_>>,
    wanted: &Projection,
    means: Means<'_>,
    stages: &mut Stages,
) -> Result<(Store, DataReport), Problem> {
    if staged_tables.iter().any(|staged| staged.table.joined().next().is_some()) {
        let taken = stages.time("taking over what stands in other tables", || joined::fill(&mut staged_tables, means));
        taken.map_err(|e| internal(&e))?;
    }
    let staged_tables = stages.time("leaving out what lies after the as-of day", || as_of(staged_tables, means))?;
    let (mut staged_tables, keys) = stages.time("putting ids in order", || in_order(staged_tables, means))?;
    stages.time("looking up where links lead", || resolve(&mut staged_tables, &keys, means))?;
    stages.time("setting rows aside", || links::cascade(&mut staged_tables, &keys));
    reserved_ids::check(model, &staged_tables)?;
    two_targets::check(model, &staged_tables, &keys)?;
    let done = stages.time("making tables of the sound rows", || {
        let linked = linked(&staged_tables);
        let numbered = staged_tables.iter().zip(&keys).filter(|(staged, _)| linked.contains(&staged.id));
        let numbers = numbered.map(|(s, k)| Ok((s.id, encode::numbers(s, k, means.scratch)?)));
        let numbers = numbers.collect::<Result<BTreeMap<_, _>, _>>().map_err(|e| internal(&e))?;
        let work: Vec<_> = staged_tables.into_iter().zip(&keys).collect();
        finished(means.threads.each(
            work,
            |(staged, _)| staged.rows() as u64,
            |(staged, keys)| {
                let with_ids = wanted.ids(model, staged.id);
                encode::encode(model, staged, keys, &numbers, with_ids, means)
            },
        ))
    })?;
    let mut store = Store::default();
    let mut report = DataReport::default();
    for table in done {
        let (id, table, told) = table.map_err(|e| internal(&e))?;
        store.tables.insert(id, table);
        report.tables.push(told);
    }
    stages
        .time("working out who held what on each day", || dated::add_all(model, &mut store, means.scratch))
        .map_err(|e| internal(&e))?;
    Ok((store, report))
}

/// What was there at the end of the as-of day.
fn as_of<'m>(staged_tables: Vec<StagedTable<'m>>, means: Means<'_>) -> Result<Vec<StagedTable<'m>>, Problem> {
    let Some(as_of) = means.as_of else { return Ok(staged_tables) };
    let cut = means.threads.each(
        staged_tables,
        |staged| staged.rows() as u64,
        |mut staged| as_of_cut::cut(&mut staged, as_of).map(|later| (staged, later)),
    );
    let cut: Vec<_> = finished(cut)?.into_iter().collect::<Result<_, _>>().map_err(|e| internal(&e))?;
    let (mut staged_tables, later): (Vec<_>, Vec<_>) = cut.into_iter().unzip();
    later::take_out(&mut staged_tables, &later);
    Ok(staged_tables)
}

/// The rules within a table, and its ids in order.
fn in_order<'m>(
    staged_tables: Vec<StagedTable<'m>>,
    means: Means<'_>,
) -> Result<(Vec<StagedTable<'m>>, Vec<keys::Keys>), Problem> {
    let done = means.threads.each(
        staged_tables,
        |staged| staged.rows() as u64,
        |mut staged| {
            keys::end_before_start(&mut staged);
            keys::keys(&mut staged, means.scratch).map(|keys| (staged, keys))
        },
    );
    finished(done)?
        .into_iter()
        .map(|r| r.map_err(|e| internal(&e)))
        .collect::<Result<Vec<_>, _>>()
        .map(|v| v.into_iter().unzip())
}

/// The tables that links lead to.
fn linked(staged_tables: &[StagedTable<'_>]) -> BTreeSet<TableId> {
    staged_tables.iter().flat_map(|s| links::links(s.table).map(|(_, _, target)| target)).collect()
}

/// Turns links into ranks. Only tables that links lead to get an index; where memory is short, one
/// at a time.
fn resolve(staged_tables: &mut [StagedTable<'_>], keys: &[keys::Keys], means: Means<'_>) -> Result<(), Problem> {
    let Means { threads, scratch, .. } = means;
    let linked = linked(staged_tables);
    let rounds = match scratch.memory() {
        None => vec![linked],
        Some(_) => linked.into_iter().map(|target| BTreeSet::from([target])).collect(),
    };
    let mut found = BTreeMap::new();
    for targets in rounds {
        let ids: Vec<_> = staged_tables
            .iter()
            .zip(keys)
            .filter(|(s, _)| targets.contains(&s.id))
            .filter_map(|(s, k)| encode::ids(s).map(|ids| (s.id, ids, k)))
            .collect();
        let built = threads.each(
            ids.iter().collect(),
            |(_, _, keys)| keys.rows.len() as u64,
            |(id, ids, keys)| (*id, index::Index::new(ids, keys, scratch.memory().is_some())),
        );
        let indexes: BTreeMap<TableId, index::Index<'_>> = finished(built)?.into_iter().collect();
        let ranks = threads.each(
            links::asked(staged_tables, &targets),
            |asked| asked.rows() as u64,
            |asked| asked.ranks(indexes.get(&asked.target), scratch).map(|ranks| (asked.place, ranks)),
        );
        found.extend(finished(ranks)?.into_iter().collect::<Result<Vec<_>, _>>().map_err(|e| internal(&e))?);
    }
    let mut hints = near_misses::links(staged_tables, &found)?;
    for (place, staged) in staged_tables.iter_mut().enumerate() {
        let columns: Vec<_> = hints.keys().filter(|(of, _)| *of == place).copied().collect();
        staged.hints.extend(columns.into_iter().filter_map(|at| Some((at.1, hints.remove(&at)?))));
    }
    let mut by_table: Vec<BTreeMap<_, Vec<_>>> = staged_tables.iter().map(|_| BTreeMap::new()).collect();
    for ((staged, column, _), ranks) in found {
        by_table[staged].entry(column).or_default().push(ranks);
    }
    let done = threads.each(
        staged_tables.iter_mut().zip(by_table).collect(),
        |(staged, _)| staged.rows() as u64,
        |(staged, found)| links::resolve(staged, found, scratch),
    );
    finished(done)?.into_iter().collect()
}

/// All results; work that broke off is told, not hidden.
fn finished<R>(done: Vec<Option<R>>) -> Result<Vec<R>, Problem> {
    let count = done.len();
    let done: Vec<R> = done.into_iter().flatten().collect();
    if done.len() == count { Ok(done) } else { Err(Problem::new(code::DATA_INTERNAL, "checking the data broke off")) }
}

/// A scratch file failed; or something was not as it must be, a mistake of this program.
fn internal(error: &ArrowError) -> Problem {
    if let ArrowError::IoError(_, cause) = error {
        return Problem::new(code::DATA_SCRATCH, format!("a scratch file cannot be written: {cause}"))
            .help("is the disk full? name a folder on another one with `--scratch`, or read everything into memory, without `--memory`");
    }
    if let ArrowError::ExternalError(cause) = error
        && let Some(problem) = cause.downcast_ref::<Problem>()
    {
        return problem.clone();
    }
    Problem::new(code::DATA_INTERNAL, format!("checking the data failed: {error}"))
}

/// What `--strict` says.
fn strict(report: &DataReport) -> Problem {
    let counts: Vec<String> = report
        .tables
        .iter()
        .flat_map(|t| {
            let aside = t.aside.iter().map(|a| (a.rows, a.rule));
            let all = aside.chain(t.unknown.iter().map(|u| (u.rows, u.rule)));
            all.map(move |(rows, rule)| format!("`{}`: {rows} {}", t.table, rule.words()))
        })
        .collect();
    let (shown, rest) = counts.split_at(counts.len().min(8));
    let more = if rest.is_empty() { String::new() } else { format!(", and {} more kinds", rest.len()) };
    let count = |n: u64, what: &str| match n {
        0 => None,
        1 => Some(format!("1 {what}")),
        n => Some(format!("{n} {what}s")),
    };
    let (rows, values) = (report.aside_rows(), report.unknown_values());
    let counted: Vec<String> = [count(rows, "row"), count(values, "value")].into_iter().flatten().collect();
    let breaks = if rows + values == 1 { "breaks" } else { "break" };
    let what = format!("{} {breaks}", counted.join(" and "));
    Problem::new(code::DATA_STRICT, format!("{what} the model: {}{more}", shown.join(", ")))
        .help("see `yardstick data` for examples; correct them, or leave out `--strict` to set the rows aside and take the values as not known")
}
