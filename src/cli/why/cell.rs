//! `yardstick why INDICATOR --entity ID`: which rows made a cell move since the window before.

use super::super::case_data::{self, CaseData};
use super::super::cases;
use super::super::failure::Failure;
use crate::calendar::{Window, add_days};
use crate::ir::{Indicator, Program};
use crate::report::why::Cell;
use crate::run;
use crate::run::Case;
use crate::scorecard::{Hierarchy, row_changes, words};
use chrono::NaiveDate;
use std::collections::BTreeMap;

/// Windows of at most so many days lie between one and the one before.
const BACK: i64 = 2 * 366;

/// The rows of an entity's cell that are others than in the window before.
pub(super) fn moved(
    program: &Program,
    number: usize,
    case_data: &CaseData,
    (known, entity): (&Hierarchy, usize),
    last_day: Option<NaiveDate>,
    delivered: Option<&CaseData>,
) -> Result<Cell, Failure> {
    let indicator = &program.indicators[number];
    let window = cases::window(program, indicator, last_day, case_data)?;
    let before = before(indicator, window)
        .ok_or_else(|| Failure::usage(format!("no window of `{}` ends before {}", indicator.id, window.last_day())))?;
    let of = &known.entities[entity];
    let list = |data: &CaseData, window: Window| {
        let (store, as_of) = (&data.loaded.store, data.as_of());
        run::cases(program, number, store, as_of, window, of.level, &data.running()).map_err(|e| case_data::failed(&e))
    };
    let (earlier, later) = (list(case_data, before)?, list(case_data, window)?);
    let corrected = match delivered {
        Some(delivered) => {
            is_shown(program, number, before, delivered)?;
            let hierarchy = run::hierarchy(&program.model, &delivered.loaded.store, delivered.as_of());
            let cases = list(delivered, before)?;
            let was =
                row_changes::Cell { hierarchy: &hierarchy, entity: hierarchy.find_at(of.level, &of.id), cases: &cases };
            let is = row_changes::Cell { hierarchy: known, entity: Some(entity), cases: &earlier };
            Some((delivered.as_of(), row_changes::corrected(was, is)))
        }
        None => None,
    };
    let outcomes = |cases: &[Case]| {
        let mut counts: BTreeMap<&'static str, usize> = BTreeMap::new();
        for case in cases.iter().filter(|case| known.holds(entity, &case.entities)) {
            *counts.entry(words::outcome(&case.outcome)).or_default() += 1;
        }
        counts.into_iter().collect::<Vec<_>>()
    };
    let said = |of: Window, cases: &[Case]| (of, words::window(indicator.window, of), outcomes(cases));
    Ok(Cell {
        indicator: indicator.id.clone(),
        title: indicator.about.title.clone(),
        meaning: indicator.meaning.clone(),
        entity: [known.levels[of.level].clone(), of.id.clone(), of.name.clone()],
        windows: [said(before, &earlier), said(window, &later)],
        as_of: case_data.as_of(),
        rows: row_changes::between(known, entity, &earlier, &later),
        corrected,
    })
}

/// What was not known yet in earlier data has not been corrected since.
fn is_shown(program: &Program, number: usize, window: Window, delivered: &CaseData) -> Result<(), Failure> {
    let indicator = &program.indicators[number];
    let through = delivered.complete().through_of(&program.model, indicator);
    if indicator.shown_on(window).is_some_and(|day| day <= through) {
        return Ok(());
    }
    let shown = indicator.shown_on(window).map(|day| format!(", and is shown from {day} on")).unwrap_or_default();
    let message =
        format!("the earlier data is complete through {through}; the window before ends {}{shown}", window.last_day());
    Err(Failure::usage(message).help("name later data, or an earlier window by `--window`"))
}

/// The window before another.
fn before(indicator: &Indicator, window: Window) -> Option<Window> {
    (1..BACK).find_map(|n| indicator.window_ending(add_days(window.last_day(), -n)?))
}
