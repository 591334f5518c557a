//! What a description says of empty fields is so: with the fields filled that it names, nothing is
//! left open, whatever else is empty; and each that it names can leave something open.
//!
//! Generated indicators are asked on generated files by the row-by-row evaluator. A sentence that
//! it refutes fails. (That nothing after the wait changes a figure, and that a day less is too
//! short, is asked of the same indicators in `tests/finality.rs` and `tests/tight.rs`.)

use crate::generated::world::{Files, around};
use crate::generated::{self, days};
use chrono::{Months, NaiveDate};
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use yardstick::interpret::{Calendar, Evaluator, Question, Rows, World};
use yardstick::ir::left_open::{Cause, LeftOpen};
use yardstick::ir::{Expr, Indicator, Missing, Program, Ty};
use yardstick::model::{ColumnId, ColumnType, Model, TableId};

/// Files that are tried for a field.
const TRIES: u64 = 60;

type Field = (TableId, ColumnId);

/// A part of an indicator, and what is said to leave it open.
struct Part<'a> {
    indicator: &'a Indicator,
    asked: Asked<'a>,
    fields: BTreeSet<Field>,
    rows_too: bool,
}

#[derive(Clone, Copy)]
enum Asked<'a> {
    Cohort,
    Exclusion(usize),
    Measured(&'a Expr),
}

fn parts<'a>(model: &Model, indicator: &'a Indicator) -> Vec<Part<'a>> {
    let left_open = LeftOpen::new(model, indicator);
    let part = |asked: Asked<'a>, causes: Vec<Cause>| Part {
        indicator,
        asked,
        fields: causes.iter().filter_map(|cause| left_open.field(cause)).collect(),
        rows_too: causes.iter().any(|cause| matches!(cause, Cause::NoRow(_))),
    };
    let exclusions = (0..indicator.exclusions.len()).map(|n| part(Asked::Exclusion(n), left_open.of_exclusion(n)));
    let to = |e: &&Expr| e.missing != Missing::OpenEnd;
    let measured = indicator.measure.expressions().into_iter().filter(to);
    let measured = measured.map(|e| part(Asked::Measured(e), left_open.of_measured(&[e])));
    [part(Asked::Cohort, left_open.of_cohort())].into_iter().chain(exclusions).chain(measured).collect()
}

/// Rows of which something is not known that the part asks.
fn open(part: &Part, evaluator: &Evaluator, table: TableId, rows: usize) -> usize {
    let cohort = &part.indicator.cohort;
    let is_open = |row: usize| {
        let row = Rows::of_cohort(table, row);
        let counted = evaluator.truth(&cohort.condition, &row);
        let stays = |n: usize| {
            let before = part.indicator.exclusions.iter().take(n);
            before.into_iter().all(|e| evaluator.truth(&e.condition, &row) != Some(true))
        };
        match part.asked {
            Asked::Cohort => {
                let by = cohort.pick.iter().flat_map(|pick| &pick.by);
                let mut by = by.filter(|e| e.missing != Missing::OpenEnd);
                let ever = cohort.pick.as_ref().is_some_and(|pick| pick.ever);
                counted.is_none() || ((ever || counted == Some(true)) && by.any(|e| evaluator.value(e, &row).is_none()))
            }
            Asked::Exclusion(n) => {
                counted == Some(true)
                    && stays(n)
                    && evaluator.truth(&part.indicator.exclusions[n].condition, &row).is_none()
            }
            Asked::Measured(e) => counted == Some(true) && stays(usize::MAX) && evaluator.value(e, &row).is_none(),
        }
    };
    (0..rows).filter(|row| is_open(*row)).count()
}

/// After every day in the files.
fn last() -> NaiveDate {
    NaiveDate::from_ymd_opt(2095, 12, 31).unwrap()
}

/// The files with a value in every field, and then with some of the cells of these fields emptied.
fn filled(rng: &mut ChaCha8Rng, model: &Model, (files, days): (&Files, &[NaiveDate]), some: &BTreeSet<Field>) -> Files {
    let mut files = files.clone();
    for (id, table) in model.tables().filter(|(_, table)| table.words_of.is_none()) {
        for (column_id, column) in table.columns() {
            let place = usize::from(column_id.0);
            let target = column.target().map(|to| {
                let key = usize::from(model.table(to).key.unwrap().0);
                files.tables[&to].rows.iter().map(|row| row[key].clone()).collect::<Vec<_>>()
            });
            let raw = files.tables.get_mut(&id).unwrap();
            // As these are read.
            for cell in raw.rows.iter_mut().map(|row| &mut row[place]) {
                if cell.starts_with("9999-") || cell.starts_with("0001-") {
                    cell.clear();
                }
            }
            let others: Vec<String> = raw.rows.iter().map(|row| row[place].clone()).filter(|c| !c.is_empty()).collect();
            for row in &mut raw.rows {
                // A link that leads nowhere is empty.
                if target.as_ref().is_some_and(|ids| !ids.contains(&row[place])) {
                    row[place].clear();
                }
                let can_be_empty = column.optional || !table.places(column_id);
                if row[place].is_empty() {
                    row[place] = match (&column.ty, &target) {
                        (_, Some(ids)) => ids.choose(rng).cloned().unwrap_or_default(),
                        (ColumnType::Codes(words), _) => words.choose(rng).unwrap().clone(),
                        (ColumnType::Date, _) if !table.places(column_id) => {
                            others.choose(rng).cloned().unwrap_or_else(|| "2024-02-29".into())
                        }
                        (ColumnType::Date, _) => "2090-01-01".into(),
                        (ColumnType::Timestamp, _) => "2090-01-01T08:30:00".into(),
                        (ColumnType::Bool, _) => "true".into(),
                        (ColumnType::Int | ColumnType::Decimal(_), _) => "7".into(),
                        (ColumnType::Text | ColumnType::Link(_) | ColumnType::Key, _) => "something".into(),
                    };
                }
                // Days on which something may turn, also where the files have other ones.
                let stay = table.spans.is_some_and(|s| s.from == column_id || s.until == column_id);
                if column.ty == ColumnType::Date && !stay && rng.random_bool(0.5) {
                    row[place] = days.choose(rng).map(ToString::to_string).unwrap_or_default();
                }
                if can_be_empty && some.contains(&(id, column_id)) && rng.random_bool(0.5) {
                    row[place].clear();
                }
            }
        }
    }
    files
}

/// The files without the rows that are set aside: where one may be among those asked about, the
/// answer is not known, and that is said by itself.
fn without_rows_set_aside(model: &Model, mut files: Files) -> Files {
    let world = World::read(model, &files.tables, last());
    let aside = |id| world.went(id).iter().map(|went| went.row.line).collect::<BTreeSet<_>>();
    let aside: BTreeMap<TableId, BTreeSet<usize>> = model.tables().map(|(id, _)| (id, aside(id))).collect();
    for (id, raw) in &mut files.tables {
        let mut line = 0..;
        raw.rows.retain(|_| line.next().is_none_or(|line| !aside[id].contains(&line)));
    }
    files
}

#[derive(Debug, Default)]
struct Told {
    /// Parts of which nothing was left open.
    never: usize,
    /// Fields named, and those of them that were seen to leave something open.
    named: usize,
    shown: usize,
    missed: Vec<String>,
}

fn all_fields(model: &Model) -> BTreeSet<Field> {
    model.tables().flat_map(|(id, table)| table.columns().map(move |(column, _)| (id, column))).collect()
}

fn ask(program: &Program, indicator: &Indicator, seed: u64, told: &mut Told) {
    let model = &program.model;
    for part in parts(model, indicator) {
        let others: BTreeSet<Field> = all_fields(model).difference(&part.fields).copied().collect();
        let mut shown = BTreeSet::new();
        for n in 0..TRIES {
            if n >= 12 && shown == part.fields {
                break;
            }
            let mut rng = ChaCha8Rng::seed_from_u64(1_000 * seed + n);
            let end = NaiveDate::from_ymd_opt(2024, 3, 1).unwrap() + Months::new(u32::try_from(n % 12).unwrap());
            let window = indicator.window.ending_before(end).unwrap();
            let days = days::turning(&mut rng, indicator, window, &[]);
            let files = around(&mut rng, model, end + Months::new(60), days.clone());
            let files = (&files, days.as_slice());
            let left_open = |files: &Files| {
                let world = World::read(model, &files.tables, last());
                let (world, as_of) = (&world, last());
                let question = Question { world, indicator, as_of, window, level: 0, arithmetic: &Calendar };
                let table = indicator.cohort.table;
                open(&part, &Evaluator::new(question), table, world.rows(table).len())
            };
            // A link cannot be filled without a row to lead to.
            let full = files.0.tables.values().all(|raw| !raw.rows.is_empty());
            if full && !part.rows_too {
                let made = without_rows_set_aside(model, filled(&mut rng, model, files, &others));
                let found = left_open(&made);
                assert_eq!(
                    found,
                    0,
                    "seed {seed}: {} is left open with {:?} filled\n{}\n{}",
                    what(&part),
                    names(model, &part.fields),
                    yardstick::ir::print::definition(model, indicator),
                    generated::world::show(model, &made),
                );
            }
            for field in part.fields.difference(&shown.clone()) {
                // Another may have to be empty, too.
                let empty = if n % 3 == 2 { part.fields.clone() } else { BTreeSet::from([*field]) };
                if left_open(&filled(&mut rng, model, files, &empty)) > 0 {
                    shown.insert(*field);
                }
            }
        }
        told.never += usize::from(!part.rows_too);
        told.named += part.fields.len();
        told.shown += shown.len();
        for field in part.fields.difference(&shown) {
            let definition = yardstick::ir::print::definition(model, indicator);
            told.missed.push(format!(
                "seed {seed}, {}: {:?}\n{definition}",
                what(&part),
                names(model, &[*field].into())
            ));
        }
    }
}

fn what(part: &Part) -> String {
    match part.asked {
        Asked::Cohort => "the cohort".into(),
        Asked::Exclusion(n) => format!("exclusion {n}"),
        Asked::Measured(e) if e.ty == Ty::Bool => "the condition that is measured".into(),
        Asked::Measured(_) => "the value that is measured".into(),
    }
}

fn names(model: &Model, fields: &BTreeSet<Field>) -> Vec<String> {
    let name =
        |(table, column): &Field| format!("{}.{}", model.table(*table).name, model.table(*table).column(*column).name);
    fields.iter().map(name).collect()
}

#[test]
fn empty_fields_leave_open_what_is_said_and_nothing_else() {
    let worlds = std::env::var("YARDSTICK_DESCRIBED").map_or(16, |n| n.parse().expect("a whole number"));
    let (next, told) = (AtomicU64::new(500_001), Mutex::new(Told::default()));
    generated::on_all_threads(|| {
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed > 500_000 + worlds {
                return;
            }
            let program = super::definitions(seed);
            for indicator in &program.indicators {
                let mut of_one = Told::default();
                ask(&program, indicator, seed, &mut of_one);
                let mut told = told.lock().unwrap();
                told.never += of_one.never;
                told.named += of_one.named;
                told.shown += of_one.shown;
                told.missed.extend(of_one.missed);
            }
        }
    });
    let told = told.into_inner().unwrap();
    println!("{}", told.missed.join("\n"));
    println!("{} parts, {} fields named, {} shown", told.never, told.named, told.shown);
    assert!(told.never > 20 * worlds as usize && told.shown * 10 >= told.named * 6, "{} of {}", told.shown, told.named);
}
