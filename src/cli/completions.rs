//! `yardstick completions`: what a shell needs to complete commands and flags.

use super::failure::{Done, Exit, Failure};
use super::output;
use clap::CommandFactory;
use clap_complete::Shell;

/// Print what a shell needs to complete commands and flags
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  yardstick completions bash\n  yardstick completions zsh")]
pub(super) struct Arguments {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

/// Runs the command.
pub(super) fn run(arguments: &Arguments) -> Done {
    let mut bytes = Vec::new();
    clap_complete::aot::generate(arguments.shell, &mut super::Arguments::command(), "yardstick", &mut bytes);
    if bytes.is_empty() {
        return Err(Failure::internal("internal error: the shell has no completions"));
    }
    output::print(&bytes)?;
    Ok(Exit::Fine)
}
