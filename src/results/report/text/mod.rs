//! A scorecard on a terminal: a heat map in colours and letters that reads the same without
//! colours.
//!
//! Columns that do not fit beside each other follow in further blocks, each with its rows' names.

pub(super) mod layout;
mod trend;

use super::mark::{self, Mark};
use super::scale::{self, Scale};
use super::{Format, Kind, Report, WIDTH, Writing};
use crate::scorecard::card::{Card, Column, Row};
use crate::scorecard::words;
use crate::scorecard::{Band, State};
use anstyle::{Ansi256Color, Style};
use layout::{centred, left, width, wrap};
use std::fmt::Write;
use std::io;

/// `table`.
pub(super) const FORMAT: Format =
    Format { name: "table", extension: "txt", kind: Kind::Coloured, writing: Writing::Whole(write) };

/// The narrowest column: `100.0 G?`.
const NARROWEST: usize = 8;
/// The widest column.
const WIDEST: usize = 14;
/// After so many rows the titles stand again.
const SCREEN: usize = 40;
/// The label that the heads need, and the most that names get.
const LABEL: std::ops::RangeInclusive<usize> = 11..=32;

fn write(report: &Report, out: &mut dyn io::Write) -> io::Result<()> {
    let mut text = String::new();
    lines(&report.judged.card(report.spread), report.width.max(40), &mut text).map_err(io::Error::other)?;
    out.write_all(text.as_bytes())
}

fn lines(card: &Card, page: usize, out: &mut String) -> std::fmt::Result {
    let bold = Style::new().bold();
    let heading = &card.heading;
    wrap(&heading.title, page).iter().try_for_each(|line| writeln!(out, "{bold}{line}{bold:#}"))?;
    let by = if card.level.is_empty() { String::new() } else { format!(" · by {}", card.level) };
    let about = format!("{}{by} · data complete through {}", heading.organization, words::day(heading.as_of));
    wrap(&about, page).iter().try_for_each(|line| writeln!(out, "{line}"))?;
    let (sizes, fit) = Sizes::fit(card, page);
    let all: Vec<usize> = (0..card.columns.len()).collect();
    for columns in all.chunks(fit) {
        writeln!(out)?;
        Block::new(card, columns, sizes).write(out)?;
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
        // Names give way first, down to a beginning of them, so that the words of the heads stay
        // whole; then words are broken; only then do columns go to a further block.
        let words = card.columns.iter().flat_map(|c| c.title.split_whitespace()).map(width);
        let narrowest = narrowest(card);
        let ideal = words.max().unwrap_or(0).clamp(narrowest, WIDEST);
        let beginning = if page < WIDTH { 16 } else { 20 };
        let squeezed = page.saturating_sub(count * (ideal + 1)).clamp(wanted.min(beginning), wanted);
        let fit = (page.saturating_sub(squeezed) / (narrowest + 1)).clamp(1, count);
        let column = (page.saturating_sub(squeezed) / fit).saturating_sub(1).clamp(narrowest, WIDEST);
        (Self { label: squeezed, column }, fit)
    }
}

/// The narrowest column of a card: what is provisional is not cut off.
fn narrowest(card: &Card) -> usize {
    let tracks = card.context.iter().chain(&card.rows).flat_map(|row| &row.tracks);
    let provisional = tracks.filter_map(|track| track.latest()).filter(|shown| shown.cell.provisional.is_some());
    // A blank, the letter, the sign, and `p`.
    let provisional = provisional.map(|shown| width(&shown.number) + 4).max().unwrap_or(0);
    // An interval stays on its line.
    let ratio = if mark::ratio_meaning(card).is_some() { width("1.10–1.37") } else { 0 };
    provisional.max(ratio).clamp(NARROWEST, WIDEST)
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
    card: &'a Card<'a>,
    columns: &'a [usize],
    /// The columns again, with what their bars are drawn by.
    scales: Vec<(usize, Scale)>,
    /// How wide the numbers of each column are.
    digits: Vec<usize>,
    trend: bool,
    sizes: Sizes,
}

impl<'a> Block<'a> {
    fn new(card: &'a Card<'a>, columns: &'a [usize], sizes: Sizes) -> Self {
        let rows = || card.context.iter().chain(&card.rows);
        let latest = |column: usize| rows().filter_map(move |row| row.tracks.get(column)?.latest());
        Self {
            card,
            columns,
            scales: columns.iter().map(|&c| (c, Scale::of(card, c))).collect(),
            digits: columns.iter().map(|&c| latest(c).map(|s| width(&s.number)).max().unwrap_or(0)).collect(),
            trend: scale::windows(card) > 1,
            sizes,
        }
    }

    fn write(&self, out: &mut String) -> std::fmt::Result {
        self.domains(out)?;
        self.titles(out)?;
        self.head(out, "window", |c| c.window().to_owned(), Style::new())?;
        self.head(out, "standard", |c| self.standard(c), Style::new())?;
        self.rule(out)?;
        for row in &self.card.context {
            self.row(out, row)?;
        }
        if !self.card.context.is_empty() && !self.card.rows.is_empty() {
            self.rule(out)?;
        }
        let mut above = 0;
        for (heading, rows) in self.card.groups() {
            if let Some(heading) = heading {
                let bold = Style::new().bold();
                writeln!(out, "{bold}{}{bold:#}", left(heading, self.width()).trim_end())?;
            }
            for row in rows {
                if above == SCREEN {
                    self.rule(out)?;
                    self.titles(out)?;
                    self.rule(out)?;
                    above = 0;
                }
                self.row(out, row)?;
                above += 1;
            }
        }
        Ok(())
    }

    fn width(&self) -> usize {
        self.sizes.label + self.columns.len() * (self.sizes.column + 1)
    }

    fn titles(&self, out: &mut String) -> std::fmt::Result {
        self.head(out, "", |c| c.title.clone(), Style::new().bold())
    }

    fn column(&self, at: usize) -> &Column {
        &self.card.columns[self.columns[at]]
    }

    /// On one line where it fits without its spaces.
    fn standard(&self, column: &Column) -> String {
        let Some(short) = column.short_standard() else { return "none".to_owned() };
        if width(&short) > self.sizes.column && column.own.is_none() { short.replace(' ', "") } else { short }
    }

    fn rule(&self, out: &mut String) -> std::fmt::Result {
        writeln!(out, "{}", "─".repeat(self.width()))
    }

    /// Each domain over the columns beside each other that it holds, underlined.
    fn domains(&self, out: &mut String) -> std::fmt::Result {
        let mut groups: Vec<(Vec<String>, usize)> = Vec::new();
        let mut at = 0;
        while at < self.columns.len() {
            let domain = self.column(at).domain.as_deref();
            let same = (at..self.columns.len()).take_while(|&i| self.column(i).domain.as_deref() == domain).count();
            let room = same * (self.sizes.column + 1) - 1;
            groups.push((wrap(domain.unwrap_or_default(), room), room));
            at += same;
        }
        let height = groups.iter().map(|(lines, _)| lines.len()).max().unwrap_or(0);
        for line in 0..height {
            // Short names stand on the line below which the columns begin.
            let text = |(lines, room): &(Vec<String>, usize)| {
                let text = (line + lines.len()).checked_sub(height).and_then(|at| lines.get(at));
                left(text.map_or("", String::as_str), *room)
            };
            let texts: Vec<String> = groups.iter().map(text).collect();
            writeln!(out, "{} {}", " ".repeat(self.sizes.label), texts.join(" ").trim_end())?;
        }
        let strokes = groups.iter().map(|(lines, room)| if lines.is_empty() { " " } else { "─" }.repeat(*room));
        let strokes: Vec<String> = strokes.collect();
        if height > 0 {
            writeln!(out, "{} {}", " ".repeat(self.sizes.label), strokes.join(" ").trim_end())?;
        }
        Ok(())
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
        let mut line = left(&label(row), self.sizes.label);
        for (&column, &digits) in self.columns.iter().zip(&self.digits) {
            let mark = Mark::of(row.tracks.get(column).and_then(|t| t.latest()));
            let style = mark.band.map_or(Style::new(), colour);
            write!(line, " {style}{}{style:#}", self.cell(digits, &mark))?;
        }
        writeln!(out, "{}", line.trim_end())?;
        self.spreads(out, row)?;
        if self.trend {
            let bars = trend::line(row, &self.scales, self.sizes.column);
            writeln!(out, "{} {}", " ".repeat(self.sizes.label), bars.trim_end())?;
        }
        Ok(())
    }

    /// The spread behind each value, over as many lines as the longest takes; no line where none is
    /// shown.
    fn spreads(&self, out: &mut String, row: &Row) -> std::fmt::Result {
        let short = |column: usize| mark::below(row.tracks.get(column).and_then(|t| t.latest()));
        let texts: Vec<Vec<String>> = self
            .columns
            .iter()
            .map(|&column| short(column).iter().flat_map(|text| wrap(text, self.sizes.column)).collect())
            .collect();
        for line in 0..texts.iter().map(Vec::len).max().unwrap_or(0) {
            let text = |lines: &Vec<String>| centred(lines.get(line).map_or("", String::as_str), self.sizes.column);
            let texts: Vec<String> = texts.iter().map(text).collect();
            writeln!(out, "{} {}", " ".repeat(self.sizes.label), texts.join(" ").trim_end())?;
        }
        Ok(())
    }

    /// Numbers of a column end below each other; words stand in the middle.
    fn cell(&self, digits: usize, mark: &Mark) -> String {
        let text = match mark.state {
            Some(State::Value) => format!("{:>digits$} {}", mark.text, mark.tail()),
            Some(_) | None => mark.full(),
        };
        centred(&text, self.sizes.column)
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
    let used = mark::used(card, false);
    let samples = if mark::has_spread(card) { width(mark::SPREAD.0) } else { 0 }
        .max(if mark::own_meaning(card).is_some() { width(mark::OWN) } else { 0 })
        .max(if mark::ratio_meaning(card).is_some() { width(mark::RATIO) } else { 0 })
        .max(width(trend::SAMPLE));
    let room = used.iter().map(|(mark, _)| width(mark)).max().unwrap_or(0).max(samples);
    for (mark, meaning) in used {
        let style = [Band::Green, Band::Yellow, Band::Red]
            .into_iter()
            .find(|b| mark == b.letter().to_string())
            .map_or(Style::new(), colour);
        hang(out, &format!("{style}{mark}{style:#}{}", " ".repeat(room - width(&mark))), room, &meaning, page)?;
    }
    if mark::has_spread(card) {
        let (sample, meaning) = mark::SPREAD;
        hang(out, &left(sample, room), room, meaning, page)?;
    }
    if let Some(meaning) = mark::own_meaning(card) {
        hang(out, &left(mark::OWN, room), room, &meaning, page)?;
    }
    if let Some(meaning) = mark::ratio_meaning(card) {
        hang(out, &left(mark::RATIO, room), room, &meaning, page)?;
    }
    if let Some(trend) = trend::legend(card, Sizes::fit(card, page).0.column) {
        hang(out, &left(trend::SAMPLE, room), room, &trend, page)?;
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

/// A mark, and beside it what it means, over as many lines as that takes.
fn hang(out: &mut String, mark: &str, room: usize, meaning: &str, page: usize) -> std::fmt::Result {
    for (at, line) in wrap(meaning, page.saturating_sub(room + 2)).iter().enumerate() {
        let fill = " ".repeat(room);
        writeln!(out, "{}  {line}", if at == 0 { mark } else { &fill })?;
    }
    Ok(())
}
