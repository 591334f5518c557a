//! Days on which something may turn: a few around the ends of a window and of a wait, moved by the
//! lengths of time of a definition. Few, so that the rows of generated data meet on them.

use chrono::NaiveDate;
use rand::RngExt;
use rand::seq::IndexedRandom;
use rand_chacha::ChaCha8Rng;
use yardstick::calendar::{Window, add_days, add_months};
use yardstick::ir::{Expr, ExprKind, Indicator, Ty, WindowLength};
use yardstick::model::Counted;

/// Days around some of these and of a window's, moved by lengths of time that the indicator names.
pub(crate) fn turning(
    rng: &mut ChaCha8Rng,
    indicator: &Indicator,
    window: Window,
    others: &[NaiveDate],
) -> Vec<NaiveDate> {
    let mut lengths = vec![];
    indicator.expressions().for_each(|e| e.walk(&mut |e| lengths.extend(length(e))));
    // The first day of all time is none on which rows turn.
    let start = if indicator.window == WindowLength::AllTime { window.last_day() } else { window.start };
    let of_window = [start, window.last_day(), window.end];
    let mut days: Vec<NaiveDate> = Vec::new();
    for of in [others, &of_window] {
        for day in (0..2).filter_map(|_| of.choose(rng).copied()).collect::<Vec<_>>() {
            let beside = rng.random_range(-1..=1);
            days.extend(add_days(day, if rng.random_bool(0.5) { 0 } else { beside }));
        }
    }
    for day in days.clone() {
        let Some((months, span)) = lengths.choose(rng).copied() else { continue };
        let sign = if rng.random_bool(0.5) { 1 } else { -1 };
        let moved = add_months(day, sign * months).and_then(|day| add_days(day, sign * span));
        let beside = rng.random_range(-2..=1);
        days.extend(moved.and_then(|day| add_days(day, if rng.random_bool(0.4) { 0 } else { beside })));
    }
    days
}

fn length(e: &Expr) -> Option<(i64, i64)> {
    match &e.kind {
        ExprKind::Shift { months, days, minutes, .. } => {
            Some(((*months).into(), i64::from(*days) + i64::from(*minutes) / (24 * 60)))
        }
        ExprKind::BusinessDay { days, .. } => Some((0, (*days).into())),
        ExprKind::Int(n) if (-2_000..2_000).contains(n) => match e.ty {
            Ty::Length(Counted::Years) => Some((12 * n, 0)),
            Ty::Length(Counted::Months) => Some((*n, 0)),
            Ty::Length(Counted::Days | Counted::BusinessDays) => Some((0, *n)),
            Ty::Length(Counted::Hours) => Some((0, *n / 24)),
            _ => None,
        },
        _ => None,
    }
}
