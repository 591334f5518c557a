//! Fuzzing: hostile inputs, by the million, for what reads texts, settings, messages and case data.
//!
//! `cargo run --release --example fuzz -- --target parse --minutes 30`
//!
//! An input follows from the seed and the number of its execution. What finds something is kept in
//! `fuzz` in the target folder, and is run again by `--input FILE`. `targets` says what is tried
//! and which laws must hold, a file for each; `runner` starts and watches the processes that do the
//! work, `worker` is one of them.

#[expect(dead_code, unused_imports, clippy::unwrap_used, reason = "the tests use the rest")]
mod data;
#[expect(dead_code, unused_imports, clippy::unwrap_used, clippy::panic, reason = "the tests use the rest")]
#[path = "../../tests/generated/mod.rs"]
mod generated;
#[expect(clippy::unwrap_used, clippy::panic, reason = "a law that does not hold is a panic")]
#[path = "../../tests/language/laws_of_text.rs"]
mod laws_of_text;
#[expect(dead_code, unused_imports, clippy::unwrap_used, reason = "the tests use the rest")]
#[path = "../../tests/oracle/mod.rs"]
mod oracle;
#[expect(dead_code, clippy::unwrap_used, clippy::panic, reason = "the tests use the rest")]
mod properties;
mod runner;
#[expect(
    dead_code,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a law that does not hold is a panic; the tests use the rest"
)]
mod targets;
#[expect(dead_code, clippy::unwrap_used, reason = "the tests use the rest")]
#[path = "../../tests/language/texts.rs"]
mod texts;
mod worker;

use clap::Parser;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;
use targets::Kind;
use targets::process::Program;
use worker::Task;

/// Put hostile inputs to a part of the program
#[derive(Debug, Clone, Parser)]
#[command(name = "fuzz")]
struct Arguments {
    /// What is tried
    #[arg(long, value_enum)]
    target: Kind,
    /// For how long [default: 1, where no number of executions is given]
    #[arg(long)]
    minutes: Option<f64>,
    /// Which inputs are drawn
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The first execution
    #[arg(long, default_value_t = 0)]
    from: u64,
    /// How many inputs at most
    #[arg(long)]
    executions: Option<u64>,
    /// Run this input once, and no other
    #[arg(long, value_name = "FILE")]
    input: Option<PathBuf>,
    /// Add the figures to this file, as a line of JSON
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    #[arg(long, hide = true)]
    worker: bool,
    #[arg(long, hide = true)]
    keep: bool,
    #[arg(long, hide = true)]
    progress: Option<PathBuf>,
}

fn main() -> ExitCode {
    if Program::is_asked_for() {
        return yardstick::cli::run();
    }
    done(&Arguments::parse()).unwrap_or_else(|why| {
        // Nothing more can be done when even this cannot be written.
        let _ = writeln!(io::stderr(), "error: {why}");
        ExitCode::FAILURE
    })
}

fn done(arguments: &Arguments) -> io::Result<ExitCode> {
    let mut task = task(arguments)?;
    if arguments.worker || arguments.keep {
        let work = if arguments.worker { worker::work } else { worker::keep };
        return worker::with_stack(move || work(&task))?.map(|()| ExitCode::SUCCESS);
    }
    if let Some(file) = &arguments.input {
        let input = std::fs::read(file)?;
        return match worker::with_stack(move || worker::again(task.kind, &input))?? {
            Ok(accepted) => {
                writeln!(io::stdout(), "nothing is found; accepted: {accepted}")?;
                Ok(ExitCode::SUCCESS)
            }
            Err(said) => Err(io::Error::other(said)),
        };
    }
    // What workers leave behind goes with the folder.
    let memory = Path::new("/dev/shm");
    let folder = if memory.is_dir() { tempfile::tempdir_in(memory)? } else { tempfile::tempdir()? };
    task.progress = folder.path().join("progress");
    let figures = runner::run(&task, folder.path())?;
    writeln!(io::stdout(), "{}", figures.line())?;
    if let Some(file) = &arguments.output {
        let mut out = std::fs::OpenOptions::new().create(true).append(true).open(file)?;
        writeln!(out, "{}", serde_json::to_string(&figures)?)?;
    }
    Ok(if figures.found.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn task(arguments: &Arguments) -> io::Result<Task> {
    let minutes = match (arguments.minutes, arguments.executions) {
        (Some(minutes), _) => minutes,
        (None, Some(_)) => 60.0 * 24.0 * 365.0,
        (None, None) => 1.0,
    };
    // In the target folder, beside the folders of the profiles.
    let program = std::env::current_exe()?;
    let target = program.ancestors().nth(3).unwrap_or(Path::new("."));
    Ok(Task {
        kind: arguments.target,
        seed: arguments.seed,
        from: arguments.from,
        until: arguments.executions.map_or(u64::MAX, |most| arguments.from.saturating_add(most)),
        time: Duration::try_from_secs_f64(minutes * 60.0).map_err(io::Error::other)?,
        progress: arguments.progress.clone().unwrap_or_default(),
        kept: target.join("fuzz"),
    })
}
