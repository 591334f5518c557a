//! The command line: one file per command.
//!
//! A command reads its arguments, calls the rooms, and prints; everything it computes lives in
//! another room. What a person asked for goes to standard output, everything about the run
//! (progress, warnings, errors) to standard error. This is the only room with a terminal, and
//! nothing imports it.

mod as_shown;
mod asked_window;
mod attrition;
mod book;
mod breakdown;
mod case_data;
mod case_table;
mod cases;
mod catalog;
mod chart_format;
mod check;
mod checked;
mod clause_text;
mod completions;
mod data;
mod definitions;
mod describe;
mod diff;
mod due;
mod entities;
mod explain;
mod extract;
mod failure;
mod fix;
mod fmt;
mod hierarchy;
mod init;
mod interrupt;
mod list;
mod lsp;
mod man;
mod measured;
mod memory;
mod month_ends;
mod new;
mod output;
mod own_folder;
mod panic;
mod plans;
mod progress;
mod read;
mod refresh;
mod relate;
mod rewrite;
mod rows_of;
mod rules;
mod scorecard;
mod settings;
mod sharing;
mod spreadsheet;
mod sql;
mod stopped;
mod suggested;
mod targets;
mod terminal;
mod test;
mod threads;
mod timings;
mod trend;
mod trial;
mod why;
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
    /// Go by no `yardstick.toml`.
    #[arg(long, global = true)]
    no_settings: bool,
    #[command(subcommand)]
    command: Command,
}

const AFTER: &str =
    "Exit codes: 0 fine, 1 the definitions or tests have errors, 2 wrong usage, 3 the data cannot be used.";

#[derive(Debug, Subcommand)]
enum Command {
    Scorecard(scorecard::Arguments),
    Cases(cases::Arguments),
    Why(why::Arguments),
    Attrition(attrition::Arguments),
    Due(due::Arguments),
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
    Catalog(catalog::Arguments),
    Diff(diff::Arguments),
    Explain(explain::Arguments),
    Extract(extract::Arguments),
    Sql(sql::Arguments),
    List(list::Arguments),
    Init(init::Arguments),
    New(new::Arguments),
    Completions(completions::Arguments),
    Man(man::Arguments),
    Lsp(lsp::Arguments),
}

/// Runs the command that the program's arguments name.
#[must_use]
pub fn run() -> ExitCode {
    panic::guard(read, execute)
}

fn read() -> Result<Arguments, Exit> {
    Arguments::try_parse().map_err(|problem| {
        // Help and version go to standard output with code 0, mistakes to standard error with
        // code 2.
        let _ = problem.print();
        if problem.use_stderr() { Exit::Usage } else { Exit::Fine }
    })
}

fn execute(arguments: Arguments) -> Exit {
    terminal::choose(arguments.color);
    if arguments.no_settings {
        settings::leave_out();
    }
    interrupt::watch();
    let done = match arguments.command {
        Command::Scorecard(a) => scorecard::run(&a),
        Command::Cases(a) => cases::run(&a),
        Command::Why(a) => why::run(&a),
        Command::Attrition(a) => attrition::run(&a),
        Command::Due(a) => due::run(&a),
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
        Command::Catalog(a) => catalog::run(&a),
        Command::Diff(a) => diff::run(&a),
        Command::Explain(a) => explain::run(&a),
        Command::Extract(a) => extract::run(&a),
        Command::Sql(a) => sql::run(&a),
        Command::List(a) => list::run(&a),
        Command::Init(a) => init::run(&a),
        Command::New(a) => new::run(&a),
        Command::Completions(a) => completions::run(&a),
        Command::Man(a) => man::run(&a),
        Command::Lsp(a) => lsp::run(&a),
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

    /// The words of a line as a shell takes them: a text in quotation marks is one.
    fn words(line: &str) -> Vec<String> {
        let parts = line.split('"').enumerate();
        let words = parts.flat_map(|(n, part)| match n % 2 {
            0 => part.split_whitespace().map(str::to_owned).collect(),
            _ => vec![part.to_owned()],
        });
        words.collect()
    }

    #[test]
    fn the_help_of_every_command_ends_with_two_examples_that_can_be_typed() {
        for command in Arguments::command().get_subcommands() {
            let name = command.get_name();
            let after = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            let lines: Vec<&str> = after.lines().map(str::trim).collect();
            let [.., head, one, two] = lines.as_slice() else { panic!("{name}: {after}") };
            assert_eq!(*head, "Examples:", "{name}");
            for line in [one, two] {
                let words = words(line);
                assert!(words.starts_with(&["yardstick".to_owned(), name.to_owned()]), "{name}: {line}");
                if let Err(why) = Arguments::try_parse_from(words) {
                    panic!("{line}\n{why}");
                }
            }
        }
    }

    /// What a flag takes, by its name, in every command.
    #[test]
    fn a_flag_of_one_name_is_one_thing_in_every_command() {
        // A level for each of whose entities a book is made, and all indicators; a month or
        // definitions of an earlier time; a model for data, and tests for an indicator.
        const TWO_THINGS: [&str; 3] = ["all", "since", "suggest"];
        let mut known: std::collections::BTreeMap<String, (Option<String>, bool, String)> = Default::default();
        for command in Arguments::command().get_subcommands() {
            for flag in command.get_arguments().filter_map(|a| Some((a, a.get_long()?.to_owned()))) {
                let (argument, long) = flag;
                if TWO_THINGS.contains(&long.as_str()) {
                    continue;
                }
                let takes = argument.get_action().takes_values();
                let short = argument.get_short().map(String::from);
                let name = command.get_name().to_owned();
                let (of_first, takes_first, first) =
                    known.entry(long.clone()).or_insert_with(|| (short.clone(), takes, name.clone()));
                assert_eq!((&*of_first, *takes_first), (&short, takes), "`--{long}` of {name} and of {first}");
            }
        }
    }
}
