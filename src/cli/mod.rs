//! The command line: one file per command.
//!
//! A command reads its arguments, calls the rooms, and prints; everything it computes lives in
//! another room. What a person asked for goes to standard output, everything about the run
//! (progress, warnings, errors) to standard error. This is the only room with a terminal, and
//! nothing imports it.

mod asked_window;
mod book;
mod breakdown;
mod case_data;
mod case_table;
mod cases;
mod chart_format;
mod check;
mod checked;
mod data;
mod definitions;
mod describe;
mod entities;
mod explain;
mod failure;
mod fix;
mod fmt;
mod hierarchy;
mod interrupt;
mod measured;
mod memory;
mod output;
mod panic;
mod plans;
mod progress;
mod read;
mod refresh;
mod relate;
mod rewrite;
mod rules;
mod scorecard;
mod sharing;
mod spreadsheet;
mod targets;
mod terminal;
mod test;
mod threads;
mod timings;
mod trend;
mod trial;
mod with_cases;

use clap::{Parser, Subcommand};
use failure::{Exit, Failure};
use std::process::ExitCode;
use terminal::Color;

/// Measure what a department does: check definitions of indicators, run them on case data, print
/// the scorecard.
#[derive(Debug, Parser)]
#[command(name = "yardstick", version, arg_required_else_help = true, max_term_width = 100, after_help = AFTER)]
struct Arguments {
    /// Colours in the output.
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto, value_name = "WHEN")]
    color: Color,
    #[command(subcommand)]
    command: Command,
}

const AFTER: &str =
    "Exit codes: 0 fine, 1 the definitions or tests have errors, 2 wrong usage, 3 the data cannot be used.";

#[derive(Debug, Subcommand)]
enum Command {
    Scorecard(scorecard::Arguments),
    Cases(cases::Arguments),
    Trend(trend::Arguments),
    Relate(relate::Arguments),
    Book(book::Arguments),
    Plans(plans::Arguments),
    Refresh(refresh::Arguments),
    Check(check::Arguments),
    Fmt(fmt::Arguments),
    Test(test::Arguments),
    Data(data::Arguments),
    Describe(describe::Arguments),
    Explain(explain::Arguments),
}

/// Runs the command that the program's arguments name.
#[must_use]
pub fn run() -> ExitCode {
    panic::guard(|| match Arguments::try_parse() {
        Ok(arguments) => execute(arguments),
        Err(problem) => {
            // Help and version go to standard output with code 0, mistakes to standard error with
            // code 2.
            let _ = problem.print();
            if problem.use_stderr() { Exit::Usage } else { Exit::Fine }
        }
    })
}

fn execute(arguments: Arguments) -> Exit {
    terminal::choose(arguments.color);
    interrupt::watch();
    let done = match arguments.command {
        Command::Scorecard(a) => scorecard::run(&a),
        Command::Cases(a) => cases::run(&a),
        Command::Trend(a) => trend::run(&a),
        Command::Relate(a) => relate::run(&a),
        Command::Book(a) => book::run(&a),
        Command::Plans(a) => plans::run(&a),
        Command::Refresh(a) => refresh::run(&a),
        Command::Test(a) => test::run(&a),
        Command::Data(a) => data::run(&a),
        Command::Check(a) => check::run(&a),
        Command::Fmt(a) => fmt::run(&a),
        Command::Describe(a) => describe::run(&a),
        Command::Explain(a) => explain::run(&a),
    };
    done.unwrap_or_else(Failure::report)
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_arguments_of_every_command_fit_together() {
        Arguments::command().debug_assert();
    }
}
