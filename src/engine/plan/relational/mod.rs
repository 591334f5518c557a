//! Relations: the rows of an indicator's row variables with the columns that it reads, and
//! operations on such rows.

pub(in crate::plan) mod lean;
pub(in crate::plan) mod row_variables;
mod unknown;
pub(in crate::plan) mod verbs;
