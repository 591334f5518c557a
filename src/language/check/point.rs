//! A day relative to a window's end, or to its start. Most windows begin and end with a month, so
//! that whole months from there are exact; where months of different lengths leave it open which
//! day is meant, a point is rounded to a later day by who asks how late, and to an earlier one by
//! who asks how early. A week begins on any day of a month, so that no move by months is exact.

use crate::ir::{Period, WindowLength, WindowPoint};

/// The window's end moved by months and then by days.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Point {
    pub(super) months: i64,
    pub(super) days: i64,
    /// Whether the end may be any day of a month.
    pub(super) any_day: bool,
}

/// What two ways to reach a day by months can make: one goes by way of a shorter month.
pub(super) const SHORTER_MONTH: i64 = 3;

/// The fewest days that so many months can have, by years and months.
fn fewest_days(months: i64) -> i64 {
    months / 12 * 365 + months % 12 * 28
}

impl Point {
    /// The end of a window of this length, moved by days.
    pub(super) fn end(window: WindowLength, days: i64) -> Self {
        Self { months: 0, days, any_day: window == WindowLength::Week }
    }

    /// The last day of a window.
    pub(super) fn last_day(window: WindowLength) -> Self {
        Self::end(window, -1)
    }

    /// How late a point of a window is, relative to its end. The year to date has a month at least.
    pub(super) fn latest(point: WindowPoint, window: WindowLength) -> Self {
        let back = |months: i64| Self { months: -months, ..Self::end(window, 0) };
        match (point, window) {
            (WindowPoint::End, _) => Self::end(window, 0),
            (WindowPoint::LastDay, _) | (WindowPoint::Start, WindowLength::Day) => Self::last_day(window),
            (WindowPoint::Start, WindowLength::Week) => Self::end(window, -7),
            (WindowPoint::Start, WindowLength::Months(n)) => back(i64::from(n)),
            (WindowPoint::Start, WindowLength::YearToDate(_) | WindowLength::AllTime) => back(1),
        }
    }

    /// How early a point of a window is: relative to the window's end, but of the year to date, of
    /// which only the start is the same in each, to its start. `None` when it has no beginning.
    pub(super) fn earliest(point: WindowPoint, window: WindowLength) -> Option<Self> {
        match (point, window) {
            (WindowPoint::Start, WindowLength::AllTime) => None,
            (WindowPoint::Start, WindowLength::YearToDate(_)) => Some(Self::default()),
            (WindowPoint::End, WindowLength::YearToDate(_)) => Some(Self { months: 1, ..Self::default() }),
            (WindowPoint::LastDay, WindowLength::YearToDate(_)) => Some(Self { months: 1, days: -1, any_day: false }),
            (WindowPoint::Start | WindowPoint::End | WindowPoint::LastDay, _) => Some(Self::latest(point, window)),
        }
    }

    /// Moved by months and then days, and never too early.
    pub(super) fn plus_at_most(self, months: i64, days: i64) -> Self {
        // A day of the month before the end becomes one of the month before that end, at most its
        // last.
        let with_month = !self.any_day && (-28..0).contains(&self.days);
        let until_last = if with_month { -1 - self.days } else { i64::MAX };
        self.moved(months, days, self.slack(months).min(until_last))
    }

    /// Moved by months and then days, and never too late.
    pub(super) fn plus_at_least(self, months: i64, days: i64) -> Self {
        let way = if self.any_day && months != 0 { SHORTER_MONTH } else { 0 };
        self.moved(months, days, -self.slack(months) - way)
    }

    /// How many days months of different lengths can make. From the first 28 days of the month
    /// after the end, whole months are exact. The last day of a month need not become a last day:
    /// 28 February is a month after 28 January. In whole years only a leap day tells.
    fn slack(self, months: i64) -> i64 {
        match self.days {
            _ if months == 0 => 0,
            _ if self.any_day && months % 12 == 0 => 1,
            _ if self.any_day => 4,
            0..=27 => 0,
            -28..0 if months % 12 == 0 => 1,
            -28..0 => 3,
            _ => 4,
        }
    }

    fn moved(self, months: i64, days: i64, slack: i64) -> Self {
        let days = self.days.saturating_add(days).saturating_add(slack);
        Self { months: self.months.saturating_add(months), days, ..self }
    }

    /// A point that is as late as both.
    pub(super) fn no_earlier_than_both(self, other: Self) -> Self {
        let (more, less) = if self.months >= other.months { (self, other) } else { (other, self) };
        let less_days = less.days.saturating_sub(fewest_days(more.months - less.months));
        Self { months: more.months, days: more.days.max(less_days), ..self }
    }

    /// A point that is as early as both.
    pub(super) fn no_later_than_both(self, other: Self) -> Self {
        let (less, more) = if self.months <= other.months { (self, other) } else { (other, self) };
        let more_days = more.days.saturating_add(fewest_days(more.months - less.months));
        Self { months: less.months, days: less.days.min(more_days), ..self }
    }

    /// The earlier of the two.
    pub(super) fn sooner(self, other: Self) -> Self {
        if self.size() <= other.size() { self } else { other }
    }

    /// The later of the two.
    pub(super) fn later(self, other: Self) -> Self {
        if self.size() >= other.size() { self } else { other }
    }

    /// About how many hundredths of a day it lies after the window's end.
    fn size(self) -> i64 {
        self.months.saturating_mul(3044).saturating_add(self.days.saturating_mul(100))
    }

    /// As something to wait for after the window's end: nothing when the point is before it.
    pub(super) fn wait(self) -> Period {
        let (months, days) = self.length();
        Period { months: u32::try_from(months).unwrap_or(u32::MAX), days: u32::try_from(days).unwrap_or(u32::MAX) }
    }

    /// As months and days that are not negative, and together no shorter.
    pub(super) fn length(self) -> (i64, i64) {
        match (self.months, self.days) {
            (m, d) if m < 0 => (0, d.saturating_sub(fewest_days(-m)).max(0)),
            (m, d) => (m, d.max(0)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::{add_days, add_months};
    use chrono::NaiveDate;

    #[test]
    fn months_from_any_day_are_never_passed_nor_missed() {
        let first = NaiveDate::from_ymd_opt(2019, 1, 1).unwrap();
        let day = |end, point: Point| add_days(add_months(end, point.months).unwrap(), point.days).unwrap();
        for end in (0..=48).map(|n| add_months(first, n).unwrap()) {
            for days in (-100..100).chain((100..800).step_by(9)).chain((-800..-100).step_by(7)) {
                for months in (-37..=37).filter(|n| *n != 0) {
                    let point = Point { days, ..Point::default() };
                    let moved = add_months(day(end, point), months).unwrap();
                    assert!(day(end, point.plus_at_most(months, 0)) >= moved, "{end} {days} {months}");
                    assert!(day(end, point.plus_at_least(months, 0)) <= moved, "{end} {days} {months}");
                }
            }
        }
    }

    #[test]
    fn months_from_a_week_are_never_passed_nor_missed() {
        let first = NaiveDate::from_ymd_opt(2019, 1, 7).unwrap();
        let day = |end, point: Point| add_days(add_months(end, point.months).unwrap(), point.days).unwrap();
        for end in (0..=220).map(|n| add_days(first, 7 * n).unwrap()) {
            for days in [-400, -40, -8, -7, -1, 0, 1, 3, 28, 40, 400] {
                for (one, two) in (-13..=13).flat_map(|one| (-14..=14).map(move |two| (one, two))) {
                    let point = Point { days, any_day: true, ..Point::default() };
                    let moved = add_months(add_months(day(end, point), one).unwrap(), two).unwrap();
                    assert!(
                        day(end, point.plus_at_most(one, 0).plus_at_most(two, 0)) >= moved,
                        "{end} {days} {one} {two}"
                    );
                    assert!(
                        day(end, point.plus_at_least(one, 0).plus_at_least(two, 0)) <= moved,
                        "{end} {days} {one} {two}"
                    );
                }
            }
        }
    }
}
