//! A relation as a picture: SVG, and a page that holds it with the result and what does not follow.

use super::text::ends;
use crate::report::escaped::escaped;
use crate::scorecard::Relation;
use crate::scorecard::words;
use std::fmt::Write;

/// The size of the picture, and the room around the points.
const SIZE: (f64, f64) = (640.0, 460.0);
const ROOM: f64 = 70.0;

/// The picture: a circle for each entity, which says its name and its figures.
///
/// # Errors
/// None: writing to a text cannot fail.
pub fn svg(of: &Relation) -> Result<String, std::fmt::Error> {
    let (width, height) = SIZE;
    let (right, bottom) = (width - ROOM / 2.0, height - ROOM);
    let ([left_end, right_end], [low_end, high_end]) = (ends(of, 0), ends(of, 1));
    let [x, y] = &of.sides;
    let mut out = String::new();
    writeln!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" role=\"img\" style=\"font: 13px sans-serif\" \
         fill=\"#222\">"
    )?;
    writeln!(out, "<title>{} and {}, by {}</title>", escaped(&x.title), escaped(&y.title), escaped(&of.level))?;
    writeln!(out, "<desc>{}</desc>", escaped(&of.result()))?;
    writeln!(out, "<rect width=\"{width}\" height=\"{height}\" fill=\"#fff\"/>")?;
    let axis = "stroke=\"#888\" fill=\"none\"";
    writeln!(out, "<path d=\"M{ROOM} {ROOM}V{bottom}H{right}\" {axis}/>")?;
    let share = |figure: f64, least: f64, most: f64| if most > least { (figure - least) / (most - least) } else { 0.5 };
    let across = |figure: f64| ROOM + 12.0 + share(figure, left_end.0, right_end.0) * (right - ROOM - 24.0);
    let up = |figure: f64| bottom - 12.0 - share(figure, low_end.0, high_end.0) * (bottom - ROOM - 24.0);
    for point in &of.points {
        let name = format!("{} {}: {}, {}", point.id, point.name, point.numbers[0], point.numbers[1]);
        writeln!(
            out,
            "<circle cx=\"{:.1}\" cy=\"{:.1}\" r=\"4.5\" fill=\"#1f5f99\" fill-opacity=\"0.55\"><title>{}</title></circle>",
            across(point.values[0]),
            up(point.values[1]),
            escaped(&name)
        )?;
    }
    let mut label = |x: f64, y: f64, anchor: &str, text: &str| {
        writeln!(out, "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\">{}</text>", escaped(text))
    };
    label(across(left_end.0), bottom + 18.0, "middle", left_end.1)?;
    if right_end.0 > left_end.0 {
        label(across(right_end.0), bottom + 18.0, "middle", right_end.1)?;
    }
    label(ROOM - 8.0, up(low_end.0) + 4.0, "end", low_end.1)?;
    if high_end.0 > low_end.0 {
        label(ROOM - 8.0, up(high_end.0) + 4.0, "end", high_end.1)?;
    }
    label(right, bottom + 40.0, "end", &format!("{} ({}), {} →", x.title, x.unit, x.window_in_words))?;
    label(12.0, 24.0, "start", &format!("↑ {} ({}), {}", y.title, y.unit, y.window_in_words))?;
    label(12.0, 44.0, "start", &of.result())?;
    label(12.0, height - 10.0, "start", "It is no cause: what moves both makes them go together, too.")?;
    out.push_str("</svg>\n");
    Ok(out)
}

/// A page with the picture, the result and what does not follow from it, who is left out and why.
///
/// # Errors
/// None: writing to a text cannot fail.
pub fn page(of: &Relation) -> Result<String, std::fmt::Error> {
    let [x, y] = &of.sides;
    let title = format!("{} and {}, by {}", x.title, y.title, of.level);
    let mut out = String::new();
    writeln!(
        out,
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>{}</title>",
        escaped(&title)
    )?;
    writeln!(
        out,
        "<style>body {{ font: 16px/1.45 sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem }}</style>"
    )?;
    writeln!(out, "</head><body>\n<h1>{}</h1>", escaped(&title))?;
    writeln!(out, "<p>{} · data complete through {}</p>", escaped(&of.organization), escaped(&words::day(of.as_of)))?;
    out.push_str(&svg(of)?);
    writeln!(out, "<p><strong>{}.</strong></p>", escaped(&of.result()))?;
    for warning in of.warnings() {
        writeln!(out, "<p>{}</p>", escaped(&warning))?;
    }
    if !of.left_out.is_empty() {
        out.push_str("<h2>Left out</h2>\n<ul>\n");
        for one in &of.left_out {
            writeln!(out, "<li>{} {}: {}</li>", escaped(&one.id), escaped(&one.name), escaped(&one.why))?;
        }
        out.push_str("</ul>\n");
    }
    for note in &of.notes {
        writeln!(out, "<p><small>{}</small></p>", escaped(note))?;
    }
    out.push_str("</body></html>\n");
    Ok(out)
}
