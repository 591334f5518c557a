//! A trend as a picture: SVG, and a page that holds it with what it says and the figures.

use super::frame;
use crate::report::escaped::escaped;
use crate::report::plot::Plot;
use crate::scorecard::Trend;
use crate::scorecard::trend::{Point, words_of};
use crate::scorecard::words;
use std::fmt::Write;

/// The size of the picture, and the room around the points.
const SIZE: (f64, f64) = (820.0, 420.0);
const ROOM: (f64, f64) = (60.0, 90.0);

/// The colours of a value, of what is more than chance, and of lines.
const VALUE: &str = "#1f5f99";
const SPECIAL: &str = "#b3470a";
const LINE: &str = "#666";

/// The picture: each point says its window and its figures; what is more than chance is a diamond,
/// what can still change is hollow.
///
/// # Errors
/// None: writing to a text cannot fail.
pub fn svg(of: &Trend) -> Result<String, std::fmt::Error> {
    let (width, height) = SIZE;
    let (least, most) = frame::ends(of).unwrap_or((0.0, 1.0));
    let frame = Plot { size: SIZE, room: ROOM, least, most, points: of.points.len() };
    let mut out = String::new();
    writeln!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" role=\"img\" style=\"font: 13px sans-serif\" \
         fill=\"#222\">"
    )?;
    writeln!(out, "<title>{}</title>\n<desc>{}</desc>", escaped(&head(of)), escaped(&of.variation()))?;
    writeln!(out, "<rect width=\"{width}\" height=\"{height}\" fill=\"#fff\"/>")?;
    let (bottom, right) = (height - ROOM.0, width - 10.0);
    writeln!(out, "<path d=\"M{0} {1}V{bottom}H{right}\" stroke=\"#888\" fill=\"none\"/>", ROOM.0, ROOM.1)?;
    lines(of, &frame, &mut out)?;
    points(of, &frame, &mut out)?;
    let mut label = |x: f64, y: f64, anchor: &str, text: &str| {
        writeln!(out, "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\">{}</text>", escaped(text))
    };
    label(ROOM.0 - 8.0, frame.y(least) + 4.0, "end", &frame::figure(least))?;
    if most > least {
        label(ROOM.0 - 8.0, frame.y(most) + 4.0, "end", &frame::figure(most))?;
    }
    if let (Some(first), Some(last)) = (of.points.first(), of.points.last()) {
        label(frame.x(0), bottom + 18.0, "start", &first.in_words)?;
        label(frame.x(of.points.len().max(2) - 1), bottom + 18.0, "end", &last.in_words)?;
    }
    label(12.0, 22.0, "start", &head(of))?;
    label(12.0, 42.0, "start", &of.variation())?;
    label(12.0, 62.0, "start", &of.assurance_in_words().unwrap_or_default())?;
    label(12.0, height - 10.0, "start", LEGEND)?;
    out.push_str("</svg>\n");
    Ok(out)
}

const LEGEND: &str = "● value  ◆ more than chance  ○ can still change  ─ centre line  ┄ natural limits  ═ standard";

fn head(of: &Trend) -> String {
    let [level, id, name] = &of.entity;
    let who = if id == level { level.clone() } else { format!("{level} {id} {name}") };
    format!("{} ({}, {}), {who}", of.title, of.window, of.unit)
}

/// A line with a step for each point that has a figure; gaps cut it.
fn steps(frame: &Plot, figures: impl Iterator<Item = Option<f64>>) -> String {
    let half = (frame.x(1) - frame.x(0)) / 2.0;
    let mut path = String::new();
    for (number, figure) in figures.enumerate() {
        if let Some(figure) = figure.filter(|figure| figure.is_finite()) {
            let (x, y) = (frame.x(number), frame.y(figure));
            path += &format!("M{:.1} {y:.1}H{:.1}", x - half, x + half);
        }
    }
    path
}

fn lines(of: &Trend, frame: &Plot, out: &mut String) -> std::fmt::Result {
    let judged = |end: fn(&crate::scorecard::process_chart::Judgement) -> f64| {
        of.points.iter().map(move |point| point.judged.as_ref().map(end))
    };
    let standard = |end: usize| of.points.iter().map(move |point| point.standard_ends()[end]);
    let centre = of.points.iter().map(|_| of.centre.as_ref().ok().copied());
    let all = [
        (steps(frame, judged(|of| of.low)), LINE, "5 4", 1.5),
        (steps(frame, judged(|of| of.high)), LINE, "5 4", 1.5),
        (steps(frame, centre), LINE, "none", 1.5),
        (steps(frame, standard(0)), "#2b7a3d", "none", 3.0),
        (steps(frame, standard(1)), "#2b7a3d", "none", 3.0),
    ];
    for (path, colour, dashes, wide) in all.into_iter().filter(|(path, ..)| !path.is_empty()) {
        writeln!(
            out,
            "<path d=\"{path}\" stroke=\"{colour}\" stroke-width=\"{wide}\" stroke-dasharray=\"{dashes}\" stroke-opacity=\"0.7\" fill=\"none\"/>"
        )?;
    }
    let mut path = String::new();
    let mut joined = false;
    for (number, point) in of.points.iter().enumerate() {
        if let Some(value) = point.value {
            let to = if joined { 'L' } else { 'M' };
            path += &format!("{to}{:.1} {:.1}", frame.x(number), frame.y(value));
        }
        joined = point.value.is_some();
    }
    writeln!(out, "<path d=\"{path}\" stroke=\"{VALUE}\" stroke-width=\"1.2\" fill=\"none\"/>")
}

fn points(of: &Trend, frame: &Plot, out: &mut String) -> std::fmt::Result {
    for (number, point) in of.points.iter().enumerate() {
        let Some(value) = point.value else { continue };
        let (x, y) = (frame.x(number), frame.y(value));
        let special = point.judged.as_ref().is_some_and(|judged| !judged.signals.is_empty());
        let shape = match (special, point.provisional) {
            (true, _) => format!("<path d=\"M{x:.1} {:.1}l6 6l-6 6l-6 -6z\" fill=\"{SPECIAL}\">", y - 6.0),
            (false, true) => format!("<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"4\" fill=\"#fff\" stroke=\"{VALUE}\">"),
            (false, false) => format!("<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"4\" fill=\"{VALUE}\">"),
        };
        let end = if special { "path" } else { "circle" };
        writeln!(out, "{shape}<title>{}</title></{end}>", escaped(&said(point)))?;
    }
    Ok(())
}

/// `Oct 2025: 11.5 of 87; below the lower limit`.
fn said(point: &Point) -> String {
    let of = point.denominator.map(|of| format!(" of {}", frame::figure(of))).unwrap_or_default();
    let signals = point.judged.iter().flat_map(|judged| &judged.signals).map(|signal| words_of(*signal).to_owned());
    let value = if point.number.is_empty() { "no value" } else { &point.number };
    let parts = [format!("{}: {value}{of}", point.in_words)].into_iter().chain(signals).chain(point.reason.clone());
    parts.collect::<Vec<_>>().join("; ")
}

/// A page with the picture, what it says, and the figures.
///
/// # Errors
/// None: writing to a text cannot fail.
pub fn page(of: &Trend) -> Result<String, std::fmt::Error> {
    let mut out = String::new();
    writeln!(
        out,
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <title>{}</title>",
        escaped(&head(of))
    )?;
    writeln!(
        out,
        "<style>body {{ font: 16px/1.45 sans-serif; max-width: 54rem; margin: 2rem auto; padding: 0 1rem }} svg {{ width: 100% }} \
         td, th {{ padding: 0 0.8rem 0 0; text-align: left }}</style>"
    )?;
    writeln!(out, "</head><body>\n<h1>{}</h1>", escaped(&head(of)))?;
    writeln!(out, "<p>{} · data complete through {}</p>", escaped(&of.organization), words::day(of.as_of))?;
    out.push_str(&svg(of)?);
    writeln!(out, "<p><strong>{}</strong></p>", escaped(&of.variation()))?;
    if let Some(said) = of.assurance_in_words() {
        writeln!(out, "<p>{}</p>", escaped(&said))?;
    }
    out.push_str("<h2>The figures</h2>\n<table>\n");
    writeln!(out, "<tr><th scope=\"col\">window</th><th scope=\"col\">figures</th></tr>")?;
    for point in of.points.iter().rev() {
        let all = said(point);
        let (window, figures) = all.split_once(": ").unwrap_or((&all, ""));
        writeln!(out, "<tr><th scope=\"row\">{}</th><td>{}</td></tr>", escaped(window), escaped(figures))?;
    }
    out.push_str("</table>\n");
    for note in &of.notes {
        writeln!(out, "<p><small>{}</small></p>", escaped(note))?;
    }
    out.push_str("</body></html>\n");
    Ok(out)
}
