//! Lengths of windows and waits, which windows a reporting month shows, and which of them are
//! provisional.

use super::{Expr, ExprKind, Indicator, Ty};
use crate::calendar::{Window, add_days, add_months, first_of_month};
use crate::model::TableId;
use chrono::NaiveDate;

/// More days than any definition moves a day by.
const LONGEST: i64 = 1_000_000;

/// The length of a reporting window; every window ends on the last day of a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WindowLength {
    /// The month's last day alone.
    Day,
    /// This many whole calendar months, at least 1.
    Months(u32),
}

impl WindowLength {
    /// The window of this length that ends just before `end`, the first day of a month; `None`
    /// before the year 1.
    #[must_use]
    pub fn ending_before(self, end: NaiveDate) -> Option<Window> {
        let start = match self {
            Self::Day => add_days(end, -1),
            Self::Months(n) => add_months(end, -i64::from(n)),
        }?;
        Some(Window { start, end })
    }
}

/// Months and days to wait: added to a day in this order.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Period {
    /// Calendar months.
    pub months: u32,
    /// Days after those.
    pub days: u32,
}

/// How far before a window's start a row of a table can lie and still matter in the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LookBack {
    /// No further than this.
    UpTo(Period),
    /// Without an end.
    Endless,
}

impl Period {
    /// `date` less this period; `None` before the year 1.
    #[must_use]
    pub fn before(self, date: NaiveDate) -> Option<NaiveDate> {
        add_days(add_months(date, -i64::from(self.months))?, -i64::from(self.days))
    }

    /// `date` plus this period; `None` after the year 9999.
    #[must_use]
    pub fn after(self, date: NaiveDate) -> Option<NaiveDate> {
        add_days(add_months(date, i64::from(self.months))?, i64::from(self.days))
    }
}

impl Indicator {
    /// Whether a window can be shown on data that is complete through `as_of`: when it is final,
    /// and as it stands when it has ended.
    ///
    /// It is final when `window end + follow-up + lag <= as-of + 1 day`, both ends being "the day
    /// after": the window of October is reportable, without follow-up, on data complete through 31
    /// October. The answer to a question about a day that the text names is known once the data has
    /// reached that day.
    #[must_use]
    pub fn reportable(&self, window: Window, as_of: NaiveDate) -> bool {
        self.shown_on(window).is_some_and(|shown| shown <= as_of)
    }

    /// Whether what is shown of a window can still change, but for rows that are reported as
    /// undetermined or unsure.
    #[must_use]
    pub fn is_provisional(&self, window: Window, as_of: NaiveDate) -> bool {
        self.reportable(window, as_of) && self.final_on(window).is_none_or(|day| as_of < day)
    }

    /// The last day through which data must be complete for a window to be shown; `None` after the
    /// year 9999.
    #[must_use]
    pub fn shown_on(&self, window: Window) -> Option<NaiveDate> {
        if !self.as_it_stands {
            return self.final_on(window);
        }
        add_days(self.lag.after(window.end)?, -1)
    }

    /// The last day through which data must be complete for every outcome of a window to be known;
    /// `None` when that never is, or after the year 9999.
    #[must_use]
    pub fn final_on(&self, window: Window) -> Option<NaiveDate> {
        let known = add_days(self.lag.after(self.follow_up?.after(window.end)?)?, -1)?;
        Some(self.named_day().map_or(known, |named| named.max(known)))
    }

    /// The first day from which a table must be complete for a window to be judged. `None` when the
    /// indicator looks back without an end and has no `history`.
    #[must_use]
    pub fn looks_back_to(&self, table: TableId, window: Window) -> Option<NaiveDate> {
        match (self.look_back.get(&table), self.history) {
            (None, _) => Some(window.start),
            (Some(LookBack::UpTo(period)), _) => period.before(window.start),
            (Some(LookBack::Endless), Some(history)) => history.before(window.start),
            (Some(LookBack::Endless), None) => None,
        }
    }

    /// The latest day that the text names. A day in a comparison is moved on by the most by which
    /// the comparison can move its sides.
    #[must_use]
    pub fn named_day(&self) -> Option<NaiveDate> {
        self.expressions().filter_map(named_day).max()
    }

    /// The last `months` windows that are reportable on data that is complete through `as_of`, one
    /// for each month, oldest first.
    #[must_use]
    pub fn windows(&self, as_of: NaiveDate, months: u32) -> Vec<Window> {
        let latest = self.latest_window(as_of);
        let back = |back: i64| self.window.ending_before(add_months(latest?.end, -back)?);
        let mut windows: Vec<_> = (0..i64::from(months)).map_while(back).collect();
        windows.reverse();
        windows
    }

    /// The latest window that is reportable on data that is complete through `as_of`.
    #[must_use]
    pub fn latest_window(&self, as_of: NaiveDate) -> Option<Window> {
        let complete = first_of_month(add_days(as_of, 1)?);
        let follow_up = self.follow_up.filter(|_| !self.as_it_stands).unwrap_or_default();
        let whole = i64::from(follow_up.months + self.lag.months);
        let rest = i64::from((follow_up.days + self.lag.days).div_ceil(28));
        let mut windows =
            (whole..=whole + rest + 1).map_while(|back| self.window.ending_before(add_months(complete, -back)?));
        windows.find(|window| self.reportable(*window, as_of))
    }
}

/// The latest day that an expression names, moved as the expression says.
fn named_day(e: &Expr) -> Option<NaiveDate> {
    match &e.kind {
        ExprKind::Date(day) => Some(*day),
        ExprKind::Shift { date, months, days, .. }
            if matches!(date.kind, ExprKind::Date(_) | ExprKind::Shift { .. }) =>
        {
            let day = named_day(date)?;
            Some(add_months(day, i64::from(*months)).and_then(|d| add_days(d, i64::from(*days))).unwrap_or(day))
        }
        ExprKind::Compare { .. } => {
            let named = e.children().into_iter().filter_map(named_day).max()?;
            Some(add_days(named, moved_at_most(e)).unwrap_or(named))
        }
        _ => e.children().into_iter().filter_map(named_day).max(),
    }
}

/// The most days by which an expression, or a part of it, moves a day or a length of time.
fn moved_at_most(e: &Expr) -> i64 {
    let own = match &e.kind {
        ExprKind::Shift { months, days, .. } => 31 * i64::from(*months).abs() + i64::from(*days).abs() + 1,
        ExprKind::BusinessDay { days, .. } => 7 * i64::from(*days).abs(),
        ExprKind::Int(n) => match e.ty {
            Ty::Years => n.saturating_mul(366),
            Ty::Months => n.saturating_mul(31),
            _ => *n,
        },
        _ => 0,
    };
    let inside = e.children().into_iter().map(moved_at_most).fold(0_i64, i64::saturating_add);
    own.max(0).saturating_add(inside).min(LONGEST)
}
