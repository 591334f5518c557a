//! How late a day can be.

use crate::check::point::Point;
use crate::ir::RowId;

/// How late a day can be, or a condition settle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    /// Whatever the window, it is past: a constant, the as-of date, a fact that is known with its row.
    Past,
    /// At most this late.
    At(Point),
    /// Without an end; because of the rows of this quantifier, when it is one.
    Never(Option<RowId>),
}

impl Reach {
    /// The later of the two.
    pub(super) fn later(self, other: Self) -> Self {
        match (self, other) {
            (Self::Never(a), Self::Never(b)) => Self::Never(a.or(b)),
            (Self::Never(row), _) | (_, Self::Never(row)) => Self::Never(row),
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
            (Self::Never(a), Self::Never(b)) => Self::Never(a.or(b)),
        }
    }

    /// Moved by months and then days.
    pub(super) fn plus(self, months: i64, days: i64) -> Self {
        match self {
            Self::At(point) => Self::At(point.plus_at_most(months, days)),
            Self::Past | Self::Never(_) => self,
        }
    }

    /// Whether it has an end.
    pub(super) fn ends(self) -> bool {
        !matches!(self, Self::Never(_))
    }
}
