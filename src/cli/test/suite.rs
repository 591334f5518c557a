//! An indicator with its tests, to be run again with something else in the place of what it says.

use super::wanted;
use crate::interpret::Seen;
use crate::ir::{Indicator, Program, Test};
use crate::trial;
use std::collections::BTreeMap;

/// An indicator and the tests of it that are wanted.
#[derive(Debug)]
pub(super) struct Suite {
    /// The indicator's id.
    pub(super) id: String,
    /// What the tests need, for each hierarchy of levels in which the indicator is attributed: the
    /// only indicator there. Never empty.
    pub(super) parts: Vec<Program>,
}

impl Suite {
    /// All indicators that are wanted, in the order of their ids. One without tests is among them.
    pub(super) fn all(program: &Program, filter: Option<&str>) -> Vec<Self> {
        let mut all: BTreeMap<&str, Self> = BTreeMap::new();
        for of in program.hierarchies() {
            for (number, indicator) in of.indicators.iter().enumerate() {
                let tests: Vec<&Test> =
                    of.tests.iter().filter(|test| test.indicator == number && wanted(of, test, filter)).collect();
                if tests.is_empty() && filter.is_some_and(|filter| !indicator.id.contains(filter)) {
                    continue;
                }
                let id = indicator.id.clone();
                let suite = all.entry(&indicator.id).or_insert_with(|| Self { id, parts: Vec::new() });
                suite.parts.push(part(of, indicator, &tests));
            }
        }
        all.into_values().collect()
    }

    /// Whether a test fails with other indicators in the places of those of its parts.
    pub(super) fn fails(&self, instead: impl Fn(usize) -> Indicator) -> bool {
        self.parts.iter().enumerate().any(|(number, part)| {
            let changed = Program { indicators: vec![instead(number)], ..part.clone() };
            part.tests.iter().any(|test| trial::fails(&changed, test))
        })
    }

    /// What the conditions were that have places in these indicators.
    pub(super) fn seen(&self, instead: impl Fn(usize) -> Indicator) -> Result<Seen, String> {
        let mut seen = Seen::default();
        for (number, part) in self.parts.iter().enumerate() {
            let watched = Program { indicators: vec![instead(number)], ..part.clone() };
            for test in &part.tests {
                seen.add(&trial::seen(&watched, test)?);
            }
        }
        Ok(seen)
    }
}

/// What the tests of one indicator need.
fn part(of: &Program, indicator: &Indicator, tests: &[&Test]) -> Program {
    Program {
        model: of.model.clone(),
        rules: of.rules.clone(),
        breakdowns: of.breakdowns.clone(),
        indicators: vec![indicator.clone()],
        tests: tests.iter().map(|test| Test { indicator: 0, ..(*test).clone() }).collect(),
        ..Program::default()
    }
}
