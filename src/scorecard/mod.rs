//! Measured counts to judged cells: roll-up, states, bands. Pure arithmetic; knows neither DataFusion nor files.
//!
//! [`judge::cells`] judges; [`row::rows`] gives the rows that files carry, [`Card::new`] the card that people read.

pub mod band;
pub mod card;
pub mod cell;
pub mod judge;
pub mod rollup;
pub mod rounding;
pub mod row;
pub mod words;

pub use crate::run::entity::{Directory, Entity, Selection, UNASSIGNED};
pub use card::{Card, Heading};
pub use cell::{Band, Cell, State};
pub use row::ResultRow;
