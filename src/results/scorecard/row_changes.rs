//! Which rows of a cell are others than in the window before, or than in earlier data: rows that
//! came, went, changed sides, or are held by another.

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

    /// In words, of earlier data and today's.
    #[must_use]
    pub fn of_data(self) -> &'static str {
        match self {
            Self::Came => "came: not in the earlier data's window",
            Self::Went => "went: in the earlier data's window alone",
            Self::Turned => "turned: in both, and come out otherwise today",
            Self::TakenOver => "taken over: held by another in the earlier data",
            Self::HandedOver => "handed over: held by another today",
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
    let of = |case: &Case| case.row;
    let cell = |cases| Cell { hierarchy, entity: Some(entity), cases };
    changes(cell(before), cell(now), of)
}

/// The rows of a cell that are others in earlier data, in the order of their ids. Rows without an
/// id are nobody's equal and are left out.
#[must_use]
pub fn corrected(before: Cell, now: Cell) -> Vec<RowChange> {
    let mut found = changes(before, now, |case| case.id.clone());
    found.retain(|row| !row.id.is_empty());
    found
}

/// The rows of all entities in a window, and the entity that is looked at, if it is there.
#[derive(Debug, Clone, Copy)]
pub struct Cell<'a> {
    /// Who holds rows.
    pub hierarchy: &'a Hierarchy,
    /// The number of the entity.
    pub entity: Option<usize>,
    /// The rows.
    pub cases: &'a [Case],
}

impl Cell<'_> {
    fn holds(&self, case: Option<&Case>) -> bool {
        let entity = self.entity.zip(case);
        entity.is_some_and(|(entity, case)| self.hierarchy.holds(entity, &case.entities))
    }
}

fn changes<K: Ord>(before: Cell, now: Cell, of: impl Fn(&Case) -> K) -> Vec<RowChange> {
    let mut rows: BTreeMap<K, [Option<&Case>; 2]> = BTreeMap::new();
    for (side, cell) in [before, now].into_iter().enumerate() {
        for case in cell.cases {
            rows.entry(of(case)).or_default()[side] = Some(case);
        }
    }
    let change = |[was, is]: [Option<&Case>; 2]| {
        let change = match (before.holds(was), now.holds(is)) {
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
    rows.into_values().filter_map(change).collect()
}

/// All that a row says in its cell.
fn said(case: &Case) -> (&Outcome, bool, Option<i64>, Option<i64>) {
    (&case.outcome, case.unsure, case.amount, case.exposure)
}
