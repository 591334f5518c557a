//! How late a day can be.

use crate::check::point::Point;
use crate::ir::RowId;
use crate::model::{ColumnId, TableId};

/// How late a day can be, or a condition settle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    /// Whatever the window, it is past: a constant, the as-of date, a fact that is known with its
    /// row.
    Past,
    /// At most this late.
    At(Point),
    /// Without an end; with what is to blame, where that is known.
    Never(Option<Why>),
}

/// What comes without an end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Why {
    /// Rows of this variable.
    Rows(RowId),
    /// What a column says.
    Value(ColumnAt),
    /// The as-of date itself.
    AsOf,
}

/// A column of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) struct ColumnAt {
    /// The variable.
    pub(super) row: RowId,
    /// The link by which the row is reached from the variable's, with the table that has the link;
    /// `None` for its own row, and where several links lead to it.
    pub(super) link: Option<(TableId, ColumnId)>,
    pub(super) table: TableId,
    pub(super) column: ColumnId,
}

impl ColumnAt {
    /// The row of the cohort itself.
    pub(super) fn is_of_cohort(&self) -> bool {
        self.row == RowId::COHORT && self.link.is_none()
    }
}

/// What is said of two that go on for ever: rows tell more than a value.
fn either(a: Option<Why>, b: Option<Why>) -> Option<Why> {
    match (a, b) {
        (Some(Why::Rows(_)), _) => a,
        (_, Some(Why::Rows(_))) => b,
        _ => a.or(b),
    }
}

impl Reach {
    /// The later of the two.
    pub(super) fn later(self, other: Self) -> Self {
        match (self, other) {
            (Self::Never(a), Self::Never(b)) => Self::Never(either(a, b)),
            (Self::Never(why), _) | (_, Self::Never(why)) => Self::Never(why),
            (Self::At(a), Self::At(b)) => Self::At(a.no_earlier_than_both(b)),
            (Self::Past, late) | (late, Self::Past) => late,
        }
    }

    /// The earlier of the two.
    pub(super) fn sooner(self, other: Self) -> Self {
        match (self, other) {
            (Self::Past, _) | (_, Self::Past) => Self::Past,
            (Self::At(a), Self::At(b)) => Self::At(a.sooner(b)),
            (Self::At(a), Self::Never(_)) | (Self::Never(_), Self::At(a)) => Self::At(a),
            (Self::Never(a), Self::Never(b)) => Self::Never(either(a, b)),
        }
    }

    /// Moved by months and then days.
    pub(super) fn plus(self, months: i64, days: i64) -> Self {
        match self {
            Self::At(point) => Self::At(point.plus_at_most(months, days)),
            Self::Past | Self::Never(_) => self,
        }
    }

    /// What is to blame when it has no end.
    pub(super) fn why(self) -> Option<Why> {
        if let Self::Never(why) = self { why } else { None }
    }

    /// With what is to blame when it has no end.
    pub(super) fn because(self, why: Why) -> Self {
        if self.ends() { self } else { Self::Never(Some(why)) }
    }

    /// Whether it has an end.
    pub(super) fn ends(self) -> bool {
        !matches!(self, Self::Never(_))
    }
}
