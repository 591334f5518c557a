//! The numbers of a page, for the script that draws them: one object with the rows, the columns and
//! their words, and the cells column by column as whole numbers, deflated and in base 64.
//!
//! All that is shown is rounded here; the script puts digits together and computes no figure. A
//! cell that is hidden has no number in it.

use super::super::amount;
use super::super::mark::{self, Mark};
use crate::report::Report;
use crate::report::plan::sheet::sheet;
use crate::scorecard::card::{Card, Column, Row, Shown, Track};
use crate::scorecard::case_list::{CaseList, ListedCase};
use crate::scorecard::cell::{Cell, Extent, State};
use crate::scorecard::{Counts, Judged, Progress, Trend};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use chrono::NaiveDate;
use flate2::Compression;
use flate2::write::DeflateEncoder;
use serde::Serialize;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{self, Write};
use yardstick_language::visible;

/// The words of a page.
#[derive(Debug, Serialize)]
struct Words<'a> {
    title: &'a str,
    /// The levels of the rows, the largest first.
    levels: Vec<&'a str>,
    groups: Vec<&'a str>,
    /// Titles, with the numbers of their columns.
    scorecards: Vec<(&'a str, Vec<usize>)>,
    /// How many of the rows stand above those that are compared: the whole first.
    context: usize,
    rows: Rows<'a>,
    columns: Vec<Head<'a>>,
    /// What is said of cells, by number.
    sentences: Vec<String>,
    /// What stands in place of a number, and what it means, by the number of the state.
    states: Vec<[&'static str; 2]>,
    /// The plans of the rows.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    plans: Vec<PlanWords<'a>>,
    /// How to read a description.
    how_to_read: &'a str,
    /// The bytes of each column's cells.
    lengths: Vec<usize>,
}

/// The rows, in the order in which they stand.
#[derive(Debug, Default, Serialize)]
struct Rows<'a> {
    id: Vec<&'a str>,
    name: Vec<&'a str>,
    /// The numbers of their levels.
    level: Vec<usize>,
    /// How many of the rows above it it lies under.
    depth: Vec<usize>,
    /// The number of its peers, from 1; 0 without.
    group: Vec<usize>,
    /// 1 of a group of the rows of the entity above it, 2 of the heading of such groups.
    part: Vec<u8>,
}

/// A plan.
#[derive(Debug, Serialize)]
struct PlanWords<'a> {
    /// The numbers of its row and its column.
    row: usize,
    column: usize,
    because: &'a str,
    /// The verdict, and what must be known with it.
    says: Vec<String>,
    /// What is expected of each window of the column.
    path: Vec<Option<f64>>,
}

/// An indicator.
#[derive(Debug, Serialize)]
struct Head<'a> {
    id: &'a str,
    title: &'a str,
    domain: &'a str,
    tier: Option<i64>,
    unit: &'a str,
    question: &'a str,
    /// Names and texts.
    facts: Vec<(&'static str, String)>,
    exclusions: &'a [String],
    windows: &'a [String],
    ends: &'a [String],
    /// The least and the most green value, by window.
    standards: Vec<[Option<f64>; 2]>,
    /// Whether rows have standards of their own, which stand in their cells.
    own: bool,
    /// Whether higher values are better; missing where nobody says so.
    higher: Option<bool>,
    description: &'a str,
}

/// The words and the cells of a page, each in base 64.
pub(super) struct Payload {
    pub(super) words: String,
    pub(super) cells: String,
    /// The rows behind the latest cells, where they were asked for.
    pub(super) cases: Option<String>,
}

/// The rows behind the latest cells of an indicator.
#[derive(Debug, Serialize)]
struct Listed<'a> {
    /// The number of its column.
    column: usize,
    head: &'a [String],
    rows: Vec<ListedRow<'a>>,
}

/// The numbers of the rows of the page that hold a row, and its texts.
type ListedRow<'a> = (Vec<usize>, Vec<Option<Cow<'a, str>>>);

impl Payload {
    pub(super) fn of<'a>(card: &'a Card<'a>, report: &'a Report) -> io::Result<Self> {
        let all: Vec<&Row> = card.context.iter().chain(&card.rows).collect();
        let mut sentences = Sentences::default();
        let judged = &report.judged;
        let columns = card.columns.iter().enumerate();
        let columns: Vec<Vec<u8>> =
            columns.map(|(at, column)| cells(judged, &all, (at, column), &mut sentences)).collect();
        let mut names = Names { levels: levels(&all, report), groups: Vec::new() };
        let rows = rows(&all, &mut names);
        let descriptions: BTreeMap<&str, &str> =
            report.descriptions.iter().map(|(id, text)| (id.as_str(), text.as_str())).collect();
        let text = |id: &str| descriptions.get(id).copied().unwrap_or_default();
        let words = Words {
            title: &card.heading.title,
            levels: names.levels,
            groups: names.groups,
            scorecards: scorecards(card, report),
            context: card.context.len(),
            rows,
            columns: card
                .columns
                .iter()
                .enumerate()
                .map(|(at, column)| head(judged, &all, (at, column), text(&column.id)))
                .collect(),
            sentences: sentences.all,
            states: State::ALL.iter().map(|state| [mark::word(*state), mark::meaning(*state)]).collect(),
            plans: plans(card, &all, &report.plans),
            how_to_read: text(""),
            lengths: columns.iter().map(Vec::len).collect(),
        };
        let cases = match report.cases.is_empty() {
            true => None,
            false => Some(packed(&serde_json::to_vec(&listed(card, &all, report))?)?),
        };
        Ok(Self { words: packed(&serde_json::to_vec(&words)?)?, cells: packed(&columns.concat())?, cases })
    }
}

fn listed<'a>(card: &Card, all: &[&Row], report: &'a Report) -> Vec<Listed<'a>> {
    let Judged { program, hierarchy, .. } = &report.judged;
    let entities = all.iter().enumerate().filter(|(_, row)| !row.is_part);
    let places: BTreeMap<(&str, &str), usize> =
        entities.map(|(place, row)| ((row.level.as_str(), row.id.as_str()), place)).collect();
    let place = |entity: &usize| {
        let entity = hierarchy.entities.get(*entity)?;
        places.get(&(hierarchy.levels.get(entity.level)?.as_str(), entity.id.as_str())).copied()
    };
    let list = |list: &'a CaseList| {
        let id = &program.indicators.get(list.indicator)?.id;
        let column = card.columns.iter().position(|column| column.id == *id)?;
        let texts = |row: &'a ListedCase| row.texts.iter().map(|text| text.as_deref().map(visible::value)).collect();
        let rows = list.rows.iter().map(|row| (row.holders.iter().filter_map(place).collect(), texts(row)));
        Some(Listed { column, head: &list.head, rows: rows.collect() })
    };
    report.cases.iter().filter_map(list).collect()
}

/// The plans of the rows that are shown.
fn plans<'a>(card: &Card, all: &[&Row], plans: &'a [Progress]) -> Vec<PlanWords<'a>> {
    let words = |of: &'a Progress| {
        let [level, id, _] = &of.entity;
        let row = all.iter().position(|row| !row.is_part && row.level == *level && row.id == *id)?;
        let column = card.columns.iter().position(|column| column.id == of.indicator)?;
        let sheet = sheet(of);
        let ends = all.get(row)?.tracks.get(column)?.windows();
        let expected = |end: &NaiveDate| of.plan.path.expected(*end).map(|figure| (figure * 10.0).round() / 10.0);
        Some(PlanWords {
            row,
            column,
            because: &of.plan.because,
            says: sheet.says,
            path: ends.iter().map(expected).collect(),
        })
    };
    plans.iter().filter_map(words).collect()
}

fn packed(bytes: &[u8]) -> io::Result<String> {
    let mut deflated = DeflateEncoder::new(Vec::new(), Compression::default());
    deflated.write_all(bytes)?;
    Ok(BASE64_STANDARD.encode(deflated.finish()?))
}

/// The levels that any row is of, the largest first.
fn levels<'a>(all: &[&Row], report: &'a Report) -> Vec<&'a str> {
    let levels = report.judged.hierarchy.levels.iter().map(String::as_str);
    levels.filter(|level| all.iter().any(|row| row.level == *level)).collect()
}

/// The scorecards of which the page has all columns, but for those for other readers.
fn scorecards<'a>(card: &Card, report: &'a Report) -> Vec<(&'a str, Vec<usize>)> {
    let program = &report.judged.program;
    let place = |number: &usize| {
        let id = &program.indicators.get(*number)?.id;
        card.columns.iter().position(|column| column.id == *id)
    };
    let hides = card.columns.iter().any(|column| column.hide_under.is_some());
    let mut found = Vec::new();
    for of in program.scorecards.iter().filter(|of| of.hide_under.is_some() == hides) {
        let columns: Vec<usize> = of.indicators.iter().filter_map(place).collect();
        if !columns.is_empty() && columns.len() == of.indicators.len() {
            found.push((of.title.as_str(), columns));
        }
    }
    found
}

/// Names that rows share.
struct Names<'a> {
    levels: Vec<&'a str>,
    groups: Vec<&'a str>,
}

fn number<'a>(of: &mut Vec<&'a str>, name: &'a str) -> usize {
    of.iter().position(|known| *known == name).unwrap_or_else(|| {
        of.push(name);
        of.len() - 1
    })
}

fn rows<'a>(all: &[&'a Row<'a>], names: &mut Names<'a>) -> Rows<'a> {
    let mut rows = Rows::default();
    for row in all {
        rows.id.push(&row.id);
        rows.name.push(super::name(row));
        rows.level.push(number(&mut names.levels, &row.level));
        rows.depth.push(row.depth);
        rows.group.push(row.group.as_deref().map_or(0, |group| number(&mut names.groups, group) + 1));
        let is_heading = row.is_part && row.tracks.iter().all(|track| track.cells.is_empty());
        rows.part.push(u8::from(row.is_part) + u8::from(is_heading));
    }
    rows
}

fn head<'a>(judged: &'a Judged, all: &[&Row<'a>], (at, column): (usize, &'a Column), description: &'a str) -> Head<'a> {
    let track = all.iter().filter_map(|row| row.tracks.get(at)).find(|track| !track.cells.is_empty());
    let track = track.map(|track| track.whole(judged)).unwrap_or_default();
    // Where rows have standards of their own, none is drawn for all.
    let standards = track.cells.iter().map(|shown| shown.cell.standard.filter(|_| column.own.is_none()));
    Head {
        id: &column.id,
        title: &column.title,
        domain: column.domain.as_deref().unwrap_or_default(),
        tier: column.tier,
        unit: &column.unit,
        question: column.question.as_deref().unwrap_or_default(),
        facts: super::facts(column),
        exclusions: &column.exclusions,
        windows: &column.windows,
        ends: &column.window_ends,
        standards: standards.map(|s| s.map_or([None, None], |s| [s.least, s.most])).collect(),
        own: column.own.is_some(),
        higher: column.higher_is_better(),
        description,
    }
}

/// What is said of cells, each once.
#[derive(Default)]
struct Sentences {
    all: Vec<String>,
    numbers: BTreeMap<String, u64>,
}

impl Sentences {
    /// The number of a sentence, from 1; 0 of none.
    fn number(&mut self, said: Option<&str>) -> u64 {
        let Some(said) = said.filter(|said| !said.is_empty()) else { return 0 };
        if let Some(known) = self.numbers.get(said) {
            return *known;
        }
        self.all.push(said.to_owned());
        let number = self.all.len() as u64;
        self.numbers.insert(said.to_owned(), number);
        number
    }
}

/// Whole numbers, seven bits a byte, the lowest first.
#[derive(Default)]
struct Stream(Vec<u8>);

impl Stream {
    fn put(&mut self, mut number: u64) {
        while number >= 0x80 {
            self.0.push((number & 0x7f) as u8 | 0x80);
            number >>= 7;
        }
        self.0.push(number as u8);
    }
}

/// A number with a sign as one without: 0, -1, 1, -2 ...
fn folded(number: i64) -> u64 {
    (number.cast_unsigned() << 1) ^ (number >> 63).cast_unsigned()
}

/// A figure as it is written: its digits and how many stand behind the point, up to six; from 1,
/// as 0 is none.
fn written(text: &str) -> u64 {
    let Ok(digits) = text.replace('.', "").parse::<i64>() else { return 0 };
    let behind = text.split_once('.').map_or(0, |(_, behind)| behind.len() as u64);
    folded(digits) * 8 + behind + 1
}

fn to_one(figure: Option<f64>) -> u64 {
    figure.filter(|figure| figure.is_finite()).map_or(0, |figure| written(&format!("{figure:.1}")))
}

/// An end of a standard, with all its digits.
fn threshold(figure: Option<f64>) -> u64 {
    figure.map_or(0, |figure| written(&figure.to_string()))
}

/// As [`amount::amount`] writes it, but for the strokes between thousands.
fn amount(figure: Option<f64>) -> u64 {
    figure.map_or(0, |figure| written(&amount::amount(figure).replace(',', "")))
}

/// The cells of a column: the rows that have any, and then field by field.
fn cells<'a>(
    judged: &'a Judged,
    all: &[&Row<'a>],
    (at, column): (usize, &Column),
    sentences: &mut Sentences,
) -> Vec<u8> {
    let has = |track: &Track| {
        track
            .cells
            .iter()
            .any(|shown| shown.cell.state != State::NoCases || shown.cell.counts.is_some_and(|c| c.cohort > 0))
    };
    let of_row = |(row, of): (usize, &&Row<'a>)| {
        let latest = of.tracks.get(at)?;
        let whole = latest.whole(judged);
        has(&whole).then(|| (row, whole, mark::below(latest.latest()).join(" · ")))
    };
    let trends = |row: usize| all.get(row)?.tracks.get(at)?.trend(judged);
    let tracks: Vec<(usize, Track, String)> = all.iter().enumerate().filter_map(of_row).collect();
    let mut out = Stream::default();
    out.put(tracks.len() as u64);
    out.put(column.windows.len() as u64);
    let mut before = 0;
    for (row, ..) in &tracks {
        out.put((row - before) as u64);
        before = *row;
    }
    let shown: Vec<&Shown> = tracks.iter().flat_map(|(_, track, _)| &track.cells).collect();
    let mut field = |of: &mut dyn FnMut(&Shown) -> u64| shown.iter().for_each(|shown| out.put(of(shown)));
    field(&mut |shown| kind(shown));
    field(&mut |shown| if shown.cell.state == State::Value { written(&shown.number) } else { 0 });
    field(&mut |shown| amount(shown.cell.numerator.filter(|_| shown.cell.denominator.is_some())));
    field(&mut |shown| amount(shown.cell.denominator));
    field(&mut |shown| count(shown, |counts| counts.undetermined));
    field(&mut |shown| count(shown, Counts::unsure));
    field(&mut |shown| count(shown, Counts::unread));
    for reason in 0..column.exclusions.len() {
        field(&mut |shown| count(shown, |counts| counts.excluded.get(reason).copied().unwrap_or(0)));
    }
    field(&mut |shown| to_one(shown.cell.interval.map(|interval| interval.low)));
    field(&mut |shown| to_one(shown.cell.interval.map(|interval| interval.high)));
    field(&mut |shown| to_one(range(&shown.cell).least));
    field(&mut |shown| to_one(range(&shown.cell).most));
    field(&mut |shown| sentences.number(shown.cell.reason));
    if column.own.is_some() {
        let standard = |shown: &Shown| shown.cell.standard.filter(|_| shown.cell.own.is_some());
        field(&mut |shown| threshold(standard(shown).and_then(|of| of.least)));
        field(&mut |shown| threshold(standard(shown).and_then(|of| of.most)));
    }
    for (row, track, below) in &tracks {
        out.put(sentences.number(Some(below)));
        out.put(change(track));
        signals(trends(*row).as_ref(), sentences, &mut out);
    }
    out.0
}

/// What the chart says of the latest value and of the standard, and of each window whether it is
/// more than chance; of an entity without, and of one window, a single 0.
fn signals(trend: Option<&Trend>, sentences: &mut Sentences, out: &mut Stream) {
    let Some(trend) = trend.filter(|trend| trend.points.len() > 1) else { return out.put(0) };
    out.put(sentences.number(Some(&trend.variation())));
    out.put(sentences.number(trend.assurance_in_words().as_deref()));
    for point in &trend.points {
        out.put(u64::from(point.judged.as_ref().is_some_and(|judged| !judged.signals.is_empty())));
    }
}

/// State (0 to 6), colour (0 none, 1 green, 2 yellow, 3 red), sign (0 none, 1 `!`, 2 `~`, 3 `?`),
/// and whether it is provisional, in eight bits.
fn kind(shown: &Shown) -> u64 {
    let mark = Mark::of(Some(shown));
    let state = State::ALL.iter().position(|state| *state == shown.cell.state).unwrap_or_default() as u64;
    let band = shown.cell.band.map_or(0, |band| match band {
        crate::scorecard::Band::Green => 1,
        crate::scorecard::Band::Yellow => 2,
        crate::scorecard::Band::Red => 3,
    });
    let sign = match mark.sign() {
        Some('!') => 1,
        Some('~') => 2,
        Some(_) => 3,
        None => 0,
    };
    state | band << 3 | sign << 5 | u64::from(mark.provisional) << 7
}

fn count(shown: &Shown, of: impl Fn(&Counts) -> u64) -> u64 {
    shown.cell.counts.filter(|_| shown.cell.denominator.is_some()).map_or(0, |counts| of(counts) + 1)
}

/// The range where it is more than the value.
fn range(cell: &Cell) -> Extent {
    if super::range(cell).is_empty() { Extent::default() } else { cell.range }
}

/// From the window before: 0 not to be told, 1 the same, 2 up, 3 down.
fn change(track: &Track) -> u64 {
    let [.., before, latest] = track.cells.as_slice() else { return 0 };
    let (Some(before), Some(latest)) = (before.cell.value, latest.cell.value) else { return 0 };
    match latest.total_cmp(&before) {
        std::cmp::Ordering::Equal => 1,
        std::cmp::Ordering::Greater => 2,
        std::cmp::Ordering::Less => 3,
    }
}
