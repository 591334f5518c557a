//! The tests, and what they show of the definitions.

use super::{Arguments, World};
use crate::cli::failure::Failure;
use crate::cli::test::coverage::{self, Covered};
use crate::cli::test::marks;
use crate::cli::test::mutate::{self, Counts, Fate};
use crate::cli::test::{self, Outcome};
use crate::cli::trial::By;
use crate::report::catalog::{Code, Piece, Shown, Test};
use crate::trial::{self, Parts};
use std::collections::BTreeMap;

/// What came of the tests.
pub(super) struct Tried<'p> {
    tests: Vec<Parts<'p>>,
    outcomes: Vec<Outcome>,
    /// What the tests show, by the id of the indicator; nothing where one does not hold.
    covered: BTreeMap<String, Covered>,
    /// How many changes are noticed, by the id of the indicator; nothing where none were tried.
    counts: BTreeMap<String, Counts>,
    /// The changes that no test notices: the indicator, the place, the text before and after.
    unnoticed: Vec<(String, (String, String, String))>,
}

/// Runs all tests, and tries what they show. A change is noticed by any test that fails: where one
/// does not hold as it is, nothing can be said.
pub(super) fn tried<'p>(world: &World<'p>, arguments: &Arguments) -> Result<Tried<'p>, Failure> {
    let (program, threads) = (world.program, arguments.threads.number);
    let tests = trial::tests(program, |_, _| true);
    let outcomes = test::run_all(&tests, By::Interpreter, threads);
    let mut tried = Tried { tests, outcomes, covered: BTreeMap::new(), counts: BTreeMap::new(), unnoticed: Vec::new() };
    if !tried.all_hold() {
        return Ok(tried);
    }
    let covered = coverage::of_all(program, None, threads)?;
    tried.covered = covered.into_iter().map(|of| (of.id.clone(), of)).collect();
    if !arguments.no_mutants {
        let (judged, counts) = mutate::of_all(world.sources, program, None, threads);
        let unnoticed = judged.into_iter().filter(|(_, fate)| *fate == Fate::Survived);
        tried.unnoticed = unnoticed.map(|(of, _)| (of.indicator.clone(), mutate::shown(world.sources, &of))).collect();
        tried.counts = counts;
    }
    Ok(tried)
}

impl Tried<'_> {
    fn all_hold(&self) -> bool {
        self.outcomes.iter().all(|outcome| matches!(outcome, Ok(misses) if misses.is_empty()))
    }

    /// The tests of an indicator, in the order of their texts.
    pub(super) fn tests(&self, world: &World, id: &str) -> Vec<Test> {
        let all = self.tests.iter().zip(&self.outcomes);
        let of_it = all.filter_map(|(parts, outcome)| {
            let (program, test) = parts.first()?;
            let is_of_it = program.indicators.get(test.indicator).is_some_and(|of| of.id == id);
            is_of_it.then_some((test, outcome))
        });
        let misses = |outcome: &Outcome| match outcome {
            Ok(misses) => misses.iter().map(|miss| (miss.expected.clone(), miss.found.clone())).collect(),
            Err(why) => vec![("that the test can be run".to_owned(), why.clone())],
        };
        let one = |(test, outcome): (&&crate::ir::Test, &Outcome)| Test {
            title: test.title.clone(),
            text: world.code(test.span),
            misses: misses(outcome),
        };
        of_it.map(one).collect()
    }

    /// What they show of its clauses; nothing where a test of these definitions does not hold.
    pub(super) fn shown(&self, world: &World, id: &str) -> Option<Shown> {
        let of = self.covered.get(id)?;
        let unnoticed = self.unnoticed.iter().filter(|(indicator, _)| indicator == id);
        Some(Shown {
            coverage: coverage::share(of.coverage.reached(), of.coverage.goals()),
            marks: marked(world, of),
            missing: coverage::not_shown(world.sources, of),
            noticed: self.counts.get(id).map(|counts| coverage::share(counts.noticed, counts.all())),
            unnoticed: unnoticed.map(|(_, shown)| shown.clone()).collect(),
        })
    }
}

/// The lines of the clauses with marks under them, by the files in which they stand.
fn marked(world: &World, of: &Covered) -> Vec<Code> {
    let plain = |text: String| Piece { text, class: None, page: None };
    let of_file = marks::lines(world.sources, &of.coverage).into_iter().map(|(file, lines)| {
        let mut pieces = Vec::new();
        for line in lines {
            pieces.push(plain(format!("{:>4}  ", line.number)));
            pieces.extend(line.pieces.into_iter().map(|(tone, text)| Piece { text, class: tone.class(), page: None }));
            let marks = line.marks.iter().map(|marks| format!("\n      {marks}")).collect::<String>();
            pieces.push(plain(marks + "\n"));
        }
        Code { place: file.path.display().to_string(), pieces }
    });
    of_file.collect()
}
