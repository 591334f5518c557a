//! The chain of one indicator, from the rows of its cohort to its answers.
//!
//! Each step is a function of the [`Context`](context::Context) and the rows it takes. A step that
//! makes rows which others use twice takes the [`Steps`](steps::Steps) too.

mod among;
pub(in crate::plan) mod answer;
mod answer_form;
mod attribution;
mod chain;
mod cohort;
mod contenders;
mod context;
mod counted;
mod each_level;
pub(in crate::plan) mod facts;
mod outcome;
mod pick;
mod quantifier;
pub(in crate::plan) mod slice;
mod split;
mod steps;
mod sums;
mod tallies;
mod unsure;
mod until;
