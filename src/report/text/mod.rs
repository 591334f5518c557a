//! A scorecard on a terminal: a heat map in colours and letters that reads the same without colours.
//!
//! Columns that do not fit beside each other follow in further blocks, each with its rows' names.

mod layout;
mod trend;

use super::mark::{self, Mark};
use super::{Format, Kind, Report};
use crate::scorecard::Band;
use crate::scorecard::card::{Card, Column, Row};
use crate::scorecard::words;
use anstyle::{Ansi256Color, Style};
use layout::{centred, left, width, wrap};
use std::fmt::Write;

/// `table`.
pub(super) const FORMAT: Format = Format { name: "table", extension: "txt", kind: Kind::Coloured, write };

/// The narrowest column: `100.0 G?`.
const NARROWEST: usize = 8;
/// The widest column.
const WIDEST: usize = 14;
/// The label that the heads need, and the most that names get.
const LABEL: std::ops::RangeInclusive<usize> = 11..=32;

fn write(report: &Report) -> Result<Vec<u8>, String> {
    let card = &report.card;
    let mut out = String::new();
    lines(card, report.width.max(40), &mut out).map_err(|e| e.to_string())?;
    Ok(out.into_bytes())
}

fn lines(card: &Card, page: usize, out: &mut String) -> std::fmt::Result {
    let bold = Style::new().bold();
    let heading = &card.heading;
    writeln!(out, "{bold}{}{bold:#}", heading.title)?;
    let by = if card.level.is_empty() { String::new() } else { format!(" · by {}", card.level) };
    writeln!(out, "{}{by} · data complete through {}", heading.county, words::day(heading.as_of))?;
    let (sizes, fit) = Sizes::fit(card, page);
    let all: Vec<usize> = (0..card.columns.len()).collect();
    for columns in all.chunks(fit) {
        writeln!(out)?;
        Block { card, columns, sizes }.write(out)?;
    }
    writeln!(out)?;
    foot(card, page, out)
}

/// How wide things are.
#[derive(Debug, Clone, Copy)]
struct Sizes {
    label: usize,
    column: usize,
}

impl Sizes {
    /// Sizes for a page, and how many columns stand beside each other.
    fn fit(card: &Card, page: usize) -> (Self, usize) {
        let count = card.columns.len().max(1);
        let wanted = card.context.iter().chain(&card.rows).map(|row| width(&label(row))).max().unwrap_or(0);
        let wanted = wanted.clamp(*LABEL.start(), *LABEL.end());
        // Names give way first, down to half a line of them, before columns go to a further block.
        let squeezed = page.saturating_sub(count * (NARROWEST + 1)).clamp(wanted.min(16), wanted);
        let fit = (page.saturating_sub(squeezed) / (NARROWEST + 1)).clamp(1, count);
        let column = (page.saturating_sub(squeezed) / fit).saturating_sub(1).clamp(NARROWEST, WIDEST);
        (Self { label: squeezed, column }, fit)
    }
}

/// Id and name, moved in under those it lies under.
fn label(row: &Row) -> String {
    let indent = "  ".repeat(row.depth);
    if row.name.is_empty() || row.name.eq_ignore_ascii_case(&row.id) {
        format!("{indent}{}", row.id)
    } else {
        format!("{indent}{} {}", row.id, row.name)
    }
}

/// Columns that stand beside each other.
struct Block<'a> {
    card: &'a Card,
    columns: &'a [usize],
    sizes: Sizes,
}

impl Block<'_> {
    fn write(&self, out: &mut String) -> std::fmt::Result {
        self.domains(out)?;
        self.head(out, "", |c| c.title.clone(), Style::new().bold())?;
        self.head(out, "window", |c| c.window().to_owned(), Style::new())?;
        self.head(
            out,
            "standard",
            |c| c.threshold.as_ref().map_or_else(|| "none".into(), |t| t.short()),
            Style::new(),
        )?;
        self.rule(out)?;
        for row in &self.card.context {
            self.row(out, row)?;
        }
        if !self.card.context.is_empty() && !self.card.rows.is_empty() {
            self.rule(out)?;
        }
        self.card.rows.iter().try_for_each(|row| self.row(out, row))
    }

    fn column(&self, at: usize) -> &Column {
        &self.card.columns[self.columns[at]]
    }

    fn rule(&self, out: &mut String) -> std::fmt::Result {
        writeln!(out, "{}", "─".repeat(self.sizes.label + self.columns.len() * (self.sizes.column + 1)))
    }

    /// Each domain over the columns beside each other that it holds.
    fn domains(&self, out: &mut String) -> std::fmt::Result {
        let mut line = " ".repeat(self.sizes.label);
        let mut at = 0;
        while at < self.columns.len() {
            let domain = self.column(at).domain.as_deref();
            let same = (at..self.columns.len()).take_while(|&i| self.column(i).domain.as_deref() == domain).count();
            let room = same * (self.sizes.column + 1) - 1;
            let name = domain.unwrap_or_default();
            let stroke = room.saturating_sub(width(name) + 1);
            let name =
                if stroke > 0 && !name.is_empty() { format!("{name} {}", "─".repeat(stroke)) } else { name.into() };
            line.push(' ');
            line.push_str(&left(&name, room));
            at += same;
        }
        writeln!(out, "{}", line.trim_end())
    }

    /// A text per column, over as many lines as the longest takes.
    fn head(&self, out: &mut String, name: &str, text: impl Fn(&Column) -> String, style: Style) -> std::fmt::Result {
        let texts: Vec<Vec<String>> =
            (0..self.columns.len()).map(|at| wrap(&text(self.column(at)), self.sizes.column)).collect();
        for line in 0..texts.iter().map(Vec::len).max().unwrap_or(0) {
            let cells: Vec<String> =
                texts.iter().map(|lines| left(lines.get(line).map_or("", String::as_str), self.sizes.column)).collect();
            let name = left(if line == 0 { name } else { "" }, self.sizes.label);
            writeln!(out, "{name} {style}{}{style:#}", cells.join(" ").trim_end())?;
        }
        Ok(())
    }

    fn row(&self, out: &mut String, row: &Row) -> std::fmt::Result {
        write!(out, "{}", left(&label(row), self.sizes.label))?;
        for &column in self.columns {
            let mark = Mark::of(row.tracks.get(column).and_then(|t| t.latest()));
            let style = mark.band.map_or(Style::new(), colour);
            write!(out, " {style}{}{style:#}", self.cell(column, &mark))?;
        }
        writeln!(out)?;
        match trend::line(self.card, row, self.columns, self.sizes.column) {
            Some(trends) => writeln!(out, "{} {}", " ".repeat(self.sizes.label), trends.trim_end()),
            None => Ok(()),
        }
    }

    /// Numbers of a column end below each other.
    fn cell(&self, column: usize, mark: &Mark) -> String {
        let rows = self.card.context.iter().chain(&self.card.rows);
        let digits = rows.filter_map(|row| Some(width(&row.tracks.get(column)?.latest()?.number))).max().unwrap_or(0);
        if mark.text.is_empty() {
            return " ".repeat(self.sizes.column);
        }
        centred(&format!("{:>digits$} {}", mark.text, mark.tail()), self.sizes.column)
    }
}

/// Black on a light colour of its own: readable on dark and on light terminals.
fn colour(band: Band) -> Style {
    let background = match band {
        Band::Green => 114,
        Band::Yellow => 222,
        Band::Red => 210,
    };
    Style::new().fg_color(Some(Ansi256Color(16).into())).bg_color(Some(Ansi256Color(background).into()))
}

fn foot(card: &Card, page: usize, out: &mut String) -> std::fmt::Result {
    let used = mark::used(card);
    let room = used.iter().map(|(mark, _)| width(mark)).max().unwrap_or(0);
    for (mark, meaning) in used {
        let style = [Band::Green, Band::Yellow, Band::Red]
            .into_iter()
            .find(|b| mark == b.letter().to_string())
            .map_or(Style::new(), colour);
        let fill = " ".repeat(room - width(&mark));
        writeln!(out, "{style}{mark}{style:#}{fill}  {meaning}")?;
    }
    if let Some(trend) = trend::legend(card, Sizes::fit(card, page).0.column) {
        writeln!(out, "{}  {trend}", left(trend::SAMPLE, room.max(width(trend::SAMPLE))))?;
    }
    let ids: Vec<&str> = card.columns.iter().map(|c| c.id.as_str()).collect();
    let notes = [Some(mark::READING.to_owned()), Some(format!("Columns: {}", ids.join(", "))), mark::left_out(card)];
    for note in notes.into_iter().flatten().chain(card.heading.notes.iter().cloned()) {
        for line in wrap(&note, page) {
            writeln!(out, "{line}")?;
        }
    }
    Ok(())
}
