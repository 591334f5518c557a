//! What the generators take from the row-by-row evaluator.

#[path = "../oracle/instant.rs"]
pub(crate) mod instant;
#[path = "../oracle/months.rs"]
pub(crate) mod months;

pub(crate) use yardstick::interpret::TextTable as Raw;
