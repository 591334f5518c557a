//! Results: from counts and standards to judged cells, and from these to bytes. No engine and no
//! file.
//!
//! ```text
//!  counts ──scorecard──▶ cells ──report──▶ bytes
//! ```
//!
//! | room | takes | gives | never |
//! |---|---|---|---|
//! | [`scorecard`] | counts and standards | judged [`scorecard::Cell`]s | knows the engine or the disk |
//! | [`report`] | a card and its cells | bytes, one file a format | computes a number |
//! | [`trial`] | one `test` block | what its rows come to, and what it expected | runs an engine |
//!
//! From the side: [`counts`] (what measuring gives), [`interpreted`] (counts of rows that were
//! evaluated one by one), [`hierarchy`] (the entities of the levels), [`targets`] (what is set for
//! them), [`parallel`] (work that several threads share).

pub mod counts;
pub mod elsewhere;
pub mod hierarchy;
pub mod interpreted;
pub mod parallel;
#[cfg(feature = "report")]
pub mod report;
pub mod scorecard;
pub mod targets;
pub mod trial;
