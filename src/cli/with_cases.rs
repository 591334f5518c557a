//! The rows behind the latest cells of a page or a workbook, where somebody asks for them.

use super::case_data::{self, CaseData};
use super::case_table::{self, List};
use super::failure::Failure;
use crate::elsewhere::{self, Hold};
use crate::ir::{Indicator, Outcome};
use crate::run::{self, Case};
use crate::scorecard::Judged;
use crate::scorecard::case_list::{CaseList, ListedCase};
use crate::scorecard::review::against;
use std::collections::BTreeSet;

/// A list for each indicator that has rows in a cell that is shown.
pub(super) fn lists(judged: &Judged, case_data: &CaseData) -> Result<Vec<CaseList>, Failure> {
    let mut lists = Vec::new();
    for &number in &judged.indicators {
        lists.extend(list(judged, number, case_data)?);
    }
    Ok(lists)
}

fn list(judged: &Judged, number: usize, case_data: &CaseData) -> Result<Option<CaseList>, Failure> {
    let (program, hierarchy, as_of) = (&judged.program, &judged.hierarchy, case_data.as_of());
    let Some(indicator) = program.indicators.get(number) else { return Ok(None) };
    let Some(window) = judged.latest_window(number) else { return Ok(None) };
    let shown = levels(judged);
    // Where every level is measured by itself, each has rows of its own.
    let runs: Vec<Vec<usize>> =
        if indicator.by_level() { shown.into_iter().map(|level| vec![level]).collect() } else { vec![shown] };
    let mut held: Vec<(Case, Vec<usize>)> = Vec::new();
    for levels in runs {
        let Some(level) = levels.first() else { continue };
        let store = &case_data.loaded.store;
        let cases = run::cases(program, number, store, as_of, window, *level, &case_data.running());
        for case in cases.map_err(|e| case_data::failed(&e))? {
            let holders = levels.iter().flat_map(|level| elsewhere::holders(hierarchy, *level, &case));
            let holders: Vec<(usize, Hold)> = holders.filter(|(entity, _)| is_shown(judged, *entity)).collect();
            for hold in [Hold::Surely, Hold::SoFar, Hold::Perhaps] {
                let so = holders.iter().filter(|(_, of)| *of == hold).map(|(entity, _)| *entity);
                let so: Vec<usize> = so.collect();
                held.extend(
                    elsewhere::case_of(indicator, &case, hold).filter(|_| !so.is_empty()).map(|case| (case, so)),
                );
            }
        }
    }
    held.sort_by_key(|(case, _)| place(case, indicator));
    let (cases, holders): (Vec<Case>, Vec<Vec<usize>>) = held.into_iter().unzip();
    let (cases, word) = (cases.as_slice(), case_table::word);
    let list = List { indicator, hierarchy, entity: 0, window, as_of, provisional: None, cases, word };
    let mut head = Vec::new();
    let mut rows = Vec::new();
    for (case, holders) in cases.iter().zip(holders) {
        let (names, texts): (Vec<_>, Vec<_>) = list.read_cells(case).into_iter().unzip();
        head = names;
        rows.push(ListedCase { holders, texts });
    }
    Ok((!rows.is_empty()).then_some(CaseList { indicator: number, head, rows }))
}

/// Whoever reads a list asks for the rows that count against the entity first, and then for those
/// of which something is not known.
fn place(case: &Case, indicator: &Indicator) -> u8 {
    if against(indicator).as_ref() == Some(&case.outcome) {
        return 0;
    }
    match case.outcome {
        Outcome::Undetermined => 1,
        Outcome::Unsure => 2,
        Outcome::Unread => 3,
        Outcome::Met | Outcome::Unmet | Outcome::Counted => 4,
        Outcome::Excluded(_) => 5,
        Outcome::NotCounted => 6,
    }
}

/// The levels of which something is shown: the whole stands above them where all is shown.
fn levels(judged: &Judged) -> Vec<usize> {
    let mut levels: BTreeSet<usize> = judged.selection.levels.iter().copied().collect();
    if shows_all(judged) {
        levels.insert(0);
    }
    levels.into_iter().collect()
}

/// Nobody who asks for one office gets the rows of the others, that stand behind the whole.
fn is_shown(judged: &Judged, entity: usize) -> bool {
    entity == 0 && shows_all(judged) || judged.selection.shows(&judged.hierarchy, entity)
}

fn shows_all(judged: &Judged) -> bool {
    judged.selection.under.is_none() && judged.selection.peers.is_none()
}
