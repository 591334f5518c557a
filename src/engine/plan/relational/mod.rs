//! Relations: the rows of an indicator's variables with the columns asked of them, and what is made
//! of such rows.

pub(in crate::plan) mod row_variables;
mod unknown;
pub(in crate::plan) mod verbs;
