//! A relation for reading on a terminal: what is compared, the entities as points, the result, and
//! what does not follow from it.

use crate::report::text::layout::wrap;
use crate::scorecard::Relation;
use crate::scorecard::relation::{LeftOut, Side};
use crate::scorecard::words;
use std::collections::BTreeMap;
use std::fmt::Write;
use yardstick_language::visible;

/// Lines of the picture.
const HEIGHT: usize = 16;
/// Its columns, and the room to its left.
const WIDTH: (usize, usize) = (60, 10);
/// Of entities that are left out for one reason, so many are named.
const NAMED: usize = 8;

/// The relation as text, its lines `width` characters long at most.
///
/// # Errors
/// None: writing to a text cannot fail.
pub fn text(of: &Relation, width: usize) -> Result<String, std::fmt::Error> {
    let mut out = String::new();
    let [x, y] = &of.sides;
    writeln!(out, "{} and {}, by {}", visible::value(&x.title), visible::value(&y.title), of.level)?;
    writeln!(out, "{} · data complete through {}\n", visible::value(&of.organization), words::day(of.as_of))?;
    writeln!(out, "{}", named("to the right", x))?;
    writeln!(out, "{}\n", named("upwards", y))?;
    if !of.points.is_empty() {
        picture(of, width, &mut out)?;
    }
    paragraph(&of.result(), width, &mut out)?;
    for warning in of.warnings() {
        paragraph(&warning, width, &mut out)?;
    }
    left_out(&of.left_out, width, &mut out)?;
    for note in &of.notes {
        paragraph(note, width, &mut out)?;
    }
    Ok(out)
}

fn named(way: &str, side: &Side) -> String {
    format!("{way:<12}  {}, {}, {}", side.id, side.unit, side.window_in_words)
}

fn paragraph(said: &str, width: usize, out: &mut String) -> std::fmt::Result {
    wrap(said, width).iter().try_for_each(|line| writeln!(out, "{line}"))
}

/// Why entities are left out, each reason with those for which it holds.
fn left_out(all: &[LeftOut], width: usize, out: &mut String) -> std::fmt::Result {
    let mut reasons: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for one in all {
        reasons.entry(&one.why).or_default().push(&one.id);
    }
    for (why, ids) in reasons {
        let more = ids.len().saturating_sub(NAMED);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let ids: Vec<&str> = ids.into_iter().take(NAMED).collect();
        paragraph(&format!("Left out, {why}: {}{more}", ids.join(", ")), width, out)?;
    }
    Ok(())
}

/// Where a figure stands between the least and the most, from 0 to `steps - 1`.
pub(in crate::report) fn place(figure: f64, least: f64, most: f64, steps: usize) -> usize {
    let share = if most > least { (figure - least) / (most - least) } else { 0.5 };
    (share * (steps.saturating_sub(1)) as f64).round() as usize
}

/// The least and the most figure of a side, and how they are written.
pub(super) fn ends(of: &Relation, side: usize) -> [(f64, &str); 2] {
    let figures = || of.points.iter().map(|point| (point.values[side], point.numbers[side].as_str()));
    let least = figures().min_by(|a, b| a.0.total_cmp(&b.0));
    let most = figures().max_by(|a, b| a.0.total_cmp(&b.0));
    [least.unwrap_or_default(), most.unwrap_or_default()]
}

/// `o` is one entity, a digit several.
fn picture(of: &Relation, width: usize, out: &mut String) -> std::fmt::Result {
    let (columns, margin) = (WIDTH.0.min(width.saturating_sub(WIDTH.1 + 2).max(10)), WIDTH.1);
    let ([left, right], [low, high]) = (ends(of, 0), ends(of, 1));
    let mut counts: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    for point in &of.points {
        let column = place(point.values[0], left.0, right.0, columns);
        let line = HEIGHT - 1 - place(point.values[1], low.0, high.0, HEIGHT);
        *counts.entry((line, column)).or_default() += 1;
    }
    for line in 0..HEIGHT {
        let label = match line {
            0 => high.1,
            _ if line == HEIGHT - 1 => low.1,
            _ => "",
        };
        let mark = |column: usize| match counts.get(&(line, column)) {
            None => " ".to_owned(),
            Some(1) => "o".to_owned(),
            Some(n) if *n < 10 => n.to_string(),
            Some(_) => "#".to_owned(),
        };
        let marks: String = (0..columns).map(mark).collect();
        writeln!(out, "{label:>margin$} │{}", marks.trim_end())?;
    }
    writeln!(out, "{:>margin$} └{}", "", "─".repeat(columns))?;
    let room = columns.saturating_sub(right.1.chars().count());
    writeln!(out, "{:>margin$}  {:<room$}{}", "", left.1, right.1)?;
    let several = counts.values().any(|n| *n > 1);
    let more = if several { ", a digit several, # ten or more" } else { "" };
    writeln!(out, "{:>margin$}  o is one {}{more}\n", "", of.level)
}
