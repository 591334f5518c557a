//! Boundary cases of one definition, as tests to be approved: for each of its edges that no test
//! lies on, a history on the edge and one a step beside it.

use super::answer::{Answer, Asked};
use super::apart::{self, Apart, Sides};
use super::block::{drawn, named, said, words};
use super::edges::{self, Edge, Overflowing, Side};
use super::month_end::has_months;
use super::values::{Values, read};
use super::{Bounds, Definition, History, Shape, Shown};
use crate::calendar::add_days;
use crate::functions::Calendar;
use crate::interpret::{self, Arithmetic, Question};
use crate::ir::Program;
use crate::model::ColumnType;
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// By how many months rows reach further than a window needs, where nothing else is found.
const LATER: i64 = 2;
/// Who has to say that a suggested outcome is right.
const NOT_APPROVED: &str =
    "# Suggested from the definition and not approved yet: is this outcome the one that is wanted?\n";

/// Boundary cases.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Suggested {
    /// A test block each; text of the language.
    pub blocks: Vec<String>,
    /// How many edges the definition has.
    pub edges: usize,
    /// How many of them tests lie on already.
    pub covered: usize,
    /// How many of them no history was found for: nothing can lie on them, or nothing did within
    /// the bounds.
    pub not_found: usize,
}

/// Boundary cases of the edges on which no test of the definition lies. `edge` gives the words of
/// an edge as they stand in the file.
#[must_use]
pub fn suggested(of: Definition, shown: &dyn Shown, edge: &dyn Fn(Edge) -> String, bounds: Bounds) -> Suggested {
    let mut all = Suggested::default();
    let mut add = |place: Edge, other: Definition, arithmetic: [&dyn Arithmetic; 2]| {
        if is_covered([of, other], arithmetic) {
            (all.edges, all.covered) = (all.edges + 1, all.covered + 1);
            return;
        }
        // What is dated after the window is seen only when the rows reach further.
        let found = [0, LATER].into_iter().find_map(|later| {
            apart::search(&Sides { definitions: [of, other], arithmetic, later }, shown, bounds).found
        });
        match found {
            // A definition that never looks at the end of a month has no such edge.
            None if place.side == Side::Months => {}
            None => (all.edges, all.not_found) = (all.edges + 1, all.not_found + 1),
            Some(found) => {
                all.edges += 1;
                let blocks = blocks(of, &found, &edge(place), shown);
                all.blocks.extend(blocks);
            }
        }
    };
    for (place, indicator) in edges::moved(of.indicator()) {
        let mut program: Program = of.program.clone();
        program.indicators[of.number] = indicator;
        add(place, Definition { program: &program, number: of.number }, [&Calendar, &Calendar]);
    }
    let months = Edge { clause: None, number: 0, of: 0, side: Side::Months };
    if has_months(of) {
        add(months, of, [&Calendar, &Overflowing]);
    }
    let mut seen = BTreeSet::new();
    all.blocks.retain(|block| seen.insert(block.clone()));
    all
}

/// Whether a test of the definition tells the two apart.
fn is_covered([of, other]: [Definition; 2], arithmetic: [&dyn Arithmetic; 2]) -> bool {
    let mut tests = of.program.tests.iter().filter(|test| test.indicator == of.number);
    tests.any(|test| {
        let Ok(world) = interpret::drawn(of.model(), test) else { return false };
        test.expects.iter().any(|expect| {
            let cases = |side: Definition, arithmetic| {
                let (indicator, as_of, window) = (side.indicator(), test.as_of, expect.window);
                interpret::cases(Question { world: &world, indicator, as_of, window, level: 0, arithmetic }).ok()
            };
            cases(of, arithmetic[0]) != cases(other, arithmetic[1])
        })
    })
}

/// The history on the edge, and the one a step beside it.
fn blocks(of: Definition, found: &Apart, edge: &str, shown: &dyn Shown) -> Vec<String> {
    let rows = found.new.other_rows(&found.old);
    let mut all = vec![block(of, (&found.shape, &found.history), &found.new, &rows, &format!("on the edge of {edge}"))];
    if let Some((history, answer, step)) = beside(of, found, &rows, shown) {
        all.push(block(of, (&found.shape, &history), &answer, &rows, &format!("{step} the edge of {edge}")));
    }
    all
}

/// The history with one day, or one number, a step away, on which the same rows are what they would
/// be on the other side of the edge; with words for where it lies.
fn beside(
    of: Definition,
    found: &Apart,
    rows: &[String],
    shown: &dyn Shown,
) -> Option<(History, Answer, &'static str)> {
    let reasons = of.indicator().exclusions.iter().map(|e| e.reason.clone()).collect();
    let asked = Asked { shape: &found.shape, drawn_in: of.model(), shown, traced: false, reasons };
    let values = Values::of(&[of], &found.shape)?;
    for (table, lines) in found.history.tables.iter().rev() {
        let columns = found.shape.columns.get(table)?;
        for (row, place) in (0..lines.len()).rev().flat_map(|row| (0..columns.len()).map(move |place| (row, place))) {
            let Some(text) = lines[row].get(place).cloned().flatten() else { continue };
            for (by, words) in [(-1, "a step before"), (1, "a step after")] {
                let Some(value) = stepped(&values.column(*table, columns[place]).ty, &text, by) else { continue };
                let mut history = found.history.clone();
                if let Some(cell) = history.tables.get_mut(table).and_then(|rows| rows.get_mut(row)?.get_mut(place)) {
                    *cell = Some(value);
                }
                let Some(answer) = asked.answer(of, &history, &Calendar, &mut None) else { continue };
                let is_other = |name: &String| answer.row(name) == found.old.row(name);
                if answer.shown && !rows.is_empty() && rows.iter().all(is_other) && answer.rows != found.new.rows {
                    return Some((history, answer, words));
                }
            }
        }
    }
    None
}

/// A value a step away.
fn stepped(ty: &ColumnType, text: &str, by: i64) -> Option<String> {
    match ty {
        ColumnType::Date => Some(add_days(read(text)?.date(), by)?.to_string()),
        ColumnType::Timestamp => {
            let time = read(text)?.checked_add_signed(chrono::TimeDelta::minutes(by))?;
            Some(time.format("%Y-%m-%d %H:%M").to_string())
        }
        ColumnType::Int => Some((text.parse::<i64>().ok()? + by).to_string()),
        ColumnType::Key
        | ColumnType::Link(_)
        | ColumnType::Text
        | ColumnType::Bool
        | ColumnType::Decimal(_)
        | ColumnType::Codes(_) => None,
    }
}

fn block(
    of: Definition,
    (shape, history): (&Shape, &History),
    answer: &Answer,
    rows: &[String],
    title: &str,
) -> String {
    let names: Vec<String> = rows.iter().filter_map(|name| named(of, name)).collect();
    let outcome = names.first().map(|name| format!(": {name} is {}", words(&answer.row(name), false)));
    let title = format!("{title}{}", outcome.unwrap_or_default()).replace('\\', "\\\\").replace('"', "\\\"");
    let mut text = format!("{NOT_APPROVED}test {} \"{title}\" {{\n", of.indicator().id);
    text += &drawn(of, shape, history);
    let figures = answer.forms.first().map_or("", String::as_str);
    let _ = writeln!(text, "  expect window ending {}: {figures}", history.last_day);
    for name in names.iter().filter(|_| answer.shown) {
        let _ = writeln!(text, "  expect {}", said(name, &answer.row(name)));
    }
    text + "}\n"
}
