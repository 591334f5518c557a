//! `yardstick relate`: how two measures go together across the entities of a level.

use super::case_data::{self, CaseData};
use super::cases::Wanted;
use super::chart_format::{ChartFormat, Forms};
use super::failure::{Done, Exit, Failure};
use super::output::Target;
use super::{cases, chart_format, definitions, entities, hierarchy, measured, spreadsheet};
use crate::calendar::Window;
use crate::data::Projection;
use crate::ir::Program;
use crate::report::relation::{csv, json, page, svg, text};
use crate::run;
use crate::scorecard::{Columns, Judged, Relation};
use chrono::NaiveDate;
use std::path::PathBuf;

/// How two measures go together across the entities of a level: the entities as points, and their
/// rank correlation
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  yardstick relate returned_in_time days_to_fill_a_hold --level branch\n  yardstick relate returned_in_time days_to_fill_a_hold --window 2026-06-30 -o relation.svg"
)]
pub(super) struct Arguments {
    /// The id of an indicator: its values go to the right
    x: String,
    /// The id of another: its values go upwards
    y: String,
    #[command(flatten)]
    definitions: definitions::Arguments,
    #[command(flatten)]
    data: case_data::Arguments,
    /// In this hierarchy of levels [default: the first, or the only one that has the level]
    #[arg(long, value_name = "NAME")]
    levels: Option<String>,
    /// The level whose entities are compared [default: the one that
    /// `yardstick.toml` names, else the third from the top]
    #[arg(long)]
    level: Option<String>,
    /// The last day of the window of both [default: the latest of each that can be reported]; or
    /// another window than theirs, as `cases --window` takes it: `month`, `month ending 2025-06-30`
    #[arg(long, alias = "window-end", value_name = "DATE", value_parser = Wanted::read)]
    window: Option<Wanted>,
    /// As the readers of this scorecard may see it: what it hides is left out [default: as the
    /// scorecards that hide nothing]
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

/// As many months as a scorecard can show at most.
const ALL_MONTHS: u32 = 1200;

/// How it is drawn.
const FORMS: Forms<Relation> = Forms { text, svg, page, csv, json };

/// Runs the command.
pub(super) fn run(arguments: &Arguments) -> Done {
    let format = chart_format::chosen(arguments.format, arguments.output.as_deref())?;
    let form = arguments.csv.form(format == ChartFormat::Csv)?;
    let target = Target::open(arguments.output.as_deref())?;
    let asked = arguments.window.as_ref().map(Wanted::other).transpose()?.flatten();
    let (_, program) = definitions::load(arguments.definitions.paths())?.sound()?;
    let (levels, level) = (arguments.levels.as_deref(), arguments.level.as_deref());
    let mut program = both_shown(program, levels, level, [&arguments.x, &arguments.y])?;
    let numbers = numbers(&program, arguments)?;
    let level = match entities::levels(&program, arguments.level.as_deref())?.as_slice() {
        [level] if *level > 0 => *level,
        [_] => {
            return Err(Failure::usage("the whole is one entity, and with one nothing goes together")
                .help("name a level below it"));
        }
        _ => return Err(Failure::usage("entities of one level are compared").help("name one with `--level`")),
    };
    let columns = measured::columns(&program, &numbers, arguments.scorecard.as_ref())?;
    if let Some(asked) = &asked {
        asked.may_show(&columns)?;
        asked.put(&mut program, &numbers)?;
    }
    let wanted = Projection::Only(program.reads(numbers));
    let case_data = case_data::load(&program, &numbers, wanted, &arguments.data)?;
    target.unread()?;
    let judged = measure(
        &program,
        numbers,
        (&columns, level),
        &case_data,
        arguments.window.as_ref().and_then(Wanted::last_day),
    )?;
    let relation = Relation::of(&judged, level)
        .ok_or_else(|| Failure::internal("internal error: one of the two was not measured".to_owned()))?;
    FORMS.write(&relation, (format, form), (arguments.output.as_deref(), &target))?;
    Ok(Exit::Fine)
}

/// The program in the hierarchy asked for, where both are attributed in it.
fn both_shown(
    program: Program,
    levels: Option<&str>,
    level: Option<&str>,
    ids: [&String; 2],
) -> Result<Program, Failure> {
    let known = |id: &String| program.hierarchies().any(|of| of.find(id).is_some());
    let elsewhere: Vec<bool> = ids.iter().map(|id| known(id)).collect();
    let program = hierarchy::chosen(program, levels, level)?;
    for (id, known) in ids.into_iter().zip(elsewhere) {
        if known && definitions::indicator(&program, id).is_err() {
            return Err(Failure::usage(format!("`{id}` is not attributed in these levels"))
                .help("name a hierarchy in which both are, with `--levels`"));
        }
    }
    Ok(program)
}

/// The two indicators.
fn numbers(program: &Program, arguments: &Arguments) -> Result<[usize; 2], Failure> {
    let [x, y] = [&arguments.x, &arguments.y];
    let numbers = [definitions::indicator(program, x)?.0, definitions::indicator(program, y)?.0];
    if x == y {
        return Err(Failure::usage("a measure always goes together with itself").help("name two different indicators"));
    }
    Ok(numbers)
}

/// The window of an indicator: the one that was asked for, or the latest that may be shown.
fn window(
    program: &Program,
    (columns, number): (&Columns, usize),
    case_data: &CaseData,
    window_end: Option<NaiveDate>,
) -> Result<Window, Failure> {
    let indicator = &program.indicators[number];
    if columns.limit(number).is_none() {
        return cases::window(program, indicator, window_end, case_data);
    }
    let through = case_data.complete().through_of(&program.model, indicator);
    let shown = columns.windows(number, indicator, through, ALL_MONTHS);
    let asked = |window: &Window| window_end.is_none_or(|day| day == window.last_day());
    shown.iter().copied().rfind(asked).ok_or_else(|| {
        let last = shown.last().map(|latest| format!("; the latest ends on {}", latest.last_day())).unwrap_or_default();
        Failure::usage(format!(
            "no window of `{}` that may be shown where counts are hidden ends then{last}",
            indicator.id
        ))
        .help("windows that overlap give away what each hides; leave `--window` out")
    })
}

/// The cells of both, in one window each.
fn measure(
    program: &Program,
    numbers: [usize; 2],
    (columns, level): (&Columns, usize),
    case_data: &CaseData,
    window_end: Option<NaiveDate>,
) -> Result<Judged, Failure> {
    let window = |number: usize| window(program, (columns, number), case_data, window_end);
    let windows = [vec![window(numbers[0])?], vec![window(numbers[1])?]];
    let hierarchy = run::hierarchy(&program.model, &case_data.loaded.store, case_data.as_of());
    measured::judged(program, &numbers, (columns, hierarchy, level), case_data, &windows)
}
