//! `yardstick lsp`: serves an editor.

use super::failure::{Done, Exit, Failure};
use crate::ir::{Program, Test};
use crate::trial;
use yardstick_lsp::Miss;

/// Serve an editor: findings while typing, what names mean, completion, rename, tests (the Language
/// Server Protocol, over standard input and output)
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  yardstick lsp\n  yardstick lsp --stdio")]
pub(super) struct Arguments {
    /// For editors that say how they are connected; there is no other way
    #[arg(long)]
    stdio: bool,
}

/// Runs the command.
pub(super) fn run(arguments: &Arguments) -> Done {
    // There is one way, whether it is named or not.
    let _ = arguments.stdio;
    match yardstick_lsp::serve(Some(run_test)) {
        Ok(true) => Ok(Exit::Fine),
        Ok(false) => Err(Failure::usage("the editor went away without saying so")),
        Err(problem) => Err(Failure::usage(format!("the editor's message could not be read: {problem}"))),
    }
}

/// Runs a test row by row: an answer comes before somebody waits for it.
fn run_test(program: &Program, test: &Test) -> Result<Vec<Miss>, String> {
    let misses = trial::run(program, test, &trial::one_by_one)?;
    let told =
        |miss: trial::Miss| Miss { span: miss.span, expected: miss.expected, found: miss.found, because: miss.because };
    Ok(misses.into_iter().map(told).collect())
}
