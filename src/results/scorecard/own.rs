//! Standards that entities have of their own, made ready for each window.

use super::band::Limits;
use crate::hierarchy::Hierarchy;
use chrono::NaiveDate;
use std::collections::BTreeMap;
use yardstick_language::ir::{Indicator, OwnStandard, Target};
use yardstick_language::model::Model;

/// What judges a cell of an entity that has a standard of its own.
#[derive(Debug, Clone, PartialEq)]
pub enum Own {
    /// Its target.
    Target(Box<Limits>),
    /// No target: the cell has no colour.
    Without {
        /// Why, in a sentence.
        why: String,
        /// The same, behind why the cell can still change.
        reason: String,
    },
}

/// Of each entity of a level with standards of its own, what judges each window, given by its last
/// day and by why its cells can still change.
pub(super) fn own_standards(
    model: &Model,
    hierarchy: &Hierarchy,
    indicator: &Indicator,
    windows: &[(NaiveDate, Option<&str>)],
) -> BTreeMap<usize, Vec<Own>> {
    let mut all = BTreeMap::new();
    for level in 0..hierarchy.levels.len() {
        let Some(own) = indicator.own_standard(model, level) else { continue };
        for entity in hierarchy.at(level) {
            let row = hierarchy.entities.get(entity).and_then(|e| e.row);
            let of = |(day, provisional): &(NaiveDate, Option<&str>)| {
                judges(model, own, hierarchy.targets().target(own.targets, row, *day), *day, *provisional)
            };
            all.insert(entity, windows.iter().map(of).collect());
        }
    }
    all
}

fn judges(model: &Model, own: &OwnStandard, target: Target, day: NaiveDate, provisional: Option<&str>) -> Own {
    match limits(own, target) {
        Some(limits) => Own::Target(Box::new(limits)),
        None => {
            let why = without(model, own, target, day);
            let first = provisional.map(|provisional| format!("{provisional}; ")).unwrap_or_default();
            Own::Without { reason: first + &why, why }
        }
    }
}

/// The thresholds of a target; `None` where there is none that can be used.
#[must_use]
pub fn limits(own: &OwnStandard, target: Target) -> Option<Limits> {
    match target {
        Target::Is(figure) => Limits::of(&own.with(figure)?),
        Target::None | Target::Unknown => None,
    }
}

fn without(model: &Model, own: &OwnStandard, target: Target, day: NaiveDate) -> String {
    let table = &model.table(own.targets.table).name;
    match target {
        Target::None => format!("no target of {table} is in force on {day}"),
        Target::Unknown => format!(
            "the target of {table} in force on {day} is not known: it is missing or cannot be read or may stand in a row \
             that was set aside"
        ),
        Target::Is(figure) => {
            let [least, most] = own.range();
            format!(
                "the target of {table} in force on {day} cannot be used: {figure} does not lie between {least} and {most}"
            )
        }
    }
}
