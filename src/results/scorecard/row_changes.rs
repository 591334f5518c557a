//! Which rows of a cell are others than in the window before: rows that came, went, changed sides,
//! or are held by another.

use crate::counts::Case;
use crate::hierarchy::Hierarchy;
use std::collections::BTreeMap;
use yardstick_language::ir::Outcome;

/// What happened to a row from one window to the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// It is in the later window alone.
    Came,
    /// It is in the earlier window alone.
    Went,
    /// It is in both, and comes out otherwise.
    Turned,
    /// It is in both, and this entity holds it in the later one alone.
    TakenOver,
    /// It is in both, and this entity held it in the earlier one alone.
    HandedOver,
}

impl Change {
    /// All of them, as they are told.
    pub const ALL: [Self; 5] = [Self::Came, Self::Went, Self::Turned, Self::TakenOver, Self::HandedOver];

    /// Its name in files for programs.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Came => "came",
            Self::Went => "went",
            Self::Turned => "turned",
            Self::TakenOver => "taken over",
            Self::HandedOver => "handed over",
        }
    }

    /// In words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Came => "came: in the later window alone",
            Self::Went => "went: in the earlier window alone",
            Self::Turned => "turned: in both, and come out otherwise",
            Self::TakenOver => "taken over: in both, and held by another in the earlier one",
            Self::HandedOver => "handed over: in both, and held by another in the later one",
        }
    }
}

/// A row that is another than before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowChange {
    /// Its id.
    pub id: String,
    /// What happened to it.
    pub change: Change,
    /// What it was in the earlier window.
    pub before: Option<Outcome>,
    /// What it is in the later one.
    pub now: Option<Outcome>,
}

/// The rows of an entity that are others than in the window before, in the order of their table.
/// Both lists have the rows of all entities.
#[must_use]
pub fn between(hierarchy: &Hierarchy, entity: usize, before: &[Case], now: &[Case]) -> Vec<RowChange> {
    let by_row = |cases: &'_ [Case]| -> BTreeMap<i32, usize> {
        cases.iter().enumerate().map(|(place, case)| (case.row, place)).collect()
    };
    let (earlier, later) = (by_row(before), by_row(now));
    let mut rows: Vec<i32> = earlier.keys().chain(later.keys()).copied().collect();
    rows.sort_unstable();
    rows.dedup();
    let holds = |case: Option<&Case>| case.is_some_and(|case| hierarchy.holds(entity, &case.entities));
    let change = |row: i32| {
        let was = earlier.get(&row).and_then(|place| before.get(*place));
        let is = later.get(&row).and_then(|place| now.get(*place));
        let change = match (holds(was), holds(is)) {
            (false, false) => return None,
            (true, true) if was.map(said) == is.map(said) => return None,
            (true, true) => Change::Turned,
            (true, false) if is.is_some() => Change::HandedOver,
            (true, false) => Change::Went,
            (false, true) if was.is_some() => Change::TakenOver,
            (false, true) => Change::Came,
        };
        let id = is.or(was).map(|case| case.id.clone()).unwrap_or_default();
        let outcome = |case: Option<&Case>| case.map(|case| case.outcome.clone());
        Some(RowChange { id, change, before: outcome(was), now: outcome(is) })
    };
    rows.into_iter().filter_map(change).collect()
}

/// All that a row says in its cell.
fn said(case: &Case) -> (&Outcome, bool, Option<i64>, Option<i64>) {
    (&case.outcome, case.unsure, case.amount, case.exposure)
}
