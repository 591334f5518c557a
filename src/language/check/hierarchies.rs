//! Several hierarchies of levels: in which of them an indicator is shown, and all that has been
//! checked, by hierarchy.
//!
//! An indicator is checked once for each hierarchy, with the attribution that reaches a level of
//! it: whom a row belongs to, on which day, decides what it reads and how long it waits.

use super::clauses::Attribute;
use super::declared::repeated;
use super::groups;
use super::indicator::{self, Checked};
use super::memo::OfIndicator;
use super::named::Meanings;
use super::references::Names;
use super::said::Said;
use super::world::World;
use super::{attribution, cohort};
use crate::diag::{Diagnostics, code};
use crate::ir::{Breakdown, Indicator, Program};
use crate::model::TableId;
use crate::syntax::ast::{self, Clause};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// The world with each hierarchy at hand; at least one.
pub(super) fn worlds<'a>(world: &World<'a>) -> Vec<World<'a>> {
    let all = 0..world.model.hierarchies.len().max(1);
    let at_hand = |number| {
        let mut of = world.clone();
        of.model.turn_to(number);
        of
    };
    all.map(at_hand).collect()
}

/// The indicators that are right, by hierarchy, each in the order of their ids.
#[derive(Debug)]
pub(super) struct Indicators(Vec<Vec<Checked>>);

impl Indicators {
    /// None, of so many hierarchies.
    pub(super) fn of(hierarchies: usize) -> Self {
        Self((0..hierarchies).map(|_| Vec::new()).collect())
    }

    /// Adds an indicator with what it means in each hierarchy, by the number of the hierarchy, when
    /// it is right in all of them.
    pub(super) fn add(&mut self, of: Option<Vec<(usize, Checked)>>) {
        for (number, checked) in of.into_iter().flatten() {
            if let Some(of) = self.0.get_mut(number) {
                of.push(checked);
            }
        }
    }

    /// Those of each hierarchy.
    pub(super) fn finish(self) -> Vec<Vec<Checked>> {
        let sorted = |mut of: Vec<Checked>| {
            of.sort_by(|a, b| a.indicator.id.cmp(&b.indicator.id));
            of
        };
        self.0.into_iter().map(sorted).collect()
    }
}

/// Checks an indicator in each hierarchy in which it is shown. What it means follows from what is
/// passed here alone, and not from the indicators that were checked before: `meanings` are those of
/// the model.
pub(super) fn of_indicator<'w>(
    worlds: &'w [World<'w>],
    decl: &'w ast::Indicator,
    breakdowns: &[groups::Declared<'w>],
    meanings: &Meanings,
) -> OfIndicator {
    let mut meanings = meanings.clone();
    let (mut names, mut out) = (Names::default(), Diagnostics::default());
    let mut all = Some(Vec::new());
    for (number, clause) in parts(worlds, decl, &mut out) {
        let Some(world) = worlds.get(number) else { continue };
        let mut found = Diagnostics::default();
        let checked = indicator::check(world, (decl, clause), breakdowns, &mut meanings, &mut names, &mut found);
        // What is wrong whatever the hierarchy is told once.
        for finding in found.into_found() {
            if !out.has(&finding) {
                out.push(finding);
            }
        }
        match (&mut all, checked) {
            (Some(all), Some(checked)) => all.push((number, checked)),
            (all, _) => *all = None,
        }
    }
    OfIndicator { checked: all, names, found: out }
}

/// The places of the conditions of each indicator, by its id: taken out of what was checked.
pub(super) fn said(checked: &mut [Vec<Checked>]) -> BTreeMap<String, Vec<Said>> {
    let mut said: BTreeMap<String, Vec<Said>> = BTreeMap::new();
    for of in checked.iter_mut().flatten() {
        said.entry(of.indicator.id.clone()).or_insert_with(|| std::mem::take(&mut of.said));
    }
    said
}

/// All indicators in the order of their ids, each in the first hierarchy in which it is shown.
pub(super) fn all(programs: &[Program]) -> Cow<'_, [Indicator]> {
    if let [only] = programs {
        return Cow::Borrowed(&only.indicators);
    }
    let mut all: BTreeMap<&str, &Indicator> = BTreeMap::new();
    for indicator in programs.iter().flat_map(|program| &program.indicators) {
        all.entry(&indicator.id).or_insert(indicator);
    }
    all.into_values().cloned().collect()
}

/// The breakdowns with those of all indicators that can be broken down by them in some hierarchy.
pub(super) fn broken_down(everything: &[Indicator], programs: &[Program]) -> Vec<Breakdown> {
    let can = |number: usize, id: &str| {
        programs.iter().find_map(|program| {
            let index = program.indicators.iter().position(|indicator| indicator.id == id)?;
            program.breakdowns.get(number)?.of.get(&index).cloned()
        })
    };
    let of = |number: usize| {
        let all = everything.iter().enumerate();
        all.filter_map(|(place, indicator)| Some((place, can(number, &indicator.id)?))).collect()
    };
    let first = programs.first().into_iter().flat_map(|program| &program.breakdowns).enumerate();
    first.map(|(number, breakdown)| Breakdown { of: of(number), ..breakdown.clone() }).collect()
}

/// In which hierarchies an indicator is shown, each with the number of its `attribute` clause. A
/// clause that reaches no level is looked at in the first.
fn parts(worlds: &[World], decl: &ast::Indicator, out: &mut Diagnostics) -> Vec<(usize, usize)> {
    let Some(world) = worlds.first() else { return Vec::new() };
    let from = cohort_table(world, decl);
    let mut parts: Vec<(usize, usize)> = Vec::new();
    let mut firsts: BTreeMap<usize, Attribute> = BTreeMap::new();
    for (clause, attribute) in attributes(decl).enumerate() {
        let table = from.and_then(|from| attribution::reached(world, attribute.path, from));
        let hierarchies = world.model.hierarchies.iter().enumerate();
        let of = hierarchies.filter(|(_, of)| table.is_some_and(|table| of.has(table))).map(|(number, _)| number);
        let of: Vec<usize> = of.collect();
        if of.is_empty() {
            parts.push((0, clause));
        }
        for number in of {
            let Some(first) = firsts.get(&number) else {
                firsts.insert(number, attribute);
                parts.push((number, clause));
                continue;
            };
            out.push(twice(world, number, *first, attribute));
        }
    }
    if parts.is_empty() { vec![(0, 0)] } else { parts }
}

fn twice(world: &World, number: usize, first: Attribute, second: Attribute) -> crate::diag::Diagnostic {
    let of = world.model.hierarchies.get(number).map_or_else(String::new, crate::model::Hierarchy::words);
    let message = match world.model.hierarchies.len() {
        0 | 1 => "the clause `attribute` is written twice".to_owned(),
        _ => format!("two `attribute` clauses say who a row belongs to in the levels `{of}`"),
    };
    let help =
        "keep one of the two; a further one is for a level of another hierarchy, as `levels NAME: ...` declares it";
    repeated(code::CLAUSE_REPEATED, message, second.span, first.span).help(help)
}

fn attributes(decl: &ast::Indicator) -> impl Iterator<Item = Attribute<'_>> {
    decl.clauses.iter().filter_map(|clause| match &clause.value {
        Clause::Attribute { path, at } => Some(Attribute { path, at, span: clause.span }),
        _ => None,
    })
}

/// The table of the cohort's rows, where it can be told.
fn cohort_table(world: &World, decl: &ast::Indicator) -> Option<TableId> {
    let cohort = decl.clauses.iter().find_map(|clause| match &clause.value {
        Clause::Cohort(cohort) => Some(cohort),
        _ => None,
    });
    cohort::table(world, cohort?, &mut Diagnostics::default())
}
