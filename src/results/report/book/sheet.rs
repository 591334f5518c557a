//! The sheet of one indicator in words: its facts, its windows, those beside and below, and the
//! rows for review.

use super::breakdown;
use super::document::{Table, counts, points, standard, value, why};
use crate::report::amount::grouped;
use crate::report::mark::Mark;
use crate::scorecard::book::{Book, Line, Lines, Page, Sentence, Since};
use crate::scorecard::card::{Column, Shown};
use crate::scorecard::trend::words_of;
use crate::scorecard::wilson_interval::Interval;
use crate::scorecard::{Band, Trend, words};

/// One indicator.
pub(super) struct Sheet<'a> {
    /// Its id.
    pub(super) id: &'a str,
    /// Its title.
    pub(super) title: &'a str,
    /// The latest value with its marks.
    pub(super) value: String,
    /// Its colour.
    pub(super) band: Option<Band>,
    /// The question it answers.
    pub(super) question: &'a str,
    /// What the trend says, a sentence each.
    pub(super) says: Vec<String>,
    /// Names and texts.
    pub(super) facts: Vec<(&'static str, String)>,
    /// The windows, the latest first.
    pub(super) windows: Table,
    /// What the picture is drawn from, where several windows are shown.
    pub(super) trend: Option<&'a Trend>,
    /// The same figures for a chart.
    pub(super) chart: Option<Chart>,
    /// Those beside and below.
    pub(super) groups: Vec<Group>,
    /// The groups of its rows, a table for each breakdown.
    pub(super) breakdowns: Vec<Group>,
    /// The rows for review: the rule, and the rows.
    pub(super) review: Option<(String, Table)>,
    /// What is measured, in English.
    pub(super) english: &'a [Sentence],
}

/// Several entities.
pub(super) struct Group {
    /// What they have in common.
    pub(super) title: String,
    /// Their cells.
    pub(super) table: Table,
    /// Their values, one series; of many entities in several charts.
    pub(super) charts: Vec<Chart>,
}

impl Group {
    /// Whether its table has so many columns that little room is left for bars.
    pub(super) fn is_wide(&self) -> bool {
        self.table.head.len() > 4
    }
}

/// The figures of a chart.
#[derive(Debug, Clone)]
pub(in crate::report) struct Chart {
    /// Its title.
    pub(in crate::report) title: String,
    /// What stands along it.
    pub(in crate::report) categories: Vec<String>,
    /// Its lines, or its one row of bars.
    pub(in crate::report) series: Vec<Series>,
    /// Of bars, their colours.
    pub(in crate::report) bands: Vec<Option<Band>>,
    /// The most that a value can be, where that is known.
    pub(in crate::report) most: Option<f64>,
    /// Of lines, how the points of the value are marked.
    pub(in crate::report) marks: Vec<PointMark>,
}

impl Chart {
    /// Whether it is one of bars.
    pub(in crate::report) fn is_bars(&self) -> bool {
        !self.bands.is_empty()
    }
}

/// How a point of a value is marked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::report) enum PointMark {
    /// It is final, and nothing says that it is more than chance.
    Plain,
    /// It is more than chance.
    Special,
    /// It can still change.
    Provisional,
}

/// The values of a chart that belong together.
#[derive(Debug, Clone)]
pub(in crate::report) struct Series {
    /// What they are.
    pub(in crate::report) name: &'static str,
    /// One for each category.
    pub(in crate::report) values: Vec<Option<f64>>,
}

/// So many bars are read in one chart.
const BARS: usize = 30;

/// The names of the series.
pub(in crate::report) const VALUE: &str = "value";
pub(in crate::report) const EXPECTED: &str = "expected";
pub(super) const STANDARDS: [&str; 2] = ["standard, at least", "standard, at most"];
pub(super) const CENTRE: &str = "centre line";
pub(super) const LIMITS: [&str; 2] = ["lower limit", "upper limit"];

/// The sheet of a page.
pub(super) fn sheet<'a>(book: &'a Book<'a>, page: &'a Page<'a>) -> Sheet<'a> {
    let column = &page.column;
    let trend = page.trend.as_ref();
    let says = trend.into_iter().flat_map(|trend| [Some(trend.variation()), trend.assurance_in_words()]);
    let group = |lines: &Lines| (!lines.lines.is_empty()).then(|| group(column, lines));
    Sheet {
        id: &column.id,
        title: &column.title,
        value: value(column, page.latest()),
        band: page.latest().and_then(|shown| shown.cell.band),
        question: column.question.as_deref().unwrap_or_default(),
        says: says.flatten().collect(),
        facts: facts(book, page),
        windows: windows(page),
        trend,
        chart: (page.cells.len() > 1).then(|| over_time(page)),
        groups: [&page.peers, &page.below].into_iter().filter_map(group).collect(),
        breakdowns: page.groups.iter().map(|of| breakdown::group(column, of)).collect(),
        review: page.review.as_ref().map(|review| {
            let mut table = Table { head: review.head.clone(), ..Table::default() };
            table.rows.extend(
                review.rows.iter().map(|row| super::document::TableRow { cells: row.clone(), ..Default::default() }),
            );
            (review.rule(), table)
        }),
        english: page.english,
    }
}

fn facts(book: &Book, page: &Page) -> Vec<(&'static str, String)> {
    let (column, shown) = (&page.column, page.latest());
    let mut facts = vec![("Window", column.window().to_owned())];
    let mut add = |name: &'static str, text: Option<String>| {
        facts.extend(text.filter(|text| !text.is_empty()).map(|text| (name, text)));
    };
    add("Counts", Some(counts(column, shown)));
    add("Standard", Some(standard_and_source(column, shown)));
    let change = page.change.as_ref().filter(|change| change.points().is_some());
    let since = if matches!(book.since, Since::Published(_)) { "as published, " } else { "" };
    add(
        "Change",
        change.map(|change| {
            let points = points(column, change).unwrap_or_default();
            format!("{points} since {}: {since}{}", change.before.end, super::document::known(column, &change.before))
        }),
    );
    let by_chance = shown.and_then(|shown| shown.cell.interval);
    add("By chance alone", by_chance.map(|of| format!("{} (95 % interval)", interval(of))));
    add("Not known", shown.and_then(|shown| unknown(column, shown)));
    let excluded = shown.and_then(|shown| Some(shown.cell.counts?.excluded_total())).filter(|n| *n > 0);
    add("Excluded", excluded.map(|n| format!("{} rows", grouped(n))));
    add(
        "Below",
        page.spread.map(|of| {
            let each = [(of.green, "green"), (of.yellow, "yellow"), (of.red, "red"), (of.none, "without a colour")];
            let each: Vec<String> = each.iter().filter(|(n, _)| *n > 0).map(|(n, of)| format!("{n} {of}")).collect();
            each.join(", ")
        }),
    );
    let above = |line: &Line| format!("{} {}", line.who.with_level(), value(column, Some(&line.shown)));
    add("Read against", Some(page.above.iter().map(above).collect::<Vec<_>>().join("; ")));
    add("Why", Some(why(shown)));
    add("Waits", Some(column.wait.clone()).filter(|wait| wait != "none"));
    add("Indicator", Some(format!("{}, meaning {}", column.id, column.meaning)));
    facts
}

/// `at least 94.6 % (yellow: at least 90 %); source, status`.
fn standard_and_source(column: &Column, shown: Option<&Shown>) -> String {
    if let Some(own) = column.own.as_ref().filter(|_| shown.is_some_and(|shown| shown.cell.own.is_some())) {
        let target = format!("its own, {} ({})", standard(column, shown), own.words);
        let origin = own.source.iter().chain(&own.status).map(String::as_str);
        return std::iter::once(target.as_str()).chain(origin).collect::<Vec<_>>().join("; ");
    }
    let Some(of) = &column.threshold else {
        let none = &column.no_standard;
        return ["none"]
            .into_iter()
            .chain(none.source.as_deref())
            .chain(none.status.as_deref())
            .collect::<Vec<_>>()
            .join("; ");
    };
    let yellow = of.yellow().map(|yellow| format!(" (yellow: {yellow})")).unwrap_or_default();
    let origin = of.source.iter().chain(&of.status).map(String::as_str);
    [format!("{}{yellow}", of.long())].iter().map(String::as_str).chain(origin).collect::<Vec<_>>().join("; ")
}

/// `80.1 to 95.2 %`.
pub(super) fn interval(of: Interval) -> String {
    format!("{:.1} to {:.1} %", of.low, of.high)
}

/// How many rows are undetermined, unsure and unread, and the range of the value if all were known;
/// `None` where that may not be said.
pub(super) fn unknown(column: &Column, shown: &Shown) -> Option<String> {
    let counts = shown.cell.counts?;
    let (undetermined, unsure, unread) = (counts.undetermined, counts.unsure(), counts.unread());
    let said =
        format!("{} undetermined, {} unsure, {} unread", grouped(undetermined), grouped(unsure), grouped(unread));
    let ends = [shown.cell.range.least, shown.cell.range.most];
    let sign = words::sign(&column.unit);
    if undetermined + unsure + unread == 0 {
        return Some(said);
    }
    let end =
        |end: Option<f64>| end.map_or_else(|| "no end".to_owned(), |end| format!("{end:.1} {sign}").trim().to_owned());
    Some(format!("{said}; if all were known: least {}, most {}", end(ends[0]), end(ends[1])))
}

/// The windows, the latest first.
fn windows(page: &Page) -> Table {
    let trend = page.trend.as_ref();
    let with_limits = trend.is_some_and(|trend| trend.centre.is_ok());
    let mut table = Table::new(["window", "value", "counts", "limits", "says"]);
    for (number, shown) in page.cells.iter().enumerate().rev() {
        let judged = trend.and_then(|trend| trend.points.get(number)?.judged.as_ref());
        let limits = judged.filter(|_| with_limits).map(|of| format!("{} to {}", end(of.low), end(of.high)));
        let signals = judged.into_iter().flat_map(|of| &of.signals).map(|signal| words_of(*signal).to_owned());
        let says: Vec<String> = signals.chain(Some(why(Some(shown))).filter(|why| !why.is_empty())).collect();
        let cells = [
            page.column.window_ends.get(number).cloned().unwrap_or_default(),
            value(&page.column, Some(shown)),
            counts(&page.column, Some(shown)),
            limits.unwrap_or_default(),
            says.join("; "),
        ];
        table.add(cells, shown.cell.band, false);
    }
    table
}

/// A limit with one decimal; `…` where there is none.
fn end(of: f64) -> String {
    if of.is_finite() { format!("{of:.1}") } else { "…".to_owned() }
}

/// The values over time, with the standard, the centre line and the limits; series without a figure
/// are left out.
fn over_time(page: &Page) -> Chart {
    let cells = || page.cells.iter().map(|shown| &shown.cell);
    let judged = |end: fn(&crate::scorecard::process_chart::Judgement) -> f64| {
        let points = page.trend.iter().flat_map(|trend| &trend.points);
        points.map(|point| point.judged.as_ref().map(end).filter(|end| end.is_finite())).collect::<Vec<_>>()
    };
    let centre = page.trend.as_ref().and_then(|trend| trend.centre.as_ref().ok().copied());
    let all = [
        (VALUE, cells().map(|cell| cell.value).collect()),
        (STANDARDS[0], cells().map(|cell| cell.standard?.least).collect()),
        (STANDARDS[1], cells().map(|cell| cell.standard?.most).collect()),
        (CENTRE, cells().map(|_| centre).collect()),
        (LIMITS[0], judged(|of| of.low)),
        (LIMITS[1], judged(|of| of.high)),
    ];
    let series = all.into_iter().map(|(name, values): (&'static str, Vec<Option<f64>>)| Series { name, values });
    Chart {
        title: page.column.title.clone(),
        categories: page.column.window_ends.clone(),
        series: series.filter(|of| of.name == VALUE || of.values.iter().any(Option::is_some)).collect(),
        bands: Vec::new(),
        most: most(&page.column),
        marks: page.cells.iter().enumerate().map(|(number, shown)| point_mark(page, number, shown)).collect(),
    }
}

fn most(column: &Column) -> Option<f64> {
    (column.unit == "percent").then_some(100.0)
}

fn point_mark(page: &Page, number: usize, shown: &Shown) -> PointMark {
    let judged = page.trend.as_ref().and_then(|trend| trend.points.get(number)?.judged.as_ref());
    match (judged.is_some_and(|of| !of.signals.is_empty()), shown.cell.provisional) {
        (true, _) => PointMark::Special,
        (false, Some(_)) => PointMark::Provisional,
        (false, None) => PointMark::Plain,
    }
}

/// A bar for each of these cells.
pub(super) fn bars(column: &Column, title: &str, cells: &[(String, &Shown)]) -> Chart {
    Chart {
        title: title.to_owned(),
        categories: cells.iter().map(|(label, _)| label.clone()).collect(),
        series: vec![Series { name: VALUE, values: cells.iter().map(|(_, shown)| shown.cell.value).collect() }],
        bands: cells.iter().map(|(_, shown)| shown.cell.band).collect(),
        most: most(column),
        marks: Vec::new(),
    }
}

fn group(column: &Column, lines: &Lines) -> Group {
    let unit = words::sign(&column.unit);
    let mut table = Table::new(["who", "value", "counts", "why"]);
    for line in &lines.lines {
        let cells = [
            line.who.label(),
            value(column, Some(&line.shown)),
            counts(column, Some(&line.shown)),
            why(Some(&line.shown)),
        ];
        table.add(cells, line.shown.cell.band, line.is_own);
    }
    // The figure beside the name has as many decimals as its colour takes.
    let label = |line: &Line| {
        let own = if line.is_own { "▶ " } else { "" };
        format!("{own}{}: {}", line.who.label(), Mark::of(Some(&line.shown)).full())
    };
    let title = if unit.is_empty() { lines.title.clone() } else { format!("{} ({unit})", lines.title) };
    let chart = |lines: &[Line]| {
        let cells: Vec<(String, &Shown)> = lines.iter().map(|line| (label(line), &line.shown)).collect();
        bars(column, &title, &cells)
    };
    Group { title: lines.title.clone(), table, charts: lines.lines.chunks(BARS).map(chart).collect() }
}
