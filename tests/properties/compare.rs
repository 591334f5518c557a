//! One set of definitions on one folder of files, through the whole pipe and through the oracle.

use crate::generated::world::Files;
use crate::generated::written;
use crate::oracle::{self, Verdict, World, estimate};
use chrono::NaiveDate;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use yardstick::calendar::{Window, add_days};
use yardstick::data::{Options, Projection};
use yardstick::ir::{Measure, Outcome, Program, reads};
use yardstick::model::{Model, TableId};
use yardstick::run::{CountRow, Measured, Settings};
use yardstick::scorecard::figures::figures;
use yardstick::scorecard::rollup::Totals;
use yardstick::store::Store;
use yardstick::{data, run};

/// Reads a folder.
pub(crate) fn load(model: &Model, dir: &Path) -> Store {
    load_some(model, dir, &model.tables().map(|(id, _)| id).collect(), Projection::All)
}

/// Reads these tables of a folder, and those they lead to; keeps of them what is wanted.
fn load_some(model: &Model, dir: &Path, tables: &BTreeSet<TableId>, wanted: Projection) -> Store {
    try_load(model, dir, tables, wanted).unwrap_or_else(|problem| panic!("the files cannot be read: {problem:?}"))
}

fn try_load(model: &Model, dir: &Path, tables: &BTreeSet<TableId>, wanted: Projection) -> Result<Store, data::Problem> {
    let options = Options { wanted, ..Options::default() };
    Ok(data::load(model, &data::Source::folder(dir), tables, &options)?.store)
}

/// What is read of files, where they can be read: three links to nothing that are one word are
/// refused.
pub(crate) fn readable(model: &Model, files: &Files) -> Option<Store> {
    let dir = tempfile::tempdir().unwrap();
    written::write(model, files, dir.path());
    try_load(model, dir.path(), &model.tables().map(|(id, _)| id).collect(), Projection::All).ok()
}

/// Both readings of the same files. Every sound row must be the same row in both.
pub(crate) fn both<'m>(model: &'m Model, files: &Files) -> (Store, World<'m>) {
    let dir = tempfile::tempdir().unwrap();
    written::write(model, files, dir.path());
    (load(model, dir.path()), oracle::read(model, &files.tables, files.as_of))
}

/// The rows in use, when the two readings differ on them.
pub(crate) fn rows_differ(model: &Model, store: &Store, world: &World) -> Option<String> {
    model.tables().find_map(|(id, table)| {
        let stored = &store.tables[&id];
        let theirs: Vec<&str> = stored.keys.iter().flatten().map(|k| k.unwrap_or_default()).collect();
        let mine: Vec<&str> = world.rows(id).iter().map(|r| r.id.as_str()).collect();
        let same = stored.rows.num_rows() == mine.len() && (table.key.is_none() || theirs == mine);
        (!same).then(|| {
            format!("rows of {} in use: engine {} {theirs:?}, oracle {mine:?}", table.name, stored.rows.num_rows())
        })
    })
}

/// The windows to ask for: the latest that can be reported and those before, and one too recent to
/// be known.
pub(crate) fn windows(program: &Program, indicator: usize, as_of: NaiveDate) -> Vec<Window> {
    let indicator = &program.indicators[indicator];
    let mut windows = indicator.windows(as_of, 9);
    // There are more weeks than months; a few are looked at as closely as many.
    windows.drain(..windows.len().saturating_sub(9));
    let recent = (0..).find_map(|n| indicator.window_ending(add_days(as_of, n)?));
    let first_of_march = NaiveDate::from_ymd_opt(2024, 3, 1).unwrap();
    let leap = (1..).find_map(|n| indicator.window_ending(add_days(first_of_march, -n)?));
    windows.extend(recent.into_iter().chain(leap));
    windows.sort_unstable();
    windows.dedup();
    windows
}

/// What the engine says of the indicators; a panic is an answer too.
pub(crate) fn measure(
    program: &Program,
    store: &Store,
    as_of: NaiveDate,
    windows: &[Vec<Window>],
    indicators: &[usize],
) -> Result<Vec<Measured>, String> {
    measure_with(program, store, as_of, windows, indicators, &Settings::default())
}

pub(crate) fn measure_with(
    program: &Program,
    store: &Store,
    as_of: NaiveDate,
    windows: &[Vec<Window>],
    indicators: &[usize],
    settings: &Settings,
) -> Result<Vec<Measured>, String> {
    let mut measured = Vec::new();
    let mut take = |one, _| {
        measured.push(one);
        ControlFlow::Continue(())
    };
    catch_unwind(AssertUnwindSafe(|| run::measure(program, indicators, store, as_of, windows, settings, &mut take)))
        .map_err(|_| "the engine panicked".to_owned())?
        .map_err(|e| format!("the engine gave up: {e}"))?;
    Ok(measured)
}

/// Measures some indicators together, two at once, and each alone on no more tables and columns
/// than it needs: the numbers must be equal. Those of all together.
pub(crate) fn same_alone(
    program: &Program,
    dir: &Path,
    as_of: NaiveDate,
    windows: &[Vec<Window>],
    indicators: &[usize],
) -> Vec<Measured> {
    let two = Settings { threads: Some(2), ..Settings::default() };
    let together = measure_with(program, &load(&program.model, dir), as_of, windows, indicators, &two).unwrap();
    for ((in_company, number), asked) in together.iter().zip(indicators).zip(windows) {
        let indicator = &program.indicators[*number];
        let (tables, columns) = (reads::tables(&program.model, indicator), indicator.reads(&program.model));
        let store = load_some(&program.model, dir, &tables, Projection::Only(columns));
        let alone = measure(program, &store, as_of, std::slice::from_ref(asked), &[*number]);
        assert!(alone.as_deref() == Ok(std::slice::from_ref(in_company)), "{} is not the same alone", indicator.id);
    }
    together
}

/// Where engine and oracle differ on one indicator: in the counts of a window, or in the cases of
/// `windows[cases_of]`.
pub(crate) fn difference(
    program: &Program,
    store: &Store,
    world: &World,
    as_of: NaiveDate,
    measured: &Measured,
    cases_of: Option<usize>,
) -> Option<String> {
    let indicator = &program.indicators[measured.indicator];
    let levels = if indicator.by_level() { (0..program.model.levels.len()).map(Some).collect() } else { vec![None] };
    let places = measured.windows.iter().enumerate().flat_map(|w| levels.iter().map(move |l| (w, *l)));
    for ((n, window), level) in places {
        let mine = oracle::cases(world, indicator, as_of, *window, level.unwrap_or(0));
        let mut of_level = oracle::parts(indicator, &mine);
        for (of, counts) in oracle::unsure_holders(indicator, &mine, level.unwrap_or(0)) {
            of_level.entry(of).or_default().add(&counts);
        }
        let mut ours = vec![(level, of_level)];
        let below = if level.is_none() { 1..program.model.levels.len() } else { 0..0 };
        ours.extend(below.map(|below| (Some(below), oracle::unsure_holders(indicator, &mine, below))));
        for (level, parts) in ours {
            let parts: Vec<_> =
                parts.iter().map(|((of, group, value), counts)| (named(world, of), *group, *value, counts)).collect();
            let theirs = measured.parts.iter().filter(|p| p.window == n && p.level == level);
            let entities = |p: &CountRow| p.entities.iter().map(|e| e.map(|e| e as usize)).collect::<Vec<_>>();
            let theirs: BTreeMap<_, _> = theirs.map(|p| ((entities(p), p.group, p.value), &p.counts)).collect();
            let theirs: Vec<_> =
                theirs.iter().map(|((of, group, value), counts)| (named(world, of), *group, *value, *counts)).collect();
            if parts != theirs {
                return Some(format!(
                    "{} in the window from {} to {} at level {level:?}:\n  engine {theirs:#?}\n  oracle {parts:#?}\n  cases {}",
                    indicator.id,
                    window.start,
                    window.last_day(),
                    listed(world, indicator.cohort.table, &mine)
                ));
            }
        }
        if let Some(text) = values_differ(program, store, as_of, measured, (n, level), &mine) {
            return Some(text);
        }
        if cases_of == Some(n)
            && let Some(text) = cases_differ(program, measured.indicator, store, world, as_of, (*window, level), &mine)
        {
            return Some(text);
        }
    }
    None
}

/// Where a percentile, or a time until something happens, of some entity is not what the oracle
/// makes of its rows.
fn values_differ(
    program: &Program,
    store: &Store,
    as_of: NaiveDate,
    measured: &Measured,
    (window, asked): (usize, Option<usize>),
    mine: &[Verdict],
) -> Option<String> {
    let measure = &program.indicators[measured.indicator].measure;
    let twice = |value: Option<i64>| value.map(|v| v as f64);
    let value: &dyn Fn(&[&Verdict]) -> Option<f64> = match measure {
        Measure::Distinct(_) => &|rows| {
            let different: BTreeSet<i64> = rows.iter().filter_map(|v| v.amount).collect();
            Some(2.0 * different.len() as f64)
        },
        Measure::Percentile(of) => &|rows| {
            let values: Vec<i64> = rows.iter().filter_map(|v| v.amount).collect();
            // Decimals are kept as whole numbers.
            twice(estimate::percentile(&values, of.percent)).map(|v| v / of.of.ty.one() as f64)
        },
        Measure::Until(of) => &|rows| {
            let times = rows.iter().filter_map(|v| Some((v.amount?, v.outcome == Outcome::Met)));
            twice(estimate::until(&times.collect::<Vec<_>>(), of.percent))
        },
        Measure::Incidence(_) => &|rows| {
            let times = rows.iter().filter_map(|v| Some((v.amount?, v.fate?)));
            estimate::incidence(&times.collect::<Vec<_>>()).map(|v| 2.0 * v)
        },
        Measure::Proportion(_) | Measure::Rate(_) | Measure::Count(_) | Measure::Mean(_) => return None,
    };
    let hierarchy = run::hierarchy(&program.model, store, as_of);
    let totals = Totals::of(measured, &hierarchy);
    let of_level = |e: &usize| asked.is_none_or(|level| hierarchy.entities[*e].level == level);
    (0..hierarchy.entities.len()).filter(of_level).find_map(|entity| {
        let level = hierarchy.entities[entity].level;
        let row = |v: &Verdict| level.checked_sub(1).and_then(|below| v.entities[below]).map(|e| e as i32);
        let counted = mine.iter().filter(|v| !matches!(v.outcome, Outcome::Unsure | Outcome::Unread));
        let rows: Vec<&Verdict> = counted.filter(|v| hierarchy.holder(level, row(v)) == Some(entity)).collect();
        let theirs = figures(measure, totals.total(entity, window), measured.windows[window]);
        let (theirs, ours) = (theirs.value.map(|v| 2.0 * v.figure()), value(&rows));
        let same = match (theirs, ours) {
            (Some(a), Some(b)) => (a - b).abs() < 1e-9,
            (a, b) => a == b,
        };
        (!same).then(|| {
            let id = &hierarchy.entities[entity].id;
            format!("twice the value of {id}:\n  engine {theirs:?}\n  oracle {ours:?}\n  of {rows:#?}")
        })
    })
}

fn cases_differ(
    program: &Program,
    indicator: usize,
    store: &Store,
    world: &World,
    as_of: NaiveDate,
    (window, level): (Window, Option<usize>),
    mine: &[Verdict],
) -> Option<String> {
    let table = program.indicators[indicator].cohort.table;
    let level = level.unwrap_or(0);
    let asked = || run::cases(program, indicator, store, as_of, window, level, &Settings::default());
    let theirs = catch_unwind(AssertUnwindSafe(asked));
    let theirs = match theirs {
        Err(_) => return Some("the engine panicked over the cases".to_owned()),
        Ok(Err(e)) => return Some(format!("the engine gave up over the cases: {e:?}")),
        Ok(Ok(cases)) => cases,
    };
    let keyed = program.model.table(table).key.is_some();
    let mut theirs: Vec<_> = theirs
        .into_iter()
        .map(|c| {
            let entities: Vec<_> = c.entities.iter().map(|e| e.map(|e| e as usize)).collect();
            let figures = (c.amount, c.exposure);
            let outcome = (c.outcome, c.unsure);
            let others = c.others.iter().map(|of_level| of_level.iter().map(|e| e.map(|e| e as usize)).collect());
            let of = (named(world, &entities), named_others(world, &others.collect::<Vec<_>>()), c.group);
            (if keyed { c.id } else { String::new() }, outcome, of, c.attributed_on, figures)
        })
        .collect();
    let mut ours: Vec<_> = mine
        .iter()
        .map(|v| {
            // Of a row that is not counted no figure is told.
            let shown = !matches!(v.outcome, Outcome::Unsure | Outcome::Unread);
            let figures = (v.amount.filter(|_| shown), v.exposure.filter(|_| shown));
            (
                world.row(table, v.row).id.clone(),
                (v.outcome.clone(), v.unsure),
                (named(world, &v.entities), named_others(world, &v.others), v.group),
                v.attributed_on,
                figures,
            )
        })
        .collect();
    theirs.sort();
    ours.sort();
    (theirs != ours).then(|| {
        format!(
            "cases of {} in the window from {} to {}:\n  engine {theirs:#?}\n  oracle {ours:#?}",
            program.indicators[indicator].id,
            window.start,
            window.last_day()
        )
    })
}

/// Entities by their ids.
fn named(world: &World, entities: &[Option<usize>]) -> Vec<String> {
    let levels = world.model.levels.iter().skip(1);
    let id = |(level, row): (&yardstick::model::Level, &Option<usize>)| {
        row.map_or("unassigned".to_owned(), |row| {
            world.rows(level.table.unwrap()).get(row).map_or("no such row".to_owned(), |r| r.id.clone())
        })
    };
    levels.zip(entities).map(id).collect()
}

/// Those who may hold a row beside others, by their ids, level by level.
fn named_others(world: &World, others: &[BTreeSet<Option<usize>>]) -> Vec<BTreeSet<String>> {
    let place = |level: usize, of: &Option<usize>| {
        let mut entities = vec![None; others.len()];
        entities[level] = *of;
        named(world, &entities).remove(level)
    };
    others.iter().enumerate().map(|(level, of)| of.iter().map(|of| place(level, of)).collect()).collect()
}

fn listed(world: &World, table: TableId, cases: &[Verdict]) -> String {
    let one = |v: &Verdict| {
        format!(
            "{} {:?} {:?} on {:?}",
            world.row(table, v.row).id,
            v.outcome,
            named(world, &v.entities),
            v.attributed_on
        )
    };
    cases.iter().map(one).collect::<Vec<_>>().join("\n        ")
}
