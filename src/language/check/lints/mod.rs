//! What is probably not meant: lints, a file each, which look at what has been typed. None changes
//! what a definition means.

pub(super) mod asked;
mod boundary;
pub(super) mod conditions;
pub(super) mod exclusions;
pub(super) mod holders;
mod implication;
mod nullable;
pub(super) mod review;
pub(super) mod unused;
