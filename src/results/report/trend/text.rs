//! A trend for reading on a terminal: the chart, what it says, and the figures.

use super::frame;
use crate::report::relation::text::place;
use crate::report::text::layout::wrap;
use crate::scorecard::Trend;
use crate::scorecard::trend::{Point, words_of};
use crate::scorecard::words;
use std::fmt::Write;
use yardstick_language::visible;

/// Lines of the chart.
const HEIGHT: usize = 15;
/// The room to its left.
const MARGIN: usize = 8;

/// The trend as text, its lines `width` characters long at most.
///
/// # Errors
/// None: writing to a text cannot fail.
pub fn text(of: &Trend, width: usize) -> Result<String, std::fmt::Error> {
    let mut out = String::new();
    let [level, id, name] = &of.entity;
    let who = if id == level { level.clone() } else { format!("{level} {id} {}", visible::value(name)) };
    paragraph(&format!("{} · {who}", visible::value(&of.title)), width, &mut out)?;
    let data = format!("{} · data complete through {}", visible::value(&of.organization), words::day(of.as_of));
    paragraph(&data, width, &mut out)?;
    paragraph(&format!("{} · {} · {}\n", of.id, of.window, of.unit), width, &mut out)?;
    out.push('\n');
    chart(of, width, &mut out)?;
    paragraph(&of.variation(), width, &mut out)?;
    if let Some(said) = of.assurance_in_words() {
        paragraph(&said, width, &mut out)?;
    }
    figures(of, &mut out)?;
    for note in &of.notes {
        paragraph(note, width, &mut out)?;
    }
    Ok(out)
}

fn paragraph(said: &str, width: usize, out: &mut String) -> std::fmt::Result {
    wrap(said, width).iter().try_for_each(|line| writeln!(out, "{line}"))
}

/// The sign of a point: what cannot be chance before what can still change.
fn sign(point: &Point) -> char {
    let special = point.judged.as_ref().is_some_and(|judged| !judged.signals.is_empty());
    match (special, point.provisional) {
        (true, _) => 'X',
        (false, true) => 'p',
        (false, false) => 'o',
    }
}

/// The latest points for which there is room, a column or more for each.
fn chart(of: &Trend, width: usize, out: &mut String) -> std::fmt::Result {
    let room = width.saturating_sub(MARGIN + 3).max(10);
    let shown = of.points.get(of.points.len().saturating_sub(room)..).unwrap_or(&of.points);
    let step = (room / shown.len().max(1)).clamp(1, 3);
    let Some((least, most)) = frame::ends(of) else { return writeln!(out, "No window has a value.\n") };
    let line_of = |figure: f64| HEIGHT - 1 - place(figure, least, most, HEIGHT);
    let mut lines = vec![vec![' '; shown.len() * step]; HEIGHT];
    let mut put = |line: usize, column: usize, sign: char| {
        if let Some(cell) = lines.get_mut(line).and_then(|line| line.get_mut(column)) {
            *cell = sign;
        }
    };
    for (number, point) in shown.iter().enumerate() {
        for column in number * step..(number + 1) * step {
            if let Some(judged) = &point.judged {
                [judged.low, judged.high]
                    .iter()
                    .filter(|end| end.is_finite())
                    .for_each(|end| put(line_of(*end), column, '┄'));
            }
            point.standard.into_iter().flat_map(|s| s.ends()).for_each(|end| put(line_of(end), column, '='));
            of.centre.iter().for_each(|centre| put(line_of(*centre), column, '─'));
        }
    }
    for (number, point) in shown.iter().enumerate() {
        point.value.iter().for_each(|value| put(line_of(*value), number * step + step / 2, sign(point)));
    }
    for (number, line) in lines.iter().enumerate() {
        let label = match number {
            0 => frame::figure(most),
            _ if number == HEIGHT - 1 => frame::figure(least),
            _ => String::new(),
        };
        writeln!(out, "{label:>MARGIN$} │{}", line.iter().collect::<String>().trim_end())?;
    }
    axis(shown, step, out)?;
    legend(of, shown, out)
}

/// The first and the last window below the chart.
fn axis(shown: &[Point], step: usize, out: &mut String) -> std::fmt::Result {
    let wide = shown.len() * step;
    writeln!(out, "{:>MARGIN$} └{}", "", "─".repeat(wide))?;
    let [first, last] = [shown.first(), shown.last()].map(|point| point.map_or("", |point| &point.in_words));
    let room = wide.saturating_sub(last.chars().count()).max(first.chars().count() + 1);
    writeln!(out, "{:>MARGIN$}  {first:<room$}{last}", "")
}

fn legend(of: &Trend, shown: &[Point], out: &mut String) -> std::fmt::Result {
    let has = |sign_of: char| shown.iter().any(|point| point.value.is_some() && sign(point) == sign_of);
    let marks = [
        (has('o'), "o value"),
        (has('X'), "X more than chance"),
        (has('p'), "p can still change"),
        (of.centre.is_ok(), "─ centre line"),
        (of.centre.is_ok(), "┄ natural limits"),
        (shown.iter().any(|point| point.standard.is_some()), "= standard"),
    ];
    let said: Vec<&str> = marks.into_iter().filter(|(is, _)| *is).map(|(_, said)| said).collect();
    writeln!(out, "{:>MARGIN$}  {}\n", "", said.join(", "))
}

/// A line for each window, the latest first.
fn figures(of: &Trend, out: &mut String) -> std::fmt::Result {
    let rows: Vec<[String; 5]> = of.points.iter().rev().map(|point| row(point, of.centre.is_ok())).collect();
    let limits = if of.centre.is_ok() { "limits" } else { "" };
    let heads = ["window", "value", "of", limits, ""].map(str::to_owned);
    let wide = |column: usize| {
        let cells = rows.iter().chain([&heads]).map(|row| row[column].chars().count());
        cells.max().unwrap_or_default()
    };
    let [a, b, c, d] = [0, 1, 2, 3].map(wide);
    writeln!(out)?;
    for [window, value, rows, limits, said] in [&heads].into_iter().chain(&rows) {
        let line = format!("{window:<a$}  {value:>b$}  {rows:>c$}  {limits:<d$}  {said}");
        writeln!(out, "{}", line.trim_end())?;
    }
    writeln!(out)
}

fn row(point: &Point, with_limits: bool) -> [String; 5] {
    let colour = point.band.map(|band| band.letter().to_string());
    let value = [Some(point.number.clone()).filter(|n| !n.is_empty()), colour].into_iter().flatten();
    let limits = point.judged.as_ref().filter(|_| with_limits);
    let limits = limits.map(|of| {
        let end = |end: f64| if end.is_finite() { frame::figure(end) } else { "…".to_owned() };
        format!("{} to {}", end(of.low), end(of.high))
    });
    let signals = point.judged.iter().flat_map(|judged| &judged.signals).map(|signal| words_of(*signal).to_owned());
    let said: Vec<String> =
        signals.chain(point.reason.as_deref().map(|reason| visible::value(reason).into_owned())).collect();
    [
        point.in_words.clone(),
        value.collect::<Vec<_>>().join(" "),
        point.denominator.map(frame::figure).unwrap_or_default(),
        limits.unwrap_or_default(),
        said.join("; "),
    ]
}
