//! `yardstick explain`: the page of a code, or what an indicator reads, waits for and runs.

use super::stop::{Done, Exit, Stop};
use super::{definitions, output};
use crate::diag;
use std::path::PathBuf;

/// Explain an error code, or how an indicator is computed
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// A code such as E0101, or the id of an indicator
    #[arg(value_name = "INDICATOR|CODE")]
    what: String,
    /// Files or folders with definitions [default: indicators]
    #[arg(long, value_name = "PATH")]
    indicators: Vec<PathBuf>,
}

/// Runs the command.
pub(super) fn run(arguments: &Arguments) -> Done {
    if is_code(&arguments.what) {
        let page = diag::code::page(&arguments.what).ok_or_else(|| unknown_code(&arguments.what))?;
        output::say(page)?;
        return Ok(Exit::Fine);
    }
    let (_, program) = definitions::load(&arguments.indicators)?.sound()?;
    let (_, _indicator) = definitions::indicator(&program, &arguments.what)?;
    Ok(Exit::Fine)
}

/// A letter and digits: `E0203`, `w0101`.
fn is_code(what: &str) -> bool {
    let mut letters = what.chars();
    letters.next().is_some_and(|c| matches!(c, 'E' | 'e' | 'W' | 'w'))
        && what.len() > 1
        && letters.all(|c| c.is_ascii_digit())
}

fn unknown_code(code: &str) -> Stop {
    let known: Vec<_> = diag::code::ALL.iter().map(|(c, _)| c.as_str()).collect();
    Stop::usage(format!("there is no code `{code}`")).help(diag::suggest::help(code, "codes", &known))
}
