//! The engine: from case data to counts. The only crate that knows DataFusion.
//!
//! ```text
//!  files ──data──▶ store ─┐
//!                         ▼
//!  typed IR ──plan──▶ LogicalPlan ──run──▶ counts
//! ```
//!
//! | room | takes | gives | never |
//! |---|---|---|---|
//! | [`data`] | files, or the rows a test draws | [`store::Store`], a report on the rest | repairs a row |
//! | [`plan`] | one indicator of the IR, and windows | logical plans, step by step | knows a session or a file |
//! | [`run`] | plans and a store | [`run::Measured`] counts, [`run::Case`]s | sees the text of an indicator |
//!
//! From the side: [`store`] (how tables lie in memory), [`scratch`] (what lies in files when memory
//! is short), [`timing`] (how long the parts of a run take), [`atomic_output`] (files that are not
//! whole yet), [`inputs`] (files that are read).

pub mod atomic_output;
pub mod data;
pub mod inputs;
pub mod plan;
pub mod run;
pub mod scratch;
pub mod store;
pub mod timing;
