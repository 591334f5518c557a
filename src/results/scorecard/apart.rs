//! The windows of a measure that share no rows: what a scorecard that hides counts may show.
//!
//! Windows that overlap give away what each hides: the twelve months through October less those
//! through September are one October less another. So such a scorecard shows of each indicator only
//! windows on a fixed grid, on which no two overlap: of `12 months` the calendar years, of a
//! quarter the quarters. The grid is of the calendar, not of the latest window: whoever publishes
//! in October and again in November, from another folder or with more months, shows the same
//! windows again or windows that have no row in common with them. Of windows without a common row,
//! what is known of one says nothing of another, and each is suppressed by itself.
//!
//! - *Rows that the window dates* (`removed_on in window`) are each in one window of the grid.
//! - *Rows that are there for a while* (`open on window.last_day`) are in several, however far
//!   apart. Of them one window a year is shown. What can be worked out from two of them is how many
//!   more came than went; how many came, went or stayed, never: any number up to the smaller of the
//!   two may have stayed. Shown month after month, the difference would often be one row that came
//!   or went, for whoever knows that no other did.
//! - *From the first day of a year to date* only the whole year is shown; of *all time* nothing, as
//!   each window holds all rows of the one before.
//!
//! A window that can still change is not shown: shown again, it would give away what changed.

use chrono::{Datelike, NaiveDate};
use yardstick_language::calendar::{Window, add_days, add_months};
use yardstick_language::ir::{ExprKind, Indicator, WindowLength};

/// The months of a year: windows of rows that are there for a while are as far apart.
const YEAR: u32 = 12;

/// How far the windows that are shown are apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Spacing {
    /// Windows share no row, each can be shown.
    None,
    /// This many months lie between the ends of two.
    Months(u32),
    /// All windows have rows in common.
    Never,
}

impl Spacing {
    fn of(indicator: &Indicator) -> Self {
        let dated = dates_its_rows(indicator);
        match indicator.window {
            WindowLength::Day | WindowLength::Week if dated => Self::None,
            WindowLength::Months(n) if dated && n > 0 && YEAR.is_multiple_of(n) => Self::Months(n),
            WindowLength::Day | WindowLength::Week | WindowLength::YearToDate(_) => Self::Months(YEAR),
            WindowLength::Months(n) => Self::Months(n.div_ceil(YEAR).max(1) * YEAR),
            WindowLength::AllTime => Self::Never,
        }
    }
}

/// Whether no window of an indicator can be shown beside another, now or later.
#[must_use]
pub fn is_never(indicator: &Indicator) -> bool {
    Spacing::of(indicator) == Spacing::Never
}

/// Whether a window of an indicator is one of those that share no rows.
#[must_use]
pub fn is_apart(indicator: &Indicator, window: Window) -> bool {
    let months = match Spacing::of(indicator) {
        Spacing::None => return true,
        Spacing::Never => return false,
        Spacing::Months(months) => months,
    };
    let last = window.last_day();
    // Of the weeks of a month, the last.
    let is_last = indicator.window != WindowLength::Week
        || add_days(last, 7).is_none_or(|next| (next.year(), next.month()) != (last.year(), last.month()));
    let number = i64::from(last.year()) * i64::from(YEAR) + i64::from(last.month());
    is_last && (number - i64::from(last_month(indicator))).rem_euclid(i64::from(months)) == 0
}

/// The windows that are shown of those that end in the last `months` months, oldest first; of a
/// single month the latest. None when there is none yet, or never is one.
#[must_use]
pub fn windows(indicator: &Indicator, through: NaiveDate, months: u32) -> Vec<Window> {
    let reach = match Spacing::of(indicator) {
        Spacing::None => 1,
        Spacing::Months(months) => months,
        Spacing::Never => return Vec::new(),
    };
    // What is shown as it stands can still change.
    let settled = Indicator { as_it_stands: false, ..indicator.clone() };
    let mut shown = settled.windows(through, months.saturating_add(reach));
    shown.retain(|window| is_apart(indicator, *window));
    let Some(latest) = shown.last().copied() else { return shown };
    let after = add_months(latest.end, -i64::from(months));
    shown.retain(|window| *window == latest || months > 1 && after.is_none_or(|after| after < window.end));
    shown
}

/// Whether each row of the cohort is in one window by a day of its own.
fn dates_its_rows(indicator: &Indicator) -> bool {
    let moves = |kind: &ExprKind| matches!(kind, ExprKind::InWindow(_) | ExprKind::Window(_) | ExprKind::AsOf);
    let dates = |kind: &ExprKind| matches!(kind, ExprKind::InWindow(day) if !day.has(&|e| moves(&e.kind)));
    indicator.cohort.condition.conjuncts().into_iter().any(|e| dates(&e.kind))
}

/// The month of a year with which a window of the grid ends: December, or the last of those that
/// the definition names.
fn last_month(indicator: &Indicator) -> u32 {
    match indicator.window {
        WindowLength::YearToDate(first) => (first + YEAR - 2) % YEAR + 1,
        WindowLength::Week | WindowLength::AllTime => YEAR,
        WindowLength::Day | WindowLength::Months(_) => indicator.ends.months().last().unwrap_or(YEAR),
    }
}
