//! A book in words: what every format of it lays out. Marks, figures and sentences are the same in
//! all of them.

use super::super::amount;
use super::super::mark::{self, Mark};
use super::super::plan::{self, sheet::PlanSheet};
use super::breakdown;
use super::sheet::{self, Sheet};
use crate::scorecard::book::{Book, Change, Known, Page, Since, Turn, Who};
use crate::scorecard::card::{Column, Shown};
use crate::scorecard::{Band, State, words};
use chrono::NaiveDate;
use std::collections::BTreeSet;

/// The book in words.
pub(super) struct Document<'a> {
    /// Whose book it is.
    pub(super) title: String,
    /// What stands under the title.
    pub(super) under: Vec<String>,
    /// The scorecard, a table for each domain.
    pub(super) card: Vec<(String, Table)>,
    /// What changed: since when, the tables under their headings, and what did not.
    pub(super) changes: Option<Changes>,
    /// A sheet for each indicator.
    pub(super) sheets: Vec<Sheet<'a>>,
    /// A follow-up page for each plan of the entity.
    pub(super) plans: Vec<PlanSheet<'a>>,
    /// The marks that stand in it, and what they mean.
    pub(super) marks: Vec<(String, String)>,
    /// The day through which the data is complete.
    pub(super) as_of: NaiveDate,
    /// How to read a colour, and what is to be known about the data.
    pub(super) notes: Vec<String>,
}

/// What changed.
pub(super) struct Changes {
    /// Since when, and by which data.
    pub(super) since: String,
    /// Tables under their headings; those that would be empty are left out.
    pub(super) tables: Vec<(&'static str, Table)>,
    /// The indicators of which nothing changed, and those that cannot be compared.
    pub(super) rest: Vec<String>,
}

/// A table.
#[derive(Debug, Clone, Default)]
pub(in crate::report) struct Table {
    /// The heads of its columns.
    pub(in crate::report) head: Vec<String>,
    /// Its rows.
    pub(in crate::report) rows: Vec<TableRow>,
}

/// A row of a table.
#[derive(Debug, Clone, Default)]
pub(in crate::report) struct TableRow {
    /// As many texts as there are heads.
    pub(in crate::report) cells: Vec<String>,
    /// The colour of the second cell.
    pub(in crate::report) band: Option<Band>,
    /// Whether it is the row of the entity of the book.
    pub(in crate::report) is_own: bool,
}

impl Table {
    pub(in crate::report) fn new<const N: usize>(head: [&str; N]) -> Self {
        Self { head: head.map(str::to_owned).to_vec(), rows: Vec::new() }
    }

    pub(in crate::report) fn add<const N: usize>(&mut self, cells: [String; N], band: Option<Band>, is_own: bool) {
        self.rows.push(TableRow { cells: Vec::from(cells), band, is_own });
    }
}

impl<'a> Document<'a> {
    pub(super) fn of(book: &'a Book<'a>) -> Self {
        let above: Vec<String> = book.above.iter().map(Who::with_level).collect();
        let above = (!above.is_empty()).then(|| format!("In {}", above.join(", ")));
        let organization = Some(book.heading.organization.clone()).filter(|name| !name.is_empty());
        let through = format!("Data complete through {}", words::day(book.heading.as_of));
        let under = [Some(book.heading.title.clone()), organization, above, Some(through)];
        let notes = std::iter::once(mark::READING.to_owned()).chain(book.heading.notes.clone());
        Self {
            title: format!("Data book: {}", book.entity.with_level()),
            under: under.into_iter().flatten().filter(|line| !line.is_empty()).collect(),
            card: card(book),
            changes: changes(book),
            sheets: book.pages.iter().map(|page| sheet::sheet(book, page)).collect(),
            plans: book.plans.iter().map(|of| plan::sheet::sheet(of)).collect(),
            marks: marks(book),
            as_of: book.heading.as_of,
            notes: notes.collect(),
        }
    }
}

/// `93.1 % G?`, `few`.
pub(super) fn value(column: &Column, shown: Option<&Shown>) -> String {
    let mark = Mark::of(shown);
    match mark.state {
        Some(State::Value) => {
            let parts = [mark.text.as_str(), words::sign(&column.unit)].join(" ");
            format!("{} {}", parts.trim(), mark.tail().trim()).trim().to_owned()
        }
        Some(_) | None => mark.full(),
    }
}

/// `31 of 33`; of a count nothing, as it says all itself.
pub(super) fn counts(column: &Column, shown: Option<&Shown>) -> String {
    let of = |shown: &Shown| amount::counts(shown.cell.numerator, shown.cell.denominator);
    shown.filter(|_| column.unit != "count").map(of).unwrap_or_default()
}

/// `+0.8`; never `-0.0`.
fn signed(points: f64) -> String {
    let text = format!("{points:+.1}");
    if text == "-0.0" { "+0.0".to_owned() } else { text }
}

/// `at least 94.6 %`, or the entity's own target `≥ 85`; `none` without one.
pub(super) fn standard(column: &Column, shown: Option<&Shown>) -> String {
    let own = shown.and_then(mark::own);
    own.or_else(|| column.standard()).unwrap_or_else(|| "none".to_owned())
}

/// The scorecard of the entity, domain by domain in the order in which they come.
fn card(book: &Book) -> Vec<(String, Table)> {
    let mut tables: Vec<(String, Table)> = Vec::new();
    for page in &book.pages {
        let domain = page.column.domain.clone().unwrap_or_else(|| "Indicators".to_owned());
        let place = tables.iter().position(|(known, _)| *known == domain).unwrap_or_else(|| {
            let head = ["indicator", "value", "counts", "change", "standard", "window", "why"];
            tables.push((domain, Table::new(head)));
            tables.len() - 1
        });
        let shown = page.latest();
        let cells = [
            page.column.title.clone(),
            value(&page.column, shown),
            counts(&page.column, shown),
            page.change.as_ref().and_then(Change::points).map(signed).unwrap_or_default(),
            standard(&page.column, shown),
            page.column.window().to_owned(),
            why(shown),
        ];
        if let Some((_, table)) = tables.get_mut(place) {
            table.add(cells, shown.and_then(|shown| shown.cell.band), false);
        }
    }
    tables
}

/// Why there is no value, or one that can still change.
pub(super) fn why(shown: Option<&Shown>) -> String {
    let Some(cell) = shown.map(|shown| &shown.cell) else { return "no window can be reported yet".to_owned() };
    match cell.reason {
        Some(reason) => reason.to_owned(),
        None if cell.state == State::Value => String::new(),
        None => mark::meaning(cell.state).to_owned(),
    }
}

/// `93.1 % G? (31 of 33)`.
pub(super) fn known(column: &Column, of: &Known) -> String {
    let text = match &of.shown {
        Some(shown) => value(column, Some(shown)),
        None if of.number.is_empty() => of.state.replace('_', " "),
        None => {
            let letter = of.band.map(|band| band.letter().to_string()).unwrap_or_default();
            let [uncertain, provisional] =
                [(of.uncertain, "?"), (of.provisional, mark::PROVISIONAL)].map(|(is, sign)| if is { sign } else { "" });
            let marks = format!("{letter}{uncertain}{provisional}");
            let parts = [of.number.as_str(), words::sign(&column.unit), marks.as_str()];
            parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
        }
    };
    match amount::counts(of.counts.0, of.counts.1) {
        counts if counts.is_empty() || column.unit == "count" => text,
        counts => format!("{text} ({counts})"),
    }
}

/// The same with the end of its window.
fn known_when(column: &Column, of: &Known) -> String {
    format!("{}, {}", known(column, of), of.end)
}

/// The change of a value in words: `+0.8 points`, `-3.0 days`.
pub(super) fn points(column: &Column, change: &Change) -> Option<String> {
    let unit = match column.unit.as_str() {
        "percent" => "points",
        other => words::sign(other),
    };
    Some(format!("{} {unit}", signed(change.points()?)).trim().to_owned())
}

fn changes(book: &Book) -> Option<Changes> {
    let since = match book.since {
        Since::Nothing => return None,
        Since::WindowBefore => "The latest window of each indicator, and the window before it, both as the data says today. Chance moves every \
             number; the page of an indicator says whether this is more."
            .to_owned(),
        Since::Published(day) => format!(
            "The latest window of each indicator, and what was published of it as of {}, with what moved it: the data or the definition.",
            words::day(day)
        ),
    };
    let of = |turn: Turn| {
        let mut table = Table::new(["indicator", "now", "before", "change", "why"]);
        for page in &book.pages {
            let Some(change) = page.change.as_ref().filter(|change| change.turn == turn) else { continue };
            let (now, before) = (known_when(&page.column, &change.now), known_when(&page.column, &change.before));
            let (points, why) = (points(&page.column, change).unwrap_or_default(), change.why.unwrap_or_default());
            let cells = [page.column.title.clone(), now, before, points, why.to_owned()];
            table.add(cells, change.now.band, false);
        }
        table
    };
    let tables = [
        ("Turned to a worse colour", of(Turn::Worse)),
        ("Turned to a better colour", of(Turn::Better)),
        ("Others that moved", of(Turn::Other)),
    ];
    let titles = |is: &dyn Fn(&Page) -> bool| {
        let titles: Vec<&str> =
            book.pages.iter().filter(|page| is(page)).map(|page| page.column.title.as_str()).collect();
        titles.join(", ")
    };
    let has_value = |change: &Change| change.now.value.is_some();
    let same = titles(&|page| page.change.as_ref().is_some_and(|of| of.turn == Turn::Same && has_value(of)));
    let none = titles(&|page| page.change.as_ref().is_some_and(|of| of.turn == Turn::Same && !has_value(of)));
    let alone = titles(&|page| page.change.is_none());
    let rest = [("As before", same), ("Without a value, as before", none), ("Nothing to compare with", alone)];
    Some(Changes {
        since,
        tables: tables.into_iter().filter(|(_, table)| !table.rows.is_empty()).collect(),
        rest: rest.into_iter().filter(|(_, of)| !of.is_empty()).map(|(said, of)| format!("{said}: {of}")).collect(),
    })
}

/// The marks that stand anywhere in the book, and what they mean.
fn marks(book: &Book) -> Vec<(String, String)> {
    let lines = |page: &'_ Page<'_>| {
        let all = page.above.iter().chain(&page.peers.lines).chain(&page.below.lines);
        all.map(|line| Mark::of(Some(&line.shown))).collect::<Vec<_>>()
    };
    let own = |page: &'_ Page<'_>| page.cells.iter().map(|shown| Mark::of(Some(shown))).collect::<Vec<_>>();
    let groups = |page: &'_ Page<'_>| {
        let cells = page.groups.iter().flat_map(|of| &of.cells);
        cells.map(|(_, shown)| Mark::of(Some(shown))).collect::<Vec<_>>()
    };
    let marks: Vec<Mark> = book.pages.iter().flat_map(|page| [lines(page), own(page), groups(page)].concat()).collect();
    let bands: BTreeSet<Band> = marks.iter().filter_map(|mark| mark.band).collect();
    let states: BTreeSet<State> = marks.iter().filter_map(|mark| mark.state).collect();
    let mut used: Vec<(String, String)> =
        bands.iter().map(|band| (band.letter().to_string(), mark::band_meaning(*band).to_owned())).collect();
    for (sign, meaning) in [('?', mark::UNCERTAIN), ('!', mark::OPEN), ('~', mark::NEAR)] {
        // `!` is explained by what `?` is.
        if marks.iter().any(|of| of.sign() == Some(sign) || (sign == '?' && of.sure == Some(false))) {
            used.push((sign.to_string(), meaning.to_owned()));
        }
    }
    if marks.iter().any(|of| of.provisional) {
        let meaning =
            "provisional: the window has ended, and what is still to come, or to be entered, can change the number";
        used.push((mark::PROVISIONAL.to_owned(), meaning.to_owned()));
    }
    let to = book.pages.iter().flat_map(|page| &page.groups).find_map(breakdown::compared_with);
    let meaning = to.map(|to| format!("beside the value of a group: {}", mark::how_many_times(to)));
    used.extend(meaning.map(|meaning| (mark::RATIO.to_owned(), meaning)));
    let withheld = states.iter().filter(|state| **state != State::Value);
    used.extend(withheld.map(|state| (mark::word(*state).to_owned(), mark::meaning(*state).to_owned())));
    used
}
