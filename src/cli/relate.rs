//! `yardstick relate`: how two measures go together across the entities of a level.

use super::case_data::{self, CaseData};
use super::failure::{Done, Exit, Failure};
use super::output::{self, Target};
use super::{cases, definitions, entities, scorecard, spreadsheet, terminal};
use crate::counts::Measured;
use crate::data::Projection;
use crate::diag::suggest;
use crate::ir::Program;
use crate::report::relation::{csv, json, page, svg, text};
use crate::report::{self, Csv};
use crate::run::{self, Cost};
use crate::scorecard::judge::Table;
use crate::scorecard::{Columns, Heading, Hierarchy, Judged, Judging, Reference, Relation, Selection};
use chrono::NaiveDate;
use clap::ValueEnum;
use std::ops::ControlFlow;
use std::path::PathBuf;

/// How two measures go together across the entities of a level: the entities as points, and their
/// rank correlation
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The id of an indicator: its values go to the right
    x: String,
    /// The id of another: its values go upwards
    y: String,
    /// Files or folders with definitions [default: indicators]
    #[arg(long, value_name = "PATH")]
    indicators: Vec<PathBuf>,
    #[command(flatten)]
    data: case_data::Arguments,
    /// The level whose entities are compared [default: the third from the top]
    #[arg(long)]
    level: Option<String>,
    /// The last day of the window of both [default: the latest of each that can be reported]
    #[arg(long, value_name = "DATE", value_parser = case_data::day)]
    window_end: Option<NaiveDate>,
    /// As the readers of this scorecard may see it: what it hides is left out [default: as the
    /// scorecards that hide nothing]
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

/// The forms of a relation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For reading.
    Table,
    /// A picture.
    Svg,
    /// A page with the picture.
    Html,
    /// A line for each entity.
    Csv,
    /// One object.
    Json,
}

/// Runs the command.
pub(super) fn run(arguments: &Arguments) -> Done {
    let format = chosen(arguments)?;
    let form = arguments.csv.form(format == Format::Csv)?;
    let target = Target::open(arguments.output.as_deref())?;
    let (_, program) = definitions::load(&arguments.indicators)?.sound()?;
    let numbers = numbers(&program, arguments)?;
    let level = match entities::levels(&program, arguments.level.as_deref())?.as_slice() {
        [level] if *level > 0 => *level,
        [_] => {
            return Err(Failure::usage("the whole is one entity, and with one nothing goes together")
                .help("name a level below it"));
        }
        _ => return Err(Failure::usage("entities of one level are compared").help("name one with `--level`")),
    };
    let columns = columns(&program, &numbers, arguments.scorecard.as_ref())?;
    let wanted = Projection::Only(program.reads(numbers));
    let case_data = case_data::load(&program, &numbers, wanted, &arguments.data)?;
    target.unread()?;
    let judged = measure(&program, numbers, (&columns, level), &case_data, arguments.window_end)?;
    let relation = Relation::of(&judged, level)
        .ok_or_else(|| Failure::internal("internal error: one of the two was not measured".to_owned()))?;
    let bytes = written(&relation, format, form, arguments)?;
    match target {
        Target::Stdout if format == Format::Table => output::say(&String::from_utf8_lossy(&bytes))?,
        Target::Stdout => output::print(&bytes)?,
        Target::File(_) | Target::Stream(_) => target.write(|out| out.write_all(&bytes))?,
    }
    Ok(Exit::Fine)
}

fn written(of: &Relation, format: Format, form: Csv, arguments: &Arguments) -> Result<Vec<u8>, Failure> {
    let width = if arguments.output.is_none() { terminal::width() } else { report::WIDTH };
    let internal = |error: &dyn std::fmt::Display| Failure::internal(format!("internal error: {error}"));
    match format {
        Format::Table => text(of, width).map(String::into_bytes).map_err(|e| internal(&e)),
        Format::Svg => svg(of).map(String::into_bytes).map_err(|e| internal(&e)),
        Format::Html => page(of).map(String::into_bytes).map_err(|e| internal(&e)),
        Format::Csv => csv(of, form).map_err(|e| internal(&e)),
        Format::Json => json(of).map_err(|e| internal(&e)),
    }
}

/// The format asked for, or the one that the output file's ending names.
fn chosen(arguments: &Arguments) -> Result<Format, Failure> {
    if let Some(format) = arguments.format {
        return Ok(format);
    }
    let Some(ending) = arguments.output.as_ref().and_then(|path| path.extension()) else { return Ok(Format::Table) };
    match ending.to_string_lossy().as_ref() {
        "txt" => Ok(Format::Table),
        "svg" => Ok(Format::Svg),
        "html" => Ok(Format::Html),
        "csv" => Ok(Format::Csv),
        "json" => Ok(Format::Json),
        other => Err(Failure::usage(format!("no format has the file ending `.{other}`"))
            .help("name one with `--format`: table, svg, html, csv, json")),
    }
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

/// The scorecard as whose readers one looks.
fn columns(program: &Program, numbers: &[usize; 2], asked: Option<&String>) -> Result<Columns, Failure> {
    let columns = scorecard::columns(program, &asked.into_iter().cloned().collect::<Vec<_>>())?;
    let missing = numbers.iter().find(|number| asked.is_some() && !columns.indicators.contains(number));
    if let Some(id) = missing.and_then(|number| Some(&program.indicators.get(*number)?.id)) {
        let known: Vec<&str> = columns.indicators.iter().map(|i| program.indicators[*i].id.as_str()).collect();
        return Err(Failure::usage(format!("`{id}` is not on that scorecard")).help(suggest::help(
            id,
            "indicators",
            &known,
        )));
    }
    Ok(columns)
}

/// The cells of both, in one window each.
fn measure(
    program: &Program,
    numbers: [usize; 2],
    (columns, level): (&Columns, usize),
    case_data: &CaseData,
    window_end: Option<NaiveDate>,
) -> Result<Judged, Failure> {
    let (store, as_of) = (&case_data.loaded.store, case_data.as_of());
    let window = |number: usize| cases::window(program, &program.indicators[number], window_end, case_data);
    let windows = [vec![window(numbers[0])?], vec![window(numbers[1])?]];
    let hierarchy = run::hierarchy(&program.model, store, as_of);
    let tables = tables(program, numbers, (columns, &hierarchy), case_data, &windows)?;
    let heading = Heading {
        title: String::new(),
        organization: case_data.name().to_owned(),
        as_of,
        notes: [columns.hidden(program), case_data.notes(program, &numbers)].concat(),
    };
    let selection = Selection { levels: vec![level], under: None, peers: None };
    let (program, indicators, reference) = (program.clone(), numbers.to_vec(), Reference::default());
    Ok(Judged { program, hierarchy, heading, indicators, tables, reference, selection })
}

fn tables(
    program: &Program,
    numbers: [usize; 2],
    (columns, hierarchy): (&Columns, &Hierarchy),
    case_data: &CaseData,
    windows: &[Vec<crate::calendar::Window>],
) -> Result<Vec<Table>, Failure> {
    let bad = case_data.bad(program, &numbers);
    let mut tables = Vec::new();
    let mut judging: Option<Judging> = None;
    let mut summed = |measured: Measured, spent: Option<Cost>| {
        let number = measured.indicator;
        let new = || Judging::new(program, hierarchy, case_data.complete(), bad.get(&number), columns.limit(number));
        judging.get_or_insert_with(new).add(measured);
        if spent.is_some() {
            tables.extend(judging.take().map(Judging::tables).unwrap_or_default());
        }
        ControlFlow::Continue(())
    };
    let (store, settings) = (&case_data.loaded.store, case_data.running());
    run::measure(program, &numbers, store, case_data.as_of(), windows, &settings, &mut summed)
        .map_err(|e| case_data::failed(&e))?;
    Ok(tables)
}
