//! `yardstick plans`: whether the data follows what was planned.

use super::case_data::{self, CaseData};
use super::failure::{Done, Exit, Failure};
use super::output::{self, Target};
use super::{definitions, entities, measured, spreadsheet, terminal};
use crate::calendar::Window;
use crate::data::Projection;
use crate::diag::{Diagnostic, code, render, suggest};
use crate::ir::{Plan, Program};
use crate::report;
use crate::report::plan::{csv, json, markdown, text};
use crate::run;
use crate::scorecard::{Columns, Hierarchy, Progress};
use crate::source::Sources;
use clap::ValueEnum;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::{Path, PathBuf};

/// Whether the data follows what was planned: each plan of the definitions with its months, what is
/// expected of them, what the data says, and when one can first know
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  yardstick plans\n  yardstick plans --entity \"Hill Street\" --indicators indicators --indicators plans.ind -o plans.md"
)]
pub(super) struct Arguments {
    #[command(flatten)]
    definitions: definitions::Positional,
    #[command(flatten)]
    data: case_data::Arguments,
    /// Only this plan; can be given several times
    #[arg(long, value_name = "NAME")]
    plan: Vec<String>,
    /// Only the plans of this entity: its id, or a name that no other has
    #[arg(long, value_name = "ID|NAME")]
    entity: Option<String>,
    /// Format [default: by the ending of the output file, else table]
    #[arg(long, value_enum)]
    format: Option<PlanFormat>,
    #[command(flatten)]
    csv: spreadsheet::Arguments,
    /// Write to this file, completely or not at all
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// The formats of plans.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum PlanFormat {
    /// For reading.
    #[value(alias = "text")]
    Table,
    /// A page for each plan.
    #[value(alias = "markdown")]
    Md,
    /// A line for each month of each plan.
    Csv,
    /// An object for each plan.
    Json,
}

/// More windows than these no plan is held against: data that goes on decades after its end.
const MOST_WINDOWS: usize = 480;

/// Runs the command.
pub(super) fn run(arguments: &Arguments) -> Done {
    let format = chosen(arguments.format, arguments.output.as_deref())?;
    let form = arguments.csv.form(format == PlanFormat::Csv)?;
    let target = Target::open(arguments.output.as_deref())?;
    let (sources, program) = definitions::load(&arguments.definitions.paths())?.sound()?;
    known(&program, arguments)?;
    let all = held(&program, arguments, &sources)?;
    target.unread()?;
    let plans = all;
    let width = if arguments.output.is_none() { terminal::width() } else { report::WIDTH };
    let internal = |error: String| Failure::internal(format!("internal error: {error}"));
    let bytes = match format {
        PlanFormat::Table => text(&plans, width).map(String::into_bytes).map_err(|e| internal(e.to_string()))?,
        PlanFormat::Md => markdown(&plans).map(String::into_bytes).map_err(|e| internal(e.to_string()))?,
        PlanFormat::Csv => csv(&plans, form).map_err(|e| internal(e.to_string()))?,
        PlanFormat::Json => json(&plans).map_err(|e| internal(e.to_string()))?,
    };
    target.put(&bytes, format == PlanFormat::Table)?;
    Ok(Exit::Fine)
}

/// The plans that are asked for, held against the data, in every hierarchy of levels.
fn held(program: &Program, arguments: &Arguments, sources: &Sources) -> Result<Vec<Progress>, Failure> {
    let mut all = Vec::new();
    // Where an entity is asked for: why it was not found, and those that plans are for.
    let (mut unknown, mut others) = (None, BTreeSet::new());
    for place in 0..=program.further.len() {
        let program = program.clone().in_hierarchy(place);
        let asked = |plan: &&Plan| arguments.plan.is_empty() || arguments.plan.contains(&plan.name);
        let mut plans: Vec<&Plan> = program.plans.iter().filter(asked).collect();
        if plans.is_empty() {
            continue;
        }
        let numbers: BTreeSet<usize> = plans.iter().map(|plan| plan.indicator).collect();
        let numbers: Vec<usize> = numbers.into_iter().collect();
        let wanted = Projection::Only(program.reads(numbers.iter().copied()));
        let case_data = case_data::load(&program, &numbers, wanted, &arguments.data)?;
        if let Some(text) = &arguments.entity {
            let known = run::hierarchy(&program.model, &case_data.loaded.store, case_data.as_of());
            others.extend(plans.iter().map(|plan| format!("`{}`", id_of(&program, plan))));
            match entities::entity(&known, text, None) {
                Ok(one) => plans.retain(|plan| known.find_at(plan.level, id_of(&program, plan)) == Some(one)),
                Err(failure) => {
                    unknown.get_or_insert(failure);
                    continue;
                }
            }
        }
        if !plans.is_empty() {
            all.extend(progress(&program, &plans, sources, &case_data)?);
        }
    }
    match (&arguments.entity, unknown) {
        (Some(_), Some(failure)) if all.is_empty() => Err(failure),
        (Some(text), None) if all.is_empty() => {
            let others: Vec<String> = others.into_iter().collect();
            Err(Failure::usage(format!("none of these plans is of the entity `{text}`"))
                .help(format!("they are of {}; leave `--entity` out, or `--plan`", others.join(", "))))
        }
        _ => Ok(all),
    }
}

/// The format asked for, or the one that the output file's ending names.
fn chosen(format: Option<PlanFormat>, output: Option<&Path>) -> Result<PlanFormat, Failure> {
    output::format(format, output, (PlanFormat::Table, "format of plans"))
}

/// The id of the entity of a plan.
fn id_of<'a>(program: &'a Program, plan: &'a Plan) -> &'a str {
    let level = program.model.levels.get(plan.level).map_or("", |level| level.name.as_str());
    plan.entity.as_deref().unwrap_or(level)
}

/// Refuses what names no plan.
fn known(program: &Program, arguments: &Arguments) -> Result<(), Failure> {
    let names: Vec<&str> =
        program.hierarchies().flat_map(|program| &program.plans).map(|plan| plan.name.as_str()).collect();
    if names.is_empty() {
        return Err(Failure::usage("no plan is declared in these definitions").help(
            "name the file with the plans, too: `--indicators indicators --indicators plans.ind`; the form of a plan is in the reference, section 20",
        ));
    }
    if let Some(name) = arguments.plan.iter().find(|name| !names.contains(&name.as_str())) {
        return Err(Failure::usage(format!("there is no plan `{name}`")).help(suggest::help(name, "plans", &names)));
    }
    Ok(())
}

/// These plans, held against the data: each indicator is measured once, in the windows of all of
/// its plans.
pub(super) fn progress(
    program: &Program,
    plans: &[&Plan],
    sources: &Sources,
    case_data: &CaseData,
) -> Result<Vec<Progress>, Failure> {
    let known = run::hierarchy(&program.model, &case_data.loaded.store, case_data.as_of());
    let entities = of_plans(program, plans, sources, &known)?;
    let mut windows: BTreeMap<usize, BTreeSet<Window>> = BTreeMap::new();
    for plan in plans {
        windows.entry(plan.indicator).or_default().extend(final_or_shown(program, plan, case_data)?);
    }
    let numbers: Vec<usize> = windows.iter().filter(|(_, of)| !of.is_empty()).map(|(number, _)| *number).collect();
    let of_each: Vec<Vec<Window>> =
        numbers.iter().filter_map(|number| windows.get(number)).map(|of| of.iter().copied().collect()).collect();
    let columns = measured::columns(program, &numbers, None)?;
    let judged = measured::judged(program, &numbers, (&columns, known, 0), case_data, &of_each)?;
    let held = plans.iter().zip(entities).map(|(plan, entity)| {
        let through = through(program, plan, case_data);
        Progress::of(&judged, plan, entity, through)
            .ok_or_else(|| Failure::internal("internal error: a plan of no indicator"))
    });
    held.collect()
}

/// The last day through which the data of a plan's indicator is complete.
fn through(program: &Program, plan: &Plan, case_data: &CaseData) -> chrono::NaiveDate {
    let indicator = program.indicators.get(plan.indicator);
    indicator.map_or(case_data.as_of(), |of| case_data.complete().through_of(&program.model, of))
}

/// The windows of a plan that can be shown.
fn final_or_shown(program: &Program, plan: &Plan, case_data: &CaseData) -> Result<Vec<Window>, Failure> {
    let Some(indicator) = program.indicators.get(plan.indicator) else { return Ok(Vec::new()) };
    let through = through(program, plan, case_data);
    let mut windows = plan.windows(indicator, through);
    windows.retain(|window| indicator.reportable(*window, through));
    if windows.len() > MOST_WINDOWS {
        let message = format!("the plan `{}` begins {} windows before the last of the data", plan.name, windows.len());
        return Err(Failure::usage(message).help(format!("let it begin later: {MOST_WINDOWS} are shown at most")));
    }
    Ok(windows)
}

/// The entities of plans by their places; what is wrong is told with the place in the text.
fn of_plans(program: &Program, plans: &[&Plan], sources: &Sources, known: &Hierarchy) -> Result<Vec<usize>, Failure> {
    let (mut found, mut wrong) = (Vec::new(), 0);
    for plan in plans {
        let id = id_of(program, plan);
        if let Some(entity) = known.find_at(plan.level, id) {
            found.push(entity);
            continue;
        }
        let level = known.levels.get(plan.level).map_or("", String::as_str);
        let ids: Vec<&str> = known.at(plan.level).filter_map(|of| Some(known.entities.get(of)?.id.as_str())).collect();
        let finding = Diagnostic::new(code::PLAN_ENTITY, plan.span, format!("the data has no {level} `{id}`"))
            .help(suggest::help(id, "ids", &ids));
        let _ = writeln!(anstream::stderr(), "{}", render::text(sources, &finding, terminal::form_on_stderr()));
        wrong += 1;
    }
    match wrong {
        0 => Ok(found),
        1 => Err(Failure::definitions("a plan is for an entity that is not there")),
        n => Err(Failure::definitions(format!("{n} plans are for entities that are not there"))),
    }
}

/// The plans of these columns, held against the data; none where counts are hidden, as plans are
/// for readers inside.
pub(super) fn of_columns(
    program: &Program,
    columns: &Columns,
    sources: &Sources,
    case_data: &CaseData,
) -> Result<Vec<Progress>, Failure> {
    let is_shown = |plan: &&Plan| !columns.hides() && columns.indicators.contains(&plan.indicator);
    let plans: Vec<&Plan> = program.plans.iter().filter(is_shown).collect();
    if plans.is_empty() { Ok(Vec::new()) } else { progress(program, &plans, sources, case_data) }
}
