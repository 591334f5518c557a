//! `yardstick test`: runs the `test` blocks of the definitions, and says how much they show.

pub(super) mod coverage;
pub(super) mod marks;
pub(super) mod mutate;
mod page;
mod suite;

use super::definitions;
use super::failure::{Done, Exit, Failure};
use super::terminal::{GREEN, RED};
use super::trial::By;
use super::{output, progress, suggested, threads};
use crate::ir::{Indicator, Program, Test};
use crate::parallel;
use crate::source::{Sources, Span};
use crate::trial::{self, Miss, Parts};
use crate::visible;
use std::convert::Infallible;
use std::fmt::Write;
use std::ops::ControlFlow;
use std::path::PathBuf;

/// Run the test blocks of the definitions; say which clauses they have tried, and what they would
/// not notice
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  yardstick test --filter birthday\n  yardstick test --mutate --min 95")]
pub(super) struct Arguments {
    #[command(flatten)]
    definitions: definitions::Positional,
    /// Only tests whose indicator or title contains this text
    #[arg(long, value_name = "TEXT")]
    filter: Option<String>,
    /// What the rows are evaluated by
    #[arg(long, value_enum, default_value_t = By::Interpreter)]
    engine: By,
    /// Show the text of each indicator with what the tests have shown of each clause: that it was
    /// true, false and unknown of a row, and that a result hangs on it
    #[arg(long, group = "shown")]
    coverage: bool,
    /// Change each boundary, operator, code, quantifier and window of the definitions by one step,
    /// and list the changes that no test notices
    #[arg(long, group = "shown")]
    mutate: bool,
    /// Fail when an indicator has less
    #[arg(long, value_name = "PERCENT", requires = "shown", value_parser = percent)]
    min: Option<f64>,
    /// Write it to this file, completely or not at all: `.txt` or `.json`, and coverage as `.html`
    #[arg(short, long, value_name = "FILE", requires = "shown")]
    output: Option<PathBuf>,
    /// Write boundary cases of this indicator on which no test lies yet, for somebody to approve
    #[arg(long, value_name = "INDICATOR", conflicts_with_all = ["filter", "engine"])]
    suggest: Option<String>,
    #[command(flatten)]
    threads: threads::Arguments,
}

/// A percentage.
fn percent(text: &str) -> Result<f64, String> {
    let number = text.trim_end_matches('%').trim_end().parse().ok();
    let percent = number.filter(|percent| (0.0..=100.0).contains(percent));
    percent.ok_or_else(|| "a percentage is a number from 0 to 100".to_owned())
}

/// What came of one test: the expectations that do not hold, or why it could not be run.
pub(super) type Outcome = Result<Vec<Miss>, String>;

/// Runs the command.
pub(super) fn run(arguments: &Arguments) -> Done {
    if let Some(id) = &arguments.suggest {
        return suggested::run(&arguments.definitions.paths(), id);
    }
    let (sources, program) = definitions::load(&arguments.definitions.paths())?.sound()?;
    let filter = arguments.filter.as_deref();
    let tests = trial::tests(&program, |indicator, test| named(indicator, test, filter));
    if tests.is_empty() {
        return Err(match &arguments.filter {
            Some(filter) => Failure::usage(format!("no test matches `{filter}`"))
                .help("`--filter` searches the id of the indicator and the title of the test"),
            None => Failure::usage("the definitions contain no test")
                .help("a test is declared with `test indicator \"what it shows\" { ... }`"),
        });
    }
    let outcomes = run_all(&tests, arguments.engine, arguments.threads.number);
    let failed = outcomes.iter().filter(|o| !matches!(o, Ok(misses) if misses.is_empty())).count();
    if arguments.coverage && failed == 0 {
        return coverage::run(&sources, &program, arguments);
    }
    if arguments.mutate && failed == 0 {
        return mutate::run(&sources, &program, arguments);
    }
    let mut out = String::new();
    for (test, outcome) in tests.iter().zip(&outcomes) {
        show(&mut out, &sources, test, outcome);
    }
    let _ = writeln!(out, "\n{} passed, {failed} failed", tests.len() - failed);
    output::say(&out)?;
    if arguments.coverage || arguments.mutate {
        return Err(Failure::definitions("what tests show is told of tests that hold").help("mend them first"));
    }
    Ok(if failed == 0 { Exit::Fine } else { Exit::Definitions })
}

fn wanted(program: &Program, test: &Test, filter: Option<&str>) -> bool {
    named(&program.indicators[test.indicator], test, filter)
}

fn named(indicator: &Indicator, test: &Test, filter: Option<&str>) -> bool {
    filter.is_none_or(|f| indicator.id.contains(f) || test.title.contains(f))
}

/// Runs several tests at once, each on one thread; the outcomes come in the order of the tests.
pub(super) fn run_all(tests: &[Parts<'_>], by: By, threads: Option<usize>) -> Vec<Outcome> {
    let bar = progress::bar("testing", tests.len());
    let run = |number: usize| {
        let outcome = trial::run_parts(&tests[number], by.rows());
        bar.step();
        Ok::<_, Infallible>(outcome)
    };
    let mut outcomes = Vec::new();
    let take = |outcome| {
        outcomes.push(outcome);
        ControlFlow::Continue(())
    };
    let Ok(()) = parallel::ordered_map(tests.len(), parallel::threads(threads), run, take);
    outcomes
}

fn show(out: &mut String, sources: &Sources, parts: &Parts<'_>, outcome: &Outcome) {
    let Some((program, test)) = parts.first() else { return };
    let name = format!("{}: {}", program.indicators[test.indicator].id, visible::value(&test.title));
    let place = |span: Span| {
        let file = sources.file(span.file);
        format!("{}:{}", file.path.display(), file.line_column(span.start).0)
    };
    match outcome {
        Ok(misses) if misses.is_empty() => {
            let _ = writeln!(out, "{GREEN}pass{GREEN:#} {name}");
        }
        Ok(misses) => {
            let _ = writeln!(out, "{RED}FAIL{RED:#} {name}");
            for miss in misses {
                let _ = writeln!(
                    out,
                    "     {}\n       expected {}\n       found    {}",
                    place(miss.span),
                    visible::value(&miss.expected),
                    visible::value(&miss.found)
                );
                for clause in &miss.because {
                    let _ = writeln!(out, "         {}", visible::value(clause));
                }
            }
        }
        Err(why) => {
            let why = visible::lines(why);
            let _ = writeln!(out, "{RED}FAIL{RED:#} {name}\n     {}\n       {why}", place(test.span));
        }
    }
}

/// The text of a place in one line.
fn in_one_line(sources: &Sources, place: Span) -> String {
    one_line(sources.text(place))
}

/// A text in one line, without its comments.
fn one_line(text: &str) -> String {
    let lines = text.lines().map(|line| line.split('#').next().unwrap_or_default());
    let words: Vec<&str> = lines.flat_map(str::split_whitespace).collect();
    balanced(&visible::value(&words.join(" ")))
}

/// A piece of text with the parentheses that belong to it and stand just outside.
fn balanced(text: &str) -> String {
    let (mut open, mut before) = (0_usize, 0);
    for sign in text.chars() {
        match sign {
            '(' => open += 1,
            ')' if open == 0 => before += 1,
            ')' => open -= 1,
            _ => {}
        }
    }
    "(".repeat(before) + text + &")".repeat(open)
}

fn indicators(number: usize) -> String {
    if number == 1 { "1 indicator".to_owned() } else { format!("{number} indicators") }
}

/// Whether every indicator reaches the percentage that is asked for: what each has, of how many.
fn enough<'i>(scores: impl Iterator<Item = (&'i str, usize, usize)>, min: Option<f64>, what: &str) -> Done {
    let Some(min) = min else { return Ok(Exit::Fine) };
    let short = scores.filter(|(_, reached, goals)| (*reached as f64) * 100.0 < min * (*goals as f64));
    let short: Vec<String> =
        short.map(|(id, reached, goals)| format!("{id}: {}", coverage::share(reached, goals))).collect();
    if short.is_empty() {
        return Ok(Exit::Fine);
    }
    Err(Failure::definitions(format!("{} with a {what} under {min} %", indicators(short.len()))).help(short.join("; ")))
}
