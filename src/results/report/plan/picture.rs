//! A plan as a picture: its path, the values with how far chance may have moved them, and the day
//! it began.

use super::sheet::{numbers, verdict_of};
use crate::report::escaped::escaped;
use crate::report::plot::Plot;
use crate::scorecard::Progress;
use crate::scorecard::plan::Month;
use std::fmt::{self, Write};

/// The size of the picture, and the room around the points.
const SIZE: (f64, f64) = (820.0, 340.0);
const ROOM: (f64, f64) = (60.0, 24.0);

/// The colours of values, of what is expected, and of lines.
const VALUE: &str = "#1f5f99";
const EXPECTED: &str = "#b3470a";
const LINE: &str = "#888";

const LEGEND: &str =
    "● value, with what chance alone could make of it  ○ can still change  ┄ expected  │ the plan begins";

/// Where things stand in the picture: it holds all that was seen and all that is expected.
fn plot(of: &Progress) -> Plot {
    let seen = of.months.iter().filter_map(|month| month.seen.as_ref());
    let ends = seen.flat_map(|seen| [seen.value, seen.interval.map(|of| of.low), seen.interval.map(|of| of.high)]);
    let all = || ends.clone().flatten().chain(of.months.iter().map(|month| month.expected));
    let (least, most) = all().fold((f64::INFINITY, f64::NEG_INFINITY), |(l, m), end| (l.min(end), m.max(end)));
    let (least, most) = if least <= most { (least, most) } else { (0.0, 1.0) };
    Plot { size: SIZE, room: ROOM, least, most, points: of.months.len() }
}

/// The picture; each point says its month, its figures and its verdict.
///
/// # Errors
/// None: writing to a text cannot fail.
pub(in crate::report) fn svg(of: &Progress, title: &str, says: &str) -> Result<String, fmt::Error> {
    let ((width, height), frame) = (SIZE, plot(of));
    let bottom = height - ROOM.0;
    let mut out = String::new();
    writeln!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" role=\"img\" style=\"font: 13px sans-serif\" \
         fill=\"#222\">\n<title>{}</title>\n<desc>{}</desc>\n<rect width=\"{width}\" height=\"{height}\" fill=\"#fff\"/>",
        escaped(title),
        escaped(says)
    )?;
    writeln!(out, "<path d=\"M{0} {1}V{bottom}H{2}\" stroke=\"{LINE}\" fill=\"none\"/>", ROOM.0, ROOM.1, width - 10.0)?;
    if let Some(number) = of.months.iter().position(|month| of.plan.since < month.window.end) {
        let x = frame.x(number);
        writeln!(out, "<path d=\"M{x:.1} {}V{bottom}\" stroke=\"{LINE}\" stroke-dasharray=\"1 3\"/>", ROOM.1)?;
    }
    let line: Vec<String> = (of.months.iter().enumerate())
        .map(|(number, month)| format!("{:.1} {:.1}", frame.x(number), frame.y(month.expected)))
        .collect();
    writeln!(
        out,
        "<path d=\"M{}\" stroke=\"{EXPECTED}\" stroke-width=\"2\" stroke-dasharray=\"6 3\" fill=\"none\"/>",
        line.join("L")
    )?;
    for (number, month) in of.months.iter().enumerate() {
        point(of, month, frame.x(number), &frame, &mut out)?;
    }
    let mut label = |x: f64, y: f64, anchor: &str, text: &str| {
        writeln!(out, "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\">{}</text>", escaped(text))
    };
    label(ROOM.0 - 8.0, frame.y(frame.least) + 4.0, "end", &format!("{:.1}", frame.least))?;
    label(ROOM.0 - 8.0, frame.y(frame.most) + 4.0, "end", &format!("{:.1}", frame.most))?;
    if let (Some(first), Some(last)) = (of.months.first(), of.months.last()) {
        label(frame.x(0), bottom + 18.0, "start", &first.in_words)?;
        label(frame.x(of.months.len().max(2) - 1), bottom + 18.0, "end", &last.in_words)?;
    }
    label(12.0, height - 10.0, "start", LEGEND)?;
    out.push_str("</svg>\n");
    Ok(out)
}

/// The value of a month, and its interval behind it.
fn point(of: &Progress, month: &Month, x: f64, frame: &Plot, out: &mut String) -> fmt::Result {
    let Some((seen, value)) = month.seen.as_ref().and_then(|seen| Some((seen, seen.value?))) else { return Ok(()) };
    if let Some(interval) = seen.interval {
        let (low, high) = (frame.y(interval.low), frame.y(interval.high));
        writeln!(
            out,
            "<path d=\"M{x:.1} {low:.1}V{high:.1}\" stroke=\"{VALUE}\" stroke-opacity=\"0.35\" stroke-width=\"3\"/>"
        )?;
    }
    let (value_text, expected) = numbers(of, month);
    let said = format!("{}: {value_text}, {expected} expected, {}", month.in_words, verdict_of(month));
    let fill = if seen.provisional { "#fff" } else { VALUE };
    writeln!(
        out,
        "<circle cx=\"{x:.1}\" cy=\"{:.1}\" r=\"4\" fill=\"{fill}\" stroke=\"{VALUE}\"><title>{}</title></circle>",
        frame.y(value),
        escaped(&said)
    )
}
