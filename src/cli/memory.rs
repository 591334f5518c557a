//! `--memory` and `--scratch`, the same for every command that reads case data.

use super::failure::Failure;
use super::output::reason;
use crate::scratch::Scratch;
use bytesize::ByteSize;
use std::env;
use std::path::{Path, PathBuf};

/// With less, nothing of any size can be done.
const LEAST: ByteSize = ByteSize::mib(64);

/// How much memory there is.
#[derive(Debug, Clone, clap::Args)]
#[group(skip)]
pub(super) struct Arguments {
    /// Use about this much memory (`1GiB`, `800MiB`) and put the rest in scratch files, for data
    /// that is larger than the memory of the machine; indicators are then run one after the other,
    /// and the result is the same [default: everything in memory]
    #[arg(long, value_name = "SIZE", value_parser = size)]
    memory: Option<ByteSize>,
    /// Folder for the scratch files, on a disk with room for ten times the size of the data as
    /// Parquet files [default: the system's folder for large temporary files]
    #[arg(long, value_name = "DIR", requires = "memory")]
    scratch: Option<PathBuf>,
}

impl Arguments {
    /// Where what is read lies.
    pub(super) fn scratch(&self) -> Result<Scratch, Failure> {
        let Some(memory) = self.memory else { return Ok(Scratch::default()) };
        let folder = self.scratch.clone().unwrap_or_else(usual);
        let memory = usize::try_from(memory.as_u64()).unwrap_or(usize::MAX);
        Scratch::new(&folder, memory).map_err(|error| {
            Failure::usage(format!("no scratch file can be made in `{}`: {}", folder.display(), reason(&error)))
                .help("name another folder with `--scratch`")
        })
    }
}

/// Where large temporary files go: what people set for it, else a folder that is on a disk on every
/// usual system (the one for small ones may lie in memory).
pub(super) fn usual() -> PathBuf {
    let large = Path::new("/var/tmp");
    if env::var_os("TMPDIR").is_none() && large.is_dir() { large.to_owned() } else { env::temp_dir() }
}

/// A size as an argument.
fn size(text: &str) -> Result<ByteSize, String> {
    let how = "write a number and a unit, like `1GiB` or `800MiB`";
    let size: ByteSize = text.parse().map_err(|_| format!("`{text}` is not a size; {how}"))?;
    if size < LEAST {
        return Err(format!("{} is too little for anything: at least {LEAST} are needed; {how}", size));
    }
    Ok(size)
}
