//! The language: from text to checked indicators, and what they mean in English. No file, clock,
//! thread, table or engine.
//!
//! ```text
//!  text ──syntax──▶ AST ──check──▶ typed IR ──describe──▶ English
//!                                     └──────interpret──▶ what became of each row
//! ```
//!
//! | room | takes | gives | never |
//! |---|---|---|---|
//! | [`syntax`] | text | [`syntax::ast`], names and spans | fails: what cannot be read is reported and left out |
//! | [`check`] | the ASTs of all files | [`ir::Program`], ids and types, and [`check::references`] of names | sees text or files |
//! | [`describe`] | one indicator of the IR, and the model | what it measures, in English | knows a data row |
//! | [`format`] | text | the same text in its one layout | fails: what cannot be read stays byte for byte |
//! | [`functions`] | the values that a function takes | its type, its value, what is said of it | knows where it is used |
//! | [`measures`] | the expressions of a measure | what a row contributes, the unit of the value | knows how they are found |
//! | [`skeleton`] | the model | the text of a new indicator, to be filled in | checks it |
//! | [`ide`] | the texts of a folder and a place in one | what an editor shows and writes there | knows a protocol, or how an editor counts columns |
//! | [`still_open`] | one indicator of the IR, and the model | the same, with what can still change unknown | knows a data row |
//! | [`sql`] | one indicator of the IR, its text, a day and windows | a query that gives the same cells | says nearly what it cannot say exactly |
//! | [`interpret`] | one indicator of the IR, tables as text | what became of each row, and why | adds rows up |
//! | [`explanation`] | one row, the interpreter, the text | why the row counts as it does, in words | says what the interpreter does not confirm |
//! | [`mutation`] | the texts, and an indicator of them | the indicator with one thing changed | runs a test |
//! | [`coverage`] | one indicator of the IR, what its tests saw | which clauses they have tried | runs a test |
//! | [`history`] | two definitions, or one | made-up rows on which they disagree, or at its edges | reads data |
//!
//! From the side: [`source`] (texts and places), [`diag`] (findings, their codes and pages),
//! [`calendar`] (month arithmetic), [`model`] (tables, links, levels, as data), [`visible`] (text
//! that acts on no terminal), [`zone`] (what clocks show at an instant).
//!
//! [`ir::ExprKind`] says of each typed form what it means, missing values included.

pub mod calendar;
pub mod check;
pub mod coverage;
pub mod decimal;
pub mod describe;
pub mod diag;
pub mod explanation;
pub mod format;
pub mod functions;
pub mod history;
pub mod ide;
pub mod interpret;
pub mod ir;
pub mod measures;
pub mod model;
pub mod mutation;
pub mod skeleton;
pub mod source;
pub mod sql;
pub mod still_open;
pub mod syntax;
pub mod visible;
pub mod zone;
