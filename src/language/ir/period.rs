//! Lengths of windows and waits, which windows a reporting month shows, and which of them are
//! provisional.

use super::{Expr, ExprKind, Indicator, Ty, WindowLength};
use crate::calendar::{Window, add_days, add_months};
use crate::model::{Counted, TableId};
use chrono::NaiveDate;

/// More days than months of different lengths can make in a wait of months and days.
const SHORTER: i64 = 40;

/// More days than any definition moves a day by.
const LONGEST: i64 = 1_000_000;

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
            (None, _) => Some(self.begins(window)),
            (Some(LookBack::UpTo(period)), _) => period.before(self.looks_from(window)),
            (Some(LookBack::Endless), Some(history)) => history.before(self.looks_from(window)),
            (Some(LookBack::Endless), None) => None,
        }
    }

    /// The day from which data must be complete so that the window itself is: its first. Of all
    /// time, which has none, as far back from its end as `history` says.
    #[must_use]
    pub fn begins(&self, window: Window) -> NaiveDate {
        let history = self.history.filter(|_| self.window == WindowLength::AllTime);
        history.and_then(|history| history.before(window.end)).unwrap_or(window.start)
    }

    /// The day from which looking back is counted: the window's first, and of all time, which has
    /// none, its end.
    #[must_use]
    pub fn looks_from(&self, window: Window) -> NaiveDate {
        match self.window {
            WindowLength::AllTime => window.end,
            WindowLength::Day | WindowLength::Week | WindowLength::Months(_) | WindowLength::YearToDate(_) => {
                window.start
            }
        }
    }

    /// The latest day that the text names. A day in a comparison is moved on by the most by which
    /// the comparison can move its sides.
    #[must_use]
    pub fn named_day(&self) -> Option<NaiveDate> {
        self.expressions().filter_map(named_day).max()
    }

    /// The window of this indicator that ends on this day, if one does.
    #[must_use]
    pub fn window_ending(&self, last_day: NaiveDate) -> Option<Window> {
        if self.ends_on(last_day) { self.window.ending_before(add_days(last_day, 1)?) } else { None }
    }

    /// Whether windows of this indicator end on this day.
    #[must_use]
    pub fn ends_on(&self, last_day: NaiveDate) -> bool {
        add_days(last_day, 1).is_some_and(|end| self.window.may_end_before(end)) && self.ends.on(last_day)
    }

    /// On which days its windows end: `weeks end on a Sunday`.
    #[must_use]
    pub fn ends_in_words(&self) -> String {
        if self.window == WindowLength::Week {
            return "weeks end on a Sunday".to_owned();
        }
        if self.ends.are_all() {
            return "windows end on the last day of a month".to_owned();
        }
        format!("these windows end on the last day of {}", self.ends.in_words())
    }

    /// The windows that end in the last `months` months, oldest first: the latest that is
    /// reportable on data that is complete through `as_of`, and those that end less than so many
    /// months before. Of a single month the latest alone.
    #[must_use]
    pub fn windows(&self, as_of: NaiveDate, months: u32) -> Vec<Window> {
        let Some(latest) = self.latest_window(as_of) else { return Vec::new() };
        let after = add_months(latest.end, -i64::from(months)).filter(|_| months > 1);
        let earlier = std::iter::successors(Some(latest.end), |end| self.window.previous_end(*end)).skip(1);
        // Before the year 1 there is no month to stop at.
        let earlier = earlier.take_while(|end| months > 1 && after.is_none_or(|after| after < *end));
        let shown = earlier.filter_map(|end| self.window_ending(add_days(end, -1)?));
        let mut windows: Vec<_> = std::iter::once(latest).chain(shown).collect();
        windows.reverse();
        windows
    }

    /// The latest window that is reportable on data that is complete through `as_of`.
    #[must_use]
    pub fn latest_window(&self, as_of: NaiveDate) -> Option<Window> {
        let follow_up = self.follow_up.filter(|_| !self.as_it_stands).unwrap_or_default();
        let whole = i64::from(follow_up.months + self.lag.months);
        let days = i64::from(follow_up.days + self.lag.days);
        // No window that ends later can be reported: a month more than the wait is let go.
        let latest = add_months(add_days(add_days(as_of, 1)?, SHORTER - days).unwrap_or(as_of), -whole)?;
        let earliest = add_days(latest, -2 * SHORTER).and_then(|day| add_months(day, -14)).unwrap_or(NaiveDate::MIN);
        let ends = std::iter::successors(self.window.latest_end(latest), |end| self.window.previous_end(*end));
        ends.take_while(|end| earliest < *end)
            .filter_map(|end| self.window_ending(add_days(end, -1)?))
            .find(|window| self.reportable(*window, as_of))
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
        ExprKind::Shift { months, days, minutes, .. } => {
            let clock = i64::from(*minutes).abs() / (24 * 60);
            31 * i64::from(*months).abs() + i64::from(*days).abs() + clock + 1
        }
        ExprKind::BusinessDay { days, .. } => 7 * i64::from(*days).abs(),
        ExprKind::Int(n) => match e.ty {
            Ty::Length(Counted::Years) => n.saturating_mul(366),
            Ty::Length(Counted::Months) => n.saturating_mul(31),
            Ty::Length(Counted::BusinessDays) => n.saturating_mul(7),
            Ty::Length(Counted::Hours) => n / 24 + 1,
            Ty::Length(Counted::Minutes) => n / (24 * 60) + 1,
            // No day is moved by one.
            Ty::Decimal(_) => 0,
            _ => *n,
        },
        _ => 0,
    };
    let inside = e.children().into_iter().map(moved_at_most).fold(0_i64, i64::saturating_add);
    own.max(0).saturating_add(inside).min(LONGEST)
}
