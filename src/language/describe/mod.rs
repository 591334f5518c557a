//! What an indicator measures, in plain English, for the people who approve a measure by reading
//! it.
//!
//! The text is made from the typed definition and the model alone, never from an indicator's title,
//! question or reading: these say what was meant, and a description says what is computed. A
//! description holds every clause that changes a number or a colour.
//!
//! **Two indicators with different meaning never read the same.** Every form of the IR has wording
//! of its own, a form with several parts keeps them apart (lists, or values that get a letter and a
//! line of their own), and rows are told apart by name. `tests/language/describe` holds the room to
//! it on generated indicators and changes to them: descriptions are equal when, and only when,
//! definitions are ([`crate::ir::print::definition`]), `and` in `and` and `or` in `or` being one
//! list.

mod alike;
pub mod approval;
mod breakdown;
mod changes;
mod cohort;
mod condition;
mod examples;
mod fields;
mod figure;
mod flat;
mod followed;
mod head;
mod hierarchies;
mod holder;
mod names;
mod not_fed;
mod notes;
mod page;
mod period;
mod rows;
pub mod say;
mod standard;
mod stay;
mod value;
mod words;
mod writer;
mod written;

use crate::ir::{Breakdown, Indicator, Measure, Program};
use crate::model::Model;
pub use changes::{since, unchanged};
pub use not_fed::{not_fed, with_lines};
use notes::Note;
pub use page::{Head, Page, Point, Section};
use std::collections::BTreeSet;
use writer::Writer;

/// The title of the chapter that is common to all pages.
const HOW_TO_READ: &str = "How to read this";

/// What is computed of an indicator, and what is said of all alike as far as it needs that; without
/// the words about it.
#[must_use]
pub fn indicator(model: &Model, indicator: &Indicator) -> Page {
    let (sections, notes) = computed(model, indicator, &[]);
    Page { id: indicator.id.clone(), head: None, sections, same: same(model, &[indicator], &notes) }
}

/// What is computed of an indicator in every hierarchy of levels in which it is shown: all of the
/// first, and what differs in the others.
#[must_use]
pub fn everywhere(program: &Program, id: &str) -> Page {
    let Some((model, first)) = hierarchies::everywhere(program, id).next() else { return Page::default() };
    let (mut sections, mut notes) = computed(model, first, &[]);
    hierarchies::add(program, id, &mut sections, &mut notes);
    let all: Vec<&Indicator> = hierarchies::everywhere(program, id).map(|(_, of)| of).collect();
    Page { id: id.to_owned(), head: None, sections, same: same(model, &all, &notes) }
}

/// The page of an indicator whose rows are broken down by these breakdowns, by their index; `None`
/// when they cannot be.
#[must_use]
pub fn broken_down(program: &Program, indicator: usize, by: &[usize]) -> Option<Page> {
    let split = program.split(indicator, by)?;
    let breakdowns: Vec<&Breakdown> = by.iter().filter_map(|b| program.breakdowns.get(*b)).collect();
    let (sections, notes) = computed(&program.model, &split, &breakdowns);
    let computed = Page { id: split.id.clone(), head: None, sections, same: same(&program.model, &[&split], &notes) };
    Some(with_words((program, program), &split, computed))
}

/// The whole page of an indicator: what it is called and where it comes from, what its author says,
/// what is computed, and examples from its tests.
#[must_use]
pub fn page(program: &Program, of: &Indicator) -> Page {
    let first = program.hierarchies().find(|program| program.find(&of.id).is_some()).unwrap_or(program);
    with_words((program, first), of, everywhere(program, &of.id))
}

/// The page with the words about an indicator, of all hierarchies and of the one at hand.
fn with_words((all, program): (&Program, &Program), of: &Indicator, mut page: Page) -> Page {
    let mut head = head::head(&program.model, of);
    head.points.extend(approval::points(all, &of.id, &of.about));
    page.head = Some(head);
    let title = "Examples: tests of the file, which `yardstick test` runs";
    page.sections.push(Section { title, points: examples::points(program, of) });
    page
}

/// The pages of several indicators, after a chapter with what is said of all alike.
#[must_use]
pub fn book(program: &Program, of: &[&Indicator]) -> Vec<Page> {
    let everywhere = || of.iter().flat_map(|of| hierarchies::everywhere(program, &of.id));
    let notes = everywhere().flat_map(|(model, indicator)| computed(model, indicator, &[]).1).collect();
    let all: Vec<&Indicator> = everywhere().map(|(_, of)| of).collect();
    let points = same(&program.model, &all, &notes);
    let sections = vec![Section { title: "Words, empty fields, who it counts for, colours", points }];
    let common = Page { id: HOW_TO_READ.to_owned(), sections, ..Page::default() };
    let pages = of.iter().map(|indicator| Page { same: Vec::new(), ..page(program, indicator) });
    [common].into_iter().chain(pages).collect()
}

fn computed(model: &Model, indicator: &Indicator, breakdowns: &[&Breakdown]) -> (Vec<Section>, BTreeSet<Note>) {
    let indicator = &flat::indicator(indicator);
    let mut writer = Writer::new(model, indicator);
    let w = &mut writer;
    w.note(Note::Cut);
    let goes_on = matches!(indicator.measure, Measure::Until(_) | Measure::Incidence(_));
    if !indicator.as_it_stands && !goes_on {
        w.note(Note::Shown);
    }
    let sections = vec![
        Section { title: "Fields", points: fields::points(w) },
        Section { title: "Who counts", points: cohort::points(w, &indicator.cohort) },
        Section { title: "Excluded", points: cohort::excluded(w, &indicator.exclusions) },
        Section { title: "What is measured", points: figure::points(w, indicator) },
        Section { title: "Standard and colour", points: standard::points(w) },
        Section { title: "For whom it counts", points: holder::points(w, &indicator.attribution) },
        Section { title: "The period", points: period::points(indicator) },
    ];
    let conditions = indicator.split.iter().flat_map(|split| &split.by);
    let groups: Vec<Section> =
        breakdowns.iter().zip(conditions).map(|(of, conditions)| breakdown::points(w, of, conditions)).collect();
    let sections = sections.into_iter().chain(groups).collect();
    (sections, writer.notes)
}

fn same(model: &Model, indicators: &[&Indicator], notes: &BTreeSet<Note>) -> Vec<Point> {
    notes::points(model, notes).into_iter().chain(written::points(model, indicators)).collect()
}
