//! Tests as they are written: drawn tables, and what is expected of them.

use super::{Name, Text};
use crate::decimal::Decimal;
use crate::source::{Span, Spanned};
use chrono::NaiveDate;

/// A `test` block.
#[derive(Debug, Clone, PartialEq)]
pub struct Test {
    /// The indicator under test.
    pub indicator: Name,
    /// What it shows.
    pub title: Text,
    /// The drawn tables.
    pub tables: Vec<DrawnTable>,
    /// `as of 2026-01-31`; without it, the data is complete for every window asked for.
    pub as_of: Option<Spanned<NaiveDate>>,
    /// What must hold, in order.
    pub expects: Vec<Spanned<Expect>>,
    /// The whole block.
    pub span: Span,
}

/// A table drawn with `|`.
#[derive(Debug, Clone, PartialEq)]
pub struct DrawnTable {
    /// The table.
    pub table: Name,
    /// The columns of its head line, named as in the language (`child`, not `child_id`).
    pub columns: Vec<Name>,
    /// Its rows; an empty cell is a missing value. Each row has its place.
    pub rows: Vec<Spanned<Vec<Spanned<String>>>>,
}

/// One `expect` line.
#[derive(Debug, Clone, PartialEq)]
pub enum Expect {
    /// `expect window ending 2024-12-31: 1 of 2, 1 undetermined, 0 excluded, 1 unsure`.
    Window { last_day: Spanned<NaiveDate>, of: Option<EntityName>, group: Option<GroupName>, figures: Figures },
    /// `expect window ending 2026-10-31: not observable`.
    NotObservable { last_day: Spanned<NaiveDate>, of: Option<EntityName>, group: Option<GroupName> },
    /// `expect r1 met held by w1`: in the window, of the entity and the group, of the nearest
    /// `expect window` line above.
    Row { id: Spanned<String>, outcome: Outcome, held_by: Option<Spanned<String>> },
}

/// `in unit u1`: an entity by its level and id.
#[derive(Debug, Clone, PartialEq)]
pub struct EntityName {
    /// The level.
    pub level: Name,
    /// The entity's id.
    pub id: Spanned<String>,
}

/// `of age "under 1"`: a group by its breakdown and its value.
#[derive(Debug, Clone, PartialEq)]
pub struct GroupName {
    /// The breakdown.
    pub breakdown: Name,
    /// The group, as it is shown.
    pub value: Text,
}

/// The figures expected of a window.
#[derive(Debug, Clone, PartialEq)]
pub struct Figures {
    /// What stands before `of`.
    pub first: Spanned<ExpectedFigure>,
    /// Below the line.
    pub of: Spanned<Decimal>,
    /// `1 undetermined`.
    pub undetermined: Option<i64>,
    /// `2 excluded`.
    pub excluded: Option<i64>,
    /// `1 unsure`.
    pub unsure: Option<i64>,
    /// `provisional`, where it stands.
    pub provisional: Option<Span>,
    /// `green`, `no colour`.
    pub colour: Option<Spanned<Colour>>,
}

/// The colour expected of a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Colour {
    /// `green`.
    Green,
    /// `yellow`.
    Yellow,
    /// `red`.
    Red,
    /// `no colour`.
    None,
}

/// The first figure expected of a window.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ExpectedFigure {
    /// `1 of 2`: what is above the line.
    Above(Decimal),
    /// `value 12.5 of 4`: the value.
    Value(Decimal),
    /// `not estimable of 4`: there is no value.
    NotEstimable,
}

/// What became of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Its value is part of a mean, a median or a percentile.
    Counted,
    /// Counted above and below the line.
    Met,
    /// Counted below the line only.
    Unmet,
    /// Counted below the line; whether it is met is not known.
    Undetermined,
    /// Taken out, for the named reason when one is given.
    Excluded(Option<Text>),
    /// Not known whether it belongs below the line.
    Unsure,
    /// Not a row of the cohort in this window (`not counted`).
    NotCounted,
}
