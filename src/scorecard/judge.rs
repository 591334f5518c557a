//! Counts and a standard to a state, a value and a band.

use super::band::{Share, band};
use super::cell::{Cell, State};
use super::rollup::Totals;
use crate::calendar::Window;
use crate::ir::{Indicator, Measure, Program};
use crate::run::entity::Directory;
use crate::run::measured::{Counts, Measured};
use chrono::NaiveDate;
use std::collections::BTreeSet;

/// Judges everything that was measured, for every entity of these levels.
///
/// In the order of `measured`, then of the directory (so level by level), then of the windows, oldest first.
/// `complete_from` is the first day the data is complete from; `bad` names the indicators that read a table of which
/// too many rows were set aside.
#[must_use]
pub fn cells(
    program: &Program,
    directory: &Directory,
    measured: &[Measured],
    as_of: NaiveDate,
    complete_from: Option<NaiveDate>,
    bad: &BTreeSet<usize>,
    levels: &[usize],
) -> Vec<Cell> {
    let mut cells = Vec::new();
    for one in measured {
        let Some(indicator) = program.indicators.get(one.indicator) else { continue };
        let totals = Totals::of(one, directory, levels);
        let withheld: Vec<Option<State>> = one
            .windows
            .iter()
            .map(|&window| withheld(indicator, window, as_of, complete_from, bad.contains(&one.indicator)))
            .collect();
        let shown = directory.entities.iter().enumerate().filter(|(_, e)| levels.contains(&e.level));
        for (entity, _) in shown {
            for (w, (&window, withheld)) in one.windows.iter().zip(&withheld).enumerate() {
                let counts = totals.counts(entity, w).cloned().unwrap_or_default();
                let judged = judge(indicator, window, counts, *withheld);
                cells.push(Cell { indicator: one.indicator, entity, window, ..judged });
            }
        }
    }
    cells
}

/// Why a window's counts are withheld from everybody, when they are.
fn withheld(
    indicator: &Indicator,
    window: Window,
    as_of: NaiveDate,
    complete_from: Option<NaiveDate>,
    bad: bool,
) -> Option<State> {
    let too_early = complete_from.is_some_and(|first| window.start < first);
    if too_early || !indicator.reportable(window, as_of) {
        Some(State::NotObservable)
    } else if bad {
        Some(State::BadData)
    } else {
        None
    }
}

fn judge(indicator: &Indicator, window: Window, counts: Counts, withheld: Option<State>) -> Cell {
    let standard = indicator.standard_on(window.last_day());
    let blank = Cell {
        indicator: 0,
        entity: 0,
        window,
        state: State::NoCases,
        counts: None,
        value: None,
        band: None,
        standard: standard.map(|s| s.green),
    };
    if let Some(state) = withheld {
        return Cell { state, ..blank };
    }
    if counts.denominator == 0 {
        return Cell { state: State::NoCases, counts: Some(counts), ..blank };
    }
    if indicator.minimum.is_some_and(|minimum| counts.denominator < minimum) {
        return Cell { state: State::TooFew, counts: Some(counts), ..blank };
    }
    match indicator.measure {
        Measure::Proportion { .. } => {
            let share = Share { met: counts.met, of: counts.denominator };
            Cell {
                state: State::Value,
                value: Some(share.percent()),
                band: standard.map(|s| band(share, s)),
                counts: Some(counts),
                ..blank
            }
        }
    }
}
