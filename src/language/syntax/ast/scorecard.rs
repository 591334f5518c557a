//! Scorecards as they are written.

use super::{Name, Text};
use crate::source::Spanned;

/// `scorecard tier_1 "Tier I" { safety: a, b  permanency: c }`.
#[derive(Debug, Clone, PartialEq)]
pub struct Scorecard {
    /// Its id.
    pub name: Name,
    /// Its heading.
    pub title: Option<Text>,
    /// Domains with their indicators, in the order of the columns.
    pub rows: Vec<(Name, Vec<Name>)>,
    /// `hide counts under 11`.
    pub hide_under: Option<Spanned<i64>>,
    /// `split by age, sex`.
    pub split_by: Vec<Name>,
}
