//! The shipped indicators on the example county: engine and oracle agree, cases are what cells
//! count, levels add up.

use crate::generated::parsed;
use crate::oracle::{self, Raw};
use crate::properties::compare;
use chrono::{DateTime, NaiveDate, TimeDelta};
use datafusion::parquet::file::reader::{FileReader, SerializedFileReader};
use datafusion::parquet::record::Field;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use yardstick::calendar::Window;
use yardstick::data;
use yardstick::elsewhere;
use yardstick::ir::{Indicator, Outcome, Program};
use yardstick::model::{Model, Step, TableId};
use yardstick::run::{self, Case, Cost, Counts, Doubt, Measured, Settings};
use yardstick::scorecard::Complete;
use yardstick::scorecard::judge;
use yardstick::scratch::Scratch;
use yardstick::store::Store;

/// Months shown, and so windows of each indicator.
pub(crate) const MONTHS: u32 = 24;

struct County {
    program: Program,
    store: Store,
    as_of: NaiveDate,
    measured: Vec<Measured>,
}

static COUNTY: LazyLock<County> = LazyLock::new(|| {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut texts = Vec::new();
    read_texts(&root.join("indicators"), &mut texts);
    let program = parsed::program(&texts).unwrap_or_else(|e| panic!("{e:?}"));
    let store = compare::load(&program.model, &folder());
    let as_of = yardstick::data::settings(&folder()).unwrap().unwrap().as_of;
    let all: Vec<usize> = (0..program.indicators.len()).collect();
    let windows: Vec<_> = program.indicators.iter().map(|i| distinct(i.windows(as_of, MONTHS))).collect();
    let measured = compare::measure(&program, &store, as_of, &windows, &all).unwrap();
    County { program, store, as_of, measured }
});

pub(crate) fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/county/data")
}

pub(crate) fn distinct(mut windows: Vec<Window>) -> Vec<Window> {
    windows.dedup();
    windows
}

pub(crate) fn read_texts(dir: &Path, texts: &mut Vec<String>) {
    let mut paths: Vec<PathBuf> = std::fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            read_texts(&path, texts);
        } else if path.extension().is_some_and(|e| e == "ind") {
            texts.push(std::fs::read_to_string(path).unwrap());
        }
    }
}

/// The files as text, by way of Parquet's own rows and not of Arrow.
pub(crate) fn raw_tables(model: &Model, folder: &Path) -> BTreeMap<TableId, Raw> {
    model.tables().map(|(id, table)| (id, raw(&folder.join(format!("{}.parquet", table.file))))).collect()
}

fn raw(path: &Path) -> Raw {
    let reader = SerializedFileReader::new(File::open(path).unwrap()).unwrap();
    let fields = reader.metadata().file_metadata().schema_descr().root_schema().get_fields().to_vec();
    let header = fields.iter().map(|f| f.name().to_owned()).collect();
    let rows =
        reader.get_row_iter(None).unwrap().map(|row| row.unwrap().get_column_iter().map(|(_, f)| text(f)).collect());
    Raw { header, rows: rows.collect() }
}

fn text(field: &Field) -> String {
    let time = |time: Option<DateTime<chrono::Utc>>| time.unwrap().naive_utc().format("%Y-%m-%dT%H:%M:%S").to_string();
    match field {
        Field::Null => String::new(),
        Field::Str(text) => text.clone(),
        Field::Bool(b) => b.to_string(),
        Field::Int(n) => n.to_string(),
        Field::Long(n) => n.to_string(),
        Field::Date(days) => {
            (NaiveDate::from_ymd_opt(1970, 1, 1).unwrap() + TimeDelta::days(i64::from(*days))).to_string()
        }
        Field::TimestampMillis(n) => time(DateTime::from_timestamp_millis(*n)),
        Field::TimestampMicros(n) => time(DateTime::from_timestamp_micros(*n)),
        other => panic!("a column holds {other:?}"),
    }
}

#[test]
fn engine_and_oracle_agree_on_the_example_county() {
    let County { program, store, as_of, measured } = &*COUNTY;
    let world = oracle::read(&program.model, &raw_tables(&program.model, &folder()), *as_of);
    assert!(world.aside.iter().sum::<usize>() > 0, "the example has rows that are set aside");
    if let Some(said) = compare::rows_differ(&program.model, store, &world) {
        panic!("{said}");
    }
    for one in measured {
        // The latest windows, and two far apart.
        let kept: BTreeSet<usize> = [0, one.windows.len() / 2, one.windows.len() - 2, one.windows.len() - 1].into();
        let windows: Vec<Window> = kept.iter().map(|n| one.windows[*n]).collect();
        let few = compare::measure(program, store, *as_of, std::slice::from_ref(&windows), &[one.indicator]).unwrap();
        if let Some(said) = compare::difference(program, store, &world, *as_of, &few[0], Some(windows.len() - 1)) {
            panic!("{said}");
        }
    }
}

/// Of each indicator some windows, and of the next others: a list of rows is a run of its own.
fn some_windows(of: &Measured) -> impl Iterator<Item = &Window> {
    const EVERY: usize = 8;
    of.windows.iter().skip(of.indicator % EVERY).step_by(EVERY)
}

#[test]
fn cases_are_what_every_cell_counts() {
    let County { program, store, as_of, measured } = &*COUNTY;
    let hierarchy = run::hierarchy(&program.model, store, *as_of);
    let levels: Vec<usize> = (0..program.model.levels.len()).collect();
    let table = |one| judge::table(program, &hierarchy, one, &Complete::through(*as_of), None).unwrap();
    let tables: Vec<_> = measured.iter().map(table).collect();
    let mut of_cells: BTreeMap<(usize, Window, usize), Counts> = BTreeMap::new();
    for cell in tables.iter().flat_map(|t| (0..hierarchy.entities.len()).flat_map(|e| t.cells(program, e))) {
        let of = measured.iter().find(|of| of.indicator == cell.indicator).unwrap();
        let listed = some_windows(of).any(|window| *window == cell.window);
        if let Some(counts) = cell.counts.filter(|c| listed && (c.cohort > 0 || c.doubt.is_some())) {
            // Of unsure rows and those that went, cases tell only that they are, and not whether
            // their exposure is known.
            let mut counts = Counts { unexposed: 0, ..counts.clone() };
            counts.excluded.resize(program.indicators[cell.indicator].exclusions.len(), 0);
            let told = |Doubt { rows, unread, .. }: Doubt| Doubt { rows, unread, ..Doubt::default() };
            counts.doubt = counts.doubt.map(|doubt| Box::new(told(*doubt)));
            of_cells.insert((cell.indicator, cell.window, cell.entity), counts);
        }
    }
    assert!(of_cells.len() > 2_000, "only {} cells count anything", of_cells.len());
    let mut of_cases: BTreeMap<(usize, Window, usize), Counts> = BTreeMap::new();
    for one in measured {
        let indicator = &program.indicators[one.indicator];
        for window in some_windows(one) {
            for case in run::cases(program, one.indicator, store, *as_of, *window, 0, &Settings::default()).unwrap() {
                let holders = levels.iter().flat_map(|level| elsewhere::holders(&hierarchy, *level, &case));
                for (entity, hold) in holders.collect::<Vec<_>>() {
                    let Some(case) = elsewhere::case_of(indicator, &case, hold) else { continue };
                    let counts = of_cases.entry((one.indicator, *window, entity)).or_default();
                    counts.add(&counted(&case, indicator));
                }
            }
        }
    }
    for (place, counts) in &of_cases {
        assert_eq!(of_cells.get(place), Some(counts), "{place:?}");
    }
    assert_eq!(of_cells.len(), of_cases.len());
}

fn counted(case: &Case, indicator: &Indicator) -> Counts {
    let exclusions = &indicator.exclusions;
    let mut counts = Counts { cohort: 1, excluded: vec![0; exclusions.len()], ..Counts::default() };
    // The values of a median are no sum.
    if indicator.measure.is_additive() {
        counts.amount = case.amount.unwrap_or(0);
    }
    counts.exposure = case.exposure.unwrap_or(0);
    match &case.outcome {
        Outcome::Excluded(reason) => {
            counts.excluded[exclusions.iter().position(|e| Some(&e.reason) == reason.as_ref()).unwrap()] = 1;
        }
        Outcome::Counted => counts.denominator = 1,
        Outcome::Met => (counts.denominator, counts.met) = (1, 1),
        Outcome::Undetermined => (counts.denominator, counts.undetermined) = (1, 1),
        Outcome::Unmet => counts.denominator = 1,
        Outcome::Unsure | Outcome::Unread => counts.cohort = 0,
        Outcome::NotCounted => panic!("a case that is not counted"),
    }
    let unread = u64::from(case.outcome == Outcome::Unread);
    let doubt = Doubt { rows: u64::from(case.unsure), unread, ..Doubt::default() };
    counts.doubt = (doubt != Doubt::default()).then(|| Box::new(doubt));
    counts
}

#[test]
fn levels_add_up_in_the_example_county() {
    let County { program, store, as_of, measured } = &*COUNTY;
    levels_add_up(program, store, *as_of, measured);
}

/// The reference says which states there are, and the README of the county where each is to be
/// seen.
#[test]
fn every_state_of_a_cell_occurs_in_the_example_county() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = |path: &str| std::fs::read_to_string(root.join(path)).unwrap();
    let (reference, readme) = (text("grammar/RESULTS.md"), text("examples/county/README.md"));
    let section = reference.split("\n## The seven states").nth(1).unwrap().split("\n## ").next().unwrap();
    let states: Vec<&str> =
        section.lines().filter_map(|l| l.strip_prefix("| `")).filter_map(|l| l.split('`').next()).collect();
    assert!(states.len() >= 6, "{states:?}");
    for state in states {
        let line = readme.lines().find(|l| l.starts_with(&format!("| `{state}` |")));
        let line =
            line.unwrap_or_else(|| panic!("examples/county/README.md does not say where `{state}` is to be seen"));
        let command = line.split("`yardstick ").nth(1).and_then(|rest| rest.split('`').next()).unwrap();
        let done = std::process::Command::new(env!("CARGO_BIN_EXE_yardstick"))
            .args(command.split(' ').chain(["--format", "csv"]))
            .current_dir(root)
            .output()
            .unwrap();
        let said = String::from_utf8(done.stdout).unwrap();
        let mut rows = csv::Reader::from_reader(said.as_bytes());
        let at = rows.headers().unwrap().iter().position(|name| name == "state").unwrap();
        assert!(rows.records().any(|r| &r.unwrap()[at] == state), "no cell is `{state}`: yardstick {command}");
    }
}

/// The table of the county's README is what the scorecard says.
#[test]
fn the_table_of_the_readme_is_the_scorecard() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let readme = std::fs::read_to_string(root.join("examples/county/README.md")).unwrap();
    let lines = readme.lines().skip_while(|line| !line.starts_with("| standard |")).take_while(|line| !line.is_empty());
    let lines: Vec<Vec<&str>> = lines.map(|line| line.split('|').map(str::trim).collect()).collect();
    let (mut seen, mut rows) = (0, BTreeMap::<String, Vec<String>>::new());
    for level in ["department", "office"] {
        let done = std::process::Command::new(env!("CARGO_BIN_EXE_yardstick"))
            .args(["scorecard", "--scorecard", "tier_one", "--format", "csv", "--level", level])
            .current_dir(root)
            .output()
            .unwrap();
        let mut read = csv::Reader::from_reader(&done.stdout[..]);
        for row in read.deserialize::<BTreeMap<String, String>>() {
            let row = row.unwrap();
            let value: f64 = row["value"].parse().unwrap_or_default();
            let cell = format!("{value:.1} {}", row["band"]);
            rows.entry(row["entity_name"].to_lowercase()).or_default().push(cell);
            let sign = if row["standard_least"].is_empty() { "<=" } else { ">=" };
            rows.entry(format!("standard {level}")).or_default().push(format!("{sign} {}", row["standard"]));
        }
    }
    for line in lines {
        let name = line[1].trim_matches('*').split(" (").next().unwrap().to_lowercase();
        let name = if name == "standard" { "standard department".to_owned() } else { name };
        assert_eq!(rows[&name], line[2..line.len() - 1], "{name}");
        seen += 1;
    }
    assert_eq!(seen, 7);
}

#[test]
fn threads_do_not_change_the_example_county() {
    let County { program, store, as_of, measured } = &*COUNTY;
    let all: Vec<usize> = measured.iter().map(|m| m.indicator).collect();
    let windows: Vec<_> = measured.iter().map(|m| m.windows.clone()).collect();
    for threads in [1, 3] {
        let settings = Settings { threads: Some(threads), ..Settings::default() };
        let again = compare::measure_with(program, store, *as_of, &windows, &all, &settings);
        assert_eq!(again.as_ref(), Ok(measured), "{threads} threads");
    }
}

#[test]
fn with_little_memory_the_example_county_is_the_same() {
    let County { program, store, as_of, measured } = &*COUNTY;
    let scratch = Scratch::new(&std::env::temp_dir(), 24 << 20).unwrap();
    let tables = program.model.tables().map(|(id, _)| id).collect();
    let options = data::Options { scratch: scratch.clone(), ..data::Options::default() };
    let frugal = data::load(&program.model, &data::Source::folder(&folder()), &tables, &options).unwrap().store;
    assert!(frugal == *store);
    let all: Vec<usize> = measured.iter().map(|m| m.indicator).collect();
    let windows: Vec<_> = measured.iter().map(|m| m.windows.clone()).collect();
    let settings = Settings { scratch, ..Settings::default() };
    let (mut again, mut sliced): (Vec<Measured>, _) = (Vec::new(), 0);
    let mut take = |some: Measured, spent: Option<Cost>| {
        match again.last_mut().filter(|last| last.indicator == some.indicator) {
            Some(last) => last.add(some),
            None => again.push(some),
        }
        sliced += usize::from(spent.is_some_and(|spent| spent.slices > 1));
        ControlFlow::Continue(())
    };
    run::measure(program, &all, &frugal, *as_of, &windows, &settings, &mut take).unwrap();
    assert!(again == *measured);
    assert!(sliced > 5, "{sliced} were cut into slices: memory was not short");
}

#[test]
fn the_shipped_indicators_count_the_same_alone_and_in_company() {
    let County { program, as_of, measured, .. } = &*COUNTY;
    let all: Vec<usize> = (0..program.indicators.len()).collect();
    let latest = |m: &Measured| m.windows.iter().rev().take(3).rev().copied().collect();
    let windows: Vec<Vec<Window>> = measured.iter().map(latest).collect();
    let together = compare::same_alone(program, &folder(), *as_of, &windows, &all);
    assert!(together.iter().all(|measured| !measured.parts.is_empty()));
}

/// At each level, the entities with the unassigned add up to the whole; and where a level's link
/// upwards does not depend on a day, the entities under one parent, with what is unassigned under
/// it, add up to it.
pub(crate) fn levels_add_up(program: &Program, store: &Store, as_of: NaiveDate, measured: &[Measured]) {
    let model = &program.model;
    let hierarchy = run::hierarchy(model, store, as_of);
    let levels: Vec<usize> = (0..model.levels.len()).collect();
    for one in measured.iter().filter(|one| !program.indicators[one.indicator].by_level()) {
        // Judged on the last day there is, so that no window is withheld.
        let late = NaiveDate::from_ymd_opt(9999, 1, 1).unwrap();
        let table = judge::table(program, &hierarchy, one, &Complete::through(late), None).unwrap();
        let cells: Vec<_> = (0..hierarchy.entities.len()).flat_map(|e| table.cells(program, e)).collect();
        let sum = |chosen: &dyn Fn(usize) -> bool, window: Window| {
            let mut total = Counts::default();
            for cell in cells.iter().filter(|c| c.window == window && chosen(c.entity)) {
                total.add(cell.counts.unwrap());
            }
            (total.denominator, total.met, total.undetermined, total.excluded_total(), total.cohort)
        };
        for (n, window) in one.windows.iter().enumerate() {
            let whole = sum(&|e| hierarchy.entities[e].level == 0, *window);
            for level in &levels {
                let at = sum(&|e| hierarchy.entities[e].level == *level, *window);
                assert_eq!(at, whole, "{} at level {level}, {window:?}", program.indicators[one.indicator].id);
            }
            for level in levels.iter().skip(2).filter(|l| matches!(model.levels[**l].up, Some(Step::Link(_)))) {
                for parent in hierarchy.at(level - 1).filter(|e| !hierarchy.entities[*e].is_unassigned()) {
                    let mut children = sum(
                        &|e| hierarchy.entities[e].level == *level && hierarchy.entities[e].parent == Some(parent),
                        *window,
                    );
                    let row = hierarchy.entities[parent].row;
                    let loose = one
                        .parts
                        .iter()
                        .filter(|p| p.window == n && p.entities[level - 2] == row && p.entities[level - 1].is_none());
                    for part in loose {
                        children.0 += part.counts.denominator;
                        children.1 += part.counts.met;
                        children.2 += part.counts.undetermined;
                        children.3 += part.counts.excluded_total();
                        children.4 += part.counts.cohort;
                    }
                    assert_eq!(
                        children,
                        sum(&|e| e == parent, *window),
                        "{} under {}",
                        program.indicators[one.indicator].id,
                        hierarchy.entities[parent].id
                    );
                }
            }
        }
    }
}
