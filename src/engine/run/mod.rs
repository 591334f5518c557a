//! Runs plans on a store: the only room with a `SessionContext`.

mod cases;
mod explain;
mod hierarchy;
mod holidays;
mod lines;
mod measure;
mod other_holders;
mod physical;
mod session;
mod sharing;
mod spill;
mod targets;
mod told;
mod world;

pub use cases::cases;
pub use explain::{Form, explain};
pub use hierarchy::hierarchy;
pub use lines::lines;
pub use measure::{Cost, measure};
pub use session::Settings;
pub use sharing::{Sharing, Use, WindowStrategy, sharing};
pub use world::{why_set_aside, world};
pub use yardstick_results::counts::{Case, CountRow, Counts, Doubt, Measured};

use datafusion::arrow::error::ArrowError;
use datafusion::error::DataFusionError;
use std::fmt;

/// Why a run ended without an answer. The definitions were checked and the data found sound, so
/// this is a fault of ours, or memory ran out.
#[derive(Debug)]
pub struct Error {
    /// The indicator whose plan failed.
    pub indicator: String,
    /// What the engine said.
    pub cause: DataFusionError,
}

/// What is to blame for an [`Error`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Blame {
    /// The memory that may be held is too little, even for going about it frugally.
    Memory,
    /// A scratch file could not be written or read.
    Scratch,
    /// This program.
    Program,
}

impl Error {
    /// What is to blame.
    #[must_use]
    pub fn blame(&self) -> Blame {
        match self.cause.find_root() {
            DataFusionError::ResourcesExhausted(_) => Blame::Memory,
            DataFusionError::IoError(_) => Blame::Scratch,
            DataFusionError::ArrowError(error, _) if matches!(**error, ArrowError::IoError(..)) => Blame::Scratch,
            _ => Blame::Program,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` could not be computed: {}", self.indicator, self.cause.strip_backtrace())
    }
}

impl std::error::Error for Error {}
