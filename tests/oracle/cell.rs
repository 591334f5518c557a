//! The values that stand in tables and come out of expressions.

use chrono::{NaiveDate, NaiveDateTime};
use std::cmp::Ordering;

/// A value that is there.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Value {
    Bool(bool),
    Int(i64),
    Text(String),
    Date(NaiveDate),
    Time(NaiveDateTime),
    Code(u16),
    Row(usize),
}

impl Value {
    /// Which of two values of one type comes first.
    pub(crate) fn order(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Bool(a), Self::Bool(b)) => a.cmp(b),
            (Self::Int(a), Self::Int(b)) => a.cmp(b),
            (Self::Text(a), Self::Text(b)) => a.cmp(b),
            (Self::Date(a), Self::Date(b)) => a.cmp(b),
            (Self::Time(a), Self::Time(b)) => a.cmp(b),
            (Self::Code(a), Self::Code(b)) => a.cmp(b),
            (Self::Row(a), Self::Row(b)) => a.cmp(b),
            _ => panic!("{self:?} and {other:?} are of different types"),
        }
    }
}

/// A value or nothing; what nothing means is said by the expression's `missing`.
pub(crate) type Cell = Option<Value>;
