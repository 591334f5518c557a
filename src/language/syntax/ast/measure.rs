//! What is measured, as it is written.

use super::{Duration, Expr, Name, Unit};
use crate::source::{Span, Spanned};

/// What is measured, when it is no proportion.
#[derive(Debug, Clone, PartialEq)]
pub enum Measure {
    /// `proportion`: what is measured where nothing is said.
    Proportion,
    /// `rate per 100_000 days`, `rate per 1_000 children`, `rate per 100`.
    Rate { per: Spanned<i64>, unit: Option<Per> },
    /// `count`.
    Count,
    /// `count distinct child`.
    Distinct(Expr),
    /// `mean of V`.
    Mean(Expr),
    /// `percentile 90 of V`; `median of V` is percentile 50. With `, censored at as_of` it is of
    /// the time until something happens.
    Percentile { percent: Spanned<i64>, value: Expr, censored: Option<Expr> },
    /// `incidence of C by 12 months from A to B, censored at as_of`.
    Incidence(Box<Incidence>),
}

/// What a rate is per so much of.
#[derive(Debug, Clone, PartialEq)]
pub enum Per {
    /// Lengths of time.
    Unit(Unit),
    /// Anything else, as it is shown.
    Named(Name),
}

/// The percentage of rows that have ended in one way by some time.
#[derive(Debug, Clone, PartialEq)]
pub struct Incidence {
    /// The end that counts.
    pub of: Expr,
    /// By when.
    pub by: Spanned<Duration>,
    /// The first day.
    pub from: Expr,
    /// The day of the end.
    pub to: Expr,
    /// The last day on which a row is followed.
    pub censored: Option<Expr>,
}

/// What a row adds below the line of a rate, or of a proportion of sums.
#[derive(Debug, Clone, PartialEq)]
pub enum Denominator {
    /// `share of window`: the part of the window's days that the row's stay covers.
    ShareOfWindow(Span),
    /// A number.
    Value(Expr),
}
