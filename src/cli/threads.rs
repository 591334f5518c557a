//! `--threads`, the same for every command that has work for several.

use clap::builder::RangedU64ValueParser;

/// No machine has use for more.
const MOST: u64 = 512;

/// How many threads work at once.
#[derive(Debug, Clone, Copy, clap::Args)]
#[group(skip)]
pub(super) struct Arguments {
    /// How many threads work at once; fewer are slower and leave more of the machine to others, and
    /// the result is the same [default: as many as the machine has]
    #[arg(long = "threads", value_name = "N", value_parser = RangedU64ValueParser::<usize>::new().range(1..=MOST))]
    pub(super) number: Option<usize>,
}
