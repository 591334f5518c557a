//! What a change moves on case data: rows that come and go, and cells that say something else.

use super::super::case_data::{self, CaseData};
use super::super::failure::Failure;
use super::super::{measured, progress};
use super::compared::{Compared, Differences, Kind};
use super::version::Version;
use crate::calendar::Window;
use crate::counts::Case;
use crate::data::Projection;
use crate::history::Definition;
use crate::ir::Outcome;
use crate::run;
use crate::scorecard::published::PublishedCell;
use crate::scorecard::{Columns, Moved, Names, Published};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// For so many windows back a common one is looked for.
const MONTHS: u32 = 36;
/// The most ids, or cells, that are named in a line for reading.
const NAMED: usize = 10;

/// What a change moves.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Moves {
    /// The last day of the latest window that both can show.
    window: String,
    /// The data is complete through this day.
    as_of: String,
    /// Rows by what happens to them.
    rows: Vec<Rows>,
    /// How many cells of both were compared.
    compared: usize,
    /// The cells that have another value, state or colour, from the whole down.
    cells: Vec<Cell>,
    /// Why nothing can be said, when that is so.
    #[serde(skip_serializing_if = "Option::is_none")]
    not_compared: Option<String>,
}

/// Rows to which one thing happens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Rows {
    /// What.
    what: &'static str,
    count: usize,
    ids: Vec<String>,
}

/// A cell before and now.
#[derive(Debug, Clone, PartialEq, Serialize)]
struct Cell {
    level: String,
    entity: String,
    old: Figures,
    new: Figures,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
struct Figures {
    value: Option<f64>,
    numerator: Option<f64>,
    denominator: Option<f64>,
    state: String,
    band: String,
}

/// Measures what changed by both definitions.
pub(super) fn add(
    differences: &mut Differences,
    (old, new): (&Version, &Version),
    arguments: &case_data::Arguments,
) -> Result<(), Failure> {
    let changed = differences.indicators.iter_mut().filter(|of| of.kind == Kind::Changed);
    for compared in changed {
        let _sign_of_life = progress::spinner("measuring");
        compared.moves = Some(moves(compared, (old, new), arguments)?);
    }
    Ok(())
}

fn moves(of: &Compared, versions: (&Version, &Version), arguments: &case_data::Arguments) -> Result<Moves, Failure> {
    let found = |version: &'_ Version| -> Option<usize> {
        version.program.hierarchies().position(|program| program.find(&of.id).is_some())
    };
    let [Some(was), Some(is)] = [found(versions.0), found(versions.1)] else {
        return Err(Failure::internal("internal error: a changed indicator is not there"));
    };
    let old = Side::load((versions.0, was), &of.id, arguments)?;
    let new = Side::load((versions.1, is), &of.id, arguments)?;
    let Some((before, now)) = common(&old, &new) else {
        let why =
            format!("no window ends on one day for both and can be shown by both on data through {}", new.as_of());
        return Ok(Moves { not_compared: Some(why), ..Moves::empty(&new, String::new()) });
    };
    let mut names = Names::default();
    let (cells_before, cells_now) = (old.cells(before, &mut names)?, new.cells(now, &mut names)?);
    let moved = Moved::between(&cells_before, &cells_now, &names);
    let cells = moved.newest.iter().filter(|of| differs(&of.before.1, &of.now.1)).map(|of| Cell {
        level: names.text(of.place.level).to_owned(),
        entity: names.text(of.place.entity).to_owned(),
        old: figures(&of.before.1, &names),
        new: figures(&of.now.1, &names),
    });
    let cells = cells.collect();
    let rows = rows(&old.cases(before)?, &new.cases(now)?);
    let compared = moved.newest.len();
    Ok(Moves { rows, compared, cells, ..Moves::empty(&new, now.last_day().to_string()) })
}

/// A definition with the data.
struct Side<'v> {
    of: Definition<'v>,
    data: CaseData,
}

impl<'v> Side<'v> {
    fn load(
        (version, hierarchy): (&'v Version, usize),
        id: &str,
        arguments: &case_data::Arguments,
    ) -> Result<Self, Failure> {
        let program = version.program.hierarchies().nth(hierarchy);
        let of = program.and_then(|program| Definition::find(program, id));
        let of = of.ok_or_else(|| Failure::internal("internal error: a changed indicator is not there"))?;
        let data = case_data::load(of.program, &[of.number], Projection::All, arguments)
            .map_err(|failure| failure.in_front(&format!("under `{}`: ", version.name)))?;
        Ok(Self { of, data })
    }

    fn as_of(&self) -> chrono::NaiveDate {
        self.data.complete().through_of(self.of.model(), self.of.indicator())
    }

    /// Whether a window can be judged.
    fn shows(&self, window: Window) -> bool {
        let (indicator, complete) = (self.of.indicator(), self.data.complete());
        let begins = complete.from.is_some_and(|from| indicator.begins(window) < from);
        indicator.reportable(window, self.as_of())
            && !begins
            && complete.lacks(self.of.model(), indicator, window).is_none()
    }

    /// The cells of a window, at every level.
    fn cells(&self, window: Window, names: &mut Names) -> Result<Published, Failure> {
        let (program, numbers) = (self.of.program, [self.of.number]);
        let columns: Columns = measured::columns(program, &numbers, None)?;
        let hierarchy = run::hierarchy(self.of.model(), &self.data.loaded.store, self.data.as_of());
        let mut judged = measured::judged(program, &numbers, (&columns, hierarchy, 0), &self.data, &[vec![window]])?;
        judged.selection.levels = (0..self.of.model().levels.len()).collect();
        measured::published(&judged, names)
    }

    /// What became of the rows in a window.
    fn cases(&self, window: Window) -> Result<Vec<Case>, Failure> {
        let (store, settings) = (&self.data.loaded.store, self.data.running());
        run::cases(self.of.program, self.of.number, store, self.data.as_of(), window, 0, &settings)
            .map_err(|error| case_data::failed(&error))
    }
}

/// The latest windows that end on one day and that both can show.
fn common(old: &Side, new: &Side) -> Option<(Window, Window)> {
    let windows = new.of.indicator().windows(new.as_of(), MONTHS);
    windows.into_iter().rev().filter(|window| new.shows(*window)).find_map(|window| {
        let before = old.of.indicator().window_ending(window.last_day()).filter(|before| old.shows(*before))?;
        Some((before, window))
    })
}

fn differs(before: &PublishedCell, now: &PublishedCell) -> bool {
    let of = |cell: &PublishedCell| (cell.value, cell.numerator, cell.denominator, cell.state, cell.band);
    of(before) != of(now)
}

fn figures(cell: &PublishedCell, names: &Names) -> Figures {
    let PublishedCell { value, numerator, denominator, .. } = *cell;
    let (state, band) = (names.text(cell.state).to_owned(), names.text(cell.band).to_owned());
    Figures { value, numerator, denominator, state, band }
}

/// The rows that come into a part of the measure, and that leave it.
fn rows(before: &[Case], now: &[Case]) -> Vec<Rows> {
    type Belongs = fn(&Case) -> bool;
    let parts: [(Belongs, [&'static str; 2]); 4] = [
        (|case| held(case), ["come into the cohort", "leave the cohort"]),
        (
            |case| held(case) && !matches!(case.outcome, Outcome::Excluded(_)),
            ["come into the denominator", "leave the denominator"],
        ),
        (|case| case.outcome == Outcome::Met, ["come into the numerator", "leave the numerator"]),
        (|case| case.outcome == Outcome::Undetermined, ["become undetermined", "are undetermined no longer"]),
    ];
    let ids = |cases: &[Case], belongs: Belongs| -> BTreeSet<String> {
        cases.iter().filter(|case| belongs(case)).map(|case| case.id.clone()).collect()
    };
    let mut all = Vec::new();
    for (belongs, [come, leave]) in parts {
        let (old, new) = (ids(before, belongs), ids(now, belongs));
        all.push(Rows::of(come, new.difference(&old)));
        all.push(Rows::of(leave, old.difference(&new)));
    }
    let old: BTreeMap<&str, &Case> = before.iter().filter(|case| held(case)).map(|c| (c.id.as_str(), c)).collect();
    let both = || now.iter().filter(|case| held(case)).filter_map(|case| Some((*old.get(case.id.as_str())?, case)));
    let other = |differs: fn(&Case, &Case) -> bool| -> BTreeSet<String> {
        both().filter(|(old, new)| differs(old, new)).map(|(_, case)| case.id.clone()).collect()
    };
    let amounts = other(|old, new| (old.amount, old.exposure) != (new.amount, new.exposure));
    all.push(Rows::of("have another figure", amounts.iter()));
    all.push(Rows::of("belong to another entity", other(|old, new| old.entities != new.entities).iter()));
    all.retain(|rows| rows.count > 0);
    all
}

/// Whether a row is in the cohort.
fn held(case: &Case) -> bool {
    !matches!(case.outcome, Outcome::Unsure | Outcome::Unread | Outcome::NotCounted)
}

impl Rows {
    fn of<'i>(what: &'static str, ids: impl Iterator<Item = &'i String>) -> Self {
        let ids: Vec<String> = ids.cloned().collect();
        Self { what, count: ids.len(), ids }
    }
}

impl Moves {
    fn empty(side: &Side, window: String) -> Self {
        let as_of = side.as_of().to_string();
        Self { window, as_of, rows: Vec::new(), compared: 0, cells: Vec::new(), not_compared: None }
    }

    /// What moved, a line each; of many ids and cells the first.
    pub(super) fn lines(&self) -> Vec<String> {
        if let Some(why) = &self.not_compared {
            return vec![format!("Not compared: {why}")];
        }
        let mut lines = vec![format!("The window ending {}, on data through {}", self.window, self.as_of)];
        if self.rows.is_empty() {
            lines.push("No row moves".to_owned());
        }
        lines.extend(self.rows.iter().map(|rows| {
            let more = rows.count.saturating_sub(NAMED);
            let more = if more == 0 { String::new() } else { format!(" and {more} more") };
            let some: Vec<&str> = rows.ids.iter().take(NAMED).map(String::as_str).collect();
            let row = if rows.count == 1 { "row" } else { "rows" };
            format!("{} {row} {}: {}{more}", rows.count, rows.what, some.join(", "))
        }));
        let mut levels: Vec<&str> = Vec::new();
        for cell in &self.cells {
            if !levels.contains(&cell.level.as_str()) {
                levels.push(&cell.level);
            }
        }
        for level in levels {
            let of_level: Vec<&Cell> = self.cells.iter().filter(|cell| cell.level == level).collect();
            let coloured = of_level.iter().filter(|cell| cell.old.band != cell.new.band).count();
            let cells = if of_level.len() == 1 { "cell says" } else { "cells say" };
            lines.push(format!("{level}: {} {cells} something else, {coloured} in colour", of_level.len()));
            lines.extend(
                of_level
                    .iter()
                    .take(NAMED)
                    .map(|cell| format!("{level} {}: {} is now {}", cell.entity, cell.old.words(), cell.new.words())),
            );
            if of_level.len() > NAMED {
                lines.push(format!("{level}: {} more", of_level.len() - NAMED));
            }
        }
        if self.cells.is_empty() {
            lines.push(format!("No cell of {} says something else", self.compared));
        }
        lines
    }
}

impl Figures {
    fn words(&self) -> String {
        let figure = |figure: f64| if figure.fract() == 0.0 { format!("{figure:.0}") } else { format!("{figure:.2}") };
        let value = self.value.map_or_else(|| self.state.replace('_', " "), figure);
        let counts = self.numerator.zip(self.denominator).map(|(n, d)| format!(" ({} of {})", figure(n), figure(d)));
        let band = if self.band.is_empty() { String::new() } else { format!(", {}", self.band) };
        format!("{value}{}{band}", counts.unwrap_or_default())
    }
}
