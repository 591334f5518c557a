//! The chain of one indicator, from the rows of its cohort to its answers.

mod among;
mod amounts;
pub(in crate::plan) mod answer;
mod attribution;
mod cohort;
mod contenders;
mod counted;
mod each_level;
mod quantifier;
pub(in crate::plan) mod slice;
mod split;
mod unsure;
mod until;
