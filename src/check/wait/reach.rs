//! Points of time relative to the window's end.

use crate::ir::{Period, RowId};

/// The window's end (the first day of a month) moved by months and then by days.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Point {
    pub(super) months: i64,
    pub(super) days: i64,
}

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

/// The fewest days that so many months can have, by years and months.
fn fewest_days(months: i64) -> i64 {
    months / 12 * 365 + months % 12 * 28
}

impl Point {
    /// Moved by months and then days, and never too early.
    ///
    /// From a day within the first month after the end, or from the last day before it, whole months are exact; from
    /// elsewhere months of different lengths may be passed, which is at most four days.
    pub(super) fn plus(self, months: i64, days: i64) -> Self {
        let slack = if months != 0 && !(-1..=26).contains(&self.days) { 4 } else { 0 };
        Self { months: self.months + months, days: self.days + days + slack }
    }

    /// A point that is as late as both.
    pub(super) fn later(self, other: Self) -> Self {
        let (more, less) = if self.months >= other.months { (self, other) } else { (other, self) };
        Self { months: more.months, days: more.days.max(less.days - fewest_days(more.months - less.months)) }
    }

    /// The earlier of the two.
    pub(super) fn sooner(self, other: Self) -> Self {
        let size = |p: Self| p.months * 3044 + p.days * 100;
        if size(self) <= size(other) { self } else { other }
    }

    /// As something to wait for after the window's end: nothing when the point is before it.
    pub(super) fn period(self) -> Period {
        let (months, days) = match (self.months, self.days) {
            (m, d) if m < 0 => (0, (d - fewest_days(-m)).max(0)),
            (m, d) => (m, d.max(0)),
        };
        Period { months: u32::try_from(months).unwrap_or(u32::MAX), days: u32::try_from(days).unwrap_or(u32::MAX) }
    }
}

impl Reach {
    /// The later of the two.
    pub(super) fn later(self, other: Self) -> Self {
        match (self, other) {
            (Self::Never(a), Self::Never(b)) => Self::Never(a.or(b)),
            (Self::Never(row), _) | (_, Self::Never(row)) => Self::Never(row),
            (Self::At(a), Self::At(b)) => Self::At(a.later(b)),
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
            Self::At(point) => Self::At(point.plus(months, days)),
            Self::Past | Self::Never(_) => self,
        }
    }

    /// Whether it has an end.
    pub(super) fn ends(self) -> bool {
        !matches!(self, Self::Never(_))
    }
}
