//! `yardstick lsp`: serves an editor.

use super::failure::{Done, Exit, Failure};

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
    match yardstick_lsp::serve() {
        Ok(true) => Ok(Exit::Fine),
        Ok(false) => Err(Failure::usage("the editor went away without saying so")),
        Err(problem) => Err(Failure::usage(format!("the editor's message could not be read: {problem}"))),
    }
}
