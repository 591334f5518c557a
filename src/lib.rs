//! Yardstick: a small language for performance indicators, and its compiler.
//!
//! ```text
//!  text ──syntax──▶ AST ──check──▶ typed IR ──plan──▶ LogicalPlan ──run──▶ counts ──scorecard──▶ cells ──report──▶ bytes
//!                                                                   ▲
//!                                            files ──data──▶ store ─┘
//! ```
//!
//! # The rooms
//!
//! Each arrow is a room with types of its own; the next room cannot see what the one before has removed. `tests/tidy.rs` holds
//! the rooms to this table, and says what to do when one names what it must not.
//!
//! | room | takes | gives | never |
//! |---|---|---|---|
//! | [`syntax`] | text | [`syntax::ast`], names and spans | fails: what cannot be read is reported and left out |
//! | [`check`] | the ASTs of all files | [`ir::Program`], ids and types | sees text, files or the engine |
//! | [`data`] | files, or the rows a test draws | [`store::Store`], a report on the rest | repairs a row |
//! | [`plan`] | one indicator of the IR, and windows | logical plans, step by step | knows a session or a file |
//! | [`run`] | plans and a store | [`run::Measured`] counts, [`run::Case`]s | sees names or text |
//! | [`scorecard`] | counts and standards | judged [`scorecard::Cell`]s | knows the engine or the disk |
//! | [`report`] | a card and its cells | bytes, one file a format | computes a number |
//! | [`describe`] | one indicator of the IR, and the model | what it measures, in English | knows an engine, a file or a data row |
//! | [`cli`] | arguments | an exit code | is named by another room |
//!
//! From the side: [`source`] (texts and places), [`diag`] (findings, their codes and pages), [`calendar`] (month arithmetic),
//! [`model`] (tables, links, levels, as data), [`store`] (how tables lie in memory),
//! [`scratch`] (what lies in files when memory is short), [`stages`] (how long the parts of a run take), [`turns`] (work that several threads
//! share), [`unfinished`] (files that are not whole yet), [`inputs`] (files that are read), [`visible`] (text that acts on no terminal), [`zone`] (what clocks show at an instant).
//!
//! # Where meaning is written down
//!
//! - `grammar/README.md` tells analysts what every construct means at its boundary.
//! - [`ir::ExprKind`] says the same of the typed form, missing values included. The plans and the row-by-row evaluator in
//!   `tests/oracle` are two independent readings of it, and the tests compare them on generated indicators and data.
//! - `src/diag/pages` has a page for every code.
//! - [`describe`] says in English what one indicator means; no two that differ are described alike.
//!
//! No table, column or code of any particular world is known to this crate: they come from the `.ind` files.

pub mod calendar;
pub mod check;
pub mod cli;
pub mod data;
pub mod describe;
pub mod diag;
pub mod inputs;
pub mod ir;
pub mod model;
pub mod plan;
pub mod report;
pub mod run;
pub mod scorecard;
pub mod scratch;
pub mod source;
pub mod stages;
pub mod store;
pub mod syntax;
pub mod turns;
pub mod unfinished;
pub mod visible;
pub mod zone;
