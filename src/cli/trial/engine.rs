//! The rows of a test by the engine: through the same rooms that case data goes through.

use crate::calendar::Window;
use crate::data;
use crate::elsewhere::{self, Hold};
use crate::hierarchy::UNASSIGNED;
use crate::ir::{Indicator, Program, Target, Test};
use crate::model::Targets;
use crate::run::{self, Case, Settings};
use crate::scorecard::Hierarchy;
use crate::scorecard::rollup::{Total, Totals};
use crate::scratch::Scratch;
use crate::store::Store;
use crate::trial::{Asked, Became, Entity, Rows, no_such_entity};
use chrono::NaiveDate;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

/// A test's rows are no work for several threads: several tests are run at once.
static ALONE: Settings = Settings { threads: Some(1), scratch: Scratch::MEMORY, slices: None, parts: None };

/// The rows of a test in the engine.
pub(super) struct Engine<'a> {
    program: &'a Program,
    test: &'a Test,
    store: Store,
    hierarchy: Hierarchy,
    /// The windows that the test names and that can be reported, oldest first.
    windows: Vec<Window>,
    /// What the rows come to in these, of each group that is asked about.
    totals: BTreeMap<Option<usize>, Totals>,
    /// By window and level, for those whose rows are asked for.
    cases: BTreeMap<(Window, usize), Vec<Case>>,
}

impl<'a> Engine<'a> {
    /// # Errors
    /// When a drawn row breaks the model.
    pub(super) fn new(program: &'a Program, test: &'a Test) -> Result<Self, String> {
        let store = data::drawn(&program.model, test).map_err(|problem| match &problem.help {
            Some(help) => format!("{problem} ({help})"),
            None => problem.to_string(),
        })?;
        let hierarchy = run::hierarchy(&program.model, &store, test.as_of);
        let indicator = &program.indicators[test.indicator];
        let windows = test.expects.iter().map(|e| e.window).filter(|w| indicator.reportable(*w, test.as_of));
        let windows: BTreeSet<Window> = windows.collect();
        let windows = windows.into_iter().collect();
        Ok(Self { program, test, store, hierarchy, windows, totals: BTreeMap::new(), cases: BTreeMap::new() })
    }

    fn indicator(&self) -> &'a Indicator {
        &self.program.indicators[self.test.indicator]
    }

    /// Counts all windows in one run, of all rows or of one group.
    fn measure(&self, group: Option<usize>) -> Result<Totals, String> {
        let mut totals = None;
        run::measure(
            self.program,
            &[self.test.indicator],
            &self.store,
            self.test.as_of,
            std::slice::from_ref(&self.windows),
            &ALONE,
            &mut |one, _| {
                totals = Some(match group {
                    None => Totals::of(&one, &self.hierarchy),
                    Some(group) => Totals::of_group(&one, &self.hierarchy, group),
                });
                ControlFlow::Continue(())
            },
        )
        .map_err(|e| e.to_string())?;
        totals.ok_or_else(|| "internal error: the engine measured nothing".to_owned())
    }

    /// The number of an entity in the hierarchy.
    fn entity(&self, of: Entity) -> Result<usize, String> {
        let Some((level, id)) = of else { return Ok(0) };
        self.hierarchy.find_at(*level, id).ok_or_else(|| no_such_entity(self.program, *level, id))
    }

    fn cases(&mut self, window: Window, level: usize) -> Result<&[Case], String> {
        if !self.cases.contains_key(&(window, level)) {
            let (number, as_of) = (self.test.indicator, self.test.as_of);
            let cases = run::cases(self.program, number, &self.store, as_of, window, level, &ALONE);
            self.cases.insert((window, level), cases.map_err(|e| e.to_string())?);
        }
        Ok(self.cases.get(&(window, level)).map_or(&[], Vec::as_slice))
    }
}

impl Rows for Engine<'_> {
    fn total(&mut self, asked: Asked) -> Result<Total, String> {
        let entity = self.entity(asked.of)?;
        if !self.totals.contains_key(&asked.group) {
            let totals = self.measure(asked.group)?;
            self.totals.insert(asked.group, totals);
        }
        let number = self.windows.iter().position(|known| *known == asked.window);
        let total =
            self.totals.get(&asked.group).zip(number).map(|(totals, number)| totals.total(entity, number).clone());
        total.ok_or_else(|| "internal error: a window was not measured".to_owned())
    }

    fn target(&mut self, targets: Targets, of: Entity, day: NaiveDate) -> Result<Target, String> {
        let entity = self.entity(of)?;
        let row = self.hierarchy.entities.get(entity).and_then(|e| e.row);
        Ok(self.hierarchy.targets().target(targets, row, day))
    }

    fn row(&mut self, asked: Asked, id: &str) -> Result<Option<Became>, String> {
        let entity = self.entity(asked.of)?;
        let level = self.hierarchy.entities.get(entity).map_or(0, |e| e.level);
        let cases = self.cases(asked.window, level)?.to_vec();
        let of_group = |case: &Case| asked.group.is_none_or(|group| case.group == group);
        let hold = |case: &Case| elsewhere::hold_of(&self.hierarchy, entity, case);
        let case = cases.into_iter().filter(|case| case.id == id && of_group(case));
        let case = case.filter_map(|case| Some((hold(&case)?, case))).next();
        let became = |(hold, case): (Hold, Case)| {
            let holder = self.hierarchy.holder_of(self.indicator().attribution.level, &case.entities);
            let holder = holder.and_then(|e| self.hierarchy.entities.get(e));
            let held_by = holder.map_or_else(|| UNASSIGNED.to_owned(), |e| e.id.clone());
            let seen = elsewhere::seen(self.indicator(), case.outcome, case.unsure, hold);
            seen.map(|(outcome, unsure)| Became { outcome, unsure, held_by })
        };
        Ok(case.and_then(became))
    }

    fn clauses(&mut self, _: Asked, _: &str) -> Result<Vec<String>, String> {
        Ok(Vec::new())
    }
}
