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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ir::{
        About, Attribution, Cohort, Expr, ExprKind, Missing, Period, Standard, Ty, WindowLength, WindowPoint,
    };
    use crate::model::TableId;
    use crate::run::measured::Part;
    use crate::scorecard::Band;
    use crate::source::{FileId, Span};

    fn day(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).unwrap()
    }

    fn indicator() -> Indicator {
        let expr = |kind, ty| Expr { kind, ty, missing: Missing::Never };
        let yes = || expr(ExprKind::Bool(true), Ty::Bool);
        let at = expr(ExprKind::Window(WindowPoint::LastDay), Ty::Date);
        let standard = |green, from, until| Standard {
            at_least: true,
            green,
            yellow: None,
            from,
            until,
            source: None,
            status: None,
            yellow_status: None,
        };
        Indicator {
            id: "a".into(),
            span: Span { file: FileId(0), start: 0, end: 0 },
            about: About::default(),
            window: WindowLength::Months(1),
            follow_up: Period { months: 1, days: 0 },
            lag: Period::default(),
            cohort: Cohort { table: TableId(0), pick: None, condition: yes() },
            exclusions: vec![],
            measure: Measure::Proportion { numerator: yes() },
            attribution: Attribution { steps: vec![], level: 0, at },
            standards: vec![
                standard(50.0, None, Some(day(2025, 3, 31))),
                standard(90.0, Some(day(2025, 3, 31)), Some(day(2025, 5, 1))),
            ],
            minimum: None,
            meaning: String::new(),
        }
    }

    /// The department's cell of the month that ends before this day.
    fn cell(indicator: Indicator, end: NaiveDate, met: u64, denominator: u64, asked: &Asked) -> Cell {
        let window = indicator.window.ending_before(end).unwrap();
        let program = Program { indicators: vec![indicator], ..Program::default() };
        let directory = Directory::new(vec!["department".into()], vec![]);
        let counts = Counts { cohort: denominator, denominator, met, ..Counts::default() };
        let parts = if denominator == 0 { vec![] } else { vec![Part { window: 0, entities: vec![], counts }] };
        let measured = [Measured { indicator: 0, windows: vec![window], parts }];
        let bad = if asked.bad { BTreeSet::from([0]) } else { BTreeSet::new() };
        let mut cells = cells(&program, &directory, &measured, asked.as_of, asked.complete_from, &bad, &[0]);
        assert_eq!(cells.len(), 1);
        cells.remove(0)
    }

    struct Asked {
        as_of: NaiveDate,
        complete_from: Option<NaiveDate>,
        bad: bool,
    }

    fn asked() -> Asked {
        Asked { as_of: day(2026, 1, 31), complete_from: None, bad: false }
    }

    fn summary(cell: &Cell) -> (State, Option<f64>, Option<Band>, bool) {
        (cell.state, cell.value, cell.band, cell.counts.is_some())
    }

    #[test]
    fn nothing_over_nothing_has_no_value_and_no_band() {
        // Trap 19.
        let cell = cell(indicator(), day(2025, 4, 1), 0, 0, &asked());
        assert_eq!(summary(&cell), (State::NoCases, None, None, true));
    }

    #[test]
    fn below_the_minimum_there_is_no_value() {
        // Trap 20; the minimum itself is enough.
        let least = |n| Indicator { minimum: Some(n), ..indicator() };
        assert_eq!(summary(&cell(least(4), day(2025, 4, 1), 3, 3, &asked())), (State::TooFew, None, None, true));
        let enough = cell(least(3), day(2025, 4, 1), 3, 3, &asked());
        assert_eq!(summary(&enough), (State::Value, Some(100.0), Some(Band::Green), true));
    }

    #[test]
    fn the_standard_in_force_on_the_last_day_judges() {
        let band = |end| cell(indicator(), end, 6, 10, &asked());
        assert_eq!((band(day(2025, 3, 1)).band, band(day(2025, 3, 1)).standard), (Some(Band::Green), Some(50.0)));
        assert_eq!((band(day(2025, 4, 1)).band, band(day(2025, 4, 1)).standard), (Some(Band::Red), Some(90.0)));
        assert_eq!((band(day(2025, 7, 1)).band, band(day(2025, 7, 1)).standard), (None, None));
    }

    #[test]
    fn a_window_whose_outcomes_are_not_known_is_not_judged() {
        // The window of March is known through April.
        let at = |as_of| summary(&cell(indicator(), day(2025, 4, 1), 6, 10, &Asked { as_of, ..asked() })).0;
        assert_eq!(at(day(2025, 4, 29)), State::NotObservable);
        assert_eq!(at(day(2025, 4, 30)), State::Value);
    }

    #[test]
    fn a_window_that_begins_before_the_data_is_complete_is_not_judged() {
        let from = |first| Asked { complete_from: Some(first), bad: true, ..asked() };
        let judged = |first| summary(&cell(indicator(), day(2025, 4, 1), 6, 10, &from(first)));
        assert_eq!(judged(day(2025, 3, 2)), (State::NotObservable, None, None, false));
        assert_eq!(judged(day(2025, 3, 1)), (State::BadData, None, None, false));
    }
}
