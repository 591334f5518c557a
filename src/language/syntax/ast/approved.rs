//! Approvals.

use super::Text;
use crate::source::Spanned;
use chrono::NaiveDate;

/// Who has agreed to an indicator, when, and to which definition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approved {
    /// Who.
    pub by: Text,
    /// When.
    pub on: Spanned<NaiveDate>,
    /// The meaning hashes of the definition that was approved, as written; none where it is not
    /// said which one it was.
    pub meanings: Vec<Text>,
}
