//! Which rows a command is about: those of an indicator, of an entity, in one of the hierarchies.

use super::{case_data, definitions};

/// The same for every command that is about the rows behind a cell.
#[derive(Debug, clap::Args)]
#[group(skip)]
pub(super) struct Arguments {
    /// The id of an indicator
    pub(super) indicator: String,
    #[command(flatten)]
    pub(super) definitions: definitions::Arguments,
    #[command(flatten)]
    pub(super) data: case_data::Arguments,
    /// Of this entity: its id, or a name that no other has [default: the whole]
    #[arg(long, value_name = "ID|NAME")]
    pub(super) entity: Option<String>,
    /// In this hierarchy of levels [default: the first in which the indicator is shown, or the only
    /// one that has the level]
    #[arg(long, value_name = "NAME")]
    pub(super) levels: Option<String>,
}
