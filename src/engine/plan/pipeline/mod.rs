//! The chain of one indicator, from the rows of its cohort to its answers.
//!
//! Each step is a function of the [`Context`](context::Context) and the rows it takes. A step that
//! makes rows which others use twice takes the [`Steps`](steps::Steps) too.

pub(in crate::plan) mod answer;
mod answer_form;
mod attribution;
mod chain;
mod cohort;
mod contenders;
mod context;
mod count_threshold;
mod counts_by_window;
pub(in crate::plan) mod facts;
mod grouping;
mod linked_aggregate;
mod linked_rows;
mod lost;
mod measures;
mod outcome;
mod per_level;
mod pick;
mod quantifier;
pub(in crate::plan) mod slice;
mod split_by_window;
mod steps;
mod sums;
mod unsure;
