//! `yardstick check`: every error of every file in one run.

use super::definitions::{self, Definitions};
use super::failure::{Done, Exit, Failure};
use super::fix::Change;
use super::output::Target;
use super::{case_data, failure, fix, month_ends, output, settings, terminal};
use crate::diag::code::{self, Code, LINTS, Lint};
use crate::diag::render::Form;
use crate::diag::{Severity, github, render, sarif};
use crate::source::Span;
use crate::visible;
use chrono::NaiveDate;
use clap::ValueEnum;
use serde::Serialize;
use std::collections::BTreeSet;
use std::io::Write;
use std::path::PathBuf;

/// A mistake may hide another; so often the text is read again.
const MOST_ROUNDS: usize = 20;

/// Check definitions: all errors of all files in one run
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  yardstick check\n  yardstick check --format github indicators")]
pub(super) struct Arguments {
    #[command(flatten)]
    definitions: definitions::Positional,
    /// Print the meaning hash of every indicator
    #[arg(long)]
    hash: bool,
    /// Format of the findings [default: by the ending of the output file, else human]
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// Write what a finding says to write, where no other text could be meant, into the files; show
    /// what was changed, and check again
    #[arg(long)]
    fix: bool,
    /// Say where it matters how months are reckoned with on a day that a month does not have
    #[arg(long)]
    calendar: bool,
    /// The day on which it is asked whether a review is due; without it nothing is said of that
    #[arg(long, value_name = "DATE", value_parser = case_data::day)]
    as_of: Option<NaiveDate>,
    /// Say nothing of a kind of warning, by its code (`W0807`) or name
    /// (`not-for-review`); can be given several times
    #[arg(long, value_name = "CODE", value_parser = warning)]
    allow: Vec<Code>,
    /// Write the findings to this file, completely or not at all
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// A warning as an argument: its code or its name.
fn warning(text: &str) -> Result<Code, String> {
    let all = || code::ALL.iter().map(|(code, _)| *code);
    let named = || Lint::named(&text.to_lowercase()).map(|lint| lint.code);
    let found = all().find(|code| code.as_str().eq_ignore_ascii_case(text)).or_else(named);
    match found.map(|code| (code, code.severity())) {
        Some((code, Severity::Warning)) => Ok(code),
        Some((_, Severity::Error)) => Err("an error cannot be allowed: what it names has to be mended".to_owned()),
        None => {
            let names = LINTS.iter().map(|lint| format!("{} ({})", lint.code.as_str(), lint.name));
            Err(format!("there is no such warning; there are {}", names.collect::<Vec<_>>().join(", ")))
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For reading
    #[value(aliases = ["text", "table"])]
    Human,
    /// An object for each finding, on a line of its own
    Json,
    /// One document for code hosts and editors (SARIF 2.1.0)
    Sarif,
    /// Commands by which GitHub shows each finding beside its line
    Github,
}

/// Runs the command.
pub(super) fn run(arguments: &Arguments) -> Done {
    let what = (Format::Human, "format of findings");
    let format = output::format(arguments.format, arguments.output.as_deref(), what)?;
    if arguments.hash && matches!(format, Format::Sarif | Format::Github) {
        return Err(Failure::usage("`--hash` is no finding").help("leave `--format` out, or write `--format json`"));
    }
    if arguments.calendar && arguments.output.is_none() && format != Format::Human {
        return Err(
            Failure::usage("`--calendar` is no finding").help("leave `--format` out, or write findings to a file")
        );
    }
    let target = Target::open(arguments.output.as_deref())?;
    let mut definitions = match arguments.fix {
        true => fixed(arguments, format)?,
        false => definitions::load(&arguments.definitions.paths())?,
    };
    let asked = definitions.asked(arguments.as_of);
    definitions.findings.extend(asked);
    let settings = settings::in_force()?;
    definitions.findings.regrade(|code| settings.level(code));
    definitions.findings.drop_codes(&arguments.allow);
    let text = written(&definitions, format, &target);
    match format {
        Format::Human => target.put(text.as_bytes(), true)?,
        Format::Json | Format::Sarif | Format::Github => target.put(text.as_bytes(), false)?,
    }
    for (message, help) in &definitions.unreadable {
        failure::complain(message, Some(help));
    }
    if arguments.hash && !definitions.failed() {
        print_hashes(&definitions, format)?;
    }
    if arguments.calendar && !definitions.failed() {
        month_ends::print(&definitions)?;
    }
    // Beside a document on standard output nothing else may stand.
    if target != Target::Stdout || matches!(format, Format::Human | Format::Github) {
        output::say(&summary(&definitions))?;
    }
    Ok(if definitions.failed() { Exit::Definitions } else { Exit::Fine })
}

/// The findings in their format.
fn written(definitions: &Definitions, format: Format, target: &Target) -> String {
    let (sources, findings) = (&definitions.sources, definitions.findings.sorted());
    let unreadable = &definitions.unreadable;
    match format {
        Format::Human => {
            let form = if *target == Target::Stdout { terminal::form_on_stdout() } else { Form::Plain };
            definitions::findings(definitions, form)
        }
        Format::Json => findings.into_iter().map(|finding| render::json(sources, finding) + "\n").collect(),
        Format::Sarif => {
            let messages: Vec<String> = unreadable.iter().map(|(message, help)| format!("{message}; {help}")).collect();
            sarif::document(sources, &findings, &messages, env!("CARGO_PKG_VERSION"))
        }
        Format::Github => {
            let unreadable = unreadable.iter().map(|(message, help)| github::unreadable(message, help));
            findings.into_iter().map(|finding| github::command(sources, finding)).chain(unreadable).collect()
        }
    }
}

/// The definitions when nothing more can be mended; says what was.
fn fixed(arguments: &Arguments, format: Format) -> Result<Definitions, Failure> {
    let mut definitions = definitions::load(&arguments.definitions.paths())?;
    for _ in 0..MOST_ROUNDS {
        let mut changes = Vec::new();
        let made = fix::make(&definitions, &mut changes);
        print_changes(&changes, format)?;
        made?;
        if changes.is_empty() {
            break;
        }
        definitions = definitions::load(&arguments.definitions.paths())?;
    }
    Ok(definitions)
}

#[derive(Serialize)]
struct Fixed<'a> {
    fixed: &'a str,
    code: &'a str,
    line: usize,
    column: usize,
    was: &'a str,
    is: &'a str,
}

fn print_changes(changes: &[Change], format: Format) -> Result<(), Failure> {
    let lines = changes.iter().map(|change| {
        let Change { file, place: (line, column), code, was, is } = change;
        match format {
            Format::Human | Format::Sarif | Format::Github => visible::lines(&format!(
                "fixed {code} at {file}:{line}:{column}: {}\n",
                match (was.is_empty(), is.is_empty()) {
                    (true, _) => format!("`{}` was added", is.trim()),
                    (false, true) => format!("`{was}` was taken out"),
                    (false, false) => format!("`{was}` became `{}`", is.trim()),
                }
            ))
            .into_owned(),
            Format::Json => {
                let fixed = Fixed { fixed: file, code, line: *line, column: *column, was, is };
                serde_json::to_string(&fixed).unwrap_or_default() + "\n"
            }
        }
    });
    let lines = lines.collect::<String>();
    match format {
        Format::Human | Format::Github => output::say(&lines),
        Format::Json => output::print(lines.as_bytes()),
        // The document says what is left.
        Format::Sarif => {
            let _ = anstream::stderr().write_all(lines.as_bytes());
            Ok(())
        }
    }
}

#[derive(Serialize)]
struct Hash<'a> {
    indicator: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    levels: Option<&'a str>,
    meaning: &'a str,
}

fn print_hashes(definitions: &Definitions, format: Format) -> Result<(), Failure> {
    let mut lines = String::new();
    for program in definitions.program.hierarchies() {
        let levels = program.model.at_hand().and_then(|of| of.name.clone());
        for i in &program.indicators {
            let hash = Hash { indicator: &i.id, levels: levels.as_deref(), meaning: &i.meaning };
            let in_these = levels.as_deref().map(|levels| format!(", {levels}")).unwrap_or_default();
            lines += &match format {
                Format::Human | Format::Sarif | Format::Github => format!("{}  {}{in_these}\n", i.meaning, i.id),
                Format::Json => serde_json::to_string(&hash).unwrap_or_default() + "\n",
            };
        }
    }
    output::print(lines.as_bytes())
}

/// What was read and what was found, on one line.
fn summary(definitions: &Definitions) -> String {
    let (errors, warnings) = definitions.findings.counts();
    let errors = errors + definitions.unreadable.len();
    let program = &definitions.program;
    let everywhere = || program.hierarchies();
    let indicators: BTreeSet<&str> = everywhere().flat_map(|of| &of.indicators).map(|i| i.id.as_str()).collect();
    let tests: BTreeSet<Span> = everywhere().flat_map(|of| &of.tests).map(|test| test.span).collect();
    let read = format!(
        "{}: {}, {}, {}",
        count(definitions.sources.iter().count(), "file"),
        count(indicators.len(), "indicator"),
        count(program.scorecards.len(), "scorecard"),
        count(tests.len(), "test"),
    );
    let plans = everywhere().map(|of| of.plans.len()).sum();
    let read = if plans == 0 { read } else { format!("{read}, {}", count(plans, "plan")) };
    let sorted = definitions.findings.sorted();
    let first = sorted.iter().find(|f| f.severity == Severity::Error).map(|f| f.code.as_str());
    match (errors, warnings) {
        (0, 0) => format!("{read}; no errors\n"),
        (0, _) => format!("{read}; no errors, {}\n", count(warnings, "warning")),
        (_, _) => {
            let more = first.map(|c| format!("; `yardstick explain {c}` says more")).unwrap_or_default();
            let also = if warnings == 0 { String::new() } else { format!(", {}", count(warnings, "warning")) };
            format!(
                "{}{also} in {}{more}\n",
                count(errors, "error"),
                count(definitions.sources.iter().count() + definitions.unreadable.len(), "file")
            )
        }
    }
}

fn count(n: usize, what: &str) -> String {
    if n == 1 { format!("1 {what}") } else { format!("{n} {what}s") }
}
