//! A scorecard as Markdown: one table that reads well on a code forge, marked by coloured circles
//! and letters.

use super::mark::{self, Mark};
use super::scale;
use super::{Format, Kind, Report, Writing};
use crate::scorecard::Band;
use crate::scorecard::card::{Card, Column, Row, Track};
use crate::scorecard::words;
use std::fmt::Write;
use std::io;
use yardstick_language::visible;

/// `markdown`.
pub(super) const FORMAT: Format =
    Format { name: "md", extension: "md", kind: Kind::Text, writing: Writing::Whole(write) };

fn write(report: &Report, out: &mut dyn io::Write) -> io::Result<()> {
    let mut text = String::new();
    page(&report.judged.card(report.spread), &mut text).map_err(io::Error::other)?;
    out.write_all(text.as_bytes())
}

fn page(card: &Card, out: &mut String) -> std::fmt::Result {
    let heading = &card.heading;
    writeln!(out, "# {}\n", plain(&heading.title))?;
    let by = if card.level.is_empty() { String::new() } else { format!(", by {}", plain(&card.level)) };
    writeln!(out, "{}{by}, data complete through {}\n", plain(&heading.organization), words::day(heading.as_of))?;
    table(card, out)?;
    writeln!(out)?;
    for (mark, meaning) in mark::used(card, false) {
        let circle = [Band::Green, Band::Yellow, Band::Red].into_iter().find(|b| mark == b.letter().to_string());
        writeln!(out, "- {}`{mark}` {meaning}", circle.map_or(String::new(), |b| format!("{} ", dot(b))))?;
    }
    if mark::has_spread(card) {
        writeln!(out, "- `{}` {}", mark::SPREAD.0, mark::SPREAD.1)?;
    }
    if let Some(meaning) = mark::own_meaning(card) {
        writeln!(out, "- `{}` {meaning}", mark::OWN)?;
    }
    if let Some(meaning) = mark::ratio_meaning(card) {
        writeln!(out, "- `{}` {meaning}", mark::RATIO)?;
    }
    if let Some(trend) = scale::trend(card) {
        writeln!(out, "- `+0.0` the change in points since the first of {}", trend.replace("months", "windows"))?;
    }
    writeln!(out, "\n{}", mark::READING)?;
    for note in mark::left_out(card).iter().chain(&heading.notes) {
        writeln!(out, "\n{}", plain(note))?;
    }
    writeln!(out, "\n## Indicators\n")?;
    card.columns.iter().try_for_each(|column| indicator(column, out))
}

fn table(card: &Card, out: &mut String) -> std::fmt::Result {
    let line = |out: &mut String, name: &str, cell: &dyn Fn(&Column) -> String| {
        let cells: Vec<String> = card.columns.iter().map(cell).collect();
        writeln!(out, "| {name} | {} |", cells.join(" | "))
    };
    line(out, "", &|c| plain(&c.title))?;
    writeln!(out, "|:--|{}", "--:|".repeat(card.columns.len()))?;
    line(out, "domain", &|c| plain(c.domain.as_deref().unwrap_or_default()))?;
    line(out, "window", &|c| plain(c.window()))?;
    line(out, "standard", &|c| c.standard().unwrap_or_else(|| "none".into()))?;
    for row in &card.context {
        if row.is_part {
            let cells: Vec<String> = row.tracks.iter().map(cell).collect();
            writeln!(out, "| {}{} | {} |", "&emsp;".repeat(row.depth), label(row), cells.join(" | "))?;
            continue;
        }
        let cells: Vec<String> = row.tracks.iter().map(|t| bold(&cell(t))).collect();
        writeln!(out, "| {} | {} |", bold(&label(row)), cells.join(" | "))?;
    }
    for (heading, rows) in card.groups() {
        if let Some(heading) = heading {
            writeln!(out, "| *{}* |{}", plain(heading), " |".repeat(card.columns.len()))?;
        }
        for row in rows {
            let cells: Vec<String> = row.tracks.iter().map(cell).collect();
            writeln!(out, "| {}{} | {} |", "&emsp;".repeat(row.depth), label(row), cells.join(" | "))?;
        }
    }
    Ok(())
}

fn label(row: &Row) -> String {
    let id = plain(&row.id);
    if row.name.is_empty() || row.name.eq_ignore_ascii_case(&row.id) {
        id
    } else {
        format!("{id} {}", plain(&row.name))
    }
}

/// `93.1 G` with the circle of its band, and below it the spread behind it and the change since the
/// first window shown.
fn cell(track: &Track) -> String {
    let mark = Mark::of(track.latest());
    let circle = mark.band.map_or(String::new(), |b| format!("{} ", dot(b)));
    let change = scale::change(track).map_or(String::new(), |points| format!("<br>{}", signed(points)));
    let below: String = mark::below(track.latest()).iter().map(|text| format!("<br>{text}")).collect();
    format!("{circle}{}{below}{change}", mark.full())
}

/// `+0.8`; never `-0.0`.
fn signed(points: f64) -> String {
    let text = format!("{points:+.1}");
    if text == "-0.0" { "+0.0".to_owned() } else { text }
}

fn bold(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!("**{text}**") }
}

/// The circle of a colour.
pub(super) fn dot(band: Band) -> char {
    match band {
        Band::Green => '🟢',
        Band::Yellow => '🟡',
        Band::Red => '🔴',
    }
}

fn indicator(column: &Column, out: &mut String) -> std::fmt::Result {
    writeln!(out, "- **{}** (`{}`)", plain(&column.title), column.id)?;
    if let Some(question) = &column.question {
        writeln!(out, "  {}", plain(question))?;
    }
    let standard =
        column.standard().map_or_else(|| "no standard".to_owned(), |standard| format!("standard {standard}"));
    let yellow = column.threshold.as_ref().and_then(|t| t.yellow()).map_or(String::new(), |y| format!(" (yellow {y})"));
    let own = column.own.as_ref().map(|own| format!(" ({})", own.words)).unwrap_or_default();
    let meaning = &column.meaning;
    writeln!(
        out,
        "  Window {}; waits: {}; {standard}{yellow}{own}; meaning `{meaning}`.",
        plain(column.window()),
        column.wait
    )
}

/// Text that Markdown takes as text: on one line, with the characters it reads as marks made
/// harmless.
pub(super) fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '#' | '!' => out.extend(['\\', c]),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            c if visible::acts(c) => out.push(visible::INSTEAD),
            c => out.push(c),
        }
    }
    out
}
