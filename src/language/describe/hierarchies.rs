//! What differs where an indicator is shown in several hierarchies of levels.

use super::computed;
use super::notes::Note;
use super::page::{Point, Section};
use super::words::{plain, quoted};
use crate::ir::{Indicator, Program};
use crate::model::Model;
use std::collections::BTreeSet;

/// The indicator with this id in each hierarchy in which it is shown.
pub(super) fn everywhere<'p>(program: &'p Program, id: &'p str) -> impl Iterator<Item = (&'p Model, &'p Indicator)> {
    program.hierarchies().filter_map(move |of| Some((&of.model, of.find(id)?)))
}

/// Adds to what is said of an indicator in the first hierarchy what is said otherwise in the
/// others.
pub(super) fn add(program: &Program, id: &str, sections: &mut [Section], notes: &mut BTreeSet<Note>) {
    let first: Vec<Section> = sections.to_vec();
    for (model, indicator) in everywhere(program, id).skip(1) {
        let (here, more) = computed(model, indicator, &[]);
        notes.extend(more);
        for ((section, first), here) in sections.iter_mut().zip(&first).zip(here) {
            let other: Vec<Point> = here.points.into_iter().filter(|point| !first.points.contains(point)).collect();
            if !other.is_empty() {
                section.points.push(Point::over(format!("{}:", place(model, indicator)), other));
            }
        }
    }
}

fn place(model: &Model, indicator: &Indicator) -> String {
    let levels: Vec<_> = model.levels.iter().map(|level| plain(&level.name)).collect();
    let name = model.at_hand().and_then(|of| of.name.as_deref()).map(quoted).unwrap_or_default();
    format!("In the levels {name} ({}), where its meaning is {}", levels.join(" > "), indicator.meaning)
}
