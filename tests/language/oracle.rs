//! What the generators take from the row-by-row evaluator.

#[path = "../oracle/cell.rs"]
pub(crate) mod cell;
#[path = "../oracle/cut.rs"]
pub(crate) mod cut;
#[path = "../oracle/instant.rs"]
pub(crate) mod instant;
#[path = "../oracle/months.rs"]
pub(crate) mod months;
#[path = "../oracle/table.rs"]
pub(crate) mod table;
