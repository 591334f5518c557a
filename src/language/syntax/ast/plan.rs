//! Plans as they are written.

use super::{Name, Quantity, Text};
use crate::source::{Span, Spanned};
use chrono::NaiveDate;

/// `plan timely_meetings of entry_with_timely_meeting { ... }`: its lines as written, so that
/// missing and repeated ones are told apart later.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// Its name.
    pub name: Name,
    /// The indicator whose value shall move.
    pub indicator: Name,
    /// Its lines, in order, each with its place.
    pub lines: Vec<Spanned<PlanLine>>,
    /// The whole declaration.
    pub span: Span,
}

/// One line of a plan.
#[derive(Debug, Clone, PartialEq)]
pub enum PlanLine {
    /// `entity office "O11"`; of the whole without an id.
    Entity { level: Name, id: Option<Text> },
    /// `since 2023-05-01`.
    Since(Spanned<NaiveDate>),
    /// `because "..."`.
    Because(Text),
    /// `expect from 0% in 2023-04 to 75% by 2026-04`.
    Expect(ExpectedPath),
    /// `action "..." owner "..." due 2023-06-30 done 2023-07-10`.
    Action(Action),
}

/// How a value shall move.
#[derive(Debug, Clone, PartialEq)]
pub struct ExpectedPath {
    /// The value at the start.
    pub from: Spanned<Quantity>,
    /// The first day of the month at whose end the value is `from`.
    pub start: Spanned<NaiveDate>,
    /// The value that is to be reached.
    pub to: Spanned<Quantity>,
    /// The first day of the month by whose end it is to be reached.
    pub end: Spanned<NaiveDate>,
}

/// What is done.
#[derive(Debug, Clone, PartialEq)]
pub struct Action {
    /// What.
    pub what: Text,
    /// Who answers for it.
    pub owner: Text,
    /// By when.
    pub due: Spanned<NaiveDate>,
    /// When it was done.
    pub done: Option<Spanned<NaiveDate>>,
}
