//! `yardstick attrition`: from all rows to what is measured, step by step.

use super::asked_window::AskedWindow;
use super::case_data;
use super::cases::{self, Wanted};
use super::failure::{Done, Exit, Failure};
use super::output::{self, Target};
use super::{definitions, entities, hierarchy, measured, rows_of, spreadsheet};
use crate::data::Projection;
use crate::explanation::{Asked, attrition};
use crate::report::attrition::{self as report, Sheet};
use crate::run;
use crate::scorecard::{Attrition, words};
use clap::ValueEnum;
use std::path::PathBuf;

/// From all rows to the cohort and what is measured: how many rows leave at each condition, at each
/// exclusion, and how many are left
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  yardstick attrition returned_in_time\n  yardstick attrition returned_in_time --level branch -o steps.csv"
)]
pub(super) struct Arguments {
    #[command(flatten)]
    of: rows_of::Arguments,
    /// Of every entity of this level; with `--entity`, the level of the entity, where several have
    /// its id
    #[arg(long)]
    level: Option<String>,
    /// The last day of the reporting window [default: the latest that can be reported]; or another
    /// window than the indicator's, as `cases --window` takes it
    #[arg(long, value_name = "DATE", value_parser = Wanted::read)]
    window: Option<Wanted>,
    /// As the readers of this scorecard may see it: of one that hides counts nothing is shown
    /// [default: as the scorecards that hide nothing]
    #[arg(long, value_name = "NAME")]
    scorecard: Option<String>,
    /// Format [default: by the ending of the output file, else table]
    #[arg(long, value_enum)]
    format: Option<Format>,
    #[command(flatten)]
    csv: spreadsheet::Arguments,
    /// Write to this file, completely or not at all
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// The forms of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For reading.
    #[value(alias = "text")]
    Table,
    /// One line per step.
    Csv,
    /// One object.
    Json,
    /// A table for each entity.
    #[value(name = "md", alias = "markdown")]
    Markdown,
}

/// Runs the command.
pub(super) fn run(arguments: &Arguments) -> Done {
    let format = output::format(arguments.format, arguments.output.as_deref(), (Format::Table, "format"))?;
    let form = arguments.csv.form(format == Format::Csv)?;
    let target = Target::open(arguments.output.as_deref())?;
    let sheet = sheet(arguments, &target)?;
    let internal = |error: &dyn std::fmt::Display| Failure::internal(format!("internal error: {error}"));
    let written = match format {
        Format::Table => report::text(&sheet).map(String::into_bytes).map_err(|e| internal(&e)),
        Format::Markdown => report::markdown(&sheet).map(String::into_bytes).map_err(|e| internal(&e)),
        Format::Csv => report::csv(&sheet, form).map_err(|e| internal(&e)),
        Format::Json => report::json(&sheet).map_err(|e| internal(&e)),
    };
    target.put(&written?, format == Format::Table)?;
    Ok(Exit::Fine)
}

fn sheet(arguments: &Arguments, target: &Target) -> Result<Sheet, Failure> {
    let wanted = arguments.window.as_ref();
    let other = wanted.and_then(|w| w.length.as_deref()).map(AskedWindow::of).transpose()?;
    let mut read = definitions::load(arguments.of.definitions.paths())?;
    let said = std::mem::take(&mut read.said);
    let (sources, program) = read.sound()?;
    let (levels, level) = (arguments.of.levels.as_deref(), arguments.level.as_deref());
    let mut program = hierarchy::of_indicator(program, &arguments.of.indicator, levels, level)?;
    let (number, _) = definitions::indicator(&program, &arguments.of.indicator)?;
    if measured::columns(&program, &[number], arguments.scorecard.as_ref())?.limit(number).is_some() {
        return Err(Failure::usage("no attrition is shown of a scorecard that hides counts").help(
            "how many rows leave at a step gives away what the scorecard hides; name one that hides nothing with `--scorecard`",
        ));
    }
    if let Some(other) = &other {
        other.put(&mut program, &[number])?;
    }
    let (_, indicator) = definitions::indicator(&program, &arguments.of.indicator)?;
    let level = level.map(|level| entities::levels(&program, Some(level))).transpose()?;
    let case_data = case_data::load(&program, &[number], Projection::All, &arguments.of.data)?;
    target.unread()?;
    let window = cases::window(&program, indicator, wanted.and_then(|w| w.last_day), &case_data)?;
    let (store, as_of) = (&case_data.loaded.store, case_data.as_of());
    let known = run::hierarchy(&program.model, store, as_of);
    let shown: Vec<usize> = match (&arguments.of.entity, &level) {
        (Some(id), level) => vec![entities::entity(&known, id, level.as_deref())?],
        (None, Some(levels)) => levels.iter().flat_map(|level| known.at(*level)).collect(),
        (None, None) => vec![0],
    };
    let world = run::world(&program.model, store);
    let said = said.get(&indicator.id).map_or(&[][..], Vec::as_slice);
    let table = &program.model.table(indicator.cohort.table).name;
    let mut of_entities = Vec::new();
    // Where every level is measured by itself, each has its own rows.
    let mut of_level = None;
    for entity in shown {
        let level = known.entities[entity].level;
        let measured_at = if indicator.by_level() { level } else { 0 };
        let (steps, cases) = match &of_level {
            Some((at, found)) if *at == measured_at => found,
            _ => {
                let asked = Asked { indicator, as_of, window, level: measured_at, said, sources: &sources };
                let steps = attrition::steps(&world, asked)
                    .map_err(|fault| Failure::internal(format!("internal error: {fault}")))?;
                let cases = run::cases(&program, number, store, as_of, window, measured_at, &case_data.running())
                    .map_err(|e| case_data::failed(&e))?;
                &of_level.insert((measured_at, (steps, cases))).1
            }
        };
        let attrition = Attrition::of((indicator, table), &known, entity, steps, cases).ok_or_else(|| {
            Failure::internal("internal error: the rows that are left are not those that are counted")
        })?;
        let of = &known.entities[entity];
        of_entities.push(([known.levels[level].clone(), of.id.clone(), of.name.clone()], attrition));
    }
    cases::warn_of_bad_data(&program, number, &case_data);
    let provisional = case_data.complete().provisional(&program.model, indicator, window);
    Ok(Sheet {
        indicator: indicator.id.clone(),
        title: indicator.about.title.clone(),
        meaning: indicator.meaning.clone(),
        window: words::window(indicator.window, window),
        days: [window.start, window.last_day()],
        as_of,
        notes: provisional.map(|p| format!("The window is {p}.")).into_iter().collect(),
        entities: of_entities,
    })
}
