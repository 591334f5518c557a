//! `--raw` and `--excel`, the same for every command that writes CSV.

use super::failure::Failure;
use crate::report::Csv;

/// How CSV is written.
#[derive(Debug, Clone, Copy, clap::Args)]
#[group(skip)]
pub(super) struct Arguments {
    /// CSV for programs: write texts as they are; without this, a text that a spreadsheet would
    /// take for a formula gets a `'` before it
    #[arg(long)]
    raw: bool,
    /// CSV for Excel: begin with a byte order mark, so that Excel reads accents and other scripts
    #[arg(long)]
    excel: bool,
}

impl Arguments {
    /// The form asked for. Of anything else than CSV, none can be asked for.
    pub(super) fn form(self, is_csv: bool) -> Result<Csv, Failure> {
        let Self { raw, excel } = self;
        if !is_csv && (raw || excel) {
            let flag = if raw { "--raw" } else { "--excel" };
            return Err(Failure::usage(format!("`{flag}` says how CSV is written"))
                .help(format!("add `--format csv`, or remove `{flag}`")));
        }
        Ok(Csv { raw, mark: excel })
    }
}
