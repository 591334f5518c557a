//! Runs one `test` block: its drawn rows through the same rooms that case data goes through.

use super::case_table::word;
use crate::calendar::Window;
use crate::data;
use crate::ir::{Expect, ExpectKind, Indicator, Outcome, Program, Test};
use crate::run::entity::UNASSIGNED;
use crate::run::{self, Case, Counts, Settings};
use crate::scorecard::Directory;
use crate::source::Span;
use crate::store::Store;
use std::collections::BTreeMap;

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
        directory: run::directory(&program.model, &store, test.as_of),
        store,
        counts: BTreeMap::new(),
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
    directory: Directory,
    /// Of the whole, by window; only windows that can be reported.
    counts: BTreeMap<Window, Counts>,
    /// By window, for the windows whose rows are asked for.
    cases: BTreeMap<Window, Vec<Case>>,
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
        let measured = run::measure(
            self.program,
            &[indicator],
            &self.store,
            self.test.as_of,
            std::slice::from_ref(&windows),
            Settings::default(),
            &mut |_| {},
        )
        .map_err(|e| e.to_string())?;
        self.counts = windows.iter().map(|w| (*w, Counts::default())).collect();
        for part in measured.iter().flat_map(|m| &m.parts) {
            if let Some(counts) = windows.get(part.window).and_then(|w| self.counts.get_mut(w)) {
                counts.add(&part.counts);
            }
        }
        Ok(())
    }

    fn miss(&mut self, expect: &Expect) -> Result<Option<Miss>, String> {
        let (expected, found) = match &expect.kind {
            ExpectKind::Counts { met, of, undetermined, excluded } => {
                let found = self.counts.get(&expect.window);
                let holds = found.is_some_and(|c| {
                    c.met == *met
                        && c.denominator == *of
                        && undetermined.is_none_or(|n| n == c.undetermined)
                        && excluded.is_none_or(|n| n == c.excluded_total())
                });
                if holds {
                    return Ok(None);
                }
                let found = found.map_or_else(
                    || "not observable".to_owned(),
                    |c| counted(c.met, c.denominator, Some(c.undetermined), Some(c.excluded_total())),
                );
                (counted(*met, *of, *undetermined, *excluded), found)
            }
            ExpectKind::NotObservable => match self.counts.get(&expect.window) {
                None => return Ok(None),
                Some(c) => (
                    "not observable".to_owned(),
                    counted(c.met, c.denominator, Some(c.undetermined), Some(c.excluded_total())),
                ),
            },
            ExpectKind::Row { id, outcome, held_by } => {
                let expected = row(id, outcome, held_by.as_deref());
                let found = self.found(expect.window, id)?;
                match found {
                    Some((is, by)) if same(outcome, &is) && held_by.as_ref().is_none_or(|h| *h == by) => {
                        return Ok(None);
                    }
                    Some((is, by)) => (expected, row(id, &is, held_by.as_ref().map(|_| by.as_str()))),
                    None => (expected, "not observable".to_owned()),
                }
            }
        };
        let window = format!("window ending {}: ", expect.window.last_day());
        Ok(Some(Miss { span: expect.span, expected: window + &expected, found }))
    }

    /// What became of a row and who holds it; `None` when the window's outcomes are not known.
    fn found(&mut self, window: Window, id: &str) -> Result<Option<(Outcome, String)>, String> {
        if !self.indicator.reportable(window, self.test.as_of) {
            return Ok(None);
        }
        if !self.cases.contains_key(&window) {
            let cases = run::cases(
                self.program,
                self.test.indicator,
                &self.store,
                self.test.as_of,
                window,
                Settings::default(),
            );
            self.cases.insert(window, cases.map_err(|e| e.to_string())?);
        }
        let case = self.cases.get(&window).and_then(|cases| cases.iter().find(|c| c.id == id));
        let nobody = || UNASSIGNED.to_owned();
        Ok(Some(match case {
            None => (Outcome::NotCounted, nobody()),
            Some(case) => {
                let level = self.indicator.attribution.level;
                let entity = level.checked_sub(1).and_then(|below| case.entities.get(below).copied().flatten());
                let holder = self.directory.holder(level, entity).and_then(|e| self.directory.entities.get(e));
                (case.outcome.clone(), holder.map_or_else(nobody, |e| e.id.clone()))
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

fn counted(met: u64, of: u64, undetermined: Option<u64>, excluded: Option<u64>) -> String {
    let mut text = format!("{met} of {of}");
    for (count, word) in [(undetermined, "undetermined"), (excluded, "excluded")] {
        if let Some(count) = count {
            text += &format!(", {count} {word}");
        }
    }
    text
}

fn row(id: &str, outcome: &Outcome, held_by: Option<&str>) -> String {
    let reason = match outcome {
        Outcome::Excluded(Some(reason)) => format!(" \"{reason}\""),
        Outcome::Excluded(None) | Outcome::Met | Outcome::Unmet | Outcome::Undetermined | Outcome::NotCounted => {
            String::new()
        }
    };
    let held = held_by.map(|h| format!(" held by {h}")).unwrap_or_default();
    format!("{id} {}{reason}{held}", word(outcome))
}
