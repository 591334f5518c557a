//! `yardstick trend`: a measure of one entity over its windows, and whether the series is more than
//! chance.

use super::asked_window::AskedWindow;
use super::case_data::{self, CaseData};
use super::chart_format::{self, ChartFormat, Forms};
use super::failure::{Done, Exit, Failure};
use super::output::Target;
use super::{definitions, entities, hierarchy, measured, spreadsheet};
use crate::calendar::Window;
use crate::data::Projection;
use crate::ir::{Program, WindowLength};
use crate::report::trend::{csv, json, page, svg, text};
use crate::run;
use crate::scorecard::trend::NoSignals;
use crate::scorecard::{Columns, Trend};
use std::path::PathBuf;

/// A measure of one entity over its windows: the chart, and whether the latest value is more than
/// chance
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  yardstick trend returned_in_time --entity \"Hill Street\" --months 36\n  yardstick trend returned_in_time --window month -o trend.svg"
)]
pub(super) struct Arguments {
    /// The id of an indicator
    indicator: String,
    #[command(flatten)]
    definitions: definitions::Arguments,
    #[command(flatten)]
    data: case_data::Arguments,
    /// Of this entity: its id, or a name that no other has [default: the whole]
    #[arg(long, value_name = "ID|NAME")]
    entity: Option<String>,
    /// In this hierarchy of levels [default: the first in which the indicator is shown, or the only
    /// one that has the level]
    #[arg(long, value_name = "NAME")]
    levels: Option<String>,
    /// The level of the entity, where several levels have its id
    #[arg(long)]
    level: Option<String>,
    /// The windows that end in the last N months
    #[arg(long, value_name = "N", default_value_t = 24, value_parser = clap::value_parser!(u32).range(2..=1200))]
    months: u32,
    /// Show the measure for this window instead of its own, as `scorecard --window` takes it
    #[arg(long, value_name = "WINDOW")]
    window: Option<String>,
    /// As the readers of this scorecard may see it [default: as the scorecards that hide nothing]
    #[arg(long, value_name = "NAME")]
    scorecard: Option<String>,
    /// Format [default: by the ending of the output file, else table]
    #[arg(long, value_enum)]
    format: Option<ChartFormat>,
    #[command(flatten)]
    csv: spreadsheet::Arguments,
    /// Write to this file, completely or not at all
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// The window by which what each month added is shown.
const MONTH: &str = "month";

/// What is said of a count at the end of each month.
const STOCK: &str = "Mostly the same rows are counted at the end of one month and the next, so a row of points on one side says \
                     less than it seems.";

/// How it is drawn.
const FORMS: Forms<Trend> = Forms { text, svg, page, csv, json };

/// Runs the command.
pub(super) fn run(arguments: &Arguments) -> Done {
    let format = chart_format::chosen(arguments.format, arguments.output.as_deref())?;
    let form = arguments.csv.form(format == ChartFormat::Csv)?;
    let target = Target::open(arguments.output.as_deref())?;
    let asked = arguments.window.as_deref().map(AskedWindow::of).transpose()?;
    let (_, program) = definitions::load(arguments.definitions.paths())?.sound()?;
    let (levels, level) = (arguments.levels.as_deref(), arguments.level.as_deref());
    let mut program = hierarchy::of_indicator(program, &arguments.indicator, levels, level)?;
    let (number, _) = definitions::indicator(&program, &arguments.indicator)?;
    let columns = measured::columns(&program, &[number], arguments.scorecard.as_ref())?;
    if let Some(asked) = &asked {
        asked.may_show(&columns)?;
        asked.put(&mut program, &[number])?;
    }
    let level = level.map(|level| entities::levels(&program, Some(level))).transpose()?;
    let wanted = Projection::Only(program.reads([number]));
    let case_data = case_data::load(&program, &[number], wanted, &arguments.data)?;
    target.unread()?;
    let known = run::hierarchy(&program.model, &case_data.loaded.store, case_data.as_of());
    let entity = match &arguments.entity {
        Some(id) => entities::entity(&known, id, level.as_deref())?,
        None => 0,
    };
    let windows = windows(&program, (&columns, number), &case_data, arguments.months)?;
    let of_level = known.entities[entity].level;
    let judged = measured::judged(&program, &[number], (&columns, known, of_level), &case_data, &[windows])?;
    let mut trend = Trend::of(&judged, entity)
        .ok_or_else(|| Failure::internal("internal error: nothing was measured".to_owned()))?;
    trend.notes.extend(asked.iter().map(AskedWindow::note));
    trend.notes.extend(months_instead(&program, number, &trend));
    if trend.centre.is_ok() && program.indicators[number].window == WindowLength::Day {
        trend.notes.push(STOCK.to_owned());
    }
    FORMS.write(&trend, (format, form), (arguments.output.as_deref(), &target))?;
    Ok(Exit::Fine)
}

fn windows(
    program: &Program,
    (columns, number): (&Columns, usize),
    case_data: &CaseData,
    months: u32,
) -> Result<Vec<Window>, Failure> {
    let indicator = &program.indicators[number];
    let through = case_data.complete().through_of(&program.model, indicator);
    let windows = columns.windows(number, indicator, through, months);
    match windows.is_empty() {
        true => Err(Failure::usage(format!("no window can be reported on data through {}", case_data.as_of()))),
        false => Ok(windows),
    }
}

/// Where windows overlap: how to see what each month added, or why that cannot be shown.
fn months_instead(program: &Program, number: usize, trend: &Trend) -> Option<String> {
    if trend.centre != Err(NoSignals::Overlap) {
        return None;
    }
    let indicator = &program.indicators[number];
    let command = format!("`yardstick trend {} --window {MONTH}`", indicator.id);
    match crate::check::other_window::for_window(&program.model, indicator, (WindowLength::Months(1), indicator.ends)) {
        Ok(_) => Some(format!("What each month added, with signals: {command}.")),
        Err(why) => Some(format!("What each month added cannot be shown: {why}.")),
    }
}
