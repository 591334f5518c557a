//! What is probably not meant: lints, a file each, which look at what has been typed. None changes
//! what a definition means.

pub(super) mod conditions;
pub(super) mod exclusions;
pub(super) mod holders;
mod implication;
pub(super) mod review;
pub(super) mod unused;
