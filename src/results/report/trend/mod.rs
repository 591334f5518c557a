//! A measure over its windows to bytes, one file per form.

mod frame;
mod picture;
mod rows;
mod text;

pub use picture::{page, svg};
pub use rows::{csv, json};
pub use text::text;
