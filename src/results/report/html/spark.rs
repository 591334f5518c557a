//! A trend as a small drawing: a line over the windows, a gap where there is no value, a dashed
//! line at the standard, or at each end of a range.

use crate::report::scale::Scale;
use crate::scorecard::card::Track;
use std::fmt::Write;

const WIDTH: f64 = 100.0;
const HEIGHT: f64 = 20.0;
/// Kept free above and below, for the width of the stroke and the dot.
const MARGIN: f64 = 2.5;

/// What the page draws.
pub(super) struct Spark {
    /// The line, as the path of an SVG.
    pub(super) path: String,
    /// The latest value, when there is one.
    pub(super) dot: Option<String>,
    /// The heights of the standard's ends that lie within the drawing.
    pub(super) standard: Vec<String>,
}

/// The drawing of a track, with the standard of its latest window. `None` with a single window or
/// no value at all.
pub(super) fn spark(track: &Track, scale: Scale) -> Option<Spark> {
    let steps = track.cells.len().checked_sub(1).filter(|&n| n > 0)?;
    let height = |value| format!("{:.1}", HEIGHT - MARGIN - scale.place(value) * (HEIGHT - 2.0 * MARGIN));
    let mut path = String::new();
    let mut drawing = false;
    for (at, shown) in track.cells.iter().enumerate() {
        let Some(value) = shown.cell.value else {
            drawing = false;
            continue;
        };
        let across = MARGIN + at as f64 / steps as f64 * (WIDTH - 2.0 * MARGIN);
        // A value between two gaps is a line of no length, which round ends make a point.
        let verb = if drawing { "L".to_owned() } else { format!("M{across:.1} {} L", height(value)) };
        write!(path, "{verb}{across:.1} {}", height(value)).ok()?;
        drawing = true;
    }
    let dot = track.latest().and_then(|shown| shown.cell.value).map(height);
    let ends = track.latest().and_then(|shown| shown.cell.standard).into_iter().flat_map(|standard| standard.ends());
    let standard = ends.filter(|&end| scale.holds(end)).map(height).collect();
    (!path.is_empty()).then_some(Spark { path, dot, standard })
}
