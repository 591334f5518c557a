//! Runs plans on a store: the only room with a `SessionContext`.

mod cases;
mod directory;
pub mod entity;
mod explain;
mod holidays;
mod measure;
pub mod measured;
mod session;
mod sharing;
mod timeline;

pub use cases::cases;
pub use directory::directory;
pub use entity::UNASSIGNED;
pub use explain::explain;
pub use measure::{Spent, measure};
pub use measured::{Case, Counts, Measured, Part};
pub use session::Settings;
pub use sharing::{Sharing, Use, Way, sharing};

use std::fmt;

/// Why a run ended without an answer. The definitions were checked and the data found sound, so this is a fault of ours, or
/// memory ran out.
#[derive(Debug)]
pub struct Error {
    /// The indicator whose plan failed.
    pub indicator: String,
    /// What the engine said.
    pub cause: datafusion::error::DataFusionError,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` could not be computed: {}", self.indicator, self.cause.strip_backtrace())
    }
}

impl std::error::Error for Error {}
