//! Relations: the rows of an indicator's variables with the columns asked of them, and what is made
//! of such rows.

pub(in crate::plan) mod rows;
mod unread;
pub(in crate::plan) mod verbs;
