//! Runs one `test` block: its drawn rows through the same rooms that case data goes through.

use super::case_table::word;
use crate::calendar::Window;
use crate::data;
use crate::hierarchy::UNASSIGNED;
use crate::ir::{Expect, ExpectKind, Figures as Wanted, First, Indicator, Outcome, Program, Test};
use crate::run::{self, Case, Settings};
use crate::scorecard::Hierarchy;
use crate::scorecard::band::Share;
use crate::scorecard::figures::{Figures, figures};
use crate::scorecard::rollup::Totals;
use crate::scratch::Scratch;
use crate::source::Span;
use crate::store::Store;
use std::collections::BTreeMap;
use std::ops::ControlFlow;

/// A test's rows are no work for several threads: several tests are run at once.
static ALONE: Settings = Settings { threads: Some(1), scratch: Scratch::MEMORY, slices: None };

/// Rows without a value, as a test says it.
const NOT_ESTIMABLE: &str = "not estimable";

/// What a window came to.
struct Found {
    figures: Figures,
    undetermined: u64,
    excluded: u64,
    unsure: u64,
    provisional: bool,
}

/// An expectation that does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Miss {
    /// Where it stands.
    pub(super) span: Span,
    /// What the test says.
    pub(super) expected: String,
    /// What was found.
    pub(super) found: String,
}

/// The expectations that do not hold; or why the test cannot be run at all.
pub(super) fn run(program: &Program, test: &Test) -> Result<Vec<Miss>, String> {
    let store = data::drawn(&program.model, test).map_err(|problem| match &problem.help {
        Some(help) => format!("{problem} ({help})"),
        None => problem.to_string(),
    })?;
    let mut trial = Trial {
        program,
        test,
        indicator: &program.indicators[test.indicator],
        hierarchy: run::hierarchy(&program.model, &store, test.as_of),
        store,
        found: BTreeMap::new(),
        cases: BTreeMap::new(),
    };
    trial.measure()?;
    let mut misses = Vec::new();
    for expect in &test.expects {
        misses.extend(trial.miss(expect)?);
    }
    Ok(misses)
}

struct Trial<'a> {
    program: &'a Program,
    test: &'a Test,
    indicator: &'a Indicator,
    store: Store,
    hierarchy: Hierarchy,
    /// By window and entity, of what the test names; only windows that can be reported.
    found: BTreeMap<(Window, usize), Found>,
    /// By window and level, for those whose rows are asked for.
    cases: BTreeMap<(Window, usize), Vec<Case>>,
}

impl Trial<'_> {
    /// Counts every window that the test names, in one run.
    fn measure(&mut self) -> Result<(), String> {
        let reportable = |e: &&Expect| self.indicator.reportable(e.window, self.test.as_of);
        let windows: Vec<_> = {
            let all: std::collections::BTreeSet<_> =
                self.test.expects.iter().filter(reportable).map(|e| e.window).collect();
            all.into_iter().collect()
        };
        if windows.is_empty() {
            return Ok(());
        }
        let indicator = self.test.indicator;
        let mut measured = Vec::new();
        run::measure(
            self.program,
            &[indicator],
            &self.store,
            self.test.as_of,
            std::slice::from_ref(&windows),
            &ALONE,
            &mut |one, _| {
                measured.push(one);
                ControlFlow::Continue(())
            },
        )
        .map_err(|e| e.to_string())?;
        for measured in &measured {
            let totals = Totals::of(measured, &self.hierarchy);
            for expect in &self.test.expects {
                let Some(number) = windows.iter().position(|w| *w == expect.window) else { continue };
                let entity = self.entity(expect)?;
                let total = totals.total(entity, number);
                let found = Found {
                    figures: figures(&self.indicator.measure, total, expect.window),
                    undetermined: total.counts.undetermined,
                    excluded: total.counts.excluded_total(),
                    unsure: total.counts.unsure(),
                    provisional: self.indicator.is_provisional(expect.window, self.test.as_of),
                };
                self.found.insert((expect.window, entity), found);
            }
        }
        Ok(())
    }

    /// Whose rows an expectation speaks of.
    fn entity(&self, expect: &Expect) -> Result<usize, String> {
        let Some((level, id)) = &expect.of else { return Ok(0) };
        self.hierarchy.find_at(*level, id).ok_or_else(|| {
            let name = self.hierarchy.levels.get(*level).map_or("", String::as_str);
            format!("no row of the test draws or names the {name} `{id}`")
        })
    }

    fn miss(&mut self, expect: &Expect) -> Result<Option<Miss>, String> {
        let (expected, found) = match &expect.kind {
            ExpectKind::Figures(wanted) => {
                let found = self.found.get(&(expect.window, self.entity(expect)?));
                if found.is_some_and(|found| found.is(wanted)) {
                    return Ok(None);
                }
                let (first, value) = match wanted.first {
                    First::Above(figure) => (figure.to_string(), false),
                    First::Value(figure) => (format!("value {figure}"), true),
                    First::NotEstimable => (NOT_ESTIMABLE.to_owned(), true),
                };
                let told = found.map_or_else(|| "not observable".to_owned(), |found| found.told(value));
                let others = [wanted.undetermined, wanted.excluded, wanted.unsure];
                (said(&first, Some(wanted.of), others, wanted.provisional), told)
            }
            ExpectKind::NotObservable => match self.found.get(&(expect.window, self.entity(expect)?)) {
                None => return Ok(None),
                Some(found) => {
                    let value = !self.indicator.measure.is_additive();
                    ("not observable".to_owned(), found.told(value))
                }
            },
            ExpectKind::Row { id, outcome, held_by } => {
                let expected = row(id, outcome, held_by.as_deref());
                let found = self.found(expect, id)?;
                match found {
                    Some((is, by))
                        if is.iter().any(|is| same(outcome, is)) && held_by.as_ref().is_none_or(|h| *h == by) =>
                    {
                        return Ok(None);
                    }
                    Some((is, by)) => {
                        let held_by = held_by.as_ref().map(|_| by.as_str());
                        let all: Vec<String> = is.iter().map(|is| row(id, is, held_by)).collect();
                        (expected, all.join(" and "))
                    }
                    None => (expected, "not observable".to_owned()),
                }
            }
        };
        let level = |of: &(usize, String)| self.hierarchy.levels.get(of.0).cloned().unwrap_or_default();
        let of = expect.of.as_ref().map(|of| format!(" in {} {}", level(of), of.1)).unwrap_or_default();
        let place = format!("window ending {}{of}: ", expect.window.last_day());
        Ok(Some(Miss { span: expect.span, expected: place + &expected, found }))
    }

    /// What became of a row (and that it is unsure besides) and who holds it; `None` when the
    /// window's outcomes are not known.
    fn found(&mut self, expect: &Expect, id: &str) -> Result<Option<(Vec<Outcome>, String)>, String> {
        let (window, entity) = (expect.window, self.entity(expect)?);
        if !self.indicator.reportable(window, self.test.as_of) {
            return Ok(None);
        }
        let asked = (window, self.hierarchy.entities.get(entity).map_or(0, |e| e.level));
        if !self.cases.contains_key(&asked) {
            let cases =
                run::cases(self.program, self.test.indicator, &self.store, self.test.as_of, window, asked.1, &ALONE);
            self.cases.insert(asked, cases.map_err(|e| e.to_string())?);
        }
        let of_entity = |c: &&Case| c.id == id && self.hierarchy.holds(entity, &c.entities);
        let case = self.cases.get(&asked).and_then(|cases| cases.iter().find(of_entity));
        let nobody = || UNASSIGNED.to_owned();
        Ok(Some(match case {
            None => (vec![Outcome::NotCounted], nobody()),
            Some(case) => {
                let holder = self.hierarchy.holder_of(self.indicator.attribution.level, &case.entities);
                let holder = holder.and_then(|e| self.hierarchy.entities.get(e));
                let besides = (case.unsure && case.outcome != Outcome::Unsure).then_some(Outcome::Unsure);
                let outcomes = std::iter::once(case.outcome.clone()).chain(besides).collect();
                (outcomes, holder.map_or_else(nobody, |e| e.id.clone()))
            }
        }))
    }
}

/// Whether a row's outcome is the one expected; a reason counts only when the test gives one.
fn same(expected: &Outcome, found: &Outcome) -> bool {
    match (expected, found) {
        (Outcome::Excluded(None), Outcome::Excluded(_)) => true,
        (expected, found) => expected == found,
    }
}

impl Found {
    fn is(&self, wanted: &Wanted) -> bool {
        // The figures of a test are written with as few decimals as their author likes.
        let same = |found: Option<f64>, wanted: f64| found.is_some_and(|f| (f - wanted).abs() <= written_to(wanted));
        let first = match wanted.first {
            First::Above(figure) => same(self.figures.numerator, figure),
            First::Value(figure) => same(self.figures.value.map(Share::figure), figure),
            First::NotEstimable => self.figures.is_not_estimable(),
        };
        first
            && same(self.figures.denominator, wanted.of)
            && wanted.undetermined.is_none_or(|n| n == self.undetermined)
            && wanted.excluded.is_none_or(|n| n == self.excluded)
            && wanted.unsure.is_none_or(|n| n == self.unsure)
            && (self.provisional || !wanted.provisional)
    }

    fn told(&self, value: bool) -> String {
        let figures = &self.figures;
        let figure = |figure: Option<f64>| figure.map_or_else(|| "none".to_owned(), |f| f.to_string());
        let first = match value {
            false => figure(figures.numerator),
            true if figures.is_not_estimable() => NOT_ESTIMABLE.to_owned(),
            true => format!("value {}", figure(figures.value.map(Share::figure))),
        };
        // Unsure rows are few, and most authors do not think of them: none are not spoken of.
        let unsure = Some(self.unsure).filter(|n| *n > 0);
        said(&first, figures.denominator, [Some(self.undetermined), Some(self.excluded), unsure], self.provisional)
    }
}

/// Half of the last decimal that a figure was written with; nothing for a whole number.
fn written_to(figure: f64) -> f64 {
    match figure.to_string().split_once('.') {
        Some((_, decimals)) => 0.5 * 10_f64.powi(-i32::try_from(decimals.len()).unwrap_or(i32::MAX)),
        None => 0.0,
    }
}

fn said(first: &str, of: Option<f64>, others: [Option<u64>; 3], provisional: bool) -> String {
    let mut text = format!("{first} of {}", of.unwrap_or(0.0));
    for (count, word) in others.into_iter().zip(["undetermined", "excluded", "unsure"]) {
        if let Some(count) = count {
            text += &format!(", {count} {word}");
        }
    }
    if provisional { text + ", provisional" } else { text }
}

fn row(id: &str, outcome: &Outcome, held_by: Option<&str>) -> String {
    let reason = match outcome {
        Outcome::Excluded(Some(reason)) => format!(" \"{reason}\""),
        Outcome::Excluded(None)
        | Outcome::Met
        | Outcome::Unmet
        | Outcome::Counted
        | Outcome::Undetermined
        | Outcome::Unsure
        | Outcome::Unread
        | Outcome::NotCounted => String::new(),
    };
    let held = held_by.map(|h| format!(" held by {h}")).unwrap_or_default();
    format!("{id} {}{reason}{held}", word(outcome))
}
