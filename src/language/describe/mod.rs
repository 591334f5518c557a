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
mod breakdown;
mod cohort;
mod condition;
mod figure;
mod followed;
mod holder;
mod names;
mod notes;
mod page;
mod period;
mod rows;
mod standard;
mod stay;
mod value;
mod words;
mod writer;
mod written;

use crate::ir::{Breakdown, Indicator, Program};
use crate::model::Model;
pub use page::{Page, Point, Section};
use writer::Writer;

/// The description of an indicator.
#[must_use]
pub fn indicator(model: &Model, indicator: &Indicator) -> Page {
    page(model, indicator, &[])
}

/// The description of an indicator whose rows are broken down by these breakdowns, by their index;
/// `None` when they cannot be.
#[must_use]
pub fn broken_down(program: &Program, indicator: usize, by: &[usize]) -> Option<Page> {
    let split = program.split(indicator, by)?;
    let breakdowns: Vec<&Breakdown> = by.iter().filter_map(|b| program.breakdowns.get(*b)).collect();
    Some(page(&program.model, &split, &breakdowns))
}

fn page(model: &Model, indicator: &Indicator, breakdowns: &[&Breakdown]) -> Page {
    let mut writer = Writer::new(model, indicator);
    let w = &mut writer;
    let sections = vec![
        Section { title: "The period", points: period::points(indicator) },
        Section { title: "What is counted", points: cohort::points(w, &indicator.cohort) },
        Section { title: "Left out", points: cohort::left_out(w, &indicator.exclusions) },
        Section { title: "What is measured", points: figure::points(w, indicator) },
        Section { title: "For whom it counts", points: holder::points(w, &indicator.attribution) },
    ];
    let conditions = indicator.split.iter().flat_map(|split| &split.by);
    let groups: Vec<Section> =
        breakdowns.iter().zip(conditions).map(|(of, conditions)| breakdown::points(w, of, conditions)).collect();
    let standards = Section { title: "Standard and colour", points: standard::points(indicator) };
    let sections = sections.into_iter().chain(groups).chain([standards]).collect::<Vec<_>>();
    let notes = Section { title: "How the words are meant", points: notes::points(w) };
    let data = Section { title: "In the data", points: notes::data(w) };
    Page { id: indicator.id.clone(), sections: sections.into_iter().chain([notes, data]).collect() }
}
