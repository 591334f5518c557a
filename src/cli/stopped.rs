//! What `yardstick data` says of those who send rows no more: one of several offices, say, whose
//! rows have stopped coming in while those of the others go on.
//!
//! Rows are counted by month and by whom they belong to, and judged as those of a whole table are
//! (`engine::data::arrivals`). It is told and no more: an office may have closed. Nothing is said
//! of a level whose table has a span, as that of workers: they come and go. Nor is it said of those
//! under one of whom it is said already.

use super::case_data;
use super::failure::Failure;
use crate::calendar::{Window, add_days, add_months};
use crate::data::{LOOKED_AT, Loaded, stopped};
use crate::ir::{Indicator, Program, Rule};
use crate::model::Model;
use crate::run;
use crate::scorecard::Hierarchy;
use chrono::NaiveDate;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::ops::ControlFlow;

/// One whose rows come no more.
#[derive(Debug, Serialize)]
pub(super) struct Stopped {
    table: String,
    level: String,
    entity_id: String,
    entity: String,
    /// The first day of the months in which they do not.
    since: String,
    /// How many rows came since.
    rows: u64,
    /// How many came in the twelve months before.
    rows_before: u64,
}

/// The indicators that count the rows.
pub(super) fn indicators(program: &Program) -> Vec<Indicator> {
    program.arriving.iter().map(|rule| rule.of_each_month(&program.model)).collect()
}

/// Of whom rows come no more. The indicators of [`indicators`] are those of the program from this
/// number on.
pub(super) fn find(
    program: &Program,
    first: usize,
    loaded: &Loaded,
    as_of: NaiveDate,
    settings: &run::Settings,
) -> Result<Vec<Stopped>, Failure> {
    let hierarchy = run::hierarchy(&program.model, &loaded.store, as_of);
    let rules: Vec<(usize, &Rule)> = (first..).zip(&program.arriving).collect();
    let asked: Vec<usize> = rules.iter().map(|(number, _)| *number).collect();
    let windows: Vec<_> = rules.iter().map(|(_, rule)| months(through(program, rule, loaded, as_of))).collect();
    let mut found = Vec::new();
    let mut take = |measured: run::Measured, _| {
        if let Some((_, rule)) = rules.iter().find(|(number, _)| *number == measured.indicator) {
            let table = &program.model.table(rule.table).name;
            let levels = levels(&program.model, rule.attribution.level);
            found.extend(of_table(table, &measured, &hierarchy, &levels));
        }
        ControlFlow::Continue(())
    };
    run::measure(program, &asked, &loaded.store, as_of, &windows, settings, &mut take)
        .map_err(|error| case_data::failed(&error))?;
    Ok(found)
}

/// The day through which the rows of a table are complete.
fn through(program: &Program, rule: &Rule, loaded: &Loaded, as_of: NaiveDate) -> NaiveDate {
    let said = loaded.settings.as_ref().and_then(|of| of.tables.get(&program.model.table(rule.table).name)?.as_of);
    said.map_or(as_of, |said| said.min(as_of))
}

/// The months that end on a day, and months before it, the earliest first.
fn months(last_day: NaiveDate) -> Vec<Window> {
    let month = |back: i64| {
        let end = add_days(last_day, 1)?;
        Some(Window { start: add_months(end, -back - 1)?, end: add_months(end, -back)? })
    };
    (0..LOOKED_AT as i64).rev().filter_map(month).collect()
}

/// The levels that are looked at, down to one: the whole, and those whose entities do not come and
/// go.
fn levels(model: &Model, lowest: usize) -> Vec<usize> {
    let stays = |level: &usize| {
        let table = model.levels.get(*level).and_then(|level| level.table);
        table.is_none_or(|table| model.table(table).spans.is_none())
    };
    (0..=lowest).filter(stays).collect()
}

/// What is said of the rows of a table, at these levels.
fn of_table(table: &str, measured: &run::Measured, hierarchy: &Hierarchy, levels: &[usize]) -> Vec<Stopped> {
    let mut counts: BTreeMap<usize, Vec<u64>> = BTreeMap::new();
    for part in &measured.parts {
        for level in levels {
            let entity = hierarchy.holder_of(*level, &part.entities);
            let months = entity.map(|entity| counts.entry(entity).or_insert_with(|| vec![0; measured.windows.len()]));
            // The latest month first.
            let back = measured.windows.len().checked_sub(part.window + 1);
            if let Some(rows) = months.zip(back).and_then(|(months, back)| months.get_mut(back)) {
                *rows += part.counts.denominator;
            }
        }
    }
    let mut told = BTreeSet::new();
    let mut found = Vec::new();
    for (entity, months) in counts {
        let Some(last) = stopped(&months) else { continue };
        let under_one = hierarchy.chain(entity).iter().any(|above| told.contains(above));
        told.insert(entity);
        let Some(of) = hierarchy.entities.get(entity).filter(|of| of.level > 0 && !of.is_unassigned()) else {
            continue;
        };
        let since = measured.windows.len().checked_sub(last).and_then(|at| measured.windows.get(at));
        if let Some(since) = since.filter(|_| !under_one) {
            found.push(Stopped {
                table: table.to_owned(),
                level: hierarchy.levels.get(of.level).cloned().unwrap_or_default(),
                entity_id: of.id.clone(),
                entity: of.name.clone(),
                since: since.start.to_string(),
                rows: months.iter().take(last).sum(),
                rows_before: months.iter().skip(last).take(LOOKED_AT / 2).sum(),
            });
        }
    }
    found
}

/// The same for people.
pub(super) fn text(found: &[Stopped]) -> String {
    let mut out = String::new();
    if found.is_empty() {
        return out;
    }
    let _ = writeln!(out, "\nstopped coming in from some, and not from the others: their numbers may lack these rows");
    for of in found {
        let entity = crate::visible::value(&of.entity);
        let id = if of.entity == of.entity_id {
            String::new()
        } else {
            format!(" ({})", crate::visible::value(&of.entity_id))
        };
        let Stopped { table, level, since, rows, rows_before, .. } = of;
        let _ = writeln!(
            out,
            "  {table}: no more than {rows} of {level} {entity}{id} since {since}, {rows_before} in the twelve months before"
        );
    }
    out
}
