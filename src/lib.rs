//! Yardstick: a small language for performance indicators, and its compiler.
//!
//! ```text
//!  text ──syntax──▶ AST ──check──▶ typed IR ──plan──▶ LogicalPlan ──run──▶ measured counts ──scorecard──▶ cells ──report──▶ bytes
//!                                                                    ▲
//!                                             files ──data──▶ store ─┘
//! ```
//!
//! Each arrow is a room with its own types. A room may name only the rooms before it (`tests/tidy.rs` holds it to that);
//! `source`, `diag`, `calendar` and `model` are read from the side, `cli` drives.

pub mod calendar;
pub mod check;
pub mod cli;
pub mod data;
pub mod diag;
pub mod ir;
pub mod model;
pub mod plan;
pub mod report;
pub mod run;
pub mod scorecard;
pub mod source;
pub mod store;
pub mod syntax;
