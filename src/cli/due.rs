//! `yardstick due`: what will be unmet unless something is recorded, and when.

use super::case_data;
use super::failure::{Done, Exit, Failure};
use super::output::{self, Target};
use super::{cases, definitions, entities, hierarchy, rows_of, spreadsheet, terminal};
use crate::calendar::{Window, add_days};
use crate::data::Projection;
use crate::explanation::{Asked, due as forward};
use crate::hierarchy::UNASSIGNED;
use crate::ir::{Indicator, Measure};
use crate::report;
use crate::report::due::{DueRow, Sheet};
use crate::run;
use crate::scorecard::Hierarchy;
use chrono::NaiveDate;
use clap::ValueEnum;
use std::path::PathBuf;

/// What is due: the open rows that will be unmet unless something is recorded, and by when; the
/// same definition, looking forward
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  yardstick due returned_in_time --within 30\n  yardstick due returned_in_time --entity B4 -o due.csv"
)]
pub(super) struct Arguments {
    #[command(flatten)]
    of: rows_of::Arguments,
    /// The level of the entity, where several levels have its id
    #[arg(long)]
    level: Option<String>,
    /// Only what is due within so many days: `30 days`
    #[arg(long, value_name = "DAYS", value_parser = days)]
    within: Option<i64>,
    /// Format [default: by the ending of the output file, else table]
    #[arg(long, value_enum)]
    format: Option<Format>,
    #[command(flatten)]
    csv: spreadsheet::Arguments,
    /// Write to this file, completely or not at all
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// The forms of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For reading.
    #[value(alias = "text")]
    Table,
    /// One line per row.
    Csv,
    /// One object.
    Json,
}

/// Windows that ended so many days ago may not be final yet.
const BACK: i64 = 6 * 366;
/// A window ends within so many days.
const AHEAD: i64 = 2 * 366;

fn days(text: &str) -> Result<i64, String> {
    let number = text.strip_suffix("days").or_else(|| text.strip_suffix("day")).unwrap_or(text).trim();
    let days = number.parse::<u16>().ok().map(i64::from);
    days.ok_or_else(|| format!("`{text}` is no number of days; write it like `30 days`"))
}

/// Runs the command.
pub(super) fn run(arguments: &Arguments) -> Done {
    let format = output::format(arguments.format, arguments.output.as_deref(), (Format::Table, "format"))?;
    let form = arguments.csv.form(format == Format::Csv)?;
    let target = Target::open(arguments.output.as_deref())?;
    let sheet = sheet(arguments, &target)?;
    let internal = |error: &dyn std::fmt::Display| Failure::internal(format!("internal error: {error}"));
    let width = if arguments.output.is_none() { terminal::width() } else { report::WIDTH };
    let written = match format {
        Format::Table => report::due::text(&sheet, width).map(String::into_bytes).map_err(|e| internal(&e)),
        Format::Csv => report::due::csv(&sheet, form).map_err(|e| internal(&e)),
        Format::Json => report::due::json(&sheet).map_err(|e| internal(&e)),
    };
    target.put(&written?, format == Format::Table)?;
    Ok(Exit::Fine)
}

fn sheet(arguments: &Arguments, target: &Target) -> Result<Sheet, Failure> {
    let mut read = definitions::load(arguments.of.definitions.paths())?;
    let said = std::mem::take(&mut read.said);
    let (sources, program) = read.sound()?;
    let (levels, level) = (arguments.of.levels.as_deref(), arguments.level.as_deref());
    let program = hierarchy::of_indicator(program, &arguments.of.indicator, levels, level)?;
    let (number, indicator) = definitions::indicator(&program, &arguments.of.indicator)?;
    may_be_due(indicator)?;
    let level = level.map(|level| entities::levels(&program, Some(level))).transpose()?;
    let case_data = case_data::load(&program, &[number], Projection::All, &arguments.of.data)?;
    target.unread()?;
    let known = run::hierarchy(&program.model, &case_data.loaded.store, case_data.as_of());
    let entity = match &arguments.of.entity {
        Some(id) => entities::entity(&known, id, level.as_deref())?,
        None => 0,
    };
    let world = run::world(&program.model, &case_data.loaded.store);
    // What has not been entered yet has not been left undone: the table that is behind counts.
    let as_of = case_data.complete().through_of(&program.model, indicator);
    let windows = windows(indicator, as_of);
    let Some(window) = windows.last().copied() else {
        return Err(Failure::usage(format!("no window of `{}` is going on as of {as_of}", indicator.id)));
    };
    let said = said.get(&indicator.id).map_or(&[][..], Vec::as_slice);
    let level = known.entities[entity].level;
    let asked = Asked { indicator, as_of, window, level, said, sources: &sources };
    let due = forward::due(&world, asked, &windows).map_err(|e| Failure::internal(format!("internal error: {e}")))?;
    let within = |due: &forward::Due| arguments.within.is_none_or(|days| (due.by - as_of).num_days() <= days);
    let rows = due.into_iter().filter(within).filter_map(|due| row(&known, entity, due));
    cases::warn_of_bad_data(&program, number, &case_data);
    let of = &known.entities[entity];
    let days = arguments.within.map(|days| format!(", due within {days} days"));
    let whose = arguments.of.entity.as_ref().map(|_| format!(", {} {}", known.levels[of.level], of.id));
    Ok(Sheet {
        indicator: indicator.id.clone(),
        title: indicator.about.title.clone(),
        meaning: indicator.meaning.clone(),
        table: program.model.table(indicator.cohort.table).name.clone(),
        as_of,
        asked: [days, whose].into_iter().flatten().collect(),
        rows: rows.collect(),
        levels: known.levels.iter().skip(1).cloned().collect(),
    })
}

/// Only rows that shall be met can be due.
fn may_be_due(indicator: &Indicator) -> Result<(), Failure> {
    let id = &indicator.id;
    if !matches!(indicator.measure, Measure::Proportion(_)) {
        return Err(Failure::usage(format!("`{id}` is no percentage of rows that are met")).help(
            "`due` asks which open rows will be unmet: name an indicator with a `numerator` that is a condition",
        ));
    }
    if indicator.higher_is_better() == Some(false) {
        return Err(Failure::usage(format!("of `{id}` fewer met rows are better, so nothing is due"))
            .help("`due` asks which open rows will be unmet: name an indicator whose standard is `at least`"));
    }
    Ok(())
}

/// The windows whose outcomes are not known yet, oldest first, through the one that ends next.
fn windows(indicator: &Indicator, as_of: NaiveDate) -> Vec<Window> {
    let mut windows = Vec::new();
    for day in (-BACK..=AHEAD).filter_map(|n| add_days(as_of, n)) {
        let Some(window) = indicator.window_ending(day) else { continue };
        if indicator.final_on(window).is_none_or(|known| as_of < known) {
            windows.push(window);
        }
        if day > as_of {
            break;
        }
    }
    windows
}

fn row(known: &Hierarchy, entity: usize, due: forward::Due) -> Option<DueRow> {
    let holders: Vec<Option<i32>> =
        due.entities.iter().map(|holder| holder.and_then(|row| i32::try_from(row).ok())).collect();
    if !known.holds(entity, &holders) {
        return None;
    }
    let holder = |(level, name): (usize, &String)| {
        let holder = known.holder_of(level, &holders).and_then(|e| known.entities.get(e));
        (name.clone(), holder.map_or_else(|| UNASSIGNED.to_owned(), |e| e.id.clone()))
    };
    let holders = known.levels.iter().enumerate().skip(1).map(holder).collect();
    let what = due.what.join(" and ");
    Some(DueRow { id: due.id, what, by: due.by, window_end: due.window.last_day(), holders })
}
