//! The scale that the small drawings of a column share, so that its rows can be compared.

use crate::scorecard::UNASSIGNED;
use crate::scorecard::card::{Card, Track};

/// From the lowest to the highest value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Scale {
    low: f64,
    high: f64,
}

impl Scale {
    /// The scale of a column: over every value of every entity that is shown. The few rows that
    /// nobody holds would press all others flat, and do not count.
    pub(super) fn of(card: &Card, column: usize) -> Self {
        let rows = card.context.iter().chain(&card.rows).filter(|row| row.id != UNASSIGNED);
        Self::over(rows.filter_map(|row| row.tracks.get(column)))
    }

    /// The scale of these tracks.
    pub(super) fn over<'t, 'c: 't>(tracks: impl Iterator<Item = &'t Track<'c>>) -> Self {
        let values = tracks.flat_map(|track| &track.cells).filter_map(|shown| shown.cell.value);
        let (low, high) = values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| (low.min(v), high.max(v)));
        Self { low, high }
    }

    /// Where a value stands, from 0 to 1; in the middle when all are equal.
    pub(super) fn place(self, value: f64) -> f64 {
        if self.high > self.low { ((value - self.low) / (self.high - self.low)).clamp(0.0, 1.0) } else { 0.5 }
    }

    /// Whether a figure lies inside.
    pub(super) fn holds(self, figure: f64) -> bool {
        (self.low..=self.high).contains(&figure)
    }
}

/// The most windows that any column shows.
pub(super) fn windows(card: &Card) -> usize {
    card.columns.iter().map(|c| c.windows.len()).max().unwrap_or(0)
}

/// How long the trends of a card are: `24 months`, or `up to 24 windows` where not every column has
/// one for each month. `None` when no column shows more than one.
pub(super) fn trend(card: &Card) -> Option<String> {
    let windows = Some(windows(card)).filter(|&n| n > 1)?;
    let monthly = card.columns.iter().filter(|column| column.windows.len() > 1).all(|column| column.monthly);
    Some(if monthly { format!("{windows} months") } else { format!("up to {windows} windows, each column its own") })
}

/// The change in points from the oldest value shown to the latest; `None` with fewer than two.
pub(super) fn change(track: &Track) -> Option<f64> {
    let (latest, earlier) = track.cells.split_last()?;
    let first = earlier.iter().find_map(|shown| shown.cell.value)?;
    Some(latest.cell.value? - first)
}
