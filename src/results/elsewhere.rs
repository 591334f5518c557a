//! Rows of which it is not known who holds them: what they add to the range of each that may.
//!
//! The day of attribution of such a row is not known, or a stay that was set aside may be the one
//! that counts on it. The row is counted for the one that is said to hold it (nobody, when the day
//! is not known), and may *leave* it; it may *come* to every other that may hold it. At the whole
//! nothing is in doubt.

use crate::counts::{Case, Counts, Doubt};
use crate::hierarchy::Hierarchy;
use std::collections::BTreeSet;
use yardstick_language::ir::{Indicator, Outcome};
use yardstick_language::measures::Summary;

/// How one holds a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hold {
    /// It does.
    Surely,
    /// It is said to, and another may.
    SoFar,
    /// It is not said to, and may.
    Perhaps,
}

/// How an entity holds a row behind a cell; `None` when it does not.
#[must_use]
pub fn hold_of(hierarchy: &Hierarchy, entity: usize, case: &Case) -> Option<Hold> {
    let level = hierarchy.entities.get(entity)?.level;
    let others = level.checked_sub(1).and_then(|below| case.others.get(below));
    if hierarchy.holds(entity, &case.entities) {
        return Some(if others.is_none_or(BTreeSet::is_empty) { Hold::Surely } else { Hold::SoFar });
    }
    let may = others?.iter().any(|other| hierarchy.holder(level, *other) == Some(entity));
    may.then_some(Hold::Perhaps)
}

/// Everyone at a level who holds a row behind a cell, or may.
pub fn holders<'h>(
    hierarchy: &'h Hierarchy,
    level: usize,
    case: &'h Case,
) -> impl Iterator<Item = (usize, Hold)> + use<'h> {
    let others = level.checked_sub(1).and_then(|below| case.others.get(below));
    let said = if others.is_none_or(BTreeSet::is_empty) { Hold::Surely } else { Hold::SoFar };
    let said = hierarchy.holder_of(level, &case.entities).map(|entity| (entity, said));
    let others = others.into_iter().flatten().filter_map(move |other| hierarchy.holder(level, *other));
    said.into_iter().chain(others.map(|entity| (entity, Hold::Perhaps)))
}

/// The row as one sees it that holds it so; `None` when it is nothing to it.
#[must_use]
pub fn case_of(indicator: &Indicator, case: &Case, hold: Hold) -> Option<Case> {
    let (outcome, unsure) = seen(indicator, case.outcome.clone(), case.unsure, hold)?;
    let told = hold != Hold::Surely && unsure && !case.unsure;
    let why = case.why.clone().or_else(|| told.then(|| NOT_KNOWN.to_owned()));
    // Of a row that is not counted no figure is told.
    let told = |figure: Option<i64>| figure.filter(|_| hold != Hold::Perhaps);
    let (amount, exposure) = (told(case.amount), told(case.exposure));
    Some(Case { outcome, unsure, why, amount, exposure, ..case.clone() })
}

/// Why such a row is unsure.
const NOT_KNOWN: &str = "it is not known who holds it";

/// What a row is for one that holds it so, and whether it is unsure there; `None` when it is
/// nothing to it.
#[must_use]
pub fn seen(indicator: &Indicator, outcome: Outcome, unsure: bool, hold: Hold) -> Option<(Outcome, bool)> {
    let excluded = matches!(outcome, Outcome::Excluded(_));
    match hold {
        Hold::Surely => Some((outcome, unsure)),
        Hold::SoFar => Some((outcome.clone(), unsure || !excluded && outcome != Outcome::Unread)),
        // Where every level is measured by itself, it may not be excluded there.
        Hold::Perhaps if excluded && !indicator.by_level() => None,
        Hold::Perhaps if outcome == Outcome::Unread => Some((outcome, false)),
        Hold::Perhaps => Some((Outcome::Unsure, true)),
    }
}

/// Whether the group of a row is told by who holds it.
#[must_use]
pub fn has_groups_by_holder(indicator: &Indicator) -> bool {
    indicator.groups().any(|e| !e.holders().is_empty())
}

/// What became of a row for the one that is said to hold it.
#[derive(Debug, Clone, Copy)]
pub struct Judged<'r> {
    /// What it is.
    pub outcome: &'r Outcome,
    /// What it is, or would be if it belonged.
    pub would: &'r Outcome,
    /// Whether it is not known that it belongs below the line.
    pub unsure: bool,
    /// Whether it belongs or may; see [`Verdict::comes`](yardstick_language::interpret::Verdict).
    pub comes: bool,
    /// Its amount, as far as it is known.
    pub amount: Option<i64>,
    /// Its exposure, likewise.
    pub exposure: Option<i64>,
}

impl Judged<'_> {
    /// Whether the row is counted below the line.
    fn is_counted(&self) -> bool {
        !matches!(self.outcome, Outcome::Unsure | Outcome::Unread | Outcome::Excluded(_))
    }
}

/// What the row adds to the counts of the one that is said to hold it: it may leave. Where rows are
/// picked among those that one holds, another may come in its place.
#[must_use]
pub fn may_leave(indicator: &Indicator, row: &Judged) -> Counts {
    if !row.is_counted() {
        return Counts::NONE;
    }
    let mut counts = Counts::NONE;
    if !row.unsure {
        let summary = indicator.measure.kind().summary();
        let leaves = Doubt { rows: 1, ..doubt_of_row(summary, false, row.would, row.amount, row.exposure) };
        counts.doubt = Some(Box::new(leaves));
    }
    if picks_by_holder(indicator) {
        counts.add(&unknown(indicator, &Doubt::default()));
    }
    counts
}

/// What the row adds to the counts of another that may hold it: it may come. Where every level is
/// measured by itself, it is not known what it would be there, and where rows are picked among
/// those that one holds, it may stand in the place of another.
#[must_use]
pub fn may_come(indicator: &Indicator, row: &Judged) -> Counts {
    let gone = matches!(row.would, Outcome::Excluded(_)) && *row.outcome != Outcome::Unread;
    if gone && !indicator.by_level() {
        return Counts::NONE;
    }
    let unread = *row.outcome == Outcome::Unread;
    let rows = Doubt { rows: u64::from(!unread), unread: u64::from(unread), ..Doubt::default() };
    if indicator.by_level() {
        return unknown(indicator, &Doubt { replaces: u64::from(picks_by_holder(indicator)), ..rows });
    }
    came(indicator, row, rows)
}

/// What a row that went adds to the counts of the one that holds it. `anybodys` says whether it may
/// stand in the place of any other, since it is not known whose it is.
#[must_use]
pub fn unread(indicator: &Indicator, row: &Judged, anybodys: bool) -> Counts {
    let rows = Doubt { unread: 1, instead: u64::from(anybodys), ..Doubt::default() };
    Counts { excluded: vec![0; indicator.exclusions.len()], ..came(indicator, row, rows) }
}

/// Rows, with what this one would bring where it may come.
fn came(indicator: &Indicator, row: &Judged, rows: Doubt) -> Counts {
    if !row.comes {
        return Counts { doubt: Some(Box::new(rows)), ..Counts::NONE };
    }
    let Doubt { takes, brings, blank, .. } =
        doubt_of_row(indicator.measure.kind().summary(), true, row.would, row.amount, row.exposure);
    coming(indicator, Doubt { takes, brings, blank, ..rows }, row.exposure)
}

/// A row of which nothing is known but that it may come.
fn unknown(indicator: &Indicator, of: &Doubt) -> Counts {
    let summary = indicator.measure.kind().summary();
    let Doubt { rows, unread, replaces, .. } = *of;
    let doubt = Doubt { rows, unread, replaces, ..doubt_of_row(summary, true, &Outcome::Undetermined, None, None) };
    coming(indicator, doubt, None)
}

fn coming(indicator: &Indicator, doubt: Doubt, exposure: Option<i64>) -> Counts {
    let unexposed = u64::from(indicator.measure.kind().has_exposure() && exposure.is_none());
    Counts { unexposed, doubt: Some(Box::new(doubt)), ..Counts::NONE }
}

/// Whether rows are picked among those that one holds.
fn picks_by_holder(indicator: &Indicator) -> bool {
    indicator.cohort.pick.as_ref().is_some_and(|pick| pick.each_level)
}

/// What one row takes away, or brings when it `comes`, by what it is or would be; it is not
/// counted in [`rows`](Doubt::rows) yet.
#[must_use]
pub fn doubt_of_row(
    summary: Summary,
    comes: bool,
    would: &Outcome,
    amount: Option<i64>,
    exposure: Option<i64>,
) -> Doubt {
    let mut doubt = Doubt::default();
    let is = |outcome| i64::from(*would == outcome);
    let sums = match summary {
        // What is undetermined may turn out either way when it comes; when it leaves, nothing of
        // it was sure.
        Summary::MetOfRows => {
            let either = if comes { is(Outcome::Undetermined) } else { 0 };
            [is(Outcome::Met) + either, is(Outcome::Unmet) + either]
        }
        Summary::Events => {
            doubt.blank = u64::from(comes && *would == Outcome::Undetermined);
            [amount.unwrap_or(0), exposure.unwrap_or(0)]
        }
        Summary::SumOfValues => [0, 0],
        Summary::Values => [i64::from(comes || amount.is_some()), 0],
    };
    if comes {
        doubt.brings = sums;
    } else {
        doubt.takes = sums;
    }
    doubt
}
