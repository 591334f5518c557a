//! What is fuzzed: each target draws an input by a seed and the number of an execution, and puts it
//! to a part of the program. A law that does not hold is a panic; a test draws a few inputs of
//! each.

mod bytes;
mod check;
mod csv;
mod engine;
mod folder;
mod format;
mod ind;
mod lsp;
mod parquet;
mod parse;
pub(crate) mod process;
mod settings;
mod target;
mod thrift;
mod workbook;

use process::{HANG, Program};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use std::time::Duration;
pub(crate) use target::Target;
// What tests are run by, which `check` takes from here.
use yardstick::trial;

/// The targets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Kind {
    /// The grammar, and what is read of a text with mistakes
    Parse,
    /// The layout: nothing changes but blanks, and nothing changes twice
    Format,
    /// The checker, all forms of its findings, descriptions, queries and tests
    Check,
    /// Generated indicators and data, by the engine and row by row
    Engine,
    /// Case data as CSV
    Csv,
    /// Case data as Parquet
    Parquet,
    /// Case data in workbooks
    Workbook,
    /// `yardstick.toml` and `dataset.toml`
    Settings,
    /// The language server
    Lsp,
}

impl Kind {
    /// All of them.
    pub(crate) const ALL: [Self; 9] = [
        Self::Parse,
        Self::Format,
        Self::Check,
        Self::Engine,
        Self::Csv,
        Self::Parquet,
        Self::Workbook,
        Self::Settings,
        Self::Lsp,
    ];

    /// Its name, as `--target` takes it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Parse => "parse",
            Self::Format => "format",
            Self::Check => "check",
            Self::Engine => "engine",
            Self::Csv => "csv",
            Self::Parquet => "parquet",
            Self::Workbook => "workbook",
            Self::Settings => "settings",
            Self::Lsp => "lsp",
        }
    }

    /// How much of a processor's time one input may take. One of the engine is a hundred pairs and
    /// more.
    pub(crate) fn longest(self) -> Duration {
        if self == Self::Engine { 30 * HANG } else { HANG }
    }

    /// The target, ready to run; `program` is started where a whole process is tried.
    pub(crate) fn open(self, program: &Program) -> Box<dyn Target> {
        match self {
            Self::Parse => Box::new(parse::Parse::new()),
            Self::Format => Box::new(format::Format::new()),
            Self::Check => Box::new(check::Check::new()),
            Self::Engine => Box::new(engine::Engine),
            Self::Csv => Box::new(csv::Csv::new()),
            Self::Parquet => Box::new(parquet::Parquet::new()),
            Self::Workbook => Box::new(workbook::Workbook::new()),
            Self::Settings => Box::new(settings::Settings::new(program)),
            Self::Lsp => Box::new(lsp::Lsp::new(program)),
        }
    }
}

/// The input of an execution: the same for the same seed and number.
pub(crate) fn input(target: &dyn Target, seed: u64, execution: u64) -> Vec<u8> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    rng.set_stream(execution);
    target.draw(&mut rng)
}

/// A number that depends on all bytes of an input: it chooses what is not said in the input.
fn choice(input: &[u8], of: u64) -> u64 {
    // FNV-1a: the same on every machine.
    let hash = input.iter().fold(0xcbf2_9ce4_8422_2325_u64, |h, b| (h ^ u64::from(*b)).wrapping_mul(0x100_0000_01b3));
    (hash >> 17) % of
}
