//! The windows before the latest, as a line of small bars under each value.

use super::layout::centred;
use crate::report::scale::{self, Scale};
use crate::scorecard::card::{Card, Row, Track};

/// The bars, as the legend shows them.
pub(super) const SAMPLE: &str = "▂▅▇";

const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// The bars of a row, one field per column.
pub(super) fn line(row: &Row, columns: &[(usize, Scale)], room: usize) -> String {
    let fields: Vec<String> = columns
        .iter()
        .map(|&(column, scale)| {
            let bars = row.tracks.get(column).map(|track| bars(track, scale, room));
            centred(&bars.unwrap_or_default(), room)
        })
        .collect();
    fields.join(" ")
}

/// How to read the bars; `None` when there are none.
pub(super) fn legend(card: &Card, room: usize) -> Option<String> {
    let trend = scale::trend(card)?;
    let step = match scale::windows(card).div_ceil(room.max(1)) {
        1 => String::new(),
        2 => ", every other one drawn".to_owned(),
        3 => ", every 3rd drawn".to_owned(),
        step => format!(", every {step}th drawn"),
    };
    Some(format!("{trend}, the latest last{step}; from the column's lowest value to its highest; · no value"))
}

/// Oldest first; when there are more windows than room, every so-manieth, counted back from the
/// latest.
fn bars(track: &Track, scale: Scale, room: usize) -> String {
    let step = track.cells.len().div_ceil(room.max(1)).max(1);
    let drawn: Vec<_> = track.cells.iter().rev().step_by(step).collect();
    let bar = |value| BARS[((scale.place(value) * BARS.len() as f64) as usize).min(BARS.len() - 1)];
    drawn.into_iter().rev().map(|shown| shown.cell.value.map_or('·', bar)).collect()
}
