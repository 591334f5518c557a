//! The windows before the latest, as a line of small bars under each value.

use super::layout::centred;
use crate::scorecard::card::{Card, Row, Track};

/// The bars, as the legend shows them.
pub(super) const SAMPLE: &str = "▂▅▇";

const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// The bars of a row, one field per column; `None` when there is only one window.
pub(super) fn line(card: &Card, row: &Row, columns: &[usize], room: usize) -> Option<String> {
    longest(card).filter(|&n| n > 1)?;
    let fields: Vec<String> = columns
        .iter()
        .map(|&column| {
            let bars = row.tracks.get(column).map(|track| bars(track, range(card, column), room));
            centred(&bars.unwrap_or_default(), room)
        })
        .collect();
    Some(fields.join(" "))
}

/// How to read the bars; `None` when there are none.
pub(super) fn legend(card: &Card, room: usize) -> Option<String> {
    let windows = longest(card).filter(|&n| n > 1)?;
    let step = match windows.div_ceil(room) {
        1 => String::new(),
        2 => ", every other one drawn".to_owned(),
        3 => ", every 3rd drawn".to_owned(),
        step => format!(", every {step}th drawn"),
    };
    Some(format!("the last {windows} months{step}; from the column's lowest value to its highest; · has no value"))
}

fn longest(card: &Card) -> Option<usize> {
    card.columns.iter().map(|c| c.windows.len()).max()
}

/// The lowest and highest value of a column, so that its rows can be compared.
fn range(card: &Card, column: usize) -> (f64, f64) {
    let rows = card.context.iter().chain(&card.rows);
    let values = rows.filter_map(|row| row.tracks.get(column)).flat_map(|t| &t.cells).filter_map(|s| s.cell.value);
    values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| (low.min(v), high.max(v)))
}

/// Oldest first; when there are more windows than room, every so-manieth, counted back from the latest.
fn bars(track: &Track, (low, high): (f64, f64), room: usize) -> String {
    let step = track.cells.len().div_ceil(room.max(1)).max(1);
    let drawn: Vec<_> = track.cells.iter().rev().step_by(step).collect();
    drawn
        .into_iter()
        .rev()
        .map(|shown| {
            let Some(value) = shown.cell.value else { return '·' };
            let share = if high > low { (value - low) / (high - low) } else { 0.5 };
            BARS[((share * BARS.len() as f64) as usize).min(BARS.len() - 1)]
        })
        .collect()
}
