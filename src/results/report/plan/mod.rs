//! A plan, held against the data, to bytes: what it says in words is laid down once, in [`sheet`].

mod markdown;
mod picture;
mod rows;
pub(in crate::report) mod sheet;
mod text;

pub use markdown::markdown;
pub(in crate::report) use markdown::page;
pub(in crate::report) use picture::svg;
pub use rows::{csv, json};
pub use text::text;
