//! A relation of two measures to bytes, one file per form.

mod picture;
mod rows;
pub(in crate::report) mod text;

pub use picture::{page, svg};
pub use rows::{csv, json};
pub use text::text;
