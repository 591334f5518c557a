//! Yardstick: a small language for performance indicators, and its compiler.
//!
//! ```text
//!  text ──syntax──▶ AST ──check──▶ typed IR ──plan──▶ LogicalPlan ──run──▶ counts ──scorecard──▶ cells ──report──▶ bytes
//!                                                                   ▲
//!                      databases ──▶ files ──data──▶ store ─┘
//! ```
//!
//! # The crates
//!
//! | crate | rooms | never |
//! |---|---|---|
//! | [`yardstick_language`] | [`syntax`], [`format`], [`check`], [`ir`], [`model`], [`describe`], [`functions`], [`measures`], [`interpret`], [`explanation`], [`history`], [`coverage`], [`mutation`], [`skeleton`], [`still_open`], [`sql`], [`ide`], [`diag`] | knows files, threads, arrow or DataFusion |
//! | [`yardstick_results`] | [`scorecard`], [`report`], [`trial`] | knows the engine or a file |
//! | [`yardstick_engine`] | [`data`], [`store`], [`plan`], [`run`] | sees the text of an indicator |
//! | [`yardstick_sources`] | databases: the tables and columns of a model, of one moment, as text | names the engine, or writes a file |
//! | [`yardstick_lsp`] | the language server: the protocol of editors, over the room [`ide`] of the language | names the engine |
//! | `yardstick_playground` | texts in, JSON out, for a page in a browser: language and judged cells without the formats of files | names the engine |
//! | this one | [`cli`]: arguments in, an exit code out | is named by another |
//!
//! Each says what its rooms take and give. A room sees the types of the one before it, and nothing
//! of what that one has removed. The compiler keeps the crates apart, and `tests/tidy.rs` the rooms
//! of each: it says what to do when one names what it must not. All rooms are to be had from here
//! by their names.
//!
//! # Where meaning is written down
//!
//! - `grammar/README.md` tells analysts what every construct means at its boundary, `DATA.md`
//!   beside it how files are read, `RESULTS.md` what the cells say.
//! - [`ir::ExprKind`] says the same of the typed form, missing values included. The plans and the
//!   row-by-row evaluator ([`interpret`]) are two independent readings of it, and the tests compare
//!   them on generated indicators and data, with arithmetic of their own (`tests/oracle`).
//! - `src/language/diag/pages` has a page for every code.
//! - [`describe`] says in English what one indicator means; no two that differ are described alike.
//!
//! No table, column or code of any particular world is known to these crates: they come from the
//! `.ind` files.

pub mod cli;

pub use yardstick_engine::{atomic_output, data, inputs, plan, run, scratch, store, timing};
pub use yardstick_language::{
    calendar, check, coverage, decimal, describe, diag, explanation, format, functions, history, ide, interpret, ir,
    measures, model, mutation, skeleton, source, sql, still_open, syntax, visible, zone,
};
pub use yardstick_results::{counts, elsewhere, hierarchy, interpreted, parallel, report, scorecard, trial};
