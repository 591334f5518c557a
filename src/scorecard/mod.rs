//! Measured counts to judged cells: roll-up, states, bands. Pure arithmetic; knows neither DataFusion nor files.

pub mod cell;
pub mod entity;
pub mod judge;
pub mod row;

pub use cell::{Band, Cell, State};
pub use entity::{Directory, Entity};
pub use row::ResultRow;
