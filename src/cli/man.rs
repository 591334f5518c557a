//! `yardstick man`: manual pages, one for the program and one for each command.

use super::failure::{Done, Exit, Failure};
use super::output::{self, Target, reason};
use clap::{Command, CommandFactory};
use clap_mangen::Man;
use std::fs;
use std::path::PathBuf;

/// Print the manual page of the program, or write those of all commands into a folder
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  yardstick man\n  yardstick man -o share/man/man1")]
pub(super) struct Arguments {
    /// Write the pages of the program and of each command into this folder, made when it is not
    /// there: `yardstick.1`, `yardstick-scorecard.1` and so on; pages that are there are replaced
    #[arg(short, long, value_name = "DIR")]
    output: Option<PathBuf>,
}

/// Runs the command.
pub(super) fn run(arguments: &Arguments) -> Done {
    let mut program = super::Arguments::command();
    program.build();
    let Some(folder) = &arguments.output else {
        output::print(&page(&program)?)?;
        return Ok(Exit::Fine);
    };
    let refused =
        |e: &std::io::Error| Failure::usage(format!("`{}` cannot be written: {}", folder.display(), reason(e)));
    fs::create_dir_all(folder).map_err(|e| refused(&e))?;
    let mut written = 0;
    for command in std::iter::once(&program).chain(program.get_subcommands()) {
        let name = command.get_display_name().unwrap_or(command.get_name());
        let bytes = page(command)?;
        Target::open(Some(&folder.join(format!("{name}.1"))))?.write(|out| out.write_all(&bytes))?;
        written += 1;
    }
    output::say(&format!("{written} pages in {}\n", folder.display()))?;
    Ok(Exit::Fine)
}

fn page(command: &Command) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let drawn = Man::new(command.clone()).render(&mut bytes);
    drawn.map_err(|e| Failure::internal(format!("internal error: {e}")))?;
    Ok(bytes)
}
