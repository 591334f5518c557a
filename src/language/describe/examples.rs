//! Worked examples: some of the tests that stand beside the definition.

use super::page::Point;
use super::words::{day, number, plain};
use crate::decimal::Decimal;
use crate::ir::{DrawnTable, Expect, ExpectKind, ExpectedFigure, Indicator, Measure, Outcome, Program, Test};
use crate::model::{ColumnType, Model};
use std::collections::{BTreeMap, BTreeSet};

/// So many are shown at most.
const EXAMPLES: usize = 3;
/// A longer one is passed over where there are shorter ones.
const WORDS: usize = 36;

/// A few tests, each for something else that becomes of a row.
pub(super) fn points(program: &Program, indicator: &Indicator) -> Vec<Point> {
    let of_it = program.tests.iter().filter(|t| {
        program.indicators.get(t.indicator).is_some_and(|i| i.id == indicator.id)
            && t.expects.iter().all(|e| e.of.is_none())
    });
    let mut all: Vec<(BTreeSet<String>, usize, String)> = Vec::new();
    for (place, test) in of_it.enumerate() {
        let (became, text) = example(&program.model, indicator, test);
        all.push((became, place, text));
    }
    // Those that say what became of rows first, and of them those with few words.
    all.sort_by_key(|(became, place, text)| (became.is_empty(), text.split(' ').count() > WORDS, *place));
    let (mut shown, mut seen) = (BTreeMap::new(), BTreeSet::new());
    for news in [true, false] {
        for (became, place, text) in &all {
            let is_news = became.iter().any(|what| !seen.contains(what));
            if shown.len() < EXAMPLES && !shown.contains_key(place) && (is_news || !news) {
                shown.insert(*place, text.clone());
                seen.extend(became.iter().cloned());
            }
        }
    }
    // In the order of the file.
    shown.into_values().map(Point::new).collect()
}

/// What becomes of the rows of a test, and the test in a sentence.
fn example(model: &Model, indicator: &Indicator, test: &Test) -> (BTreeSet<String>, String) {
    let outcomes = test.expects.iter().filter_map(|e| match &e.kind {
        ExpectKind::Row { id, outcome, .. } => Some((id, outcome)),
        ExpectKind::Figures(_) | ExpectKind::NotObservable => None,
    });
    let outcomes: Vec<(&String, &Outcome)> = outcomes.collect();
    let became: BTreeSet<String> = outcomes.iter().map(|(_, outcome)| words(outcome)).collect();
    let mut said: Vec<String> = outcomes
        .iter()
        .take(2)
        .map(|(id, outcome)| format!("{} is {}", row(model, indicator, test, id), words(outcome)))
        .collect();
    if outcomes.len() != said.len() || said.is_empty() || said.join(" ").split(' ').count() > WORDS / 2 {
        said = test.expects.iter().filter_map(|e| figures(indicator, e)).take(1).collect();
    }
    (became, format!("\"{}\": {}.", test.title, said.join("; ")))
}

/// A row of the cohort, with what is drawn of it.
fn row(model: &Model, indicator: &Indicator, test: &Test, id: &str) -> String {
    let of = model.table(indicator.cohort.table);
    let name = format!("{} {id}", plain(&of.name));
    let drawn = test.tables.iter().find(|drawn| drawn.table == indicator.cohort.table);
    let Some((drawn, cells)) = drawn.and_then(|drawn| Some((drawn, cells(model, drawn, id)?))) else { return name };
    let said = drawn.columns.iter().zip(cells).filter_map(|(column, cell)| {
        let column = of.column(*column);
        let cell = cell.as_deref()?;
        match column.ty {
            ColumnType::Date | ColumnType::Timestamp | ColumnType::Int | ColumnType::Decimal(_) | ColumnType::Bool => {
                Some(format!("{} {}", plain(&column.name), cell_words(cell)))
            }
            ColumnType::Codes(_) => Some(plain(cell)),
            ColumnType::Key | ColumnType::Link(_) | ColumnType::Text => None,
        }
    });
    let said: Vec<String> = said.collect();
    if said.is_empty() { name } else { format!("{name} ({})", said.join(", ")) }
}

/// A cell as people write it.
fn cell_words(cell: &str) -> String {
    cell.parse().map_or_else(|_| plain(cell), day)
}

fn cells<'d>(model: &Model, drawn: &'d DrawnTable, id: &str) -> Option<&'d Vec<Option<String>>> {
    let key = model.table(drawn.table).key;
    let place = drawn.columns.iter().position(|c| Some(*c) == key)?;
    drawn.rows.iter().find(|row| row.get(place).and_then(Option::as_deref) == Some(id))
}

/// The figures of a period.
fn figures(indicator: &Indicator, expect: &Expect) -> Option<String> {
    let figures = match &expect.kind {
        ExpectKind::Figures(figures) => figures,
        ExpectKind::NotObservable => {
            let ends = day(expect.window.last_day());
            return Some(format!("the period that ends on {ends} is not shown yet"));
        }
        ExpectKind::Row { .. } => return None,
    };
    let of = figure(figures.of);
    let said = match (figures.first, &indicator.measure) {
        (ExpectedFigure::Above(met), Measure::Proportion(_) | Measure::Incidence(_)) => {
            format!("{} of {of} met", figure(met))
        }
        (ExpectedFigure::Above(above), _) => format!("{} of {of}", figure(above)),
        (ExpectedFigure::Value(value), _) => format!("the figure is {value}, of {of}"),
        (ExpectedFigure::NotEstimable, _) => format!("no figure, of {of}"),
    };
    let besides = [(figures.undetermined, "undetermined"), (figures.excluded, "excluded"), (figures.unsure, "unsure")];
    let besides = besides.into_iter().filter_map(|(n, what)| n.filter(|n| *n > 0).map(|n| format!(", {n} {what}")));
    Some(format!("{said}{}", besides.collect::<String>()))
}

fn figure(figure: Decimal) -> String {
    figure.whole().and_then(|whole| i64::try_from(whole).ok()).map_or_else(|| figure.to_string(), number)
}

fn words(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Met => "met".to_owned(),
        Outcome::Unmet => "not met".to_owned(),
        Outcome::Undetermined => "undetermined".to_owned(),
        Outcome::Counted => "counted".to_owned(),
        Outcome::Excluded(None) => "excluded".to_owned(),
        Outcome::Excluded(Some(reason)) => format!("excluded, {reason}"),
        Outcome::Unsure => "unsure".to_owned(),
        Outcome::Unread => "unread".to_owned(),
        Outcome::NotCounted => "not counted".to_owned(),
    }
}
