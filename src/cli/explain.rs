//! `yardstick explain`: the page of a code, what an indicator reads, waits for and runs, or what
//! indicators share.

use super::failure::{Done, Exit, Failure};
use super::{case_data, definitions, hierarchy, output, scorecard, settings, sharing};
use crate::diag::code::{LINTS, Level, Lint};
use crate::ir::{Indicator, LookBack, MONTHS, Period, Program, WindowLength};
use crate::source::Sources;
use crate::visible;
use crate::{diag, run};
use chrono::NaiveDate;
use std::fmt::Write;

/// A plan holds dates. Without an as-of date it is shown for this one: explaining reads no data and
/// no clock.
const EXAMPLE_DAY: NaiveDate = match NaiveDate::from_ymd_opt(2026, 10, 31) {
    Some(day) => day,
    None => NaiveDate::MIN,
};

/// What is said above the steps of a plan.
const STEPS: &str = "What is done with the rows, step by step (`--verbose` shows the plan as DataFusion prints it). `w` is the set of the windows in which \
                     a row counts:\na number whose lowest bit stands for the first window, the next for the second.";

/// Explain an error code, how an indicator is computed, or what indicators share
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  yardstick explain E0403\n  yardstick explain returned_in_time --as-of 2026-10-31")]
pub(super) struct Arguments {
    /// A code such as E0101, or the id of an indicator
    #[arg(value_name = "INDICATOR|CODE")]
    what: Option<String>,
    /// Show which work the indicators of `yardstick scorecard` share when they are measured
    /// together, and which each does for itself
    #[arg(long, conflicts_with_all = ["what", "as_of"])]
    shared: bool,
    /// With `--shared`: only this scorecard of the definitions; can be given several times
    /// [default: those that `yardstick.toml` names, else all but those that hide counts]
    #[arg(long, value_name = "NAME", requires = "shared", conflicts_with = "what")]
    scorecard: Vec<String>,
    #[command(flatten)]
    definitions: definitions::Arguments,
    /// For an indicator: in this hierarchy of levels [default: the first in which it is shown]
    #[arg(long, value_name = "NAME", conflicts_with = "shared")]
    levels: Option<String>,
    /// For an indicator: show the plan as DataFusion prints it, instead of what its steps do
    #[arg(long, conflicts_with = "shared")]
    verbose: bool,
    /// The as-of date for which the plan is made
    #[arg(long, value_name = "DATE", value_parser = case_data::day)]
    as_of: Option<NaiveDate>,
}

/// Runs the command.
pub(super) fn run(arguments: &Arguments) -> Done {
    let said = match &arguments.what {
        Some(code) if is_code(code) => of_code(code)?,
        Some(name) if Lint::named(name).is_some() => of_lint(name)?,
        Some(id) => of_indicator(arguments, id)?,
        None if arguments.shared => of_sharing(arguments)?,
        None => {
            return Err(Failure::usage("there is nothing to explain").help(
                "name an error code such as E0101 or the id of an indicator, or write `--shared` for what indicators share",
            ));
        }
    };
    output::say(&visible::lines(&said))?;
    Ok(Exit::Fine)
}

/// The page of a code, and how a warning is set.
fn of_code(code: &str) -> Result<String, Failure> {
    let page = diag::code::page(code).ok_or_else(|| unknown_code(code))?;
    let lint = LINTS.iter().find(|lint| lint.code.as_str().eq_ignore_ascii_case(code));
    Ok(page.to_owned() + &lint.map(how_to_set).unwrap_or_default())
}

/// The page of the warning of a name.
fn of_lint(name: &str) -> Result<String, Failure> {
    of_code(Lint::named(name).map_or(name, |lint| lint.code.as_str()))
}

/// How the level of a warning is set.
fn how_to_set(lint: &Lint) -> String {
    let Lint { name, level, .. } = lint;
    let levels = Level::ALL.map(|level| format!("\"{}\"", level.word())).join(", ");
    format!(
        "\n## Setting\n\nIts name is `{name}`; unless something else is set, it is \"{}\". In `yardstick.toml`, one of {levels}:\n\n\
         ```toml\n[lints]\n{name} = \"{}\"\n```\n",
        level.word(),
        level.word()
    )
}

fn of_indicator(arguments: &Arguments, id: &str) -> Result<String, Failure> {
    let (sources, program) = definitions::load(arguments.definitions.paths())?.sound()?;
    let program = hierarchy::of_indicator(program, id, arguments.levels.as_deref(), None)?;
    let (number, indicator) = definitions::indicator(&program, id)?;
    let as_of = arguments.as_of.unwrap_or(EXAMPLE_DAY);
    let windows = indicator.windows(as_of, 1);
    let form = if arguments.verbose { run::Form::Engine } else { run::Form::Steps };
    let plan = run::explain(&program, number, as_of, &windows, form).map_err(|e| Failure::internal(e.to_string()))?;
    let plan = match form {
        run::Form::Engine => format!("DataFusion's plan, before it is optimised:\n\n{plan}"),
        run::Form::Steps => format!("{STEPS}\n\n{plan}"),
    };
    Ok(text(&sources, &program, indicator, as_of, &plan))
}

fn of_sharing(arguments: &Arguments) -> Result<String, Failure> {
    let (_, program) = definitions::load(arguments.definitions.paths())?.sound()?;
    let columns = scorecard::columns(&program, &settings::scorecards(&program, &arguments.scorecard)?)?;
    Ok(sharing::page(&program, &columns.title, &columns.indicators).text())
}

fn text(sources: &Sources, program: &Program, indicator: &Indicator, as_of: NaiveDate, plan: &str) -> String {
    let file = sources.file(indicator.span.file);
    let place = format!("{}:{}", file.path.display(), file.line_column(indicator.span.start).0);
    let mut out = format!("{} ({place})\n", indicator.id);
    let _ = writeln!(out, "meaning   {}", indicator.meaning);
    if let Some(levels) = program.model.at_hand().filter(|_| program.model.hierarchies.len() > 1) {
        let _ = writeln!(out, "levels    {}", levels.words());
    }
    let _ = writeln!(out, "windows   {}", length(indicator));
    let _ = writeln!(out, "waits     {}", waits(indicator));
    if let Some(window) = indicator.windows(as_of, 1).first() {
        let from =
            if indicator.window == WindowLength::AllTime { "all time".to_owned() } else { window.start.to_string() };
        let _ =
            writeln!(out, "          on data through {as_of}, the latest window is {from} to {}", window.last_day());
    }
    let mut word = "back to";
    for (table, looks_back) in &indicator.look_back {
        let far = match (looks_back, indicator.history) {
            (LookBack::UpTo(far), _) if indicator.window == WindowLength::AllTime => {
                format!("{} before its end", period(*far).unwrap_or_else(|| "0 days".to_owned()))
            }
            (LookBack::UpTo(far), _) => period(*far).unwrap_or_else(|| "no further than the window".to_owned()),
            (LookBack::Endless, Some(history)) => format!("{} (declared)", period(history).unwrap_or_default()),
            (LookBack::Endless, None) => "without an end".to_owned(),
        };
        let _ = writeln!(out, "{word:10}{}: {far}", program.model.table(*table).name);
        word = "";
    }
    for (i, (table, columns)) in indicator.reads(&program.model).iter().enumerate() {
        let table = program.model.table(*table);
        let columns: Vec<_> = columns.iter().map(|c| table.column(*c).file_name.as_str()).collect();
        let columns = if columns.is_empty() { "its rows".to_owned() } else { columns.join(", ") };
        let _ = writeln!(out, "{:10}{}: {columns}", if i == 0 { "reads" } else { "" }, table.name);
    }
    for own in &indicator.own_standards {
        let table = program.model.table(own.targets.table);
        let column = |id| table.column(id).file_name.as_str();
        let (figure, from) = (column(own.targets.figure), column(own.targets.from));
        let of = &program.model.table(own.entities).name;
        let _ = writeln!(
            out,
            "targets   {}: {figure} of each {of}, the latest {from} by the window's last day",
            table.name
        );
    }
    let _ = write!(out, "\n{plan}");
    out
}

fn length(indicator: &Indicator) -> String {
    let length = match indicator.window {
        WindowLength::Day => "the last day of each month".to_owned(),
        WindowLength::Week => "each week, from Monday to Sunday".to_owned(),
        WindowLength::Months(1) => "each month".to_owned(),
        WindowLength::Months(n) => format!("{n} months, ending on the last day of a month"),
        WindowLength::YearToDate(first) => {
            let month = (first as usize).checked_sub(1).and_then(|n| MONTHS.get(n)).copied().unwrap_or_default();
            format!("from 1 {month} to the last day of a month")
        }
        WindowLength::AllTime => "all time up to the last day of a month".to_owned(),
    };
    if indicator.ends.are_all() {
        length
    } else {
        format!("{length}; only those that end with {}", indicator.ends.in_words())
    }
}

/// How long after a window's end its outcomes are known, and why.
fn waits(indicator: &Indicator) -> String {
    if indicator.as_it_stands {
        return stands(indicator);
    }
    match (indicator.follow_up.and_then(period), period(indicator.lag)) {
        (None, None) => "for nothing: a window can be reported when it has ended".to_owned(),
        (Some(follow_up), None) => {
            format!("{follow_up} after the window's end, until every outcome is known (from the text)")
        }
        (None, Some(lag)) => format!("{lag} after the window's end (declared lag)"),
        (Some(follow_up), Some(lag)) => format!(
            "{follow_up} after the window's end, until every outcome is known (from the text), and {lag} more (declared lag)"
        ),
    }
}

/// When a window is shown as it stands, and how long it is provisional.
fn stands(indicator: &Indicator) -> String {
    let shown = match period(indicator.lag) {
        None => "for nothing: a window is shown as it stands when it has ended".to_owned(),
        Some(lag) => format!("{lag} after the window's end (declared lag): a window is then shown as it stands"),
    };
    let provisional = match indicator.follow_up {
        None => "it is always provisional: nothing says by when its outcomes are known (from the text)".to_owned(),
        Some(follow_up) => match period(follow_up) {
            None => "nothing of it is provisional".to_owned(),
            Some(follow_up) if indicator.lag == Period::default() => format!(
                "it is provisional until {follow_up} after the window's end, when every outcome is known (from the text)"
            ),
            Some(follow_up) => {
                format!("it is provisional for {follow_up} more, until every outcome is known (from the text)")
            }
        },
    };
    format!("{shown}\n          {provisional}")
}

fn period(period: Period) -> Option<String> {
    let part = |n: u32, word: &str| match n {
        0 => None,
        1 => Some(format!("1 {word}")),
        n => Some(format!("{n} {word}s")),
    };
    let parts: Vec<_> = [part(period.months, "month"), part(period.days, "day")].into_iter().flatten().collect();
    if parts.is_empty() { None } else { Some(parts.join(" and ")) }
}

/// A letter and four digits: `E0203`, `w0801`.
fn is_code(what: &str) -> bool {
    let mut letters = what.chars();
    letters.next().is_some_and(|c| matches!(c, 'E' | 'e' | 'W' | 'w'))
        && what.len() == 5
        && letters.all(|c| c.is_ascii_digit())
}

fn unknown_code(code: &str) -> Failure {
    let known: Vec<_> = diag::code::ALL.iter().map(|(c, _)| c.as_str()).collect();
    Failure::usage(format!("there is no code `{code}`")).help(diag::suggest::help(code, "codes", &known))
}
