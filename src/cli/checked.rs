//! `--checked`, the same for every command that reads case data.

use std::path::PathBuf;

/// Where a checked copy of the case data is kept.
#[derive(Debug, Clone, clap::Args)]
#[group(skip)]
pub(super) struct Arguments {
    /// Keep a checked copy of the case data in this folder, and read the copy as long as the case
    /// data and the model stay the same; this is faster, and the result is the same. The copy is
    /// case data, and takes five times the space of the data as Parquet files
    #[arg(id = "checked", long = "checked", value_name = "DIR")]
    pub(super) folder: Option<PathBuf>,
}
