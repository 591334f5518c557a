//! The values that stand in tables and come out of expressions.

use chrono::{NaiveDate, NaiveDateTime};

/// A value that is there. Values of one type are in the order in which the language compares them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Value {
    /// True or false.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A text.
    Text(String),
    /// A day.
    Date(NaiveDate),
    /// A local time.
    Time(NaiveDateTime),
    /// The place of a word in its column's list.
    Code(u16),
    /// The number of a row in its table.
    Row(usize),
}

/// A value, or nothing. What a missing value means is said by its expression's
/// [`Missing`](crate::ir::Missing).
pub type Cell = Option<Value>;
