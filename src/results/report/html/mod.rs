//! A scorecard as one page that needs nothing else: a heat map that prints on A4, and every number
//! behind it.
//!
//! The page is `templates/scorecard.html`; here is what it is filled with. Askama escapes every
//! text; what would turn the reading direction is made visible.

mod payload;
mod spark;

use super::amount::{self, grouped};
use super::mark::{self, Mark};
use super::scale::{self, Scale};
use super::{Format, Kind, Report, Writing};
use crate::scorecard::card::{Card, Column, NoStandard, Row, Shown, Track};
use crate::scorecard::cell::OwnTarget;
use crate::scorecard::cell::{Cell, Extent};
use crate::scorecard::{Band, ChildrenByBand, Judged, UNASSIGNED, words};
use askama::Template;
use payload::Payload;
use std::io::{self, Write};
use std::ops::Range;
use yardstick_language::visible;

/// `html`.
pub(super) const FORMAT: Format =
    Format { name: "html", extension: "html", kind: Kind::Text, writing: Writing::Whole(write) };

fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let card = report.judged.card_of_latest();
    let page = Page::of(&card, report)?.render().map_err(io::Error::other)?;
    out.write_all(visible::lines(&page).as_bytes())
}

#[derive(Template)]
#[template(path = "scorecard.html", config = "report/askama.toml")]
struct Page<'a> {
    card: &'a Card<'a>,
    as_of: String,
    /// How many windows a trend has; 1 without.
    windows: usize,
    /// How long a trend is, in words.
    trend: String,
    /// Whether a spread stands in any cell.
    spread: bool,
    maps: Vec<Map<'a>>,
    legend: Vec<Sign>,
    notes: Vec<String>,
    sections: Vec<Section<'a>>,
    /// Rows that the script alone shows.
    more: usize,
    style: &'static str,
    script: &'static str,
    payload: Payload,
}

/// Columns of the heat map that stand beside each other.
struct Map<'a> {
    columns: &'a [Column],
    domains: Vec<(&'a str, usize)>,
    context: Vec<Line<'a>>,
    /// The rows under their headings.
    groups: Vec<(Option<&'a str>, Vec<Line<'a>>)>,
}

/// An entity's row of the heat map.
struct Line<'a> {
    row: &'a Row<'a>,
    name: &'a str,
    cells: Vec<Square>,
}

/// A cell of the heat map.
struct Square {
    class: &'static str,
    mark: Mark,
    letter: Option<char>,
    counts: String,
    spread: String,
    said: String,
    spark: Option<spark::Spark>,
}

/// A mark and what it means.
struct Sign {
    class: &'static str,
    mark: String,
    meaning: String,
}

/// What is said of one indicator.
struct Section<'a> {
    column: &'a Column,
    facts: Vec<(&'static str, String)>,
}

impl<'a> Page<'a> {
    fn of(card: &'a Card<'a>, report: &'a Report) -> io::Result<Self> {
        let payload = Payload::of(card, report)?;
        let judged = &report.judged;
        let maps = abreast(card.columns.len()).into_iter().map(|columns| Map::of(card, judged, columns)).collect();
        let sections = card.columns.iter().map(|column| Section { column, facts: facts(column) }).collect();
        Ok(Self {
            card,
            as_of: words::day(card.heading.as_of),
            windows: scale::windows(card),
            trend: scale::trend(card).unwrap_or_default(),
            spread: mark::has_spread(card),
            maps,
            legend: mark::used(card, true)
                .into_iter()
                .chain(mark::ratio_meaning(card).map(|meaning| (mark::RATIO.to_owned(), meaning)))
                .map(|(mark, meaning)| Sign { class: letter_class(&mark), mark, meaning })
                .collect(),
            notes: mark::left_out(card).into_iter().chain(card.heading.notes.iter().cloned()).collect(),
            sections,
            more: card.rows.len() - standing(card).count(),
            style: STYLE,
            script: SCRIPT,
            payload,
        })
    }
}

/// The look of the page.
const STYLE: &str = include_str!("page.css");
/// What draws it, once it is open.
const SCRIPT: &str = concat!(
    "(function () {\n\"use strict\";\n",
    include_str!("script/data.js"),
    include_str!("script/elements.js"),
    include_str!("script/map.js"),
    include_str!("script/chart.js"),
    include_str!("script/panel.js"),
    include_str!("script/rank.js"),
    include_str!("script/page.js"),
    "})();\n"
);

/// Without the script, so many rows stand on the page at most.
const STANDING: usize = 60;

/// The rows that stand on the page without the script: the first of the two largest levels.
fn standing<'c>(card: &'c Card<'c>) -> impl Iterator<Item = &'c Row<'c>> {
    let mut levels: Vec<&str> = Vec::new();
    for row in &card.rows {
        if levels.len() < 2 && !levels.contains(&row.level.as_str()) {
            levels.push(&row.level);
        }
    }
    card.rows.iter().filter(move |row| levels.contains(&row.level.as_str())).take(STANDING)
}

/// More columns than this are not read beside each other.
const ABREAST: usize = 8;

/// The columns in as few blocks as can be read, all about as wide.
fn abreast(columns: usize) -> Vec<Range<usize>> {
    let wide = columns.div_ceil(columns.div_ceil(ABREAST).max(1)).max(1);
    (0..columns).step_by(wide).map(|from| from..columns.min(from + wide)).collect()
}

impl<'a> Map<'a> {
    fn of(card: &'a Card<'a>, judged: &'a Judged, at: Range<usize>) -> Self {
        let columns = card.columns.get(at.clone()).unwrap_or_default();
        let standing: Vec<&Row> = standing(card).collect();
        let scales: Vec<Scale> = at.clone().map(|column| scale(card, judged, &standing, column)).collect();
        let lines = |rows: &[&'a Row<'a>]| rows.iter().map(|row| line(card, judged, row, (&scales, &at))).collect();
        let stands = |row: &&'a Row<'a>| standing.iter().any(|other| std::ptr::eq(*other, *row));
        let groups = card.groups().map(|(heading, rows)| (heading, rows.iter().filter(stands).collect::<Vec<_>>()));
        let groups =
            groups.filter(|(_, rows)| !rows.is_empty()).map(|(heading, rows)| (heading, lines(&rows))).collect();
        let context: Vec<&Row> = card.context.iter().collect();
        Self { columns, domains: domains(columns), context: lines(&context), groups }
    }
}

/// A window whose month and year stay on one line.
fn unbroken(window: &str) -> String {
    window.rsplit_once(' ').map_or_else(|| window.to_owned(), |(head, year)| format!("{head}\u{a0}{year}"))
}

/// A title that may also be broken after a stroke.
fn breakable(title: &str) -> String {
    title.replace('/', "/\u{200b}")
}

/// Each domain with the number of columns beside each other that it holds.
fn domains(columns: &[Column]) -> Vec<(&str, usize)> {
    let mut domains: Vec<(&str, usize)> = Vec::new();
    for column in columns {
        let name = column.domain.as_deref().unwrap_or_default();
        match domains.last_mut() {
            Some((last, span)) if *last == name => *span += 1,
            _ => domains.push((name, 1)),
        }
    }
    domains
}

/// The scale of a column over the rows that stand on the page.
fn scale<'a>(card: &'a Card<'a>, judged: &'a Judged, standing: &[&'a Row<'a>], column: usize) -> Scale {
    let rows = card.context.iter().chain(standing.iter().copied()).filter(|row| row.id != UNASSIGNED);
    let tracks: Vec<Track> = rows.filter_map(|row| Some(row.tracks.get(column)?.whole(judged))).collect();
    Scale::over(tracks.iter())
}

fn line<'a>(card: &'a Card, judged: &'a Judged, row: &'a Row<'a>, (scales, at): (&[Scale], &Range<usize>)) -> Line<'a> {
    let columns = card.columns.get(at.clone()).unwrap_or_default();
    let cells = row.tracks.iter().skip(at.start).zip(columns).zip(scales);
    let square = |((track, column), &scale): ((&Track<'a>, &Column), &Scale)| {
        square(track, column, spark::spark(&track.whole(judged), scale))
    };
    Line { row, name: name(row), cells: cells.map(square).collect() }
}

/// The name, when it says more than the id.
fn name<'a>(row: &'a Row) -> &'a str {
    if row.name.eq_ignore_ascii_case(&row.id) { "" } else { &row.name }
}

fn square(track: &Track, column: &Column, spark: Option<spark::Spark>) -> Square {
    let mark = Mark::of(track.latest());
    Square {
        class: class(&mark),
        letter: mark.band.map(Band::letter),
        counts: track.latest().map(counts).unwrap_or_default(),
        spread: mark::below(track.latest()).join(" · "),
        said: track.latest().map(|shown| said(shown, &mark, column.window())).unwrap_or_default(),
        spark,
        mark,
    }
}

fn class(mark: &Mark) -> &'static str {
    match (mark.band, mark.state) {
        (Some(band), _) => band.id(),
        (None, Some(state)) => state.id(),
        (None, None) => "",
    }
}

fn letter_class(mark: &str) -> &'static str {
    let bands = [Band::Green, Band::Yellow, Band::Red];
    bands.into_iter().find(|b| mark == b.letter().to_string()).map_or("", Band::id)
}

/// `31 of 33`; of a median or a percentile `33 cases`.
fn counts(shown: &Shown) -> String {
    amount::counts(shown.cell.numerator, shown.cell.denominator)
}

/// `90.9 to 93.9`: what the value could be if all were known; empty where all is.
fn range(cell: &Cell) -> String {
    let Extent { least, most } = cell.range;
    if cell.counts.is_none() || !cell.uncertain || (least.is_some() && least == most) {
        return String::new();
    }
    match (least, most) {
        (Some(least), Some(most)) => format!("{least:.1} to {most:.1}"),
        (Some(least), None) => format!("{least:.1} or more"),
        (None, Some(most)) => format!("{most:.1} or less"),
        (None, None) => "anything".to_owned(),
    }
}

/// The whole cell in a sentence, for those who hear the page or point at it.
fn said(shown: &Shown, mark: &Mark, window: &str) -> String {
    let value = match mark.state {
        Some(state) if shown.cell.value.is_none() => {
            let reason = shown.cell.reason.filter(|_| mark::has_reasons(state));
            let reason = reason.map(|reason| format!(" ({reason})")).unwrap_or_default();
            format!("{}{reason}", mark::meaning(state))
        }
        Some(_) | None => match mark.band {
            Some(band) => format!("{}, {}", mark.text, mark::band_meaning(band)),
            None => mark.text.clone(),
        },
    };
    let mut parts = vec![format!("{window}: {value}")];
    let with_reason = shown.cell.value.is_none() && mark.state.is_some_and(mark::has_reasons);
    parts.extend(shown.cell.provisional.filter(|_| !with_reason).map(str::to_owned));
    parts.extend(Some(counts(shown)).filter(|c| !c.is_empty()));
    if let Some(counts) = &shown.cell.counts {
        parts.push(format!("{} undetermined", grouped(counts.undetermined)));
        parts.push(format!("{} excluded", grouped(counts.excluded_total())));
        for (count, word) in [(counts.unsure(), "unsure"), (counts.unread(), "unread")] {
            parts.extend((count > 0).then(|| format!("{} {word}", grouped(count))));
        }
        parts.extend(Some(range(&shown.cell)).filter(|range| !range.is_empty()).map(|r| format!("could be {r}")));
    }
    parts.extend(shown.spread.map(below));
    parts.extend(shown.cell.standard.map(|s| match shown.cell.own {
        Some(_) => format!("its own target {}", words::figures(s)),
        None => format!("standard {}", words::figures(s)),
    }));
    if let Some(OwnTarget::Without(why)) = shown.cell.own {
        parts.push(format!("no colour: {why}"));
    }
    parts.extend(shown.cell.interval.map(|i| format!("95 % interval {:.1} to {:.1}", i.low, i.high)));
    parts.join("; ")
}

/// `one level down: 5 green, 1 yellow, 2 red, 3 without a colour`.
fn below(spread: ChildrenByBand) -> String {
    let ChildrenByBand { green, yellow, red, none } = spread;
    let colours = [(green, "green"), (yellow, "yellow"), (red, "red"), (none, "without a colour")];
    let said: Vec<_> =
        colours.into_iter().filter(|(n, _)| *n > 0).map(|(n, word)| format!("{} {word}", grouped(n))).collect();
    format!("one level down: {}", if said.is_empty() { "nobody with cases".to_owned() } else { said.join(", ") })
}

/// What the Partnership approved, in the order in which one asks for it.
fn facts(column: &Column) -> Vec<(&'static str, String)> {
    let threshold = column.threshold.as_ref();
    let standard = column.standard().map(|said| match threshold {
        Some(t) => with(said, &[&t.source, &t.status]),
        None => said,
    });
    let yellow = threshold.and_then(|t| Some(with(t.yellow()?, &[&t.yellow_status])));
    let NoStandard { source, status } = &column.no_standard;
    let none = || with("none in force".to_owned(), &[source, status]);
    let facts = [
        ("Reading", column.reading.clone()),
        ("Source", column.source.as_ref().map(|s| with(s.clone(), &[&column.status]))),
        ("Window", Some(column.window().to_owned())),
        ("Waits", Some(column.wait.clone())),
        ("Standard", Some(standard.unwrap_or_else(none))),
        ("Yellow", yellow),
        ("Own standard", column.own.as_ref().map(|own| with(own.words.clone(), &[&own.source, &own.status]))),
        ("Hidden", column.hide_under.map(|n| format!("counts under {n}"))),
        ("Minimum", column.minimum.map(|n| format!("{n} cases"))),
        ("Meaning", Some(column.meaning.clone())),
    ];
    facts.into_iter().filter_map(|(name, fact)| Some((name, fact?))).collect()
}

/// `at least 94.6 % (75th percentile goal, published)`.
fn with(text: String, remarks: &[&Option<String>]) -> String {
    let remarks: Vec<&str> = remarks.iter().filter_map(|r| r.as_deref()).collect();
    if remarks.is_empty() { text } else { format!("{text} ({})", remarks.join(", ")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_stand_in_blocks_that_can_be_read() {
        assert_eq!((abreast(7).len(), abreast(8).len()), (1, 1));
        assert_eq!(abreast(9), [0..5, 5..9]);
        assert_eq!(abreast(38), [0..8, 8..16, 16..24, 24..32, 32..38]);
        assert!(abreast(0).is_empty());
        assert!((1..100).all(|n| abreast(n).iter().map(Range::len).sum::<usize>() == n));
    }
}
